import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrate, pending } from '../../integrations/postgres/migrate.ts';
import { dumpSchema } from '../../integrations/postgres/schema-dump.ts';
import { dropDatabase, emptyDatabase, migrationsFolder } from '../support/database.ts';
import { sharedServices } from '../support/world.ts';
import { until } from '../support/until.ts';

let server: string;
let url: string;
let folder: string;
let client: pg.Client;

beforeAll(async () => {
  server = (await sharedServices()).databaseUrl;
});
beforeEach(async () => {
  url = await emptyDatabase(server);
  folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  client = new pg.Client(url);
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await dropDatabase(server, url);
  await rm(folder, { recursive: true });
});

const file = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
const run = (options: { retryForMs?: number; lockMs?: number } = {}): Promise<string[]> =>
  migrate(url, { folder, ...options });
const numbers = async (text: string): Promise<unknown[]> =>
  (await client.query(text)).rows.map((row) => Object.values(row)[0]);
const invalidIndexes = (): Promise<unknown[]> =>
  numbers('select indexrelid::regclass::text from pg_index where not indisvalid order by 1');

describe('the golden schema', () => {
  it('equals a freshly migrated database', async () => {
    await migrate(url, { folder: migrationsFolder });
    const golden = join(migrationsFolder, 'schema.sql');
    const dump = await dumpSchema(url);
    if (process.env.UPDATE_SCHEMA === '1') await writeFile(golden, dump);
    expect(dump).toBe(await readFile(golden, 'utf8'));
  });
});

describe('a migration run', () => {
  it('applies files in their order, once, and says what is pending', async () => {
    await file('0001-a.sql', 'create table a (x int); insert into a values (1);');
    await file('0002-b.sql', 'insert into a values (2)');
    expect(await pending(url, folder)).toEqual(['0001-a', '0002-b']);
    expect(await run()).toEqual(['0001-a', '0002-b']);
    expect(await run()).toEqual([]);
    expect(await pending(url, folder)).toEqual([]);
    expect(await numbers('select x from a order by x')).toEqual([1, 2]);
  });

  it('changes nothing when dry', async () => {
    await file('0001-a.sql', 'create table a (x int)');
    expect(await migrate(url, { folder, dryRun: true })).toEqual(['0001-a']);
    expect(await numbers(`select count(*)::int from pg_class where relnamespace = 'public'::regnamespace`)).toEqual([
      0,
    ]);
  });

  it('undoes a file whole when one of its statements fails, and names the line', async () => {
    await file('0001-a.sql', 'create table a (x int);\n\ninsert into a values (1/0);');
    await expect(run()).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringContaining('0001-a.sql, line 3'),
    });
    expect(await numbers(`select to_regclass('a')::text`)).toEqual([null]);
    await file('0001-a.sql', 'create table a (x int)');
    expect(await run()).toEqual(['0001-a']);
  });

  it('refuses an applied file that was edited, and leaves the database as it is', async () => {
    await file('0001-a.sql', 'create table a (x int)');
    await run();
    await file('0001-a.sql', 'create table a (x bigint)');
    await file('0002-b.sql', 'create table b (x int)');
    await expect(run()).rejects.toMatchObject({
      code: 'MIGRATION_CHANGED',
      message: expect.stringContaining('0001-a'),
    });
    await expect(pending(url, folder)).rejects.toMatchObject({ code: 'MIGRATION_CHANGED' });
    expect(await numbers(`select to_regclass('b')::text`)).toEqual([null]);
  });

  it('takes a file with other line ends for the same file', async () => {
    await file('0001-a.sql', '-- one\ncreate table a (x int);\n');
    await run();
    await file('0001-a.sql', '-- one\r\ncreate table a (x int);\r\n');
    expect(await run()).toEqual([]);
  });

  it.each([
    ['a number used twice', { '0001-a.sql': 'select 1', '0001-b.sql': 'select 1' }],
    ['a name out of form', { '1-a.sql': 'select 1' }],
    ['an unfinished string', { '0001-a.sql': `select 'a` }],
    ['transaction control', { '0001-a.sql': 'begin; select 1; commit' }],
  ])('refuses %s', async (_what, files) => {
    for (const [name, text] of Object.entries(files)) await file(name, text);
    await expect(run()).rejects.toMatchObject({ code: 'MIGRATION_INVALID' });
  });

  it('refuses a new file that sorts before an applied one', async () => {
    await file('0002-b.sql', 'select 1');
    await run();
    await file('0001-a.sql', 'select 1');
    await expect(run()).rejects.toMatchObject({ code: 'MIGRATION_INVALID' });
  });

  it('applies each file once when ten start at the same time, concurrent builds included', async () => {
    await file('0001-a.sql', 'create table a (x int); insert into a select generate_series(1, 2000)');
    await file('0002-b.sql', '-- no-transaction\ncreate index concurrently a_x on a (x);\ninsert into a values (0);');
    const applied = await Promise.all(Array.from({ length: 10 }, () => run()));
    expect(applied.flat().sort()).toEqual(['0001-a', '0002-b']);
    expect(await numbers('select count(*)::int from a')).toEqual([2001]);
    expect(await invalidIndexes()).toEqual([]);
  });

  it('waits for a lock in short tries and gives up with a code', async () => {
    await client.query('create table a (x int)');
    await file('0001-a.sql', 'alter table a add y int');
    const reader = new pg.Client(url);
    await reader.connect();
    await reader.query('begin; select * from a');
    await expect(run({ lockMs: 50, retryForMs: 300 })).rejects.toMatchObject({ code: 'MIGRATION_LOCKED' });
    const later = run({ lockMs: 50 });
    await until(
      async () =>
        (
          await numbers(
            `select count(*)::int from pg_stat_activity where application_name = 'leadwright-migrate' and datname = current_database()`,
          )
        )[0] === 1,
    );
    await reader.query('commit');
    await reader.end();
    expect(await later).toEqual(['0001-a']);
  });

  it('answers STORE_AWAY when nothing listens', async () => {
    await expect(migrate('postgres://x@127.0.0.1:1/x', { folder: migrationsFolder })).rejects.toMatchObject({
      code: 'STORE_AWAY',
    });
  });
});

