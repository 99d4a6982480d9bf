import { readFileSync } from 'node:fs';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrate } from '../../integrations/postgres/migrate.ts';
import { dumpSchema } from '../../integrations/postgres/schema-dump.ts';
import { splitStatements } from '../../integrations/postgres/split-statements.ts';
import { dropDatabase, emptyDatabase, migrationsFolder } from '../support/database.ts';
import { until } from '../support/until.ts';
import { sharedServices } from '../support/world.ts';

const NAME = '0004-indexes';
const statements = splitStatements(readFileSync(join(migrationsFolder, `${NAME}.sql`), 'utf8'));

let server: string;
let url: string;
let watcher: pg.Client;

beforeAll(async () => {
  server = (await sharedServices()).databaseUrl;
  url = await emptyDatabase(server);
  watcher = await connect();
});
afterAll(async () => {
  await watcher.end();
  await dropDatabase(server, url);
});

async function connect(): Promise<pg.Client> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Something that keeps the migrator from going on, and lets it go. */
async function hold(isolation: string, text: string): Promise<() => Promise<void>> {
  const client = await connect();
  await client.query(`begin isolation level ${isolation}`);
  await client.query(text);
  return async () => {
    await client.query('commit');
    await client.end();
  };
}
/** A concurrent build waits, in its midst, for every transaction that is older. */
const snapshot = () => hold('repeatable read', 'select count(*) from leads');
/** Before and after each statement the migrator writes down how far it is. Read committed: no build has to wait for this. */
const progress = () => hold('read committed', `select from schema_migrations where name = '${NAME}' for update`);

async function waiting(words: string): Promise<boolean> {
  const { rowCount } = await watcher.query(
    `select from pg_stat_activity where application_name = 'leadwright-migrate' and datname = current_database()
       and wait_event_type = 'Lock' and position($1 in query) > 0`,
    [words],
  );
  return rowCount === 1;
}
const inTheMidstOf = (at: number) => until(() => waiting(statements[at]?.text ?? ''));

/** As a server sees a migrator that was killed: its session is gone, and what it was doing is undone or left half done. */
async function killMigrator(): Promise<void> {
  const { rows } = await watcher.query<{ pid: number }>(
    `select pid from pg_stat_activity where application_name = 'leadwright-migrate' and datname = current_database()`,
  );
  for (const { pid } of rows) await watcher.query('select pg_terminate_backend($1, 5000)', [pid]);
}

describe('the indexes of the product', () => {
  it(`come to a clean end although the migrator is killed inside each of their ${statements.length} statements`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
    for (const file of await readdir(migrationsFolder)) {
      if (file < NAME) await cp(join(migrationsFolder, file), join(folder, file));
    }
    await migrate(url, { folder });
    await rm(folder, { recursive: true });
    const run = () => migrate(url, { folder: migrationsFolder }).catch((error: unknown) => error);

    let free = await snapshot();
    let running = run();
    for (let at = 0; at < statements.length; at += 1) {
      await inTheMidstOf(at);
      await killMigrator();
      expect(await running).toMatchObject({ code: 'STORE_AWAY' });
      running = run();
      // It clears away what was left first, which waits for the older transaction like the build itself.
      await until(() => waiting('concurrently'));
      // Lets this statement come to its end, and the next one no further than its own midst.
      const stop = at + 1 < statements.length ? await progress() : undefined;
      await free();
      if (stop === undefined) continue;
      await until(() => waiting('insert into schema_migrations'));
      free = await snapshot();
      await stop();
    }
    expect(await running).toContain(NAME);
    const invalid = await watcher.query('select from pg_index where not indisvalid or not indisready or not indislive');
    expect(invalid.rowCount).toBe(0);
    expect(await dumpSchema(url)).toBe(readFileSync(join(migrationsFolder, 'schema.sql'), 'utf8'));
  });
});
