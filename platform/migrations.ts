import { fileURLToPath } from 'node:url';
import { existsSync } from 'node:fs';
import { bundledSequences } from './bundled-sequences.ts';
import { createPool } from '../integrations/postgres/pool.ts';
import { createSequenceStore } from '../integrations/postgres/sequences.ts';
import { migrate, pending } from '../integrations/postgres/migrate.ts';

/**
 * Brings the database forward to this version of the product: its schema, and the sequences that ship with it.
 * @returns names of the migrations applied, or with `dryRun` those that would be
 * @throws AppError MIGRATION_CHANGED, MIGRATION_INVALID, MIGRATION_FAILED, MIGRATION_LOCKED, STORE_AWAY
 */
export async function migrateDatabase(
  databaseUrl: string,
  options: { readonly dryRun?: boolean; readonly onProgress?: (line: string) => void } = {},
): Promise<readonly string[]> {
  const names = await migrate(databaseUrl, { folder: migrationsFolder(), ...options });
  if (options.dryRun !== true) await publishBundled(databaseUrl);
  return names;
}

/** The product's own sequences, once: a team that has published its own version of one keeps it. */
async function publishBundled(databaseUrl: string): Promise<void> {
  const pool = createPool(databaseUrl, { max: 1, applicationName: 'leadwright migrate' });
  try {
    const sequences = createSequenceStore(pool);
    for (const document of bundledSequences()) {
      if ((await sequences.get(document.key)) === undefined) await sequences.publish(document);
    }
  } finally {
    await pool.end();
  }
}

/** Names of the migrations that the database lacks. */
export async function pendingMigrations(databaseUrl: string): Promise<readonly string[]> {
  return pending(databaseUrl, migrationsFolder());
}

/** SQL is not compiled: seen from `dist/platform` it lies one folder further up. */
function migrationsFolder(): string {
  const near = fileURLToPath(new URL('../migrations', import.meta.url));
  return existsSync(near) ? near : fileURLToPath(new URL('../../migrations', import.meta.url));
}
