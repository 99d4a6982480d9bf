import type { Binned } from './bins.ts';
import { fillHistogram, histogramOffsets, subtractHistogram, type Histogram } from './histogram.ts';
import { createNodes, setLeaf, type Nodes } from './nodes.ts';
import { toStep } from './objective.ts';
import { findSplit, valueOf, type SplitRules } from './split.ts';
import type { Tree } from './tree-model.ts';

export interface GrowRules extends SplitRules {
  readonly leaves: number;
  readonly learningRate: number;
  /** Leaf values are whole multiples of this power of two. */
  readonly step: number;
}

/** A tree without covers yet, and for each of its nodes where its rows lie in the list of rows. */
interface Grown {
  readonly tree: Tree;
  readonly begin: Int32Array;
  readonly end: Int32Array;
}

/** Grows one tree on the first `count` of `rows`, which come out ordered by leaf. `gradients` holds two numbers per row of the data. */
export type Grow = (rows: Int32Array, count: number, features: Int32Array, gradients: Float64Array) => Grown;

/**
 * Makes a function that grows trees leaf by leaf, the leaf with the greatest gain first, so that a fixed number of leaves goes where it
 * helps most. Of two children only the smaller one's rows are summed; the other's sums are the parent's minus these.
 */
export function createGrow(binned: Binned, totalRows: number, rules: GrowRules): Grow {
  const offsets = histogramOffsets(binned);
  const nodes = createNodes(2 * rules.leaves - 1);
  const histograms: Histogram[] = [];
  const spare = new Int32Array(totalRows);
  const pairs = new Float64Array(2 * totalRows);

  return (rows, count, features, gradients) => {
    let used = 0;
    const fresh = (): number => {
      if (used === histograms.length) histograms.push(new Float64Array(offsets.at(-1)!));
      return used++;
    };
    const fill = (node: number): void => {
      const begin = nodes.begin[node]!;
      const end = nodes.end[node]!;
      gatherPairs(gradients, rows, begin, end, pairs);
      nodes.histogram[node] = fresh();
      fillHistogram(histograms[nodes.histogram[node]]!, binned, offsets, features, rows, begin, end, pairs);
    };
    const search = (node: number): void =>
      findSplit(nodes, node, histograms[nodes.histogram[node]!]!, offsets, features, rules);

    setRoot(nodes, rows, count, gradients);
    let size = 1;
    if (rules.leaves > 1 && divisible(nodes, 0, rules)) {
      fill(0);
      search(0);
    }
    while (size + 2 <= 2 * rules.leaves - 1) {
      const parent = mostGain(nodes, size);
      if (parent < 0) break;
      const middle = partition(nodes, parent, rows, binned.codes[nodes.feature[parent]!]!, spare);
      divide(nodes, parent, size, middle, rules);
      const [left, right] = [size, size + 1];
      size += 2;
      if (size === 2 * rules.leaves - 1) break;
      const [small, large] = middle - nodes.begin[left]! <= nodes.end[right]! - middle ? [left, right] : [right, left];
      const [searchSmall, searchLarge] = [divisible(nodes, small, rules), divisible(nodes, large, rules)];
      if (!searchSmall && !searchLarge) continue;
      fill(small);
      if (searchLarge) {
        nodes.histogram[large] = nodes.histogram[parent]!;
        subtractHistogram(histograms[nodes.histogram[large]]!, histograms[nodes.histogram[small]!]!, offsets, features);
        search(large);
      }
      if (searchSmall) search(small);
    }
    return finish(nodes, size, binned, rules);
  };
}

function setRoot(nodes: Nodes, rows: Int32Array, count: number, gradients: Float64Array): void {
  let gradient = 0;
  let hessian = 0;
  for (let i = 0; i < count; i++) {
    const at = 2 * rows[i]!;
    gradient += gradients[at]!;
    hessian += gradients[at + 1]!;
  }
  setLeaf(nodes, 0, 0, count, gradient, hessian, -Infinity, Infinity);
}

/** Whether both sides of a split could weigh enough at all. */
function divisible(nodes: Nodes, node: number, { minLeafWeight }: SplitRules): boolean {
  return nodes.end[node]! - nodes.begin[node]! > 1 && nodes.hessian[node]! >= 2 * minLeafWeight;
}