describe('concurrent builds', () => {
  beforeEach(async () => {
    await client.query('create table a (x int, y int); insert into a select i, 1 from generate_series(1, 200000) i');
  });

  it('replaces the invalid index that a broken build left, also under `if not exists`', async () => {
    await expect(client.query('create unique index concurrently a_y on a (y)')).rejects.toThrow(
      'could not create unique',
    );
    expect(await invalidIndexes()).toEqual(['a_y']);
    await file('0001-a.sql', '-- no-transaction\ncreate index concurrently if not exists a_y on a (y)');
    await run();
    expect(await invalidIndexes()).toEqual([]);
    expect(await numbers(`select indexdef from pg_indexes where indexname = 'a_y'`)).toEqual([
      'CREATE INDEX a_y ON public.a USING btree (y)',
    ]);
  });

  it('leaves no invalid index behind when the build fails', async () => {
    await file('0001-a.sql', '-- no-transaction\ncreate unique index concurrently a_y on a (y)');
    await expect(run()).rejects.toMatchObject({ code: 'MIGRATION_FAILED' });
    expect(await invalidIndexes()).toEqual([]);
    await client.query('update a set y = x');
    expect(await run()).toEqual(['0001-a']);
  });

  it('clears away what a broken rebuild left and rebuilds', async () => {
    await client.query('create index a_x on a (x); create index a_x_ccnew on a (x)');
    await client.query(`update pg_index set indisvalid = false where indexrelid = 'a_x_ccnew'::regclass`);
    await file('0001-a.sql', '-- no-transaction\nreindex index concurrently a_x');
    await run();
    expect(await numbers(`select indexrelid::regclass::text from pg_index where indrelid = 'a'::regclass`)).toEqual([
      'a_x',
    ]);
  });

  it('goes on where a run that failed stopped, without repeating what was done', async () => {
    await file(
      '0001-a.sql',
      '-- no-transaction\ninsert into a values (0, 0);\ncreate unique index concurrently a_y on a (y);\ndrop table nothing;',
    );
    await expect(run()).rejects.toMatchObject({ code: 'MIGRATION_FAILED' });
    await client.query('delete from a where x > 1; ');
    await expect(run()).rejects.toMatchObject({ message: expect.stringContaining('line 4') });
    await client.query('create table nothing ()');
    expect(await run()).toEqual(['0001-a']);
    expect(await numbers('select count(*)::int from a where x = 0')).toEqual([1]);
  });

  it.each(['create index concurrently a_x on a (x)', 'drop index concurrently a_y', 'reindex index concurrently a_y'])(
    'killed inside `%s`, the next run brings it to a clean end',
    async (statement) => {
      await client.query('create index a_y on a (y)');
      await file(
        '0001-a.sql',
        `-- no-transaction\ninsert into a values (0, 0);\n${statement};\ninsert into a values (0, 0);`,
      );
      // An older transaction keeps the statement waiting in its midst for as long as it takes to kill the process there.
      const blocker = new pg.Client(url);
      await blocker.connect();
      await blocker.query('begin isolation level repeatable read; select count(*) from a');
      const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/migrate-child.ts', url, folder], {
        stdio: 'inherit',
      });
      const verb = statement.split(' ').slice(0, 2).join(' ');
      await until(
        async () =>
          (
            await numbers(
              `select count(*)::int from pg_stat_activity where query ilike '${verb}%' and wait_event_type = 'Lock' and application_name = 'leadwright-migrate' and datname = current_database()`,
            )
          )[0] === 1,
      );
      child.kill('SIGKILL');
      const next = run();
      // The dead process's session is noticed by the server; only then may the older transaction end.
      await until(
        async () =>
          (
            await numbers(
              `select count(*)::int from pg_locks where locktype = 'advisory' and objid = (7236102881 & 4294967295)::oid and pid in (select pid from pg_stat_activity where query ilike '${verb}%' and datname = current_database())`,
            )
          )[0] === 0,
      );
      await blocker.query('commit');
      await blocker.end();
      expect(await next).toEqual(['0001-a']);
      expect(await invalidIndexes()).toEqual([]);
      expect(await numbers('select count(*)::int from a where x = 0')).toEqual([2]);
      const expected = statement.startsWith('create') ? ['a_x', 'a_y'] : statement.startsWith('drop') ? [] : ['a_y'];
      expect(
        await numbers(`select indexrelid::regclass::text from pg_index where indrelid = 'a'::regclass order by 1`),
      ).toEqual(expected);
    },
  );
});
