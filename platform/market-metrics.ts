import { Gauge, type Registry } from 'prom-client';
import { type FeedShown, feedsShown, type Standing, standings } from '../domain/market/standing.ts';
import type { LocationStore } from '../domain/ports/locations.ts';
import type { MarketStatus } from '../domain/ports/market-status.ts';
import { createSharedReading } from './shared-reading.ts';

/** How the feeds of all locations stand, in numbers; NaN is unknown. */
export interface MarketReading {
  readonly feeds: Readonly<Record<Standing, number>>;
  /** Of the feed that is furthest behind; a feed that never answered to the end has none. */
  readonly lagSeconds: number;
  readonly deadLetters: number;
  readonly openDrift: number;
  readonly rowsPerMinute: number;
}

/** Reads how feeds stand, once for many scrapes. */
export function createMarketReading(
  locations: Pick<LocationStore, 'list'>,
  status: Pick<MarketStatus, 'feeds'>,
  now: () => Date = () => new Date(),
): () => Promise<MarketReading> {
  return createSharedReading(
    async () => {
      const at = now().toISOString();
      const feeds: FeedShown[] = [];
      for (const { locationId, settings } of await locations.list()) {
        const chosen = settings.market.feeds;
        if (chosen.length > 0) feeds.push(...feedsShown(locationId, chosen, await status.feeds(locationId, at), at));
      }
      return readingOf(feeds);
    },
    { unknown },
  );
}

const each = (value: (standing: Standing) => number): MarketReading['feeds'] =>
  Object.fromEntries(standings.map((standing) => [standing, value(standing)])) as MarketReading['feeds'];

const NONE = Number.NaN;
const unknown: MarketReading = {
  ...{ feeds: each(() => NONE), lagSeconds: NONE, deadLetters: NONE, openDrift: NONE, rowsPerMinute: NONE },
};

function readingOf(feeds: readonly FeedShown[]): MarketReading {
  const sum = (of: (feed: FeedShown) => number): number => feeds.reduce((total, feed) => total + of(feed), 0);
  const lags = feeds.flatMap(({ lagSeconds, standing }) =>
    lagSeconds === null || standing === 'left' ? [] : lagSeconds,
  );
  return {
    feeds: each((standing) => feeds.filter((feed) => feed.standing === standing).length),
    lagSeconds: lags.length === 0 ? NONE : Math.max(...lags),
    deadLetters: sum(({ deadLetters }) => Object.values(deadLetters).reduce((total, n) => total + n, 0)),
    openDrift: sum(({ drift }) => drift.open),
    rowsPerMinute: sum(({ rowsPerMinute }) => rowsPerMinute),
  };
}

/** Without the location and the market: ids are no labels, and the worst of all is what an alarm asks for. */
export function showMarket(registry: Registry, read: () => Promise<MarketReading>): void {
  const numbers = {
    lagSeconds: ['lag_seconds', 'How old the answer is that the feed furthest behind has given to its end'],
    deadLetters: ['dead_letters', 'Records of feeds that could not be taken in, and are not resolved'],
    openDrift: ['drift_open', 'Changes of the shape of feeds that nobody has acknowledged'],
    rowsPerMinute: ['rows_per_minute', 'Records that came in from all feeds, over the last ten minutes'],
  } as const;
  for (const [of, [name, help]] of Object.entries(numbers)) {
    new Gauge({
      ...{ name: `leadwright_market_${name}`, help, registers: [registry] },
      async collect() {
        this.set((await read())[of as keyof typeof numbers]);
      },
    });
  }
  new Gauge({
    ...{
      name: 'leadwright_market_feeds',
      help: 'Feeds by how they stand',
      labelNames: ['standing'],
      registers: [registry],
    },
    async collect() {
      const { feeds } = await read();
      for (const standing of standings) this.set({ standing }, feeds[standing]);
    },
  });
}
