import { AppError } from '../../errors.ts';
import type { RawColumn, Table } from '../data/table.ts';
import type { Columns } from './tree-model.ts';

/** How one column of a model comes from a feature: plain data, kept inside of the model file. */
export type Encoding =
  | { readonly kind: 'number'; readonly feature: string }
  /** Month of a date, 1 to 12. */
  | { readonly kind: 'month'; readonly feature: string }
  /** 1 where the feature is `level` (null: missing), 0 where it is another of `known`, missing where training saw neither. */
  | {
      readonly kind: 'is';
      readonly feature: string;
      readonly level: string | null;
      readonly known: readonly (string | null)[];
    }
  /** What labels were like, per level; missing for a level that training saw too rarely. */
  | { readonly kind: 'mean'; readonly feature: string; readonly levels: readonly (readonly [string | null, number])[] }
  /** Logarithm of 1 + rows, per level; 0 for one that training saw too rarely. */
  | { readonly kind: 'count'; readonly feature: string; readonly levels: readonly (readonly [string | null, number])[] }
  /** How far a place lies to the north-east (1) or to the north-west (-1), in kilometres: a tree cuts maps along its axes only. */
  | { readonly kind: 'diagonal'; readonly feature: string; readonly other: string; readonly side: 1 | -1 };

/** Features to model columns, in the model's order. */
export interface Encoder {
  readonly columns: readonly Encoding[];
}

const DEGREE_KM = 111.2;
/** A degree of longitude by one of latitude, in the middle of the contiguous States. */
const EASTWARDS = 0.75;

/** What a model calls its column. */
export function columnName(encoding: Encoding): string {
  if (encoding.kind === 'number') return encoding.feature;
  if (encoding.kind === 'is') return `${encoding.feature}=${encoding.level ?? ''}`;
  if (encoding.kind === 'diagonal') return `${encoding.feature}${encoding.side === 1 ? '+' : '-'}${encoding.other}`;
  return `${encoding.feature}:${encoding.kind}`;
}

/** The columns of a model for the rows of a table. @throws AppError DATASET_UNUSABLE when the table lacks a feature */
export function encode(encoder: Encoder, table: Table): Columns {
  return encoder.columns.map((encoding) => encodeColumn(encoding, table));
}

/** The same of a single row, by feature; a feature that is absent is missing. */
export function encodeRow(encoder: Encoder, row: Readonly<Record<string, number | string | null>>): Float32Array {
  return Float32Array.from(encoder.columns, (encoding) => {
    const cells = featuresOf(encoding).map((feature) => [feature, cellOf(encoding, row[feature])] as const);
    return encodeColumn(encoding, { rows: 1, columns: Object.fromEntries(cells) })[0]!;
  });
}

function cellOf({ kind }: Encoding, value: number | string | null | undefined): RawColumn {
  if (kind === 'is' || kind === 'mean' || kind === 'count') {
    return { kind: 'category', values: [value == null || Number.isNaN(value) ? null : String(value)] };
  }
  return { kind: 'number', values: Float64Array.of(typeof value === 'number' ? value : Number.NaN) };
}

export function featuresOf(encoding: Encoding): readonly string[] {
  return encoding.kind === 'diagonal' ? [encoding.feature, encoding.other] : [encoding.feature];
}

export function encodeColumn(encoding: Encoding, table: Table): Float32Array {
  switch (encoding.kind) {
    case 'number':
      return Float32Array.from(numbers(table, encoding.feature));
    case 'month':
      return Float32Array.from(numbers(table, encoding.feature), monthOf);
    case 'is':
      return indicator(encoding, words(table, encoding.feature));
    case 'mean':
    case 'count': {
      const absent = encoding.kind === 'mean' ? Number.NaN : 0;
      const values = lookup(encoding);
      return Float32Array.from(words(table, encoding.feature), (level) => values.get(level) ?? absent);
    }
    case 'diagonal': {
      const longitudes = numbers(table, encoding.other);
      return Float32Array.from(numbers(table, encoding.feature), (latitude, row) => {
        return latitude * DEGREE_KM + encoding.side * longitudes[row]! * EASTWARDS * DEGREE_KM;
      });
    }
  }
}

function indicator(
  { level, known }: Extract<Encoding, { kind: 'is' }>,
  values: readonly (string | null)[],
): Float32Array {
  const others = new Set(known);
  return Float32Array.from(values, (value) => (value === level ? 1 : others.has(value) ? 0 : Number.NaN));
}

/** An encoder is asked row by row while it serves: its tables are made once. */
const lookups = new WeakMap<Encoding, ReadonlyMap<string | null, number>>();

function lookup(encoding: Extract<Encoding, { kind: 'mean' | 'count' }>): ReadonlyMap<string | null, number> {
  const known = lookups.get(encoding);
  if (known !== undefined) return known;
  const made = new Map<string | null, number>(encoding.levels);
  lookups.set(encoding, made);
  return made;
}

/** Month of a day since 1970, 1 to 12. */
function monthOf(days: number): number {
  return Number.isNaN(days) ? days : new Date(days * 86_400_000).getUTCMonth() + 1;
}

function numbers(table: Table, feature: string): Float64Array {
  const column = cells(table, feature);
  if (column.kind === 'number') return column.values;
  throw new AppError('DATASET_UNUSABLE', `${feature}: expected numbers, got words`);
}

function words(table: Table, feature: string): readonly (string | null)[] {
  const column = cells(table, feature);
  if (column.kind === 'category') return column.values;
  throw new AppError('DATASET_UNUSABLE', `${feature}: expected words, got numbers`);
}

function cells(table: Table, feature: string): RawColumn {
  if (Object.hasOwn(table.columns, feature)) return table.columns[feature]!;
  throw new AppError('DATASET_UNUSABLE', `${feature} is missing; the model needs it`);
}
