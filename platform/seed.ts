import { type Load, type LoadProgress, type LoadStep, loadSeed } from '../integrations/postgres/seed-load.ts';

export type { Load, LoadProgress, LoadStep };

/**
 * Puts made rows into an empty database, all or nothing, and says what each part took.
 * Errors: BAD_REQUEST when there are rows already, STORE_AWAY.
 */
export async function seedRows(ownerUrl: string, load: Load, progress: LoadProgress): Promise<readonly LoadStep[]> {
  return loadSeed(ownerUrl, load, progress);
}
