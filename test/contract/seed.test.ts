import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { main } from '../../cli/main.ts';
import { type SeedReport, seedDatabase } from '../../cli/seed.ts';
import type { LoadProgress } from '../../platform/seed.ts';
import { dumpSchema } from '../../integrations/postgres/schema-dump.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';

const LEADS = 400;
const AS_OF = Date.UTC(2026, 10, 1);
const silent: LoadProgress = { begun: () => undefined, at: () => undefined, done: () => undefined };
const seeding = (url: string, leads = LEADS): Promise<SeedReport> =>
  seedDatabase(url, { leads, seed: 42, asOf: AS_OF, progress: silent });

const values = async (db: TestDatabase, text: string): Promise<unknown[]> =>
  (await db.pool.query(text)).rows.map((row: object) => Object.values(row)[0] as unknown);

const tables = (db: TestDatabase): Promise<unknown[]> =>
  values(
    db,
    `select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace order by 1`,
  );

/** Those in which each database has something of its own: when it was migrated, which one it is. */
const OWN: readonly unknown[] = ['schema_migrations', 'high_water'];

/** Every table's rows as one number, whatever their order. */
async function contents(db: TestDatabase): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const table of await tables(db)) {
    if (OWN.includes(table)) continue;
    const [hash] = await values(
      db,
      `select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from "${String(table)}" t`,
    );
    found[String(table)] = hash;
  }
  return found;
}

/** What the schema's text does not tell: invalid indexes, triggers that are switched off, constraints that were not checked. */
const broken = (db: TestDatabase): Promise<unknown[]> =>
  values(
    db,
    `select indexrelid::regclass::text from pg_index where not (indisvalid and indisready and indislive)
     union all select tgname from pg_trigger where not tgisinternal and tgenabled <> 'O'
     union all select conname from pg_constraint where not convalidated`,
  );

