import { createHash } from 'node:crypto';
import type { LeadRef } from '../../domain/glossary.ts';
import type { HomeWord } from '../../domain/leads/home-words.ts';
import { type HomeKind, kindsOf } from '../../domain/market/home-kinds.ts';
import type { ListingMatch } from '../../domain/market/listing.ts';
import { cents, countyName, type Offer, type Point, type Sought } from '../../domain/market/match.ts';
import { type Wishes, wishText } from '../../domain/market/wishes.ts';
import { type Asked, ask } from './ask.ts';
import { ON_OFFER } from './listing-candidates.ts';
import type { Runner } from './pool.ts';
import { clean, instant, toJsonb } from './values.ts';

/** Anywhere, and close to somewhere, among the names of places: neither is a name of one. */
const ANYWHERE = '*';
export const CLOSE_TO = '~';

/** Names under which a lead is found by a listing: its places, else the kinds that it looks for anywhere, else anything anywhere. */
export function placeNames({ cities, counties, postalCodes, states, near, kinds }: Wishes): string[] {
  const named = [...cities, ...counties.map((county) => `${county} county`), ...postalCodes];
  if (named.length > 0) return near ? [...named, CLOSE_TO] : named;
  if (states.length > 0) return [...states];
  return kinds.length > 0 ? kinds.map((kind) => `${ANYWHERE}${kind}`) : [ANYWHERE];
}

/** All names under which a listing finds leads. */
export function namesFor(offer: Offer): string[] {
  const { city, county, postalCode, state } = offer;
  const places = [
    city?.toLowerCase(),
    county === null ? null : `${countyName(county)} county`,
    postalCode?.slice(0, 5),
    state?.toLowerCase(),
  ];
  const kinds = kindsOf(offer).map((kind) => `${ANYWHERE}${kind}`);
  return [...places.filter((name) => name != null), ANYWHERE, ...kinds, ...(offer.latitude === null ? [] : [CLOSE_TO])];
}

export function wishHash(wishes: Wishes): string {
  return createHash('sha256').update(wishText(wishes)).digest('hex');
}

export interface WishesToKeep {
  /** Null: the lead looks for nothing any more. */
  readonly wishes: Wishes | null;
  /** What was found for them, which then stands in the place of what was found before; null: nobody looked. */
  readonly matches: readonly ListingMatch[] | null;
  readonly at: string;
}

/**
 * Keeps what a lead looks for, its places, and what was found for it, within the caller's transaction. Wishes that are the same keep their time and what
 * was found for them, unless something was found anew.
 */
export async function keepWishes(runner: Runner, ref: LeadRef, { wishes, matches, at }: WishesToKeep): Promise<void> {
  const found = wishes === null ? [] : matches;
  await Promise.all([
    wishes === null ? forget(runner, ref) : write(runner, ref, wishes, found === null ? null : at, at),
    ...(found === null ? [] : [replaceMatches(runner, ref, found)]),
  ]);
}

async function forget(runner: Runner, { locationId, contactId }: LeadRef): Promise<void> {
  await runner.query({
    name: 'wishes-forget',
    text: `with places as (delete from lead_wish_places where location_id = $1 and contact_id = $2)
      delete from lead_wishes where location_id = $1 and contact_id = $2`,
    values: [locationId, contactId],
  });
}

async function write(
  runner: Runner,
  { locationId, contactId }: LeadRef,
  wishes: Wishes,
  matchedAt: string | null,
  at: string,
): Promise<void> {
  const { priceTo } = wishes;
  await runner.query({
    name: 'wishes-write',
    text: WRITE,
    values: [
      ...[locationId, contactId],
      ...[wishes.cities, wishes.counties, wishes.postalCodes, wishes.states].map((list) => list.map(clean)),
      wishes.near,
      ...[[...wishes.kinds], [...wishes.mustHaves], wishes.priceFrom, priceTo],
      ...[wishes.minBedrooms, wishes.minBathrooms, wishes.minSqft, toJsonb(wishes.stated), wishHash(wishes)],
      ...[instant(at), matchedAt === null ? null : instant(matchedAt), placeNames(wishes).map(clean)],
      priceTo === null ? null : cents(priceTo),
    ],
  });
}

/**
 * Where what is listed in a place lies on average, by the newest five hundred: where the place is, near enough for "close to".
 * @param cities  parameter with their names, and so on
 */
const centre = (cities: string, counties: string, zips: string): string => {
  const some = (column: string, names: string) =>
    `(select l.latitude, l.longitude from listings l where l.location_id = $1 and l.${column} = any (${names}::text[]) and ${ON_OFFER}
      order by l.listed_at desc nulls last limit 500)`;
  return `select avg(latitude), avg(longitude) from (${some('city_name', cities)} union all ${some('county_name', counties)}
    union all ${some('zip', zips)}) as here`;
};

