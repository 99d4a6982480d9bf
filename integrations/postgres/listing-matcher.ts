import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { ListingMatch } from '../../domain/market/listing.ts';
import { kindsOf } from '../../domain/market/home-kinds.ts';
import { centsOf, fits, NEAR_METRES, type Offer, scoreOf, type Sought } from '../../domain/market/match.ts';
import { rank } from '../../domain/market/rank.ts';
import type { ListingMatcher } from '../../domain/ports/listing-matcher.ts';
import { type Asked, ask } from './ask.ts';
import { centreOf, CLOSE_TO, keptWishes, namesFor, soughtBy, WISH_COLUMNS, type WishRow } from './lead-wishes.ts';
import { candidates, OFFER_COLUMNS, ON_OFFER } from './listing-candidates.ts';
import type { Tenants } from './tenants.ts';
import { clean, toJsonb } from './values.ts';

/** Matching in Postgres; see `ListingMatcher` for what each function promises. Rows of other locations are behind their walls. */
export function createListingMatcher(tenants: Pick<Tenants, 'at'>, now: () => Date): ListingMatcher {
  const isoNow = (): Iso => now().toISOString();
  return {
    leadsFor: (locationId, listingKeys) => leadsFor(tenants.at(locationId), locationId, listingKeys, isoNow()),
    listingsFor: async (ref, limit) => {
      const place = tenants.at(ref.locationId);
      const sought = await keptWishes(place, ref);
      return sought === undefined ? [] : bestFor(place, ref, sought, limit, isoNow());
    },
    find: async (ref, wishes, limit) => {
      const place = tenants.at(ref.locationId);
      const centre = wishes.near ? await centreOf(place, ref.locationId, wishes) : null;
      return bestFor(place, ref, { wishes, centre }, limit, isoNow());
    },
  };
}

export async function bestFor(
  place: Asked,
  { locationId, contactId }: LeadRef,
  sought: Sought,
  limit: number,
  now: Iso,
): Promise<readonly ListingMatch[]> {
  const offers = await candidates(place, locationId, sought, now);
  return rank(sought, offers, now, limit).map(({ offer, score, reasons }) => ({
    ...{ contactId, listingKey: offer.listingKey, score, reasons, matchedAt: now },
  }));
}

type ConcernedRow = WishRow & { readonly keys: readonly string[] };

/** All leads of all listings in one statement; what it finds by its indexes is held against the wishes once more, by the rule that ranks. */
async function leadsFor(
  place: Asked,
  locationId: string,
  listingKeys: readonly string[],
  now: Iso,
): Promise<readonly ListingMatch[]> {
  const offers = await offersOf(place, locationId, listingKeys);
  if (offers.length === 0) return [];
  const leads = await ask<ConcernedRow>(place, { text: CONCERNED, values: [locationId, toJsonb(offers.map(asGiven))] });
  const byKey = new Map(offers.map((offer) => [offer.listingKey, offer]));
  return leads.flatMap(({ keys, ...row }) => {
    const sought = soughtBy(row);
    return keys.flatMap((key) => {
      const offer = byKey.get(key);
      if (offer === undefined || !fits(sought, offer)) return [];
      return [{ contactId: row.contactId, listingKey: key, ...scoreOf(sought, offer, now), matchedAt: now }];
    });
  });
}

async function offersOf(place: Asked, locationId: string, listingKeys: readonly string[]): Promise<readonly Offer[]> {
  return ask<Offer>(place, {
    name: 'matcher-offers',
    text: `select ${OFFER_COLUMNS} from listings l where l.location_id = $1 and l.listing_key = any ($2::text[]) and ${ON_OFFER}`,
    values: [locationId, [...new Set(listingKeys.map(clean))]],
  });
}

/** Which of the listings meet every hard wish of a lead, as both are kept now. Errors: STORE_AWAY. */
export async function fitting(
  place: Asked,
  ref: LeadRef,
  listingKeys: readonly string[],
): Promise<ReadonlySet<string>> {
  if (listingKeys.length === 0) return new Set();
  const sought = await keptWishes(place, ref);
  if (sought === undefined) return new Set();
  const offers = await offersOf(place, ref.locationId, listingKeys);
  return new Set(offers.filter((offer) => fits(sought, offer)).map(({ listingKey }) => listingKey));
}

function asGiven(offer: Offer): Readonly<Record<string, unknown>> {
  const { listingKey, price, bedrooms, bathrooms, livingSqft, state, latitude, lacks } = offer;
  return {
    ...{
      listingKey,
      cents: centsOf(price),
      bedrooms,
      bathrooms,
      livingSqft,
      state: state?.toLowerCase(),
      latitude,
      lacks,
    },
    ...{ names: namesFor(offer), kinds: kindsOf(offer) },
  };
}

/** Degrees of latitude that "close to" reaches, with a little to spare. */
const NEAR_DEGREES = (NEAR_METRES / 111_000) * 1.01;

const CONCERNED = `
with offers as materialized (
  select * from jsonb_to_recordset($2::jsonb) as o ("listingKey" text, cents bigint, bedrooms smallint, bathrooms numeric, "livingSqft" integer, state text,
    latitude double precision, lacks text[], names text[], kinds text[])
), found as (
  select p.contact_id, array_agg(distinct o."listingKey") as keys
  from offers o cross join lateral unnest(o.names) as named (place)
    join lead_wish_places p on p.location_id = $1 and p.place = named.place and p.most_cents >= coalesce(o.cents, 9223372036854775807)
    join lead_wishes w on w.location_id = $1 and w.contact_id = p.contact_id
  where (w.price_from is null or o.cents >= w.price_from * 100)
    and (w.min_bedrooms is null or o.bedrooms >= w.min_bedrooms)
    and (w.min_bathrooms is null or o.bathrooms >= w.min_bathrooms)
    and (w.min_sqft is null or o."livingSqft" >= w.min_sqft)
    and (w.property_types = '{}' or w.property_types && o.kinds)
    and (w.states = '{}' or o.state = any (w.states))
    and (w.must_haves = '{}' or not (w.must_haves && o.lacks))
    and (p.place <> '${CLOSE_TO}' or abs(o.latitude - w.near_latitude) <= ${NEAR_DEGREES})
  group by p.contact_id
)
select ${WISH_COLUMNS}, found.keys from found join lead_wishes w on w.location_id = $1 and w.contact_id = found.contact_id
order by w.contact_id`;
