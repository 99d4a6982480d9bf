import { metros } from '../../seed/metros.ts';
import type { Metro } from '../../seed/metros.ts';
import { createDice, weighted } from '../../seed/random.ts';
import type { Dice } from '../../seed/random.ts';
import type { Kept } from './schema.ts';
import type { Block } from './table.ts';
import type { Row } from './wire.ts';

/** What a market is made from: the same numbers make the same records on every machine. */
export interface MarketSeed {
  readonly seed: number;
  readonly listings: number;
  /** Photos of each listing. */
  readonly mediaEach: number;
  /** Every so many listings one has an open house; 0: none. Those listings are active. */
  readonly openHouseEvery: number;
  readonly offices: number;
  readonly members: number;
  /** So many neighbouring listings were changed in the same millisecond. */
  readonly equalStamps: number;
  /** Over how many days before `asOf` the latest changes are spread. */
  readonly days: number;
  readonly onlyActive: boolean;
  /** With which every key begins. */
  readonly prefix: string;
  readonly system: string;
  /** ISO instant: nothing was changed later. */
  readonly asOf: string;
}

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

const STREETS =
  'Bay,Cypress,Gulf View,Heron,Lakeshore,Magnolia,Mangrove,Oak,Palm,Pelican,Pine,Sunset,Swann,Water'.split(',');
const WAYS = ['St', 'Ave', 'Dr', 'Blvd', 'Ct', 'Ln'];
const MLS_STATUS: Readonly<Record<string, string>> = { 'Active Under Contract': 'Active Contingent', Closed: 'Sold' };

/** Hillsborough and Pinellas counties: where the sample brokerage works. */
const tampa: Metro = metros.find(({ cities }) => cities[0]?.name === 'Tampa')!;

export function mlsStatusOf(status: string): string {
  return MLS_STATUS[status] ?? status;
}

/** MLS Grid's own fields; other vendors do not have them. */
export const VISIBLE = { MlgCanView: true, MlgCanUse: ['IDX', 'VOW'] } as const;

