import { setTimeout as delay } from 'node:timers/promises';
import type { WishesPass, WishesUpkeep } from '../domain/ports/listing-matcher.ts';
import type { LocationStore } from '../domain/ports/locations.ts';
import type { Log } from '../domain/ports/log.ts';

export interface MarketFeedsDeps {
  readonly locations: Pick<LocationStore, 'list'>;
  readonly markets: {
    /** Brings a location's schedules to what its settings say. Errors: STORE_AWAY, TEMPORAL_UNAVAILABLE. */
    follow(locationId: string): Promise<void>;
    readonly wishes: WishesUpkeep;
  };
  readonly log: Log;
}

/** Leads whose wishes are looked at in one transaction: their decisions wait so long. */
const WISHES_AT_ONCE = 50;
const AGAIN_MS = 60_000;
const SOON_MS = 5_000;

/**
 * Every feed has its schedule, whoever changed the settings that name it, and a Temporal that lost its store costs nothing. Settings that are
 * changed by the API are followed at once.
 */
export function startMarketFeeds(deps: MarketFeedsDeps): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const followed = new Map<string, string>();
  const caughtUp = new Set<string>();
  const running = (async () => {
    while (!signal.aborted) {
      const pauseMs = await followAll(deps, followed, signal)
        .then(() => catchUpAll(deps, { followed, caughtUp }, signal))
        .then(
          () => AGAIN_MS,
          (error: unknown) => {
            deps.log.warn(
              { err: error },
              'not every feed has its schedule and its leads their wishes; tried again soon',
            );
            return SOON_MS;
          },
        );
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Schedules are written when this process has not seen these choices yet; a feed that is gone ends by itself should this be missed. */
async function followAll(deps: MarketFeedsDeps, followed: Map<string, string>, signal: AbortSignal): Promise<void> {
  for (const { locationId, status, settings } of await deps.locations.list()) {
    if (signal.aborted) return;
    const choices = JSON.stringify(status === 'uninstalled' ? [] : settings.market.feeds);
    if ((followed.get(locationId) ?? '[]') === choices) continue;
    await deps.markets.follow(locationId);
    followed.set(locationId, choices);
  }
}

/** Who was a lead before its location had a feed is looked for as well: once per process, since whoever comes later is kept by its decisions. */
async function catchUpAll(
  { markets, log }: MarketFeedsDeps,
  { followed, caughtUp }: { readonly followed: ReadonlyMap<string, string>; readonly caughtUp: Set<string> },
  signal: AbortSignal,
): Promise<void> {
  for (const [locationId, choices] of followed) {
    if (choices === '[]' || caughtUp.has(locationId)) continue;
    let [leads, stored, matched] = [0, 0, 0];
    let after: string | null = null;
    do {
      if (signal.aborted) return;
      const pass: WishesPass = await markets.wishes.catchUp(locationId, after, WISHES_AT_ONCE);
      [leads, stored, matched] = [leads + pass.leads, stored + pass.stored, matched + pass.matched];
      after = pass.next;
    } while (after !== null);
    caughtUp.add(locationId);
    log.info({ locationId, leads, stored, matched }, 'wishes of leads caught up with');
  }
}
