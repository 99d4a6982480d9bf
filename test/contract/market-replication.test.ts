import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type FeedRef, type FeedResource, feedResources } from '../../domain/market/feed.ts';
import { createMarketEnv, type MarketEnv } from '../support/market-env.ts';
import { expectSame } from '../support/market-same.ts';

/** Replication as a whole, page by page: the adapter against the stand-in, into a real database. */

let env: MarketEnv;
let feed: FeedRef;

beforeAll(async () => {
  env = await createMarketEnv();
});
afterAll(() => env.close());

const same = (resources: readonly FeedResource[] = feedResources) => expectSame(env, feed, resources);
const someKeys = async (): Promise<string[]> => Object.keys(await env.remote()).slice(0, 4);

describe.each(['events', 'timestamps'] as const)('a feed by %s', (mode) => {
  beforeEach(async () => {
    await env.fresh({ events: mode === 'events', pages: { usual: 25, most: 50 } });
    feed = await env.feed();
    await env.poll(feed);
  });

  it('is there as a whole after the first poll, and is news to nobody', async () => {
    await same();
    expect(await env.news(feed)).toEqual([]);
    const state = await env.store.open(feed);
    expect(state).toMatchObject({ mode, phase: 'live', failing: null });
  });

  it('brings changes, each told once, however often it is asked', async () => {
    const [one = '', two = ''] = await someKeys();
    await env.order(`listings/${one}`, { ListPrice: 123_456, StandardStatus: 'Active' }, 'PATCH');
    await env.order('listings', { ListingKey: 'NEW-1', ListPrice: 300_000, StandardStatus: 'Active' });
    await env.order(`offices/${Object.keys(await env.remote('Office'))[0]}`, { OfficeName: 'Example Homes' }, 'PATCH');
    await env.poll(feed);
    await same();
    const told = await env.news(feed);
    expect(told.filter(({ key }) => key === 'NEW-1')).toMatchObject([{ kind: 'new', after: '300000.00' }]);
    expect(told.find(({ key }) => key === one)).toMatchObject({ after: '123456.00' });
    expect(told.some(({ key }) => key === two)).toBe(false);
    await env.poll(feed);
    await env.poll(feed);
    expect(await env.news(feed)).toEqual(told);
  });

  it('loses its cursor, reads everything again, and tells only what changed meanwhile', async () => {
    const [one = ''] = await someKeys();
    await env.walk(feed);
    await env.query('delete from market_feeds where location_id = $1', [feed.locationId]);
    await env.order(`listings/${one}`, { ListPrice: 123_456, StandardStatus: 'Active' }, 'PATCH');
    await env.poll(feed);
    await same();
    const told = await env.news(feed);
    expect(new Set(told.map(({ key }) => key))).toEqual(new Set([one]));
    await env.query(`update market_feeds set cursor = default where location_id = $1`, [feed.locationId]);
    await env.poll(feed);
    await same();
    expect(await env.news(feed)).toEqual(told);
  });

  it('takes away what is deleted: at once by its journal, else by the walk through its keys', async () => {
    const gone = await someKeys();
    await env.walk(feed);
    await env.order('listings', { keys: gone }, 'DELETE');
    await env.poll(feed);
    const ghosts = Object.keys(await env.local(feed)).filter((key) => gone.includes(key));
    expect(ghosts).toEqual(mode === 'events' ? [] : gone);
    await env.walk(feed);
    await same();
    const { length } = (await env.news(feed)).filter(({ key, kind }) => kind === 'withdrawn' && gone.includes(key));
    const [was] = await env.query<{ active: number }>(
      `select count(*) filter (where status = 'active')::integer as active from listings
        where location_id = $1 and removed_at is not null`,
      [feed.locationId],
    );
    expect(was!.active).toBeGreaterThan(0);
    expect(length).toBeGreaterThanOrEqual(was!.active);
  });

  it('finds by its walk what the journal kept back, and what was lost here', async () => {
    const [one = '', two = '', three = ''] = await someKeys();
    await env.order('events', { withhold: true });
    await env.order(`listings/${one}`, { ListPrice: 123_456 }, 'PATCH');
    await env.order('listings', { keys: [two] }, 'DELETE');
    await env.query('delete from listings where location_id = $1 and listing_key = $2', [feed.locationId, three]);
    await env.poll(feed);
    await env.walk(feed);
    await same();
    const { reconciledAt, walk } = await env.store.open(feed);
    expect(reconciledAt).not.toBeNull();
    expect(walk).toBeNull();
    const [row] = await env.query<{ reconciled: Record<string, object> }>(
      'select reconciled from market_feeds where location_id = $1',
      [feed.locationId],
    );
    expect(row!.reconciled['Property']).toMatchObject({ missing: 1, ghosts: 1 });
  });

  it('keeps what it cannot read as a dead letter with its reason, and takes it back when it can be read', async () => {
    const { value } = (await env.order('poison', {
      kinds: ['no-timestamp', 'unknown-status', 'negative-price'],
    })) as unknown as {
      value: { id: string; kind: string }[];
    };
    await env.poll(feed);
    await env.walk(feed);
    const letters = await env.letters(feed);
    expect(new Set(letters.map(({ key }) => key))).toEqual(new Set(value.map(({ id }) => id)));
    const dead = value.find(({ kind }) => kind === 'unknown-status')!.id;
    expect(letters).toContainEqual(expect.objectContaining({ key: dead, reason: 'unknown-status', open: true }));
    await env.order(`listings/${dead}`, { StandardStatus: 'Active' }, 'PATCH');
    await env.poll(feed);
    const after = (await env.letters(feed)).filter(({ key }) => key === dead);
    expect(after).toContainEqual(expect.objectContaining({ reason: 'unknown-status', open: false }));
    expect(after.filter(({ open, reason }) => open && reason === 'unknown-status')).toEqual([]);
  });

  it('shows a listing to nobody while its newer version cannot be read, and reads it again each night', async () => {
    const [one = ''] = await someKeys();
    await env.order(`listings/${one}`, { StandardStatus: 'Active', InternetEntireListingDisplayYN: true }, 'PATCH');
    await env.poll(feed);
    const stored = async () =>
      (
        await env.query('select status, shown from listings where location_id = $1 and listing_key = $2', [
          feed.locationId,
          one,
        ])
      )[0];
    expect(await stored()).toEqual({ status: 'active', shown: true });
    await env.order('poison', { kinds: ['unknown-status'], key: one });
    await env.poll(feed);
    expect(await stored()).toEqual({ status: 'active', shown: null });
    await env.walk(feed);
    const [row] = await env.query<{ reconciled: Record<string, object> }>(
      'select reconciled from market_feeds where location_id = $1',
      [feed.locationId],
    );
    expect(row!.reconciled['Property']).toMatchObject({ missing: 0, ghosts: 0 });
    expect(await stored()).toEqual({ status: 'active', shown: null });
    // Mended without an event and without a later time: no poll would see it.
    await env.order(`listings/${one}?quiet=true`, { StandardStatus: 'Pending' }, 'PATCH');
    await env.walk(feed);
    expect(await stored()).toEqual({ status: 'pending', shown: true });
    expect((await env.letters(feed)).filter(({ key, open }) => key === one && open)).toEqual([]);
    await same();
  });

  it('lets no open house stand whose newer version cannot be read', async () => {
    const [held = ''] = Object.keys(await env.remote('OpenHouse'));
    const stored = async () =>
      (
        await env.query<{ listing: string; status: string | null }>(
          `select listing_key as listing, status from market_records where location_id = $1 and resource = 'OpenHouse' and record_key = $2`,
          [feed.locationId, held],
        )
      )[0]!;
    const before = await stored();
    const told = await env.news(feed);
    await env.order(`openhouses/${held}`, { ListingKey: null }, 'PATCH');
    await env.poll(feed);
    expect(await stored()).toEqual({ ...before, status: 'unread' });
    await env.order(`openhouses/${held}`, { ListingKey: before.listing }, 'PATCH');
    await env.poll(feed);
    expect(await stored()).toEqual(before);
    expect(await env.news(feed)).toEqual(told);
  });

  it('stores a page whole or not at all when its worker dies, and nothing twice', async () => {
    const [one = ''] = await someKeys();
    await env.order(`listings/${one}`, { ListPrice: 123_456, StandardStatus: 'Active' }, 'PATCH');
    for (const point of ['market.before-commit', 'market.after-commit']) {
      let deaths = 1;
      env.pausing.at = (at) => (at === point && deaths-- > 0 ? Promise.reject(new Error('killed')) : Promise.resolve());
      await expect(env.poll(feed)).rejects.toThrow('killed');
    }
    await env.poll(feed);
    await same();
    const told = (await env.news(feed)).filter(({ key }) => key === one);
    expect(told).toHaveLength(new Set(told.map((news) => JSON.stringify(news))).size);
    expect(told).toContainEqual(expect.objectContaining({ after: '123456.00' }));
  });

  it('is asked by two at once without harm', async () => {
    await env.order('changes', { count: 40 });
    await Promise.all([env.poll(feed), env.poll(feed)]);
    await env.walk(feed);
    await same();
    const changes = await env.query<{ n: number; names: number }>(
      `select count(*)::integer as n, count(distinct (listing_key, change))::integer as names from listing_events where location_id = $1`,
      [feed.locationId],
    );
    expect(changes[0]!.n).toBe(changes[0]!.names);
  });
});

it('keeps for which uses MLS Grid means a record, as its feed says it', async () => {
  await env.fresh({ vendor: 'mlsgrid', quotas: [] });
  feed = await env.feed({ provider: 'mlsgrid' });
  const [one = '', two = '', three = ''] = await someKeys();
  await env.order(`listings/${one}`, { MlgCanUse: ['IDX'] }, 'PATCH');
  await env.order(`listings/${two}`, { MlgCanUse: ['PT', 'BO'] }, 'PATCH');
  await env.order(`listings/${three}`, { MlgCanUse: [] }, 'PATCH');
  await env.poll(feed);
  const stored = await env.query<{ key: string; uses: string[] | null }>(
    'select listing_key as key, uses from listings where location_id = $1 and listing_key = any ($2::text[])',
    [feed.locationId, [one, two, three]],
  );
  expect(Object.fromEntries(stored.map(({ key, uses }) => [key, uses]))).toEqual({
    ...{ [one]: ['IDX'], [two]: ['BO', 'PT'], [three]: [] },
  });
});
