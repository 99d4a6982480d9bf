import { intervals, weightsOf, type DrawOptions, type Interval } from './intervals.ts';
import { rankRows, sureness, weightsInOrder, type Ranked } from './ranked.ts';

/** The accuracies whose coverage stands in every evaluation. */
export const selectiveTargets = [0.98, 0.95] as const;

/**
 * Selective accuracy: the largest share of rows, the surest first, of which at least `accuracy` are decided rightly (yes from even odds up);
 * on the rest the engine abstains. Rows that are equally sure are decided together. 0: not even the surest reach it; null: no rows.
 * The share is found on the rows it is told of, so a few rows flatter it: read it with its interval.
 */
export function selective(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  accuracy: number,
  weights?: ArrayLike<number>,
): number | null {
  const ranked = rankRows(labels, probabilities);
  return coverageAt(ranked, weightsInOrder(ranked, weights), [accuracy])[0]!;
}

/** The same for several accuracies in one pass; weights stand in the order of the ranking. */
export function coverageAt(
  ranked: Ranked,
  weights: Float64Array,
  accuracies: readonly number[],
): readonly (number | null)[] {
  return decidedAt(ranked, weights, accuracies).map(({ coverage }) => coverage);
}

/** How sure (the chance that the likelier of yes and no is true) a row must be to be decided; null: no row is sure enough. */
export type Bar = number | null;

/** The bars that lead to those coverages on these rows. */
export function barsOf(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  weights?: ArrayLike<number>,
): readonly Bar[] {
  const ranked = rankRows(labels, probabilities);
  return decidedAt(ranked, weightsInOrder(ranked, weights), selectiveTargets).map(({ bar }) => bar);
}

/** What bars that were found on other rows do on these. */
export interface BarJudged {
  readonly accuracy: number;
  readonly coverage: number | null;
  readonly interval: Interval | null;
  /** Share of the decided rows that are decided rightly; null: none is decided. */
  readonly right: number | null;
  readonly rightInterval: Interval | null;
}

/** @param barOf the bar of a row for the target of this number: it must not have been found on the row */
export function judgeBars(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  barOf: (row: number, target: number) => Bar,
  options: DrawOptions,
): readonly BarJudged[] {
  const rows = Array.from({ length: labels.length }, (_, row) => row);
  return selectiveTargets.map((accuracy, target) => {
    const decided = rows.filter((row) => {
      const bar = barOf(row, target);
      return bar !== null && sureness(probabilities[row]!) >= bar;
    });
    const right = decided.filter((row) => (probabilities[row]! >= 0.5 ? 1 : 0) === labels[row]);
    const figures = (weights: ArrayLike<number>): Record<'coverage' | 'right', number | null> => {
      const sum = (of: readonly number[]): number => of.reduce((total, row) => total + weights[row]!, 0);
      const [all, some, good] = [rows, decided, right].map(sum) as [number, number, number];
      return { coverage: all > 0 ? some / all : null, right: some > 0 ? good / some : null };
    };
    const drawn = intervals(rows.length, figures, options);
    const found = figures(weightsOf(options.weights, rows.length));
    return { accuracy, ...found, interval: drawn.coverage, rightInterval: drawn.right };
  });
}

/** The same where each fold's rows are judged by the bars of all others. */
export function selectiveUnseen(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  folds: ArrayLike<number>,
  options: DrawOptions,
): readonly BarJudged[] {
  const rows = Array.from({ length: labels.length }, (_, row) => row);
  const bars = new Map(
    [...new Set(rows.map((row) => folds[row]!))].map((fold) => {
      const others = rows.filter((row) => folds[row] !== fold);
      const of = (values: ArrayLike<number>): number[] => others.map((row) => values[row]!);
      return [fold, barsOf(of(labels), of(probabilities), options.weights && of(options.weights))] as const;
    }),
  );
  return judgeBars(labels, probabilities, (row, target) => bars.get(folds[row]!)![target]!, options);
}

function decidedAt(
  ranked: Ranked,
  weights: Float64Array,
  accuracies: readonly number[],
): readonly { readonly coverage: number | null; readonly bar: Bar }[] {
  const { n, bySureness, surenessTieEnds, labels, probabilities } = ranked;
  const decided = accuracies.map(() => 0);
  const bars = accuracies.map((): Bar => null);
  let all = 0;
  let right = 0;
  for (let i = 0; i < n; i += 1) {
    const at = bySureness[i]!;
    all += weights[at]!;
    if ((probabilities[at]! >= 0.5 ? 1 : 0) === labels[at]) right += weights[at]!;
    if (surenessTieEnds[i] === 0) continue;
    for (let t = 0; t < accuracies.length; t += 1) {
      // A hair of slack: 0.98 × 50 is not quite 49 in floating point.
      if (all === 0 || right < accuracies[t]! * all - 1e-9) continue;
      decided[t] = all;
      bars[t] = sureness(probabilities[at]!);
    }
  }
  return decided.map((share, t) => ({ coverage: all > 0 ? share / all : null, bar: bars[t]! }));
}
