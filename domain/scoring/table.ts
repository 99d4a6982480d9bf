/** A table of raw values as ingestion leaves it: columns by name, each as long as `rows`. */
export interface Table {
  readonly rows: number;
  readonly columns: Readonly<Record<string, RawColumn>>;
}

/** Numbers (a date is one too: days since 1970-01-01 in UTC) with NaN where missing, or words with null where missing. */
export type RawColumn =
  | { readonly kind: 'number'; readonly values: Float64Array }
  | { readonly kind: 'category'; readonly values: readonly (string | null)[] };