function gatherPairs(gradients: Float64Array, rows: Int32Array, begin: number, end: number, pairs: Float64Array): void {
  for (let i = begin, pair = 0; i < end; i++, pair += 2) {
    const at = 2 * rows[i]!;
    pairs[pair] = gradients[at]!;
    pairs[pair + 1] = gradients[at + 1]!;
  }
}

/** The leaf whose split gains most; -1 when none gains anything. */
function mostGain(nodes: Nodes, size: number): number {
  let most = 0;
  let found = -1;
  for (let node = 0; node < size; node++) {
    if (nodes.left[node] !== -1 || !(nodes.gain[node]! > most)) continue;
    most = nodes.gain[node]!;
    found = node;
  }
  return found;
}

/** For each bin: 1 when it goes left. */
const goesLeft = new Uint8Array(256);

/**
 * Moves the rows that go left to the front of the node's part, both sides in their old order; answers where the right side begins.
 * Which way a row goes cannot be foreseen, so nothing branches on it: each row is written to both sides, and one of them moves on.
 */
function partition(nodes: Nodes, node: number, rows: Int32Array, codes: Uint8Array, spare: Int32Array): number {
  const end = nodes.end[node]!;
  goesLeft.fill(0).fill(1, 0, nodes.bin[node]! + 1);
  goesLeft[0] = nodes.missingLeft[node]!;
  let left = nodes.begin[node]!;
  for (let i = left; i < end; i++) {
    const row = rows[i]!;
    rows[left] = row;
    spare[i - left] = row;
    left += goesLeft[codes[row]!]!;
  }
  rows.set(spare.subarray(0, end - left), left);
  return left;
}

/**
 * Gives a node its two children, `first` and the one after it. Where the feature is monotone, neither side may ever cross the middle
 * between both values: so the order holds for every leaf below, not only here.
 */
function divide(nodes: Nodes, parent: number, first: number, middle: number, { l2, monotone }: SplitRules): void {
  const low = nodes.low[parent]!;
  const high = nodes.high[parent]!;
  const leftGradient = nodes.leftGradient[parent]!;
  const leftHessian = nodes.leftHessian[parent]!;
  const rightGradient = nodes.gradient[parent]! - leftGradient;
  const rightHessian = nodes.hessian[parent]! - leftHessian;
  const sign = monotone?.[nodes.feature[parent]!] ?? 0;
  let [leftLow, leftHigh, rightLow, rightHigh] = [low, high, low, high];
  if (sign !== 0) {
    const left = valueOf(leftGradient, leftHessian, l2, low, high);
    const border = left + (valueOf(rightGradient, rightHessian, l2, low, high) - left) / 2;
    if (sign > 0) leftHigh = rightLow = border;
    else leftLow = rightHigh = border;
  }
  setLeaf(nodes, first, nodes.begin[parent]!, middle, leftGradient, leftHessian, leftLow, leftHigh);
  setLeaf(nodes, first + 1, middle, nodes.end[parent]!, rightGradient, rightHessian, rightLow, rightHigh);
  nodes.left[parent] = first;
  nodes.right[parent] = first + 1;
}

function finish(nodes: Nodes, size: number, { thresholds }: Binned, { l2, learningRate, step }: GrowRules): Grown {
  const tree: Tree = {
    feature: new Int32Array(size).fill(-1),
    threshold: new Float32Array(size),
    missingLeft: new Uint8Array(size),
    left: nodes.left.slice(0, size),
    right: nodes.right.slice(0, size),
    value: new Float32Array(size),
    cover: new Float64Array(size),
  };
  for (let node = 0; node < size; node++) {
    if (tree.left[node] === -1) {
      const value = valueOf(nodes.gradient[node]!, nodes.hessian[node]!, l2, nodes.low[node]!, nodes.high[node]!);
      tree.value[node] = toStep(learningRate * value, step);
      continue;
    }
    const feature = nodes.feature[node]!;
    tree.feature[node] = feature;
    tree.threshold[node] = thresholds[feature]![nodes.bin[node]! - 1]!;
    tree.missingLeft[node] = nodes.missingLeft[node]!;
  }
  return { tree, begin: nodes.begin, end: nodes.end };
}
