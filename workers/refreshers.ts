import type { CredentialStore, TokenRefresher } from '../domain/ports/credentials.ts';
import type { Location } from '../domain/leads/settings.ts';
import type { LocationStore } from '../domain/ports/locations.ts';
import type { Log } from '../domain/ports/log.ts';
import type { TokenHolder } from '../domain/ports/tokens.ts';
import { type Repeated, repeated } from './repeated.ts';

interface RefresherDeps {
  readonly credentials: Pick<CredentialStore, 'list'>;
  readonly locations: Pick<LocationStore, 'list'>;
  readonly refresher: TokenRefresher;
  readonly log: Log;
  readonly now: () => Date;
}

const AGAIN_MS = 10 * 60_000;
const RETRY_MS = 15_000;

/**
 * At the start every holder of an OAuth pair gets its refresher, and so does every location that waits for a token or to be taken back: a
 * Temporal that lost its store costs nothing. Later looks tell of those that wait since the look before, since whoever parked one may have
 * died before it could. No others: news makes a refresher that runs begin its hour anew.
 */
export function startRefreshers(deps: RefresherDeps, { againMs = AGAIN_MS }: { againMs?: number } = {}): Repeated {
  let lookedAt: number | undefined;
  async function look(signal: AbortSignal): Promise<void> {
    const began = deps.now().getTime();
    // Clocks of processes differ; told twice does no harm.
    for (const holder of await holders(deps, lookedAt === undefined ? undefined : lookedAt - againMs)) {
      if (signal.aborted) return;
      await deps.refresher.tell(holder, null);
    }
    lookedAt = began;
  }
  return repeated(look, {
    ...{ againMs, soonMs: RETRY_MS },
    failed: (error) => deps.log.warn({ err: error }, 'not every refresher of tokens was started; tried again soon'),
  });
}

/** @param since  only those that wait since then; undefined: all, and the holders of pairs */
async function holders({ credentials, locations }: RefresherDeps, since: number | undefined): Promise<TokenHolder[]> {
  const waiting = (await locations.list())
    .filter((location) => waits(location, since ?? 0))
    .map(({ locationId }) => ({ kind: 'location', id: locationId }) as const);
  if (since !== undefined) return waiting;
  const pairs = (await credentials.list())
    .filter(({ kind, held }) => kind === 'oauth' && held)
    .map(({ holder }) => holder);
  const known = new Set(pairs.map(({ kind, id }) => `${kind} ${id}`));
  return [...pairs, ...waiting.filter(({ kind, id }) => !known.has(`${kind} ${id}`))];
}

/** Those that somebody takes back by asking the CRM; whose token was refused wait for a person. */
function waits({ parked, status }: Location, since: number): boolean {
  if (parked === null || status === 'uninstalled' || Date.parse(parked.since) < since) return false;
  return parked.reason === 'awaiting-token' || parked.reason === 'location-inactive';
}
