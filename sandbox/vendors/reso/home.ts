import { weighted } from './random.ts';
import type { Random } from './random.ts';
import type { Row } from './wire.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const statuses = weighted([
  ['Active', 42],
  ['Closed', 36],
  ['Pending', 9],
  ['Active Under Contract', 4],
  ['Expired', 3],
  ['Withdrawn', 3],
  ['Canceled', 2],
  ['Coming Soon', 1],
]);

/** With how their prices compare, and what they usually are. */
const types = weighted([
  [{ type: 'Residential', factor: 1, subtypes: ['Single Family Residence', 'Condominium', 'Townhouse'] }, 80],
  [{ type: 'Residential Lease', factor: 0.006, subtypes: ['Single Family Residence', 'Condominium'] }, 7],
  [{ type: 'Land', factor: 0.35, subtypes: ['Unimproved Land'] }, 6],
  [{ type: 'Residential Income', factor: 1.5, subtypes: ['Duplex'] }, 3],
  [{ type: 'Manufactured In Park', factor: 0.25, subtypes: ['Manufactured Home'] }, 3],
  [{ type: 'Commercial Sale', factor: 2.2, subtypes: ['Retail'] }, 1],
]);

const cityOf = weighted([
  [0, 42],
  [1, 22],
  [2, 14],
  [3, 11],
  [4, 11],
]);

export const STREETS =
  'Bay,Cypress,Gulf View,Heron,Lakeshore,Magnolia,Mangrove,Oak,Palm,Pelican,Pine,Sunset,Swann,Water'.split(',');
const WAYS = ['St', 'Ave', 'Dr', 'Blvd', 'Ct', 'Ln'];
const MLS_STATUS: Readonly<Record<string, string>> = { 'Active Under Contract': 'Active Contingent', Closed: 'Sold' };

/** Hillsborough and Pinellas counties: where the sample brokerage works. */
export const CITIES = [
  { name: 'Tampa', latitude: 27.951, longitude: -82.457, county: 'Hillsborough' },
  { name: 'Saint Petersburg', latitude: 27.768, longitude: -82.64, county: 'Pinellas' },
  { name: 'Clearwater', latitude: 27.966, longitude: -82.8, county: 'Pinellas' },
  { name: 'Brandon', latitude: 27.938, longitude: -82.286, county: 'Hillsborough' },
  { name: 'Riverview', latitude: 27.866, longitude: -82.327, county: 'Hillsborough' },
] as const;
/** Around which prices are spread, US dollars. */
const MEDIAN = 400_000;

export function mlsStatusOf(status: string): string {
  return MLS_STATUS[status] ?? status;
}

