import type { StuckEvents } from '../../domain/ports/inbox.ts';
import type { Place } from './pool.ts';

/**
 * Events that their lead has had for longer than this and has not worked. Served by the index of open rows: an event is received
 * before it is dispatched, so whatever came later than the limit need not be looked at.
 * @param forMs  milliseconds since the event was first handed to its lead
 */
export async function stuck(place: Place, forMs: number): Promise<StuckEvents> {
  const { rows } = await place.query<Oldest>({
    name: 'inbox-stuck',
    text: `with limits as (select now() - $1 * interval '1 millisecond' as latest),
      found as (
        select inbox_id, location_id, contact_id, coalesce(dispatched_since, dispatched_at) as since
        from inbox, limits
        where worked_at is null and verdict = 'dispatched' and received_at < latest
          and coalesce(dispatched_since, dispatched_at) < latest
      )
      select (count(*) over ())::int as events, inbox_id as "inboxId", location_id as "locationId", contact_id as "contactId", since
      from found order by since, inbox_id limit 1`,
    values: [forMs],
  });
  if (rows[0] === undefined) return { events: 0, oldest: null };
  const { events, ...oldest } = rows[0];
  return { events, oldest };
}

type Oldest = NonNullable<StuckEvents['oldest']> & { readonly events: number };