const WRITE = `
with centre as (select c.latitude, c.longitude from (select 1 where $7::boolean) as asked cross join lateral (${centre('$3', '$4', '$5')}) as c (latitude, longitude)),
kept as (
  insert into lead_wishes as w (location_id, contact_id, cities, counties, postal_codes, states, near, near_latitude, near_longitude, property_types,
    must_haves, price_from, price_to, min_bedrooms, min_bathrooms, min_sqft, stated, wish_hash, changed_at, matched_at)
  values ($1, $2, $3, $4, $5, $6, $7, (select latitude from centre), (select longitude from centre), $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
  on conflict (location_id, contact_id) do update set
    cities = excluded.cities, counties = excluded.counties, postal_codes = excluded.postal_codes, states = excluded.states, near = excluded.near,
    near_latitude = excluded.near_latitude, near_longitude = excluded.near_longitude, property_types = excluded.property_types,
    must_haves = excluded.must_haves, price_from = excluded.price_from, price_to = excluded.price_to, min_bedrooms = excluded.min_bedrooms,
    min_bathrooms = excluded.min_bathrooms, min_sqft = excluded.min_sqft, stated = excluded.stated, wish_hash = excluded.wish_hash,
    changed_at = case when w.wish_hash = excluded.wish_hash then w.changed_at else excluded.changed_at end,
    matched_at = case when w.wish_hash = excluded.wish_hash then coalesce(excluded.matched_at, w.matched_at) else excluded.matched_at end
), gone as (
  delete from lead_wish_places where location_id = $1 and contact_id = $2
    and (place <> all ($19::text[]) or most_cents <> coalesce($20::bigint, 9223372036854775807))
)
insert into lead_wish_places (location_id, place, most_cents, contact_id)
select distinct $1, place, coalesce($20::bigint, 9223372036854775807), $2 from unnest($19::text[]) as place
on conflict do nothing`;

/** What no longer fits goes, what still does keeps its row. */
async function replaceMatches(
  runner: Runner,
  { locationId, contactId }: LeadRef,
  matches: readonly ListingMatch[],
): Promise<void> {
  await runner.query({
    name: 'wishes-matches',
    text: `with given as (
        select * from jsonb_to_recordset($3::jsonb) as m ("listingKey" text, score double precision, reasons jsonb, "matchedAt" timestamptz)
      ), gone as (
        delete from listing_matches where location_id = $1 and contact_id = $2 and listing_key not in (select "listingKey" from given)
      )
      insert into listing_matches as m (location_id, contact_id, listing_key, score, reasons, matched_at)
      select $1, $2, "listingKey", score, reasons, "matchedAt" from given
      on conflict (location_id, contact_id, listing_key) do update set
        score = excluded.score, reasons = excluded.reasons, matched_at = excluded.matched_at`,
    values: [locationId, contactId, toJsonb(matches)],
  });
}

/** Alias `w`. */
export const WISH_COLUMNS = `w.contact_id as "contactId", w.cities, w.counties, w.postal_codes as "postalCodes", w.states, w.near,
  w.near_latitude as "nearLatitude", w.near_longitude as "nearLongitude", w.property_types as kinds, w.must_haves as "mustHaves",
  w.price_from::double precision as "priceFrom", w.price_to::double precision as "priceTo", w.min_bedrooms::double precision as "minBedrooms",
  w.min_bathrooms::double precision as "minBathrooms", w.min_sqft as "minSqft", w.stated`;

export interface WishRow extends Omit<Wishes, 'kinds' | 'mustHaves'> {
  readonly contactId: string;
  readonly kinds: readonly HomeKind[];
  readonly mustHaves: readonly HomeWord[];
  readonly nearLatitude: number | null;
  readonly nearLongitude: number | null;
}

export function soughtBy({ contactId: _lead, nearLatitude, nearLongitude, ...wishes }: WishRow): Sought {
  const centre =
    nearLatitude === null || nearLongitude === null ? null : { latitude: nearLatitude, longitude: nearLongitude };
  return { wishes, centre };
}

/** What a lead looks for, as it is kept; undefined: nothing. Errors: STORE_AWAY. */
export async function keptWishes(place: Asked, { locationId, contactId }: LeadRef): Promise<Sought | undefined> {
  const [row] = await ask<WishRow>(place, {
    name: 'wishes-kept',
    text: `select ${WISH_COLUMNS} from lead_wishes w where w.location_id = $1 and w.contact_id = $2`,
    values: [locationId, contactId],
  });
  return row === undefined ? undefined : soughtBy(row);
}

/** Where the places of wishes lie; null where nothing is listed in them. Errors: STORE_AWAY. */
export async function centreOf(
  place: Asked,
  locationId: string,
  { cities, counties, postalCodes }: Wishes,
): Promise<Point | null> {
  const [row] = await ask<{ latitude: number | null; longitude: number | null }>(place, {
    text: `select c.latitude, c.longitude from (${centre('$2', '$3', '$4')}) as c (latitude, longitude)`,
    values: [locationId, [...cities], [...counties], [...postalCodes]],
  });
  if (row?.latitude == null || row.longitude === null) return null;
  return { latitude: row.latitude, longitude: row.longitude };
}
