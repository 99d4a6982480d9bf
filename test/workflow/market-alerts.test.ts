import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DateTime } from 'luxon';
import { createFanOut } from '../../activities/market-fan-out.ts';
import { smsSegments } from '../../domain/follow-up/segments.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { FeedRef } from '../../domain/market/feed.ts';
import type { MarketListing } from '../../domain/market/listing.ts';
import { createListingMatcher } from '../../integrations/postgres/listing-matcher.ts';
import { homesIn, looksFor } from '../support/homes.ts';
import { createLeadEnv, type LeadEnv } from '../support/lead-env.ts';
import { HOUR, MINUTE, NEW_YORK, playWith } from '../support/lead-play.ts';

/** From a change of a listing to the text on the lead's phone, in the time of the workflow. */
let env: LeadEnv;
let play: ReturnType<typeof playWith>;
let feed: FeedRef;
let homes: ReturnType<typeof homesIn>;
let fanOut: ReturnType<typeof createFanOut>;
let homesMade = 0;

beforeAll(async () => {
  const rights = { alerts: true, training: false };
  const bay = { provider: 'reso', market: 'bay', originatingSystem: null, pollMinutes: 1, rights } as const;
  env = await createLeadEnv({
    sequences: { 'new-lead-welcome': false },
    market: { feeds: [bay], alerts: { perDay: 2, collectMinutes: 10 } },
  });
  play = playWith(env);
  feed = { locationId: env.locationId, provider: 'reso', market: 'bay' };
  homes = homesIn(env.pool, feed);
  fanOut = createFanOut({
    ...env.deps,
    matcher: createListingMatcher(env.tenants, env.deps.now),
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    mailbox: {
      deliver: ({ locationId, contactId }, { inboxId, kind, at }) =>
        env.arrive({ inboxId, kind, type: kind, locationId, contactId, receivedAt: at }),
    },
  });
});

beforeEach(async () => {
  await env.time.skipTo(NEW_YORK, '10:00');
});
afterEach(() => play.endAll());
afterAll(() => env.close());

/** A city that no other test has. */
const cityOf = (what: string): string => `${what} ${(homesMade += 1)}`;

async function leadIn(city: string, person: Parameters<typeof play.newLead>[0] = {}) {
  const ref = await play.newLead(person);
  await homes.wants(ref.contactId, looksFor(city, 500_000), env.time.now().toISOString());
  return ref;
}

/** A home of the city, and what is new of it. */
async function happens(
  city: string,
  change: Partial<Parameters<typeof homes.tell>[0]> = {},
  listing: Partial<MarketListing> = {},
): Promise<string> {
  await env.time.look();
  const listingKey = listing.listingKey ?? `L${(homesMade += 1)}`;
  await homes.list({ city, ...listing, listingKey });
  const at = env.time.now().toISOString();
  await homes.tell({ listingKey, kind: 'new', change: `${change.kind ?? 'new'}:${at}`, at, ...change });
  await fanOut(feed);
  return listingKey;
}

async function after(ms: number, ...refs: readonly LeadRef[]): Promise<void> {
  await env.time.skip(ms);
  for (const ref of refs) await play.settled(ref);
}

async function texts({ contactId }: LeadRef): Promise<string[]> {
  const { rows } = await env.pool.query<{ body: string }>(
    `select content ->> 'body' as body from outbox where location_id = $1 and contact_id = $2 and channel = 'sms' and state = 'sent' order by sending_at`,
    [env.locationId, contactId],
  );
  return rows.map(({ body }) => body);
}

const news = async ({ contactId }: LeadRef) => (await homes.alerts()).filter(({ contact }) => contact === contactId);
const states = async (ref: LeadRef) => (await news(ref)).map(({ state }) => state);
const said = async (ref: LeadRef) => (await env.deps.leads.timeline(ref, 50)).items.map(({ summary }) => summary);

