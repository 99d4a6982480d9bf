import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createFanOut, type FanOutDeps } from '../../activities/market-fan-out.ts';
import type { FeedRef } from '../../domain/market/feed.ts';
import { createInboxStore } from '../../integrations/postgres/inbox.ts';
import { createListingMatcher } from '../../integrations/postgres/listing-matcher.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { createMarketAlertStore } from '../../integrations/postgres/market-alerts.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { recordingLog } from '../support/ghl-crm.ts';
import { homesIn, looksFor } from '../support/homes.ts';
import { installLocation, newRef } from '../support/records.ts';
import { testSealing } from '../support/tokens.ts';

/** From changes of listings to events in the inbox, in a real database and with the real matcher. */
let db: TestDatabase;
let feed: FeedRef;
let homes: ReturnType<typeof homesIn>;
let delivered: string[];
let away: boolean;
let deps: FanOutDeps;
let fanOut: ReturnType<typeof createFanOut>;

const now = new Date('2026-03-10T16:00:00.000Z');
const at = '2026-03-10T15:59:00.000Z';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const isNew = (listingKey: string) => ({ listingKey, kind: 'new', change: 'new', at }) as const;
const contacts = async () => (await homes.alerts()).map(({ contact }) => contact);
const states = async () =>
  (await homes.alerts()).map(({ contact, kind, state }) => `${String(contact)} ${String(kind)} ${String(state)}`);

beforeAll(async () => {
  db = await createTestDatabase();
  await db.pool.query(`select make_analytics_months($1, $1)`, [at.slice(0, 10)]);
});
afterAll(() => db.drop());

beforeEach(async () => {
  const { locationId } = newRef();
  feed = {
    locationId,
    provider: 'reso',
    market: `bay-${locationId.toLowerCase().replace(/[^a-z0-9]/g, '')}`.slice(0, 40),
  };
  const locations = createLocationStore(db.tenants, testSealing());
  await installLocation(locations, locationId);
  await choose({ alerts: true, training: false });
  homes = homesIn(db.pool, feed);
  delivered = [];
  away = false;
  deps = {
    alerts: createMarketAlertStore(db.tenants),
    matcher: createListingMatcher(db.tenants, () => now),
    locations,
    inbox: createInboxStore(db.tenants),
    mailbox: {
      deliver: ({ contactId }) => {
        if (away) return Promise.reject(new Error('Temporal is away'));
        delivered.push(contactId);
        return Promise.resolve();
      },
    },
    pauses: { at: () => Promise.resolve() },
    log: recordingLog(),
    now: () => now,
    sha256,
  };
  fanOut = createFanOut(deps);
});

async function choose(rights: object): Promise<void> {
  const feeds = [{ provider: 'reso', market: feed.market, originatingSystem: null, pollMinutes: 1, rights }];
  await db.pool.query(`update locations set settings = settings || $2::jsonb where location_id = $1`, [
    feed.locationId,
    { market: { feeds, alerts: { perDay: 2, collectMinutes: 10 } } },
  ]);
}

async function lookedAt(listing: string, contact: string, type: string): Promise<void> {
  await db.pool.query(
    `insert into analytics_events (location_id, at, type, contact_id, detail) values ($1, $2, $3, $4, $5)`,
    [feed.locationId, at, type, contact, { listing }],
  );
}

async function inbox() {
  const { rows } = await db.pool.query<{
    contact: string;
    verdict: string;
    body: string;
    source: string;
    kind: string;
  }>(
    `select contact_id as contact, verdict, convert_from(body, 'UTF8') as body, source, kind from inbox where location_id = $1 order by 1`,
    [feed.locationId],
  );
  return rows;
}

