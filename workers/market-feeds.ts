import type { WishesUpkeep } from '../domain/ports/listing-matcher.ts';
import type { LocationStore } from '../domain/ports/locations.ts';
import type { Log } from '../domain/ports/log.ts';
import { catchUpWishes } from '../platform/catch-up.ts';
import { repeated, type Repeated } from './repeated.ts';

export interface MarketFeedsDeps {
  readonly locations: Pick<LocationStore, 'list'>;
  readonly markets: {
    /** Brings a location's schedules to what its settings say; false when one was left out. Errors: STORE_AWAY, TEMPORAL_UNAVAILABLE. */
    follow(locationId: string): Promise<boolean>;
    /** Every public file of figures that the deployment names has its schedule. Errors: TEMPORAL_UNAVAILABLE. */
    followFiles(): Promise<void>;
  };
  readonly wishes: WishesUpkeep;
  readonly log: Log;
}

const AGAIN_MS = 60_000;
const SOON_MS = 5_000;

/**
 * Every feed has its schedule, whoever changed the settings that name it, and a Temporal that lost its store costs nothing. Settings that are
 * changed by the API are followed at once.
 * @param againMs  pause between two looks
 */
export function startMarketFeeds(deps: MarketFeedsDeps, { againMs = AGAIN_MS } = {}): Repeated {
  const followed = new Map<string, string>();
  const leftOut = new Set<string>();
  const caughtUp = new Set<string>();
  const look = async (signal: AbortSignal): Promise<void> => {
    // Each time: a process that does not know a file any more ends its schedule for all.
    await deps.markets.followFiles();
    await followAll(deps, { followed, leftOut }, signal);
    await catchUpAll(deps, { followed, caughtUp }, signal);
  };
  return repeated(look, {
    ...{ againMs, soonMs: SOON_MS },
    failed: (error) =>
      deps.log.warn({ err: error }, 'not every feed has its schedule and its leads their wishes; tried again soon'),
  });
}

/**
 * Schedules are written when this process has not seen these choices yet, also where nothing is chosen: a name may still be taken. A feed
 * that is gone ends by itself should this be missed. Whose name another location has is asked for again: that one may have just given it free.
 */
async function followAll(
  deps: MarketFeedsDeps,
  { followed, leftOut }: { readonly followed: Map<string, string>; readonly leftOut: Set<string> },
  signal: AbortSignal,
): Promise<void> {
  for (const { locationId, status, settings } of await deps.locations.list()) {
    if (signal.aborted) return;
    const choices = JSON.stringify(status === 'uninstalled' ? [] : settings.market.feeds);
    if (followed.get(locationId) === choices && !leftOut.has(locationId)) continue;
    if (await deps.markets.follow(locationId)) leftOut.delete(locationId);
    else leftOut.add(locationId);
    followed.set(locationId, choices);
  }
}

/** Who was a lead before its location had a feed is looked for as well: once per process, since whoever comes later is kept by its decisions. */
async function catchUpAll(
  { wishes, log }: MarketFeedsDeps,
  { followed, caughtUp }: { readonly followed: ReadonlyMap<string, string>; readonly caughtUp: Set<string> },
  signal: AbortSignal,
): Promise<void> {
  for (const [locationId, choices] of followed) {
    if (signal.aborted) return;
    if (choices === '[]' || caughtUp.has(locationId)) continue;
    const { next, ...sum } = await catchUpWishes(wishes, locationId, null, () => !signal.aborted);
    if (next !== null) return;
    caughtUp.add(locationId);
    log.info({ locationId, ...sum }, 'wishes of leads caught up with');
  }
}
