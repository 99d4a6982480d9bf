import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Listing, ListingEvent, ListingMatch } from '../../domain/market/listing.ts';
import * as matches from '../../integrations/postgres/listing-matches.ts';
import * as listings from '../../integrations/postgres/listings.ts';
import type { Place } from '../../integrations/postgres/pool.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { allPages, expectOwnCursorsOnly } from '../support/pages.ts';
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

function listing(listingKey: string, change: Partial<Listing> = {}): Listing {
  return {
    listingKey,
    status: 'active',
    propertyType: 'residential',
    price: '425000.00',
    city: 'Austin',
    postalCode: '78701',
    bedrooms: 3,
    bathrooms: 2.5,
    livingSqft: 1850,
    latitude: 30.25,
    longitude: -97.75,
    remarks: 'Sunny corner lot',
    listedAt: later(-60),
    changedAt: later(0),
    ...change,
  };
}

const store = (...all: Listing[]): Promise<number> => listings.store(place, here, all);
const keys = (rows: readonly { readonly listingKey: string }[]): string[] => rows.map((row) => row.listingKey);
const one = async (listingKey: string): Promise<Listing | undefined> =>
  (await listings.match(place, here, { cities: [], propertyTypes: [], limit: 100 })).find(
    (row) => row.listingKey === listingKey,
  );

describe('storing listings', () => {
  it('keeps every value as it came, prices digit for digit, and the unknown as unknown', async () => {
    const unknown = { price: null, city: null, postalCode: null, bedrooms: null, bathrooms: null, livingSqft: null };
    const nowhere = { latitude: null, longitude: null, remarks: null, listedAt: null };
    const all = [
      listing('a', { price: '999999999999.99', bathrooms: 1.5 }),
      listing('b', { ...unknown, ...nowhere }),
      listing('c', { price: '0.10', remarks: `'); drop table listings; -- "ünï" \\ 🏡` }),
    ];
    expect(await store(...all)).toBe(3);
    for (const given of all) expect(await one(given.listingKey)).toEqual(given);
  });

  it('never lets what is older overwrite what is newer, and writes nothing that is the same', async () => {
    expect(await store(listing('a', { price: '300000.00', changedAt: later(5) }))).toBe(1);
    expect(await store(listing('a', { price: '1.00', changedAt: later(4) }))).toBe(0);
    expect(await store(listing('a', { price: '300000.00', changedAt: later(5) }))).toBe(0);
    expect((await one('a'))?.price).toBe('300000.00');
    // The same instant told differently: what came last holds.
    expect(await store(listing('a', { price: '310000.00', changedAt: later(5) }))).toBe(1);
    expect(await store(listing('a', { price: '320000.00', changedAt: later(6) }), listing('b'))).toBe(2);
    expect((await one('a'))?.price).toBe('320000.00');
  });

  it('takes the newest of those that come twice in one delivery', async () => {
    const twice = [
      listing('a', { bedrooms: 5, changedAt: later(9) }),
      listing('a', { bedrooms: 4, changedAt: later(8) }),
    ];
    expect(await store(...twice)).toBe(1);
    expect((await one('a'))?.bedrooms).toBe(5);
    expect(await store()).toBe(0);
  });

  it('ends in the newest however many store at once, in whatever order', async () => {
    const versions = Array.from({ length: 20 }, (_, at) => at);
    await Promise.all(
      versions.map((version) => {
        const both = ['a', 'b'].map((key) => listing(key, { bedrooms: version, changedAt: later(version) }));
        return store(...(version % 2 ? both : both.reverse()));
      }),
    );
    expect([(await one('a'))?.bedrooms, (await one('b'))?.bedrooms]).toEqual([19, 19]);
  });

  it.each([
    { price: '12,50' },
    { price: '1e15' },
    { latitude: 1e300 * 10 },
    { bedrooms: 1.5 },
    { bedrooms: -1 },
    { price: '-1.00' },
    { longitude: 181 },
    { changedAt: 'yesterday' },
    { listingKey: null as unknown as string },
  ])('refuses %j with a code and stores nothing of the delivery', async (change) => {
    await expect(store(listing('good'), listing('bad', change))).rejects.toMatchObject({ code: 'BAD_VALUE' });
    expect(await one('good')).toBeUndefined();
  });
});

