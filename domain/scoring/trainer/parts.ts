import type { DatasetSchema } from '../data/dataset-schema.ts';
import { pickRows, type Table } from '../data/table.ts';
import { fitEncoder } from './encode.ts';
import { encode, type Encoder } from './encoder.ts';
import { groupedFolds } from './folds.ts';
import type { Task } from './task.ts';
import type { TrainOptions } from './train-options.ts';
import type { Columns } from './tree-model.ts';

/** Folds of rows, of those that judge a model as of those from which a row's encoded labels come. */
export const foldCount = 5;

/** What a model learns from: columns made of some rows of a table, and what they are to teach. */
export interface Learnable {
  readonly encoder: Encoder;
  readonly unused: readonly string[];
  readonly columns: Columns;
  readonly target: Float32Array;
  readonly weights: Float32Array | undefined;
  readonly monotone: readonly (-1 | 0 | 1)[];
}

/** Rows to learn from, and those that are kept apart and judged. */
export interface Part extends Learnable {
  readonly heldRows: readonly number[];
  readonly held: Columns;
  readonly heldTarget: Float32Array;
  readonly heldWeights: Float32Array | undefined;
}

/** @param heldRows those that are kept apart; the others that are not learnt from stand nowhere */
export function partOf(
  table: Table,
  schema: DatasetSchema,
  task: Task,
  { learnt, heldRows, seed }: { learnt: readonly number[]; heldRows: readonly number[]; seed: number },
): Part {
  const part = learnable(table, schema, task, learnt, seed);
  return {
    ...part,
    heldRows,
    held: encode(part.encoder, pickRows(table, heldRows)),
    heldTarget: picked(task.target, heldRows),
    heldWeights: task.weights && picked(task.weights, heldRows),
  };
}

export function learnable(
  table: Table,
  schema: DatasetSchema,
  task: Task,
  rows: readonly number[],
  seed: number,
): Learnable {
  const target = picked(task.target, rows);
  const weights = task.weights && picked(task.weights, rows);
  const groups = task.groups && rows.map((row) => task.groups![row]!);
  // Other folds than those of the judgement: a row's encoded labels come from rows it will learn beside.
  const folds = groupedFolds(target, { folds: foldCount, seed: (seed ^ 0x5bd1e995) >>> 0, groups });
  const fitted = fitEncoder(pickRows(table, rows), schema, target, { folds, ...(weights && { weights }) });
  const signs = new Map(schema.features.map(({ name, monotone }) => [name, monotone ?? 0] as const));
  const monotone = fitted.encoder.columns.map(({ kind, feature }) =>
    kind === 'number' ? (signs.get(feature) ?? 0) : 0,
  );
  return { ...fitted, target, weights, monotone };
}

export function optionsOf({ weights, monotone }: Learnable, learner: TrainOptions): TrainOptions {
  return { ...learner, monotone, ...(weights && { weights }) };
}

export function picked(values: Float32Array, rows: readonly number[]): Float32Array {
  return Float32Array.from(rows, (row) => values[row]!);
}

/** Numbers of the held rows of all folds, put where the rows stand in the table. */
export function spread(
  parts: readonly Part[],
  rows: number,
  of: (part: Part, fold: number) => ArrayLike<number>,
): Float64Array {
  const all = new Float64Array(rows).fill(Number.NaN);
  parts.forEach((part, fold) => {
    const values = of(part, fold);
    part.heldRows.forEach((row, i) => (all[row] = values[i]!));
  });
  return all;
}
