/** A table of raw values as ingestion leaves it: columns by name, each as long as `rows`. */
export interface Table {
  readonly rows: number;
  readonly columns: Readonly<Record<string, RawColumn>>;
}

/** Numbers (a date is one too: days since 1970-01-01 in UTC) with NaN where missing, or words with null where missing. */
export type RawColumn =
  | { readonly kind: 'number'; readonly values: Float64Array }
  | { readonly kind: 'category'; readonly values: readonly (string | null)[] };

/** The rows of these numbers, in this order. */
export function pickRows(table: Table, rows: ArrayLike<number>): Table {
  const columns = Object.entries(table.columns).map(([name, column]) => [name, pick(column, rows)] as const);
  return { rows: rows.length, columns: Object.fromEntries(columns) };
}

function pick(column: RawColumn, rows: ArrayLike<number>): RawColumn {
  if (column.kind === 'number')
    return { kind: 'number', values: Float64Array.from(rows, (row) => column.values[row]!) };
  return { kind: 'category', values: Array.from(rows, (row) => column.values[row] ?? null) };
}

/** @throws RangeError when there is no such column of numbers, which is a mistake of whoever made the table */
export function numbersOf(table: Table, name: string): Float64Array {
  const column = table.columns[name];
  if (column?.kind !== 'number') throw new RangeError(`the table has no numbers called ${name}`);
  return column.values;
}

/** The cells of a column as words, whatever its kind; undefined when there is no such column. */
export function wordsOf(table: Table, name: string): readonly (string | null)[] | undefined {
  const column = Object.hasOwn(table.columns, name) ? table.columns[name] : undefined;
  if (column?.kind !== 'number') return column?.values;
  return Array.from(column.values, (value) => (Number.isNaN(value) ? null : String(value)));
}
