import type { ColumnFacts, IndexFacts, TableFacts } from './index-facts.ts';
import { type DatabaseFacts, type IndexFinding, type IndexLimits, creating, leads } from './index-finding.ts';
import type { StatementFacts } from './index-statements.ts';

/**
 * Tables that are read from end to end again and again, and the index that the statements behind it ask for. What a statement asks
 * for is read out of its text, so only plain comparisons of columns with values are understood; the rest is said to be unknown.
 */
export function missing(facts: DatabaseFacts, limits: IndexLimits): IndexFinding[] {
  return facts.tables
    .filter((table) => isReadWhole(table, limits))
    .flatMap((table) => {
      const behind = facts.statements?.filter((statement) => readsWhole(statement, table));
      return behind === undefined || behind.length === 0
        ? [unexplained(table, facts.statements !== undefined)]
        : byWish(table, behind).map(({ sought, texts }) => verdictOn(table, sought, texts, facts.indexes, limits));
    });
}

/** Columns that a statement compares with values. */
export interface Sought {
  readonly equal: readonly string[];
  /** At most one: behind it a B-tree narrows nothing down. */
  readonly range: readonly string[];
}

function isReadWhole({ partitioned, sequentialScans, sequentialRows }: TableFacts, limits: IndexLimits): boolean {
  return (
    !partitioned &&
    sequentialScans >= limits.sequentialScans &&
    sequentialRows / sequentialScans >= limits.sequentialRows
  );
}

/** It names the table and touches at least half as many pages per call as the table has. */
function readsWhole(statement: StatementFacts, table: TableFacts): boolean {
  return statement.pagesPerCall >= table.pages / 2 && qualifiers(statement.text, table.called).length > 0;
}

function unexplained(table: TableFacts, statementsKnown: boolean): IndexFinding {
  const why = statementsKnown
    ? `${readings(table)}; pg_stat_statements shows no statement that does it`
    : `${readings(table)}; by which statements only pg_stat_statements could tell, which is not in use here`;
  const mend = statementsKnown ? [] : ['create extension if not exists pg_stat_statements'];
  return { kind: 'missing', verdict: 'unknown', table: table.name, index: null, why, mend };
}

const readings = ({ sequentialScans, sequentialRows }: TableFacts): string =>
  `read from end to end ${sequentialScans} times, ${Math.round(sequentialRows / sequentialScans)} rows each time`;

interface Wish {
  readonly sought: Sought;
  readonly texts: string[];
}

/** Statements that ask for the same index, together; the busiest first, as they come. */
function byWish(table: TableFacts, statements: readonly StatementFacts[]): Wish[] {
  const wishes = new Map<string, Wish>();
  for (const { text, calls, rowsPerCall, msPerCall } of statements) {
    const sought = soughtColumns(text, table);
    const wish = wishes.get(JSON.stringify(sought)) ?? { sought, texts: [] };
    const figures = `${calls} calls, ${msPerCall.toFixed(1)} ms and ${rowsPerCall.toFixed(0)} rows each`;
    if (wish.texts.length < 3) wish.texts.push(`${text} (${figures})`);
    wishes.set(JSON.stringify(sought), wish);
  }
  return merged([...wishes.values()]);
}

/** One index for all wishes that it serves: two, one beginning with the other, would be redundant as soon as they are built. */
function merged(wishes: readonly Wish[]): Wish[] {
  const longestFirst = wishes.toSorted((a, b) => columnsOf(b.sought).length - columnsOf(a.sought).length);
  const kept: Wish[] = [];
  for (const wish of longestFirst) {
    const wanted = columnsOf(wish.sought);
    const serving = kept.find(({ sought }) => {
      const first = columnsOf(sought).slice(0, wanted.length);
      return (
        wanted.length > 0 &&
        wish.sought.range.every((c) => first.at(-1) === c) &&
        wanted.every((c) => first.includes(c))
      );
    });
    if (serving === undefined) kept.push(wish);
    else serving.texts.push(...wish.texts);
  }
  return kept;
}

