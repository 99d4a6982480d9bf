import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EntityEvent, FeedRef } from '../../domain/market/feed.ts';
import { marketWorkflowId } from '../../workflows/contract.ts';
import { createMarketLife, type MarketLife } from '../support/market-life.ts';
import { look } from '../support/reso-stand-in.ts';

/** The market's workflows over a real database, the real adapter and the vendor's stand-in, in virtual time. */

const HOUR = 3_600_000;

let life: MarketLife;
let feed: FeedRef;

beforeAll(async () => {
  life = await createMarketLife();
});
afterAll(() => life.close());
beforeEach(async () => {
  await life.market.fresh({ pages: { usual: 25, most: 50 } });
  feed = await life.market.feed();
});

const same = async (): Promise<void> => expect(await life.market.local(feed)).toEqual(await life.market.remote());
const firstKey = async (): Promise<string> => Object.keys(await life.market.remote())[0]!;
const calls = async (): Promise<number> => Number((await look(life.market.standin, 'ledger'))['last']);

async function priceTo(key: string, ListPrice: number): Promise<void> {
  await life.market.order(`listings/${key}`, { ListPrice, StandardStatus: 'Active' }, 'PATCH');
}

/** The journal's last events, as they are pushed. */
async function lastEvents(count: number): Promise<readonly EntityEvent[]> {
  const { last } = (await look(life.market.standin, 'events')) as unknown as { last: string };
  const { events } = await life.market.deps.source.events(feed, String(BigInt(last) - BigInt(count)));
  return events;
}

async function refreshed(at: string) {
  const run = await life.start(feed, at);
  return run.result();
}

