import { type KindsInMls, kindsInMls } from '../../domain/market/home-kinds.ts';
import { cents, NEAR_METRES, type Offer, type Point, type Sought } from '../../domain/market/match.ts';
import type { Wishes } from '../../domain/market/wishes.ts';
import { type Asked, ask } from './ask.ts';

/** Alias `l`. */
export const OFFER_COLUMNS = `l.listing_key as "listingKey", l.property_type as "propertyType", l.subtype, l.price, l.city, l.county, l.state,
  l.postal_code as "postalCode", l.address, l.bedrooms, l.bathrooms::double precision as bathrooms, l.living_sqft as "livingSqft", l.latitude,
  l.longitude, l.listed_at as "listedAt", l.has_words as has, l.lacks_words as lacks`;

/** For sale, in its feed, and may be shown to leads: as the indexes that matching walks along have it. */
export const ON_OFFER = `l.status = 'active' and l.removed_at is null and l.shown and l.office_name is not null`;

/** Listings that one walk brings at most. Where fewer fit, all of them are ranked; where more, the newest and those that cost closest to what was said. */
export const WALK = 300;

/**
 * Listings that meet every hard wish, to be ranked. Planned anew each time: which index serves depends on the wishes.
 * @param walk  as `WALK`; infinite in a control alone
 * Errors: BAD_VALUE, STORE_AWAY.
 */
export async function candidates(
  place: Asked,
  locationId: string,
  sought: Sought,
  walk: number = WALK,
): Promise<readonly Offer[]> {
  const { text, values } = statement(locationId, sought, walk);
  return ask<Offer>(place, { text, values });
}

function statement(
  locationId: string,
  { wishes, centre }: Sought,
  walk: number,
): { readonly text: string; readonly values: unknown[] } {
  const values: unknown[] = [locationId];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const asked = [ON_OFFER, ...conditions(wishes, value)].join(' and ');
  const limit = value(walk);
  const places = placesAsked(wishes, value);
  const along = (order: string, more = '') =>
    places.map(
      (where) =>
        `(select l.listing_key from listings l where l.location_id = $1 ${where} and ${asked} ${more} order by ${order} limit ${limit})`,
    );
  const [first, second] = orders(wishes);
  // A walk that came to its end has brought everything: then nobody walks again.
  const again = second === undefined ? [] : along(second, `and (select count(*) from walked) >= ${limit}`);
  const near = wishes.near && centre !== null ? [closeTo(centre, asked, value, walk)] : [];
  return {
    text: `with walked as materialized (${along(first).join(' union all ')}),
      found as (${['select listing_key from walked', ...again, ...near].join(' union ')})
      select ${OFFER_COLUMNS} from found join listings l on l.location_id = $1 and l.listing_key = found.listing_key`,
    values,
  };
}

function closeTo(centre: Point, asked: string, value: (given: unknown) => string, walk: number): string {
  const circle = [centre.latitude, centre.longitude, NEAR_METRES, Math.min(10 * walk, 1_000_000)].map(value).join(', ');
  return `(select l.listing_key from find_listings_near(${circle}) as n join listings l on l.location_id = $1 and l.listing_key = n.listing_key
    where ${asked} order by n.distance limit ${value(walk)})`;
}

/** Those that cost the most of what may be paid, or the least of what must be; and the newest. */
function orders({ priceFrom, priceTo }: Wishes): readonly [string, string?] {
  const newest = 'l.listed_at desc nulls last';
  if (priceTo !== null) return ['l.price_cents desc', newest];
  return priceFrom === null ? [newest] : ['l.price_cents', newest];
}

/** One walk, or two, for each name: an index is walked in its order only where a place is one. */
function placesAsked({ cities, counties, postalCodes }: Wishes, value: (given: unknown) => string): string[] {
  const each = (column: string, names: readonly string[]) => names.map((name) => `and l.${column} = ${value(name)}`);
  const places = [...each('city_name', cities), ...each('county_name', counties), ...each('zip', postalCodes)];
  return places.length === 0 ? [''] : places;
}

function conditions(wishes: Wishes, value: (given: unknown) => string): string[] {
  const { states, priceFrom, priceTo, minBedrooms, minBathrooms, minSqft, mustHaves } = wishes;
  return [
    ofKind(kindsInMls(wishes.kinds), value),
    states.length === 0 ? null : `l.state = any (${value(states.map((state) => state.toUpperCase()))})`,
    priceFrom === null ? null : `l.price_cents >= ${value(cents(priceFrom))}`,
    priceTo === null ? null : `l.price_cents <= ${value(cents(priceTo))}`,
    minBedrooms === null ? null : `l.bedrooms >= ${value(Math.ceil(minBedrooms))}::smallint`,
    minBathrooms === null ? null : `l.bathrooms >= ${value(minBathrooms)}::numeric`,
    minSqft === null ? null : `l.living_sqft >= ${value(Math.ceil(minSqft))}::integer`,
    mustHaves.length === 0 ? null : `not (l.lacks_words && ${value([...mustHaves])}::text[])`,
  ].filter((condition) => condition !== null);
}

function ofKind({ types, subtypes, whole }: KindsInMls, value: (given: unknown) => string): string {
  const type = `l.property_type = any (${value([...types])})`;
  if (subtypes === null) return type;
  return `${type} and (l.subtype = any (${value([...subtypes])}) or l.property_type = any (${value([...whole])}))`;
}
