import type { LeadRef } from '../../domain/glossary.ts';
import type { TimelineEntry } from '../../domain/leads/lead.ts';
import { pageOf } from './ask.ts';
import { decodeCursor } from './cursor.ts';
import type { Place } from './pool.ts';

/** Newest first. Throws BAD_CURSOR for a cursor of another lead. */
export async function timeline(
  place: Place,
  ref: LeadRef,
  limit: number,
  cursor?: string,
): Promise<{ items: TimelineEntry[]; nextCursor: string | null }> {
  const query = ['timeline', ref.locationId, ref.contactId];
  const [at, id] = decodeCursor(query, cursor, ['instant', 'number']) ?? ['infinity', Number.MAX_SAFE_INTEGER];
  const { rows } = await place.query<TimelineEntry & { readonly id: number }>({
    name: 'timeline',
    text: `select at, kind, summary, refs, id from timeline
      where location_id = $1 and contact_id = $2 and (at, id) < ($3, $4) order by at desc, id desc limit $5`,
    values: [ref.locationId, ref.contactId, at, id, limit + 1],
  });
  const { items, nextCursor } = pageOf(query, rows, limit, (row) => [row.at, row.id]);
  return { items: items.map(({ id: _place, ...entry }) => entry), nextCursor };
}
