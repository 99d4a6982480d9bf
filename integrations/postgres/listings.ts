import { AppError } from '../../domain/errors.ts';
import type { Dollars, Listing, ListingEvent } from '../../domain/market/listing.ts';
import type { ByArea, ByType, Circle, PriceBand, Wishes } from '../../domain/ports/listings.ts';
import type { Page, PageRequest } from '../../domain/ports/page.ts';
import { type Asked, ask, pageOf, tell } from './ask.ts';
import { decodeCursor } from './cursor.ts';
import { filters } from './filters.ts';
import { clean, instant, toJsonb } from './values.ts';

/** Alias `l`. A price stays text, digit for digit. */
export const LISTING_COLUMNS = `l.listing_key as "listingKey", l.status, l.property_type as "propertyType", l.price, l.city, l.postal_code as "postalCode",
  l.bedrooms, l.bathrooms::double precision as bathrooms, l.living_sqft as "livingSqft", l.latitude, l.longitude, l.remarks,
  l.listed_at as "listedAt", l.changed_at as "changedAt"`;

/**
 * Stores what the MLS said, all in one statement. What is older than what is stored changes nothing.
 * @returns how many listings are new or changed
 * Errors: BAD_VALUE, STORE_AWAY.
 */
export async function store(place: Asked, locationId: string, listings: readonly Listing[]): Promise<number> {
  const given = listings.map((listing) => ({
    ...listing,
    listedAt: listing.listedAt === null ? null : instant(listing.listedAt),
    changedAt: instant(listing.changedAt),
  }));
  return tell(place, { name: 'listings-store', text: STORE, values: [locationId, toJsonb(given)] });
}

/** In the order of the keys, so that two that store the same listings wait for each other and never both for each other. */
const STORE = `
insert into listings as l (location_id, listing_key, status, property_type, price, city, postal_code, bedrooms, bathrooms, living_sqft,
  latitude, longitude, remarks, listed_at, changed_at)
select distinct on ("listingKey") $1, "listingKey", status, "propertyType", price, city, "postalCode", bedrooms, bathrooms, "livingSqft",
  latitude, longitude, remarks, "listedAt", "changedAt"
from jsonb_to_recordset($2::jsonb) as given ("listingKey" text, status text, "propertyType" text, price numeric, city text,
  "postalCode" text, bedrooms smallint, bathrooms numeric, "livingSqft" integer, latitude double precision, longitude double precision,
  remarks text, "listedAt" timestamptz, "changedAt" timestamptz)
order by "listingKey", "changedAt" desc
on conflict (location_id, listing_key) do update set
  status = excluded.status, property_type = excluded.property_type, price = excluded.price, city = excluded.city,
  postal_code = excluded.postal_code, bedrooms = excluded.bedrooms, bathrooms = excluded.bathrooms, living_sqft = excluded.living_sqft,
  latitude = excluded.latitude, longitude = excluded.longitude, remarks = excluded.remarks, listed_at = excluded.listed_at,
  changed_at = excluded.changed_at
where excluded.changed_at >= l.changed_at and l is distinct from excluded`;

/** Listings of a city, the cheapest first, those without a price last. Errors: BAD_CURSOR, BAD_VALUE, STORE_AWAY. */
export async function byArea(place: Asked, locationId: string, wanted: ByArea): Promise<Page<Listing>> {
  return cheapest(place, locationId, { column: 'city', value: wanted.city }, wanted);
}

/** Listings of a type, the cheapest first, those without a price last. Errors: BAD_CURSOR, BAD_VALUE, STORE_AWAY. */
export async function byType(place: Asked, locationId: string, wanted: ByType): Promise<Page<Listing>> {
  return cheapest(place, locationId, { column: 'property_type', value: wanted.propertyType }, wanted);
}

async function cheapest(
  place: Asked,
  locationId: string,
  { column, value }: { readonly column: 'city' | 'property_type'; readonly value: string },
  wanted: PriceBand & PageRequest & { readonly status: string },
): Promise<Page<Listing>> {
  const { priceFrom, priceTo } = wanted;
  const query = ['listings', column, locationId, value, wanted.status, priceFrom ?? null, priceTo ?? null];
  const [after, key] = decodeCursor(query, wanted.cursor, ['number', 'text']) ?? [-1, ''];
  const inBandOnly = priceFrom !== undefined || priceTo !== undefined;
  const rows = await ask<Listing>(place, {
    name: `listings-by-${column}`,
    text: cheapestFirst(column),
    values: [
      locationId,
      clean(value),
      clean(wanted.status),
      priceFrom === undefined ? 0 : cents(priceFrom, 'up'),
      priceTo === undefined ? UNPRICED : cents(priceTo, 'down'),
      after,
      key,
      wanted.limit + 1,
      !inBandOnly,
      after === UNPRICED ? key : '',
    ],
  });
  return pageOf(query, rows, wanted.limit, (row) => [placeOf(row), row.listingKey]);
}

/** Where listings without a price stand in the order. */
const UNPRICED = Number.MAX_SAFE_INTEGER;

function placeOf({ price }: Listing): number {
  return price === null ? UNPRICED : cents(price, 'down');
}

