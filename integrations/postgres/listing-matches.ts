import type { LeadRef } from '../../domain/glossary.ts';
import type { ListingMatch } from '../../domain/market/listing.ts';
import { type Asked, ask, tell } from './ask.ts';
import { instant, toJsonb } from './values.ts';

/**
 * Stores how well listings fit leads; a later finding about the same pair replaces the earlier one.
 * @returns how many are new or changed
 * Errors: BAD_VALUE, STORE_AWAY.
 */
export async function store(place: Asked, locationId: string, matches: readonly ListingMatch[]): Promise<number> {
  const given = matches.map((match) => ({ ...match, matchedAt: instant(match.matchedAt) }));
  return tell(place, { name: 'listing-matches-store', text: STORE, values: [locationId, toJsonb(given)] });
}

const STORE = `
insert into listing_matches as m (location_id, contact_id, listing_key, score, reasons, matched_at)
select distinct on ("contactId", "listingKey") $1, "contactId", "listingKey", score, reasons, "matchedAt"
from jsonb_to_recordset($2::jsonb) as given ("contactId" text, "listingKey" text, score double precision, reasons jsonb, "matchedAt" timestamptz)
order by "contactId", "listingKey", "matchedAt" desc
on conflict (location_id, contact_id, listing_key) do update set
  score = excluded.score, reasons = excluded.reasons, matched_at = excluded.matched_at
where excluded.matched_at >= m.matched_at and m is distinct from excluded`;

/** The listings that fit a lead best, highest score first. Errors: STORE_AWAY. */
export async function best(
  place: Asked,
  ref: LeadRef,
  { limit }: { readonly limit: number },
): Promise<readonly ListingMatch[]> {
  return ask<ListingMatch>(place, {
    name: 'listing-matches-best',
    text: `select contact_id as "contactId", listing_key as "listingKey", score, reasons, matched_at as "matchedAt"
      from listing_matches where location_id = $1 and contact_id = $2
      order by score desc, listing_key desc limit $3`,
    values: [ref.locationId, ref.contactId, limit],
  });
}