describe.each(['area', 'type'] as const)('listings by %s', (by) => {
  interface Band {
    readonly priceFrom?: string;
    readonly priceTo?: string;
    readonly status?: string;
    readonly limit?: number;
    readonly value?: string;
  }
  const list = (band: Band = {}, at = place, locationId = here) => {
    const value = band.value ?? (by === 'area' ? 'Austin' : 'residential');
    return (cursor?: string) => {
      const wanted = { status: 'active', limit: 4, ...band, cursor };
      return by === 'area'
        ? listings.byArea(at, locationId, { ...wanted, city: value })
        : listings.byType(at, locationId, { ...wanted, propertyType: value });
    };
  };
  const elsewhere = by === 'area' ? { city: 'Dallas' } : { propertyType: 'land' };

  it('page through each once, cheapest first, with ties, those without a price last', async () => {
    const all = Array.from({ length: 23 }, (_, at) =>
      listing(`k${10 + at}`, { price: at % 4 === 3 ? null : `${100_000 + 50_000 * (at % 5)}.00` }),
    );
    await store(...all, listing('sold', { status: 'closed' }), listing('elsewhere', elsewhere));
    const rank = ({ price, listingKey }: Listing): string => `${price?.padStart(12) ?? '~'} ${listingKey}`;
    const expected = keys([...all].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)));
    for (const limit of [1, 4, 5, 23, 100]) expect(keys(await allPages(list({ limit })))).toEqual(expected);
    expect(keys(await allPages(list({ status: 'closed' })))).toEqual(['sold']);
  });

  it('belong to a price band with both its ends, and without a price to none', async () => {
    const prices = ['99999.99', '100000.00', '150000.00', '200000.00', '200000.01', null];
    await store(...prices.map((price, at) => listing(`k${at}`, { price })));
    const within = async (band: Band): Promise<string[]> => keys(await allPages(list({ limit: 2, ...band })));
    expect(await within({ priceFrom: '100000', priceTo: '200000' })).toEqual(['k1', 'k2', 'k3']);
    expect(await within({ priceFrom: '100000.005' })).toEqual(['k2', 'k3', 'k4']);
    expect(await within({ priceTo: '100000' })).toEqual(['k0', 'k1']);
    for (const priceFrom of ['cheap', '', '-1', '1e5', '1,000']) {
      await expect(list({ priceFrom })()).rejects.toMatchObject({ code: 'BAD_VALUE' });
    }
  });

  it('take their own cursors only', async () => {
    await store(listing('a'), listing('b', { price: null }), listing('c'), listing('d', { price: null }));
    const own = list({ limit: 1 });
    const others = [list({ limit: 1, status: 'closed' }), list({ limit: 1, priceTo: '500000' }), list({ value: 'x' })];
    await expectOwnCursorsOnly(own, [
      ...others,
      (cursor) => listings.events(place, here, 'a', { limit: 1, cursor }),
      (cursor) =>
        by === 'area'
          ? listings.byType(place, here, { propertyType: 'Austin', status: 'active', limit: 1, cursor })
          : listings.byArea(place, here, { city: 'residential', status: 'active', limit: 1, cursor }),
    ]);
    expect(keys(await allPages(own))).toEqual(['a', 'c', 'b', 'd']);
  });

  it("show nothing of another location's, whichever of the two ids is the wrong one", async () => {
    await store(listing('a'));
    const other = newRef().locationId;
    expect((await list({}, db.tenants.at(other), here)()).items).toEqual([]);
    expect((await list({}, db.tenants.at(other), other)()).items).toEqual([]);
    expect((await list({}, place, other)()).items).toEqual([]);
  });
});

