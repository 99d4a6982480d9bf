import { claimFeeds, followFeeds } from '../../activities/follow-feeds.ts';
import { changesOf, openHouseChange, removalOf } from '../../domain/market/changes.ts';
import type { FeedChoice } from '../../domain/leads/settings-market.ts';
import type { FeedRef } from '../../domain/market/feed.ts';
import type { FigureAddress } from '../../domain/market/followed-files.ts';
import type { MarketRuns } from '../../domain/ports/market-runs.ts';
import { createFollowedFileStore } from '../../integrations/postgres/followed-files.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { createMarketStore } from '../../integrations/postgres/market-store.ts';
import type { Tenants } from '../../integrations/postgres/tenants.ts';
import { testSealing } from './tokens.ts';

export const PUSH_TOKEN = 'token-of-the-pushing-vendor';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** The market as the API has it: a real store, and runs that are written down. */
export function marketSide(tenants: Tenants) {
  const told: { what: keyof MarketRuns; feed: FeedRef }[] = [];
  let isAway = false;
  const tell = (what: keyof MarketRuns) => (feed: FeedRef) => {
    if (isAway) return Promise.reject(new Error('Temporal is away'));
    told.push({ what, feed });
    return Promise.resolve();
  };
  const runs: MarketRuns = {
    begin: tell('begin'),
    end: tell('end'),
    wake: tell('wake'),
    backfill: async (feed) => (await tell('backfill')(feed), true),
  };
  const store = createMarketStore(tenants, { changesOf, removalOf, openHouseChange });
  const deps = { locations: createLocationStore(tenants, testSealing()), store, runs, log: quiet };
  /** Public files that are fetched each day. */
  const addresses: FigureAddress[] = [];
  const files = { addresses, followed: createFollowedFileStore(tenants.house) };
  return {
    told,
    addresses,
    takeAway: (away: boolean) => void (isAway = away),
    markets: {
      store,
      runs,
      claim: (locationId: string, feeds: readonly FeedChoice[]) => claimFeeds(deps, locationId, feeds),
      follow: (locationId: string) => followFeeds(deps, locationId),
      files,
    },
  };
}
