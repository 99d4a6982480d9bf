import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { FeedRef } from '../../domain/market/feed.ts';
import { createMarketEnv, type MarketEnv } from '../support/market-env.ts';
import { look } from '../support/reso-stand-in.ts';

/** A feed whose shape changes under replication, and rows that no column can hold. */

const DAY = 86_400_000;

let env: MarketEnv;
let feed: FeedRef;

beforeAll(async () => {
  env = await createMarketEnv();
});
afterAll(() => env.close());
beforeEach(async () => {
  env.ahead.ms = 0;
  await env.order('drift', {}, 'DELETE');
  await env.fresh({ lookupEveryMs: 0 });
  feed = await env.feed();
  await env.poll(feed);
});

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

describe('a field that changes between two looks', () => {
  /** Listings that have all of it, as they are stored. */
  const stored = (keys: readonly string[]) =>
    env.query<Record<string, unknown>>(
      `select listing_key, price, bedrooms, city from listings where location_id = $1 and listing_key = any ($2::text[]) order by listing_key`,
      [feed.locationId, keys],
    );
  const some = async (): Promise<string[]> => {
    const rows = await env.query<{ key: string }>(
      `select listing_key as key from listings
        where location_id = $1 and bedrooms > 0 and price > 0 order by 1 limit 3`,
      [feed.locationId],
    );
    return rows.map(({ key }) => key);
  };
  const looks = async (): Promise<number> => {
    const { calls } = (await look(env.standin, 'ledger')) as unknown as { calls: { path: string }[] };
    return calls.filter(({ path }) => path === '/$metadata').length;
  };

  it.each([
    ['is gone', 'price', { field: 'ListPrice', how: 'remove' }],
    ['is gone', 'bedrooms', { field: 'BedroomsTotal', how: 'remove' }],
    ['has another type', 'price', { field: 'ListPrice', how: 'type', type: 'String' }],
    ['has another type', 'bedrooms', { field: 'BedroomsTotal', how: 'type', type: 'String' }],
  ])('and %s keeps its old values from the first page on: %s', async (_how, column, drifted) => {
    const keys = await some();
    const before = await stored(keys);
    const looked = await looks();
    await env.order('drift', drifted);
    await env.order(
      'listings',
      keys.map((ListingKey) => ({ ListingKey, ListPrice: 7_777, BedroomsTotal: 9, City: 'Exampleton' })),
      'PATCH',
    );
    await env.poll(feed);
    expect((await stored(keys)).map((row) => row[column])).toEqual(before.map((row) => row[column]));
    expect((await stored(keys)).map(({ city }) => city)).toEqual(keys.map(() => 'Exampleton'));
    const found = { field: drifted.field, kind: drifted.how === 'type' ? 'type' : 'removed', frozen: true };
    expect(await drift()).toEqual([found]);
    expect(await looks()).toBe(looked + 1);
    // The day's own look finds nothing new.
    env.ahead.ms += DAY + 60_000;
    await env.poll(feed);
    expect(await drift()).toEqual([found]);
    expect((await stored(keys)).map((row) => row[column])).toEqual(before.map((row) => row[column]));
  });

  it('keeps them also where a push or the comparison of keys reads the row first', async () => {
    const [one = '', two = ''] = await some();
    const before = await stored([one, two]);
    await env.order('drift', { field: 'ListPrice', how: 'remove' });
    await env.order('listings?quiet=true', [{ ListingKey: one, City: 'Exampleton' }], 'PATCH');
    await env.query('update listings set content_hash = null where location_id = $1', [feed.locationId]);
    const event = { sequence: '1', resource: 'Property', key: one };
    await env.store.acceptPush(feed, [event], new Date().toISOString());
    await env.activities.pollMarket({ feed, pushed: true, asked: [] });
    await env.walk(feed);
    expect((await stored([one, two])).map(({ price }) => price)).toEqual(before.map(({ price }) => price));
  });

  it('is not looked for again and again where the metadata says what it said', async () => {
    const keys = await some();
    const looked = await looks();
    for (const City of ['One', 'Two', 'Three']) {
      await env.order(
        'listings',
        keys.map((ListingKey) => ({ ListingKey, City, ListPrice: null })),
        'PATCH',
      );
      await env.poll(feed);
    }
    expect(await looks()).toBe(looked);
    const priceless = async (ListPrice: string) => {
      await env.order(
        'listings?exact=true',
        [{ ListingKey: keys[1], ListPrice, ModificationTimestamp: soon() }],
        'PATCH',
      );
      await env.poll(feed);
    };
    await env.order('listings', [{ ListingKey: keys[1], ListPrice: 5_000 }], 'PATCH');
    await env.poll(feed);
    await priceless('on request');
    expect(await looks()).toBe(looked + 1);
    await env.order('listings', [{ ListingKey: keys[1], ListPrice: 6_000 }], 'PATCH');
    await env.poll(feed);
    await priceless('on request, too');
    expect(await looks()).toBe(looked + 1);
    expect(await drift()).toEqual([]);
  });

  it('holds its page back while the metadata cannot be looked at', async () => {
    const keys = await some();
    const before = await stored(keys);
    await env.order('drift', { field: 'ListPrice', how: 'remove' });
    await env.order(`listings/${keys[0]}`, { City: 'Exampleton' }, 'PATCH');
    await env.order('faults', { match: { path: '/$metadata' }, times: 1, status: 503 });
    await expect(env.poll(feed)).rejects.toMatchObject({ code: 'FEED_AWAY' });
    expect(await stored(keys)).toEqual(before);
    await env.poll(feed);
    expect((await stored(keys))[0]).toEqual({ ...before[0], city: 'Exampleton' });
  });

  it('holds its page back for an hour at most, and stores it then without what is in doubt', async () => {
    const keys = await some();
    const before = await stored(keys);
    await env.order('drift', { field: 'ListPrice', how: 'remove' });
    await env.order(`listings/${keys[0]}`, { City: 'Exampleton' }, 'PATCH');
    await env.order('faults', { match: { path: '/$metadata' }, times: 100, status: 503 });
    await expect(env.poll(feed)).rejects.toMatchObject({ code: 'FEED_AWAY' });
    env.ahead.ms += 50 * 60_000;
    await expect(env.poll(feed)).rejects.toMatchObject({ code: 'FEED_AWAY' });
    expect(await stored(keys)).toEqual(before);
    env.ahead.ms += 11 * 60_000;
    await env.poll(feed);
    expect((await stored(keys))[0]).toEqual({ ...before[0], city: 'Exampleton' });
    expect(await drift()).toEqual([]);
    expect(env.log.lines.some((line) => line.includes('fields in doubt keep what is stored'))).toBe(true);
    const looked = await looks();
    await env.order(`listings/${keys[1]}`, { City: 'Exampleton' }, 'PATCH');
    await env.poll(feed);
    expect((await stored(keys))[1]).toEqual({ ...before[1], city: 'Exampleton' });
    expect(await looks()).toBe(looked);
    await env.order('faults', {}, 'DELETE');
    env.ahead.ms += 6 * 60_000;
    await env.order(`listings/${keys[2]}`, { City: 'Exampleton' }, 'PATCH');
    await env.poll(feed);
    expect((await stored(keys))[2]).toEqual({ ...before[2], city: 'Exampleton' });
    expect(await drift()).toEqual([{ field: 'ListPrice', kind: 'removed', frozen: true }]);
  });

  const soon = (): string => new Date(Date.now() + 1_000).toISOString();
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
