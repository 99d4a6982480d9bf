import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { homeKinds } from '../../../domain/market/home-kinds.ts';
import { fits, metresBetween, NEAR_METRES, type Offer, scoreOf, type Sought } from '../../../domain/market/match.ts';
import { buildingOf, PER_BUILDING, rank } from '../../../domain/market/rank.ts';
import type { Wishes } from '../../../domain/market/wishes.ts';
import { aListing, anOffer } from '../../support/market-listings.ts';

const NOW = '2026-03-02T15:00:00.000Z';
const anything: Wishes = {
  ...{ cities: [], counties: [], postalCodes: [], states: [], near: false, kinds: [], mustHaves: [] },
  ...{ priceFrom: null, priceTo: null, minBedrooms: null, minBathrooms: null, minSqft: null, stated: {} },
};
const sought = (wishes: Partial<Wishes>): Sought => ({ wishes: { ...anything, ...wishes }, centre: null });
const offer = (listingKey: string, change: Partial<Offer> = {}): Offer => ({
  ...anOffer(aListing(listingKey)),
  ...change,
});

const maybe = <T>(...values: readonly T[]) => fc.option(fc.constantFrom(...values));
const anyOffer = fc.record({
  price: maybe('199999.99', '300000.00', '300000.01', '650000.00'),
  city: maybe('Austin', 'DALLAS', 'Buda'),
  state: maybe('TX', 'OK'),
  postalCode: maybe('78701', '78701-0001', '75001'),
  bedrooms: maybe(0, 1, 3, 6),
  bathrooms: maybe(1, 1.5, 3),
  livingSqft: maybe(800, 1500, 4000),
  propertyType: fc.constantFrom('residential', 'residential lease', 'land', 'commercial sale'),
  subtype: maybe('condominium', 'townhouse', 'duplex'),
  latitude: maybe(30.2, 30.4, 33),
  listedAt: maybe('2026-03-01T00:00:00.000Z', '2025-06-01T00:00:00.000Z'),
  address: maybe('1 Elm St #1', '1 Elm St, Unit 2', '9 Oak Ave'),
  has: fc.subarray(['pool', 'garage']),
  lacks: fc.subarray(['view', 'waterfront']),
});
const offers = fc.array(anyOffer, { maxLength: 40 }).map((all) => all.map((one, i) => offer(`k${i}`, one)));
const anyWishes = fc.record({
  cities: fc.subarray(['austin', 'dallas']),
  postalCodes: fc.subarray(['78701']),
  states: fc.subarray(['tx']),
  near: fc.boolean(),
  kinds: fc.subarray([...homeKinds]),
  mustHaves: fc.subarray(['pool', 'view'] as const),
  priceFrom: maybe(200_000),
  priceTo: maybe(300_000, 650_000),
  minBedrooms: maybe(1, 3),
  minBathrooms: maybe(1.5),
  minSqft: maybe(1000),
});

