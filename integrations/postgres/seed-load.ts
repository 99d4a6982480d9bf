import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { AppError } from '../../domain/errors.ts';
import { putBack, takeDown } from './bulk-frame.ts';
import { type Cell, copyLine } from './copy-text.ts';
import { stored } from './pool.ts';

/** Rows for one table; made while they are loaded. */
export interface LoadTable {
  readonly name: string;
  readonly columns: readonly string[];
  rows(): Iterable<readonly Cell[]>;
}

export interface Load {
  readonly tables: readonly LoadTable[];
  /** Months of analytics events to be made first, as days `YYYY-MM-DD`. */
  readonly analytics: { readonly first: string; readonly last: string };
}

/** One part of the work and what it took; `rows` is null for what makes none. */
export interface LoadStep {
  readonly what: string;
  readonly rows: number | null;
  readonly seconds: number;
}

/** Told of every step as it begins, while it goes on, and when it is over. */
export interface LoadProgress {
  begun(what: string): void;
  at(what: string, rows: number): void;
  done(step: LoadStep): void;
}

/**
 * Fills an empty database, all or nothing: one transaction takes keys, indexes and triggers away, copies the rows, makes by two
 * statements what the triggers would have made, and builds everything again. Killed anywhere, the database is as it was.
 * Vacuum and statistics follow; what is cut short there, autovacuum makes good.
 * @param databaseUrl  of the owner of the tables
 * Errors: BAD_REQUEST when a table holds rows already, STORE_AWAY when another session works in it.
 */
export async function loadSeed(databaseUrl: string, load: Load, progress: LoadProgress): Promise<readonly LoadStep[]> {
  return stored(async () => {
    const client = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'leadwright seed',
      connectionTimeoutMillis: 5_000,
    });
    // A broken connection also fails the statement under way, which reports it.
    client.on('error', () => undefined);
    try {
      await client.connect();
      const steps = createSteps(progress);
      await inTransaction(client, () => fill(client, load, steps));
      const filled = [...FILLED, 'locations'].join(', ');
      await steps.run('vacuum and statistics', async () => {
        await client.query(`vacuum (analyze) ${filled}`);
      });
      return steps.over;
    } finally {
      await client.end().catch(() => undefined);
    }
  });
}

/** The derived tables; the triggers' own arithmetic, over all rows at once. */
const DERIVED = {
  // Behind `offset 0` the function is called once for a lead, not once for each of its columns.
  lead_search: `
    insert into lead_search
    select (made.search).* from (select lead_search_of(l) as search from leads l where snapshot is not null offset 0) as made`,
  conversations: `
    insert into conversations (location_id, contact_id, last_message_at, last_outbound_at, unread)
    with told as (select * from messages where channel <> 'internal-comment'),
      ours as (select location_id, contact_id, max(at) as at from told where direction = 'outbound' group by 1, 2)
    select t.location_id, t.contact_id, max(t.at), max(o.at),
      count(*) filter (where t.direction = 'inbound' and t.at > coalesce(o.at, '-infinity'))
    from told t left join ours o using (location_id, contact_id)
    group by 1, 2`,
} as const;

/** Every table that is filled, and must be empty before; locations may be there already. */
const FILLED = [
  'agent_profiles',
  'coaching_sessions',
  'leads',
  'lead_search',
  'messages',
  'conversations',
  'listings',
  'listing_events',
  'listing_matches',
  'enrolments',
  'outbox',
  'timeline',
  'consent_records',
  'consents',
  'consent_facts',
  'analytics_events',
] as const;

/** For this transaction alone. Much memory for sorting and building, and no long wait for locks that somebody holds. */
const SETTINGS = [
  `set local lock_timeout = '10s'`,
  `set local maintenance_work_mem = '1GB'`,
  `set local work_mem = '512MB'`,
  `set local timezone = 'UTC'`,
  // The row-level walls are not for the owner; one who is not would fill nothing and see nothing.
  `set local row_security = off`,
];

