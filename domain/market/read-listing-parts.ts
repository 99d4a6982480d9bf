import type { Iso } from '../glossary.ts';
import type { FieldReader } from './edm.ts';
import type { MarketListing } from './listing.ts';
import { wordsOf } from './read-words.ts';

/** What a type of property is called that the feed does not tell: none that anybody asks for. */
const UNKNOWN_TYPE = 'unknown';

/** More rooms than a home has; a building of many homes, and whatever else is sold, may have more. */
const HOME_ROOMS = 30;
const MOST_ROOMS = 999;
const homeTypes: ReadonlySet<string> = new Set([
  ...['residential', 'residential lease', 'manufactured in park', 'farm'],
  UNKNOWN_TYPE,
]);
const SQFT_PER_SQM = 10.763_910_416_7;
const SQFT_PER_ACRE = 43_560;
const sqft = { min: 1, max: 1_000_000, zeroIsUnsaid: true };
const lotSqft = { min: 1, max: 10_000_000_000, zeroIsUnsaid: true };
const acres = { min: 0.000_01, max: 200_000, zeroIsUnsaid: true };

export function home(read: FieldReader, latest: Iso) {
  const propertyType = typeOf(read);
  const rooms = { min: 0, max: homeTypes.has(propertyType) ? HOME_ROOMS : MOST_ROOMS };
  const subtype = read.word('PropertySubType');
  return {
    propertyType,
    subtype: subtype === null ? null : wordsOf(subtype),
    bedrooms: read.number('BedroomsTotal', { ...rooms, whole: true }),
    bathrooms: bathrooms(read, rooms),
    livingSqft: livingSqft(read),
    lotSqft: lot(read),
    yearBuilt: read.number('YearBuilt', {
      ...{ min: 1600, max: Number(latest.slice(0, 4)) + 3 },
      ...{ whole: true, zeroIsUnsaid: true },
    }),
    remarks: read.prose('PublicRemarks', 10_000),
  };
}

function typeOf(read: FieldReader): string {
  const told = read.problems.length;
  const type = read.word('PropertyType');
  if (type !== null) return wordsOf(type);
  if (read.problems.length === told) read.problem('PropertyType', 'missing', 'expected a type of property, got none');
  return UNKNOWN_TYPE;
}

/** A bath without a tub counts three quarters, one with neither a half: by their kinds where these are told, else by the total less halves. */
function bathrooms(read: FieldReader, bounds: { readonly min: number; readonly max: number }): number | null {
  const count = (name: string) => read.number(name, { ...bounds, whole: true });
  const [full, half, partial] = [count('BathroomsFull'), count('BathroomsHalf'), count('BathroomsPartial')];
  const [threeQuarter, quarter] = [count('BathroomsThreeQuarter'), count('BathroomsOneQuarter')];
  const total = count('BathroomsTotalInteger');
  if (full !== null)
    return full + 0.75 * (threeQuarter ?? 0) + 0.5 * ((half ?? 0) + (partial ?? 0)) + 0.25 * (quarter ?? 0);
  return total === null ? null : Math.max(0, total - 0.5 * (half ?? 0));
}

function livingSqft(read: FieldReader): number | null {
  const area = read.number('LivingArea', sqft);
  const unit = read.word('LivingAreaUnits');
  if (area === null) return null;
  switch (unit === null ? 'square feet' : wordsOf(unit)) {
    case 'square feet':
      return Math.round(area);
    case 'square meters':
      return Math.round(area * SQFT_PER_SQM);
    default:
      return read.problem('LivingAreaUnits', 'unknown-code', 'expected square feet or square meters, got another unit');
  }
}

function lot(read: FieldReader): number | null {
  const feet = read.number('LotSizeSquareFeet', lotSqft);
  if (feet !== null) return Math.round(feet);
  const size = read.number('LotSizeAcres', acres);
  return size === null ? null : Math.max(1, Math.round(size * SQFT_PER_ACRE));
}

export function place(read: FieldReader) {
  return {
    address: read.line('UnparsedAddress', 300),
    city: enumerated(read, 'City', 100),
    county: enumerated(read, 'CountyOrParish', 100),
    state: state(read),
    postalCode: postalCode(read),
    ...point(read),
  };
}

/** Feeds have it as text or as a look-up; it stays as they spell it. */
function enumerated(read: FieldReader, name: string, max: number): string | null {
  const word = read.word(name);
  if (word === null) return null;
  return word.length > max
    ? read.problem(name, 'too-long', `expected at most ${max} characters, got ${word.length} of them`)
    : word;
}

function state(read: FieldReader): string | null {
  const word = read.word('StateOrProvince');
  if (word === null) return null;
  return /^[A-Za-z]{2}$/.test(word)
    ? word.toUpperCase()
    : read.problem('StateOrProvince', 'unknown-code', 'expected two letters, got another word');
}

function postalCode(read: FieldReader): string | null {
  const code = read.line('PostalCode', 20);
  if (code === null) return null;
  return /^[A-Za-z0-9][A-Za-z0-9 -]{2,9}$/.test(code)
    ? code.toUpperCase()
    : read.problem('PostalCode', 'wrong-type', 'expected a postal code, got other text');
}

/** Both or none: half a place is on no map. Zero is where maps put what they do not know. */
function point(read: FieldReader): Pick<MarketListing, 'latitude' | 'longitude'> {
  const latitude = read.number('Latitude', { min: -90, max: 90 });
  const longitude = read.number('Longitude', { min: -180, max: 180 });
  if (latitude === 0 || longitude === 0)
    read.problem(
      latitude === 0 ? 'Latitude' : 'Longitude',
      'out-of-bounds',
      'expected a place on land, got zero degrees',
    );
  const known = latitude !== null && longitude !== null && latitude !== 0 && longitude !== 0;
  return known ? { latitude, longitude } : { latitude: null, longitude: null };
}

export function sale(read: FieldReader, latest: Iso) {
  return {
    originalPrice: read.dollars('OriginalListPrice', 'unsaid'),
    closePrice: read.dollars('ClosePrice', 'unsaid'),
    closedOn: read.day('CloseDate', latest),
    listedAt: listedAt(read, latest),
  };
}

/** When it came on the market; where only the day is told, that day's beginning in UTC. All are read, so that each is judged. */
function listedAt(read: FieldReader, latest: Iso): Iso | null {
  const begin = (day: string | null) => (day === null ? null : `${day}T00:00:00.000Z`);
  const told = [
    bounded(read, 'OnMarketTimestamp', latest),
    begin(read.day('OnMarketDate', latest)),
    begin(read.day('ListingContractDate', latest)),
    bounded(read, 'OriginalEntryTimestamp', latest),
  ];
  return told.find((at) => at !== null) ?? null;
}

function bounded(read: FieldReader, name: string, latest: Iso): Iso | null {
  const at = read.instant(name);
  if (at === null || (at >= '1900' && at <= latest)) return at;
  return read.problem(
    name,
    'out-of-bounds',
    `expected an instant of our time, got one ${at < '1900' ? 'before' : 'after'} it`,
  );
}

export function whoseAndRights(read: FieldReader) {
  return {
    listingId: read.line('ListingId', 255),
    officeKey: read.reference('ListOfficeKey'),
    officeName: read.line('ListOfficeName', 255),
    agentKey: read.reference('ListAgentKey'),
    systemName: read.line('OriginatingSystemName', 255),
    shown: read.flag('InternetEntireListingDisplayYN'),
    addressShown: read.flag('InternetAddressDisplayYN'),
    valuationShown: read.flag('InternetAutomatedValuationDisplayYN'),
  };
}
