import { describe, expect, it } from '@jest/globals';
import { doubtOf, isDoubtful, lostBy } from '../../../domain/market/doubt.ts';
import type { MarketListing } from '../../../domain/market/listing.ts';
import { listingRow } from '../../support/market-rows.ts';

const fields = {
  ...{ ListPrice: 'Edm.Decimal', BedroomsTotal: 'Edm.Int32', City: 'Edm.String', Nobodys: 'Edm.String' },
  ...{ StandardStatus: 'org.reso.metadata.enums.StandardStatus', InternetEntireListingDisplayYN: 'Edm.Boolean' },
};
const whole = {
  ...{ ListPrice: 1, BedroomsTotal: 3, City: 'Tampa', StandardStatus: 'Active' },
  InternetEntireListingDisplayYN: true,
};
const stored = listingRow('L1').listing;

/** What a page of one row would lose: the row as it came, and what was read of it. */
function lost(raw: object, read: Partial<MarketListing> | null, given: { frozen?: string[]; problem?: string } = {}) {
  const { frozen = [], problem } = given;
  const row = {
    raw: { ListingKey: 'L1', ...raw },
    listing: read === null ? null : { ...stored, ...read },
    problems: problem === undefined ? [] : [{ field: problem, reason: 'wrong-type' }],
  };
  const doubt = doubtOf(fields, new Set(frozen), [row]);
  const found = lostBy(doubt, [row], new Map([['L1', stored]]), ({ ListingKey }) => String(ListingKey));
  return { doubtful: isDoubtful(doubt), found };
}
const without = (name: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(whole).filter(([one]) => one !== name));

describe('a page in another shape than the metadata says', () => {
  it('is in no doubt where every field is there, or null, and of its kind', () => {
    expect(lost(whole, { price: '9.00' })).toEqual({ doubtful: false, found: [] });
    expect(lost({ ...whole, ListPrice: null }, { price: null })).toEqual({ doubtful: false, found: [] });
  });

  it('loses what is stored and not read any more, of a field that is missing or of another kind', () => {
    expect(lost(without('ListPrice'), { price: null }).found).toEqual(['ListPrice']);
    expect(lost({ ...whole, ListPrice: '9' }, { price: '9.00' }).found).toEqual(['ListPrice']);
    expect(lost({ ...whole, BedroomsTotal: ['3'] }, { bedrooms: null }).found).toEqual(['BedroomsTotal']);
    expect(lost({ ...whole, InternetEntireListingDisplayYN: 'N' }, { shown: false }).found).toHaveLength(1);
    expect(lost({ ...whole, City: 'x' }, { city: null }, { problem: 'City' }).found).toEqual(['City']);
    expect(lost({ ...whole, StandardStatus: 7 }, null).found).toEqual(['StandardStatus']);
  });

  it('loses nothing where what is stored stays, was unknown, is frozen, or is of a field that nobody reads', () => {
    expect(lost(without('ListPrice'), {})).toEqual({ doubtful: true, found: [] });
    expect(lost(without('ListPrice'), { price: null }, { frozen: ['ListPrice'] }).found).toEqual([]);
    expect(lost({ ...whole, Nobodys: 7 }, { price: null }).doubtful).toBe(false);
    const row = { raw: { ListingKey: 'L2' }, listing: { ...stored, price: null }, problems: [] };
    expect(lostBy(doubtOf(fields, new Set(), [row]), [row], new Map(), () => 'L2')).toEqual([]);
  });

  it('takes a decimal number with more digits than a binary one holds, which was made text, for a number', () => {
    expect(lost({ ...whole, ListPrice: '123456789012345678' }, { price: null }).doubtful).toBe(false);
  });

  it('is one in which a field is missing from all rows; vendors leave out what is empty', () => {
    const rows = [whole, without('ListPrice')].map((raw) => ({ raw, listing: stored, problems: [] }));
    expect(isDoubtful(doubtOf(fields, new Set(), rows))).toBe(false);
  });
});
