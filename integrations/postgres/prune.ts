import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Iso } from '../../domain/glossary.ts';
import { type Pool, poolPlace, stored, transaction } from './pool.ts';
import { instant } from './values.ts';

export interface Pruned {
  readonly before: Iso;
  /** False: nothing was deleted, the numbers say what would be. */
  readonly applied: boolean;
  readonly timeline: number;
  readonly listingEvents: number;
  readonly analytics: {
    /** `2026-01` … */
    readonly months: readonly string[];
    readonly events: number;
  };
  /** Visitors of a site that were not seen since, and the addresses that they were said to have. */
  readonly visitors: number;
  readonly hints: number;
  /** Attempts at calls of language models. */
  readonly modelCalls: number;
  /** What the assistant read and summed up, and drafts that never went out. */
  readonly assistant: number;
}

/**
 * Deletes history that nothing rests on: entries of timelines and what happened to listings before an instant, months of analytics
 * events that ended by then, who visitors of a site were that did not come since, what calls of language models cost, as far as their end is
 * known, and what an assistant read and drafted in vain. Numbers of behaviour are nobody's and stay. Whatever is unique for ever or is evidence stays: inbox, outbox, messages, decisions, verdicts of gates,
 * consents and suppressions.
 * Killed anywhere it has deleted whole batches, and the next run goes on.
 * @param pool  the owner's, with time for long statements
 * @param say   told after each batch
 * Errors: BAD_VALUE for no instant, STORE_AWAY.
 */
export async function prune(
  pool: Pool,
  before: Iso,
  { apply, say }: { readonly apply: boolean; readonly say: (line: string) => void },
): Promise<Pruned> {
  const limit = instant(before);
  return stored(async () => {
    const timeline = await pruneRows(pool, TIMELINE, limit, { apply, say });
    const listingEvents = await pruneRows(pool, LISTING_EVENTS, limit, { apply, say });
    return {
      before: limit,
      applied: apply,
      timeline,
      listingEvents,
      analytics: await pruneMonths(pool, limit, apply, say),
      ...(await pruneVisitors(pool, limit, { apply, say })),
      modelCalls: await pruneModelCalls(pool, limit, { apply, say }),
      assistant: await pruneAssistant(pool, limit, { apply, say }),
    };
  });
}

/** Rows per statement: each is a transaction of its own, so that locks are short and a vacuum can follow behind. */
const BATCH = 5_000;

/** A table of entries whose key holds their instant. */
interface Entries {
  readonly table: 'timeline' | 'listing_events';
  readonly owner: 'contact_id' | 'listing_key';
}
const TIMELINE: Entries = { table: 'timeline', owner: 'contact_id' };
const LISTING_EVENTS: Entries = { table: 'listing_events', owner: 'listing_key' };

interface Batch {
  readonly gone: number;
  readonly last: readonly [string, string, Iso, number] | null;
}

async function pruneRows(
  pool: Pool,
  { table, owner }: Entries,
  before: Iso,
  { apply, say }: { readonly apply: boolean; readonly say: (line: string) => void },
): Promise<number> {
  if (!apply) {
    const { rows } = await pool.query<{ old: number }>(`select count(*) as old from ${table} where at < $1`, [before]);
    return rows[0]?.old ?? 0;
  }
  let deleted = 0;
  // One walk along the key from its beginning to its end: where the last batch ended the next one begins.
  for (let after: Batch['last'] = ['', '', '-infinity', 0]; after !== null;) {
    const rows: Batch[] = (await pool.query<Batch>(deleteBatch({ table, owner }), [...after, before])).rows;
    const gone: number = rows[0]?.gone ?? 0;
    deleted += gone;
    if (gone > 0) say(`${table}: ${deleted} deleted`);
    after = rows[0]?.last ?? null;
  }
  return deleted;
}

const deleteBatch = ({ table, owner }: Entries) => `
with batch as materialized (
  select location_id, ${owner}, at, id from ${table}
  where (location_id, ${owner}, at, id) > ($1, $2, $3, $4) and at < $5
  order by location_id, ${owner}, at, id limit ${BATCH}
), gone as (
  delete from ${table} t using batch b
  where t.location_id = b.location_id and t.${owner} = b.${owner} and t.at = b.at and t.id = b.id
  returning 1
)
select (select count(*) from gone) as gone,
  (select jsonb_build_array(location_id, ${owner}, at, id) from batch
    order by location_id desc, ${owner} desc, at desc, id desc limit 1) as last`;

interface VisitorBatch {
  readonly visitors: number;
  readonly hints: number;
  readonly last: readonly [string, string] | null;
}

/** One walk along the key, as with entries. A visitor that comes back meanwhile is passed over with its hints. */
async function pruneVisitors(
  pool: Pool,
  before: Iso,
  { apply, say }: { readonly apply: boolean; readonly say: (line: string) => void },
): Promise<Pick<Pruned, 'visitors' | 'hints'>> {
  if (!apply) {
    const { rows } = await pool.query<VisitorBatch>(COUNT_VISITORS, [before]);
    return { visitors: rows[0]?.visitors ?? 0, hints: rows[0]?.hints ?? 0 };
  }
  let [visitors, hints] = [0, 0];
  for (let after: VisitorBatch['last'] = ['', '']; after !== null;) {
    const rows: VisitorBatch[] = (await pool.query<VisitorBatch>(DELETE_VISITORS, [...after, before])).rows;
    const [batch]: VisitorBatch[] = rows;
    visitors += batch?.visitors ?? 0;
    hints += batch?.hints ?? 0;
    if ((batch?.visitors ?? 0) > 0) say(`activity_visitors: ${visitors} deleted`);
    after = batch?.last ?? null;
  }
  return { visitors, hints };
}

