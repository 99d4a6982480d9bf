import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { AppError, isAppError } from '../../domain/errors.ts';
import {
  concurrentIndex,
  dropIfInvalid,
  dropRebuildLeftovers,
  indexState,
  refusesTransaction,
} from './invalid-indexes.ts';
import { type Migration, invalid, readMigrations } from './migration-files.ts';
import { isAway, stored } from './pool.ts';
import type { Statement } from './split-statements.ts';

export interface MigrateOptions {
  /** Folder of `NNNN-name.sql`. */
  readonly folder: string;
  /** Only say what would run. */
  readonly dryRun?: boolean;
  /** How long one statement waits for a lock before it lets others pass and tries again, default 3,000 ms. */
  readonly lockMs?: number;
  /** How long locks are tried for at all, another migrator's included, default 300,000 ms. */
  readonly retryForMs?: number;
  readonly onProgress?: (line: string) => void;
}

/**
 * Brings the database forward to the folder. Several at once are safe: one works, the others wait and find nothing left to do.
 * A file runs in one transaction, or, with `-- no-transaction` in its first line, statement by statement with its progress
 * recorded: killed anywhere, the next run goes on where it stopped and clears a broken index away first.
 * @returns names of the migrations applied (dry run: that would be applied)
 * Errors: MIGRATION_CHANGED, MIGRATION_INVALID, MIGRATION_FAILED, MIGRATION_LOCKED, STORE_AWAY.
 */
export async function migrate(databaseUrl: string, options: MigrateOptions): Promise<string[]> {
  const migrations = await readMigrations(options.folder);
  return withClient(databaseUrl, async (client) => {
    if (options.dryRun === true) return (await open(client, migrations)).map((migration) => migration.name);
    const run: Run = {
      client,
      lockMs: options.lockMs ?? 3_000,
      giveUpAt: Date.now() + (options.retryForMs ?? 300_000),
      say: options.onProgress ?? (() => undefined),
    };
    await becomeTheMigrator(run);
    await client.query(PROGRESS_TABLE);
    const todo = await open(client, migrations);
    for (const migration of todo) {
      run.say(`applying ${migration.name} (${migration.statements.length} statements)`);
      await (migration.transactional ? applyWhole(run, migration) : applyByStatement(run, migration));
    }
    return todo.map((migration) => migration.name);
  });
}

/** Names of the migrations that the database lacks, half-done ones included. Throws MIGRATION_CHANGED like `migrate`. */
export async function pending(databaseUrl: string, folder: string): Promise<string[]> {
  return migrate(databaseUrl, { folder, dryRun: true });
}

interface Run {
  readonly client: pg.Client;
  readonly lockMs: number;
  readonly giveUpAt: number;
  readonly say: (line: string) => void;
}

const PROGRESS_TABLE = `create table if not exists schema_migrations (
  name        text primary key,
  checksum    text not null,
  done        integer not null,
  started     integer not null,
  started_at  timestamptz(3) not null default now(),
  finished_at timestamptz(3)
)`;

/** Any constant that no other program uses on this database. */
const LOCK = 7_236_102_881;

async function withClient<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'leadwright-migrate',
    connectionTimeoutMillis: 5_000,
  });
  // A broken connection also fails the statement under way, which reports it.
  client.on('error', () => undefined);
  return stored(async () => {
    try {
      await client.connect();
      return await work(client);
    } finally {
      await client.end().catch(() => undefined);
    }
  });
}

/**
 * Polls instead of waiting inside Postgres: a waiting statement holds a snapshot, which a concurrent index build of the migrator
 * at work would wait for, for ever. Should this process die, its session soon notices, stops its build and frees the lock.
 */
async function becomeTheMigrator(run: Run): Promise<void> {
  await run.client.query(`set client_connection_check_interval = '1s'`).catch(ignoreUnsupported);
  for (let told = false; ; told = true) {
    const { rows } = await run.client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [LOCK]);
    if (rows[0]?.mine === true) return;
    if (!told) run.say('another migrator is at work; waiting for it');
    await waitTurn(run, 'another migrator has not finished');
  }
}

/** Systems without the needed poll call refuse the setting; a dead migrator's build then runs to its end first. */
function ignoreUnsupported(error: Error): void {
  if (!('code' in error) || error.code !== '22023') throw error;
}

/** Migrations that are not finished, after checking those that were begun against their files. */
async function open(client: pg.Client, migrations: readonly Migration[]): Promise<Migration[]> {
  const exists = await client.query<{ there: boolean }>(`select to_regclass('schema_migrations') is not null as there`);
  if (exists.rows[0]?.there !== true) return [...migrations];
  const { rows } = await client.query<{ name: string; checksum: string; finished: boolean }>(
    'select name, checksum, finished_at is not null as finished from schema_migrations order by name',
  );
  const begun = new Map(rows.map((row) => [row.name, row]));
  for (const migration of migrations) {
    const row = begun.get(migration.name);
    if (row !== undefined && row.checksum !== migration.checksum) {
      throw new AppError('MIGRATION_CHANGED', `${migration.name} differs from what was applied to this database`);
    }
  }
  const todo = migrations.filter((migration) => begun.get(migration.name)?.finished !== true);
  const last = rows.filter((row) => row.finished).at(-1)?.name ?? '';
  const late = todo.find((migration) => migration.name < last);
  if (late !== undefined) throw invalid(`${late.name} comes before ${last}, which is applied already; number it last`);
  return todo;
}

