/**
 * What a listing of RESO's Data Dictionary is to look like in the columns of `listings`, written from the dictionary and from what the product
 * promises, without a line of the product's own reading: whoever compares the two must not share a mistake with either.
 */

export type Raw = Readonly<Record<string, unknown>>;

/** What becomes of a record: it is kept with these columns, kept by nobody, or cannot be taken in. */
export type Expected =
  | {
      readonly kind: 'kept';
      readonly columns: Readonly<Record<string, unknown>>;
      readonly unreadable: readonly string[];
    }
  | { readonly kind: 'gone' }
  | { readonly kind: 'dead'; readonly key: string | null };

const STATUSES = new Set(
  'active,active under contract,canceled,closed,coming soon,delete,expired,hold,incomplete,pending,withdrawn'.split(
    ',',
  ),
);
/** Buildings of many homes, and what is none, may have any number of rooms. */
const HOMES = new Set(['residential', 'residential lease', 'manufactured in park', 'farm']);
const HOUR_MS = 3_600_000;
const YEAR_MS = 366 * 24 * HOUR_MS;

/** Thrown by a part that has a value which is none; its message is the field. */
class Unreadable extends Error {}

export function expectedListing(raw: Raw, nowMs: number): Expected {
  const key = keyIn(raw, 'ListingKey');
  const at = momentIn(raw, nowMs);
  if (key === null || at === null) return { kind: 'dead', key };
  if (raw['MlgCanView'] === false) return { kind: 'gone' };
  const status = wordsIn(raw, 'StandardStatus');
  if (status === null || !STATUSES.has(status)) return { kind: 'dead', key };
  if (status === 'delete') return { kind: 'gone' };
  const unreadable: string[] = [];
  const columns: Record<string, unknown> = { status, changed_at: at };
  for (const [column, read] of Object.entries(parts)) {
    try {
      columns[column] = read(raw, nowMs);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      columns[column] = null;
      if (!unreadable.includes(error.message)) unreadable.push(error.message);
    }
  }
  const dated = listedAt(raw, nowMs);
  unreadable.push(...dated.unreadable);
  return { kind: 'kept', columns: { ...columns, listed_at: dated.at }, unreadable };
}

/** Records besides listings: their keys, times and whose they are. */
export function expectedRecord(resource: string, raw: Raw, nowMs: number): Expected {
  const key = keyIn(raw, `${resource}Key`);
  const at = momentIn(raw, nowMs);
  if (key === null || at === null) return { kind: 'dead', key };
  if (raw['MlgCanView'] === false) return { kind: 'gone' };
  const listing = resource === 'Media' ? raw['ResourceRecordKey'] : resource === 'OpenHouse' ? raw['ListingKey'] : null;
  const moment = (field: string) => (typeof raw[field] === 'string' ? new Date(raw[field]).toISOString() : null);
  const hours =
    resource === 'OpenHouse'
      ? { starts_at: moment('OpenHouseStartTime'), ends_at: moment('OpenHouseStartTime') && moment('OpenHouseEndTime') }
      : { starts_at: null, ends_at: null };
  const said = wordsIn(raw, `${resource}Status`);
  const status = resource === 'OpenHouse' && (said ?? 'active') === 'active' ? (turnedAway(raw) ?? said) : said;
  return { kind: 'kept', columns: { listing_key: listing ?? null, modified_at: at, status, ...hours }, unreadable: [] };
}

/** Why leads may not simply come to an open house that is to be held. */
function turnedAway(raw: Raw): string | null {
  if ((wordsIn(raw, 'OpenHouseType') ?? 'public') !== 'public') return 'not public';
  return raw['AppointmentRequiredYN'] === true ? 'by appointment' : null;
}

type Part = (raw: Raw, nowMs: number) => unknown;

const parts: Readonly<Record<string, Part>> = {
  property_type: (raw) => wordsIn(raw, 'PropertyType') ?? 'unknown',
  subtype: (raw) => wordsIn(raw, 'PropertySubType'),
  price: (raw) => money(raw, 'ListPrice', false),
  original_price: (raw) => money(raw, 'OriginalListPrice', true),
  close_price: (raw) => money(raw, 'ClosePrice', true),
  city: (raw) => textIn(raw, 'City'),
  county: (raw) => textIn(raw, 'CountyOrParish'),
  state: (raw) => textIn(raw, 'StateOrProvince')?.toUpperCase() ?? null,
  postal_code: (raw) => textIn(raw, 'PostalCode'),
  address: (raw) => textIn(raw, 'UnparsedAddress'),
  remarks: (raw) => textIn(raw, 'PublicRemarks'),
  bedrooms: (raw) => rooms(raw, 'BedroomsTotal'),
  bathrooms: baths,
  living_sqft: (raw) => size(raw, 'LivingArea'),
  lot_sqft: (raw) => size(raw, 'LotSizeSquareFeet'),
  year_built: (raw) => size(raw, 'YearBuilt'),
  latitude: (raw) => degrees(raw)?.[0] ?? null,
  longitude: (raw) => degrees(raw)?.[1] ?? null,
  closed_on: (raw, nowMs) => dayIn(raw, 'CloseDate', nowMs),
  listing_id: (raw) => textIn(raw, 'ListingId'),
  office_key: (raw) => textIn(raw, 'ListOfficeKey'),
  office_name: (raw) => textIn(raw, 'ListOfficeName'),
  agent_key: (raw) => textIn(raw, 'ListAgentKey'),
  system_name: (raw) => textIn(raw, 'OriginatingSystemName'),
  shown: (raw) => raw['InternetEntireListingDisplayYN'] ?? null,
  address_shown: (raw) => raw['InternetAddressDisplayYN'] ?? null,
  valuation_shown: (raw) => raw['InternetAutomatedValuationDisplayYN'] ?? null,
};

