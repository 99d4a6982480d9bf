import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { changesOf, openHouseChange, removalOf } from '../../domain/market/changes.ts';
import type { Drift } from '../../domain/market/drift.ts';
import type { FeedRef } from '../../domain/market/feed.ts';
import { feedsShown } from '../../domain/market/standing.ts';
import type { MarketStatus } from '../../domain/ports/market-status.ts';
import type { MarketStore } from '../../domain/ports/market-store.ts';
import { createMarketStatus } from '../../integrations/postgres/market-status.ts';
import { createMarketStore } from '../../integrations/postgres/market-store.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { feedPage, listingRow } from '../support/market-rows.ts';
import { allPages, expectOwnCursorsOnly } from '../support/pages.ts';
import { later, newRef } from '../support/records.ts';

let db: TestDatabase;
let status: MarketStatus;
let store: MarketStore;
let feed: FeedRef;
beforeAll(async () => {
  db = await createTestDatabase();
  status = createMarketStatus(db.tenants);
  store = createMarketStore(db.tenants, { changesOf, removalOf, openHouseChange });
});
afterAll(() => db.drop());
beforeEach(async () => {
  const { locationId } = newRef();
  feed = { locationId, provider: 'trestle', market: `bay-${locationId.slice(-8)}` };
  await store.open(feed);
});

const priceDrift: Drift = {
  ...{ resource: 'Property', field: 'ListPrice', kind: 'type', frozen: true },
  ...{ before: 'Edm.Decimal', after: 'Edm.String' },
};
const keepDrift = (at: string, ...drift: readonly Drift[]) =>
  store.keepMetadata(feed, { at, metadata: { hash: 'h', resources: { Property: {} }, lookups: {} }, drift });
const dead = (key: string, reason: string, at = later(1)) =>
  store.commit(
    feed,
    feedPage({
      at,
      dead: [
        { resource: 'Property', key, reason, field: 'ListPrice', detail: 'expected a price', raw: { ListingKey: key } },
      ],
    }),
  );
const mine = (listingKey: string, change = {}) => listingRow(listingKey, { market: feed.market, ...change });
const seen = async (now = later(5)) => (await status.feeds(feed.locationId, now))[0]!;

describe('how a feed stands', () => {
  it('is nothing that anybody invented where it was never asked', async () => {
    expect(await seen()).toEqual({
      ...{ market: feed.market, provider: 'trestle', mode: null, phase: 'initial' },
      ...{ cursor: { sequence: null, resources: {} }, polledAt: null, pageAt: null, newestAt: null },
      ...{ recent: { records: 0, since: null }, quota: null, heldUntil: null, failing: null, failingSince: null },
      ...{ listings: { active: 0, all: 0 }, deadLetters: {}, drift: { open: 0, frozen: [] }, pushWaiting: 0 },
      ...{ reconciledAt: null, reconciled: null, walkingSince: null, halted: null },
    });
    expect(await status.feeds('nobody', later(5))).toEqual([]);
  });

  it('tells what pages brought, what waits and what is wrong, and nothing of another location', async () => {
    const quota = { at: later(2), left: 40, limit: 50, resetsAt: later(60) };
    await store.setMode(feed, 'timestamps');
    await store.commit(
      feed,
      feedPage({ at: later(2), quota, listings: [mine('L1'), mine('L2', { status: 'closed' })] }),
    );
    await store.commit(feed, feedPage({ at: later(-60), listings: [mine('L3')] }));
    await dead('L4', 'absurd', later(3));
    await dead('L5', 'absurd', later(3));
    await dead('L6', 'no-key', later(3));
    await keepDrift(later(3), priceDrift, { ...priceDrift, field: 'Beds', kind: 'added', frozen: false });
    await store.acceptPush(feed, [{ sequence: '7', resource: 'Property', key: 'L1' }], later(3));
    await store.settle(feed, { at: later(4), live: true });
    await store.fail(feed, { at: later(5), code: 'FEED_AWAY' });
    expect(await seen()).toMatchObject({
      ...{ mode: 'timestamps', phase: 'live', polledAt: later(4), quota, failing: 'FEED_AWAY', failingSince: later(5) },
      recent: { records: 2, since: later(2) },
      ...{ listings: { active: 2, all: 3 }, deadLetters: { absurd: 2, 'no-key': 1 }, pushWaiting: 1 },
      drift: { open: 2, frozen: ['Property.ListPrice'] },
    });
    const { locationId } = newRef();
    await store.open({ locationId, provider: 'reso', market: `other-${locationId}` });
    expect(await status.feeds(locationId, later(5))).toMatchObject([{ listings: { all: 0 }, deadLetters: {} }]);
  });

  it('in one word follows what is stored and chosen', async () => {
    const rights = { alerts: true, training: false };
    const choice = { ...feed, originatingSystem: null, pollMinutes: 5, rights };
    const word = async (now: string, chosen = [choice]) =>
      feedsShown(feed.locationId, chosen, await status.feeds(feed.locationId, now), now).map(
        ({ standing }) => standing,
      );
    expect(await word(later(1))).toEqual(['initial']);
    await store.settle(feed, { at: later(2), live: true });
    expect(await word(later(3))).toEqual(['well']);
    expect(await word(later(18))).toEqual(['behind']);
    await store.fail(feed, { at: later(3), code: 'FEED_BROKEN' });
    expect(await word(later(3))).toEqual(['failing']);
    await store.hold(feed, { at: later(3), until: later(9), code: 'FEED_BUSY' });
    expect(await word(later(4))).toEqual(['held']);
    expect(await word(later(4), [])).toEqual(['left']);
    expect(await word(later(4), [{ ...choice, provider: 'trestle', market: 'another' }])).toEqual([
      'not-started',
      'left',
    ]);
  });
});