describe('a change', () => {
  it('reaches the 50 leads that it concerns of 400, and nobody else, by one event each', async () => {
    for (let n = 0; n < 400; n += 1) {
      const fits = n % 8 === 0;
      await homes.wants(
        `con${String(n).padStart(3, '0')}`,
        looksFor(fits ? 'Tampa' : 'Miami', n % 16 === 4 ? 1 : 500_000),
        at,
      );
    }
    await homes.list({ listingKey: 'L1' });
    await homes.tell(isNew('L1'));
    expect(await fanOut(feed)).toEqual({ changes: 1, alerts: 50, more: false });
    const wanted = Array.from({ length: 50 }, (_, n) => `con${String(n * 8).padStart(3, '0')}`);
    expect((await contacts()).toSorted()).toEqual(wanted);
    expect(delivered.toSorted()).toEqual(wanted);
    const events = await inbox();
    expect(events.map(({ contact }) => contact)).toEqual(wanted);
    expect(events[0]).toMatchObject({
      source: 'internal',
      kind: 'market.alert',
      verdict: 'dispatched',
      body: '{"news":[["L1","new"]]}',
    });
    const linked = await db.pool.query(
      'select from market_alerts a join inbox i using (inbox_id) where a.location_id = $1 and a.contact_id = i.contact_id',
      [feed.locationId],
    );
    expect(linked.rowCount).toBe(50);
  });

  it('told twice, fanned out twice and by two at once makes one alert and one event', async () => {
    await homes.wants('con1', looksFor('Tampa', 500_000), at);
    for (let n = 0; n < 30; n += 1) await homes.list({ listingKey: `L${n}` });
    for (let n = 0; n < 30; n += 1) await homes.tell(isNew(`L${n}`));
    const [one, two] = await Promise.all([fanOut(feed), fanOut(feed)]);
    expect(one.alerts + two.alerts).toBe(30);
    for (let n = 0; n < 30; n += 1) await homes.tell(isNew(`L${n}`));
    expect(await fanOut(feed)).toEqual({ changes: 0, alerts: 0, more: false });
    await db.pool.query('update listing_events set fanned_at = null where location_id = $1', [feed.locationId]);
    expect(await fanOut(feed)).toEqual({ changes: 30, alerts: 0, more: false });
    expect(await homes.alerts()).toHaveLength(30);
    expect(await inbox()).toHaveLength(1);
  });

  it('whose lead cannot be reached waits in the inbox for the sweep', async () => {
    await homes.wants('con1', looksFor('Tampa', 500_000), at);
    await homes.list({ listingKey: 'L1' });
    await homes.tell(isNew('L1'));
    away = true;
    expect(await fanOut(feed)).toEqual({ changes: 1, alerts: 1, more: false });
    expect(await inbox()).toMatchObject([{ contact: 'con1', verdict: 'received' }]);
  });

  it('cut short before its commit is fanned out by the next run, and after it is not again', async () => {
    await homes.wants('con1', looksFor('Tampa', 500_000), at);
    await homes.list({ listingKey: 'L1' });
    await homes.tell(isNew('L1'));
    const dies = createFanOut({ ...deps, pauses: { at: () => Promise.reject(new Error('killed')) } });
    await expect(dies(feed)).rejects.toThrow('killed');
    expect(await inbox()).toMatchObject([{ verdict: 'received' }]);
    expect(await fanOut(feed)).toEqual({ changes: 0, alerts: 0, more: false });
    expect(await homes.alerts()).toHaveLength(1);
  });

  it('of a hundred and more is told in several runs', async () => {
    await homes.wants('con1', looksFor('Tampa', 500_000), at);
    for (let n = 0; n < 120; n += 1) {
      await homes.list({ listingKey: `L${n}` });
      await homes.tell(isNew(`L${n}`));
    }
    expect(await fanOut(feed)).toMatchObject({ changes: 100, more: true });
    expect(await fanOut(feed)).toMatchObject({ changes: 20, more: false });
    expect(await homes.alerts()).toHaveLength(120);
  });
});

describe('nobody hears of', () => {
  beforeEach(() => homes.wants('con1', looksFor('Tampa', 500_000), at));

  it.each<[string, Parameters<typeof homes.list>[0]]>([
    ['a listing that nobody says may be shown', { shown: null }],
    ['a listing without an office to be credited', { officeName: null }],
    ['a listing that costs more than was said', { price: '500000.01' }],
    ['a listing elsewhere', { city: 'Miami' }],
  ])('%s', async (_, change) => {
    await homes.list({ listingKey: 'L1', ...change });
    await homes.tell(isNew('L1'));
    expect(await fanOut(feed)).toEqual({ changes: 1, alerts: 0, more: false });
    expect(await inbox()).toEqual([]);
  });

  it.each<[string, object]>([
    ['a feed whose licence says nothing of alerts', { training: true }],
    ['a feed whose licence forbids alerts', { alerts: false, training: true }],
  ])('%s', async (_, rights) => {
    await choose({ alerts: false, training: false, ...rights });
    await homes.list({ listingKey: 'L1' });
    await homes.tell(isNew('L1'));
    expect(await fanOut(feed)).toEqual({ changes: 1, alerts: 0, more: false });
  });

  it('a price that rose, and a home that was taken from the market', async () => {
    await homes.list({ listingKey: 'L1' });
    await homes.tell({
      ...isNew('L1'),
      kind: 'price-change',
      change: 'p',
      priceBefore: '400000',
      priceAfter: '425000',
    });
    await homes.tell({ ...isNew('L1'), kind: 'withdrawn', change: 'w' });
    expect(await fanOut(feed)).toEqual({ changes: 2, alerts: 0, more: false });
  });

  it('news that is days old when it comes: it is kept as dropped, with why', async () => {
    await homes.list({ listingKey: 'L1' });
    await homes.tell({ ...isNew('L1'), at: '2026-03-07T15:00:00.000Z' });
    await fanOut(feed);
    expect(await homes.alerts()).toMatchObject([
      { state: 'dropped', why: 'it waited for three days and is news no more' },
    ]);
    expect(await inbox()).toEqual([]);
  });
});

