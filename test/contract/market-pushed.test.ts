import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { FeedRef } from '../../domain/market/feed.ts';
import { createMarketEnv, type MarketEnv } from '../support/market-env.ts';
import { look } from '../support/reso-stand-in.ts';

/** A push that comes before the feed itself shows what it tells of. */

const MINUTE = 60_000;

let env: MarketEnv;
let feed: FeedRef;
let key: string;

beforeAll(async () => {
  env = await createMarketEnv();
});
afterAll(() => env.close());

async function fresh(mode: 'events' | 'timestamps'): Promise<void> {
  await env.order('replica', { lagMs: 0 });
  await env.fresh({ events: mode === 'events', pages: { usual: 25, most: 50 } });
  env.ahead.ms = 0;
  feed = await env.feed();
  await env.poll(feed);
  const [first] = await env.query<{ key: string }>(
    `select listing_key as key from listings where location_id = $1 and status = 'active' order by 1`,
    [feed.locationId],
  );
  key = first!.key;
}

/** The feed's own events of what happened last are pushed, each by itself. */
async function push(...records: { readonly resource?: string; readonly key: string }[]): Promise<void> {
  const { last } = (await look(env.standin, 'events')) as unknown as { last: string | number };
  const events = records.map((one, n) => ({
    ...{ sequence: String(BigInt(last) - BigInt(records.length - 1 - n)), resource: 'Property', ...one },
  }));
  await env.store.acceptPush(feed, events, new Date(Date.now() + env.ahead.ms).toISOString());
  await env.activities.pollMarket({ feed, pushed: true, asked: [] });
}

const waiting = async () => (await env.store.waitingPush(feed, 10)).length;
const pricesOf = async () =>
  (await env.news(feed)).filter((news) => news.key === key && news.kind.startsWith('price')).map(({ after }) => after);
const isThere = async (listing = key) => Object.keys(await env.local(feed)).includes(listing);

describe.each(['events', 'timestamps'] as const)('a push to a feed by %s', (mode) => {
  beforeEach(() => fresh(mode));

  it('that is read before the feed shows the change is made good by the poll, with one effect', async () => {
    await env.order('replica', { lagMs: null });
    await env.order(`listings/${key}`, { ListPrice: 1_111 }, 'PATCH');
    await push({ key });
    expect(await pricesOf()).toEqual([]);
    expect(await waiting()).toBe(0);
    await env.order('replica', { release: true });
    await env.poll(feed);
    expect(await pricesOf()).toEqual(['1111.00']);
    await env.poll(feed);
    expect(await pricesOf()).toEqual(['1111.00']);
  });

  it('that is read at once, and again by the poll, has one effect', async () => {
    await env.order(`listings/${key}`, { ListPrice: 1_111 }, 'PATCH');
    await push({ key });
    expect(await pricesOf()).toEqual(['1111.00']);
    await env.poll(feed);
    expect(await pricesOf()).toEqual(['1111.00']);
  });

  it('of a listing that the feed does not show yet takes nothing away, and it comes in', async () => {
    await env.order('replica', { lagMs: null });
    await env.order('listings', { ListingKey: 'NEW-1', ListPrice: 300_000, StandardStatus: 'Active' });
    await push({ key: 'NEW-1' });
    expect(await isThere('NEW-1')).toBe(false);
    await env.order('replica', { release: true });
    env.ahead.ms += 6 * MINUTE;
    await env.poll(feed);
    expect(await isThere('NEW-1')).toBe(true);
    expect((await env.store.open(feed)).cursor).not.toHaveProperty('unseen');
  });

  it('whose record is not found does not take a stored listing away by itself', async () => {
    const notYet = { match: { path: "/Property('*" }, status: 404, times: 1 };
    await env.order('faults', notYet);
    await push({ key });
    await env.order('faults', {}, 'DELETE');
    expect(await isThere()).toBe(true);
    await env.poll(feed);
    env.ahead.ms += 6 * MINUTE;
    await env.poll(feed);
    expect(await isThere()).toBe(true);
    expect((await env.news(feed)).filter((news) => news.key === key)).toEqual([]);
  });

  it('of a listing that is gone takes it away: by its journal at the next poll, else minutes later, and once', async () => {
    await env.order(`listings/${key}`, {}, 'DELETE');
    await push({ key });
    expect(await isThere()).toBe(true);
    await env.poll(feed);
    expect(await isThere()).toBe(mode === 'timestamps');
    env.ahead.ms += 6 * MINUTE;
    await env.poll(feed);
    expect(await isThere()).toBe(false);
    await env.poll(feed);
    const told = (await env.news(feed)).filter((news) => news.key === key && news.kind === 'withdrawn');
    expect(told).toHaveLength(1);
    expect((await env.store.open(feed)).cursor).not.toHaveProperty('unseen');
  });

  it('of a listing that is gone takes it away by another push, too, should no poll come', async () => {
    await env.order(`listings/${key}`, {}, 'DELETE');
    await push({ key });
    env.ahead.ms += 4 * MINUTE;
    await push({ key: 'NEVER-1' });
    expect(await isThere()).toBe(true);
    env.ahead.ms += 2 * MINUTE;
    await push({ key: 'NEVER-2' });
    expect(await isThere()).toBe(false);
  });

  it('that comes twice is the same', async () => {
    await env.order(`listings/${key}`, {}, 'DELETE');
    await push({ key }, { key: 'NEVER-1' });
    await push({ key }, { key: 'NEVER-1' });
    expect((await env.store.open(feed)).cursor.unseen).toHaveLength(2);
  });
});

it('a push that moves the cursor while the journal is skimmed has none of it read twice', async () => {
  await env.order('replica', { lagMs: 0 });
  await env.fresh({ events: true, pages: { usual: 5_000, most: 5_000 } });
  await env.order('changes', { count: 20, kinds: ['price-drop'] });
  env.ahead.ms = 0;
  feed = await env.feed();
  await env.store.open(feed);
  env.pausing.at = async (point) => {
    const { metadata } = await env.store.open(feed);
    if (point !== 'market.before-commit' || metadata === null) return;
    env.pausing.at = () => Promise.resolve();
    await push({ key: 'NEVER-1' });
  };
  await env.poll(feed);
  await env.poll(feed);
  expect((await env.store.open(feed)).phase).toBe('live');
  const read = await env.query(`select 1 from market_pages where location_id = $1 and why = 'event'`, [
    feed.locationId,
  ]);
  expect(read).toEqual([]);
});
