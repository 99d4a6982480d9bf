import type { Columns } from './tree-model.ts';

/** The greatest finite float32: a threshold that every number is at most, so that it parts the rows with a value from those without. */
const GREATEST = 3.4028234663852886e38;

/**
 * Columns as the trainer reads them: for each row the number of the bin that its value falls into, one byte, column by column.
 * Bin 0 holds the rows without a value; bin b ≥ 1 holds the values at most `thresholds[b - 1]` and above `thresholds[b - 2]`.
 */
export interface Binned {
  readonly codes: readonly Uint8Array[];
  /** Float32, ascending; the last one is the greatest finite number. As many as the feature has bins with values. */
  readonly thresholds: readonly Float32Array[];
}

/**
 * Puts each column into at most `most` bins (the one for missing values counted) of about equal weight.
 * Thresholds are float32 numbers halfway between two values that occur, and a value's bin comes from comparing with them as a tree and
 * its model file will: so all three take the same branch, for every row.
 * @param rows    the rows that count when the bins are drawn (all rows get a bin)
 * @param weights how much each counts; all the same when absent
 */
export function binColumns(
  columns: Columns,
  rows: Int32Array,
  weights: Float32Array | undefined,
  most: number,
): Binned {
  const spare = new Float32Array(rows.length);
  const thresholds = columns.map((column) => {
    const values = distinctValues(column, rows, spare);
    return thresholdsOf(values, weigh(values, column, rows, weights), most - 1);
  });
  return { codes: columns.map((column, feature) => codesOf(column, thresholds[feature]!)), thresholds };
}

/** The values that occur in a column, each once, in ascending order; they lie in `spare`. */
function distinctValues(column: Float32Array, rows: Int32Array, spare: Float32Array): Float32Array {
  let count = 0;
  for (const row of rows) {
    const value = column[row]!;
    if (!Number.isNaN(value)) spare[count++] = value;
  }
  const sorted = spare.subarray(0, count).sort();
  let distinct = 0;
  for (const value of sorted) {
    if (distinct === 0 || value !== sorted[distinct - 1]) sorted[distinct++] = value;
  }
  return sorted.subarray(0, distinct);
}

/** How much the rows of each value weigh together. */
function weigh(
  values: Float32Array,
  column: Float32Array,
  rows: Int32Array,
  weights: Float32Array | undefined,
): Float64Array {
  const sums = new Float64Array(values.length);
  for (const row of rows) {
    const value = column[row]!;
    if (!Number.isNaN(value)) sums[firstAtLeast(values, value)]! += weights === undefined ? 1 : weights[row]!;
  }
  return sums;
}

function thresholdsOf(values: Float32Array, weights: Float64Array, most: number): Float32Array {
  const thresholds: number[] = [];
  const enough = values.length <= most;
  let left = weights.reduce((sum, weight) => sum + weight, 0);
  let share = left / most;
  let inBin = 0;
  for (let i = 0; i + 1 < values.length && thresholds.length < most - 1; i++) {
    inBin += weights[i]!;
    // A value that fills a bin alone gets one of its own.
    const full = inBin >= share || weights[i + 1]! >= share;
    if (!enough && !full) continue;
    thresholds.push(between(values[i]!, values[i + 1]!));
    left -= inBin;
    inBin = 0;
    share = left / (most - thresholds.length);
  }
  thresholds.push(GREATEST);
  return Float32Array.from(thresholds);
}

/** A float32 number t with low <= t < high, halfway where there is one. The zero that is added makes −0 a plain 0, which JSON keeps. */
function between(low: number, high: number): number {
  const middle = Math.fround(low + (high - low) / 2);
  return (middle < high ? middle : low) + 0;
}

function codesOf(column: Float32Array, thresholds: Float32Array): Uint8Array {
  const codes = new Uint8Array(column.length);
  for (let row = 0; row < column.length; row++) {
    const value = column[row]!;
    if (!Number.isNaN(value)) codes[row] = 1 + firstAtLeast(thresholds, value);
  }
  return codes;
}

/** Where the first number at least as great as `value` stands in an ascending list. */
function firstAtLeast(list: Float32Array, value: number): number {
  let low = 0;
  let high = list.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= list[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}