function keyIn(raw: Raw, field: string): string | null {
  const key = raw[field];
  return typeof key === 'string' && key !== '' ? key : typeof key === 'number' ? String(key) : null;
}

/** ModificationTimestamp, unless it lies ahead of all clocks. */
function momentIn(raw: Raw, nowMs: number): string | null {
  const at = typeof raw['ModificationTimestamp'] === 'string' ? Date.parse(raw['ModificationTimestamp']) : Number.NaN;
  return Number.isNaN(at) || at > nowMs + HOUR_MS ? null : new Date(at).toISOString();
}

/** `Active Under Contract` and `ActiveUnderContract` alike. */
function wordsIn(raw: Raw, field: string): string | null {
  const value = raw[field];
  if (typeof value !== 'string' || value === '') return null;
  return value.replaceAll(/([a-z])(?=[A-Z])/g, '$1 ').toLowerCase();
}

function textIn(raw: Raw, field: string): string | null {
  const value = raw[field];
  if (value === null || value === undefined || value === '') return null;
  if (typeof value !== 'string') throw new Unreadable(field);
  return value;
}

function numberIn(raw: Raw, field: string): number | null {
  const value = raw[field];
  if (value === null || value === undefined) return null;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new Unreadable(field);
  return number;
}

function money(raw: Raw, field: string, zeroIsNone: boolean): string | null {
  const amount = numberIn(raw, field);
  if (amount === null || (amount === 0 && zeroIsNone)) return null;
  if (amount <= 0) throw new Unreadable(field);
  return amount.toFixed(2);
}

function rooms(raw: Raw, field: string): number | null {
  const count = numberIn(raw, field);
  const most = HOMES.has(wordsIn(raw, 'PropertyType') ?? '') ? 30 : 999;
  if (count !== null && (count < 0 || count > most)) throw new Unreadable(field);
  return count;
}

function baths(raw: Raw): number | null {
  const [full, half, total] = [
    numberIn(raw, 'BathroomsFull'),
    numberIn(raw, 'BathroomsHalf'),
    numberIn(raw, 'BathroomsTotalInteger'),
  ];
  if (full !== null) return full + (half ?? 0) / 2;
  return total === null ? null : total - (half ?? 0) / 2;
}

function size(raw: Raw, field: string): number | null {
  const value = numberIn(raw, field);
  if (value !== null && value < 0) throw new Unreadable(field);
  return value === null || value === 0 ? null : Math.round(value);
}

function degrees(raw: Raw): readonly [number, number] | null {
  const [latitude, longitude] = [numberIn(raw, 'Latitude'), numberIn(raw, 'Longitude')];
  if (latitude === null || longitude === null) return null;
  if (latitude === 0 || longitude === 0) throw new Unreadable(latitude === 0 ? 'Latitude' : 'Longitude');
  return [latitude, longitude];
}

function dayIn(raw: Raw, field: string, nowMs: number): string | null {
  const day = textIn(raw, field);
  if (day === null) return null;
  const at = new Date(`${day}T00:00:00.000Z`);
  const exists = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
  if (!exists || at.getTime() > nowMs + 2 * YEAR_MS) throw new Unreadable(field);
  return day;
}

/** The first of the two days that can be read; each that cannot is told of. */
function listedAt(raw: Raw, nowMs: number): { readonly at: string | null; readonly unreadable: readonly string[] } {
  const unreadable: string[] = [];
  const days = ['OnMarketDate', 'ListingContractDate'].flatMap((field) => {
    try {
      return dayIn(raw, field, nowMs) ?? [];
    } catch {
      unreadable.push(field);
      return [];
    }
  });
  const entered = typeof raw['OriginalEntryTimestamp'] === 'string' ? raw['OriginalEntryTimestamp'] : null;
  return { at: days[0] === undefined ? entered : `${days[0]}T00:00:00.000Z`, unreadable };
}
