import type { Iso } from '../../domain/glossary.ts';
import { type KindsInMls, kindsInMls } from '../../domain/market/home-kinds.ts';
import {
  cents,
  CLOSE,
  HALF_LIFE_MS,
  NEAR_METRES,
  type Offer,
  type Point,
  type Sought,
  SPACIOUS,
  TOO_MANY,
  weights,
} from '../../domain/market/match.ts';
import type { Wishes } from '../../domain/market/wishes.ts';
import { type Asked, ask } from './ask.ts';

/** Alias `l`. */
export const OFFER_COLUMNS = `l.listing_key as "listingKey", l.property_type as "propertyType", l.subtype, l.price, l.city, l.county, l.state,
  l.postal_code as "postalCode", l.address, l.bedrooms, l.bathrooms::double precision as bathrooms, l.living_sqft as "livingSqft", l.latitude,
  l.longitude, l.listed_at as "listedAt", l.has_words as has, l.lacks_words as lacks`;

/** For sale, in its feed, and may be shown to leads: as the indexes that matching walks along have it. */
export const ON_OFFER = `l.status = 'active' and l.removed_at is null and l.shown and l.office_name is not null`;

/** Listings that one walk brings at most, several times what is shown. Where fewer fit, all of them are ranked. */
export const WALK = 150;
/** Listings that a walk along the newest looks at, at most: what is older is not what freshness is about. */
const NEWEST = 8_000;

/**
 * Listings that meet every hard wish, to be ranked: all of them where they are few; where they are many those that cost the closest to what was said, and
 * of the newest those that fit best in what an index tells. Planned anew each time: which index serves depends on the wishes.
 * @param walk  as `WALK`; more in a control alone
 * Errors: BAD_VALUE, STORE_AWAY.
 */
export async function candidates(
  place: Asked,
  locationId: string,
  sought: Sought,
  now: Iso,
  walk: number = WALK,
): Promise<readonly Offer[]> {
  const { text, values } = statement(locationId, sought, now, walk);
  return ask<Offer>(place, { text, values });
}

const AGE = 'l.listed_at desc nulls last';

function statement(
  locationId: string,
  { wishes, centre }: Sought,
  now: Iso,
  walk: number,
): { readonly text: string; readonly values: unknown[] } {
  const values: unknown[] = [locationId];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const asked = conditions(wishes, value).join(' and ');
  const limit = value(walk);
  const places = placesAsked(wishes, value).map((where) => `l.location_id = $1 ${where} and ${ON_OFFER}`);
  const first = places.map(
    (here) =>
      `(select l.listing_key from listings l where ${here} and ${asked} order by ${byPrice(wishes)} limit ${limit})`,
  );
  // A walk that came to its end has brought everything: then nobody walks again.
  const best = fitOf(wishes, now, value);
  const again = places.map(
    (here) => `(select l.listing_key from (select * from listings l where ${here} order by ${AGE} limit ${NEWEST}) as l
      where ${asked} and (select count(*) from walked) >= ${limit} order by ${best} desc limit ${limit})`,
  );
  const near = wishes.near && centre !== null ? [closeTo(centre, `${ON_OFFER} and ${asked}`, value, walk)] : [];
  return {
    text: `with walked as materialized (${first.join(' union all ')}),
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

/** What costs the most of what may be paid, or the least of what must be, comes first. */
function byPrice({ priceFrom, priceTo }: Wishes): string {
  if (priceTo !== null) return 'l.price_cents desc';
  return priceFrom === null ? AGE : 'l.price_cents';
}

/** The rule's score as far as columns of the indexes tell it: only to pick what is ranked by the rule itself. */
function fitOf(wishes: Wishes, now: Iso, value: (given: unknown) => string): string {
  const { priceFrom, priceTo, minBedrooms, minBathrooms, minSqft } = wishes;
  const least = (share: string) => `least(1, ${share})`;
  const price = 'l.price_cents::double precision';
  const count = (column: string, asked: number) =>
    `greatest(0, 1 - greatest(0, l.${column} - ${value(asked)}::double precision - 1) / ${TOO_MANY})`;
  const age = `extract(epoch from ${value(now)}::timestamptz - l.listed_at)::double precision`;
  const parts: readonly (readonly [number, string] | null)[] = [
    priceFrom === null && priceTo !== null
      ? [weights.price, least(`${price} / ${value(CLOSE * cents(priceTo))}::double precision`)]
      : null,
    priceFrom !== null && priceTo === null
      ? [weights.price, least(`${value(cents(priceFrom) / CLOSE)}::double precision / nullif(${price}, 0)`)]
      : null,
    minBedrooms === null ? null : [weights.bedrooms, count('bedrooms', minBedrooms)],
    minBathrooms === null ? null : [weights.bathrooms, count('bathrooms', minBathrooms)],
    minSqft === null ? null : [weights.size, least(`${value(SPACIOUS * minSqft)}::double precision / l.living_sqft`)],
    [weights.fresh, `coalesce(power(0.5, greatest(0, ${age}) / ${HALF_LIFE_MS / 1000}), 0)`],
  ];
  return parts.flatMap((part) => (part === null ? [] : [`${part[0]} * ${part[1]}`])).join(' + ');
}

/** One walk, or two, for each name: an index is walked in its order only where a place is one. */
function placesAsked({ cities, counties, postalCodes }: Wishes, value: (given: unknown) => string): string[] {
  const each = (column: string, names: readonly string[]) => names.map((name) => `and l.${column} = ${value(name)}`);
  const places = [...each('city_name', cities), ...each('county_name', counties), ...each('zip', postalCodes)];
  return places.length === 0 ? [''] : places;
}

/** Every hard wish but the place. */
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
  const subtype = `l.subtype = any (${value([...subtypes])})`;
  // Without an "or" an index serves.
  if (whole.length === 0) return `${type} and ${subtype}`;
  return `${type} and (${subtype} or l.property_type = any (${value([...whole])}))`;
}
