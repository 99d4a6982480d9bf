import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isWalkDue } from '../../activities/market-walk.ts';
import type { FeedRef } from '../../domain/market/feed.ts';
import type { BackfillPlace } from '../../workflows/contract.ts';
import { createMarketStatus } from '../../integrations/postgres/market-status.ts';
import type { FeedPage } from '../../domain/ports/market-store.ts';
import { feedPage, listingRow } from '../support/market-rows.ts';
import { createMarketEnv, type MarketEnv } from '../support/market-env.ts';

/** What replication does not believe, and what it goes on with after a failure: the adapter against the stand-in, into a real database. */

let env: MarketEnv;
let feed: FeedRef;

beforeAll(async () => {
  env = await createMarketEnv();
});
afterAll(() => env.close());
beforeEach(async () => {
  await env.fresh({ events: false, pages: { usual: 25, most: 50 } });
  feed = await env.feed();
  await env.poll(feed);
});

const failing = async () =>
  (
    await env.query<{ failing: string | null }>('select failing from market_feeds where location_id = $1', [
      feed.locationId,
    ])
  )[0]!.failing;

describe('a feed that leaves out nearly all that is stored', () => {
  const nothing = { match: { path: '/Property*' }, times: 10_000, status: 200, body: { value: [] } };

  it('takes nothing away and is told of as broken until a walk finds it whole again', async () => {
    const before = await env.local(feed);
    expect(Object.keys(before).length).toBeGreaterThan(100);
    await env.order('faults', nothing);
    await env.walk(feed);
    expect(await env.local(feed)).toEqual(before);
    expect(await failing()).toBe('FEED_BROKEN');

    await env.order('faults', {}, 'DELETE');
    await env.poll(feed);
    expect(await failing()).toBe('FEED_BROKEN');
    await env.walk(feed);
    await env.poll(feed);
    expect(await failing()).toBeNull();
    expect(await env.local(feed)).toEqual(before);
    expect(await env.news(feed)).toEqual([]);
  });

  it('loses them once a person says so, but no more than that', async () => {
    await env.order('faults', nothing);
    await env.walk(feed);
    const status = createMarketStatus(env.db.tenants);
    const stands = async () => (await status.feeds(feed.locationId, new Date().toISOString()))[0]!;
    const { ghosts, resource } = (await stands()).halted!;
    expect(resource).toBe('Property');
    expect(ghosts).toBeGreaterThan(100);
    expect(await status.believeGone(feed, { resource: 'Property', records: ghosts - 1 })).toBe(false);
    expect(await status.believeGone(feed, { resource: 'Member', records: 5_000 })).toBe(false);
    expect(
      await status.believeGone({ ...feed, market: 'another' }, { resource: 'Property', records: 5 }),
    ).toBeUndefined();
    expect(isWalkDue(await env.store.open(feed), new Date())).toBe(false);

    expect(await status.believeGone(feed, { resource: 'Property', records: ghosts })).toBe(true);
    expect(await stands()).toMatchObject({ halted: null, failing: 'FEED_BROKEN' });
    expect(isWalkDue(await env.store.open(feed), new Date())).toBe(true);
    await env.walk(feed);
    expect(await env.local(feed)).toEqual({});
    await env.order('faults', {}, 'DELETE');
    await env.poll(feed);
    expect(await stands()).toMatchObject({ halted: null, walkingSince: null, failing: null });
  });

  it('halts again over more than a person has said', async () => {
    await env.order('faults', nothing);
    await env.walk(feed);
    await env.query(
      `update market_feeds set key_scan = key_scan || '{"believed": {"Property": 101, "Office": 7}}' where location_id = $1`,
      [feed.locationId],
    );
    await env.walk(feed);
    const before = await env.local(feed);
    expect(Object.keys(before).length).toBeGreaterThan(101);
    expect((await env.store.open(feed)).walk).toMatchObject({ haltedAt: expect.any(String) });
    // What was said of another resource stays for the walk that goes on behind it.
    expect((await env.store.open(feed)).walk!.believed).toEqual({ Office: 7 });
    expect(isWalkDue(await env.store.open(feed), new Date())).toBe(false);
    await env.order('faults', {}, 'DELETE');
  });

  it('is walked through again an hour later, not with each poll', async () => {
    await env.order('faults', nothing);
    await env.walk(feed);
    const state = await env.store.open(feed);
    expect(isWalkDue(state, new Date())).toBe(false);
    expect(isWalkDue(state, new Date(Date.now() + 3_660_000))).toBe(true);
    await env.order('faults', {}, 'DELETE');
  });
});

