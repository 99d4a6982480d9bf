import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contentHash } from '../../../domain/market/content.ts';
import type { RawRecord } from '../../../domain/market/feed.ts';
import type { MarketListing } from '../../../domain/market/listing.ts';
import { type ReadingContext, readListing } from '../../../domain/market/read-listing.ts';

const NOW = '2026-11-29T10:00:00.000Z';
const context: ReadingContext = { market: 'bay', now: NOW, frozen: new Set<string>(), before: null };

/** As RESO's own reference server answers, with display rights and an office. */
const RAW: RawRecord = {
  '@odata.id': "Property('86ebada3')",
  ...{ ListingKey: '86ebada3', ListingId: 'B-100', ModificationTimestamp: '2026-11-22T08:47:33.390Z' },
  ...{ StandardStatus: 'Active Under Contract', MlsStatus: 'Active Contingent', PropertyType: 'Residential Lease' },
  ...{
    PropertySubType: 'Single Family Residence',
    ListPrice: 9232227.53,
    OriginalListPrice: '9232227.5',
    ClosePrice: null,
  },
  ...{ OnMarketDate: '2026-06-17', ListingContractDate: '2026-06-16', CloseDate: '2025-09-26' },
  ...{ PriceChangeTimestamp: '2026-11-22T08:40:00Z', StatusChangeTimestamp: null },
  ...{ BedroomsTotal: 2, BathroomsTotalInteger: 5, BathroomsFull: 3, BathroomsHalf: 2, LivingArea: 3334.76 },
  ...{ LotSizeSquareFeet: 7787.08, YearBuilt: 1999, Latitude: 43.104825, Longitude: -89.445937 },
  ...{ UnparsedAddress: '8340 Valley Ave', City: 'Arlington', StateOrProvince: 'mn', PostalCode: '30717' },
  ...{ CountyOrParish: 'Hennepin', PublicRemarks: 'Two bedrooms.\nA garden.', OriginatingSystemName: 'Bay MLS' },
  ...{ ListOfficeKey: 'O1', ListOfficeName: 'Bay Homes', ListAgentKey: 'M1', InternetEntireListingDisplayYN: true },
  ...{ InternetAddressDisplayYN: 'Y', InternetAutomatedValuationDisplayYN: 0, PoolPrivateYN: true },
};

function read(change: RawRecord = {}, more: Partial<ReadingContext> = {}) {
  return readListing({ ...RAW, ...change }, { ...context, ...more });
}
function listed(change: RawRecord = {}, more: Parameters<typeof read>[1] = {}) {
  const reading = read(change, more);
  if (reading.kind !== 'listing') throw new Error(`expected a listing, got ${JSON.stringify(reading)}`);
  return reading;
}

