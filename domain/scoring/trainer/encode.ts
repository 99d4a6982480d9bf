import { AppError } from '../../errors.ts';
import type { DatasetSchema, FeatureDeclaration } from '../data/dataset-schema.ts';
import { numbersOf, type Table, wordsOf } from '../data/table.ts';
import { encodeColumn, type Encoder, type Encoding } from './encoder.ts';
import type { Columns } from './tree-model.ts';

/** Up to so many levels each gets a column of its own. */
const FEW_LEVELS = 8;
/** Rows from which on a level is known; those below it are all alike to a model, in training as later. */
const LEAST_ROWS = 3;
/** Rows of the average that stand behind a level's own mean: a level of few rows says little of itself. */
const SMOOTHING = 20;
/** Days from which on the time of year is more than the date: each month came by about twice. */
const TWO_SUMMERS = 540;
export interface EncodeOptions {
  /** For each row the number of its fold. */
  readonly folds: ArrayLike<number>;
  readonly weights?: ArrayLike<number>;
}

/** One column of a model, and what it holds for the rows of training. */
interface Made {
  readonly encoding: Encoding;
  readonly column: Float32Array;
}

/**
 * Learns how features become columns of numbers. The columns of the training rows come with it, and wherever labels go into them, a row's
 * are taken from the other folds: its own label must not stand in its features. Leaving out only the row itself would not do: the mean of
 * the others is lower for each positive row than for each negative one of the same level, and a tree reads the label from that.
 */
export function fitEncoder(
  table: Table,
  schema: DatasetSchema,
  labels: ArrayLike<number>,
  options: EncodeOptions,
): { readonly encoder: Encoder; readonly columns: Columns; readonly unused: readonly string[] } {
  const means = labelMeans(labels, options);
  const byFeature = schema.features.map((feature) => encodingsOf(feature, table, means));
  const place = schema.place === undefined ? [] : diagonals(schema.place, table);
  const made = [...byFeature.flat(), ...place];
  if (made.length === 0) throw new AppError('DATASET_UNUSABLE', 'every feature is the same in all rows');
  return {
    encoder: { columns: made.map(({ encoding }) => encoding) },
    columns: made.map(({ column }) => column),
    unused: schema.features.filter((_, i) => byFeature[i]!.length === 0).map(({ name }) => name),
  };
}

/** Nothing is made of a feature that never varies. */
function encodingsOf({ name, type }: FeatureDeclaration, table: Table, means: LabelMeans): Made[] {
  if (type === 'category') return categoryEncodings(name, wordsOf(table, name) ?? [], table, means);
  const values = numbersOf(table, name);
  if (values.every((value) => Object.is(value, values[0]))) return [];
  const made = [plain({ kind: 'number', feature: name }, table)];
  if (type === 'date') {
    const known = values.filter((value) => !Number.isNaN(value)).sort();
    const span = known.length === 0 ? 0 : known.at(-1)! - known[0]!;
    if (span >= TWO_SUMMERS) made.push(plain({ kind: 'month', feature: name }, table));
  }
  return made;
}

function plain(encoding: Encoding, table: Table): Made {
  return { encoding, column: encodeColumn(encoding, table) };
}

function categoryEncodings(
  feature: string,
  values: readonly (string | null)[],
  table: Table,
  means: LabelMeans,
): Made[] {
  const counts = new Map<string | null, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const known = [...counts].filter(([, rows]) => rows >= LEAST_ROWS).sort(([a], [b]) => inOrder(a, b));
  const levels = known.map(([level]) => level);
  if (counts.size < 2 || levels.length === 0) return [];
  if (levels.length <= FEW_LEVELS) {
    // Of two levels one column says all.
    const own = levels.length === 2 ? levels.slice(1) : levels;
    return own.map((level) => plain({ kind: 'is', feature, level, known: levels }, table));
  }
  const { byKey, column } = means(values, new Set(levels));
  const mean: Encoding = { kind: 'mean', feature, levels: [...byKey].sort(([a], [b]) => inOrder(a, b)) };
  const logs = known.map(([level, rows]) => [level, Math.fround(Math.log1p(rows))] as const);
  return [{ encoding: mean, column }, plain({ kind: 'count', feature, levels: logs }, table)];
}

function diagonals([feature, other]: readonly [string, string], table: Table): Made[] {
  return ([1, -1] as const).map((side) => plain({ kind: 'diagonal', feature, other, side }, table));
}

/** By code unit, missing first: the same everywhere, whatever the machine's language. */
function inOrder(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  return a < b ? -1 : 1;
}

type LabelMeans = (
  keys: readonly (string | null)[],
  known: ReadonlySet<string | null>,
) => { readonly byKey: ReadonlyMap<string | null, number>; readonly column: Float32Array };

/**
 * Smoothed means of the labels, per key: (sum + s × average) / (weight + s), of all rows for later, and of the other folds for the rows
 * of training. The average is that of all rows in both: an average of the other folds would tell a row which fold it is in, and so
 * something of its label.
 */
function labelMeans(labels: ArrayLike<number>, { folds, weights }: EncodeOptions): LabelMeans {
  const weightOf = (row: number): number => weights?.[row] ?? 1;
  let [sum, all, count] = [0, 0, 0];
  for (let row = 0; row < labels.length; row += 1) {
    sum += labels[row]! * weightOf(row);
    all += weightOf(row);
    count = Math.max(count, folds[row]! + 1);
  }
  const average = sum / all;
  const smoothed = (total: number, weight: number): number => (total + SMOOTHING * average) / (weight + SMOOTHING);
  return (keys, known) => {
    const sums = new Map<string | null, Float64Array>();
    keys.forEach((key, row) => {
      if (!known.has(key)) return;
      // Sums of labels by fold, then weights by fold; behind each the total.
      const of = sums.get(key) ?? new Float64Array(2 * count + 2);
      for (const fold of [folds[row]!, count]) {
        of[fold]! += labels[row]! * weightOf(row);
        of[count + 1 + fold]! += weightOf(row);
      }
      sums.set(key, of);
    });
    const column = Float32Array.from(keys, (key, row) => {
      const of = sums.get(key);
      if (of === undefined) return Number.NaN;
      const fold = folds[row]!;
      const weight = of[2 * count + 1]! - of[count + 1 + fold]!;
      return weight > 1e-9 ? smoothed(of[count]! - of[fold]!, weight) : Number.NaN;
    });
    const byKey = [...sums].map(([key, of]) => [key, Math.fround(smoothed(of[count]!, of[2 * count + 1]!))] as const);
    return { byKey: new Map(byKey), column };
  };
}
