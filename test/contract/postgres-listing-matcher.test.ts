import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { MarketListing } from '../../domain/market/listing.ts';
import { fits } from '../../domain/market/match.ts';
import { type Wishes, wishesOf, wishText } from '../../domain/market/wishes.ts';
import type { Qualification } from '../../domain/leads/lead.ts';
import { keepWishes, keptWishes, wishHash } from '../../integrations/postgres/lead-wishes.ts';
import { createListingMatcher } from '../../integrations/postgres/listing-matcher.ts';
import * as matches from '../../integrations/postgres/listing-matches.ts';
import { type Place, transaction } from '../../integrations/postgres/pool.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { aListing, anOffer, storeListings } from '../support/market-listings.ts';
import { createRandom } from '../support/random.ts';
import { later, newRef } from '../support/records.ts';

let db: TestDatabase;
let here: string;
let place: Place;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(() => {
  here = newRef().locationId;
  place = db.tenants.at(here);
});

const matcher = () => createListingMatcher(db.tenants, () => new Date(later(0)));
const answer = (value: string | number) => ({ value, at: later(-5), from: 'm' });
const lead = (contactId: string) => ({ locationId: here, contactId });

function wishes(said: {
  readonly area?: string;
  readonly budget?: number;
  readonly home?: string;
  readonly near?: true;
}): Wishes {
  const made: Qualification = {
    ...(said.area === undefined ? {} : { location: answer(said.area) }),
    ...(said.budget === undefined ? {} : { budget: answer(said.budget) }),
    ...(said.home === undefined ? {} : { property: answer(said.home) }),
    ...(said.near === undefined ? {} : { near: { ...answer(''), value: true } }),
  };
  return wishesOf(made, false)!;
}

const keep = (contactId: string, one: Wishes | null, at = later(0)) =>
  transaction(place, (client) => keepWishes(client, lead(contactId), { wishes: one, matches: null, at }));
const keysFor = async (one: Wishes, limit = 20) =>
  (await matcher().find(lead('x'), one, limit)).map(({ listingKey }) => listingKey);
const leadsOf = async (...keys: string[]) =>
  (await matcher().leadsFor(here, keys)).map(({ contactId, listingKey }) => `${contactId} ${listingKey}`).toSorted();

