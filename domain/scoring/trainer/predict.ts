import { AppError } from '../../errors.ts';
import type { Columns, Tree, TreeModel } from './tree-model.ts';

/**
 * The margin of each row: log-odds for `logistic`, else the target. Summed in float64; since base and leaves are whole multiples of one
 * power of two, a float32 sum in any order gives the same number.
 * @throws DATASET_UNUSABLE when the columns are not as many as the model's features, or not all of one length
 */
export function predictMargins(model: TreeModel, columns: Columns): Float64Array {
  if (columns.length !== model.features) {
    throw new AppError('DATASET_UNUSABLE', `The model reads ${model.features} columns, and ${columns.length} came.`);
  }
  const rows = columns[0]?.length ?? 0;
  const odd = columns.findIndex((column) => column.length !== rows);
  if (odd > 0) {
    throw new AppError('DATASET_UNUSABLE', `Column 0 has ${rows} rows, and column ${odd} has ${columns[odd]!.length}.`);
  }
  const margins = new Float64Array(rows).fill(model.base);
  for (const tree of model.trees) addTree(tree, columns, margins);
  return margins;
}

/** Adds to each row's margin what one tree says of it. */
export function addTree(tree: Tree, columns: Columns, margins: Float64Array): void {
  for (let row = 0; row < margins.length; row++) margins[row]! += tree.value[leafOf(tree, columns, row)]!;
}

/** The leaf that a row ends in. */
export function leafOf(tree: Tree, columns: Columns, row: number): number {
  const { feature, threshold, missingLeft, left, right } = tree;
  let node = 0;
  for (let asked = feature[0]!; asked >= 0; asked = feature[node]!) {
    const value = columns[asked]![row]!;
    const goesLeft = value <= threshold[node]! || (Number.isNaN(value) && missingLeft[node] === 1);
    node = goesLeft ? left[node]! : right[node]!;
  }
  return node;
}
