import { describe, expect, it } from '@jest/globals';
import type { MarketListing } from '../../../domain/market/listing.ts';
import { readListing } from '../../../domain/market/read-listing.ts';
import { alertRefusal, mayAlert, mayTrain, trainingRefusal, whatMayBeShown } from '../../../domain/market/rights.ts';

const both = { alerts: true, training: true };
const flags = ['InternetEntireListingDisplayYN', 'InternetAddressDisplayYN', 'InternetAutomatedValuationDisplayYN'];

function listing(rights: Readonly<Record<string, unknown>>, officeName: unknown = 'Bay Homes'): MarketListing {
  const raw = {
    ...{ ListingKey: 'A', ModificationTimestamp: '2026-11-29T09:00:00Z', StandardStatus: 'Active' },
    ...{ ListOfficeName: officeName, ...rights },
  };
  const now = '2026-11-29T10:00:00.000Z';
  const read = readListing(raw, { market: 'bay', now, frozen: new Set(), before: null });
  if (read.kind !== 'listing') throw new Error(`expected a listing, got ${read.kind}`);
  return read.listing;
}
const all = (value: unknown) => Object.fromEntries(flags.map((flag) => [flag, value]));

describe('rights', () => {
  it.each([true, 'true', 'Y', 'yes', 1, '1'])('are given by %p', (yes) => {
    expect(mayAlert(listing(all(yes)), both)).toBe(true);
    expect(mayTrain(listing(all(yes)), both)).toBe(true);
    expect(whatMayBeShown(listing(all(yes)))).toEqual({ listing: true, address: true, valuation: true });
  });

  it.each([undefined, null, false, 'N', 0, '', 'maybe', 2, {}, []])('are not given by %p', (no) => {
    expect(alertRefusal(listing(all(no)), both)).toBe('not-shown');
    expect(trainingRefusal(listing(all(no)), both)).toBe('not-shown');
    expect(whatMayBeShown(listing(all(no)))).toEqual({ listing: false, address: false, valuation: false });
  });

  it('are each their own', () => {
    const noAddress = listing({ ...all(true), InternetAddressDisplayYN: false });
    expect(whatMayBeShown(noAddress)).toEqual({ listing: true, address: false, valuation: true });
    const noValuation = listing({ ...all(true), InternetAutomatedValuationDisplayYN: null });
    expect(whatMayBeShown(noValuation)).toEqual({ listing: true, address: true, valuation: false });
    const hidden = listing({ ...all(true), InternetEntireListingDisplayYN: false });
    expect(whatMayBeShown(hidden)).toEqual({ listing: false, address: false, valuation: false });
  });

  it('need the office that is to be credited', () => {
    for (const office of [null, '', '  ', 7]) {
      expect(alertRefusal(listing(all(true), office), both)).toBe('no-attribution');
      expect(whatMayBeShown(listing(all(true), office)).listing).toBe(false);
    }
  });

  it('need the licence of the feed, for each use its own', () => {
    const shown = listing(all(true));
    expect(alertRefusal(shown, null)).toBe('no-alert-right');
    expect(trainingRefusal(shown, null)).toBe('no-training-right');
    expect(mayAlert(shown, { alerts: false, training: true })).toBe(false);
    expect(mayTrain(shown, { alerts: true, training: false })).toBe(false);
    expect(mayTrain(shown, { alerts: false, training: true })).toBe(true);
  });

  it.each([
    ['nothing said on either side', undefined, undefined, null],
    ['a use of the licence', ['IDX', 'VOW'], ['VOW'], null],
    ['in words as one text', 'IDX, vow', ['VOW'], null],
    ['none of the licence’s', ['IDX'], ['VOW', 'BO'], 'not-licensed'],
    ['none at all', [], ['IDX'], 'not-licensed'],
    ['nothing where the licence has uses', undefined, ['IDX'], 'not-licensed'],
    ['uses where the licence says nothing', ['IDX'], undefined, 'uses-not-said'],
    ['uses where the licence has none', ['IDX'], [], 'not-licensed'],
    ['null', null, ['IDX'], 'not-licensed'],
    ['a word that nobody knows', ['ANY'], ['IDX'], 'not-licensed'],
    ['no word at all', [{ IDX: true }, 1], ['IDX'], 'not-licensed'],
  ] as const)('need a use that record and licence share: %s', (_case, said, uses, refusal) => {
    const record = listing({ ...all(true), ...(said === undefined ? {} : { MlgCanUse: said }) });
    const rights = { ...both, ...(uses === undefined ? {} : { uses }) };
    expect(alertRefusal(record, rights)).toBe(refusal);
    expect(trainingRefusal(record, rights)).toBe(refusal);
  });
});
