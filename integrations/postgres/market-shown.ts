import type { MarketListing } from '../../domain/market/listing.ts';
import type { AlertShown, ListingShown, MarketStatus } from '../../domain/ports/market-status.ts';
import type { Page } from '../../domain/ports/page.ts';
import { type Asked, ask, pageOf } from './ask.ts';
import { decodeCursor } from './cursor.ts';
import { filters } from './filters.ts';
import { MARKET_COLUMNS } from './market-listings.ts';
import { clean } from './values.ts';

/** A listing of a feed; the seeded ones without a market are none. */
export async function listing(place: Asked, locationId: string, listingKey: string): Promise<ListingShown | undefined> {
  const key = [clean(locationId), clean(listingKey)];
  const [found, events] = await Promise.all([
    ask<MarketListing & Omit<ListingShown, 'listing' | 'events'>>(place, {
      name: 'market-listing-shown',
      text: `select ${MARKET_COLUMNS}, f.provider, l.seen_at as "seenAt", l.removed_at as "removedAt", l.content_hash as "contentHash"
        from listings l left join market_feeds f on f.location_id = l.location_id and f.market = l.market
        where l.location_id = $1 and l.listing_key = $2 and l.market is not null`,
      values: key,
    }),
    ask<ListingShown['events'][number]>(place, {
      name: 'market-listing-events-shown',
      text: `select at, kind, price_before as "priceBefore", price_after as "priceAfter", change, starts_at as "startsAt", fanned_at as "fannedAt"
        from listing_events where location_id = $1 and listing_key = $2 order by at desc, id desc limit 50`,
      values: key,
    }),
  ]);
  if (found[0] === undefined) return undefined;
  const { provider, seenAt, removedAt, contentHash, ...shown } = found[0];
  return { listing: shown, provider, seenAt, removedAt, contentHash, events };
}

type Row = Omit<AlertShown, 'figure' | 'source'> & AlertShown['figure'] & AlertShown['source'];

export async function alerts(
  place: Asked,
  { locationId, contactId, listingKey, limit, cursor }: Parameters<MarketStatus['alerts']>[0],
): Promise<Page<AlertShown>> {
  const query = ['alerts', locationId, contactId ?? null, listingKey ?? null];
  const after = decodeCursor(query, cursor, ['instant', 'text', 'text', 'text']);
  const wanted = filters();
  wanted.add('a.location_id = ?', clean(locationId));
  if (contactId !== undefined) wanted.add('a.contact_id = ?', clean(contactId));
  if (listingKey !== undefined) wanted.add('a.listing_key = ?', clean(listingKey));
  if (after !== null) {
    const [at, ...rest] = after;
    wanted.add(
      '(a.decided_at < ? or (a.decided_at = ? and (a.contact_id, a.listing_key, a.change) > (?, ?, ?)))',
      ...[at, at, ...rest],
    );
  }
  const rows = await ask<Row>(place, {
    text: `select a.location_id as "locationId", a.contact_id as "contactId", a.listing_key as "listingKey", a.change, a.kind, a.state, a.why,
        a.score, a.reasons, a.price_before as "priceBefore", a.price_after as "priceAfter", a.price_told as "priceTold",
        a.starts_at as "startsAt", a.as_of as "asOf", a.market, f.provider, l.listing_id as "listingId", l.office_name as "officeName",
        l.system_name as "systemName", a.decided_at as "decidedAt", a.settled_at as "settledAt", a.inbox_id as "inboxId",
        a.enrolment_id as "enrolmentId", a.step
      from market_alerts a
        left join listings l on l.location_id = a.location_id and l.listing_key = a.listing_key
        left join market_feeds f on f.location_id = a.location_id and f.market = a.market
      ${wanted.where()} order by a.decided_at desc, a.contact_id, a.listing_key, a.change limit ${wanted.value(limit + 1)}`,
    values: [...wanted.values],
  });
  return pageOf(query, rows.map(shown), limit, (row) => [row.decidedAt, row.contactId, row.listingKey, row.change]);
}

function shown(row: Row): AlertShown {
  const {
    priceBefore,
    priceAfter,
    priceTold,
    startsAt,
    asOf,
    market,
    provider,
    listingId,
    officeName,
    systemName,
    ...alert
  } = row;
  return {
    ...alert,
    figure: { priceBefore, priceAfter, priceTold, startsAt, asOf },
    source: { market, provider, listingId, officeName, systemName },
  };
}