describe('a ranking', () => {
  it('never breaks a hard wish, whatever the listings say or leave out', () => {
    fc.assert(
      fc.property(anyWishes, offers, (wishes, all) => {
        const centre = { latitude: 30.2, longitude: -97.75 };
        for (const { offer: one, score } of rank({ wishes: { ...anything, ...wishes }, centre }, all, NOW, 20)) {
          const price = one.price === null ? NaN : Number(one.price);
          if (wishes.priceTo !== null) expect(price).toBeLessThanOrEqual(wishes.priceTo);
          if (wishes.priceFrom !== null) expect(price).toBeGreaterThanOrEqual(wishes.priceFrom);
          if (wishes.minBedrooms !== null) expect(one.bedrooms).toBeGreaterThanOrEqual(wishes.minBedrooms);
          if (wishes.minBathrooms !== null) expect(one.bathrooms).toBeGreaterThanOrEqual(wishes.minBathrooms);
          if (wishes.minSqft !== null) expect(one.livingSqft).toBeGreaterThanOrEqual(wishes.minSqft);
          if (wishes.states.length > 0) expect(one.state).toBe('TX');
          if (wishes.cities.length + wishes.postalCodes.length > 0) {
            const inside =
              wishes.cities.includes(String(one.city).toLowerCase()) ||
              wishes.postalCodes.includes(String(one.postalCode).slice(0, 5));
            const close = wishes.near && (metresBetween(centre, one) ?? Infinity) <= NEAR_METRES;
            expect(inside || close).toBe(true);
          }
          expect(one.propertyType).toMatch(wishes.kinds.includes('land') ? /^(?:residential|land)$/ : /^residential$/);
          expect(wishes.mustHaves.filter((word) => one.lacks.includes(word))).toEqual([]);
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('is the same in whatever order listings come, best first, with two of a building at most', () => {
    fc.assert(
      fc.property(anyWishes, offers, fc.nat(), (wishes, all, turn) => {
        const asked = { wishes: { ...anything, ...wishes }, centre: null };
        const ranked = rank(asked, all, NOW, 20);
        const turned = [...all.slice(turn % (all.length + 1)), ...all.slice(0, turn % (all.length + 1))].toReversed();
        expect(rank(asked, turned, NOW, 20)).toEqual(ranked);
        expect(ranked.map(({ score }) => score)).toEqual(ranked.map(({ score }) => score).toSorted((a, b) => b - a));
        const buildings = ranked.map(({ offer: one }) => buildingOf(one));
        for (const building of buildings)
          expect(buildings.filter((one) => one === building).length).toBeLessThanOrEqual(PER_BUILDING);
      }),
    );
  });
});

describe('how well a listing fits', () => {
  const better = (wishes: Partial<Wishes>, one: Partial<Offer>, other: Partial<Offer>) => {
    const asked = { ...sought(wishes), centre: { latitude: 30.2, longitude: -97.75 } };
    return scoreOf(asked, offer('a', one), NOW).score > scoreOf(asked, offer('a', other), NOW).score;
  };

  it.each<[string, Partial<Wishes>, Partial<Offer>, Partial<Offer>]>([
    ['the budget is meant', { priceTo: 500_000 }, { price: '450000.00' }, { price: '150000.00' }],
    ['rooms are as many as asked', { minBedrooms: 3 }, { bedrooms: 4 }, { bedrooms: 8 }],
    ['size is as asked', { minSqft: 1500 }, { livingSqft: 1700 }, { livingSqft: 6000 }],
    ['it is nearer', { cities: ['austin'], near: true }, { latitude: 30.21 }, { latitude: 30.35, city: 'Buda' }],
    ['it surely has what must be there', { mustHaves: ['pool'] }, { has: ['pool'] }, { has: [] }],
    ['it is new on the market', {}, { listedAt: '2026-03-01T00:00:00.000Z' }, { listedAt: '2025-12-01T00:00:00.000Z' }],
    ['since when it is listed is known', {}, { listedAt: '2026-01-01T00:00:00.000Z' }, { listedAt: null }],
  ])('better where %s', (_what, wishes, one, other) => {
    expect(better(wishes, one, other)).toBe(true);
    expect(better(wishes, other, one)).toBe(false);
  });

  it('is told in plain words, without what the lead can spend', () => {
    const asked = sought({
      cities: ['austin'],
      priceTo: 450_000,
      minBedrooms: 3,
      minSqft: 1500,
      kinds: ['condo'],
      mustHaves: ['pool'],
    });
    const home = offer('a', { subtype: 'condominium', has: ['pool'], listedAt: '2026-03-01T10:00:00.000Z' });
    expect(fits(asked, home)).toBe(true);
    expect(scoreOf(asked, home, NOW).reasons).toEqual([
      ...[
        'in Austin, as asked',
        'within the stated budget',
        '3 bedrooms, 3 asked for',
        '1,850 square feet, 1,500 asked for',
        'condo, as asked',
      ],
      ...['has what was asked for: pool', 'new on the market since 2026-03-01'],
    ]);
  });

  it('is 1 where nothing is left to wish for', () => {
    expect(scoreOf(sought({ cities: ['austin'], priceTo: 450_000 }), offer('a', { listedAt: NOW }), NOW).score).toBe(1);
  });
});