describe('the combined match', () => {
  const match = async (wishes: Partial<Parameters<typeof listings.match>[2]>, at = place): Promise<string[]> =>
    keys(await listings.match(at, here, { cities: [], propertyTypes: [], limit: 100, ...wishes }));

  it('fits all wishes, active ones only, the last changed first; an empty wish asks nothing', async () => {
    await store(
      listing('a', { changedAt: later(1) }),
      listing('b', { changedAt: later(3), city: 'Dallas', bedrooms: 2, price: '200000.00' }),
      listing('c', { changedAt: later(2), propertyType: 'condo', bedrooms: null }),
      listing('d', { changedAt: later(2), city: 'Dallas', propertyType: 'condo', bedrooms: 5, price: null }),
      listing('e', { changedAt: later(9), status: 'pending' }),
    );
    expect(await match({})).toEqual(['b', 'd', 'c', 'a']);
    expect(await match({ limit: 2 })).toEqual(['b', 'd']);
    expect(await match({ cities: ['Dallas'] })).toEqual(['b', 'd']);
    expect(await match({ cities: ['Dallas', 'Austin', `'`], propertyTypes: ['condo'] })).toEqual(['d', 'c']);
    expect(await match({ minBedrooms: 3 })).toEqual(['d', 'a']);
    expect(await match({ priceFrom: '200000', priceTo: '425000' })).toEqual(['b', 'c', 'a']);
    expect(await match({ cities: ['Dallas'], propertyTypes: ['residential'], priceTo: '199999.99' })).toEqual([]);
    expect(await match({}, db.tenants.at(newRef().locationId))).toEqual([]);
  });
});

describe('listings around a point', () => {
  /** Great-circle distance in metres on the sphere of the mean radius of WGS 84, by the haversine formula (Sinnott 1984). */
  function haversine(a: readonly [number, number], b: readonly [number, number]): number {
    const [lat1, lon1, lat2, lon2] = [...a, ...b].map((degrees) => (degrees * Math.PI) / 180) as [
      number,
      number,
      number,
      number,
    ];
    const h = Math.sin((lat2 - lat1) / 2) ** 2 + Math.cos(lat1) * Math.cos(lat2) * Math.sin((lon2 - lon1) / 2) ** 2;
    return 2 * 6_371_008.8 * Math.asin(Math.min(1, Math.sqrt(h)));
  }

  const centres: readonly (readonly [string, number, number])[] = [
    ['in Austin', 30.27, -97.74],
    ['on the date line', 10, 180],
    ['on the date line from the other side', -16.5, -180],
    ['at the north pole', 90, 0],
    ['near the south pole', -89.99, 120],
    ['where equator and meridian meet', 0, 0],
  ];

  it.each(centres)('are those that a look at each one finds, nearest first: %s', async (_what, latitude, longitude) => {
    const random = createRandom(latitude + longitude);
    const degree = () => random.below(1_000_000) / 500_000 - 1;
    const wrap = (degrees: number) => ((((degrees + 180) % 360) + 360) % 360) - 180;
    // Whoever goes on beyond a pole comes down on its other side.
    const over = (degrees: number) => (Math.abs(degrees) > 90 ? Math.sign(degrees) * 180 - degrees : degrees);
    const around = (spread: number): [number, number] => [
      over(latitude + degree() * spread),
      Math.abs(latitude) > 80 ? degree() * 180 : wrap(longitude + degree() * spread),
    ];
    const points = Array.from({ length: 400 }, (_, at) => around([0.05, 0.5, 5, 90][at % 4]!));
    await store(
      ...points.map(([lat, lon], at) => listing(`k${1000 + at}`, { latitude: lat, longitude: lon })),
      listing('sold', { status: 'closed', latitude, longitude }),
      listing('nowhere', { latitude: null, longitude: null }),
    );
    const measured = points
      .map((point, at) => ({ listingKey: `k${1000 + at}`, distance: haversine([latitude, longitude], point) }))
      .sort((a, b) => a.distance - b.distance);
    for (const metres of [0, 500, 5_000, 60_000, 2_000_000, 20_100_000]) {
      const found = await listings.near(place, here, { latitude, longitude, metres, limit: 1000 });
      const expected = measured.filter(({ distance }) => distance <= metres);
      expect(keys(found).sort()).toEqual(keys(expected).sort());
      for (const [at, { distance }] of found.entries()) {
        expect(Math.abs(distance - expected[at]!.distance)).toBeLessThan(1);
      }
    }
    const nearest = await listings.near(place, here, { latitude, longitude, metres: 1e12, limit: 5 });
    expect(nearest.map(({ distance }) => Math.round(distance))).toEqual(
      measured.slice(0, 5).map(({ distance }) => Math.round(distance)),
    );
  });

  it('come whole, with their distance in metres, the farthest point of the Earth included', async () => {
    const antipode = listing('far', { latitude: -30, longitude: 90 });
    await store(antipode);
    const [found] = await listings.near(place, here, { latitude: 30, longitude: -90, metres: 2.1e7, limit: 1 });
    expect(found).toEqual({ ...antipode, distance: expect.any(Number) });
    expect(Math.round((found?.distance ?? 0) / 1000)).toBe(20_015);
  });

  it('are of the place that the session stands at, and of no other', async () => {
    await store(listing('a'));
    const other = newRef().locationId;
    const circle = { latitude: 30.25, longitude: -97.75, metres: 10, limit: 5 };
    expect(keys(await listings.near(place, here, circle))).toEqual(['a']);
    expect(await listings.near(place, other, circle)).toEqual([]);
    expect(await listings.near(db.tenants.at(other), here, circle)).toEqual([]);
    expect(await listings.near(db.tenants.at(other), other, circle)).toEqual([]);
  });

  it.each([
    { latitude: 91 },
    { longitude: -180.1 },
    { latitude: Number.NaN },
    { longitude: Infinity },
    { metres: -1 },
    { metres: Number.NaN },
  ])('are refused for %j', async (wrong) => {
    const circle = { latitude: 0, longitude: 0, metres: 10, limit: 5, ...wrong };
    await expect(listings.near(place, here, circle)).rejects.toMatchObject({ code: 'BAD_VALUE' });
  });
});

