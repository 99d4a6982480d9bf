import type { InboxRow, InboxStore } from '../../domain/ports/inbox.ts';
import { accept } from './inbox-accept.ts';
import { INBOX_COLUMNS, list } from './inbox-list.ts';
import { stuck } from './inbox-stuck.ts';
import { sweep } from './inbox-sweep.ts';
import { type Pool, stored } from './pool.ts';
import { clean, isUuid } from './values.ts';

/** The inbox in Postgres. Every function is one statement; see `InboxStore` for what each promises. */
export function createInboxStore(pool: Pool): InboxStore {
  return {
    accept: (event) => accept(pool, event),
    load: (inboxId) => stored(() => load(pool, inboxId)),
    markDispatched: (inboxIds) => stored(() => markDispatched(pool, inboxIds)),
    settle: (inboxId, verdict, reason) => stored(() => settle(pool, inboxId, verdict, reason)),
    sweep: (options, dispatch) => sweep(pool, options, dispatch),
    list: (filter) => stored(() => list(pool, filter)),
    stuck: (forMs) => stored(() => stuck(pool, forMs)),
    reopen: (inboxId) => stored(() => reopen(pool, inboxId)),
  };
}

async function load(pool: Pool, inboxId: string): Promise<InboxRow | undefined> {
  if (!isUuid(inboxId)) return undefined;
  const { rows } = await pool.query<InboxRow>({
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
async function markDispatched(pool: Pool, inboxIds: readonly string[]): Promise<void> {
  if (inboxIds.length === 0) return;
  await pool.query({
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

async function settle(
  pool: Pool,
  inboxId: string,
  verdict: 'worked' | 'ignored' | 'parked',
  reason: string | null,
): Promise<void> {
  await pool.query({
    name: 'inbox-settle',
    text: `update inbox set verdict = $2, reason = $3, worked_at = now(), leased_until = null
      where inbox_id = $1 and worked_at is null`,
    values: [inboxId, verdict, reason === null ? null : clean(reason)],
  });
}

/**
 * Counts as received now and as having happened when it did: an old event changes state only, however young its replay.
 * The next `round` has its own decision; enrolments and sends keep their keys and are not made twice.
 */
async function reopen(pool: Pool, inboxId: string): Promise<boolean> {
  if (!isUuid(inboxId)) return false;
  const { rowCount } = await pool.query({
    name: 'inbox-reopen',
    text: `update inbox set verdict = 'received', reason = null, dispatched_at = null, dispatched_since = null,
        worked_at = null, leased_until = null, occurred_at = coalesce(occurred_at, received_at), received_at = now(), round = round + 1
      where inbox_id = $1 and worked_at is not null`,
    values: [inboxId],
  });
  return rowCount === 1;
}