describe('a feed whose status is frozen', () => {
  it('is told of by nothing until somebody has seen the change', async () => {
    await homes.wants('con1', looksFor('Tampa', 500_000), at);
    await db.pool.query(
      `insert into market_drift (location_id, market, at, resource, field, kind, frozen)
        values ($1, $2, $3, 'Property', 'StandardStatus', 'type', true)`,
      [feed.locationId, feed.market, at],
    );
    for (const listingKey of ['L1', 'L2']) await homes.list({ listingKey });
    await homes.tell(isNew('L1'));
    await fanOut(feed);
    await db.pool.query('update market_drift set acknowledged_at = $2 where location_id = $1', [feed.locationId, at]);
    await homes.tell(isNew('L2'));
    await fanOut(feed);
    expect(await homes.alerts()).toMatchObject([
      { listing: 'L1', state: 'dropped', why: 'whether the listing is active cannot be read from the feed at present' },
      { listing: 'L2', state: 'waiting' },
    ]);
  });
});

describe('an open house', () => {
  it('that was announced a week ahead waits for its day, and is dropped when it has begun', async () => {
    const startsAt = '2026-03-11T16:00:00.000Z';
    await homes.wants('con1', looksFor('Tampa', 500_000), at);
    await homes.list({ listingKey: 'L1' });
    await db.pool.query(
      `insert into market_records (location_id, market, resource, record_key, listing_key, modified_at, raw, content_hash, starts_at, status)
        values ($1, $2, 'OpenHouse', 'O1', 'L1', $3, '{}', '', $4, 'active')`,
      [feed.locationId, feed.market, at, startsAt],
    );
    const announced = '2026-03-04T16:00:00.000Z';
    await homes.tell({ listingKey: 'L1', kind: 'open-house', change: 'open-house:1', at: announced, startsAt });
    await fanOut(feed);
    expect(await states()).toEqual(['con1 open-house waiting']);
    const on = (day: string) => createFanOut({ ...deps, now: () => new Date(day) })(feed);
    await db.pool.query('update market_alerts set decided_at = $2 where location_id = $1', [
      feed.locationId,
      announced,
    ]);
    await on('2026-03-11T15:59:59.000Z');
    expect(await states()).toEqual(['con1 open-house waiting']);
    await on(startsAt);
    expect(await homes.alerts()).toMatchObject([{ state: 'dropped', why: 'the open house has begun' }]);
  });
});

describe('a home that is gone', () => {
  it('takes its waiting news away, and is news only to who was told of it or looked at it', async () => {
    for (const contactId of ['told', 'waits']) await homes.wants(contactId, looksFor('Tampa', 500_000), at);
    await homes.list({ listingKey: 'L1' });
    await homes.tell(isNew('L1'));
    await fanOut(feed);
    await db.pool.query(`update market_alerts set state = 'told' where location_id = $1 and contact_id = 'told'`, [
      feed.locationId,
    ]);
    await lookedAt('L1', 'looked', 'property.view');
    await lookedAt('L1', 'swiped', 'property.dislike');
    await homes.list({ listingKey: 'L1', status: 'pending' });
    await homes.tell({ ...isNew('L1'), kind: 'pending', change: 'pending:1' });
    // What is let is not sold: whoever looked at it is told nothing.
    await lookedAt('R1', 'looked', 'property.view');
    await homes.list({ listingKey: 'R1', status: 'closed', propertyType: 'residential lease' });
    await homes.tell({ ...isNew('R1'), kind: 'closed', change: 'closed:1' });
    expect(await fanOut(feed)).toMatchObject({ alerts: 2 });
    expect((await states()).toSorted()).toEqual([
      'looked pending waiting',
      'told new told',
      'told pending waiting',
      'waits new dropped',
    ]);
    expect(delivered.slice(2).toSorted()).toEqual(['looked', 'told']);
  });
});