describe('listings for a lead', () => {
  it('are those alone that meet every hard wish, may be shown, are for sale, and are still in their feed', async () => {
    const change: Readonly<
      Record<string, Partial<MarketListing> & { readonly removed?: true; readonly raw?: object }>
    > = {
      'it-fits': {},
      'says-pool': { raw: { PoolPrivateYN: true } },
      'no-pool': { raw: { PoolPrivateYN: false } },
      dear: { price: '450000.01' },
      unpriced: { price: null },
      elsewhere: { city: 'Dallas' },
      nowhere: { city: null },
      small: { bedrooms: 2 },
      'unsaid-rooms': { bedrooms: null },
      'one-bath': { bathrooms: 1.5 },
      'a-lease': { propertyType: 'residential lease' },
      land: { propertyType: 'land' },
      pending: { status: 'pending' },
      'not-shown': { shown: false },
      'shown-unsaid': { shown: null },
      'no-office': { officeName: null },
      gone: { removed: true },
    };
    await storeListings(
      db,
      here,
      Object.entries(change).map(([listingKey, one], i) => ({ ...aListing(listingKey, i), ...one })),
    );
    const asked = wishes({ area: 'Austin, TX', budget: 450_000, home: '3 bed, 2 bath, pool' });
    expect(await keysFor(asked)).toEqual(['says-pool', 'it-fits']);
  });

  it.each([
    ['a ZIP code', '78701', ['zip']],
    ['a county', 'Travis County', ['austin', 'zip']],
    ['a state', 'Texas', ['austin', 'dallas', 'zip']],
    ['two cities', 'Dallas or Portland', ['dallas', 'portland-me', 'portland-or']],
    ['a city in one state of two', 'Portland, OR', ['portland-or']],
    ['a part of a city', 'downtown Austin', ['austin', 'zip']],
    ['a place that no listing names', 'by the beach', []],
  ])('are where it said: %s', async (_what, area, keys) => {
    const nowhere = { county: null, postalCode: null };
    await storeListings(db, here, [
      { ...aListing('austin'), ...nowhere, county: 'Travis' },
      { ...aListing('zip', 1), county: 'Travis County', postalCode: '78701-1234' },
      { ...aListing('dallas', 2), ...nowhere, city: 'DALLAS' },
      { ...aListing('portland-or', 3), ...nowhere, city: 'Portland', state: 'OR' },
      { ...aListing('portland-me', 4), ...nowhere, city: 'Portland', state: 'ME' },
    ]);
    expect((await keysFor(wishes({ area }))).toSorted()).toEqual(keys);
  });

  it('close to a place are within fifteen miles of what is listed there, the nearest first', async () => {
    const at = (latitude: number) => ({ latitude, longitude: -97.75 });
    await storeListings(db, here, [
      { ...aListing('in'), ...at(30.25) },
      { ...aListing('ten-miles'), ...at(30.395), city: 'Pflugerville' },
      { ...aListing('five-miles'), ...at(30.32), city: 'Round Rock' },
      { ...aListing('forty-miles'), ...at(30.83), city: 'Temple' },
      { ...aListing('on-no-map'), latitude: null, longitude: null, city: 'Buda' },
    ]);
    const near = wishes({ area: 'Austin', near: true });
    expect(await keysFor(near)).toEqual(['in', 'five-miles', 'ten-miles']);
    expect(await keysFor(wishes({ area: 'Austin' }))).toEqual(['in']);
    await keep('near', near);
    expect(await leadsOf('five-miles', 'forty-miles', 'on-no-map')).toEqual(['near five-miles']);
  });

  it('shows two units of a building at most, and fills up with others', async () => {
    const tower = Array.from({ length: 10 }, (_, i) => ({
      ...aListing(`unit-${i}`),
      address: `100 Congress Ave #${i}`,
    }));
    const house = { ...aListing('house'), listedAt: later(-80 * 1440), address: '7 Elm St' };
    await storeListings(db, here, [...tower, house]);
    const keys = await keysFor(wishes({ area: 'Austin' }), 5);
    expect(keys).toHaveLength(3);
    expect(keys).toContain('house');
  });

  it('by kept wishes are the same, and without any none', async () => {
    await storeListings(db, here, [aListing('a'), { ...aListing('b'), city: 'Dallas' }]);
    await keep('buyer', wishes({ area: 'Dallas' }));
    expect((await matcher().listingsFor(lead('buyer'), 5)).map(({ listingKey }) => listingKey)).toEqual(['b']);
    expect(await matcher().listingsFor(lead('nobody'), 5)).toEqual([]);
  });
});

it('finds by its indexes what the rule finds by looking at everything, both ways', async () => {
  const random = createRandom(20_261_129);
  const cities = ['Austin', 'Dallas', 'St. Louis', 'Fort Worth', null];
  const listings = Array.from({ length: 250 }, (_, i) => ({
    ...aListing(`l${String(i).padStart(3, '0')}`, i),
    city: random.pick(cities),
    state: random.pick(['TX', 'MO', null]),
    price: random.pick(['199999.99', '300000.00', '425000.00', '650000.00', null]),
    bedrooms: random.pick([1, 2, 3, 4, null]),
    bathrooms: random.pick([1, 2, 2.5, null]),
    livingSqft: random.pick([900, 1500, 2200, null]),
    ...random.pick([
      { propertyType: 'residential', subtype: 'condominium' },
      { propertyType: 'residential', subtype: null },
      { propertyType: 'residential income', subtype: 'duplex' },
      { propertyType: 'land', subtype: null },
    ]),
    raw: random.pick([{}, { PoolPrivateYN: true }, { PoolPrivateYN: false, GarageYN: true }]),
  }));
  await storeListings(db, here, listings);
  const areas = ['Austin', 'Saint Louis', 'Ft Worth or Dallas', 'Austin, TX', 'Missouri', '', 'the suburbs'];
  const asked = Array.from({ length: 80 }, (_, i) => {
    const qualification: Qualification = {
      location: answer(random.pick(areas)),
      ...random.pick([{}, { budget: answer(300_000) }, { budget: answer(425_000), priceFrom: answer(250_000) }]),
      ...random.pick([
        {},
        { property: answer('2 bed') },
        { property: answer('3 bed, 2 bath, pool') },
        { property: answer('condo, duplex') },
        { property: answer('land') },
      ]),
      ...random.pick([{}, {}, { minSqft: answer(1400) }]),
    };
    return [`lead${i}`, wishesOf(qualification, false)] as const;
  });
  const wanted: string[] = [];
  for (const [contactId, one] of asked) {
    await keep(contactId, one);
    if (one === null) continue;
    const fitting = listings
      .filter((listing) => fits({ wishes: one, centre: null }, anOffer(listing)))
      .map(({ listingKey }) => listingKey);
    wanted.push(...fitting.map((key) => `${contactId} ${key}`));
    expect((await keysFor(one, 1000)).toSorted()).toEqual(fitting.toSorted());
  }
  expect(wanted.length).toBeGreaterThan(500);
  expect(await leadsOf(...listings.map(({ listingKey }) => listingKey))).toEqual(wanted.toSorted());
});

