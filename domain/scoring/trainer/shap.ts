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
 * feature that is not known yet splits the row between both children by their covers (path-dependent TreeSHAP: Lundberg et al. 2018,
 * Consistent Individualized Feature Attribution for Tree Ensembles, algorithm 2). Time: trees × leaves × depth².
 * @param row the features in the model's order, NaN where missing
 * @throws DATASET_UNUSABLE when the row has another number of features than the model
 */
export function treeShap(model: TreeModel, row: Float32Array): Explanation {
  if (row.length !== model.features) {
    throw new AppError(
      'DATASET_UNUSABLE',
      `The model reads ${model.features} features, and the row has ${row.length}.`,
    );
  }
  const contributions = new Float64Array(model.features);
  const depth = model.trees.reduce((most, tree) => Math.max(most, depthOf(tree)), 0);
  const path = createPath(depth);
  let base = model.base;
  for (const tree of model.trees) {
    base += meanOf(tree);
    walk(tree, row, 0, path, 0, 0, 1, 1, -1, contributions);
  }
  return { base, contributions };
}

/**
 * The features on the way to a node, each once. `zero`: the share of rows that go this way when the feature is not known; `one`: 1 when
 * the row itself goes this way. `weight[i]`: the sum over all choices of i known features, weighted as Shapley's formula weighs them.
 * Every depth has a copy of its own behind its parent's, so that siblings do not disturb each other.
 */
interface Path {
  readonly feature: Int32Array;
  readonly zero: Float64Array;
  readonly one: Float64Array;
  readonly weight: Float64Array;
  /** 1 / i: a multiplication takes less time than a division. */
  readonly inverse: Float64Array;
}

function createPath(depth: number): Path {
  const room = ((depth + 2) * (depth + 3)) / 2;
  return {
    feature: new Int32Array(room),
    zero: new Float64Array(room),
    one: new Float64Array(room),
    weight: new Float64Array(room),
    inverse: Float64Array.from({ length: depth + 2 }, (_, i) => 1 / i),
  };
}

/** Walks down from a node. `at` is where the node's copy of the path begins, `last` the index of the element that is added to it. */
function walk(
  tree: Tree,
  row: Float32Array,
  node: number,
  path: Path,
  at: number,
  last: number,
  zero: number,
  one: number,
  feature: number,
  contributions: Float64Array,
): void {
  extend(path, at, last, zero, one, feature);
  const asked = tree.feature[node]!;
  if (asked < 0) {
    addLeaf(path, at, last, tree.value[node]!, contributions);
    return;
  }
  const value = row[asked]!;
  const goesLeft = value <= tree.threshold[node]! || (Number.isNaN(value) && tree.missingLeft[node] === 1);
  const taken = goesLeft ? tree.left[node]! : tree.right[node]!;
  const other = goesLeft ? tree.right[node]! : tree.left[node]!;
  let zeroBefore = 1;
  let oneBefore = 1;
  // A feature asked again is taken out of the path and comes back with both answers in one.
  const before = indexOf(path, at, last, asked);
  if (before > 0) {
    zeroBefore = path.zero[at + before]!;
    oneBefore = path.one[at + before]!;
    remove(path, at, last, before);
    last--;
  }
  const below = at + last + 1;
  copy(path, at, below, last);
  walk(tree, row, taken, path, below, last + 1, zeroBefore * share(tree, node, taken), oneBefore, asked, contributions);
  const zeroOther = zeroBefore * share(tree, node, other);
  // Where no training row went and this row does not go, nothing is to be shared out.
  if (zeroOther === 0) return;
  copy(path, at, below, last);
  walk(tree, row, other, path, below, last + 1, zeroOther, 0, asked, contributions);
}

/** The share of a node's training rows that went on to one of its children. */
function share({ cover }: Tree, node: number, child: number): number {
  return cover[node]! > 0 ? cover[child]! / cover[node]! : 0;
}