describe('a run of the schedule', () => {
  it('takes the whole feed, walks through it, and says what it did', async () => {
    const tally = await refreshed('first');
    await same();
    expect(tally).toMatchObject({ dead: 0, news: 0, alerts: 0 });
    expect(tally.records).toBeGreaterThanOrEqual(120);
    expect((await life.market.store.open(feed)).reconciledAt).not.toBeNull();
  });

  it('has the leads told of all changes that it brought, however many', async () => {
    await refreshed('first');
    await life.market.order('changes', { count: 30 });
    const tally = await refreshed('second');
    await same();
    const news = await life.market.news(feed);
    expect(news.length).toBeGreaterThan(5);
    expect(tally).toMatchObject({ news: news.length, alerts: news.length });
    expect(await refreshed('third')).toMatchObject({ changed: 0, news: 0, alerts: 0 });
  });

  it('waits until the vendor says where the quota is used up; nobody asks meanwhile, and its summary says why', async () => {
    await refreshed('first');
    await life.market.order('faults', { match: { path: '*' }, status: 429, headers: { 'retry-after': '7200' } });
    await priceTo(await firstKey(), 123_456);
    const run = await life.start(feed, 'held');
    const held = await life.heldBy(run.workflowId);
    expect(held.doing).toMatch(/^Waits until \d{4}-\d\d-\d\d \d\d:\d\d UTC: the vendor's quota is used up$/);
    const asked = await calls();
    const other = await life.start(feed, 'other');
    expect((await life.heldBy(other.workflowId)).heldUntil).toBe(held.heldUntil);
    expect(await calls()).toBe(asked);
    await life.market.order('faults', {}, 'DELETE');
    await life.time.skip(2 * HOUR + 5_000);
    await Promise.all([run.result(), other.result()]);
    await same();
    expect(await life.market.news(feed)).toContainEqual(expect.objectContaining({ after: '123456.00' }));
  });

  it('has the leads told of what was stored before it waits', async () => {
    await refreshed('first');
    await priceTo(await firstKey(), 123_456);
    await life.market.poll(feed);
    expect((await life.market.news(feed)).length).toBeGreaterThan(0);
    await life.market.order('faults', { match: { path: '*' }, status: 429, headers: { 'retry-after': '7200' } });
    const run = await life.start(feed, 'held');
    await life.heldBy(run.workflowId);
    const [row] = await life.market.query<{ waiting: number }>(
      `select count(*)::integer as waiting from listing_events where location_id = $1 and fanned_at is null`,
      [feed.locationId],
    );
    expect(row!.waiting).toBe(0);
    await life.market.order('faults', {}, 'DELETE');
    await life.time.skip(2 * HOUR + 5_000);
    await run.result();
  });

  it('waits for a suspended account, and for credentials that a person has to mend', async () => {
    await refreshed('first');
    for (const [fault, words] of [
      [{ token: 'feed-token', suspendedMs: HOUR }, /the vendor has suspended the account/],
      [{ token: 'feed-token', revoked: true }, /refuses the credentials, which a person has to mend/],
    ] as const) {
      if ('revoked' in fault) await life.market.order('faults', { match: { path: '*' }, times: 5, status: 401 });
      else await life.market.order('tokens', fault);
      const run = await life.start(feed, `held-${words.source.length}`);
      expect((await life.heldBy(run.workflowId)).doing).toMatch(words);
      const [row] = await life.market.query<{ failing: string }>(
        'select failing from market_feeds where location_id = $1',
        [feed.locationId],
      );
      expect(row!.failing).toMatch(/^FEED_(SUSPENDED|REFUSED)$/);
      await life.market.order('faults', {}, 'DELETE');
      await life.market.order('tokens', { token: 'feed-token', role: 'standard', suspendedMs: 0 });
      await life.time.skip(2 * HOUR);
      await run.result();
      await same();
    }
  });

  it('asks again by itself where the feed answers nonsense or dies in the middle, and loses nothing', async () => {
    await life.market.order('faults', { match: { path: '*Property*' }, times: 2, spoil: 'html' });
    let deaths = 2;
    life.market.pausing.at = (point) =>
      point === 'market.after-commit' && deaths-- > 0 ? Promise.reject(new Error('killed')) : Promise.resolve();
    await refreshed('first');
    await same();
    expect(deaths).toBeLessThan(1);
  });

  it('ends with its schedule and its name where the location has the feed no longer', async () => {
    await refreshed('first');
    await life.market.query(`update locations set settings = settings - 'market' where location_id = $1`, [
      feed.locationId,
    ]);
    expect(await refreshed('second')).toMatchObject({ pages: 0 });
    expect(life.market.ended).toContainEqual(feed);
    expect(await life.market.store.known(feed.locationId)).toEqual([]);
    expect(Object.keys(await life.market.local(feed)).length).toBeGreaterThan(0);
  });
});

describe('what is pushed', () => {
  // The push may have come before the feed showed the change, so the poll reads the record once more when its journal tells of it.
  it('is worked at once and once, whatever comes twice, and the poll makes no news of it', async () => {
    await refreshed('first');
    const key = await firstKey();
    await priceTo(key, 123_456);
    const events = await lastEvents(1);
    expect(events).toMatchObject([{ resource: 'Property', key }]);
    const at = new Date().toISOString();
    expect(await life.market.store.acceptPush(feed, events, at)).toMatchObject({ fresh: 1, feed });
    expect(await life.market.store.acceptPush(feed, [...events, ...events], at)).toMatchObject({ fresh: 0 });
    await life.runs.wake(feed);
    await life.runs.wake(feed);
    await life.over(marketWorkflowId(feed));
    await same();
    const told = (await life.market.news(feed)).filter((news) => news.key === key);
    expect(told).toContainEqual(expect.objectContaining({ after: '123456.00' }));
    const reads = async () =>
      (
        ((await look(life.market.standin, 'ledger?after=0'))['calls'] as unknown as {
          path: string;
          query: unknown;
        }[]) ?? []
      ).filter((call) => JSON.stringify(call).includes(key)).length;
    const before = await reads();
    await refreshed('poll');
    expect(await reads()).toBe(before + 1);
    expect((await life.market.news(feed)).filter((news) => news.key === key)).toEqual(told);
    await refreshed('another poll');
    expect(await reads()).toBe(before + 1);
  });

  it('and is never heard of again is brought by the poll', async () => {
    await refreshed('first');
    const key = await firstKey();
    await priceTo(key, 234_567);
    await life.runs.wake(feed);
    await life.over(marketWorkflowId(feed));
    expect((await life.market.news(feed)).filter((news) => news.key === key)).toEqual([]);
    await refreshed('poll');
    await same();
    expect(await life.market.news(feed)).toContainEqual(expect.objectContaining({ key, after: '234567.00' }));
  });

  it('goes on beside a poll of the schedule without harm', async () => {
    await refreshed('first');
    await life.market.order('changes', { count: 40 });
    await life.market.store.acceptPush(feed, await lastEvents(30), new Date().toISOString());
    const [run] = await Promise.all([life.start(feed, 'beside'), life.runs.wake(feed)]);
    await Promise.all([run.result(), life.over(marketWorkflowId(feed))]);
    await same();
    const [row] = await life.market.query<{ n: number; names: number }>(
      `select count(*)::integer as n, count(distinct (listing_key, change))::integer as names from listing_events where location_id = $1`,
      [feed.locationId],
    );
    expect(row!.n).toBe(row!.names);
  });
});

describe('a backfill', () => {
  it('brings back what is missing of its month, leaves newer rows as they are, and is news to nobody', async () => {
    await refreshed('first');
    const { market } = life;
    const rows = await market.query<{ key: string; month: string }>(
      `select listing_key as key, to_char(changed_at at time zone 'utc', 'YYYY-MM') as month from listings where location_id = $1 order by changed_at`,
      [feed.locationId],
    );
    const month = rows[0]!.month;
    const [lost = '', newer = ''] = rows.filter((row) => row.month === month).map(({ key }) => key);
    await market.query('delete from listings where location_id = $1 and listing_key = $2', [feed.locationId, lost]);
    await market.query(
      `update listings set price = 1, changed_at = changed_at + interval '1 year', content_hash = 'newer'
        where location_id = $1 and listing_key = $2`,
      [feed.locationId, newer],
    );
    let deaths = 1;
    market.pausing.at = (point) =>
      point === 'market.before-commit' && deaths-- > 0 ? Promise.reject(new Error('killed')) : Promise.resolve();
    expect(await life.runs.backfill(feed, month)).toBe(true);
    const tally = (await life.backfill(feed, month).result()) as { records: number; changed: number };
    expect(tally.changed).toBe(1);
    const local = await market.local(feed);
    expect(local[lost]).toBe((await market.remote())[lost]);
    expect(local[newer]).toBe('newer');
    expect(await market.news(feed)).toEqual([]);
  });
});
