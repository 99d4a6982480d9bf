import { intervals, weightsOf, type DrawOptions, type Interval } from './intervals.ts';
import { ascending } from './ranked.ts';

/**
 * How good estimated values are. Errors are shares of the actual value (0.08 is 8 %), `rmse` is in its unit.
 * `mdape`, `mape`: median and mean error; `within10`, `within20`: share of rows with an error of at most that; `cod`: coefficient of
 * dispersion, mean |ratio − median ratio| by the median ratio of estimate to actual value (assessors multiply it by 100);
 * `coverage90`: share of the rows with a range whose actual value lies in it. null where the rows do not define a figure.
 * @see IAAO, Standard on Ratio Studies (2013), for the coefficient of dispersion
 */
export interface ValueMetrics {
  readonly n: number;
  readonly mdape: number | null;
  readonly mape: number | null;
  readonly rmse: number | null;
  readonly r2: number | null;
  readonly within10: number | null;
  readonly within20: number | null;
  readonly cod: number | null;
  readonly coverage90: number | null;
}

export type ValueIntervals = { readonly [Name in Exclude<keyof ValueMetrics, 'n'>]: Interval | null };

export interface EstimatedValues {
  readonly actual: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
  /** Ends of the 90 % ranges; NaN where a row has none. */
  readonly low?: ArrayLike<number> | undefined;
  readonly high?: ArrayLike<number> | undefined;
}

/** Throws RangeError where a value or an estimate is no number, or there are not equally many of them. */
export function valueMetrics(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  low?: ArrayLike<number>,
  high?: ArrayLike<number>,
  weights?: ArrayLike<number>,
): ValueMetrics {
  const prepared = prepare({ actual, predicted, low, high });
  return { n: actual.length, ...figures(prepared, weightsOf(weights, actual.length)) };
}

/** 95 % bootstrap intervals of the same figures. */
export function valueIntervals(values: EstimatedValues, options: DrawOptions): ValueIntervals {
  const prepared = prepare(values);
  return intervals(values.actual.length, (weights) => figures(prepared, weights), options);
}

/** What no draw changes: errors and ratios, and their orders. */
interface Prepared {
  readonly actual: Float64Array;
  readonly squares: Float64Array;
  /** |estimate − actual| by |actual|; null when some actual value is 0. */
  readonly errors: Sorted | null;
  /** Estimate by actual; null when some actual value is not above 0. */
  readonly ratios: Sorted | null;
  /** 1 in its range, 0 outside, NaN without one. */
  readonly covered: Float64Array | null;
}

interface Sorted {
  readonly values: Float64Array;
  readonly order: Uint32Array;
}

function prepare({ actual, predicted, low, high }: EstimatedValues): Prepared {
  const n = actual.length;
  for (const column of [predicted, low, high]) {
    if (column !== undefined && column.length !== n) throw new RangeError(`${n} values, but ${column.length} beside`);
  }
  if ((low === undefined) !== (high === undefined)) throw new RangeError('a range has two ends, low and high');
  for (let i = 0; i < n; i += 1) {
    if (!Number.isFinite(actual[i])) throw new RangeError(`actual value ${i} is no number`);
    if (!Number.isFinite(predicted[i])) throw new RangeError(`estimate ${i} is no number`);
  }
  const values = Float64Array.from(actual);
  const byRow = (figure: (actual: number, row: number) => number): Float64Array => values.map(figure);
  const sorted = (column: Float64Array): Sorted => ({ values: column, order: ascending(column) });
  return {
    actual: values,
    squares: byRow((value, i) => (predicted[i]! - value) ** 2),
    errors: values.includes(0) ? null : sorted(byRow((value, i) => Math.abs((predicted[i]! - value) / value))),
    ratios: values.some((value) => value <= 0) ? null : sorted(byRow((value, i) => predicted[i]! / value)),
    covered: low && high ? byRow((value, i) => inside(value, low[i]!, high[i]!)) : null,
  };
}

function inside(value: number, low: number, high: number): number {
  if (Number.isNaN(low) || Number.isNaN(high)) return NaN;
  return value >= low && value <= high ? 1 : 0;
}

function figures(prepared: Prepared, weights: Float64Array): Omit<ValueMetrics, 'n'> {
  const { actual, squares, errors, ratios, covered } = prepared;
  const meanSquare = mean(squares, weights);
  const middle = mean(actual, weights);
  const spread = middle === null ? null : meanOf(actual, weights, (value) => (value - middle) ** 2);
  // Rounding alone gives equal values some spread.
  const differ = middle !== null && spread !== null && spread > 1e-24 * middle ** 2;
  const within = (most: number) => errors && meanOf(errors.values, weights, (error) => (error <= most ? 1 : 0));
  return {
    mdape: errors && median(errors, weights),
    mape: errors && mean(errors.values, weights),
    rmse: meanSquare === null ? null : Math.sqrt(meanSquare),
    r2: meanSquare !== null && differ ? 1 - meanSquare / spread : null,
    within10: within(0.1),
    within20: within(0.2),
    cod: ratios && dispersion(ratios, weights),
    coverage90: covered && mean(covered, weights),
  };
}

function dispersion(ratios: Sorted, weights: Float64Array): number | null {
  const middle = median(ratios, weights);
  if (middle === null || middle <= 0) return null;
  const distance = meanOf(ratios.values, weights, (ratio) => Math.abs(ratio - middle));
  return distance === null ? null : distance / middle;
}

function mean(values: Float64Array, weights: Float64Array): number | null {
  return meanOf(values, weights, (value) => value);
}

/** NaN is left out. */
function meanOf(values: Float64Array, weights: Float64Array, figure: (value: number) => number): number | null {
  let all = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    all += weights[i]!;
    sum += weights[i]! * figure(value);
  }
  return all > 0 ? sum / all : null;
}

/** Half of the weight lies on either side; where it halves exactly between two values, their mean. */
function median({ values, order }: Sorted, weights: Float64Array): number | null {
  let all = 0;
  for (const weight of weights) all += weight;
  let below = 0;
  let before: number | null = null;
  for (const row of order) {
    const weight = weights[row]!;
    if (weight === 0) continue;
    if (before !== null) return (before + values[row]!) / 2;
    below += weight;
    if (below === all / 2) before = values[row]!;
    else if (below > all / 2) return values[row]!;
  }
  return before;
}
