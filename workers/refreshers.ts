import { setTimeout as delay } from 'node:timers/promises';
import type { CredentialStore, TokenRefresher } from '../domain/ports/credentials.ts';
import type { LocationStore } from '../domain/ports/locations.ts';
import type { Log } from '../domain/ports/log.ts';
import type { TokenHolder } from '../domain/ports/tokens.ts';

interface RefresherDeps {
  readonly credentials: Pick<CredentialStore, 'list'>;
  readonly locations: Pick<LocationStore, 'list'>;
  readonly refresher: TokenRefresher;
  readonly log: Log;
}

const RETRY_MS = 15_000;

/**
 * At the start every holder of an OAuth pair gets its refresher, and so does every location that waits for a token: a Temporal that
 * lost its store costs nothing. Telling one that runs is harmless. Tried until it worked.
 */
export function startRefreshers(deps: RefresherDeps): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      try {
        await tellAll(deps, stopping.signal);
        return;
      } catch (error) {
        deps.log.warn({ err: error }, 'not every refresher of tokens was started; tried again soon');
      }
      await delay(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function tellAll(deps: RefresherDeps, signal: AbortSignal): Promise<void> {
  for (const holder of await holders(deps)) {
    if (signal.aborted) return;
    await deps.refresher.tell(holder, null);
  }
}

async function holders({ credentials, locations }: RefresherDeps): Promise<TokenHolder[]> {
  const [standings, all] = await Promise.all([credentials.list(), locations.list()]);
  const pairs = standings.filter(({ kind, held }) => kind === 'oauth' && held).map(({ holder }) => holder);
  const known = new Set(pairs.map(({ kind, id }) => `${kind} ${id}`));
  const waiting = all
    .filter(({ parked, status }) => parked?.reason === 'awaiting-token' && status !== 'uninstalled')
    .map(({ locationId }) => ({ kind: 'location', id: locationId }) as const)
    .filter(({ kind, id }) => !known.has(`${kind} ${id}`));
  return [...pairs, ...waiting];
}
