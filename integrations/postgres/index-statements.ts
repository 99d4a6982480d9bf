import type { Runner } from './pool.ts';
import { bareText } from './split-statements.ts';

/** One kind of statement as pg_stat_statements counts it. */
export interface StatementFacts {
  /** With `$n` for constants and `?` for those that were left in; never a literal. */
  readonly text: string;
  readonly calls: number;
  readonly rowsPerCall: number;
  readonly pagesPerCall: number;
  readonly msPerCall: number;
}

/**
 * The statements of this database that touched most pages.
 * @returns undefined where pg_stat_statements is not installed, not loaded, or closed to this role
 */
export async function readStatements(runner: Runner): Promise<StatementFacts[] | undefined> {
  const { rows: found } = await runner.query<{ name: string }>(VIEW);
  const view = found[0]?.name;
  if (view === undefined) return undefined;
  try {
    const { rows } = await runner.query<StatementFacts>(statementsOf(view));
    return rows.flatMap((row) => {
      const text = withoutLiterals(row.text);
      return text === undefined || !/^\(*(select|with|insert|update|delete|merge)\b/i.test(text)
        ? []
        : [{ ...row, text }];
    });
  } catch (error) {
    // 55000: installed, but the server does not load it. 42501: not for this role.
    const state = error instanceof Error && 'code' in error ? error.code : undefined;
    if (state === '55000' || state === '42501') return undefined;
    throw error;
  }
}

const VIEW = `
select quote_ident(n.nspname) || '.pg_stat_statements' as name
from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_stat_statements'`;

const statementsOf = (view: string): string => `
select s.query as text, sum(s.calls)::float8 as calls, (sum(s.rows) / sum(s.calls))::float8 as "rowsPerCall",
  (sum(s.shared_blks_hit + s.shared_blks_read) / sum(s.calls))::float8 as "pagesPerCall",
  (sum(s.total_exec_time) / sum(s.calls))::float8 as "msPerCall"
from ${view} s
where s.dbid = (select oid from pg_database where datname = current_database()) and s.calls > 0
group by s.query
order by sum(s.shared_blks_hit + s.shared_blks_read) desc
limit 1000`;

/**
 * The extension replaces constants, but not always: a text whose entry was evicted while it ran is kept as it came, and comments
 * are kept whole. Both may hold somebody's number.
 * @returns undefined for a text that cannot be read to its end
 */
export function withoutLiterals(text: string): string | undefined {
  let bare: string;
  try {
    bare = bareText(text);
  } catch {
    return undefined;
  }
  return bare
    .replace(/\be'(?:[^'\\]|\\.|'')*'/gis, '?')
    .replace(/'(?:[^']|'')*'/gs, '?')
    .replace(/\$([\p{L}_][\p{L}\p{N}_]*)?\$.*?\$\1\$/gsu, '?')
    .replace(/(?<![\w$])\d[\d_.]*(?:e[+-]?\d+)?\b/gi, '?');
}
