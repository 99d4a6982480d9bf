import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { FeedRef } from '../../domain/market/feed.ts';
import { createMarketEnv, type MarketEnv } from '../support/market-env.ts';

/** A feed whose shape changes under replication, and rows that no column can hold. */

const DAY = 86_400_000;

let env: MarketEnv;
let feed: FeedRef;

beforeAll(async () => {
  env = await createMarketEnv();
}, 60_000);
afterAll(() => env.close());
beforeEach(async () => {
  await env.fresh({ lookupEveryMs: 0 });
  feed = await env.feed();
  await env.poll(feed);
}, 30_000);

const drift = () =>
  env.query<{ field: string; kind: string; frozen: boolean }>(
    `select field, kind, frozen from market_drift where location_id = $1 and resource = 'Property' order by drift_id`,
    [feed.locationId],
  );

async function priceOf(key: string): Promise<{ price: string | null; city: string | null } | undefined> {
  const [row] = await env.query<{ price: string | null; city: string | null }>(
    'select price, city from listings where location_id = $1 and listing_key = $2',
    [feed.locationId, key],
  );
  return row;
}

describe('a feed whose shape changes', () => {
  it('is looked at once a day; a type that changed freezes its field, the rest goes on, until somebody acknowledges it', async () => {
    const key = Object.keys(await env.remote())[0]!;
    const before = await priceOf(key);
    await env.order('drift', { field: 'ListPrice', how: 'type', type: 'String' });
    await env.order('drift', { field: 'NewOfTheirs', how: 'add', type: 'String' });
    await env.poll(feed);
    expect(await drift()).toEqual([]);
    env.ahead.ms += DAY + 60_000;
    await env.poll(feed);
    const found = await drift();
    expect(found).toContainEqual({ field: 'ListPrice', kind: 'type', frozen: true });
    expect(found).toContainEqual({ field: 'NewOfTheirs', kind: 'added', frozen: false });
    await env.order(`listings/${key}`, { ListPrice: 7_777, City: 'Exampleton' }, 'PATCH');
    await env.poll(feed);
    expect(await priceOf(key)).toEqual({ price: before!.price, city: 'Exampleton' });
    await env.query('update market_drift set acknowledged_at = now() where location_id = $1', [feed.locationId]);
    await env.order(`listings/${key}`, { ListPrice: 8_888 }, 'PATCH');
    await env.poll(feed);
    expect((await priceOf(key))?.price).toBe('8888.00');
    expect(await drift()).toEqual(found);
  });
});

describe('a row that the database refuses', () => {
  it('is found among its page and kept as a dead letter; all others of the page are stored', async () => {
    const { listing, raw } = await aRow();
    const page = ['B-1', 'B-2', 'B-3', 'B-4', 'B-5'].map((listingKey) => ({
      ...{ raw, hash: listingKey, problems: [], stamps: { price: null, status: null } },
      listing: { ...listing, listingKey, bedrooms: listingKey === 'B-4' ? -1 : 3 },
    }));
    const at = new Date().toISOString();
    const rows = { listings: page, records: [], dead: [], absent: [], quota: null };
    const done = await env.store.commit(feed, { ...rows, why: 'increment', at, readAt: at });
    expect(done).toMatchObject({ records: 5, changed: 4, dead: 1 });
    expect((await env.letters(feed)).filter(({ key }) => key.startsWith('B-'))).toEqual([
      { key: 'B-4', reason: 'refused', field: '', times: 1, open: true },
    ]);
    const again = await env.store.commit(feed, {
      ...rows,
      why: 'increment',
      at,
      readAt: at,
      cursor: { version: -1, to: none },
    });
    expect(again).toBeNull();
    expect((await env.letters(feed)).find(({ key }) => key === 'B-4')).toMatchObject({ times: 1 });
  });

  const none = { sequence: null, resources: {} };
  async function aRow() {
    const [key = ''] = Object.keys(await env.local(feed));
    const [listing] = await env.store.listings(feed, [key]);
    return { listing: listing!, raw: { ListingKey: key } };
  }
});
