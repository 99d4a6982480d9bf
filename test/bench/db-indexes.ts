import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { isAppError } from '../../domain/errors.ts';
import { isAway, type Pool } from '../../integrations/postgres/pool.ts';
import { openStage, type Plan, type Stage, type Watched } from './db-plans.ts';
import type { Call, Query } from './db-query.ts';
import { hundredths, summarise } from './summary.ts';

export interface Index {
  readonly name: string;
  readonly table: string;
  readonly definition: string;
  readonly mebibytes: number;
  /** Of its table, as Postgres estimates them. */
  readonly rows: number;
}

/** What some calls of a query cost. */
export interface Cost {
  readonly n: number;
  readonly p50: number;
  readonly p90: number;
  /** Pages touched on average; null when no call came to its end. */
  readonly buffers: number | null;
  /** Calls that were cut off; they count with the limit. */
  readonly cutOff: number;
}

export interface Paid {
  readonly query: string;
  readonly before: Cost;
  readonly after: Cost;
  readonly felt: boolean;
}

/** One index gone, all others there. */
export interface Loss {
  readonly index: Index;
  readonly payers: readonly Paid[];
}

export interface IndexFindings {
  /** Query → with primary keys and unique indexes only, and with all. */
  readonly all: readonly {
    readonly query: Query;
    readonly without: Cost;
    readonly withAll: Cost;
    readonly uses: readonly string[];
  }[];
  readonly losses: readonly Loss[];
  /** Queries whose answers changed with the indexes: there must be none. */
  readonly otherAnswers: readonly string[];
}

interface Options {
  /** Calls of each query. */
  readonly each: number;
  /** Only this index, and nothing else is dropped. */
  readonly only?: string | undefined;
  readonly plansFolder: string;
  readonly say: (line: string) => void;
}

/** A call that takes longer shows enough. */
const LIMIT_MS = 3_000;
/** So long one query may go on without indexes. */
const PATIENCE_MS = 8_000;

/**
 * What each index is worth: everything asked with all indexes, with none but keys, and with each one missing in turn. Indexes are
 * dropped inside a transaction that is rolled back, so that nothing has to be built again.
 */
export async function examineIndexes(
  db: { readonly owner: Pool; readonly ownerUrl: string },
  queries: readonly Query[],
  options: Options,
): Promise<IndexFindings> {
  const indexes = await secondaryIndexes(db.owner);
  const stage = await openStage(db.ownerUrl, LIMIT_MS);
  try {
    const parents = await parentIndexes(stage);
    const normal = await dropped(stage, [], async () => {
      const found = new Map<string, Normal>();
      for (const query of queries) found.set(query.name, await normalOf(stage, query, { indexes, parents }, options));
      return found;
    });
    const other = new Set<string>();
    const all =
      options.only === undefined
        ? await dropped(stage, [...indexes.keys()], () => withoutAny(stage, normal, options, other))
        : [];
    const losses: Loss[] = [];
    for (const index of indexes.values()) {
      if (options.only !== undefined && options.only !== index.name) continue;
      options.say(`without ${index.name}`);
      losses.push(await dropped(stage, [index.name], () => withoutOne(stage, normal, index, options, other)));
    }
    return { all, losses, otherAnswers: [...other] };
  } finally {
    await stage.close();
    // What was taken back lies about as dead rows.
    await db.owner.query('vacuum analyze inbox');
  }
}

/** All indexes that are there for speed: unique ones keep promises and stay. Partitions count with the index they belong to. */
async function secondaryIndexes(owner: Pool): Promise<Map<string, Index>> {
  const { rows } = await owner.query<Index>(
    `select c.relname as name, t.relname as table, pg_get_indexdef(c.oid) as definition,
       (select (sum(pg_relation_size(part)) / 1048576)::double precision
        from (select c.oid as part union select relid from pg_partition_tree(c.oid)) p) as mebibytes,
       (select sum(greatest(r.reltuples, 0))::double precision
        from (select t.oid as part union select relid from pg_partition_tree(t.oid)) p join pg_class r on r.oid = p.part and r.relkind = 'r') as rows
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
     where c.relnamespace = 'public'::regnamespace and not i.indisunique and not c.relispartition
     order by 2, 1`,
  );
  return new Map(rows.map((row) => [row.name, { ...row, mebibytes: hundredths(row.mebibytes) }]));
}

/** A query with all indexes there. */
interface Normal {
  readonly query: Query;
  readonly cost: Cost;
  readonly calls: readonly {
    readonly call: Call; /** Absent when it took too long. */
    readonly answer: string | undefined;
    readonly uses: readonly string[];
  }[];
}

async function normalOf(
  stage: Stage,
  query: Query,
  { indexes, parents }: { readonly indexes: ReadonlyMap<string, Index>; readonly parents: ReadonlyMap<string, string> },
  options: Options,
): Promise<Normal> {
  const chosen = query.calls.slice(0, options.each);
  for (let i = 0; i < 6; i += 1) await orCutOff(stage, () => chosen[i % chosen.length]!(stage.tenants));
  const { cost, watched } = await costOf(stage, chosen);
  write(options, `${query.name}.with`, watched[0]?.plans);
  return {
    query,
    cost,
    calls: watched.map((seen, at) => ({
      call: chosen[at]!,
      answer: JSON.stringify(seen?.answer),
      uses: [...(seen?.indexes ?? [])].map((name) => parents.get(name) ?? name).filter((name) => indexes.has(name)),
    })),
  };
}

/** Index of a partition → the index of the whole. */
async function parentIndexes(stage: Stage): Promise<Map<string, string>> {
  const { rows } = await stage.client.query<{ child: string; parent: string }>(
    `select c.relname as child, p.relname as parent from pg_inherits i
       join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent where c.relkind = 'i'`,
  );
  return new Map(rows.map(({ child, parent }) => [child, parent]));
}

