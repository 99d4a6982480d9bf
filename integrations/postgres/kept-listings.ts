import type { Cache, Key } from '../../domain/cache/cache.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { Listing } from '../../domain/market/listing.ts';
import { WHOLE_LOCATION } from '../../domain/ports/cache-tags.ts';
import type { ListingStore, ListingWithEvents, MatchedListing } from '../../domain/ports/listings.ts';
import { ask } from './ask.ts';
import { versionOf } from './kept.ts';
import { LISTING_COLUMNS } from './listings.ts';
import type { Place } from './pool.ts';
import type { Tenants } from './tenants.ts';

/** Many leads are shown the same homes, so each home is kept for all of them, in the state that the database says it is in. */
export function createListingStore(tenants: Tenants, cache: Pick<Cache, 'wrapMany'>): ListingStore {
  return { matched: (ref, limit) => matched(tenants.at(ref.locationId), cache, ref, limit) };
}

type MatchRow = Omit<MatchedListing, 'listing'> & { readonly listingKey: string; readonly version: string };

async function matched(
  place: Place,
  cache: Pick<Cache, 'wrapMany'>,
  { locationId, contactId }: LeadRef,
  limit: number,
): Promise<readonly MatchedListing[]> {
  const rows = await ask<MatchRow>(place, {
    name: 'listings-matched',
    text: MATCHED,
    values: [locationId, contactId, limit],
  });
  const keys = rows.map(({ listingKey, version }) => ({ location: locationId, id: idOf(listingKey, version) }));
  const homes = await cache.wrapMany<ListingWithEvents>(keys, { kind: 'listing', tags: [WHOLE_LOCATION] }, (missing) =>
    withEvents(place, locationId, missing),
  );
  return rows.flatMap(({ listingKey: _key, version: _version, ...match }, at) => {
    const listing = homes[at];
    return listing == null ? [] : [{ ...match, listing }];
  });
}

/** A version holds no colon, whatever a key holds. */
const idOf = (listingKey: string, version: string): string => `${version}:${listingKey}`;
const listingKeyOf = ({ id }: Key): string => id.slice(id.indexOf(':') + 1);

const MOST_EVENTS = 20;

/** Events are only added, and the oldest ones cleared away: their number and the newest one say whether they are as they were. */
const MATCHED = `
select m.listing_key as "listingKey", m.score, m.reasons, m.matched_at as "matchedAt", ${versionOf('l.xmin', 'l.ctid', 'e.events', 'e.newest')} as version
from (select * from listing_matches where location_id = $1 and contact_id = $2 order by score desc, listing_key desc limit $3) as m
  join listings l on l.location_id = $1 and l.listing_key = m.listing_key
  cross join lateral (
    select count(*) as events, max(id) as newest from listing_events where location_id = $1 and listing_key = m.listing_key
  ) as e
order by m.score desc, m.listing_key desc`;

async function withEvents(
  place: Place,
  locationId: string,
  keys: readonly Key[],
): Promise<(ListingWithEvents | null)[]> {
  const wanted = keys.map(listingKeyOf);
  const rows = await ask<Listing & { readonly events: ListingWithEvents['events'] | null }>(place, {
    name: 'listings-with-events',
    text: WITH_EVENTS,
    values: [locationId, wanted],
  });
  const byKey = new Map(rows.map((row) => [row.listingKey, { ...row, events: (row.events ?? []).map(eventOf) }]));
  return wanted.map((listingKey) => byKey.get(listingKey) ?? null);
}

function eventOf(event: ListingWithEvents['events'][number]): ListingWithEvents['events'][number] {
  return { ...event, at: new Date(event.at).toISOString() };
}

/** Prices as text, as everywhere: a number of JSON would lose their last digits. */
const WITH_EVENTS = `
select ${LISTING_COLUMNS}, (
    select json_agg(json_build_object('at', e.at, 'kind', e.kind, 'priceBefore', e.price_before::text, 'priceAfter', e.price_after::text)
      order by e.at desc, e.id desc)
    from (select at, id, kind, price_before, price_after from listing_events
      where location_id = $1 and listing_key = l.listing_key order by at desc, id desc limit ${MOST_EVENTS}) as e
  ) as events
from listings l where l.location_id = $1 and l.listing_key = any ($2::text[])`;