describe('a backfill', () => {
  const running = new Date().toISOString().slice(0, 7);

  async function filled(
    of: FeedRef,
    month = running,
  ): Promise<{ readonly records: number; readonly activities: number }> {
    const sum = { records: 0, activities: 0 };
    for (let place: BackfillPlace | null = null; ;) {
      const done = await env.activities.backfillMarket({ feed: of, month, place });
      if (done.outcome !== 'done') throw new Error(JSON.stringify(done));
      sum.records += done.records;
      sum.activities += 1;
      place = done.next;
      if (place === null) return sum;
    }
  }

  it('of the running month tells what has changed since changes are news, and the poll tells it no second time', async () => {
    await env.order('listings', { ListingKey: 'NEW-1', ListPrice: 300_000, StandardStatus: 'Active' });
    await filled(feed);
    const told = await env.news(feed);
    expect(told).toMatchObject([{ key: 'NEW-1', kind: 'new' }]);
    await env.poll(feed);
    expect(await env.news(feed)).toEqual(told);
  });

  it.each(['reso', 'spark'] as const)('of %s goes on where the last activity ended', async (provider) => {
    await env.fresh({ events: false, pages: { usual: 25, most: 25 } }, { days: 1 });
    const other = await env.feed({ provider });
    await env.poll(other);
    // Its records are of the last 25 hours: on the first of a month, most are of the month before.
    const month = new Date(Date.now() - 13 * 3_600_000).toISOString().slice(0, 7);
    const whole = await filled(other, month);
    env.pausing.at = (point) => {
      if (point === 'market.after-commit') env.ahead.ms += 16_000;
      return Promise.resolve();
    };
    const parts = await filled(other, month);
    expect(whole.activities).toBe(1);
    expect(parts.activities).toBeGreaterThan(5);
    // Of a feed that keeps order the record at the edge of two activities is read by both.
    const twice = provider === 'reso' ? parts.activities : 0;
    expect(parts.records).toBeGreaterThanOrEqual(whole.records);
    expect(parts.records).toBeLessThanOrEqual(whole.records + twice);
  });
});

describe('a page longer than a statement', () => {
  it('is stored whole but for the rows that the database refuses, which are told of', async () => {
    const rows = Array.from({ length: 600 }, (_none, n) => {
      const tooHigh = n === 300 || n === 599 ? { price: '12345678901234567890.00' } : {};
      return listingRow(`L${String((n * 7) % 600).padStart(3, '0')}`, { market: feed.market, ...tooHigh });
    });
    const refused = [300, 599].map((n) => rows[n]!.listing.listingKey);
    const stored = await env.store.commit(feed, feedPage({ listings: rows }));
    expect(stored).toMatchObject({ records: 600, changed: 598, dead: 2 });
    const kept = Object.keys(await env.local(feed)).filter((key) => /^L\d{3}$/.test(key));
    expect(kept).toHaveLength(598);
    expect(kept).not.toEqual(expect.arrayContaining(refused));
    const dead = (await env.letters(feed)).filter(({ reason }) => reason === 'refused');
    expect(dead.map(({ key }) => key).sort()).toEqual(refused.sort());
  });
});

