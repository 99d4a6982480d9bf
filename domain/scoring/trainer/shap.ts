import { AppError } from '../../errors.ts';
import type { Tree, TreeModel } from './tree-model.ts';

/** Why a row has its margin: base + the sum of the contributions, one per feature, in the margin's unit. */
export interface Explanation {
  /** What the model says on average, over the rows that it was trained on. */
  readonly base: number;
  readonly contributions: Float64Array;
}

/**
 * Exact Shapley values of one row: what each feature adds to the margin, on average over all orders in which features become known. A
 * feature that is not known yet splits the row between both children by their covers (the path-dependent values of Lundberg et al.
 * 2018, Consistent Individualized Feature Attribution for Tree Ensembles).
 *
 * A leaf with value v whose path asks the features j gives feature i the integral over t from 0 to 1 of
 *     v · (one_i − zero_i) · Π over j ≠ i of (t · one_j + (1 − t) · zero_j)
 * (Owen 1972, Multilinear Extensions of Games), where `zero` is the share of the rows that go on along the path when the feature is not
 * known, and `one` is 1 when the row itself goes on, else 0. In t that is a polynomial, of a degree below the path's length, and Gauss
 * and Legendre's quadrature is exact for it. The leaves of a branch are summed first, so time is trees × leaves × depth (as in Yu et al.
 * 2022, Linear TreeShap).
 * @param row the features in the model's order, NaN where missing
 * @throws DATASET_UNUSABLE when the row has another number of features than the model
 */
export function treeShap(model: TreeModel, row: Float32Array): Explanation {
  if (row.length !== model.features) {
    const detail = `The model reads ${model.features} features, and the row has ${row.length}.`;
    throw new AppError('DATASET_UNUSABLE', detail);
  }
  const contributions = new Float64Array(model.features);
  const depths = model.trees.map(depthOf);
  const deepest = depths.reduce((most, depth) => Math.max(most, depth), 0);
  const room = (deepest + 1) * pointsFor(deepest);
  const [products, sums] = [new Float64Array(room), new Float64Array(room)];
  const one = new Float64Array(model.features).fill(1);
  const zero = new Float64Array(model.features).fill(1);
  let base = model.base;
  model.trees.forEach((tree, index) => {
    const quadrature = quadratureOf(pointsFor(depths[index]!));
    products.fill(1, 0, quadrature.points.length);
    base += walk({ tree, row, contributions, one, zero, quadrature, products, sums }, 0, 0);
  });
  return { base, contributions };
}

interface Walk {
  readonly tree: Tree;
  readonly row: Float32Array;
  readonly contributions: Float64Array;
  /** Of each feature what the questions above the node make of it; both 1 while it has not been asked. */
  readonly one: Float64Array;
  readonly zero: Float64Array;
  readonly quadrature: Quadrature;
  /** For each level of the tree, and each point t: the product over all features of t · one + (1 − t) · zero. */
  readonly products: Float64Array;
  /** The same times the value, summed over the leaves below the node. */
  readonly sums: Float64Array;
}

/** Leaves the sums of the node's leaves at its level, and answers its mean value over the training rows. */
function walk(state: Walk, node: number, level: number): number {
  const { tree, row, products, sums } = state;
  const count = state.quadrature.points.length;
  const at = level * count;
  const feature = tree.feature[node]!;
  if (feature < 0) {
    for (let q = 0; q < count; q++) sums[at + q] = products[at + q]! * tree.value[node]!;
    return tree.value[node]!;
  }
  for (let q = 0; q < count; q++) sums[at + q] = 0;
  const value = row[feature]!;
  const goesLeft = value <= tree.threshold[node]! || (Number.isNaN(value) && tree.missingLeft[node] === 1);
  return (
    branch(state, node, tree.left[node]!, goesLeft, level) + branch(state, node, tree.right[node]!, !goesLeft, level)
  );
}

/**
 * Walks one of a node's branches and gives the node's feature its part. What a branch further up gave the same feature was meant for
 * all its leaves, and is taken back here for those that this question concerns, too. Answers the branch's part in the node's mean.
 */
function branch(state: Walk, node: number, child: number, taken: boolean, level: number): number {
  const { tree, one, zero, quadrature, products, sums } = state;
  const { points, weights } = quadrature;
  const at = level * points.length;
  const below = at + points.length;
  const feature = tree.feature[node]!;
  const [oneBefore, zeroBefore] = [one[feature]!, zero[feature]!];
  const oneNow = taken ? oneBefore : 0;
  const share = tree.cover[node]! > 0 ? tree.cover[child]! / tree.cover[node]! : 0;
  const zeroNow = zeroBefore * share;
  // No training row went there and this one does not: there is nothing to share out.
  if (oneNow === 0 && zeroNow === 0) return 0;

  for (let q = 0; q < points.length; q++) {
    const t = points[q]!;
    const ratio = (t * oneNow + (1 - t) * zeroNow) / (t * oneBefore + (1 - t) * zeroBefore);
    products[below + q] = products[at + q]! * ratio;
  }
  one[feature] = oneNow;
  zero[feature] = zeroNow;
  const mean = walk(state, child, level + 1);
  one[feature] = oneBefore;
  zero[feature] = zeroBefore;

  // (one − zero) over its mixture, as it is now less as it was before, both over one denominator.
  const difference = oneNow * zeroBefore - oneBefore * zeroNow;
  let part = 0;
  for (let q = 0; q < points.length; q++) {
    const t = points[q]!;
    const sum = sums[below + q]!;
    sums[at + q]! += sum;
    part += (weights[q]! * sum) / ((t * oneNow + (1 - t) * zeroNow) * (t * oneBefore + (1 - t) * zeroBefore));
  }
  state.contributions[feature]! += difference * part;
  return share * mean;
}

function depthOf(tree: Tree): number {
  const depths = new Int32Array(tree.feature.length);
  let most = 0;
  for (let node = 0; node < depths.length; node++) {
    if (tree.feature[node]! < 0) continue;
    const below = depths[node]! + 1;
    depths[tree.left[node]!] = below;
    depths[tree.right[node]!] = below;
    most = Math.max(most, below);
  }
  return most;
}

/** How many points the quadrature of a path of this length needs. */
function pointsFor(depth: number): number {
  return Math.max(1, Math.ceil(depth / 2));
}

interface Quadrature {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

/** Made once per number of points. */
const quadratures: Quadrature[] = [];

/**
 * Points and weights between 0 and 1 whose weighted sum is the integral, exactly, of every polynomial of a degree below 2 × `count`:
 * the roots of the Legendre polynomial, found by Newton's method.
 */
function quadratureOf(count: number): Quadrature {
  const made = quadratures[count];
  if (made !== undefined) return made;
  const points = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let slope = 1;
    // Newton's method doubles the right digits with each step; from so near a start six are more than enough.
    for (let step = 0; step < 6; step++) {
      let [before, value] = [1, x];
      for (let k = 2; k <= count; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
      slope = (count * (before - x * value)) / (1 - x * x);
      x -= value / slope;
    }
    points[i] = (1 + x) / 2;
    weights[i] = 1 / ((1 - x * x) * slope * slope);
  }
  return (quadratures[count] = { points, weights });
}