async function applyWhole(run: Run, migration: Migration): Promise<void> {
  await retryOnLock(run, migration.name, () =>
    inTransaction(run, async () => {
      for (const statement of migration.statements) await execute(run, migration, statement);
      await record(run, migration, migration.statements.length, migration.statements.length);
      await finish(run, migration);
    }),
  );
}

async function applyByStatement(run: Run, migration: Migration): Promise<void> {
  await record(run, migration, 0, 0);
  const { rows } = await run.client.query<{ done: number; started: number }>(
    'select done, started from schema_migrations where name = $1',
    [migration.name],
  );
  const { done, started } = rows[0] ?? { done: 0, started: 0 };
  for (const [at, statement] of migration.statements.entries()) {
    if (at < done) continue;
    run.say(`${migration.name}: statement ${at + 1} of ${migration.statements.length}`);
    await retryOnLock(run, migration.name, () => applyOne(run, migration, statement, at, started > at));
  }
  await finish(run, migration);
}

/** @param again  an earlier run had begun this statement; it may have been carried out without our knowing */
async function applyOne(
  run: Run,
  migration: Migration,
  statement: Statement,
  at: number,
  again: boolean,
): Promise<void> {
  if (!refusesTransaction(statement.text)) {
    await inTransaction(run, async () => {
      await execute(run, migration, statement);
      await record(run, migration, at + 1, at + 1);
    });
    return;
  }
  await record(run, migration, at, at + 1);
  await run.client.query(`set lock_timeout = ${run.lockMs}`);
  for (const name of await dropRebuildLeftovers(run.client)) run.say(`dropped ${name}, left by a broken rebuild`);
  const index = concurrentIndex(statement.text);
  if (index?.verb === 'create' && (await dropIfInvalid(run.client, index.name))) {
    run.say(`dropped ${index.name}, left invalid by a broken build`);
  }
  const wanted = index?.verb === 'create' ? 'valid' : 'absent';
  const carriedOut = again && index !== undefined && (await indexState(run.client, index.name)) === wanted;
  if (!carriedOut) await executeAlone(run, migration, statement, index?.verb === 'create' ? index.name : undefined);
  await record(run, migration, at + 1, at + 1);
}

/** A build that fails must not leave its index behind: it would slow each write and hide behind `if not exists`. */
async function executeAlone(
  run: Run,
  migration: Migration,
  statement: Statement,
  builds: string | undefined,
): Promise<void> {
  try {
    await execute(run, migration, statement);
  } catch (error) {
    if (builds !== undefined) await dropIfInvalid(run.client, builds);
    throw error;
  }
}

async function execute(run: Run, migration: Migration, statement: Statement): Promise<void> {
  try {
    await run.client.query(statement.text);
  } catch (error) {
    if (isLockTrouble(error) || isAway(error)) throw error;
    const why = error instanceof Error ? error.message : 'unknown';
    throw new AppError('MIGRATION_FAILED', `${migration.name}.sql, line ${statement.line}: ${why}`, { cause: error });
  }
}

async function inTransaction(run: Run, work: () => Promise<void>): Promise<void> {
  await run.client.query('begin');
  try {
    await run.client.query(`set local lock_timeout = ${run.lockMs}`);
    await work();
    await run.client.query('commit');
  } catch (error) {
    await run.client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function record(run: Run, migration: Migration, done: number, started: number): Promise<void> {
  await run.client.query(
    `insert into schema_migrations (name, checksum, done, started) values ($1, $2, $3, $4)
     on conflict (name) do update set done = greatest(schema_migrations.done, excluded.done),
                                      started = greatest(schema_migrations.started, excluded.started)`,
    [migration.name, migration.checksum, done, started],
  );
}

async function finish(run: Run, migration: Migration): Promise<void> {
  await run.client.query('update schema_migrations set finished_at = now() where name = $1', [migration.name]);
}

/** Lock not available in time, or a deadlock that chose us: nothing is wrong with the statement. */
function isLockTrouble(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '55P03' || error.code === '40P01');
}

/** Short waits, many times: a statement queued for a strong lock makes everybody behind it wait as well. */
async function retryOnLock(run: Run, name: string, work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (isAppError(error) || !isLockTrouble(error)) throw error;
      run.say(`${name}: a lock is taken; trying again`);
      await waitTurn(run, `${name} could not get its locks`, error);
    }
  }
}

async function waitTurn(run: Run, problem: string, cause?: unknown): Promise<void> {
  if (Date.now() >= run.giveUpAt) throw new AppError('MIGRATION_LOCKED', problem, { cause });
  await pause(200);
}