describe('what happened to a listing', () => {
  const event = (minute: number, change: Partial<ListingEvent> = {}): ListingEvent => ({
    listingKey: 'a',
    at: later(minute),
    kind: 'price-change',
    priceBefore: '450000.00',
    priceAfter: '425000.00',
    ...change,
  });

  it('pages newest first, with ties, and is stored once however often it is told', async () => {
    const all = Array.from({ length: 9 }, (_, at) => event(at >> 1, { priceAfter: `${400_000 + at}.00` }));
    const first = [event(0, { kind: 'new', priceBefore: null, priceAfter: null }), event(0, { listingKey: 'b' })];
    expect(await listings.addEvents(place, here, [...first, ...all, ...all])).toBe(11);
    expect(await listings.addEvents(place, here, [...all, ...first])).toBe(0);
    const told = await allPages((cursor) => listings.events(place, here, 'a', { limit: 2, cursor }));
    expect(told.map(({ at }) => at)).toEqual([4, 3, 3, 2, 2, 1, 1, 0, 0, 0].map((minute) => later(minute)));
    expect(new Set(told.map((one) => JSON.stringify(one))).size).toBe(10);
    expect(told).toContainEqual(first[0]);
    await expectOwnCursorsOnly(
      (cursor) => listings.events(place, here, 'a', { limit: 1, cursor }),
      [(cursor) => listings.events(place, here, 'b', { limit: 1, cursor })],
    );
    expect((await listings.events(db.tenants.at('other'), here, 'a', { limit: 9 })).items).toEqual([]);
    expect((await listings.events(place, 'other', 'a', { limit: 9 })).items).toEqual([]);
  });
});

describe('matches of a lead', () => {
  it('are best first, and a later finding about the same pair replaces the earlier one', async () => {
    const ref = newRef(here);
    const found = (listingKey: string, score: number, minute = 0, contactId = ref.contactId): ListingMatch => ({
      contactId,
      listingKey,
      score,
      reasons: ['in the band', 'three bedrooms'],
      matchedAt: later(minute),
    });
    const all = [found('a', 0.5), found('b', 0.9), found('c', 0.9), found('d', 0.1), found('a', 1, 0, 'another')];
    expect(await matches.store(place, here, all)).toBe(5);
    const best = async (limit = 9): Promise<string[]> => keys(await matches.best(place, ref, { limit }));
    expect(await best()).toEqual(['c', 'b', 'a', 'd']);
    expect(await best(2)).toEqual(['c', 'b']);
    expect(await matches.store(place, here, [found('d', 1, 2), found('c', 0, -1), found('d', 0.2, 1)])).toBe(1);
    expect(await best()).toEqual(['d', 'c', 'b', 'a']);
    expect((await matches.best(place, ref, { limit: 1 }))[0]).toEqual(found('d', 1, 2));
    expect(await matches.best(place, newRef(), { limit: 9 })).toEqual([]);
    expect(await matches.best(db.tenants.at('other'), ref, { limit: 9 })).toEqual([]);
  });
});
