import { type IndexLine, type IndexReport, indexReport, listIndexes } from '../integrations/postgres/index-report.ts';
import { withPool } from '../integrations/postgres/pool.ts';

export type { IndexLine, IndexReport };

/** Every index of a database with its size and its uses. Errors: STORE_AWAY. */
export async function databaseIndexes(databaseUrl: string): Promise<readonly IndexLine[]> {
  return withPool(databaseUrl, MEASURING, listIndexes);
}

/** What is wrong with them, with the statements that mend it. Reads only. Errors: STORE_AWAY. */
export async function examineIndexes(databaseUrl: string): Promise<IndexReport> {
  return withPool(databaseUrl, MEASURING, (pool) => indexReport(pool));
}

/** Measuring reads every page of the larger indexes, which takes its time on a large database. */
const MEASURING = { applicationName: 'leadwright db', statementMs: 600_000 };
