import type { AnalyticsEvent, OfType } from '../../domain/ports/analytics.ts';
import type { Page } from '../../domain/ports/page.ts';
import { type Asked, ask, pageOf, tell } from './ask.ts';
import { decodeCursor } from './cursor.ts';
import { clean, instant, toJsonb } from './values.ts';

/**
 * Stores events, all in one statement and all or none; those that are stored already are passed over.
 * @returns how many were new
 * Errors: BAD_VALUE, also for an event of a month that is not kept (`upkeep.ts` makes them); STORE_AWAY.
 */
export async function record(place: Asked, locationId: string, events: readonly AnalyticsEvent[]): Promise<number> {
  const given = events.map((event) => ({ ...event, at: instant(event.at) }));
  return tell(place, { name: 'analytics-record', text: RECORD, values: [locationId, toJsonb(given)] });
}

const RECORD = `
insert into analytics_events (location_id, event_id, at, type, contact_id, detail)
select $1, "eventId", at, type, "contactId", detail
from jsonb_to_recordset($2::jsonb) as given ("eventId" uuid, at timestamptz, type text, "contactId" text, detail jsonb)
on conflict do nothing`;

/** Events of one type in a span of time, newest first. Errors: BAD_CURSOR, BAD_VALUE, STORE_AWAY. */
export async function ofType(place: Asked, locationId: string, wanted: OfType): Promise<Page<AnalyticsEvent>> {
  const [from, to] = [instant(wanted.from), instant(wanted.to)];
  const query = ['analytics', locationId, wanted.type, from, to];
  const [at, id] = decodeCursor(query, wanted.cursor, ['instant', 'uuid']) ?? [to, NO_UUID];
  const rows = await ask<AnalyticsEvent>(place, {
    name: 'analytics-of-type',
    // The plain bounds choose the months; the comparison with the cursor would not.
    text: `select event_id as "eventId", at, type, contact_id as "contactId", detail from analytics_events
      where location_id = $1 and type = $2 and at >= $3 and at < $4 and at <= $5 and (at, event_id) < ($5, $6)
      order by at desc, event_id desc limit $7`,
    values: [locationId, clean(wanted.type), from, to, at, id, wanted.limit + 1],
  });
  return pageOf(query, rows, wanted.limit, (row) => [row.at, row.eventId]);
}

const NO_UUID = '00000000-0000-0000-0000-000000000000';