describe('dead letters', () => {
  it('are listed page by page, the last first, with the record as it came; what is resolved only where it is asked for', async () => {
    for (let n = 0; n < 7; n += 1) await dead(`L${n}`, n % 2 === 0 ? 'absurd' : 'no-key', later(n));
    await dead('L0', 'absurd', later(20));
    await store.commit(feed, feedPage({ at: later(30), listings: [mine('L1')] }));
    const { locationId } = feed;
    const list =
      (over = {}) =>
      (cursor?: string) =>
        status.deadLetters({ locationId, limit: 2, cursor, ...over });
    const open = await allPages(list());
    expect(open.map(({ recordKey }) => recordKey)).toEqual(['L0', 'L6', 'L5', 'L4', 'L3', 'L2']);
    expect(open[0]).toEqual({
      ...{ market: feed.market, resource: 'Property', recordKey: 'L0', reason: 'absurd', field: 'ListPrice' },
      ...{ detail: 'expected a price', raw: { ListingKey: 'L0' }, times: 2, resolvedAt: null },
      ...{ firstAt: later(0), lastAt: later(20) },
    });
    expect((await allPages(list({ all: true }))).find(({ recordKey }) => recordKey === 'L1')?.resolvedAt).toBe(
      later(30),
    );
    expect(await allPages(list({ reason: 'no-key' }))).toHaveLength(2);
    expect(await allPages(list({ market: 'another' }))).toEqual([]);
    await expectOwnCursorsOnly(list(), [list({ all: true }), list({ reason: 'absurd' })]);
  });
});

describe('drift', () => {
  it('that is acknowledged unfreezes its field, says who did it first, and has what was read meanwhile read again', async () => {
    await store.commit(feed, feedPage({ listings: [mine('L1'), mine('L2')] }));
    await keepDrift(later(2), priceDrift);
    await keepDrift(
      later(3),
      { ...priceDrift, before: 'Edm.String', after: 'Edm.Int64' },
      { ...priceDrift, field: 'Beds' },
    );
    const { locationId } = feed;
    const open = await allPages((cursor) => status.drift({ locationId, limit: 1, cursor }));
    expect(open.map(({ field, at }) => [field, at])).toEqual([
      ...[
        ['Beds', later(3)],
        ['ListPrice', later(3)],
        ['ListPrice', later(2)],
      ],
    ]);
    const newest = open[1]!;
    const done = await status.acknowledge(feed, newest.driftId, 'ann', later(4));
    expect(done).toEqual({ drift: { ...newest, acknowledgedAt: later(4), acknowledgedBy: 'ann' }, toReadAgain: 2 });
    expect((await store.open(feed)).frozen.map(({ field }) => field)).toEqual(['Beds']);
    const again = await status.acknowledge(feed, newest.driftId, 'bob', later(5));
    expect(again).toEqual({ drift: done?.drift, toReadAgain: 0 });
    // The very same content is taken now, with what the frozen field says.
    const stored = await store.commit(
      feed,
      feedPage({ at: later(6), why: 'backfill', listings: [mine('L1', { price: '99.00' })] }),
    );
    expect(stored).toMatchObject({ changed: 1 });
    expect((await status.listing(locationId, 'L1'))?.listing.price).toBe('99.00');
    expect(await status.drift({ locationId, limit: 9 })).toMatchObject({ items: [{ field: 'Beds' }] });
    expect((await status.drift({ locationId, limit: 9, all: true })).items).toHaveLength(3);
  });

  it('of another location or feed is not there', async () => {
    await keepDrift(later(2), priceDrift);
    const [{ driftId } = { driftId: 0 }] = (await status.drift({ locationId: feed.locationId, limit: 1 })).items;
    for (const other of [
      { ...feed, locationId: 'nobody' },
      { ...feed, market: 'another' },
    ]) {
      expect(await status.acknowledge(other, driftId, 'ann', later(4))).toBeUndefined();
    }
    expect((await store.open(feed)).frozen).toHaveLength(1);
  });
});

