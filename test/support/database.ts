import { createHash, randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { migrate } from '../../integrations/postgres/migrate.ts';
import { readMigrations } from '../../integrations/postgres/migration-files.ts';
import { ensureLogin, urlOf } from '../../integrations/postgres/login.ts';
import { type Pool, createPool } from '../../integrations/postgres/pool.ts';
import { type Tenants, createTenants } from '../../integrations/postgres/tenants.ts';
import { sharedServices } from './world.ts';

export interface TestDatabase {
  /** Of the owner, whom no wall binds. */
  readonly url: string;
  readonly pool: Pool;
  /** Of the product's login. */
  readonly appUrl: string;
  /** What the product's stores get. */
  readonly tenants: Tenants;
  /** Checks that no client is still out, closes the pool and drops the database. Call it in `afterAll`. */
  drop(): Promise<void>;
}

export const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

/** A migrated database of this test file's own, cloned from a template that is built once per state of `migrations/`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { databaseUrl } = await sharedServices();
  const template = await templateDatabase(databaseUrl);
  const url = await emptyDatabase(databaseUrl, template);
  const pool = createPool(url, { max: 60, applicationName: 'test', ...PATIENT });
  const appUrl = urlOf(url, appLogin);
  const tenants = createTenants(appUrl, { max: 60, applicationName: 'test', ...PATIENT });
  return { url, pool, appUrl, tenants, drop: () => drop(databaseUrl, { url, pool, tenants }) };
}

/** Limits that end what hangs: the lanes of a run share one server. */
export const PATIENT = { connectMs: 60_000, statementMs: 120_000 };

/** One for all test databases of a server. */
const appLogin = { name: 'leadwright_test_app', password: 'of-no-worth' };

/** A database without our schema, or a copy of `template`. The caller drops it with `dropDatabase`. */
export async function emptyDatabase(serverUrl: string, template = 'template1'): Promise<string> {
  const name = `t_${randomBytes(6).toString('hex')}`;
  await asServer(serverUrl, (client) => copyQuietTemplate(client, name, template));
  return at(serverUrl, name);
}

export async function dropDatabase(serverUrl: string, url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await asServer(serverUrl, (client) =>
    client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`),
  );
}

/** Under an advisory lock, so that of many test files that start at once one builds the template and the others wait. */
async function templateDatabase(serverUrl: string): Promise<string> {
  const checksums = (await readMigrations(migrationsFolder)).map((migration) => migration.checksum);
  const name = `template_${createHash('sha256').update(checksums.join()).digest('hex').slice(0, 12)}`;
  await asServer(serverUrl, async (client) => {
    await client.query('select pg_advisory_lock(hashtext($1))', [name]);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 1) return;
    // Under its final name only once it is complete: a killed run must not leave half a template.
    const draft = `${name}_draft`;
    await client.query(`drop database if exists ${draft} with (force)`);
    await client.query(`create database ${draft}`);
    await migrate(at(serverUrl, draft), { folder: migrationsFolder });
    await ensureLogin(at(serverUrl, draft), appLogin);
    await client.query(`alter database ${draft} rename to ${name}`);
  });
  return name;
}

/** Copying needs a template that nobody is connected to; another copy under way is such a connection, so they take turns. */
async function copyQuietTemplate(client: pg.Client, name: string, template: string): Promise<void> {
  await client.query('select pg_advisory_lock(hashtext($1))', [`copy ${template}`]);
  await client.query(`create database ${name} template ${template}`);
}

async function drop(
  serverUrl: string,
  { url, pool, tenants }: Pick<TestDatabase, 'url' | 'pool' | 'tenants'>,
): Promise<void> {
  const out = pool.totalCount - pool.idleCount + tenants.busy();
  await Promise.all([pool.end(), tenants.close()]);
  await dropDatabase(serverUrl, url);
  if (out > 0) throw new Error(`${out} database clients were never given back`);
}

async function asServer<T>(serverUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function at(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.toString();
}
