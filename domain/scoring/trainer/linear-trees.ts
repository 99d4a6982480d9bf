import { binColumns, type Binned } from './bins.ts';
import type { LogisticModel, LogisticTerm } from './logistic.ts';
import { leafStep, toStep } from './objective.ts';
import { type Columns, type Tree, type TreeModel, type TreeNode, treeOf } from './tree-model.ts';

/** As many steps as a tree's column has bins. */
const BINS = 255;

/**
 * Logistic regression in steps, as trees that ask one column each: whatever serves, explains and questions trees does the same for it, to
 * the last bit. A step holds the values of one bin and says what the line says of their mean; a column of up to 254 different values,
 * such as a yes or no, loses nothing by it. Beyond the values that training saw the outermost steps go on: there a line would run away.
 * @param columns those that it was fitted on: steps and covers come from their rows
 */
export function linearTrees(
  { intercept, terms }: LogisticModel,
  columns: Columns,
  labels: Float32Array,
  weights: Float32Array | undefined,
): TreeModel {
  const all = Int32Array.from(labels.keys());
  const rows = weights === undefined ? all : all.filter((row) => weights[row]! > 0);
  const step = leafStep('logistic', labels, rows);
  const binned = binColumns(columns, rows, weights, BINS);
  const trees = terms.flatMap((term, at) => {
    if (term.weight === 0 && term.missing === 0) return [];
    return [stepsTree(at, stepsOf(term, at, columns, binned, rows, weights), binned.thresholds[at]!, step)];
  });
  return { objective: 'logistic', base: toStep(intercept, step), features: columns.length, trees };
}

/** Of each bin, the first for missing values: what the line says of it, and the weight of its rows. */
interface Steps {
  readonly values: Float64Array;
  readonly covers: Float64Array;
}

function stepsOf(
  term: LogisticTerm,
  at: number,
  columns: Columns,
  { codes, thresholds }: Binned,
  rows: Int32Array,
  weights: Float32Array | undefined,
): Steps {
  const count = thresholds[at]!.length + 1;
  const [sums, covers] = [new Float64Array(count), new Float64Array(count)];
  for (const row of rows) {
    const bin = codes[at]![row]!;
    const weight = weights === undefined ? 1 : weights[row]!;
    covers[bin]! += weight;
    if (bin > 0) sums[bin]! += weight * columns[at]![row]!;
  }
  const values = sums.map((sum, bin) => {
    if (bin === 0) return term.missing;
    const mean = covers[bin]! > 0 ? sum / covers[bin]! : term.mean;
    return (term.weight * (mean - term.mean)) / term.scale;
  });
  return { values, covers };
}

/** The root parts values from none; below it halving keeps the tree flat. Children stand behind their parents. */
function stepsTree(feature: number, { values, covers }: Steps, thresholds: Float32Array, step: number): Tree {
  const nodes: (TreeNode & { cover: number })[] = [];
  const leaf = (bin: number): number =>
    nodes.push({
      feature: -1,
      threshold: 0,
      left: -1,
      right: -1,
      value: toStep(values[bin]!, step),
      cover: covers[bin]!,
    }) - 1;
  const ask = (threshold: number, left: () => number, right: () => number): number => {
    const node = { feature, threshold, left: -1, right: -1, value: 0, cover: 0 };
    const at = nodes.push(node) - 1;
    node.left = left();
    node.right = right();
    node.cover = nodes[node.left]!.cover + nodes[node.right]!.cover;
    return at;
  };
  const between = (from: number, to: number): number => {
    if (from === to) return leaf(from);
    const middle = (from + to) >> 1;
    return ask(
      thresholds[middle - 1]!,
      () => between(from, middle),
      () => between(middle + 1, to),
    );
  };
  ask(
    thresholds.at(-1)!,
    () => between(1, thresholds.length),
    () => leaf(0),
  );
  return treeOf(nodes);
}
