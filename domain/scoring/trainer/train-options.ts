import { AppError } from '../../errors.ts';
import type { Columns, TreeModel } from './tree-model.ts';

export interface TrainOptions {
  readonly objective: TreeModel['objective'];
  /** How many trees; with `stop`, how many at most. */
  readonly trees: number;
  /** How many leaves a tree has at most. */
  readonly leaves: number;
  /** What share of its best step each tree takes. */
  readonly learningRate: number;
  /** Least sum of second derivatives in a leaf: of the weights for `squared`, of weight × p × (1 − p) for `logistic`. Above 0. */
  readonly minLeafWeight: number;
  /** Added to that sum where a leaf's value is computed, which draws the values of light leaves towards 0. */
  readonly l2: number;
  /** Share of the rows, and of the columns, that each tree sees. */
  readonly rowShare: number;
  readonly columnShare: number;
  /** How many bins a column has at most, the one for missing values counted: 3 to 255. */
  readonly bins: number;
  readonly seed: number;
  /** How much each row counts; absent: all the same. A weight of 2 is the row given twice, 0 is the row left out. */
  readonly weights?: Float32Array;
  /** Per feature: with 1 the margin never falls when the feature rises, with -1 it never rises. */
  readonly monotone?: readonly (-1 | 0 | 1)[];
  /** Rows kept apart: training ends when the loss on them has not become smaller for `patience` trees. */
  readonly stop?: StopOptions;
}

export interface StopOptions {
  readonly columns: Columns;
  readonly labels: Float32Array;
  readonly weights?: Float32Array;
  readonly patience: number;
}

/** Settings that do well on tables of some thousand rows; a small learning rate with early stopping and a refit does better still. */
export function defaultOptions(objective: TreeModel['objective']): TrainOptions {
  return {
    objective,
    trees: 300,
    leaves: 31,
    learningRate: 0.05,
    minLeafWeight: objective === 'logistic' ? 5 : 10,
    l2: 1,
    rowShare: 0.8,
    columnShare: 0.8,
    bins: 255,
    seed: 1,
  };
}

/**
 * Says what of the data or the options cannot be trained with, before any work is done.
 * @throws DATASET_UNUSABLE
 */
export function checkTraining(columns: Columns, labels: Float32Array, options: TrainOptions): void {
  checkOptions(options, columns.length);
  checkRows('training', columns, labels, options.weights, options.objective);
  if (options.objective === 'logistic') checkClasses(labels, options.weights);
  const { stop } = options;
  if (stop === undefined) return;
  demand(
    stop.columns.length === columns.length,
    `Training has ${columns.length} columns, early stopping ${stop.columns.length}.`,
  );
  demand(
    Number.isInteger(stop.patience) && stop.patience > 0,
    `Patience must be 1 or more trees, not ${stop.patience}.`,
  );
  checkRows('early stopping', stop.columns, stop.labels, stop.weights, options.objective);
}

function checkOptions(options: TrainOptions, features: number): void {
  const { trees, leaves, bins, seed, learningRate, minLeafWeight, l2, rowShare, columnShare, monotone } = options;
  demand(Number.isInteger(trees) && trees >= 1, `There must be 1 or more trees, not ${trees}.`);
  demand(Number.isInteger(leaves) && leaves >= 1, `A tree must have 1 or more leaves, not ${leaves}.`);
  demand(Number.isInteger(bins) && bins >= 3 && bins <= 255, `There must be 3 to 255 bins, not ${bins}.`);
  demand(seed >>> 0 === seed, `The seed must be a whole number from 0 to 4294967295, not ${seed}.`);
  demand(
    learningRate > 0 && learningRate <= 1,
    `The learning rate must be above 0 and at most 1, not ${learningRate}.`,
  );
  demand(minLeafWeight > 0 && minLeafWeight < Infinity, `The least leaf weight must be above 0, not ${minLeafWeight}.`);
  demand(l2 >= 0 && l2 < Infinity, `L2 must be 0 or more, not ${l2}.`);
  demand(rowShare > 0 && rowShare <= 1, `The share of rows must be above 0 and at most 1, not ${rowShare}.`);
  demand(
    columnShare > 0 && columnShare <= 1,
    `The share of columns must be above 0 and at most 1, not ${columnShare}.`,
  );
  if (monotone === undefined) return;
  demand(monotone.length === features, `There are ${features} columns, and constraints for ${monotone.length}.`);
}

function checkRows(
  part: string,
  columns: Columns,
  labels: Float32Array,
  weights: Float32Array | undefined,
  objective: TreeModel['objective'],
): void {
  const rows = labels.length;
  demand(rows > 0, `There are no rows for ${part}.`);
  demand(columns.length > 0, `There are no columns for ${part}.`);
  columns.forEach((column, index) => {
    demand(
      column.length === rows,
      `There are ${rows} labels for ${part}, and ${column.length} rows in column ${index}.`,
    );
    const row = column.findIndex((value) => value === Infinity || value === -Infinity);
    demand(row < 0, `Column ${index} is infinite in row ${row} of ${part}; a value that is not known is NaN.`);
  });
  const label = labels.findIndex((value) =>
    objective === 'logistic' ? value !== 0 && value !== 1 : !Number.isFinite(value),
  );
  const wanted = objective === 'logistic' ? '0 or 1' : 'a finite number';
  demand(label < 0, `The label in row ${label} of ${part} must be ${wanted}, not ${labels[label]}.`);
  if (weights === undefined) return;
  demand(weights.length === rows, `There are ${rows} labels for ${part}, and ${weights.length} weights.`);
  const weight = weights.findIndex((value) => !(value >= 0 && value < Infinity));
  demand(weight < 0, `The weight in row ${weight} of ${part} must be finite and not negative, not ${weights[weight]}.`);
  demand(
    weights.some((value) => value > 0),
    `No row of ${part} has a weight above 0.`,
  );
}

function checkClasses(labels: Float32Array, weights: Float32Array | undefined): void {
  for (const wanted of [0, 1]) {
    const some = labels.some((label, row) => label === wanted && (weights === undefined || weights[row]! > 0));
    demand(some, `There is no row with label ${wanted}: what tells both apart cannot be learned from one of them.`);
  }
}

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new AppError('DATASET_UNUSABLE', otherwise);
}
