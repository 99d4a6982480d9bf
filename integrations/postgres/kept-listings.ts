import type { Cache, Key } from '../../domain/cache/cache.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import { WHOLE_LOCATION } from '../../domain/ports/cache-tags.ts';
import type { ListingStore, ListingWithEvents, MatchedListing } from '../../domain/ports/listings.ts';
import { ask } from './ask.ts';
import { digestOf, LOCATION_GONE, type Standing, versionOf } from './kept.ts';
import { LISTING_COLUMNS } from './listings.ts';
import type { Place } from './pool.ts';
import type { Tenants } from './tenants.ts';

/** Many leads are shown the same homes, so each home is kept for all of them, in the state that the database says it is in. */
export function createListingStore(tenants: Tenants, cache: Pick<Cache, 'wrapMany'>): ListingStore {
  const by = (statement: Statement) => (ref: LeadRef, limit: number) =>
    matched(tenants.at(ref.locationId), cache, statement, { ref, limit });
  return { matched: by(MATCHED), tellable: by(TELLABLE) };
}

type MatchRow = Omit<MatchedListing, 'listing'> & Standing & { readonly listingKey: string };

async function matched(
  place: Place,
  cache: Pick<Cache, 'wrapMany'>,
  statement: Statement,
  { ref: { locationId, contactId }, limit }: { readonly ref: LeadRef; readonly limit: number },
): Promise<readonly MatchedListing[]> {
  const rows = await ask<MatchRow>(place, { ...statement, values: [locationId, contactId, limit] });
  const keys = rows.map(({ listingKey, version }) => ({ location: locationId, id: idOf(listingKey, version) }));
  const load = (wanted: readonly Key[]) => withEvents(place, locationId, wanted);
  const homes = rows.some(({ gone }) => gone)
    ? await load(keys)
    : await cache.wrapMany(keys, { kind: 'listing', tags: [WHOLE_LOCATION] }, load);
  return rows.flatMap(({ score, reasons, matchedAt }, at) => {
    const listing = homes[at];
    return listing == null ? [] : [{ score, reasons, matchedAt, listing }];
  });
}

/** A version holds no colon, whatever a key holds. */
const idOf = (listingKey: string, version: string): string => `${version}:${listingKey}`;
const listingKeyOf = ({ id }: Key): string => id.slice(id.indexOf(':') + 1);

const MOST_EVENTS = 20;

/** Counted up with what a home or an event of it is made of. */
const HOME_SHAPE = 2;

/** The events that are shown, newest first, of alias `of`. They never change: which ones there are says all of them. */
const newest = (
  of: string,
): string => `(select * from listing_events where location_id = $1 and listing_key = ${of}.listing_key
      order by at desc, id desc limit ${MOST_EVENTS})`;

/** May be shown at all; a home of no feed may. */
const MAY_BE_SHOWN = `l.removed_at is null and (l.market is null or (l.shown and l.office_name is not null))`;

/** As `alertRefusal` has it: the settings name the feed of `l`, and its licence lets leads be told of this record. */
export const MAY_BE_TOLD = `${MAY_BE_SHOWN} and (l.market is null or exists (
      select from locations p cross join jsonb_array_elements(p.settings #> '{market,feeds}') as feed
      where p.location_id = $1 and feed ->> 'market' = l.market and feed #> '{rights,alerts}' = 'true'
        and case when feed #> '{rights,uses}' is null then l.uses is null
          else l.uses && array(select jsonb_array_elements_text(feed #> '{rights,uses}')) end))`;

interface Statement {
  readonly name: string;
  readonly text: string;
}

const best = (name: string, which: string): Statement => ({
  name,
  text: `
select m.listing_key as "listingKey", m.score, m.reasons, m.matched_at as "matchedAt", ${LOCATION_GONE} as gone,
  ${versionOf(HOME_SHAPE, 'm.version_x', 'm.version_c', 'e.shown')} as version
from (
    select m.*, l.xmin as version_x, l.ctid as version_c from listing_matches m
      join listings l on l.location_id = $1 and l.listing_key = m.listing_key and ${which}
    where m.location_id = $1 and m.contact_id = $2 order by m.score desc, m.listing_key desc limit $3
  ) as m
  cross join lateral (
    select ${digestOf(`string_agg(n.id::text, ' ' order by n.at desc, n.id desc)`)} as shown from ${newest('m')} as n
  ) as e
order by m.score desc, m.listing_key desc`,
});

const MATCHED = best('listings-matched', MAY_BE_SHOWN);
const TELLABLE = best('listings-tellable', MAY_BE_TOLD);

async function withEvents(
  place: Place,
  locationId: string,
  keys: readonly Key[],
): Promise<(ListingWithEvents | null)[]> {
  const wanted = keys.map(listingKeyOf);
  const rows = await ask<Omit<ListingWithEvents, 'events'> & { readonly events: ListingWithEvents['events'] | null }>(
    place,
    {
      name: 'listings-with-events',
      text: WITH_EVENTS,
      values: [locationId, wanted],
    },
  );
  const byKey = new Map(rows.map((row) => [row.listingKey, { ...row, events: (row.events ?? []).map(eventOf) }]));
  return wanted.map((listingKey) => byKey.get(listingKey) ?? null);
}

function eventOf(event: ListingWithEvents['events'][number]): ListingWithEvents['events'][number] {
  return { ...event, at: new Date(event.at).toISOString() };
}

/** Prices as text, as everywhere: a number of JSON would lose their last digits. */
const WITH_EVENTS = `
select ${LISTING_COLUMNS}, l.office_name as "officeName", (
    select json_agg(json_build_object('at', e.at, 'kind', e.kind, 'priceBefore', e.price_before::text, 'priceAfter', e.price_after::text)
      order by e.at desc, e.id desc)
    from ${newest('l')} as e
  ) as events
from listings l where l.location_id = $1 and l.listing_key = any ($2::text[])`;