describe('wishes as they are kept', () => {
  it('come back as they were stated, with who said so', async () => {
    const asked = wishesOf(
      {
        location: answer('Austin or 78701'),
        budget: answer(450_000.5),
        priceFrom: answer(1),
        property: answer('3 bed, 2.5 bath, condo, pool'),
        minSqft: answer(1400),
      },
      false,
    )!;
    await keep('a', asked);
    const kept = await keptWishes(place, lead('a'));
    expect(kept?.wishes).toEqual(asked);
    expect(asked.stated.place).toEqual({ from: 'm', at: later(-5) });
    expect(wishHash(kept!.wishes)).toBe(wishHash(asked));
    expect(wishText(kept!.wishes)).not.toContain('"m"');
  });

  it('keep their time while they ask for the same, and concern nobody once they are gone', async () => {
    await storeListings(db, here, [aListing('a'), { ...aListing('b'), city: 'Dallas' }]);
    const changedAt = async () =>
      (await db.pool.query<{ at: string }>(`select changed_at as at from lead_wishes where location_id = $1`, [here]))
        .rows[0]?.at;
    await keep('a', wishes({ area: 'Austin' }), later(1));
    await keep('a', wishes({ area: 'Austin' }), later(2));
    expect(await changedAt()).toBe(later(1));
    await keep('a', wishes({ area: 'Dallas', budget: 500_000 }), later(3));
    expect(await changedAt()).toBe(later(3));
    expect(await leadsOf('a', 'b')).toEqual(['a b']);
    await keep('a', null);
    expect([await changedAt(), await leadsOf('a', 'b')]).toEqual([undefined, []]);
  });

  it('come with what was found for them, and what no longer fits goes', async () => {
    const found = (listingKey: string, score: number) => ({
      contactId: 'a',
      listingKey,
      score,
      reasons: ['in Austin, as asked'],
      matchedAt: later(0),
    });
    const keepWith = (...all: ReturnType<typeof found>[]) =>
      transaction(place, (client) =>
        keepWishes(client, lead('a'), { wishes: wishes({ area: 'Austin' }), matches: all, at: later(0) }),
      );
    await keepWith(found('one', 0.5), found('two', 0.4));
    await keepWith(found('two', 0.9), found('three', 0.3));
    expect(
      (await matches.best(place, lead('a'), { limit: 9 })).map(({ listingKey, score }) => [listingKey, score]),
    ).toEqual([
      ['two', 0.9],
      ['three', 0.3],
    ]);
    await keep('a', null);
    expect(await matches.best(place, lead('a'), { limit: 9 })).toEqual([]);
  });
});

it('keeps to its location: neither another’s listings nor another’s leads are found', async () => {
  const there = newRef().locationId;
  await storeListings(db, here, [aListing('a')]);
  await storeListings(db, there, [aListing('a'), aListing('b')]);
  await keep('mine', wishes({ area: 'Austin' }));
  await transaction(db.tenants.at(there), (client) =>
    keepWishes(
      client,
      { locationId: there, contactId: 'theirs' },
      { wishes: wishes({ area: 'Austin' }), matches: null, at: later(0) },
    ),
  );
  expect(await keysFor(wishes({ area: 'Austin' }))).toEqual(['a']);
  expect(await leadsOf('a', 'b')).toEqual(['mine a']);
  // The wall is the database's: a statement that names the other location in the tenant's role finds nothing.
  expect((await place.query('select from lead_wishes where location_id = $1', [there])).rowCount).toBe(0);
  await expect(
    place.query(`insert into lead_wish_places values ($1, 'austin', 1, 'x')`, [there]),
  ).rejects.toMatchObject({ code: '42501' });
});
