import { createRandom } from '../trainer/random.ts';
import { groupNumbers, type Groups } from '../trainer/groups.ts';

/** A 95 % interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface DrawOptions {
  readonly seed: number;
  /** 200 are enough for two digits. */
  readonly draws?: number | undefined;
  /** A property's or person's key per row: rows that belong together are drawn together, else an interval comes out too narrow. */
  readonly groups?: Groups | undefined;
  /** How much each row counts; absent: all the same. */
  readonly weights?: ArrayLike<number> | undefined;
}

/** Fewer independent groups say nothing about spread. */
const fewestGroups = 20;

/**
 * Bootstrap 95 % intervals of several figures at once. `figures` gets one weight per row: its own, times how often the draw took it.
 * Percentiles of the draws, widened to the figure itself where they miss it. They are of use for figures that a draw leaves where they are
 * on average; a calibration error, say, is not one. null: too few groups, or the figure is undefined in more than one draw in twenty.
 */
export function intervals<Name extends string>(
  rows: number,
  figures: (weights: Float64Array) => Readonly<Record<Name, number | null>>,
  options: DrawOptions,
): Readonly<Record<Name, Interval | null>> {
  const draws = options.draws ?? 200;
  const { numbers, count } = groupNumbers(options.groups, rows);
  const own = weightsOf(options.weights, rows);
  const weights = own.slice();
  const estimate = figures(weights);
  const names = Object.keys(estimate) as Name[];
  const drawn = new Map(names.map((name) => [name, [] as number[]]));
  const random = createRandom(options.seed);
  const times = new Uint32Array(count);
  for (let draw = 0; draw < draws && count >= fewestGroups; draw += 1) {
    times.fill(0);
    for (let i = 0; i < count; i += 1) times[random.below(count)]! += 1;
    for (let i = 0; i < rows; i += 1) weights[i] = own[i]! * times[numbers[i]!]!;
    const values = figures(weights);
    for (const name of names) if (values[name] !== null) drawn.get(name)!.push(values[name]);
  }
  const result = names.map((name) => [name, middle95(drawn.get(name)!, draws, estimate[name])]);
  return Object.fromEntries(result) as Record<Name, Interval | null>;
}

/** The same for one figure. */
export function interval(
  rows: number,
  figure: (weights: Float64Array) => number | null,
  options: DrawOptions,
): Interval | null {
  return intervals(rows, (weights) => ({ figure: figure(weights) }), options).figure;
}

/** The weights as numbers of their own; 1 each where there are none. */
export function weightsOf(weights: ArrayLike<number> | undefined, rows: number): Float64Array {
  if (weights === undefined) return new Float64Array(rows).fill(1);
  if (weights.length !== rows) throw new RangeError(`${rows} rows, but ${weights.length} weights`);
  return Float64Array.from(weights);
}

/**
 * As how many independent rows of one weight do these count (Kish, 1965)? Rows of a group are taken to be all alike, which is the least that
 * they can know.
 * @param weightByGroup what the rows of each group weigh together
 */
export function effectiveCount(weightByGroup: Iterable<number>): number {
  let [sum, squares] = [0, 0];
  for (const weight of weightByGroup) {
    sum += weight;
    squares += weight * weight;
  }
  return squares === 0 ? 0 : (sum * sum) / squares;
}

/** Of a share of independent trials (Wilson's score interval): holds for small counts and near 0 and 1 as well. */
export function wilson(successes: number, trials: number): Interval {
  const z = 1.959963984540054;
  const share = successes / trials;
  const centre = (share + (z * z) / (2 * trials)) / (1 + (z * z) / trials);
  const half = (z / (1 + (z * z) / trials)) * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials ** 2));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

function middle95(values: readonly number[], draws: number, estimate: number | null): Interval | null {
  if (estimate === null || values.length === 0 || values.length < 0.95 * draws) return null;
  const sorted = Float64Array.from(values).sort();
  return {
    low: Math.min(estimate, quantile(sorted, 0.025)),
    high: Math.max(estimate, quantile(sorted, 0.975)),
  };
}

/** Of sorted values, between neighbours in a straight line. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)]!;
  return below + (sorted[Math.ceil(at)]! - below) * (at - Math.floor(at));
}