describe('a reading that comes in after a later one', () => {
  const at = (seconds: number) => new Date(Date.now() + env.ahead.ms + seconds * 1_000).toISOString();
  const row = (key: string) => listingRow(key, { market: feed.market, changedAt: '2026-11-01T10:00:00.000Z' });
  const page = (change: Partial<FeedPage>) => env.store.commit(feed, feedPage({ at: at(60), ...change }));

  it('neither takes away what was seen since, nor brings back what was found gone since', async () => {
    const absent = [{ resource: 'Property' as const, key: 'L1' }];
    await page({ readAt: at(-60), listings: [row('L1')] });
    // Unchanged, but seen again.
    await page({ readAt: at(0), listings: [row('L1')] });
    await page({ readAt: at(-30), absent });
    expect(await env.local(feed)).toHaveProperty('L1');

    await page({ readAt: at(30), absent });
    await page({ readAt: at(10), listings: [row('L1')] });
    expect(await env.local(feed)).not.toHaveProperty('L1');
    await page({ readAt: at(60), listings: [row('L1')] });
    expect(await env.local(feed)).toHaveProperty('L1');
  });

  it('nor does it so with other records', async () => {
    const [key = ''] = Object.keys(await env.local(feed, 'OpenHouse'));
    const absent = [{ resource: 'OpenHouse' as const, key }];
    await page({ readAt: at(-60), absent });
    expect(await env.local(feed, 'OpenHouse')).toHaveProperty([key]);
    await page({ readAt: at(1), absent });
    expect(await env.local(feed, 'OpenHouse')).not.toHaveProperty([key]);
    env.ahead.ms += 10_000;
    await env.query('update market_feeds set cursor = default where location_id = $1', [feed.locationId]);
    await env.poll(feed);
    expect(await env.local(feed, 'OpenHouse')).toHaveProperty([key]);
  });
});

describe('the name of a feed', () => {
  const rowOf = async () =>
    (
      await env.query<object>('select provider, phase, cursor, metadata, mode from market_feeds where market = $1', [
        feed.market,
      ])
    )[0];

  it('is tried for another provider without harm to what is stored, and refused where it is taken', async () => {
    const before = await rowOf();
    await env.store.claim({ ...feed, provider: 'trestle' });
    expect(await rowOf()).toEqual(before);
    const other = await env.feed({ provider: 'trestle' });
    await env.store.open(other);
    await env.store.open({ ...other, provider: 'spark', market: feed.market });
    await expect(env.store.claim({ ...feed, provider: 'spark' })).rejects.toMatchObject({ code: 'MARKET_TAKEN' });
    expect(await rowOf()).toMatchObject({ provider: 'reso' });
  });

  it('that comes back before its first walk was over begins anew, and is news to nobody', async () => {
    const broken = await env.feed();
    await env.order('faults', { match: { path: '/Media*' }, times: 10_000, status: 503 });
    await env.activities.pollMarket({ feed: broken, asked: [] });
    expect(Object.keys(await env.local(broken))).toHaveLength(120);
    await env.store.release(broken);
    expect(await env.store.open(broken)).toMatchObject({ phase: 'initial' });
    await env.order('faults', {}, 'DELETE');
    await env.poll(broken);
    expect(await env.news(broken)).toEqual([]);
  });
});

/** The last, for the adapter does not ask an account for a minute whose quota was used up. */
describe('a feed that fails when some pages are stored', () => {
  it.each([
    [503, 'throws'],
    [429, 'held'],
  ] as const)('by %i: these are told of first, and then what failed', async (status, then) => {
    const fresh = await env.feed();
    await env.order('faults', { match: { path: '/Property*' }, times: 10_000, status });
    const first = await env.activities.pollMarket({ feed: fresh, asked: [] });
    expect(first).toMatchObject({ outcome: 'more', records: 13 });
    const second = env.activities.pollMarket({ feed: fresh, asked: [] });
    if (then === 'held') expect(await second).toMatchObject({ outcome: 'held', why: 'FEED_BUSY' });
    else await expect(second).rejects.toMatchObject({ code: 'FEED_AWAY' });
  });
});
