import { type IndexLine, type IndexReport, indexReport, listIndexes } from '../integrations/postgres/index-report.ts';
import { type Pool, createPool } from '../integrations/postgres/pool.ts';

export type { IndexLine, IndexReport };

/** Every index of a database with its size and its uses. Errors: STORE_AWAY. */
export async function databaseIndexes(databaseUrl: string): Promise<readonly IndexLine[]> {
  return withPool(databaseUrl, listIndexes);
}

/** What is wrong with them, with the statements that mend it. Reads only. Errors: STORE_AWAY. */
export async function examineIndexes(databaseUrl: string): Promise<IndexReport> {
  return withPool(databaseUrl, (pool) => indexReport(pool));
}

/** Measuring reads every page of the larger indexes, which takes its time on a large database. */
const MEASURING_MS = 600_000;

async function withPool<T>(databaseUrl: string, work: (pool: Pool) => Promise<T>): Promise<T> {
  const pool = createPool(databaseUrl, { max: 1, applicationName: 'leadwright db', statementMs: MEASURING_MS });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}
