import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { HumanReaction } from '../../domain/ports/crm-records.ts';
import type { Place } from './pool.ts';
import { instant } from './values.ts';

/** The last thing that a person of the team did about the lead by hand, not before `since`. */
export async function lastHumanReaction(place: Place, ref: LeadRef, since: Iso): Promise<HumanReaction | undefined> {
  const { rows } = await place.query<HumanReaction>({
    name: 'human-reaction',
    text: REACTION,
    values: [ref.locationId, ref.contactId, instant(since)],
  });
  return rows[0];
}

/**
 * Ours is what we wrote: known by our own mark on the record, or by a send that made it. A call counts by the user who made it, since
 * calls come without a word of who put them out. What the lead booked by itself is no reaction of the team.
 */
const REACTION = `
with ours as materialized (
  select vendor_id from outbox where location_id = $1 and contact_id = $2 and vendor_id is not null
)
select at, what, "userId" from (
  select at, case channel when 'call' then 'call' else 'message' end as what, user_id as "userId" from messages
  where location_id = $1 and contact_id = $2 and direction = 'outbound' and channel <> 'internal-comment' and at >= $3
    and (human or (channel = 'call' and user_id is not null and coalesce(origin, 'app') = 'app'))
  union all
  select coalesce(created_at, known_at), 'note', null from crm_notes
  where location_id = $1 and contact_id = $2 and coalesce(created_at, known_at) >= $3 and own_at is null
    and note_id not in (select vendor_id from ours)
  union all
  select replace(facts_at ->> 'completed', '~', '')::timestamptz, 'task', assigned_to from crm_tasks
  where location_id = $1 and contact_id = $2 and completed and replace(facts_at ->> 'completed', '~', '')::timestamptz >= $3
  union all
  select coalesce(created_at, known_at), 'appointment', assigned_to from appointments
  where location_id = $1 and contact_id = $2 and coalesce(created_at, known_at) >= $3 and own_at is null and deleted_at is null
    and coalesce(source, '') not in ('booking_widget', 'widget', 'calendar_page', 'third_party', 'api')
) as reactions
order by at desc, what, "userId" limit 1`;
