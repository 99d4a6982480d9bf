import { Agent } from 'undici';
import { AppError } from '../../domain/errors.ts';
import type { FeedProvider, FeedRef } from '../../domain/market/feed.ts';
import type { Log } from '../../domain/ports/log.ts';
import type { FeedMetadata, MarketFeed } from '../../domain/ports/market-feed.ts';
import { type Client, createClient } from './client.ts';
import { hasJournal, readEvents } from './events.ts';
import { createExchange, MAX_BODY_BYTES } from './exchange.ts';
import { readRecord, readRecords as readKeyed } from './keyed.ts';
import { createTrail, type Trail } from './links.ts';
import { readMetadata } from './metadata.ts';
import { probeUrl } from './query.ts';
import { isGiven, type Reading } from './reading.ts';
import { readKeys, readRecords } from './records.ts';
import type { FeedCredentials } from './tokens.ts';
import { vendors } from './vendors.ts';

export interface MarketFeedOptions {
  /** Service root of the feed, e.g. `https://api.example.com/reso/odata`. */
  readonly baseUrl: string;
  readonly credentials: FeedCredentials;
  /** OriginatingSystemName of a feed, as its location's settings name it; null: none is named. */
  readonly originatingSystem: (feed: FeedRef) => Promise<string | null>;
  readonly log: Log;
  /** For a whole request; a minute unless told, since pages are long. */
  readonly timeoutMs?: number;
  /** Our clock. */
  readonly now?: () => number;
}

/** What is kept of one vendor: one account has one pace, whoever asks. */
interface Account {
  readonly client: Client;
  readonly trail: Trail;
  readonly metadata: Map<string, { readonly at: number; readonly value: FeedMetadata }>;
}

/** Feeds over the RESO Web API, by the documents of RESO and of the vendors; what differs between vendors is data, `vendors.ts`. */
export function createMarketFeed(options: MarketFeedOptions): MarketFeed & { close(): Promise<void> } {
  const { credentials, log, timeoutMs = 60_000, now = Date.now } = options;
  const root = options.baseUrl.replace(/\/+$/, '');
  const dispatcher = new Agent({
    connect: { timeout: Math.min(timeoutMs, 10_000) },
    connections: 8,
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 4_000,
    maxResponseSize: MAX_BODY_BYTES,
  });
  const exchange = createExchange(dispatcher, timeoutMs, now);
  const accounts = new Map<FeedProvider, Account>();

  function accountOf(provider: FeedProvider): Account {
    const known = accounts.get(provider);
    if (known !== undefined) return known;
    const client = createClient({ credentials, habits: vendors[provider], exchange, log, now });
    const account = { client, trail: createTrail(), metadata: new Map() };
    accounts.set(provider, account);
    return account;
  }

  async function readingOf(feed: FeedRef): Promise<Reading> {
    const habits = vendors[feed.provider];
    const system = await options.originatingSystem(feed);
    if (system === null && habits.systemRequired) {
      throw new AppError(
        'FEED_BAD_REQUEST',
        `${feed.provider}/${feed.market}: this vendor wants one OriginatingSystemName; the location’s settings name none`,
      );
    }
    const { client, trail } = accountOf(feed.provider);
    return { scope: { root, habits, system }, client, trail };
  }

  return {
    hasEvents: async (feed) => hasJournal(await readingOf(feed)),
    async grants(feed, resource) {
      const reading = await readingOf(feed);
      return isGiven(reading, probeUrl(reading.scope, resource), resource);
    },
    records: async (feed, asked) => readRecords(await readingOf(feed), asked),
    events: async (feed, after) => readEvents(await readingOf(feed), after),
    record: async (feed, resource, key) => readRecord(await readingOf(feed), resource, key),
    recordsByKey: async (feed, resource, keys) => readKeyed(await readingOf(feed), resource, keys),
    keys: async (feed, resource, next) => readKeys(await readingOf(feed), resource, next),
    async metadata(feed, lookups) {
      const reading = await readingOf(feed);
      const { metadata } = accountOf(feed.provider);
      const of = reading.scope.system ?? '';
      const known = metadata.get(of);
      const { metadataEveryMs } = reading.scope.habits;
      const isYoung = known !== undefined && now() - known.at < metadataEveryMs;
      if (lookups === undefined && isYoung) return known.value;
      const value = await readMetadata(reading, lookups);
      // Read without look-ups it is no older and no younger than these.
      const at = lookups === undefined ? now() : known?.at;
      if (metadataEveryMs > 0 && at !== undefined) metadata.set(of, { at, value });
      return value;
    },
    // Whoever waits for an answer by now has asked ahead, and will not read it.
    close: () => dispatcher.destroy(),
  };
}
