import { describe, expect, it } from '@jest/globals';
import { knownPlaces } from '../../../domain/leads/known-places.ts';
import { placeIn } from '../../../domain/leads/read-place.ts';
import { written } from '../../../domain/leads/written.ts';
import { fits, type Offer } from '../../../domain/market/match.ts';
import { placesIn } from '../../../domain/market/places.ts';
import { wishesOf } from '../../../domain/market/wishes.ts';
import { aListing, anOffer } from '../../support/market-listings.ts';

const at = '2026-03-02T15:00:00.000Z';
const nowhere = { cities: [], counties: [], postalCodes: [], states: [], around: false };
const offer = (change: Partial<Offer>): Offer => ({ ...anOffer(aListing('a')), ...change });

/** Would a lead that looks in this area, and for nothing else, be told of a home there? */
const isFound = (area: string, change: Partial<Offer>): boolean => {
  const wishes = wishesOf({ location: { value: area, at, from: 'm1' } }, false);
  return wishes !== null && fits({ wishes, centre: null }, offer(change));
};

describe('several places', () => {
  it.each([
    ['Austin or Round Rock', ['austin', 'round rock']],
    ['Austin and/or Round Rock', ['austin', 'round rock']],
    ['Austin, Buda, or Kyle', ['austin', 'buda', 'kyle']],
    ['Austin, and Kyle', ['austin', 'kyle']],
    ['Tampa o Orlando', ['orlando', 'tampa']],
    ['Tampa y Orlando', ['orlando', 'tampa']],
    ['Tampa, o Orlando', ['orlando', 'tampa']],
    ['Tampa/Orlando', ['orlando', 'tampa']],
    ['Tampa or', ['tampa']],
    ['portland, or', ['portland']],
    ['Orlando', ['orlando']],
    ['Ybor City and Andover', ['andover', 'ybor city']],
  ])('%s', (area, cities) => {
    expect(placesIn(area)).toEqual({ ...nowhere, cities });
  });

  it('are told apart where one has a word that joins others in its name', () => {
    const { cities } = placesIn('Truth or Consequences or Las Cruces');
    expect(cities).toEqual(['las cruces', 'truth or consequences']);
    expect(placesIn("St Charles or O'Fallon").cities).toEqual(expect.arrayContaining(['st charles', "o'fallon"]));
    expect(placesIn('St Charles o O Fallon').cities).toEqual(expect.arrayContaining(['st charles', "o'fallon"]));
    expect(placesIn('Town and Country, MO')).toEqual({ ...nowhere, cities: ['town and country'], states: ['mo'] });
  });

  it.each(['Portland OR', 'Portland, OR'])('leave a state what it is: %s', (area) => {
    expect(placesIn(area)).toEqual({ ...nowhere, cities: ['portland'], states: ['or'] });
  });
});

describe('a name', () => {
  it('that is known stays whole', () => {
    const broken = [...knownPlaces].filter((name) => !placesIn(name).cities.includes(name.replace(/^downtown /, '')));
    // A part of town is looked for as its town.
    expect(broken).toEqual(['washington dc']);
  });

  it('with an apostrophe is told whole, with its state', () => {
    expect(placesIn("O'Fallon, MO")).toEqual({
      ...nowhere,
      cities: ['o fallon', "o'fallon", 'ofallon', 'o’fallon'],
      states: ['mo'],
    });
    expect(placesIn("Prince George's County").counties).toContain("prince george's");
  });

  it.each([
    [['O’Fallon', "O'Fallon", 'OFallon', 'O Fallon', "o'fallon mo", "near O'Fallon", 'in O Fallon']],
    [["Coeur d'Alene", 'Coeur d’Alene', 'Coeur D Alene', 'coeur dalene']],
    [["Lee's Summit", 'Lee’s Summit', 'Lees Summit']],
    [["Land O' Lakes", 'Land O’ Lakes', "Land O'Lakes", 'Land O Lakes']],
    [["D'Iberville", 'D’Iberville', 'DIberville', 'D Iberville']],
    [["O'Anything", 'O’Anything', 'O Anything']],
    [["Saint Mary's", 'St. Mary’s', 'St Marys', 'St. Marys']],
    [['Truth or Consequences', 'TRUTH OR CONSEQUENCES']],
    [['Fort Worth', 'Ft. Worth', 'Ft Worth']],
  ])('is found however lead and feed write it: %j', (names) => {
    const feeds = names.filter((name) => !/^(?:near|in) | mo$/.test(name));
    for (const said of names) {
      for (const city of feeds) expect([said, city, isFound(said, { city, state: 'MO' })]).toEqual([said, city, true]);
      expect([said, isFound(said, { city: 'Fallon', state: 'MO' })]).toEqual([said, false]);
    }
  });

  it.each([
    ["Prince George's County", 'Prince Georges County'],
    ['Prince Georges County', "Prince George's"],
    ["Queen Anne's County", 'Queen Anne’s'],
    ["St. Mary's County", 'Saint Marys'],
    ['Saint Johns County', 'St. Johns'],
  ])('of a county is found likewise: %s, %s', (said, county) => {
    expect(isFound(said, { city: 'Elsewhere', county })).toBe(true);
  });

  it.each([
    ["looking for a house in O'Fallon, MO", "O'Fallon"],
    ['We want to buy in O’Fallon this summer', 'O’Fallon'],
    ["3 bed home in Coeur d'Alene please", "Coeur d'Alene"],
    ['Hoping to find something in Truth or Consequences', 'Truth or Consequences'],
    ["anything near Land O' Lakes", "Land O' Lakes"],
    ['a condo in O Fallon', 'O Fallon'],
    ["something in Lee's Summit", "Lee's Summit"],
  ])('is read whole in a message: %s', (text, place) => {
    expect(placeIn(written(text), false)?.value).toBe(place);
  });

  it.each(["is it near st mary's", 'we dream of a life in town and country'])('is none in: %s', (text) => {
    expect(placeIn(written(text), false)).toBeNull();
  });
});