describe('a record of Property', () => {
  it('is a listing', () => {
    expect(listed()).toEqual({
      kind: 'listing',
      listing: {
        ...{ listingKey: '86ebada3', market: 'bay', listingId: 'B-100', changedAt: '2026-11-22T08:47:33.390Z' },
        ...{ status: 'active under contract', propertyType: 'residential lease', subtype: 'single family residence' },
        ...{ price: '9232227.53', originalPrice: '9232227.50', closePrice: null, closedOn: '2025-09-26' },
        ...{ listedAt: '2026-06-17T00:00:00.000Z', bedrooms: 2, bathrooms: 4, livingSqft: 3335, lotSqft: 7787 },
        ...{ yearBuilt: 1999, latitude: 43.104825, longitude: -89.445937, address: '8340 Valley Ave' },
        ...{ city: 'Arlington', county: 'Hennepin', state: 'MN', postalCode: '30717' },
        ...{ remarks: 'Two bedrooms.\nA garden.', systemName: 'Bay MLS' },
        ...{ officeKey: 'O1', officeName: 'Bay Homes', agentKey: 'M1' },
        ...{ shown: true, addressShown: true, valuationShown: false, uses: null },
      },
      stamps: { price: '2026-11-22T08:40:00.000Z', status: null },
      problems: [],
    });
  });

  it('needs no more than a key, a time and a status', () => {
    const { ListingKey, ModificationTimestamp, StandardStatus } = RAW;
    const reading = readListing({ ListingKey, ModificationTimestamp, StandardStatus }, context);
    expect(reading).toMatchObject({
      listing: { propertyType: 'unknown', price: null, shown: null, city: null },
      problems: [{ field: 'PropertyType', reason: 'missing' }],
    });
  });

  it.each([
    ['Active', 'active'],
    ['ACTIVE', 'active'],
    ['ActiveUnderContract', 'active under contract'],
    ['active_under_contract', 'active under contract'],
    ["org.reso.metadata.enums.StandardStatus'ComingSoon'", 'coming soon'],
    [['Pending'], 'pending'],
    ['Cancelled', 'canceled'],
  ])('with the status %j is %s', (StandardStatus, status) => {
    expect(listed({ StandardStatus }).listing.status).toBe(status);
  });

  it.each([
    ['ResidentialIncome', 'residential income'],
    ['RESIDENTIAL INCOME', 'residential income'],
    ['HotelMotel', 'hotel/motel'],
    ['Manufactured In Park', 'manufactured in park'],
  ])('of the type %s is %s', (PropertyType, type) => {
    expect(listed({ PropertyType }).listing.propertyType).toBe(type);
  });

  it('takes the word of the MLS where the feed has no StandardStatus', () => {
    expect(listed({ StandardStatus: null, MlsStatus: 'Pending' }).listing.status).toBe('pending');
    expect(read({ StandardStatus: 7, MlsStatus: 'Active' })).toMatchObject({ kind: 'dead', field: 'StandardStatus' });
  });

  it.each([
    ['has no key', { ListingKey: undefined }, 'no-key', null],
    ['has a blank key', { ListingKey: '' }, 'no-key', null],
    ['has a key that is too long', { ListingKey: 'k'.repeat(256) }, 'bad-key', null],
    ['has control characters in its key', { ListingKey: 'a\u0000b' }, 'bad-key', null],
    ['has an object for a key', { ListingKey: {} }, 'bad-key', null],
    ['says no time', { ModificationTimestamp: null }, 'no-timestamp', '86ebada3'],
    ['says a time without offset', { ModificationTimestamp: '2026-11-22T08:47:33' }, 'bad-timestamp', '86ebada3'],
    ['says a time of 1899', { ModificationTimestamp: '1899-11-22T08:47:33Z' }, 'bad-timestamp', '86ebada3'],
    ['says a time to come', { ModificationTimestamp: '2026-11-29T11:00:01Z' }, 'future-timestamp', '86ebada3'],
    ['says a time of 2099', { ModificationTimestamp: '2099-01-01T00:00:00Z' }, 'future-timestamp', '86ebada3'],
    ['has a status that nobody knows', { StandardStatus: 'Sparkling' }, 'unknown-status', '86ebada3'],
    ['has a number for a status', { StandardStatus: '12' }, 'unknown-status', '86ebada3'],
    ['has no status', { StandardStatus: null, MlsStatus: null }, 'unknown-status', '86ebada3'],
  ])('is dead if it %s', (_what, change, reason, key) => {
    expect(read(change)).toMatchObject({ kind: 'dead', reason, key });
  });

  it('may be ahead of our clock by an hour, have a number for a key, and finer digits than milliseconds', () => {
    expect(listed({ ModificationTimestamp: '2026-11-29T11:00:00Z' }).listing.changedAt).toBe(
      '2026-11-29T11:00:00.000Z',
    );
    expect(listed({ ListingKey: 4711 }).listing.listingKey).toBe('4711');
    expect(listed({ ModificationTimestamp: '2026-11-22t01:02:03.9999999-06:00' }).listing.changedAt).toBe(
      '2026-11-22T07:02:03.999Z',
    );
  });

  it.each([
    ['MlgCanView', false],
    ['MlgCanView', 'N'],
    ['MlgCanView', 'perhaps'],
    ['StandardStatus', 'Delete'],
  ])('is taken away by %s %p', (field, value) => {
    expect(read({ [field]: value })).toEqual({ kind: 'removed', key: '86ebada3', at: '2026-11-22T08:47:33.390Z' });
  });

  it.each([
    ['ListPrice', -1, 'price', 'out-of-bounds'],
    ['ListPrice', 0, 'price', 'out-of-bounds'],
    ['ListPrice', 493_643_743_392.74, 'price', 'out-of-bounds'],
    ['ListPrice', 1e30, 'price', 'out-of-bounds'],
    ['ListPrice', '425,000', 'price', 'wrong-type'],
    ['ListPrice', '1.005', 'price', 'out-of-bounds'],
    ['ListPrice', { amount: 1 }, 'price', 'wrong-type'],
    ['BedroomsTotal', 33, 'bedrooms', 'out-of-bounds'],
    ['BedroomsTotal', 2.5, 'bedrooms', 'wrong-type'],
    ['BedroomsTotal', 'two', 'bedrooms', 'wrong-type'],
    ['Latitude', 91, 'latitude', 'out-of-bounds'],
    ['Latitude', 91, 'longitude', 'out-of-bounds'],
    ['Longitude', 0, 'latitude', 'out-of-bounds'],
    ['CloseDate', '2099-01-01', 'closedOn', 'out-of-bounds'],
    ['CloseDate', '1899-12-31', 'closedOn', 'out-of-bounds'],
    ['CloseDate', '2026-02-30', 'closedOn', 'wrong-type'],
    ['YearBuilt', 3000, 'yearBuilt', 'out-of-bounds'],
    ['City', 'x'.repeat(101), 'city', 'too-long'],
    ['City', 'Aus\u0007tin', 'city', 'control-characters'],
    ['City', 12, 'city', 'unknown-code'],
    ['UnparsedAddress', 'a\u202Eb', 'address', 'control-characters'],
    ['PublicRemarks', 'x'.repeat(10_001), 'remarks', 'too-long'],
    ['PublicRemarks', 'half \ud800', 'remarks', 'control-characters'],
    ['PropertySubType', 3, 'subtype', 'unknown-code'],
    ['PropertySubType', ['Duplex', 'Triplex'], 'subtype', 'wrong-type'],
    ['StateOrProvince', 'Texas', 'state', 'unknown-code'],
    ['PostalCode', 2134, 'postalCode', 'wrong-type'],
    ['InternetEntireListingDisplayYN', 'maybe', 'shown', 'wrong-type'],
    ['ListOfficeKey', [], 'officeKey', 'wrong-type'],
  ])('with %s %j says nothing there, and has a problem', (field, value, part, reason) => {
    const { listing, problems } = listed({ [field]: value });
    expect(listing[part as keyof MarketListing]).toBeNull();
    expect(problems).toEqual([{ field, reason, detail: expect.stringMatching(/^expected .+, got .+$/) }]);
  });

  it('with no place at all has one problem for each coordinate, or one of both', () => {
    const { listing, problems } = listed({ Latitude: 0, Longitude: 0 });
    expect(listing).toMatchObject({ latitude: null, longitude: null });
    expect(problems).toHaveLength(1);
  });

  it('of many homes may have many bedrooms', () => {
    expect(listed({ PropertyType: 'Residential Income', BedroomsTotal: 33 }).listing.bedrooms).toBe(33);
  });

  it('says in no problem and in no dead letter what came', () => {
    const secret = 'Hidden99';
    const texts = Object.keys(RAW).map((field) => JSON.stringify(read({ [field]: [secret, { [secret]: 7_654_321 }] })));
    const details = texts.map((text) => JSON.parse(text) as { problems?: unknown; detail?: unknown; field?: unknown });
    for (const { problems, detail, field } of details) {
      expect(JSON.stringify([problems, detail, field])).not.toMatch(/Hidden|765/);
    }
  });

  it('counts square meters and acres, and takes zero for nothing said', () => {
    expect(listed({ LivingArea: 100, LivingAreaUnits: 'Square Meters' }).listing.livingSqft).toBe(1076);
    expect(listed({ LivingArea: 100, LivingAreaUnits: 'Rooms' }).listing.livingSqft).toBeNull();
    expect(listed({ LotSizeSquareFeet: null, LotSizeAcres: '0.5' }).listing.lotSqft).toBe(21_780);
    expect(listed({ LivingArea: 0, YearBuilt: 0, ClosePrice: 0, LotSizeSquareFeet: 0 })).toMatchObject({
      listing: { livingSqft: null, yearBuilt: null, closePrice: null, lotSqft: null },
      problems: [],
    });
  });

  it('counts halves where only the total tells of full baths', () => {
    expect(listed({ BathroomsFull: null, BathroomsHalf: 1, BathroomsTotalInteger: 3 }).listing.bathrooms).toBe(2.5);
    expect(listed({ BathroomsFull: null, BathroomsHalf: null, BathroomsTotalInteger: 3 }).listing.bathrooms).toBe(3);
  });

  it('tells of a price that is there no more', () => {
    const { listing } = listed();
    expect(listed({ ListPrice: null }, { before: listing })).toMatchObject({
      listing: { price: null },
      problems: [{ field: 'ListPrice', reason: 'missing' }],
    });
    expect(listed({ ListPrice: null }).problems).toEqual([]);
  });

  it('keeps every price digit for digit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4_999_999_999 }),
        fc.integer({ min: 0, max: 99 }),
        fc.boolean(),
        (whole, part, text) => {
          const price = `${whole}.${String(part).padStart(2, '0')}`;
          expect(listed({ ListPrice: text ? price : Number(price) }).listing.price).toBe(price);
        },
      ),
    );
  });

  it('never throws, and never answers with what could not be stored', () => {
    const anything = fc.dictionary(
      fc.constantFrom(...Object.keys(RAW), 'MlgCanView', 'LivingAreaUnits'),
      fc.anything(),
    );
    fc.assert(
      fc.property(anything, (change) => {
        const reading = read(change);
        if (reading.kind !== 'listing') return;
        const { listing } = reading;
        expect(JSON.stringify(listing)).not.toMatch(/\\u0000|\\ud[89a-f]/);
        expect(listing.price ?? '0.00').toMatch(/^\d{1,10}\.\d{2}$/);
        expect(Number.isInteger(listing.bedrooms ?? 0)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a frozen field', () => {
  const before: MarketListing = {
    ...listed().listing,
    price: '400000.00',
    bathrooms: 1,
    addressShown: true,
    shown: false,
  };

  it('keeps its last value, and everything that is made with it', () => {
    const frozen = new Set(['ListPrice', 'BathroomsHalf', 'Latitude']);
    const { listing, problems } = listed(
      { ListPrice: { amount: 1 }, Latitude: 'x', City: 'Elsewhere' },
      { before, frozen },
    );
    expect(listing).toMatchObject({ price: '400000.00', bathrooms: 1, city: 'Elsewhere' });
    expect(listing).toMatchObject({ latitude: before.latitude, longitude: before.longitude });
    expect(problems).toEqual([]);
  });

  it('is unknown of a listing that is new, but for the day of listing if another field says it', () => {
    const { listing, problems } = listed({}, { frozen: new Set(['ListPrice', 'OnMarketDate', 'PropertyType']) });
    expect(problems).toEqual([]);
    expect(listing).toMatchObject({ price: null, listedAt: '2026-06-16T00:00:00.000Z', propertyType: 'unknown' });
  });

  it('allows nothing, whatever it allowed before', () => {
    const frozen = new Set(['InternetEntireListingDisplayYN', 'InternetAddressDisplayYN']);
    expect(listed({}, { before, frozen }).listing).toMatchObject({ shown: false, addressShown: null });
  });

  it('may be the status, which then stays, and without which a new listing cannot be taken in', () => {
    const frozen = new Set(['StandardStatus']);
    expect(listed({ StandardStatus: 3 }, { before, frozen }).listing.status).toBe('active under contract');
    expect(read({ StandardStatus: 3 }, { frozen })).toMatchObject({ kind: 'dead', reason: 'frozen-field' });
  });
});

describe('the hash of a record', () => {
  const same = (text: string) => text;

  it('is of its content: not of the order of its fields, nor of how it was sent', () => {
    const turned = Object.fromEntries(Object.entries(RAW).reverse());
    expect(contentHash({ ...turned, '@odata.etag': 'W/"1"', 'Media@odata.count': 3 }, same)).toBe(
      contentHash(RAW, same),
    );
  });

  it('is another one for every change of any field, read or not', () => {
    for (const field of Object.keys(RAW).filter((name) => !name.includes('@'))) {
      expect(contentHash({ ...RAW, [field]: 'other' }, same)).not.toBe(contentHash(RAW, same));
    }
    expect(contentHash({ ...RAW, Added: null }, same)).not.toBe(contentHash(RAW, same));
  });
});