/** Everything about a home that does not name somebody: a plausible one of the Tampa area. */
export function home(random: Random, given: { at: number; asOf: number; status?: string | undefined }): Row {
  const drawn = statuses(random);
  const status = given.status ?? drawn;
  const { type, factor, subtypes } = types(random);
  const index = cityOf(random);
  const city = CITIES[index]!;
  const bedrooms = type === 'Land' ? 0 : Math.min(7, Math.max(1, Math.round(3.1 + 1.05 * random.normal())));
  const full = Math.max(1, Math.min(bedrooms, Math.round(bedrooms * 0.7 + 0.4 * random.normal())));
  const half = random.chance(0.3) ? 1 : 0;
  const area = Math.max(420, Math.round(420 + bedrooms * 430 * Math.exp(0.22 * random.normal())));
  const land = type === 'Land';
  const price = rounded(
    MEDIAN * factor * (1.1 - 0.05 * index) * (land ? 1 : area / 1_750) * Math.exp(0.28 * random.normal()),
  );
  const cut = random.chance(0.3);
  const original = cut ? rounded(price * (1.02 + 0.1 * random.unit())) : price;
  const entered = given.at - Math.floor(random.wait(25 * DAY)) - HOUR;
  const listed = day(entered);
  const over = ['Closed', 'Pending', 'Active Under Contract'].includes(status);
  const number = String(random.between(100, 9_899));
  const street = `${random.pick(STREETS)} ${random.pick(WAYS)}`;
  // Homes thin out from the centre: some five kilometres in each direction.
  const latitude = Number((city.latitude + 0.045 * random.normal()).toFixed(6));
  const longitude = Number((city.longitude + 0.05 * random.normal()).toFixed(6));
  const lot = Math.round(5_200 * Math.exp(0.5 * random.normal()));
  const shown = random.chance(0.97);
  const days = Math.max(0, Math.round((given.asOf - entered) / DAY));
  return {
    StandardStatus: status,
    MlsStatus: mlsStatusOf(status),
    PropertyType: type,
    PropertySubType: random.pick(subtypes),
    ListPrice: price,
    OriginalListPrice: original,
    PreviousListPrice: cut ? original : null,
    ClosePrice: status === 'Closed' ? rounded(price * (0.95 + 0.06 * random.unit())) : null,
    AssociationFee: random.chance(0.5) ? random.between(40, 650) : null,
    TaxAnnualAmount: Number((price * 0.0098).toFixed(2)),
    ListingContractDate: listed,
    OnMarketDate: listed,
    PurchaseContractDate: over ? day(given.at - 3 * DAY) : null,
    CloseDate: status === 'Closed' ? day(given.at) : null,
    OffMarketDate: status === 'Active' || status === 'Coming Soon' ? null : day(given.at),
    OriginalEntryTimestamp: iso(entered),
    StatusChangeTimestamp: iso(status === 'Active' ? entered : given.at),
    PriceChangeTimestamp: cut ? iso(given.at) : null,
    PhotosChangeTimestamp: iso(entered),
    MajorChangeTimestamp: iso(given.at),
    MajorChangeType: status === 'Active' ? (cut ? 'Price Change' : 'New Listing') : status,
    DaysOnMarket: days,
    CumulativeDaysOnMarket: days,
    BedroomsTotal: bedrooms,
    BathroomsTotalInteger: land ? 0 : full + half,
    BathroomsFull: land ? 0 : full,
    BathroomsHalf: land ? 0 : half,
    LivingArea: land ? null : area,
    LivingAreaUnits: 'Square Feet',
    LotSizeSquareFeet: lot,
    LotSizeAcres: Number((lot / 43_560).toFixed(3)),
    YearBuilt: land ? null : random.between(1948, 2025),
    StoriesTotal: land ? null : random.between(1, 2),
    GarageSpaces: land ? null : random.between(0, 3),
    PoolPrivateYN: !land && random.chance(0.25),
    WaterfrontYN: random.chance(0.12),
    NewConstructionYN: !land && random.chance(0.06),
    Cooling: land ? [] : ['Central Air', ...(random.chance(0.3) ? ['Ceiling Fan(s)'] : [])],
    Latitude: latitude,
    Longitude: longitude,
    UnparsedAddress: `${number} ${street}`,
    StreetNumber: number,
    StreetName: street,
    City: city.name,
    StateOrProvince: 'FL',
    PostalCode: `336${String(random.between(1, 47)).padStart(2, '0')}`,
    CountyOrParish: city.county,
    PublicRemarks: land
      ? `A lot of ${lot} square feet in ${city.name}.`
      : `${bedrooms} bedrooms and ${area} square feet in ${city.name}${cut ? ', newly priced' : ''}.`,
    InternetEntireListingDisplayYN: shown,
    InternetAddressDisplayYN: shown && random.chance(0.95),
    InternetAutomatedValuationDisplayYN: random.chance(0.85),
    InternetConsumerCommentYN: random.chance(0.6),
  };
}

/** As people ask: 449,900 rather than 450,123. */
function rounded(price: number): number {
  if (price < 20_000) return Math.max(600, Math.round(price / 25) * 25);
  return Math.max(19_900, Math.round(price / 5_000) * 5_000 - 100);
}

export function iso(at: number): string {
  return new Date(at).toISOString();
}

export function day(at: number): string {
  return iso(at).slice(0, 10);
}