function copy({ feature, zero, one, weight }: Path, from: number, to: number, last: number): void {
  for (let i = 0; i <= last; i++) {
    feature[to + i] = feature[from + i]!;
    zero[to + i] = zero[from + i]!;
    one[to + i] = one[from + i]!;
    weight[to + i] = weight[from + i]!;
  }
}

function indexOf({ feature }: Path, at: number, last: number, asked: number): number {
  for (let i = 1; i <= last; i++) if (feature[at + i] === asked) return i;
  return 0;
}

/** Adds an element: every choice of known features either leaves the new one out or takes it in. */
function extend(path: Path, at: number, last: number, zero: number, one: number, feature: number): void {
  const { weight, inverse } = path;
  path.feature[at + last] = feature;
  path.zero[at + last] = zero;
  path.one[at + last] = one;
  weight[at + last] = last === 0 ? 1 : 0;
  for (let i = last - 1; i >= 0; i--) {
    const each = weight[at + i]! * inverse[last + 1]!;
    weight[at + i + 1]! += one * each * (i + 1);
    weight[at + i] = zero * each * (last - i);
  }
}

/** Undoes `extend` for one element, wherever it stands. */
function remove(path: Path, at: number, last: number, index: number): void {
  const { feature, zero, one, weight, inverse } = path;
  const zeroOut = zero[at + index]!;
  const agrees = one[at + index] === 1;
  let next = weight[at + last]!;
  for (let i = last - 1; i >= 0; i--) {
    const old = weight[at + i]!;
    if (!agrees) weight[at + i] = (old * (last + 1) * inverse[last - i]!) / zeroOut;
    else {
      weight[at + i] = next * (last + 1) * inverse[i + 1]!;
      next = old - weight[at + i]! * zeroOut * (last - i) * inverse[last + 1]!;
    }
  }
  for (let i = index; i < last; i++) {
    feature[at + i] = feature[at + i + 1]!;
    zero[at + i] = zero[at + i + 1]!;
    one[at + i] = one[at + i + 1]!;
  }
}

/**
 * Shares a leaf's value out among the features on its path. What remains of the weights when a feature is taken out that the row does
 * not agree with is the same for all of these but for their `zero`, by which it is multiplied again: so one sum serves all of them.
 */
function addLeaf(path: Path, at: number, last: number, value: number, contributions: Float64Array): void {
  const against = -sumAgainst(path, at, last) * value;
  for (let i = 1; i <= last; i++) {
    const feature = path.feature[at + i]!;
    if (path.one[at + i] === 0) contributions[feature]! += against;
    else contributions[feature]! += sumWithout(path, at, last, i) * (1 - path.zero[at + i]!) * value;
  }
}

/** The sum of the weights that `remove` would leave of an element whose `one` is 0, times its `zero`. */
function sumAgainst({ weight, inverse }: Path, at: number, last: number): number {
  let sum = 0;
  for (let i = 0; i < last; i++) sum += weight[at + i]! * inverse[last - i]!;
  return sum * (last + 1);
}

/** The sum of the weights that `remove` would leave of an element whose `one` is 1. */
function sumWithout({ zero, weight, inverse }: Path, at: number, last: number, index: number): number {
  const zeroOut = zero[at + index]!;
  let sum = 0;
  let next = weight[at + last]!;
  for (let i = last - 1; i >= 0; i--) {
    const each = next * inverse[i + 1]!;
    sum += each;
    next = weight[at + i]! - each * zeroOut * (last - i);
  }
  return sum * (last + 1);
}

/** The tree's value averaged over the training rows. Children stand behind their parents, so one pass from the end is enough. */
function meanOf(tree: Tree): number {
  const means = Float64Array.from(tree.value);
  for (let node = means.length - 1; node >= 0; node--) {
    if (tree.feature[node]! < 0) continue;
    const [left, right] = [tree.left[node]!, tree.right[node]!];
    means[node] = share(tree, node, left) * means[left]! + share(tree, node, right) * means[right]!;
  }
  return means[0]!;
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