async function dropped<T>(stage: Stage, names: readonly string[], work: () => Promise<T>): Promise<T> {
  const { client } = stage;
  await client.query('reset role');
  await client.query('begin');
  try {
    await client.query(BACKLOG);
    await client.query('analyze inbox');
    for (const name of names) await client.query(`drop index ${pg.escapeIdentifier(name)}`);
    return await work();
  } finally {
    await client.query('rollback');
    stage.forget();
  }
}

/**
 * Events that wait to be worked, as after an outage: else look-ups of what is open would have nothing to look through. Always the same
 * ones, and older than all others, so that no list of the newest shows them.
 */
const BACKLOG = `
insert into inbox (inbox_id, location_id, contact_id, source, event_key, body_hash, type, kind, received_at, verdict, body, headers)
select md5('backlog' || location_id || contact_id)::uuid, location_id, contact_id, 'marketplace', 'backlog:' || contact_id, '',
  'InboundMessage', 'message.inbound', '2001-01-01', 'received', '', '{}'
from (select location_id, contact_id from leads order by location_id, contact_id limit 5000) as waiting`;

async function withoutAny(
  stage: Stage,
  normal: ReadonlyMap<string, Normal>,
  options: Options,
  other: Set<string>,
): Promise<IndexFindings['all']> {
  const findings: IndexFindings['all'][number][] = [];
  for (const { query, cost: withAll, calls } of normal.values()) {
    options.say(`without any index: ${query.name}`);
    const { cost: without, watched } = await costOf(
      stage,
      calls.map(({ call }) => call),
    );
    write(options, `${query.name}.without`, watched[0]?.plans);
    compare(query, calls, watched, other);
    findings.push({ query, without, withAll, uses: [...new Set(calls.flatMap(({ uses }) => uses))] });
  }
  return findings;
}

async function withoutOne(
  stage: Stage,
  normal: ReadonlyMap<string, Normal>,
  index: Index,
  options: Options,
  other: Set<string>,
): Promise<Loss> {
  const payers: Paid[] = [];
  for (const { query, calls, cost: before } of normal.values()) {
    const using = calls.filter(({ uses }) => uses.includes(index.name));
    if (using.length === 0) continue;
    // Asked about the same parameters in both cases.
    const { cost: after, watched } = await costOf(
      stage,
      calls.map(({ call }) => call),
    );
    write(options, `${query.name}.without-${index.name}`, watched[0]?.plans);
    compare(query, calls, watched, other);
    payers.push({ query: query.name, before, after, felt: isFelt(before, after) });
  }
  return { index, payers: payers.toSorted((a, b) => ratio(b) - ratio(a)) };
}

/** Half as many pages again; or half as much time again, if pages agree: on a busy machine time alone proves nothing. */
function isFelt(before: Cost, after: Cost): boolean {
  if (after.cutOff > 0 || before.buffers === null || after.buffers === null) return after.cutOff > 0;
  if (after.buffers > before.buffers * 1.5) return true;
  return after.buffers > before.buffers && after.p50 > before.p50 * 1.5 + 0.2;
}

/** How many times the pages; without an end it is more than any. */
function ratio({ before, after }: Paid): number {
  if (after.buffers === null || before.buffers === null) return Number.MAX_VALUE;
  return after.buffers / Math.max(1, before.buffers);
}

function compare(
  query: Query,
  calls: Normal['calls'],
  watched: readonly (Watched | undefined)[],
  other: Set<string>,
): void {
  watched.forEach((seen, at) => {
    const before = calls[at]?.answer;
    if (seen !== undefined && before !== undefined && JSON.stringify(seen.answer) !== before) other.add(query.name);
  });
}

/** Each call twice, the first time with its plan; the faster of both counts. Ends early when it takes too long. */
async function costOf(
  stage: Stage,
  calls: readonly Call[],
): Promise<{ readonly cost: Cost; readonly watched: readonly (Watched | undefined)[] }> {
  const watched: (Watched | undefined)[] = [];
  const ms: number[] = [];
  let cutOff = 0;
  const end = performance.now() + PATIENCE_MS;
  for (const call of calls) {
    if (performance.now() > end) break;
    const seen = await orCutOff(stage, () => stage.watch(call));
    watched.push(seen);
    if (seen === undefined) {
      cutOff += 1;
      ms.push(LIMIT_MS);
      continue;
    }
    const begun = performance.now();
    if (seen.ms < 200) await orCutOff(stage, () => call(stage.tenants));
    ms.push(seen.ms < 200 ? Math.min(seen.ms, performance.now() - begun) : seen.ms);
  }
  const { n, p50, p90 } = summarise(ms);
  const touched = watched.flatMap((seen) => seen?.buffers ?? []);
  const buffers = touched.length === 0 ? null : Math.round(touched.reduce((sum, one) => sum + one, 0) / touched.length);
  return { cost: { n, p50, p90, buffers, cutOff }, watched };
}

/** Undefined when the statement took too long; the transaction around it goes on. */
async function orCutOff<T>(stage: Stage, work: () => Promise<T>): Promise<T | undefined> {
  const { client } = stage;
  await client.query('savepoint before_call');
  try {
    return await work();
  } catch (error) {
    if (!isAway(error) && !(isAppError(error) && error.code === 'STORE_AWAY')) throw error;
    await client.query('rollback to savepoint before_call');
    stage.forget();
    return undefined;
  }
}

function write({ plansFolder }: Options, name: string, plans: readonly Plan[] | undefined): void {
  if (plans !== undefined) writeFileSync(join(plansFolder, `${name}.json`), `${JSON.stringify(plans, null, 1)}\n`);
}
