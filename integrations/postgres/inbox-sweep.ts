import type { Dispatchable, InboxStore } from '../../domain/ports/inbox.ts';
import { type Place, stored } from './pool.ts';

/**
 * Picks up what a crash left: leases rows to this sweeper, hands them to `dispatch`, marks those that were delivered.
 * A lease instead of a held row lock: the lead may be worked while later rows are still being handed out, and a sweeper that dies
 * gives its rows back by itself.
 * @returns how many rows were delivered; rejects with the first failure of `dispatch`, after the others have been marked
 */
export async function sweep(
  place: Place,
  options: Parameters<InboxStore['sweep']>[0],
  dispatch: (row: Dispatchable) => Promise<boolean>,
): Promise<number> {
  const rows = await stored(() => lease(place, options));
  const results = await Promise.allSettled(rows.map((row) => dispatch(row)));
  const delivered = rows.filter((_row, at) => {
    const result = results[at];
    return result?.status === 'fulfilled' && result.value;
  });
  const ids = delivered.map((row) => row.inboxId);
  const rest = rows.map((row) => row.inboxId).filter((id) => !ids.includes(id));
  if (rows.length > 0) await stored(() => close(place, ids, rest));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return delivered.length;
}

/**
 * One that was dispatched and stays unworked is handed out again at doubling distances, an hour at most: its lead may be stuck for
 * long, and must find its events within the hour when its workflow was ended by hand.
 */
const DUE = `worked_at is null and (leased_until is null or leased_until < now()) and (
    (verdict = 'received' and received_at < now() - $1 * interval '1 millisecond')
    or (verdict = 'dispatched' and dispatched_at < now() - greatest($2 * interval '1 millisecond', least(dispatched_at - coalesce(reopened_at, received_at), interval '1 hour'))))`;

async function lease(place: Place, options: Parameters<InboxStore['sweep']>[0]): Promise<Dispatchable[]> {
  const { rows } = await place.query<Dispatchable>({
    name: 'inbox-lease',
    text: `with ranked as (
        select inbox_id, row_number() over (partition by location_id order by received_at, inbox_id) as place
        from inbox where ${DUE}
      ), mine as materialized (
        select inbox_id from inbox join ranked using (inbox_id)
        where place <= $3 and ${DUE}
        order by received_at, inbox_id limit $4 for update of inbox skip locked
      ), leased as (
        update inbox set leased_until = now() + interval '30 seconds' from mine where inbox.inbox_id = mine.inbox_id
        returning inbox.inbox_id, kind, type, location_id, contact_id, received_at
      )
      select inbox_id as "inboxId", kind, type, location_id as "locationId", contact_id as "contactId", received_at as "receivedAt"
      from leased order by received_at, inbox_id`,
    values: [options.olderThanMs, options.redispatchAfterMs, options.perLocation, options.limit],
  });
  return rows;
}

async function close(place: Place, delivered: readonly string[], rest: readonly string[]): Promise<void> {
  await place.query({
    name: 'inbox-lease-close',
    text: `with held as materialized (
        select inbox_id from inbox where inbox_id = any($1::uuid[] || $2::uuid[]) and worked_at is null order by inbox_id for update
      )
      update inbox set leased_until = null,
        verdict = case when inbox.inbox_id = any($1) then 'dispatched' else verdict end,
        dispatched_at = case when inbox.inbox_id = any($1) then now() else dispatched_at end,
        dispatched_since = case when inbox.inbox_id = any($1) then coalesce(dispatched_since, now()) else dispatched_since end
      from held where inbox.inbox_id = held.inbox_id`,
    values: [delivered, rest],
  });
}
