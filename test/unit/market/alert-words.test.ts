import { describe, expect, it } from '@jest/globals';
import { type ListingField, listingValue, type ToldHome, type ToldHomes } from '../../../domain/market/alert-words.ts';
import type { MarketListing } from '../../../domain/market/listing.ts';
import { home } from '../../support/homes.ts';

const told = (change: Partial<MarketListing> = {}, more: Partial<ToldHome> = {}): ToldHome => ({
  ...{ kind: 'new', priceBefore: null, startsAt: null },
  ...more,
  listing: home(change),
});
const of = (homes: readonly ToldHome[], more: Partial<ToldHomes> = {}): ToldHomes => ({
  ...{ homes, most: 3, lines: false, zone: 'America/New_York' },
  ...more,
});
const value = (name: ListingField, change: Partial<MarketListing> = {}, more: Partial<ToldHome> = {}) =>
  listingValue(name, of([told(change, more)]));

describe('a home in a message', () => {
  it('has its price with whose figure it is, of which day, and who lists it', () => {
    expect(value('listings')).toBe(
      'New: 3 bed, 2 bath at 12 Example Street, Tampa, $425,000 (Example MLS, Mar 10). Listed by Bayside Homes.',
    );
    expect(value('listings', {}, { kind: 'price-drop', priceBefore: '440000.00' })).toBe(
      'Price drop: 3 bed, 2 bath at 12 Example Street, Tampa, $425,000, was $440,000 (Example MLS, Mar 10). Listed by Bayside Homes.',
    );
    expect(value('listings', {}, { kind: 'open-house', startsAt: '2026-03-14T17:00:00.000Z' })).toMatch(
      /^Open house Saturday, March 14, 1:00 PM EDT: /,
    );
  });

  it('that is gone has no price', () => {
    expect(value('listings', { closePrice: '430000.00' }, { kind: 'closed' })).toBe(
      'Sold: 3 bed, 2 bath at 12 Example Street, Tampa (Example MLS, Mar 10). Listed by Bayside Homes.',
    );
    expect(value('listings', {}, { kind: 'pending' })).not.toContain('$');
  });

  it.each([null, false])('has no address where showing it is %p', (addressShown) => {
    expect(value('listing.home', { addressShown })).toBe('3 bed, 2 bath in Tampa');
    expect(value('listings', { addressShown })).not.toContain('Example Street');
  });

  it('tells what is known and nothing else', () => {
    expect(value('listing.home', { bedrooms: null, bathrooms: 2.5 })).toBe('2.5 bath at 12 Example Street, Tampa');
    expect(value('listing.home', { bedrooms: null, bathrooms: null, address: null, city: null })).toBe('home');
    expect(value('listing.home', { address: '12 Example Street, Tampa, FL 33602' })).toBe(
      '3 bed, 2 bath at 12 Example Street, Tampa, FL 33602',
    );
    expect(value('listing.price', { price: null })).toBeUndefined();
    expect(value('listing.price', { price: '0.00' })).toBeUndefined();
    expect(value('listing.openHouse')).toBeUndefined();
    expect(value('listings', { remarks: 'Walk to school, perfect for families' })).not.toMatch(/school|famil/i);
  });

  it.each([
    ['1250000.00', '$1,250,000'],
    ['999.50', '$999.50'],
    ['425000', '$425,000'],
    ['12345678901.10', '$12,345,678,901.10'],
  ])('costs %s digit for digit: %s', (price, words) => {
    expect(value('listing.price', { price })).toBe(words);
  });

  it('goes by its market where the feed does not name its system, and the day is that of the lead', () => {
    expect(value('listing.source', { systemName: null })).toBe('bay, Mar 10');
    const late = of([told({ changedAt: '2026-03-11T02:00:00.000Z' })]);
    expect(listingValue('listing.source', late)).toBe('Example MLS, Mar 10');
    expect(listingValue('listing.source', { ...late, zone: null })).toBe('Example MLS, Mar 11');
  });

  it('whose words would speak for us cannot be told', () => {
    for (const officeName of [
      '{{contact.firstName}}',
      'See https://example.com',
      'ww®w.example.com',
      'x'.repeat(101),
      ' ',
      '®',
      '★',
    ]) {
      expect(value('listing.listedBy', { officeName })).toBeUndefined();
      expect(value('listings', { officeName })).toBeUndefined();
    }
    expect(value('listing.home', { address: 'www.example.com' })).toBe('3 bed, 2 bath in Tampa');
  });

  it.each([
    ['RE/MAX® Realty', 'RE/MAX Realty'],
    ['Coldwell Banker ® Co.', 'Coldwell Banker Co'],
    ['Sample℠ & Sons™', 'Sample & Sons'],
    ['© Bayside Homes', 'Bayside Homes'],
    ['“Bayside” • Homes★', '"Bayside" Homes'],
    ['Café Homes', 'Cafe Homes'],
    ['Дом Realty', 'Дом Realty'],
  ])('is credited to %s without the signs that a text cannot bear', (officeName, words) => {
    expect(value('listing.listedBy', { officeName })).toBe(`Listed by ${words}`);
  });

  it('is told in letters that double no segment', () => {
    expect(value('listing.home', { addressShown: false, city: 'Cañon–City’s' })).toBe("3 bed, 2 bath in Canon-City's");
  });
});

describe('several homes', () => {
  const three = [told({ listingKey: '1' }), told({ listingKey: '2', price: '410000.00' }), told({ listingKey: '3' })];

  it('are described as far as there is room, and counted beyond', () => {
    expect(listingValue('listings', of(three, { most: 1 }))).toMatch(/Bayside Homes\. And 2 more homes\.$/);
    expect(listingValue('listings', of(three, { most: 2 }))).toMatch(/\$410,000 .* And 1 more home\.$/);
    expect(listingValue('listings', of(three))).not.toContain('more home');
    expect(listingValue('listings', of(three, { most: 0 }))).toContain('And 2 more homes.');
  });

  it('stand on lines of their own in an e-mail', () => {
    expect(listingValue('listings', of(three, { lines: true }))?.split('\n')).toHaveLength(3);
  });

  it('that are none have no value', () => {
    expect(listingValue('listings', of([]))).toBeUndefined();
  });
});