describe('a listing', () => {
  it('has where it comes from and what happened to it; what no feed brought is none', async () => {
    await store.settle(feed, { at: later(0), live: true });
    await store.commit(feed, feedPage({ at: later(1), listings: [mine('L1')] }));
    const cheaper = listingRow('L1', { market: feed.market, price: '400000.00', changedAt: later(5) }, 'h2');
    await store.commit(feed, feedPage({ at: later(6), listings: [cheaper] }));
    expect(await status.listing(feed.locationId, 'L1')).toMatchObject({
      ...{ listing: { listingKey: 'L1', price: '400000.00', officeName: 'Example Realty' }, provider: 'trestle' },
      ...{ seenAt: later(6), removedAt: null, contentHash: 'h2' },
      events: [
        { kind: 'price-change', priceBefore: '425000.00', priceAfter: '400000.00', fannedAt: null },
        { kind: 'new', change: 'new' },
      ],
    });
    expect(await status.listing(feed.locationId, 'nothing')).toBeUndefined();
    expect(await status.listing('nobody', 'L1')).toBeUndefined();
  });
});

describe('alerts', () => {
  it('have the figure behind them, its source and as of when, by lead and by listing', async () => {
    await store.commit(feed, feedPage({ listings: [mine('L1'), mine('L2')] }));
    const { locationId } = feed;
    await db.pool.query(
      `insert into market_alerts (location_id, contact_id, listing_key, change, kind, state, score, reasons, price_before, price_after, price_told,
         market, as_of, decided_at)
       select $1, 'c' || n % 2, 'L' || 1 + n % 3 % 2, 'price-change:' || n, 'price-drop', 'told', 0.5, '["in Austin"]', 425000, 400000 + n, 400000,
         $2, $3, $4::timestamptz + n * interval '1 minute' from generate_series(0, 5) as n`,
      [locationId, feed.market, later(5), later(10)],
    );
    const list = (over: object) => (cursor?: string) => status.alerts({ locationId, limit: 1, cursor, ...over });
    const ofLead = await allPages(list({ contactId: 'c1' }));
    expect(ofLead.map(({ change }) => change)).toEqual(['price-change:5', 'price-change:3', 'price-change:1']);
    expect(ofLead[0]).toMatchObject({
      ...{ listingKey: 'L1', state: 'told', reasons: ['in Austin'] },
      figure: { priceBefore: '425000.00', priceAfter: '400005.00', priceTold: '400000.00', asOf: later(5) },
      source: { market: feed.market, provider: 'trestle', listingId: 'AL1', officeName: 'Example Realty' },
    });
    expect(await allPages(list({ listingKey: 'L2' }))).toHaveLength(2);
    expect(await allPages(list({ listingKey: 'L2', contactId: 'c1' }))).toHaveLength(1);
    await expectOwnCursorsOnly(list({ contactId: 'c1' }), [list({ contactId: 'c0' }), list({ listingKey: 'L1' })]);
  });
});

describe('a comparison of keys', () => {
  it('that is asked for is due with the next poll, once; what the last one found stays', async () => {
    const { walk } = await store.open(feed);
    expect(walk).toBeNull();
    await db.pool.query(
      `update market_feeds set reconciled_at = $2, reconciled = '{"Property": {"feed": 2, "local": 2, "missing": 0, "ghosts": 0}}'
      where location_id = $1`,
      [feed.locationId, later(1)],
    );
    expect(await status.reconcile(feed)).toBe(true);
    expect((await store.open(feed)).reconciledAt).toBeNull();
    expect(await seen()).toMatchObject({ reconciledAt: null, reconciled: { Property: { feed: 2 } } });
    await db.pool.query(
      `update market_feeds set key_scan = jsonb_build_object('startedAt', $2::text) where location_id = $1`,
      [feed.locationId, later(2)],
    );
    expect(await status.reconcile(feed)).toBe(false);
    expect(await seen()).toMatchObject({ walkingSince: later(2) });
    expect(await status.reconcile({ ...feed, market: 'another' })).toBeUndefined();
  });
});
