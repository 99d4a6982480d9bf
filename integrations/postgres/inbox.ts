import { type InboxRow, type InboxStore, STUCK_AFTER_MS } from '../../domain/ports/inbox.ts';
import { accept } from './inbox-accept.ts';
import { INBOX_COLUMNS, list } from './inbox-list.ts';
import { reopen } from './inbox-reopen.ts';
import { stuck } from './inbox-stuck.ts';
import { sweep } from './inbox-sweep.ts';
import { type Place, stored } from './pool.ts';
import type { Tenants } from './tenants.ts';
import { clean, isUuid } from './values.ts';

/**
 * The inbox in Postgres; see `InboxStore` for what each function promises. It is the house's: the door and the relay know an event
 * before they know its location, if it has one at all. A list for one location stays within that location's walls.
 */
export function createInboxStore({ at, house }: Pick<Tenants, 'at' | 'house'>): InboxStore {
  return {
    accept: (event) => accept(house, event),
    load: (inboxId) => stored(() => load(house, inboxId)),
    markDispatched: (inboxIds) => stored(() => markDispatched(house, inboxIds)),
    assign: (inboxId, contactId) => stored(() => assign(house, inboxId, contactId)),
    settle: (inboxId, verdict, reason) => stored(() => settle(house, inboxId, verdict, reason)),
    sweep: (options, dispatch) => sweep(house, options, dispatch),
    list: (filter) => stored(() => list(filter.locationId === undefined ? house : at(filter.locationId), filter)),
    stuck: (forMs) => stored(() => stuck(house, forMs)),
    unworked: (locationId, atMost) => stored(() => unworked(house, locationId, atMost)),
    reopen: (inboxId) => stored(async () => (await reopen(house, [inboxId], null, null)).length === 1),
  };
}

async function load(place: Place, inboxId: string): Promise<InboxRow | undefined> {
  if (!isUuid(inboxId)) return undefined;
  const { rows } = await place.query<InboxRow>({
    name: 'inbox-load',
    text: `select ${INBOX_COLUMNS}, body, headers from inbox where inbox_id = $1`,
    values: [inboxId],
  });
  return rows[0];
}

/**
 * Does not wait for the disk: a mark that a crash loses only makes the sweep dispatch once more, which is harmless.
 * Rows are locked in one order, so that two relays marking the same rows cannot deadlock.
 */
async function markDispatched(place: Place, inboxIds: readonly string[]): Promise<void> {
  if (inboxIds.length === 0) return;
  await place.query({
    name: 'inbox-mark',
    text: `with unhurried as materialized (select set_config('synchronous_commit', 'off', true)),
      open as materialized (
        select inbox_id from inbox, unhurried where inbox_id = any($1::uuid[]) and worked_at is null order by inbox_id for update of inbox
      )
      update inbox set verdict = 'dispatched', dispatched_at = now(), dispatched_since = coalesce(dispatched_since, now()),
        leased_until = null
      from open where inbox.inbox_id = open.inbox_id`,
    values: [inboxIds.filter(isUuid)],
  });
}

async function assign(place: Place, inboxId: string, contactId: string): Promise<void> {
  if (!isUuid(inboxId)) return;
  await place.query({
    name: 'inbox-assign',
    text: 'update inbox set contact_id = $2 where inbox_id = $1 and contact_id is null and worked_at is null',
    values: [inboxId, clean(contactId)],
  });
}

async function unworked(place: Place, locationId: string, atMost: number): Promise<number> {
  const { rows } = await place.query<{ events: number }>({
    name: 'inbox-unworked',
    text: `select count(*)::integer as events
      from (
        select from inbox where location_id = $1 and worked_at is null and not (verdict = 'dispatched'
          and coalesce(dispatched_since, dispatched_at, now()) < now() - $3 * interval '1 millisecond')
        limit $2
      ) as open`,
    values: [clean(locationId), atMost, STUCK_AFTER_MS],
  });
  return rows[0]!.events;
}

async function settle(
  place: Place,
  inboxId: string,
  verdict: 'worked' | 'ignored' | 'parked',
  reason: string | null,
): Promise<void> {
  await place.query({
    name: 'inbox-settle',
    text: `update inbox set verdict = $2, reason = $3, worked_at = now(), leased_until = null
      where inbox_id = $1 and worked_at is null`,
    values: [inboxId, verdict, reason === null ? null : clean(reason)],
  });
}
