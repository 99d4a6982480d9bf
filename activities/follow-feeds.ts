import { feedName, type FeedRef } from '../domain/market/feed.ts';
import type { FeedChoice } from '../domain/leads/settings-market.ts';
import { isAppError } from '../domain/errors.ts';
import type { LocationStore } from '../domain/ports/locations.ts';
import type { Log } from '../domain/ports/log.ts';
import type { MarketRuns } from '../domain/ports/market-runs.ts';
import type { MarketStore } from '../domain/ports/market-store.ts';

export interface FollowDeps {
  readonly locations: Pick<LocationStore, 'get'>;
  readonly store: Pick<MarketStore, 'known' | 'open' | 'release'>;
  readonly runs: Pick<MarketRuns, 'begin' | 'end'>;
  readonly log: Log;
}

/** Takes the names of feeds for a location before its settings say so. Errors: MARKET_TAKEN by another location, STORE_AWAY. */
export async function claimFeeds(
  { store }: { readonly store: Pick<MarketStore, 'claim'> },
  locationId: string,
  feeds: readonly FeedChoice[],
): Promise<void> {
  for (const { provider, market } of feeds) await store.claim({ locationId, provider, market });
}

/**
 * Brings a location's schedules to what its settings say: each feed has one, and what is no longer chosen has none and gives its name free.
 * Safe at any time. A feed whose name another location has is told of and left out. Errors: STORE_AWAY, TEMPORAL_UNAVAILABLE.
 * @param told  feeds that were told of: while a name is another's that is said once
 * @returns false when one was left out: its name may become free
 */
export async function followFeeds(deps: FollowDeps, locationId: string, told = new Set<string>()): Promise<boolean> {
  const { locations, store, runs, log } = deps;
  const location = await locations.get(locationId);
  const isOurs = location !== undefined && location.status !== 'uninstalled';
  const chosen = isOurs ? location.settings.market.feeds : [];
  for (const feed of await store.known(locationId)) {
    if (chosen.some((choice) => isSame(choice, feed))) continue;
    await runs.end(feed);
    await store.release(feed);
  }
  let all = true;
  for (const { provider, market, pollMinutes } of chosen) {
    const feed: FeedRef = { locationId, provider, market };
    const name = feedName(feed);
    try {
      await store.open(feed);
    } catch (error) {
      if (!isAppError(error) || error.code !== 'MARKET_TAKEN') throw error;
      const level = told.has(name) ? 'debug' : 'error';
      told.add(name);
      log[level]({ err: error, ...feed }, 'a feed is not replicated: another location has one of this name');
      all = false;
      continue;
    }
    told.delete(name);
    await runs.begin(feed, pollMinutes);
  }
  return all;
}

const isSame = (one: Pick<FeedRef, 'provider' | 'market'>, other: FeedRef): boolean =>
  one.provider === other.provider && one.market === other.market;