/** The end of a band in cents, which stay within it. Computed here: around a column even `coalesce` would cost the index (see `price_cents`). */
function cents(price: Dollars, round: 'up' | 'down'): number {
  const [text, whole = '', part = ''] = /^(\d{1,12})(?:\.(\d+))?$/.exec(price) ?? [];
  if (text === undefined) throw new AppError('BAD_VALUE', 'expected US dollars as a decimal number, like 425000.00');
  const down = Number(whole + part.padEnd(2, '0').slice(0, 2));
  return round === 'up' && /[1-9]/.test(part.slice(2)) ? down + 1 : down;
}

/** Two walks along one index, since no comparison of a price with a cursor's holds for a listing that has none. */
const cheapestFirst = (column: 'city' | 'property_type') => `
select ${LISTING_COLUMNS} from (
  (select * from listings where location_id = $1 and ${column} = $2 and status = $3
    and price_cents >= $4 and price_cents <= $5 and (price_cents, listing_key) > ($6, $7)
    order by price_cents, listing_key limit $8)
  union all
  (select * from listings where location_id = $1 and ${column} = $2 and status = $3
    and $9::boolean and price_cents is null and listing_key > $10
    order by price_cents, listing_key limit $8)
) as l order by l.price_cents, l.listing_key limit $8`;

/**
 * Active listings that fit all wishes, the last changed first. Planned anew each time: which index serves depends on the wishes.
 * Errors: BAD_VALUE, STORE_AWAY.
 */
export async function match(place: Asked, locationId: string, wishes: Wishes): Promise<readonly Listing[]> {
  const { cities, propertyTypes, priceFrom, priceTo, minBedrooms } = wishes;
  const wanted = filters();
  wanted.add(`location_id = ? and status = 'active'`, locationId);
  if (cities.length > 0) wanted.add('city = any(?)', cities.map(clean));
  if (propertyTypes.length > 0) wanted.add('property_type = any(?)', propertyTypes.map(clean));
  if (priceFrom !== undefined) wanted.add('price_cents >= ?', cents(priceFrom, 'up'));
  if (priceTo !== undefined) wanted.add('price_cents <= ?', cents(priceTo, 'down'));
  if (minBedrooms !== undefined) wanted.add('bedrooms >= ?', minBedrooms);
  return ask<Listing>(place, {
    text: `select ${LISTING_COLUMNS} from listings l ${wanted.where()}
      order by changed_at desc, listing_key desc limit ${wanted.value(wishes.limit)}`,
    values: [...wanted.values],
  });
}

/** Active listings within a circle, nearest first, with their distance in metres. Errors: BAD_VALUE, STORE_AWAY. */
export async function near(
  place: Asked,
  locationId: string,
  { latitude, longitude, metres, limit }: Circle,
): Promise<readonly (Listing & { readonly distance: number })[]> {
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && metres >= 0)) {
    throw new AppError(
      'BAD_VALUE',
      'expected a latitude of -90 to 90, a longitude of -180 to 180 and a radius in metres',
    );
  }
  return ask<Listing & { readonly distance: number }>(place, {
    name: 'listings-near',
    text: `select ${LISTING_COLUMNS}, found.distance
      from find_listings_near($2, $3, $4, $5) as found join listings l on l.location_id = $1 and l.listing_key = found.listing_key
      order by found.distance, l.listing_key`,
    values: [locationId, latitude, longitude, metres, limit],
  });
}

/**
 * Appends to what happened to listings; an event that is stored already, with all its values, is not stored again.
 * @returns how many were new
 * Errors: BAD_VALUE, STORE_AWAY.
 */
export async function addEvents(place: Asked, locationId: string, events: readonly ListingEvent[]): Promise<number> {
  const given = events.map((event) => ({ ...event, at: instant(event.at) }));
  return tell(place, { name: 'listing-events-add', text: ADD_EVENTS, values: [locationId, toJsonb(given)] });
}

const ADD_EVENTS = `
insert into listing_events (location_id, listing_key, at, kind, price_before, price_after)
select distinct $1, "listingKey", at, kind, "priceBefore", "priceAfter"
from jsonb_to_recordset($2::jsonb) as given ("listingKey" text, at timestamptz(3), kind text, "priceBefore" numeric(14, 2), "priceAfter" numeric(14, 2))
where not exists (
  select from listing_events e
  where e.location_id = $1 and e.listing_key = given."listingKey" and e.at = given.at and e.kind = given.kind
    and (e.price_before, e.price_after) is not distinct from (given."priceBefore", given."priceAfter"))`;

/** What happened to a listing, newest first. Errors: BAD_CURSOR, STORE_AWAY. */
export async function events(
  place: Asked,
  locationId: string,
  listingKey: string,
  page: PageRequest,
): Promise<Page<ListingEvent>> {
  const query = ['listing-events', locationId, listingKey];
  const [at, id] = decodeCursor(query, page.cursor, ['instant', 'number']) ?? ['infinity', 0];
  const rows = await ask<ListingEvent & { readonly id: number }>(place, {
    name: 'listing-events',
    text: `select listing_key as "listingKey", at, kind, price_before as "priceBefore", price_after as "priceAfter", id
      from listing_events where location_id = $1 and listing_key = $2 and (at, id) < ($3, $4)
      order by at desc, id desc limit $5`,
    values: [locationId, clean(listingKey), at, id, page.limit + 1],
  });
  const { items, nextCursor } = pageOf(query, rows, page.limit, (row) => [row.at, row.id]);
  return { items: items.map(({ id: _id, ...event }) => event), nextCursor };
}
