import { createHash, randomUUID } from 'node:crypto';
import type { MarketParts } from '../../activities/market-deps.ts';
import { createMarketActivities } from '../../activities/market.ts';
import { changesOf, openHouseChange, removalOf } from '../../domain/market/changes.ts';
import { contentHash } from '../../domain/market/content.ts';
import type { FeedRef, FeedResource } from '../../domain/market/feed.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { createMarketStore } from '../../integrations/postgres/market-store.ts';
import { createMarketFeed } from '../../integrations/reso/feed.ts';
import type { FeedCounts, PollInput } from '../../workflows/activities.ts';
import { createTestDatabase } from './database.ts';
import { recordingLog } from './ghl-crm.ts';
import { installLocation } from './records.ts';
import { order, startReso, TOKEN, truth } from './reso-stand-in.ts';
import { testSealing } from './tokens.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export type MarketEnv = Awaited<ReturnType<typeof createMarketEnv>>;

/** Replication of a real feed into a real database: the adapter against the stand-in, the store, and the activities between them. */
export async function createMarketEnv() {
  const db = await createTestDatabase();
  const standin = await startReso();
  const log = recordingLog();
  const ahead = { ms: 0 };
  // The vendors' own pace is not what is looked at here: for the adapter each look at the clock is seconds later.
  let hurried = 0;
  const source = createMarketFeed({
    ...{ baseUrl: standin.url, credentials: { kind: 'token', token: TOKEN }, log },
    originatingSystem: () => Promise.resolve('gulfcoast'),
    now: () => Date.now() + ahead.ms + (hurried += 2_000),
  });
  const store = createMarketStore(db.tenants, { changesOf, removalOf, openHouseChange });
  const locations = createLocationStore(db.tenants, testSealing());
  const ended: FeedRef[] = [];
  const pausing = { at: (_point: string): Promise<void> => Promise.resolve() };
  const deps: MarketParts = {
    ...{ locations, store, source, log, sha256, newId: randomUUID, walks: true },
    now: () => new Date(Date.now() + ahead.ms),
    runs: { end: (feed) => Promise.resolve(void ended.push(feed)) },
    pauses: { at: (point) => pausing.at(point) },
  };
  const activities = createMarketActivities(deps);
  const query = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await db.pool.query(text, values)).rows as Row[];

  /** A location with a feed whose name no other test has. */
  async function feed(change: { readonly provider?: FeedRef['provider'] } = {}): Promise<FeedRef> {
    const made: FeedRef = {
      locationId: `loc-${randomUUID().slice(0, 8)}`,
      provider: change.provider ?? 'reso',
      market: `gulf-${randomUUID().slice(0, 8)}`,
    };
    await installLocation(locations, made.locationId);
    await choose(made);
    return made;
  }

  async function choose({ locationId, provider, market }: FeedRef): Promise<void> {
    const choice = { provider, market, originatingSystem: 'gulfcoast', pollMinutes: 1 };
    const feeds = [{ ...choice, rights: { alerts: true, training: true } }];
    await query(`update locations set settings = settings || $2::jsonb where location_id = $1`, [
      locationId,
      { market: { feeds, alerts: { perDay: 2, collectMinutes: 10 } } },
    ]);
  }

  return {
    ...{ db, standin, log, ahead, store, activities, deps, ended, pausing, query, feed, choose },
    order: (name: string, body: unknown = {}, method = 'POST') => order(standin, name, body, method),
    async fresh(profile: object = {}, market: object = {}): Promise<void> {
      await order(standin, 'reset');
      await order(standin, 'profile', { vendor: 'reso', ...profile });
      await order(standin, 'tokens', { token: TOKEN, role: 'standard' });
      await order(standin, 'market', { listings: 120, offices: 4, members: 9, mediaEach: 1, days: 90, ...market });
      pausing.at = () => Promise.resolve();
    },
    /** Polls, as the workflow does, to the end. Throws where the feed is held. */
    async poll(asked: FeedRef, more: Partial<PollInput> = {}): Promise<FeedCounts> {
      const sum = { pages: 0, records: 0, changed: 0, dead: 0, news: 0 };
      for (let input: PollInput = { feed: asked, asked: [], ...more }; ;) {
        const polled = await activities.pollMarket(input);
        if (polled.outcome === 'gone' || polled.outcome === 'held') throw new Error(JSON.stringify(polled));
        for (const name of Object.keys(sum) as (keyof FeedCounts)[]) sum[name] += polled[name];
        if (polled.outcome === 'done') return sum;
        input = { ...input, asked: polled.asked };
      }
    },
    async walk(asked: FeedRef): Promise<void> {
      for (;;) {
        const walked = await activities.walkMarket({ feed: asked });
        if (walked.outcome === 'done') return;
        if (walked.outcome !== 'more') throw new Error(JSON.stringify(walked));
      }
    },
    /** Hash by key of what is stored and not gone; of what the feed has. */
    async local({ locationId, market }: FeedRef, resource: FeedResource = 'Property'): Promise<Record<string, string>> {
      const rows = await query<{ key: string; hash: string }>(
        resource === 'Property'
          ? `select listing_key as key, content_hash as hash from listings
              where location_id = $1 and market = $2 and removed_at is null and $3 <> '' order by 1`
          : `select record_key as key, content_hash as hash from market_records
              where location_id = $1 and market = $2 and removed_at is null and resource = $3 order by 1`,
        [locationId, market, resource],
      );
      return Object.fromEntries(rows.map(({ key, hash }) => [key, hash]));
    },
    async remote(resource: FeedResource = 'Property'): Promise<Record<string, string>> {
      const key = resource === 'Property' ? 'ListingKey' : `${resource}Key`;
      const records = await truth(standin, resource);
      return Object.fromEntries(records.map((record) => [String(record[key]), contentHash(record, sha256)]));
    },
    news: ({ locationId }: FeedRef) =>
      query<{ key: string; kind: string; before: string | null; after: string | null }>(
        `select listing_key as key, kind, price_before as before, price_after as after from listing_events
          where location_id = $1 order by id`,
        [locationId],
      ),
    letters: ({ locationId }: FeedRef) =>
      query<{ key: string; reason: string; field: string; times: number; open: boolean }>(
        `select record_key as key, reason, field, times, resolved_at is null as open from market_dead_letters
          where location_id = $1 order by record_key, reason, field`,
        [locationId],
      ),
    async close(): Promise<void> {
      await source.close();
      await standin.close();
      await db.drop();
    },
  };
}
