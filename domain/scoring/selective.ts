import { rankRows, weightsInOrder, type Ranked } from './ranked.ts';

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
  const { n, bySureness, surenessTieEnds, labels, probabilities } = ranked;
  const decided = accuracies.map(() => 0);
  let all = 0;
  let right = 0;
  for (let i = 0; i < n; i += 1) {
    const at = bySureness[i]!;
    all += weights[at]!;
    if ((probabilities[at]! >= 0.5 ? 1 : 0) === labels[at]) right += weights[at]!;
    if (surenessTieEnds[i] === 0) continue;
    // A hair of slack: 0.98 × 50 is not quite 49 in floating point.
    for (let t = 0; t < accuracies.length; t += 1) if (right >= accuracies[t]! * all - 1e-9) decided[t] = all;
  }
  return decided.map((share) => (all > 0 ? share / all : null));
}