describe('a seeded database', () => {
  let db: TestDatabase;
  let other: TestDatabase;
  let schema: string;
  let report: SeedReport;
  beforeAll(async () => {
    [db, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    schema = await dumpSchema(db.url);
    report = await seeding(db.url);
  });
  afterAll(async () => {
    await db.drop();
    await other.drop();
  });

  it('holds what was asked for, and says so', async () => {
    expect(await values(db, 'select count(*) from leads')).toEqual([LEADS]);
    expect(await values(db, 'select count(*) from messages')).toEqual([3 * LEADS]);
    expect(await values(db, 'select count(*) from listings')).toEqual([LEADS / 2]);
    expect(report).toMatchObject({ leads: LEADS, seed: 42, asOf: '2026-11-01T00:00:00.000Z' });
    expect(await values(db, `select count(*) from leads where location_id = '${report.locationId}'`)).toEqual([
      LEADS / 5,
    ]);
    for (const { what, rows } of report.steps.filter((step) => step.rows !== null)) {
      expect([what, ...(await values(db, `select count(*) from ${what}`))]).toEqual([what, rows]);
    }
  });

  it('has the schema it had, all of it valid and switched on', async () => {
    expect(await dumpSchema(db.url)).toBe(schema);
    expect(await broken(db)).toEqual([]);
  });

  it('holds the same rows wherever it is made', async () => {
    await seeding(other.url);
    expect(await contents(other)).toEqual(await contents(db));
  });

  it('holds the searches and conversations that the triggers would have made', async () => {
    const client = await db.pool.connect();
    try {
      await client.query(`
        begin;
        create temp table made_search on commit drop as select * from lead_search;
        create temp table made_talks on commit drop as select * from conversations;
        create temp table kept_leads on commit drop as select * from leads;
        create temp table kept_messages on commit drop as select * from messages;
        delete from messages; delete from conversations; delete from leads;`);
      const columns = async (table: string): Promise<string> =>
        (
          await client.query<{ names: string }>(
            `select string_agg(quote_ident(attname), ', ' order by attnum) as names from pg_attribute
             where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
            [table],
          )
        ).rows[0]!.names;
      for (const table of ['leads', 'messages']) {
        const names = await columns(table);
        // In any order: what the triggers make does not depend on it.
        await client.query(
          `insert into ${table} (${names}) select ${names} from kept_${table} order by md5(kept_${table}::text)`,
        );
      }
      const differing = async (made: string, table: string): Promise<unknown> =>
        (
          await client.query<{ n: number }>(
            `select count(*) as n from ((table ${made} except table ${table}) union all (table ${table} except table ${made})) as d`,
          )
        ).rows[0]!.n;
      expect((await client.query<{ n: number }>('select count(*) as n from made_search')).rows[0]!.n).toBe(LEADS);
      expect((await client.query<{ n: number }>('select count(*) as n from made_talks')).rows[0]!.n).toBeGreaterThan(
        LEADS / 2,
      );
      expect(await differing('made_search', 'lead_search')).toBe(0);
      expect(await differing('made_talks', 'conversations')).toBe(0);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  it('can be read from its indexes alone, at once', async () => {
    const unseen = `select relname from pg_class
      where relname in ('leads', 'lead_search', 'messages', 'conversations', 'listings', 'listing_matches', 'timeline')
        and (relallvisible < relpages or relpages = 0 or reltuples <= 0)`;
    expect(await values(db, unseen)).toEqual([]);
  });

  it('has a month for every analytics event, and room for the numbers that follow', async () => {
    expect(await values(db, `select count(distinct tableoid) from analytics_events`)).toEqual([6]);
    const [location] = await values(db, 'select location_id from leads limit 1');
    const added = `insert into timeline (location_id, contact_id, at, kind, summary, refs)
      values ('${String(location)}', 'x', now(), 'event', 'x', '{}') returning id > (select max(id) from timeline)`;
    expect(await values(db, added)).toEqual([true]);
    await db.pool.query(`delete from timeline where contact_id = 'x'`);
  });

  it('leaves nothing to be resumed', async () => {
    expect(
      await values(
        db,
        `select contact_id from enrolments where status = 'active'
         union all select contact_id from outbox where state in ('claimed', 'sending', 'not-sent', 'unknown')
         union all select contact_id from leads where plan_version > plan_applied`,
      ),
    ).toEqual([]);
  });

  it('is refused a second time and keeps its rows', async () => {
    const before = await contents(db);
    await expect(seeding(db.url, 100)).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringContaining('leads'),
    });
    expect(await contents(db)).toEqual(before);
    expect(await broken(db)).toEqual([]);
  });
});

describe('a seeding that does not end well', () => {
  let db: TestDatabase;
  beforeEach(async () => {
    db = await createTestDatabase();
  });
  afterEach(() => db.drop());

  it('keeps off a database in which there is a single row', async () => {
    await db.pool.query(`insert into coaching_sessions (location_id, agent_id, held_on) values ('l', 'a', now())`);
    await expect(seeding(db.url)).rejects.toMatchObject({ message: expect.stringContaining('coaching_sessions') });
    expect(await values(db, 'select count(*) from leads')).toEqual([0]);
  });

  it.each([
    ['while it copies', 'messages', 30],
    ['while it makes what triggers would have made', 'lead_search', 10],
    ['while it builds indexes', 'indexes of messages', 15],
  ])('leaves the database as it was when it is killed %s', async (_when, part, after) => {
    const before = { schema: await dumpSchema(db.url), tables: await tables(db), contents: await contents(db) };
    const args = ['--import', 'tsx', 'test/support/seed-child.ts', db.url, '2000', part, String(after)];
    const child = spawn(process.execPath, args, { stdio: 'inherit' });
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect(signal).toBe('SIGKILL');
    const sessions = `select count(*)::int from pg_stat_activity where application_name = 'leadwright seed' and datname = current_database()`;
    await until(async () => (await values(db, sessions))[0] === 0);
    expect({ schema: await dumpSchema(db.url), tables: await tables(db), contents: await contents(db) }).toEqual(
      before,
    );
    expect(await broken(db)).toEqual([]);
    expect(await seeding(db.url, 100)).toMatchObject({ leads: 100 });
  });
});

describe('leadwright seed', () => {
  let home: string;
  let db: TestDatabase;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'seed-'));
    db = await createTestDatabase();
  });
  afterAll(async () => {
    await db.drop();
    await rm(home, { recursive: true });
  });

  async function run(
    args: readonly string[],
    env: Record<string, string> = {},
  ): Promise<{ code: number; out: string; err: string }> {
    let [out, err] = ['', ''];
    const code = await main(['seed', ...args], {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      terminal: false,
      colour: false,
      env: { LEADWRIGHT_HOME: home, DATABASE_URL: db.url, DATABASE_APP_URL: db.appUrl, ...env },
      cwd: process.cwd(),
    });
    return { code, out, err };
  }

  it('prints one document with counts, seconds and rates, its progress elsewhere', async () => {
    const { code, out, err } = await run(['--leads', '200', '--as-of', '2026-11-01', '--json']);
    expect(code).toBe(0);
    const report = JSON.parse(out) as SeedReport;
    expect(report).toMatchObject({ leads: 200, seed: 42, asOf: '2026-11-01T00:00:00.000Z' });
    expect(report.steps).toContainEqual({
      what: 'leads',
      rows: 200,
      seconds: expect.any(Number),
      rowsPerSecond: expect.any(Number),
    });
    expect(await values(db, `select name from locations where location_id = '${report.locationId}'`)).toHaveLength(1);
    expect(err).toMatch(/messages: 600 rows/);
  });

  it('is refused where there are rows, with the way out', async () => {
    const { code, out } = await run(['--leads', '200', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'BAD_REQUEST' } });
  });

  it('is refused outside the sandbox, before anything is asked of the database', async () => {
    const live = {
      LEADWRIGHT_MODE: 'dry-run',
      GHL_APP_ID: 'app',
      GHL_PRIVATE_TOKEN: 'pit-x',
      DATABASE_URL: 'postgres://x@127.0.0.1:1/x',
    };
    const { code, out } = await run(['--leads', '200', '--json'], live);
    expect([code, JSON.parse(out)]).toEqual([
      1,
      {
        error: expect.objectContaining({
          code: 'CONFIG_INVALID',
          message: expect.stringContaining('only a sandbox is seeded'),
        }),
      },
    ]);
  });

  it.each([
    [['--leads', '99']],
    [['--leads', 'many']],
    [['--leads', '200', '--seed', '-1']],
    [['--leads', '200', '--as-of', 'yesterday']],
    [[]],
  ])('takes %j for wrong usage', async (args) => {
    expect((await run(args)).code).toBe(2);
  });
});
