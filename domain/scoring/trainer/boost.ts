import { AppError } from '../../errors.ts';
import { binColumns, type Binned } from './bins.ts';
import { drawToFront } from './draw.ts';
import { createGrow, type Grow } from './grow.ts';
import { bestConstant, fillGradients, leafStep, meanLoss } from './objective.ts';
import { addTree, leafOf } from './predict.ts';
import { createRandom } from './random.ts';
import { checkTraining, type StopOptions, type TrainOptions } from './train-options.ts';
import { treesFromJson, treeToJson, type JsonTree } from './tree-json.ts';
import type { Columns, Tree, TreeModel } from './tree-model.ts';

/** All that a training needs to go on after its last tree, given the same data and options. Plain JSON. */
export interface TrainState {
  /** Tells one training's data and options from another's. */
  readonly training: string;
  readonly trees: readonly JsonTree[];
  /** With early stopping: how many trees did best so far, and their loss. */
  readonly best: Best | null;
}

interface Best {
  readonly trees: number;
  readonly loss: number;
}

/**
 * Trains gradient-boosted trees. The same data, options and seed give the same bytes, in one go or continued from any state.
 * With `stop`, the answer holds the trees up to the least loss (one at least): their number is what to refit all rows with.
 * @param columns  one per feature, NaN where missing
 * @param labels   0 or 1 for `logistic`, the target for `squared`
 * @param progress is called after each tree
 * @param from     what `progress` was called with last; training goes on after it
 * @throws DATASET_UNUSABLE when the data or the options cannot be trained with, or `from` comes of another training
 */
export function trainTrees(
  columns: Columns,
  labels: Float32Array,
  options: TrainOptions,
  progress?: (done: TrainState) => void,
  from?: TrainState,
): TreeModel {
  checkTraining(columns, labels, options);
  const { objective, weights, stop } = options;
  const rows = weighingRows(labels.length, weights);
  const step = leafStep(objective, labels, rows);
  const base = bestConstant(objective, labels, weights, rows, step);
  const binned = binColumns(columns, rows, weights, options.bins);
  const training = fingerprint(binned, labels, options);
  if (from !== undefined && from.training !== training) {
    throw new AppError(
      'DATASET_UNUSABLE',
      'The state to go on from comes of a training with other data or other options.',
    );
  }

  const trees = from === undefined ? [] : treesFromJson(from.trees, columns.length);
  const margins = new Float64Array(labels.length).fill(base);
  for (const tree of trees) addTree(tree, columns, margins);
  const gradients = new Float64Array(2 * labels.length);
  const monotone = options.monotone?.some((sign) => sign !== 0) ? options.monotone : null;
  const grow = createGrow(binned, labels.length, { ...options, monotone, step });
  const addNext = createRound(columns, rows, options, grow);
  const lossOf = stop === undefined ? null : createWatch(objective, stop, base, trees);
  const plain = progress === undefined ? [] : trees.map(treeToJson);
  let best = from?.best ?? null;

  while (!finished(trees, best, options)) {
    fillGradients(objective, margins, labels, weights, rows, gradients);
    const tree = addNext(trees.length, gradients, margins);
    trees.push(tree);
    if (lossOf !== null) {
      const loss = lossOf(tree);
      if (best === null || loss < best.loss) best = { trees: trees.length, loss };
    }
    if (progress === undefined) continue;
    plain.push(treeToJson(tree));
    progress({ training, trees: [...plain], best });
  }
  return { objective, base, features: columns.length, trees: best === null ? trees : trees.slice(0, best.trees) };
}

function finished(
  trees: readonly Tree[],
  best: Best | null,
  { trees: most, stop, rowShare, columnShare }: TrainOptions,
): boolean {
  if (trees.length >= most) return true;
  if (stop !== undefined && best !== null && trees.length - best.trees >= stop.patience) return true;
  // Where nothing could be split and the next tree sees the same rows and columns, nothing will be.
  return rowShare === 1 && columnShare === 1 && trees.at(-1)?.feature.length === 1;
}

function weighingRows(total: number, weights: Float32Array | undefined): Int32Array {
  const rows = Int32Array.from({ length: total }, (_, row) => row);
  return weights === undefined ? rows : rows.filter((row) => weights[row]! > 0);
}

/** A function that draws rows and columns, grows a tree on them, and adds it to every row's margin. */
function createRound(
  columns: Columns,
  rows: Int32Array,
  { weights, rowShare, columnShare, seed }: TrainOptions,
  grow: Grow,
): (round: number, gradients: Float64Array, margins: Float64Array) => Tree {
  const rowCount = Math.max(1, Math.round(rowShare * rows.length));
  const columnCount = Math.max(1, Math.round(columnShare * columns.length));
  const order = new Int32Array(rows.length);
  const features = new Int32Array(columns.length);
  const spare = new Int32Array(Math.max(rows.length, columns.length));

  return (round, gradients, margins) => {
    // Each round draws from numbers of its own, so that a training can go on anywhere.
    const random = createRandom(seed + round * 2 ** 32);
    features.forEach((_, index) => (features[index] = index));
    if (columnShare < 1) drawToFront(features, columnCount, random, spare);
    order.set(rows);
    if (rowShare < 1) drawToFront(order, rowCount, random, spare);
    const { tree, begin, end } = grow(order, rowCount, features.subarray(0, columnCount), gradients);
    const settle = (row: number, leaf: number): void => {
      margins[row]! += tree.value[leaf]!;
      tree.cover[leaf]! += weights === undefined ? 1 : weights[row]!;
    };
    for (let leaf = 0; leaf < tree.feature.length; leaf++) {
      if (tree.feature[leaf]! >= 0) continue;
      for (let i = begin[leaf]!; i < end[leaf]!; i++) settle(order[i]!, leaf);
    }
    for (let i = rowCount; i < order.length; i++) settle(order[i]!, leafOf(tree, columns, order[i]!));
    coverParents(tree);
    return tree;
  };
}

/** A parent is covered by what covers its children, which stand behind it. */
function coverParents({ feature, left, right, cover }: Tree): void {
  for (let node = feature.length - 1; node >= 0; node--) {
    if (feature[node]! >= 0) cover[node] = cover[left[node]!]! + cover[right[node]!]!;
  }
}

/** A function that adds a tree to the margins of the rows kept apart, and answers their loss. */
function createWatch(
  objective: TreeModel['objective'],
  { columns, labels, weights }: StopOptions,
  base: number,
  trees: readonly Tree[],
): (tree: Tree) => number {
  const margins = new Float64Array(labels.length).fill(base);
  for (const tree of trees) addTree(tree, columns, margins);
  return (tree) => {
    addTree(tree, columns, margins);
    return meanLoss(objective, margins, labels, weights);
  };
}

/** FNV-1a over the binned data and the options: enough to notice that a state belongs to something else. */
function fingerprint(
  { codes, thresholds }: Binned,
  labels: Float32Array,
  { weights, stop, ...plain }: TrainOptions,
): string {
  let hash = 0x811c9dc5;
  const add = (data: ArrayBufferView | undefined): void => {
    if (data === undefined) return;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  };
  for (const data of [...codes, ...thresholds, labels, weights, stop?.labels, stop?.weights]) add(data);
  const settings = Object.entries({ ...plain, patience: stop?.patience }).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const letter of JSON.stringify(settings)) hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
