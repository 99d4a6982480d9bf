import { fileURLToPath } from 'node:url';
import { existsSync } from 'node:fs';
import { migrate, pending } from '../integrations/postgres/migrate.ts';

/**
 * Brings the database forward to this version of the product.
 * @returns names of the migrations applied, or with `dryRun` those that would be
 * @throws AppError MIGRATION_CHANGED, MIGRATION_INVALID, MIGRATION_FAILED, MIGRATION_LOCKED, STORE_AWAY
 */
export async function migrateDatabase(
  databaseUrl: string,
  options: { readonly dryRun?: boolean; readonly onProgress?: (line: string) => void } = {},
): Promise<readonly string[]> {
  return migrate(databaseUrl, { folder: migrationsFolder(), ...options });
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