async function fill(client: pg.Client, load: Load, steps: Steps): Promise<void> {
  // A session whose process died is ended soon, in the middle of a build, too.
  await client.query(`set client_connection_check_interval = '1s'`).catch(ignoreUnsupported);
  await client.query('begin');
  for (const setting of SETTINGS) await client.query(setting);
  await client.query(`lock table ${FILLED.join(', ')} in access exclusive mode`);
  await refuseRows(client);
  await client.query('select make_analytics_months($1::date, $2::date)', [load.analytics.first, load.analytics.last]);
  const frames = await takeDown(client, FILLED);
  // Emptied in this transaction, its pages are written as seen by all: no later pass over them, and index-only scans at once.
  await client.query(`truncate ${FILLED.join(', ')} restart identity`);
  for (const table of load.tables) {
    await steps.run(table.name, (count) => copyRows(client, table, count));
  }
  for (const [name, statement] of Object.entries(DERIVED)) {
    await steps.run(name, async (count) => count((await client.query(statement)).rowCount ?? 0));
  }
  await steps.run('indexes', (_count, begun) => putBack(client, frames, begun));
}

async function inTransaction(client: pg.Client, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** Systems without the needed poll call refuse the setting; a dead process's build then runs to its end before it is undone. */
function ignoreUnsupported(error: Error): void {
  if (!('code' in error) || error.code !== '22023') throw error;
}

async function refuseRows(client: pg.Client): Promise<void> {
  const asked = FILLED.map((table) => `select '${table}' as name where exists (select from ${table})`);
  const { rows } = await client.query<{ name: string }>(asked.join(' union all '));
  if (rows.length === 0) return;
  const held = rows.map(({ name }) => name).join(', ');
  throw new AppError('BAD_REQUEST', `only an empty database is seeded; there are rows in ${held}`);
}

/** Locations and partitions hold rows of others, too: those of theirs are written like any. */
async function copyRows(client: pg.Client, table: LoadTable, count: (rows: number) => void): Promise<void> {
  const fresh = table.name !== 'locations' && table.name !== 'analytics_events';
  const statement = `copy ${table.name} (${table.columns.join(', ')}) from stdin${fresh ? ' with (freeze)' : ''}`;
  await pipeline(
    Readable.from(chunks(table, count), { objectMode: true, highWaterMark: 4 }),
    client.query(copyFrom(statement)),
  );
}

/** Characters of a chunk: few enough to be made in some milliseconds, many enough to be sent at once. */
const CHUNK = 128 * 1024;

function* chunks(table: LoadTable, count: (rows: number) => void): Iterable<Buffer> {
  let text = '';
  let rows = 0;
  for (const row of table.rows()) {
    text += copyLine(row);
    rows += 1;
    if (text.length < CHUNK) continue;
    count(rows);
    yield Buffer.from(text);
    text = '';
  }
  count(rows);
  if (text !== '') yield Buffer.from(text);
}

interface Steps {
  run(
    what: string,
    work: (count: (rows: number) => void, begun: (part: string) => void) => Promise<void>,
  ): Promise<void>;
  readonly over: readonly LoadStep[];
}

function createSteps(progress: LoadProgress): Steps {
  const over: LoadStep[] = [];
  const since = (begin: number): number => Math.round(performance.now() - begin) / 1000;
  return {
    over,
    async run(what, work) {
      progress.begun(what);
      const begin = performance.now();
      let rows: number | null = null;
      let part: { readonly what: string; readonly begin: number } | undefined;
      const end = (): void => {
        if (part !== undefined) finish({ what: part.what, rows: null, seconds: since(part.begin) });
      };
      const finish = (step: LoadStep): void => {
        over.push(step);
        progress.done(step);
      };
      await work(
        (count) => {
          rows = count;
          progress.at(what, count);
        },
        (next) => {
          end();
          part = { what: `${what} of ${next}`, begin: performance.now() };
          progress.begun(part.what);
        },
      );
      end();
      if (part === undefined) finish({ what, rows, seconds: since(begin) });
    },
  };
}
