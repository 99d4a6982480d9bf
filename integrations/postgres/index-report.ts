import { type Bloat, readBloat } from './index-bloat.ts';
import {
  type IndexFacts,
  flushOwnStatistics,
  readForeignKeys,
  readIndexes,
  readStatisticsAge,
  readTables,
} from './index-facts.ts';
import { type IndexFinding, type IndexLimits, indexLimits } from './index-finding.ts';
import { judgeIndexes } from './index-judge.ts';
import { readStatements } from './index-statements.ts';
import { type Pool, stored } from './pool.ts';

/** An index as a reader wants to see it. */
export interface IndexLine {
  readonly index: string;
  readonly table: string;
  /** As Postgres writes it. */
  readonly definition: string;
  readonly bytes: number;
  readonly scans: number;
  readonly lastScan: string | null;
  readonly state: IndexFacts['state'];
}

export interface IndexReport {
  /** Nothing is wrong; what is unknown does not count. */
  readonly ok: boolean;
  readonly database: string;
  /** Since when uses are counted; null where this role cannot find out. */
  readonly since: string | null;
  readonly limits: IndexLimits;
  /** Whether pg_stat_statements could be read: without it nobody knows which statements read tables from end to end. */
  readonly statementsKnown: boolean;
  /** `bloat` is null where it was not measured: another method than B-tree, too small to matter, or never analyzed. */
  readonly indexes: readonly (IndexLine & { readonly bloat: Omit<Bloat, 'oid'> | null })[];
  readonly findings: readonly IndexFinding[];
}

/** All indexes with size and uses. Parts of partitioned ones are counted into their whole. Errors: STORE_AWAY. */
export async function listIndexes(pool: Pool): Promise<IndexLine[]> {
  return stored(async () => {
    await flushOwnStatistics(pool);
    return (await readIndexes(pool)).filter(({ attached }) => !attached).map(lineOf);
  });
}

/** Examines every index and every table; changes nothing. Errors: STORE_AWAY. */
export async function indexReport(pool: Pool, changed: Partial<IndexLimits> = {}): Promise<IndexReport> {
  const limits = { ...indexLimits, ...changed };
  return stored(async () => {
    await flushOwnStatistics(pool);
    const age = await readStatisticsAge(pool);
    const indexes = await readIndexes(pool);
    const tables = await readTables(pool);
    const foreignKeys = await readForeignKeys(pool);
    const statements = await readStatements(pool);
    // What is smaller than the air that counts cannot hold it.
    const bloat = await readBloat(pool, limits.bloatBytes);
    const findings = judgeIndexes({ age, indexes, tables, foreignKeys, statements, bloat }, limits);
    return {
      ok: findings.every(({ verdict }) => verdict !== 'wrong'),
      database: age.database,
      since: age.since,
      limits,
      statementsKnown: statements !== undefined,
      indexes: indexes
        .filter(({ attached }) => !attached)
        .map((index) => ({ ...lineOf(index), bloat: bloatOf(index, bloat) })),
      findings,
    };
  });
}

function lineOf({ name, table, definition, bytes, scans, lastScan, state }: IndexFacts): IndexLine {
  return { index: name, table, definition, bytes, scans, lastScan, state };
}

function bloatOf({ oid }: IndexFacts, bloat: readonly Bloat[]): Omit<Bloat, 'oid'> | null {
  const found = bloat.find((one) => one.oid === oid);
  return found === undefined ? null : { share: found.share, how: found.how };
}
