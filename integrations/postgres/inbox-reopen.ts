import type { Dispatchable } from '../../domain/ports/inbox.ts';
import type { Runner } from './pool.ts';
import { isUuid } from './values.ts';

/**
 * Takes up again those that have a final verdict, in the order given, and writes down who asked for it. An event counts as having happened
 * when it did and as taken up now: an old one changes state only, however young its replay. The next `round` has its own decision;
 * enrolments and sends keep their keys and are not made twice.
 */
export async function reopen(
  runner: Runner,
  inboxIds: readonly string[],
  by: string | null,
  replayId: string | null,
): Promise<Dispatchable[]> {
  const { rows } = await runner.query<Dispatchable>({
    name: 'inbox-replay',
    text: `with reopened as (
        update inbox set verdict = 'received', reason = null, dispatched_at = null, dispatched_since = null,
          worked_at = null, leased_until = null, reopened_at = now(), round = round + 1
        where inbox_id = any($1::uuid[]) and worked_at is not null
        returning inbox_id, kind, type, location_id, contact_id, received_at, round
      ), told as (
        insert into inbox_acts (inbox_id, round, action, operator, replay_id) select inbox_id, round, 'replayed', $2, $3 from reopened
      )
      select inbox_id as "inboxId", kind, type, location_id as "locationId", contact_id as "contactId", received_at as "receivedAt"
      from reopened order by array_position($1::uuid[], inbox_id)`,
    values: [inboxIds.filter(isUuid), by, replayId],
  });
  return rows;
}