/** The market as blocks of records, one for each resource that is kept. */
export function marketOf(seed: MarketSeed): Readonly<Record<Kept, Block>> {
  const asOf = Date.parse(seed.asOf);
  const dice = createDice(seed.seed);
  const stamp = (n: number): number => {
    const group = Math.floor(n / Math.max(1, seed.equalStamps));
    return Math.floor(asOf - HOUR - createUnit(dice, 'stamp', group) * seed.days * DAY);
  };
  const key = (n: number): string => `${seed.prefix}${10_000_000 + n}`;
  const officeKey = (n: number): string => `${seed.prefix}O${1_000 + n}`;
  const memberKey = (n: number): string => `${seed.prefix}A${10_000 + n}`;
  const common = (at: number) => ({ ModificationTimestamp: iso(at), OriginatingSystemName: seed.system, ...VISIBLE });
  const long = (n: number): number => asOf - seed.days * DAY - n * 60_000;
  const hosted = seed.openHouseEvery > 0 ? Math.ceil(seed.listings / seed.openHouseEvery) : 0;

  return {
    Office: {
      count: seed.offices,
      id: officeKey,
      modified: long,
      row: (n) => ({
        OfficeKey: officeKey(n),
        OfficeMlsId: `${1_000 + n}`,
        OfficeName: n === 0 ? 'Harborline Realty' : `${STREETS[n % STREETS.length]} ${n} Realty`,
        OfficePhone: `(813) 555-${String(100 + (n % 100)).padStart(4, '0')}`,
        OfficeEmail: `office-${n}@example.com`,
        OfficeCity: tampa.cities[n % tampa.cities.length]!.name,
        OfficeStatus: 'Active',
        ...common(long(n)),
      }),
    },
    Member: {
      count: seed.members,
      id: memberKey,
      modified: long,
      row: (n) => ({
        MemberKey: memberKey(n),
        MemberMlsId: `${10_000 + n}`,
        MemberFullName: `Agent ${n}`,
        MemberEmail: `agent-${n}@example.com`,
        MemberStatus: 'Active',
        OfficeKey: officeKey(n % seed.offices),
        OfficeName:
          n % seed.offices === 0
            ? 'Harborline Realty'
            : `${STREETS[(n % seed.offices) % STREETS.length]} ${n % seed.offices} Realty`,
        ...common(long(n)),
      }),
    },
    Property: {
      count: seed.listings,
      id: key,
      modified: stamp,
      row: (n) => {
        const member = Math.floor(createUnit(dice, 'agent', n) * seed.members);
        const office = member % seed.offices;
        const active = seed.onlyActive || (seed.openHouseEvery > 0 && n % seed.openHouseEvery === 0);
        return {
          ListingKey: key(n),
          ListingId: `T${300_000 + n}`,
          OriginatingSystemKey: key(n),
          UniversalPropertyId: null,
          ...common(stamp(n)),
          ...home(dice.at('listing', n), { at: stamp(n), asOf, status: active ? 'Active' : undefined }),
          PhotosCount: seed.mediaEach,
          ListOfficeKey: officeKey(office),
          ListOfficeName: office === 0 ? 'Harborline Realty' : `${STREETS[office % STREETS.length]} ${office} Realty`,
          ListOfficeMlsId: `${1_000 + office}`,
          ListAgentKey: memberKey(member),
          ListAgentFullName: `Agent ${member}`,
          ListAgentMlsId: `${10_000 + member}`,
        };
      },
    },
    Media: {
      count: seed.listings * seed.mediaEach,
      id: (n) => `${key(Math.floor(n / seed.mediaEach))}-M${n % seed.mediaEach}`,
      modified: (n) => stamp(Math.floor(n / seed.mediaEach)),
      row: (n) => {
        const listing = Math.floor(n / seed.mediaEach);
        const at = stamp(listing);
        return {
          MediaKey: `${key(listing)}-M${n % seed.mediaEach}`,
          ResourceName: 'Property',
          ResourceRecordKey: key(listing),
          MediaURL: `https://media.example.com/${key(listing)}/${n % seed.mediaEach}.jpg`,
          MediaCategory: 'Photo',
          Order: n % seed.mediaEach,
          ShortDescription: null,
          MediaModificationTimestamp: iso(at),
          ...common(at),
        };
      },
    },
    OpenHouse: {
      count: hosted,
      id: (n) => `${key(n * seed.openHouseEvery)}-H`,
      modified: (n) => stamp(n * seed.openHouseEvery),
      row: (n) => {
        const listing = n * seed.openHouseEvery;
        // Afternoons of the days to come.
        const from = Math.ceil(asOf / DAY) * DAY + (n % 10) * DAY + (17 + (n % 3)) * HOUR;
        return {
          OpenHouseKey: `${key(listing)}-H`,
          OpenHouseId: `H${n}`,
          ListingKey: key(listing),
          ListingId: `T${300_000 + listing}`,
          OpenHouseDate: day(from),
          OpenHouseStartTime: iso(from),
          OpenHouseEndTime: iso(from + 2 * HOUR),
          OpenHouseStatus: 'Active',
          OpenHouseType: 'Public',
          OpenHouseRemarks: null,
          ...common(stamp(listing)),
        };
      },
    },
  };
}

