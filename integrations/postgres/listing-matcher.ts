import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { ListingMatch } from '../../domain/market/listing.ts';
import { fits, NEAR_METRES, type Offer, scoreOf, type Sought } from '../../domain/market/match.ts';
import { rank } from '../../domain/market/rank.ts';
import type { ListingMatcher } from '../../domain/ports/listing-matcher.ts';
import { type Asked, ask } from './ask.ts';
import { ANYWHERE, centreOf, CLOSE_TO, keptWishes, soughtBy, WISH_COLUMNS, type WishRow } from './lead-wishes.ts';
import { candidates, OFFER_COLUMNS, ON_OFFER } from './listing-candidates.ts';
import type { Tenants } from './tenants.ts';
import { clean } from './values.ts';

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
  const offers = await candidates(place, locationId, sought);
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
  if (listingKeys.length === 0) return [];
  const keys = [...new Set(listingKeys.map(clean))];
  const [offers, leads] = await Promise.all([
    ask<Offer>(place, {
      name: 'matcher-offers',
      text: `select ${OFFER_COLUMNS} from listings l where l.location_id = $1 and l.listing_key = any ($2::text[]) and ${ON_OFFER}`,
      values: [locationId, keys],
    }),
    ask<ConcernedRow>(place, { text: CONCERNED, values: [locationId, keys] }),
  ]);
  const byKey = new Map(offers.map((offer) => [offer.listingKey, offer]));
  return leads.flatMap(({ keys: found, ...row }) => {
    const sought = soughtBy(row);
    return found.flatMap((key) => {
      const offer = byKey.get(key);
      if (offer === undefined || !fits(sought, offer)) return [];
      return [{ contactId: row.contactId, listingKey: key, ...scoreOf(sought, offer, now), matchedAt: now }];
    });
  });
}

/** Degrees of latitude that "close to" reaches, with a little to spare. */
const NEAR_DEGREES = (NEAR_METRES / 111_000) * 1.01;

const CONCERNED = `
with offers as materialized (
  select l.listing_key, l.price_cents, l.bedrooms, l.bathrooms, l.living_sqft, l.state, l.latitude, l.lacks_words,
    array_remove(array[l.city_name, l.zip, l.county_name || ' county', lower(l.state), '${ANYWHERE}', '${CLOSE_TO}'], null) as names
  from listings l where l.location_id = $1 and l.listing_key = any ($2::text[]) and ${ON_OFFER}
), found as (
  select p.contact_id, array_agg(distinct o.listing_key) as keys
  from offers o cross join lateral unnest(o.names) as named (place)
    join lead_wish_places p on p.location_id = $1 and p.place = named.place and p.most_cents >= coalesce(o.price_cents, 9223372036854775807)
    join lead_wishes w on w.location_id = $1 and w.contact_id = p.contact_id
  where (w.price_from is null or o.price_cents >= w.price_from * 100)
    and (w.min_bedrooms is null or o.bedrooms >= w.min_bedrooms)
    and (w.min_bathrooms is null or o.bathrooms >= w.min_bathrooms)
    and (w.min_sqft is null or o.living_sqft >= w.min_sqft)
    and (w.states = '{}' or lower(o.state) = any (w.states))
    and (w.must_haves = '{}' or not (w.must_haves && o.lacks_words))
    and (p.place <> '${CLOSE_TO}' or abs(o.latitude - w.near_latitude) <= ${NEAR_DEGREES})
  group by p.contact_id
)
select ${WISH_COLUMNS}, found.keys from found join lead_wishes w on w.location_id = $1 and w.contact_id = found.contact_id
order by w.contact_id`;
