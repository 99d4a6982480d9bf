import type { Bloat } from './index-bloat.ts';
import type { ForeignKeyFacts, IndexFacts, StatisticsAge, TableFacts } from './index-facts.ts';
import type { StatementFacts } from './index-statements.ts';

/** One thing about one index or table, and what mends it. */
export interface IndexFinding {
  readonly kind: 'invalid' | 'duplicate' | 'redundant' | 'unused' | 'bloated' | 'missing' | 'foreign-key';
  /** `unknown`: what this database records is not enough to tell; it does not make the report fail. */
  readonly verdict: 'wrong' | 'unknown';
  readonly table: string;
  readonly index: string | null;
  readonly why: string;
  /** To be run one by one, in this order and outside a transaction. Empty where no statement is known to help. */
  readonly mend: readonly string[];
  /** Texts of the statements behind it, without literals. */
  readonly statements?: readonly string[];
}

/** From where on something counts. */
export interface IndexLimits {
  /** An index without a scan is unused only after this many days of statistics … */
  readonly unusedDays: number;
  /** … after this many scans of its table in any way … */
  readonly unusedReads: number;
  /** … and after this many writing transactions since it was built. */
  readonly unusedTransactions: number;
  /** Share of an index that is air, and how many bytes of it, both to be reached. */
  readonly bloatShare: number;
  readonly bloatBytes: number;
  /** A table lacks an index when it was read from end to end this often, this many rows each time on average. */
  readonly sequentialScans: number;
  readonly sequentialRows: number;
  /** An index helps only a search that finds less than this share of the rows. */
  readonly soughtShare: number;
}

export const indexLimits: IndexLimits = {
  unusedDays: 14,
  unusedReads: 10_000,
  unusedTransactions: 10_000,
  // Random inserts leave a third of every page free, and need it.
  bloatShare: 0.5,
  bloatBytes: 10 * 1024 * 1024,
  // Index builds and dumps read tables from end to end, too, but not as often.
  sequentialScans: 100,
  sequentialRows: 10_000,
  soughtShare: 0.1,
};

export interface DatabaseFacts {
  readonly age: StatisticsAge;
  readonly indexes: readonly IndexFacts[];
  readonly tables: readonly TableFacts[];
  readonly foreignKeys: readonly ForeignKeyFacts[];
  readonly bloat: readonly Bloat[];
  /** Undefined where the server does not tell. */
  readonly statements: readonly StatementFacts[] | undefined;
}

/** Are these columns, in any order, the first keys of the index? */
export function leads(index: IndexFacts, columns: readonly string[]): boolean {
  const first = index.keys.slice(0, columns.length).map(({ text }) => text);
  return first.length === columns.length && columns.every((column) => first.includes(column));
}

/** The statement that drops it; a partitioned one goes only under a lock. */
export function dropping({ name, partitioned }: IndexFacts): string {
  return partitioned ? `drop index ${name}` : `drop index concurrently ${name}`;
}

/**
 * The statement that builds it. Postgres builds the index of a partitioned table only under a lock, partition by partition.
 * @param existing  indexes whose names are taken
 */
export function creating(
  { table, partitioned }: { readonly table: string; readonly partitioned: boolean },
  columns: readonly string[],
  existing: readonly IndexFacts[],
): string {
  const taken = new Set(existing.map(({ name }) => name.split('.').at(-1)));
  let name = indexName(table, ...columns);
  for (let n = 2; taken.has(name); n++) name = `${indexName(table, ...columns).slice(0, 60)}_${n}`;
  return `create index ${partitioned ? '' : 'concurrently '}${name} on ${table} (${columns.join(', ')})`;
}

/** A plain name out of names, as long as Postgres keeps them. */
export function indexName(table: string, ...rest: readonly string[]): string {
  const bare = [table.split('.').at(-1)!, ...rest].map((part) => part.replace(/[^\w]/g, ''));
  const name = bare.join('_').toLowerCase().slice(0, 63);
  return /^[a-z_]/.test(name) ? name : `i${name}`.slice(0, 63);
}
