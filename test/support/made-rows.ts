import { createRandom } from './random.ts';

/** Rows made up from a seed: columns of float32 numbers, and what a function of each row says, with or without chance. */
export interface MadeRows {
  readonly columns: readonly Float32Array[];
  readonly labels: Float32Array;
}

/** Each value lies evenly between -1 and 1, and is missing with the given chance; `label` sees the row and a number from 0 up to 1. */
export function madeRows(
  rows: number,
  features: number,
  seed: number,
  label: (row: readonly number[], chance: number) => number,
  missing = 0,
): MadeRows {
  const random = createRandom(seed);
  const even = (): number => random.below(2 ** 20) / 2 ** 20;
  const columns = Array.from({ length: features }, () => new Float32Array(rows));
  const labels = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    for (const column of columns) column[row] = random.chance(missing) ? NaN : 2 * even() - 1;
    labels[row] = label(
      columns.map((column) => column[row]!),
      even(),
    );
  }
  return { columns, labels };
}

/** The rows from `from` up to, and without, `to`. */
export function part({ columns, labels }: MadeRows, from: number, to: number): MadeRows {
  return { columns: columns.map((column) => column.slice(from, to)), labels: labels.slice(from, to) };
}

/** The chance that a positive row stands above a negative one, ties counted half: by comparing every pair. */
export function pairwiseAuc(labels: Float32Array, margins: ArrayLike<number>): number {
  let above = 0;
  let pairs = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== 1) continue;
    for (let j = 0; j < labels.length; j++) {
      if (labels[j] !== 0) continue;
      pairs++;
      above += margins[i]! > margins[j]! ? 1 : margins[i] === margins[j] ? 0.5 : 0;
    }
  }
  return above / pairs;
}
