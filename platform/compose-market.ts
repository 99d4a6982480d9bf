import { withFailures } from '../activities/failures.ts';
import { claimFeeds, followFeeds } from '../activities/follow-feeds.ts';
import { withHeartbeat } from '../activities/heartbeat.ts';
import type { MarketParts } from '../activities/market-deps.ts';
import { createFigureActivities, followFiles } from '../activities/followed-files.ts';
import { createFanOut, type FanOutDeps } from '../activities/market-fan-out.ts';
import { createMarketActivities } from '../activities/market.ts';
import { AppError } from '../domain/errors.ts';
import type { FeedChoice } from '../domain/leads/settings-market.ts';
import { changesOf, openHouseChange, removalOf } from '../domain/market/changes.ts';
import type { MarketFeed } from '../domain/ports/market-feed.ts';
import type { MarketFigureStore } from '../domain/ports/market-figures.ts';
import type { SettingsStore } from '../domain/ports/settings.ts';
import { createFigureFiles } from '../integrations/market-files/open.ts';
import { createFollowedFileStore } from '../integrations/postgres/followed-files.ts';
import { createMarketStore } from '../integrations/postgres/market-store.ts';
import type { Tenants } from '../integrations/postgres/tenants.ts';
import { createFollowedFileRuns } from '../integrations/temporal/figures.ts';
import { createMarketRuns } from '../integrations/temporal/market.ts';
import type { Config } from './config.ts';
import { marketFeedOf } from './market-feed.ts';
import { withFigureStore } from './market-files.ts';

type Given = Omit<MarketParts, 'store' | 'source' | 'runs' | 'walks'> &
  Pick<FanOutDeps, 'alerts' | 'inbox' | 'matcher' | 'mailbox'> & {
    readonly settings: Pick<SettingsStore, 'get'>;
  };

/** Replication of the market: its store, its schedules, its activities, and the feed behind them. */
export function composeMarket(
  {
    config,
    endpoints: { databaseUrl, resoBaseUrl },
  }: {
    readonly config: Pick<Config, 'reso' | 'bench' | 'figures'>;
    /** The database as the product's login. */
    readonly endpoints: { readonly databaseUrl: string; readonly resoBaseUrl?: string | undefined };
  },
  { tenants, temporal }: { readonly tenants: Tenants; readonly temporal: Parameters<typeof createMarketRuns>[0] },
  given: Given,
) {
  const store = createMarketStore(tenants, { changesOf, removalOf, openHouseChange });
  const runs = createMarketRuns(temporal);
  const source = marketFeedOf(config.reso, resoBaseUrl, given) ?? noFeed();
  const deps = { ...given, store, runs };
  const told = new Set<string>();
  const files = {
    ...{ addresses: config.figures, figureFiles: createFigureFiles() },
    ...{ now: given.now, log: given.log, sha256: given.sha256 },
    withFigures: <T>(work: (figures: MarketFigureStore) => Promise<T>) => withFigureStore(databaseUrl, work),
    followed: createFollowedFileStore(tenants.house),
    fileRuns: createFollowedFileRuns(temporal),
  };
  return {
    source,
    store,
    runs,
    /** Before settings are changed. Errors: MARKET_TAKEN. */
    claim: (locationId: string, feeds: readonly FeedChoice[]) => claimFeeds(deps, locationId, feeds),
    /** After settings were changed. Errors: TEMPORAL_UNAVAILABLE, STORE_AWAY; the workers follow by themselves within a minute. */
    follow: (locationId: string) => followFeeds(deps, locationId, told),
    /** Public files of figures. Errors: TEMPORAL_UNAVAILABLE. */
    followFiles: () => followFiles(files),
    files,
    activities: withHeartbeat(
      withFailures(given.log, {
        ...createMarketActivities({ ...deps, source, walks: config.bench.marketWalks }),
        fanOut: createFanOut(given),
        ...createFigureActivities(files),
      }),
    ),
  };
}

/** A location chose a feed that this deployment has no address or credentials of. */
function noFeed(): MarketFeed & { close(): Promise<void> } {
  const refuse = () =>
    Promise.reject(new AppError('FEED_REFUSED', 'expected RESO_BASE_URL with RESO_TOKEN or an OAuth client, got none'));
  return {
    hasEvents: refuse,
    grants: refuse,
    records: refuse,
    events: refuse,
    record: refuse,
    recordsByKey: refuse,
    keys: refuse,
    metadata: refuse,
    close: () => Promise.resolve(),
  };
}