const COUNT_VISITORS = `
select (select count(*) from activity_visitors where seen_at < $1) as visitors,
  (select count(*) from activity_hints h join activity_visitors v using (location_id, visitor) where v.seen_at < $1) as hints`;

const DELETE_VISITORS = `
with batch as materialized (
  select location_id, visitor from activity_visitors
  where (location_id, visitor) > ($1, $2) and seen_at < $3
  order by location_id, visitor limit ${BATCH}
), gone as (
  delete from activity_visitors v using batch b
  where v.location_id = b.location_id and v.visitor = b.visitor and v.seen_at < $3
  returning v.location_id, v.visitor
), unsaid as (
  delete from activity_hints h using gone g where h.location_id = g.location_id and h.visitor = g.visitor
  returning 1
)
select (select count(*) from gone) as visitors, (select count(*) from unsaid) as hints,
  (select jsonb_build_array(location_id, visitor) from batch order by location_id desc, visitor desc limit 1) as last`;

/** Those that have no end yet count against their budgets, and stay. */
async function pruneModelCalls(
  pool: Pool,
  before: Iso,
  { apply, say }: { readonly apply: boolean; readonly say: (line: string) => void },
): Promise<number> {
  const old = `at < $1 and state not in ('reserved', 'sent')`;
  if (!apply) {
    const { rows } = await pool.query<{ old: number }>(`select count(*) as old from model_calls where ${old}`, [
      before,
    ]);
    return rows[0]?.old ?? 0;
  }
  const batch = `delete from model_calls where ctid = any (array(select ctid from model_calls where ${old} order by at limit ${BATCH})) and ${old}`;
  let deleted = 0;
  for (let gone = BATCH; gone === BATCH;) {
    gone = (await pool.query(batch, [before])).rowCount ?? 0;
    deleted += gone;
    if (gone > 0) say(`model_calls: ${deleted} deleted`);
  }
  return deleted;
}

/** What waits is not over, and what went out is evidence. */
const IN_VAIN = {
  assist_jobs: 'due_at is null and settled_at < $1',
  reply_drafts: `state in ('rejected', 'superseded', 'expired', 'blocked', 'to-human', 'proposed') and expires_at < $1`,
} as const;

async function pruneAssistant(
  pool: Pool,
  before: Iso,
  { apply, say }: { readonly apply: boolean; readonly say: (line: string) => void },
): Promise<number> {
  let all = 0;
  for (const [table, over] of Object.entries(IN_VAIN)) {
    if (!apply) {
      const { rows } = await pool.query<{ old: number }>(`select count(*) as old from ${table} where ${over}`, [
        before,
      ]);
      all += rows[0]?.old ?? 0;
      continue;
    }
    for (let gone = BATCH; gone === BATCH;) {
      const batch = `select ctid from ${table} where ${over} limit ${BATCH}`;
      gone = (await pool.query(`delete from ${table} where ctid = any(array(${batch}))`, [before])).rowCount ?? 0;
      all += gone;
      if (gone > 0) say(`${table}: ${gone} deleted`);
    }
  }
  return all;
}

/** Months are dropped whole, which costs nothing and leaves no holes behind. */
async function pruneMonths(
  pool: Pool,
  before: Iso,
  apply: boolean,
  say: (line: string) => void,
): Promise<Pruned['analytics']> {
  const { rows } = await pool.query<{ name: string; month: string }>(OLD_MONTHS, [before]);
  let events = 0;
  for (const { name, month } of rows) {
    const table = `public.${pg.escapeIdentifier(name)}`;
    const counted = await pool.query<{ count: number }>(`select count(*) from ${table}`);
    events += counted.rows[0]?.count ?? 0;
    if (!apply) continue;
    await dropTable(pool, table);
    say(`analytics_events: month ${month} dropped`);
  }
  return { months: rows.map(({ month }) => month), events };
}

/** Named by the function that makes them. */
const OLD_MONTHS = `
select name, replace(right(name, 7), '_', '-') as month from (
  select c.relname::text as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
  where i.inhparent = 'public.analytics_events'::regclass and c.relname ~ '^analytics_events_\\d{4}_\\d\\d$'
) as months
where (to_date(right(name, 7), 'YYYY_MM') + interval '1 month') at time zone 'UTC' <= $1
order by name`;

const LOCK_TRIES = 30;

/** Short waits, many times: while one waits for the whole table, everybody else waits behind it. */
async function dropTable(pool: Pool, table: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await transaction(poolPlace(pool), async (client) => {
        await client.query(`set local lock_timeout = '1s'`);
        await client.query(`drop table ${table}`);
      });
      return;
    } catch (error) {
      const locked = error instanceof Error && 'code' in error && error.code === '55P03';
      if (!locked || tries === LOCK_TRIES) throw error;
      await pause(1_000);
    }
  }
}