describe('a price that fell', () => {
  it('reaches exactly the right lead, by one gated text with price, source, day and office', async () => {
    const city = cityOf('Tampa');
    const [right, elsewhere, dearer] = [await leadIn(city), await leadIn(cityOf('Miami')), await play.newLead()];
    await homes.wants(dearer.contactId, looksFor(city, 400_000), env.time.now().toISOString());
    const before = await env.deps.leads.load(right);
    await happens(city, { kind: 'price-change', priceBefore: '440000.00', priceAfter: '425000.00' });
    const waits = await play.settled(right);
    expect(waits.waitingFor).toMatch(/^\w+ 10:1\d in the lead's zone: Listing alert: 1 home$/);
    expect(await texts(right)).toEqual([]);
    await after(11 * MINUTE, right);
    const [text, ...more] = await texts(right);
    expect(more).toEqual([]);
    expect(text).toBe(
      'Robin, Example Realty here. A home like those you look for costs less than before. Price drop: 3 bed, 2 bath at 12 Example Street, ' +
        `${city}, $425,000, was $440,000 (Example MLS, Mar 10). Listed by Bayside Homes. Reply STOP to opt out.`,
    );
    expect(smsSegments(text!).segments).toBeLessThanOrEqual(2);
    expect(await news(right)).toMatchObject([{ kind: 'price-drop', state: 'told', price: '425000.00', step: 'text' }]);
    const gates = await env.pool.query(
      'select from gate_verdicts where location_id = $1 and contact_id = $2 and open',
      [env.locationId, right.contactId],
    );
    expect(gates.rowCount).toBe(1);
    for (const other of [elsewhere, dearer]) expect(await play.effects(other)).toMatchObject({ triedSends: 0 });
    const lead = await env.deps.leads.load(right);
    expect(lead).toMatchObject({ score: before?.score, lastInboundAt: null, lastActivityAt: before?.lastActivityAt });
    expect(await said(right)).toContain('News of 1 home waits for the lead: 1 price drop.');
  });

  it('and rose again before it was told is dropped with why, and nothing is sent', async () => {
    const city = cityOf('Tampa');
    const lead = await leadIn(city);
    const listingKey = await happens(city, { kind: 'price-change', priceBefore: '440000.00', priceAfter: '425000.00' });
    await play.settled(lead);
    await homes.list({ listingKey, city, price: '430000.00' });
    await after(11 * MINUTE, lead);
    expect(await play.effects(lead)).toMatchObject({ triedSends: 0 });
    expect(await news(lead)).toMatchObject([{ state: 'dropped', why: 'the price has changed again' }]);
    expect(await said(lead)).toContain('Dropped news of a home: the price has changed again.');
  });
});

describe('news of homes', () => {
  it('is not sent to a lead that opted out, before it came or while it waited', async () => {
    const city = cityOf('Tampa');
    const [out, goes] = [await leadIn(city), await leadIn(city)];
    await play.says(out, 'STOP');
    await play.settled(out);
    await happens(city);
    await play.settled(out);
    await play.settled(goes);
    await play.says(goes, 'STOP');
    await after(11 * MINUTE, out, goes);
    for (const lead of [out, goes]) {
      expect(await play.effects(lead)).toMatchObject({ triedSends: 0 });
      expect(await news(lead)).toMatchObject([{ state: 'dropped', why: 'the lead has opted out' }]);
    }
  });

  it('that comes together is one text of two segments at most; what has no room in it is counted, and told by the next one', async () => {
    const city = cityOf('Tampa');
    const lead = await leadIn(city);
    for (const price of ['410000.00', '420000.00', '430000.00']) {
      await happens(city, {}, { price });
      await after(3 * MINUTE, lead);
    }
    await after(2 * MINUTE, lead);
    const sent = await texts(lead);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatch(
      /^Robin, Example Realty here with news for your home search\. New: .* And [12] more homes?\. Reply STOP to opt out\.$/,
    );
    expect(smsSegments(sent[0]!).segments).toBe(2);
    const counted = Number(/And (\d) more/.exec(sent[0]!)![1]);
    const first = await news(lead);
    expect(first.filter(({ state }) => state === 'told')).toHaveLength(3 - counted);
    expect(first.filter(({ state }) => state === 'waiting')).toHaveLength(counted);
    for (const { state, price } of first) {
      if (state === 'told') expect(sent[0]).toContain(`$${String(price).slice(0, 3)},000`);
    }
    await after(5 * MINUTE, lead);
    expect(await texts(lead)).toHaveLength(1);
    await after(24 * HOUR, lead);
    const all = (await texts(lead)).join(' ');
    for (const price of ['$410,000', '$420,000', '$430,000']) expect(all.split(price)).toHaveLength(2);
    expect(await states(lead)).toEqual(['told', 'told', 'told']);
  });

  it('beyond two texts a day waits for the next one, and is neither lost nor sent twice', async () => {
    const city = cityOf('Tampa');
    const lead = await leadIn(city);
    for (let n = 0; n < 2; n += 1) {
      await happens(city);
      await after(11 * MINUTE, lead);
    }
    expect(await texts(lead)).toHaveLength(2);
    await happens(city);
    await after(11 * MINUTE, lead);
    await happens(city);
    await after(11 * MINUTE, lead);
    expect(await texts(lead)).toHaveLength(2);
    expect(await states(lead)).toEqual(['told', 'told', 'waiting', 'waiting']);
    expect(await said(lead)).toContain('Listing alert: at most 2 a day; what waits goes into the next one.');
    await after(24 * HOUR, lead);
    expect(await texts(lead)).toHaveLength(3);
    expect(await states(lead)).toEqual(['told', 'told', 'told', 'told']);
  });

  it('waits while a person works the lead, and goes out when it is handed back', async () => {
    const city = cityOf('Tampa');
    const lead = await leadIn(city);
    await play.act(lead, 'takeOver');
    await happens(city);
    await after(HOUR, lead);
    expect(await play.effects(lead)).toMatchObject({ triedSends: 0 });
    expect(await states(lead)).toEqual(['waiting']);
    await play.act(lead, 'resume');
    await after(MINUTE, lead);
    expect(await texts(lead)).toHaveLength(1);
    expect(await states(lead)).toEqual(['told']);
  });

  it('of a night waits for the morning', async () => {
    const city = cityOf('Tampa');
    const lead = await leadIn(city);
    await env.time.skipTo(NEW_YORK, '23:00');
    await happens(city);
    await after(HOUR, lead);
    expect(await texts(lead)).toEqual([]);
    expect(await states(lead)).toEqual(['waiting']);
    await after(9 * HOUR, lead);
    expect(await texts(lead)).toHaveLength(1);
  });
});

describe('an open house', () => {
  it('is told the day before it begins, beside other news, and not when it was called off', async () => {
    const city = cityOf('Tampa');
    const lead = await leadIn(city);
    const begins = DateTime.fromJSDate(env.time.now(), { zone: NEW_YORK }).plus({ days: 3 });
    const startsAt = begins.toJSDate().toISOString();
    const held = await happens(city);
    await opens(held, startsAt);
    const off = await happens(city, {}, { addressShown: false });
    await opens(off, startsAt);
    await after(11 * MINUTE, lead);
    expect(await texts(lead)).toHaveLength(1);
    await env.pool.query(`update market_records set status = 'canceled' where location_id = $1 and listing_key = $2`, [
      env.locationId,
      off,
    ]);
    const dayBefore = begins.minus({ hours: 24 }).toMillis();
    await after(dayBefore - MINUTE - env.time.now().getTime(), lead);
    expect(await texts(lead)).toHaveLength(1);
    await after(11 * MINUTE, lead);
    const [, text, ...more] = await texts(lead);
    expect(more).toEqual([]);
    expect(text).toMatch(
      /^Example Realty: open house \w+, \w+ \d+, 10:0\d AM E[SD]T, 3 bed, 2 bath at 12 Example Street, Tampa \d+, \$425,000 \(Example MLS, Mar 10\)\. Listed by Bayside Homes\. Will you come\? Reply STOP to opt out\.$/,
    );
    expect((await news(lead)).map(({ kind, state }) => `${String(kind)} ${String(state)}`).toSorted()).toEqual([
      ...['new told', 'new told', 'open-house dropped', 'open-house told'],
    ]);
  });

  async function opens(listingKey: string, startsAt: string): Promise<void> {
    await env.pool.query(
      `insert into market_records (location_id, market, resource, record_key, listing_key, modified_at, raw, content_hash, starts_at, status)
        values ($1, 'bay', 'OpenHouse', $2, $2, $3, '{}', '', $3, 'active')`,
      [env.locationId, listingKey, startsAt],
    );
    const at = env.time.now().toISOString();
    await homes.tell({ listingKey, kind: 'open-house', change: `open-house:${listingKey}`, at, startsAt });
    await fanOut(feed);
  }
});