/** Everything about a home that does not name somebody: a plausible one of the Tampa area. */
export function home(dice: Dice, given: { at: number; asOf: number; status?: string | undefined }): Row {
  const drawn = statuses(dice);
  const status = given.status ?? drawn;
  const { type, factor, subtypes } = types(dice);
  const index = cityOf(dice);
  const city = tampa.cities[index]!;
  const bedrooms = type === 'Land' ? 0 : Math.min(7, Math.max(1, Math.round(3.1 + 1.05 * dice.normal())));
  const full = Math.max(1, Math.min(bedrooms, Math.round(bedrooms * 0.7 + 0.4 * dice.normal())));
  const half = dice.chance(0.3) ? 1 : 0;
  const area = Math.max(420, Math.round(420 + bedrooms * 430 * Math.exp(0.22 * dice.normal())));
  const land = type === 'Land';
  const price = rounded(
    tampa.median * factor * (1.1 - 0.05 * index) * (land ? 1 : area / 1_750) * Math.exp(0.28 * dice.normal()),
  );
  const cut = dice.chance(0.3);
  const original = cut ? rounded(price * (1.02 + 0.1 * dice.unit())) : price;
  const entered = given.at - Math.floor(dice.wait(25 * DAY)) - HOUR;
  const listed = day(entered);
  const over = ['Closed', 'Pending', 'Active Under Contract'].includes(status);
  const number = String(dice.between(100, 9_899));
  const street = `${dice.pick(STREETS)} ${dice.pick(WAYS)}`;
  // Homes thin out from the centre: some five kilometres in each direction.
  const latitude = Number((city.latitude + 0.045 * dice.normal()).toFixed(6));
  const longitude = Number((city.longitude + 0.05 * dice.normal()).toFixed(6));
  const lot = Math.round(5_200 * Math.exp(0.5 * dice.normal()));
  const shown = dice.chance(0.97);
  const days = Math.max(0, Math.round((given.asOf - entered) / DAY));
  return {
    StandardStatus: status,
    MlsStatus: mlsStatusOf(status),
    PropertyType: type,
    PropertySubType: dice.pick(subtypes),
    ListPrice: price,
    OriginalListPrice: original,
    PreviousListPrice: cut ? original : null,
    ClosePrice: status === 'Closed' ? rounded(price * (0.95 + 0.06 * dice.unit())) : null,
    AssociationFee: dice.chance(0.5) ? dice.between(40, 650) : null,
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
    YearBuilt: land ? null : dice.between(1948, 2025),
    StoriesTotal: land ? null : dice.between(1, 2),
    GarageSpaces: land ? null : dice.between(0, 3),
    PoolPrivateYN: !land && dice.chance(0.25),
    WaterfrontYN: dice.chance(0.12),
    NewConstructionYN: !land && dice.chance(0.06),
    Cooling: land ? [] : ['Central Air', ...(dice.chance(0.3) ? ['Ceiling Fan(s)'] : [])],
    Latitude: latitude,
    Longitude: longitude,
    UnparsedAddress: `${number} ${street}`,
    StreetNumber: number,
    StreetName: street,
    City: city.name,
    StateOrProvince: tampa.state,
    PostalCode: `${tampa.postal}${String(dice.between(1, 47)).padStart(2, '0')}`,
    CountyOrParish: index === 1 || index === 2 ? 'Pinellas' : 'Hillsborough',
    PublicRemarks: land
      ? `A lot of ${lot} square feet in ${city.name}.`
      : `${bedrooms} bedrooms and ${area} square feet in ${city.name}${cut ? ', newly priced' : ''}.`,
    InternetEntireListingDisplayYN: shown,
    InternetAddressDisplayYN: shown && dice.chance(0.95),
    InternetAutomatedValuationDisplayYN: dice.chance(0.85),
    InternetConsumerCommentYN: dice.chance(0.6),
  };
}

/** As people ask: 449,900 rather than 450,123. */
function rounded(price: number): number {
  if (price < 20_000) return Math.max(600, Math.round(price / 25) * 25);
  return Math.max(19_900, Math.round(price / 5_000) * 5_000 - 100);
}

function createUnit(dice: Dice, family: string, n: number): number {
  return dice.at(family, n).unit();
}

export function iso(at: number): string {
  return new Date(at).toISOString();
}

export function day(at: number): string {
  return iso(at).slice(0, 10);
}
