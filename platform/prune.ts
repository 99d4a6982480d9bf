import { type Pruned, prune } from '../integrations/postgres/prune.ts';
import { withPool } from '../integrations/postgres/pool.ts';

export type { Pruned };

/** A look at a whole table takes its time on a large database. */
const LONGEST_MS = 1_800_000;

/**
 * Deletes history from before an instant, or counts what would be deleted. Errors: BAD_VALUE, STORE_AWAY.
 * @param databaseUrl  as the owner
 */
export async function pruneDatabase(
  databaseUrl: string,
  before: string,
  options: { readonly apply: boolean; readonly onProgress: (line: string) => void },
): Promise<Pruned> {
  return withPool(databaseUrl, { applicationName: 'leadwright db', statementMs: LONGEST_MS }, (pool) =>
    prune(pool, before, { apply: options.apply, say: options.onProgress }),
  );
}
