import { fileURLToPath } from 'node:url';
import { existsSync } from 'node:fs';
import { bundledSequences } from './bundled-sequences.ts';
import { type Login, asHouse, ensureLogin } from '../integrations/postgres/login.ts';
import { createPool, poolPlace } from '../integrations/postgres/pool.ts';
import { createSequenceStore } from '../integrations/postgres/sequences.ts';
import { migrate, pending } from '../integrations/postgres/migrate.ts';
import { keepMonths } from '../integrations/postgres/upkeep.ts';

/**
 * Brings the database forward to this version of the product: its schema, its login, the months of analytics events, and the sequences
 * that ship with it.
 * @returns names of the migrations applied, or with `dryRun` those that would be
 * @throws AppError MIGRATION_CHANGED, MIGRATION_INVALID, MIGRATION_FAILED, MIGRATION_LOCKED, LOGIN_REFUSED, STORE_AWAY
 */
export async function migrateDatabase(
  databaseUrl: string,
  options: {
    readonly dryRun?: boolean;
    readonly onProgress?: (line: string) => void;
    /** Made, or given its password, once the schema is there; absent where somebody else looks after it. */
    readonly login?: Login | undefined;
  } = {},
): Promise<readonly string[]> {
  const names = await migrate(databaseUrl, { folder: migrationsFolder(), ...options });
  if (options.dryRun === true) return names;
  if (options.login !== undefined) await ensureLogin(databaseUrl, options.login);
  await fill(databaseUrl);
  return names;
}

/** The months of analytics events, and the product's own sequences, once: a team that has published its own version of one keeps it. */
async function fill(databaseUrl: string): Promise<void> {
  const pool = createPool(databaseUrl, { max: 1, applicationName: 'leadwright migrate' });
  try {
    await keepMonths(poolPlace(pool));
    const sequences = createSequenceStore(poolPlace(pool));
    for (const document of bundledSequences()) {
      if ((await sequences.get(document.key)) === undefined) await sequences.publish(document);
    }
  } finally {
    await pool.end();
  }
}

/** Names of the migrations that the database lacks, as the product's login may see them. */
export async function pendingMigrations(productUrl: string): Promise<readonly string[]> {
  return pending(asHouse(productUrl), migrationsFolder());
}

/** SQL is not compiled: seen from `dist/platform` it lies one folder further up. */
function migrationsFolder(): string {
  const near = fileURLToPath(new URL('../migrations', import.meta.url));
  return existsSync(near) ? near : fileURLToPath(new URL('../../migrations', import.meta.url));
}
