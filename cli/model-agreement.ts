import type { Scored, TreeScorer } from '../domain/ports/scoring.ts';
import { calibrated } from '../domain/scoring/trainer/calibrate.ts';
import { treeShap } from '../domain/scoring/trainer/shap.ts';
import type { TrialModel } from './trial-models.ts';

/** Largest difference between what is served and what the trainer says, over every row: in probability, or in the margin. */
export function servedAgainstTrained({ calibrator, margins }: TrialModel, { margin, probability }: Scored): number {
  return margins.reduce((most, own, row) => {
    const apart =
      calibrator === null || probability === null
        ? margin[row]! - own
        : probability[row]! - calibrated(calibrator, own);
    // A comparison with NaN is false, so it must not be asked for the larger of two.
    return Number.isNaN(apart) ? Number.POSITIVE_INFINITY : Math.max(most, Math.abs(apart));
  }, 0);
}

/** How many of the first rows differ in any bit when they are asked for so many at a time. */
export async function rowsThatDiffer(
  { matrix, trees: { features } }: TrialModel,
  scorer: TreeScorer,
  { whole, chunk, rows }: { readonly whole: Scored; readonly chunk: number; readonly rows: number },
): Promise<number> {
  let differ = 0;
  for (let at = 0; at < rows; at += chunk) {
    const end = Math.min(rows, at + chunk);
    const part = await scorer.score(matrix.slice(at * features, end * features), end - at);
    for (let row = at; row < end; row += 1) if (!sameBits(part, row - at, whole, row)) differ += 1;
  }
  return differ;
}

/** Bits, not values: 0 and −0 are two, and a NaN is equal to itself. */
function sameBits(one: Scored, at: number, other: Scored, row: number): boolean {
  if (!Object.is(one.margin[at], other.margin[row])) return false;
  return Object.is(one.probability?.[at], other.probability?.[row]);
}

/** Over rows evenly spread: the largest difference between base + contributions and the served margin. */
export function explanationsApart({ trees, matrix, rows }: TrialModel, { margin }: Scored, explained: number): number {
  let most = 0;
  for (let i = 0; i < explained; i += 1) {
    const row = Math.floor((i * rows) / explained);
    const { base, contributions } = treeShap(trees, matrix.subarray(row * trees.features, (row + 1) * trees.features));
    const apart = Math.abs(contributions.reduce((sum, one) => sum + one, base) - margin[row]!);
    most = Number.isNaN(apart) ? Number.POSITIVE_INFINITY : Math.max(most, apart);
  }
  return most;
}