const columnsOf = ({ equal, range }: Sought): string[] => [...equal, ...range];

function verdictOn(
  table: TableFacts,
  sought: Sought,
  statements: readonly string[],
  indexes: readonly IndexFacts[],
  limits: IndexLimits,
): IndexFinding {
  const columns = columnsOf(sought);
  const finding = { kind: 'missing', table: table.name, index: null, statements } as const;
  const unknown = (reason: string, mend: readonly string[] = []): IndexFinding => {
    return { ...finding, verdict: 'unknown', why: `${readings(table)}; ${reason}`, mend };
  };
  if (columns.length === 0) return unknown('what its statements look for is not a plain comparison of columns');
  const wanted = sought.equal.length > 0 ? sought.equal : sought.range;
  const served = indexes.find(
    (index) =>
      index.table === table.name && index.state === 'valid' && index.predicate === null && leads(index, wanted),
  );
  if (served !== undefined) return unknown(`although ${served.name} fits: look at the plan (explain)`);
  const share = foundShare(table.columns, sought.equal, table.rows);
  const mend = [creating({ table: table.name, partitioned: false }, columns, indexes)];
  if (share === null) return unknown('how many rows its statements find is unknown', [`analyze ${table.name}`]);
  if (share > limits.soughtShare) {
    return unknown(
      `its statements look for ${Math.round(share * 100)} % of the rows or more, where an index helps little`,
    );
  }
  return { ...finding, verdict: 'wrong', why: `${readings(table)}, looking for ${columns.join(', ')}`, mend };
}

/** Largest share of the rows that values of these columns may be expected to find; columns of unknown variety narrow nothing down. */
function foundShare(columns: readonly ColumnFacts[], equal: readonly string[], rows: number): number | null {
  const known = equal.flatMap((name) => columns.find((column) => column.name === name)?.distinct ?? []);
  if (known.length === 0) return null;
  return Math.max(
    1 / Math.max(rows, 1),
    known.reduce((share, distinct) => share / Math.max(distinct, 1), 1),
  );
}

/** Columns of the table that the conditions of a statement compare with parameters, in the table's own order. */
export function soughtColumns(text: string, table: Pick<TableFacts, 'called' | 'columns'>): Sought {
  const where = /\bwhere\b.*$/is.exec(text)?.[0];
  const names = qualifiers(text, table.called);
  if (where === undefined || names.length === 0) return { equal: [], range: [] };
  const compared = (column: string, operators: string): boolean =>
    new RegExp(`(?<![\\w."$])(?:(?:${names.map(escaped).join('|')})\\.)?${escaped(column)}${operators}`, 'i').test(
      where,
    );
  const columns = table.columns.map(({ name }) => name);
  const equal = columns.filter((column) => compared(column, EQUAL));
  const range = columns.filter((column) => !equal.includes(column) && compared(column, RANGE));
  return { equal, range: range.slice(0, 1) };
}

const EQUAL = '\\s*(?:=\\s*(?:any\\s*\\(\\s*)?|in\\s*\\(\\s*)\\$\\d';
const RANGE = '\\s*(?:(?:<=|>=|<|>)\\s*|between\\s+)\\$\\d';

/** Words that may follow a table's name without being its alias. */
const NO_ALIAS =
  /^(where|on|set|join|left|right|inner|full|cross|natural|order|group|limit|offset|union|using|values|for|returning|tablesample|as|default|select|when|fetch|having|window|except|intersect)$/i;

/** What the statement calls the table: its name and its aliases; empty where it does not speak of it. */
function qualifiers(text: string, called: string): string[] {
  const mention = new RegExp(
    `(?:\\b(?:from|join|update|into|using)\\s+(?:only\\s+)?|,\\s*)(?:"?\\w+"?\\.)?("?)${escaped(called)}\\1(?![\\w."$])(?:\\s+(?:as\\s+)?([a-z_]\\w*))?`,
    'gi',
  );
  return [...text.matchAll(mention)].flatMap(([, , alias]) =>
    alias === undefined || NO_ALIAS.test(alias) ? [called] : [called, alias],
  );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
