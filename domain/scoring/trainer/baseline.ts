import { groupNumbers, type Groups } from './groups.ts';
import { linearTrees } from './linear-trees.ts';
import { fitLogistic, type LogisticModel } from './logistic.ts';
import type { Learnable } from './parts.ts';
import type { TreeModel } from './tree-model.ts';

/** Penalty of the logistic regression that stands beside the trees. */
const RIDGE = 1;

/**
 * The logistic regression of the same columns, true to the promised directions: a column whose weight would point the other way is left
 * out, and the others are fitted anew.
 */
function fitBaseline({ columns, target, weights, monotone }: Learnable): LogisticModel {
  const options = { l2: RIDGE, ...(weights && { weights }) };
  let used = columns;
  for (;;) {
    const fitted = fitLogistic(used, target, options);
    const against = fitted.terms.map(({ weight }, at) => weight * monotone[at]! < 0);
    if (!against.includes(true)) return fitted;
    // A column that never varies weighs nothing.
    used = used.map((column, at) => (against[at] ? new Float32Array(column.length) : column));
  }
}

/** The same in the trees' own form, as it is served. */
export function baselineTrees(learnt: Learnable): TreeModel {
  return linearTrees(fitBaseline(learnt), learnt.columns, learnt.target, learnt.weights);
}

/** What two models said of the same rows, none of which they had seen: probabilities. */
interface Rivals {
  readonly trees: ArrayLike<number>;
  readonly baseline: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
  readonly weights: ArrayLike<number> | undefined;
  readonly groups: Groups | undefined;
  /** The trees asked nothing: all that they know is the base rate. */
  readonly blind: boolean;
}

/**
 * Is the logistic regression to speak instead of the trees? Where its log loss on rows unseen is lower by more than the standard error of
 * the difference, taken over groups of rows; of trees that found no split, where it is lower at all.
 */
export function baselineWins({ trees, baseline, labels, weights, groups, blind }: Rivals): boolean {
  const { numbers, count } = groupNumbers(groups, labels.length);
  const [gains, sizes] = [new Float64Array(count), new Float64Array(count)];
  let [gain, all] = [0, 0];
  for (let row = 0; row < labels.length; row += 1) {
    const weight = weights?.[row] ?? 1;
    const of = weight * (lossOf(trees[row]!, labels[row]!) - lossOf(baseline[row]!, labels[row]!));
    gains[numbers[row]!]! += of;
    sizes[numbers[row]!]! += weight;
    gain += of;
    all += weight;
  }
  const mean = gain / all;
  const squares = gains.reduce((sum, of, group) => sum + (of - mean * sizes[group]!) ** 2, 0);
  const error = Math.sqrt((squares * count) / Math.max(1, count - 1)) / all;
  return mean > (blind ? 0 : error);
}

/** A probability of 0 or 1 that is wrong must not outweigh all other rows together. */
function lossOf(probability: number, label: number): number {
  const sure = Math.min(Math.max(label === 1 ? probability : 1 - probability, 1e-6), 1);
  return -Math.log(sure);
}
