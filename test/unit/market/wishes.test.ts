import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type HomeWord, homeWords } from '../../../domain/leads/home-words.ts';
import type { Qualification } from '../../../domain/leads/lead.ts';
import { homeInOneLine } from '../../../domain/leads/read-home.ts';
import { homeKinds } from '../../../domain/market/home-kinds.ts';
import { placesIn } from '../../../domain/market/places.ts';
import { wishesOf, wishText } from '../../../domain/market/wishes.ts';

const at = '2026-03-02T15:00:00.000Z';
const said = (value: string | number | boolean, from = 'm1') => ({ value, at, from });
const nowhere = { cities: [], counties: [], postalCodes: [], states: [], around: false };

describe('places in a lead’s words', () => {
  it.each([
    ['Austin', { cities: ['austin'] }],
    ['Austin or Round Rock', { cities: ['austin', 'round rock'] }],
    ['Kansas City, MO', { cities: ['kansas city'], states: ['mo'] }],
    ['Portland, OR', { cities: ['portland'], states: ['or'] }],
    ['Fort Worth TX', { cities: ['fort worth', 'ft worth', 'ft. worth'], states: ['tx'] }],
    ['St. Louis', { cities: ['saint louis', 'st louis', 'st. louis'] }],
    ['78701', { postalCodes: ['78701'] }],
    ['zip code 78701', { postalCodes: ['78701'] }],
    ['Travis County', { counties: ['travis'] }],
    ['Florida', { states: ['fl'] }],
    ['New York', { cities: ['new york'] }],
    ['LA', { cities: ['la'] }],
    ['downtown Tampa', { cities: ['tampa'] }],
    ['Austin area', { cities: ['austin'], around: true }],
    ['the suburbs', { cities: ['the suburbs'] }],
    ['San José', { cities: ['san jose'] }],
    ['', {}],
  ])('%s', (area, places) => {
    expect(placesIn(area)).toEqual({ ...nowhere, ...places });
  });
});

describe('wishes', () => {
  it('are what was stated, each with what said so, and ask nothing else', () => {
    const wishes = wishesOf(
      {
        location: said('Austin', 'm1'),
        budget: said(450_000, 'm2'),
        property: said('3 bed, 2.5 bath, condo, pool', 'm3'),
      },
      false,
    );
    expect(wishes).toEqual({
      ...{
        cities: ['austin'],
        counties: [],
        postalCodes: [],
        states: [],
        near: false,
        kinds: ['condo'],
        mustHaves: ['pool'],
      },
      ...{ priceFrom: null, priceTo: 450_000, minBedrooms: 3, minBathrooms: 2.5, minSqft: null },
      stated: { place: { from: 'm1', at }, price: { from: 'm2', at }, home: { from: 'm3', at } },
    });
  });

  it.each<[string, Qualification]>([
    ['nothing was said', {}],
    ['only when and why was said', { timeline: said('soon'), motivation: said('relocating'), financing: said('cash') }],
    ['only things that any home may have were said', { property: said('pool, garage') }],
    ['a bound is left of an answer that is gone', { priceFrom: said(300_000), near: said(true) }],
  ])('are none where %s', (_what, qualification) => {
    expect(wishesOf(qualification, false)).toBeNull();
  });

  it('are none for who only sells', () => {
    expect(wishesOf({ location: said('Austin'), budget: said(450_000) }, true)).toBeNull();
  });

  it('take a bound only with the answer of its own message', () => {
    const bounds = { priceFrom: said(400_000, 'm1'), near: said(true, 'm1') };
    const prices = (budget: number, from: string, more: Qualification = {}) => {
      const { priceFrom, priceTo, near } = wishesOf(
        { ...bounds, budget: said(budget, from), location: said('Austin', from), ...more },
        false,
      )!;
      return [priceFrom, priceTo, near];
    };
    expect(prices(450_000, 'm1')).toEqual([400_000, 450_000, true]);
    expect(prices(500_000, 'm2')).toEqual([null, 500_000, false]);
    expect(prices(400_000, 'm1')).toEqual([400_000, null, true]);
    expect(prices(400_000, 'm1', { priceTo: said(500_000, 'm1') })).toEqual([400_000, 500_000, true]);
  });

  it('read a home’s line as it was written', () => {
    const words = fc.uniqueArray(fc.constantFrom(...homeWords), { maxLength: 6 });
    const count = fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined });
    fc.assert(
      fc.property(
        words,
        count,
        fc.option(fc.constantFrom(1, 1.5, 2.5, 3), { nil: undefined }),
        (mustHaves, bedrooms, baths) => {
          const line = homeInOneLine({ bedrooms, baths, mustHaves });
          const wishes = wishesOf({ budget: said(1), property: said(line) }, false)!;
          expect([wishes.minBedrooms, wishes.minBathrooms]).toEqual([bedrooms ?? null, baths ?? null]);
          const all: readonly HomeWord[] = [...wishes.kinds, ...wishes.mustHaves];
          expect(all.toSorted()).toEqual(mustHaves.toSorted());
          expect(wishes.kinds.every((kind) => homeKinds.includes(kind))).toBe(true);
        },
      ),
    );
  });

  it('have the same text where they ask for the same, whoever said so and when', () => {
    const one = wishesOf({ location: said('Austin', 'm1') }, false)!;
    const other = wishesOf({ location: { value: 'austin', at: '2026-05-05T10:00:00.000Z', from: 'm9' } }, false)!;
    expect(wishText(one)).toBe(wishText(other));
    expect(wishText(one)).not.toBe(wishText(wishesOf({ location: said('Dallas') }, false)!));
  });
});
