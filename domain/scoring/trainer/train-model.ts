import type { DatasetSchema } from '../dataset-schema.ts';
import { pickRows, type Table } from '../table.ts';
import { trainTrees } from './boost.ts';
import { calibrated, fitCalibrator } from './calibrate.ts';
import type { Calibrator } from './calibrator.ts';
import { fitRanges, type Ranges } from './conformal.ts';
import { fitEncoder } from './encode.ts';
import { encode, type Encoder } from './encoder.ts';
import { groupedFolds } from './folds.ts';
import { fitLogistic, logisticMargins, type LogisticModel } from './logistic.ts';
import { predictMargins } from './predict.ts';
import { rangeOf, type Task, taskOf, valueOf } from './task.ts';
import { defaultOptions, type TrainOptions } from './train-options.ts';
import type { Columns, TreeModel } from './tree-model.ts';

/** A trained model, and what it said of each row while it had not seen that row. */
export interface TrainedModel {
  readonly schema: DatasetSchema;
  readonly encoder: Encoder;
  /** Features that never vary in the rows, so that nothing could be made of them. */
  readonly unused: readonly string[];
  readonly options: TrainOptions;
  readonly trees: TreeModel;
  /** Of a `classify` model. */
  readonly calibrator: Calibrator | null;
  /** The baseline of a `classify` model, on the same columns, and what speaks where trees cannot. */
  readonly logistic: LogisticModel | null;
  /** Of a `value` model. */
  readonly ranges: Ranges | null;
  readonly transform: Task['transform'];
  readonly held: HeldOut;
}

/** By row of the training table: what a model trained on the other folds said. */
export interface HeldOut {
  readonly folds: Uint8Array;
  /** 0 or 1, or the value. */
  readonly labels: Float64Array;
  readonly weights: Float32Array | undefined;
  readonly groups: readonly (string | null)[] | undefined;
  /** Probability, or value. */
  readonly said: Float64Array;
  /** Ends of the 90 % range of a value; NaN where nothing is known of it. */
  readonly low: Float64Array | null;
  readonly high: Float64Array | null;
  /** What the baseline said: logistic regression, or for values their median. */
  readonly baseline: Float64Array;
}

export interface TrainProgress {
  readonly step: number;
  readonly of: number;
  readonly what: string;
}

export interface TrainModelOptions {
  readonly seed: number;
  readonly progress?: (progress: TrainProgress) => void;
  /** Settings of the trees, where they are not to be the usual ones. */
  readonly learner?: Partial<TrainOptions>;
}

export const foldCount = 5;
/** More are never needed at these learning rates: early stopping comes first. */
const MOST_TREES = 3_000;
/** Yes and no of fewer rows tell small trees apart from one another, not large ones. */
const LARGE_TREES_FROM = 15_000;
const PATIENCE = 60;
/** Penalty of the baseline. */
const RIDGE = 1;

/**
 * Trains a model of a table by its schema. Five folds of rows: in each, trees learn from the other four and stop where the fifth says so.
 * How many trees a fold's own rows are judged with is the mean of the *other* folds' counts, so that no row decides on the model that is
 * judged by it; the final model learns from all rows, with the mean of all counts. Calibration and ranges come from what was said of rows
 * unseen. Same table, schema and seed: the same model, byte for byte.
 * @throws AppError DATASET_UNUSABLE when the rows do not teach anything, such as one class only
 */
export function trainModel(table: Table, schema: DatasetSchema, options: TrainModelOptions): TrainedModel {
  const task = taskOf(table, schema, foldCount);
  const learner = { ...learnerFor(task, table.rows), ...options.learner, seed: options.seed };
  const steps = 2 * foldCount + 1;
  let step = 0;
  const say = (what: string): void => options.progress?.({ step: (step += 1), of: steps, what });

  const folds = groupedFolds(task.target, { folds: foldCount, seed: options.seed, groups: task.groups });
  const parts = Array.from({ length: foldCount }, (_, fold) => partOf(table, schema, task, folds, fold, options.seed));
  const stopped = parts.map((part, fold) => {
    say(`fold ${fold + 1} of ${foldCount}: how many trees`);
    return stoppedTrees(part, learner);
  });
  const counts = stopped.map(({ trees }) => trees.length);
  const models = parts.map((part, fold) => {
    say(`fold ${fold + 1} of ${foldCount}: rows unseen`);
    const trees = meanCount(counts.filter((_, other) => other !== fold));
    const enough = stopped[fold]!;
    if (enough.trees.length >= trees) return { ...enough, trees: enough.trees.slice(0, trees) };
    return trainTrees(part.columns, part.target, optionsOf(part, { ...learner, trees }));
  });
  const margins = spread(parts, table.rows, (part, fold) => predictMargins(models[fold]!, part.held));

  say('all rows');
  const rows = Array.from({ length: table.rows }, (_, row) => row);
  const all = learnable(table, schema, task, rows, options.seed);
  const final = optionsOf(all, { ...learner, trees: meanCount(counts) });
  const calibrator = task.objective === 'logistic' ? fitCalibrator(margins, task.target, task.weights) : null;
  return {
    schema,
    encoder: all.encoder,
    unused: all.unused,
    options: { ...learner, trees: final.trees },
    trees: trainTrees(all.columns, all.target, final),
    calibrator,
    logistic: calibrator && baseline(all),
    ranges: calibrator ? null : fitRanges(task.target, margins),
    transform: task.transform,
    held: heldOut(task, folds, margins, parts),
  };
}

/** Half of the columns for each tree: trees differ more, and come sooner. Found on the folds of public sets (docs/scoring.md). */
function learnerFor({ objective }: Task, rows: number): TrainOptions {
  const small = objective === 'logistic' && rows < LARGE_TREES_FROM;
  return {
    ...defaultOptions(objective),
    trees: MOST_TREES,
    leaves: small ? 8 : 31,
    learningRate: 0.04,
    columnShare: 0.5,
  };
}

interface Learnable {
  readonly encoder: Encoder;
  readonly unused: readonly string[];
  readonly columns: Columns;
  readonly target: Float32Array;
  readonly weights: Float32Array | undefined;
  readonly monotone: readonly (-1 | 0 | 1)[];
}

/** Rows to learn from, and those of a fold that are kept apart. */
interface Part extends Learnable {
  readonly heldRows: readonly number[];
  readonly held: Columns;
  readonly heldTarget: Float32Array;
  readonly heldWeights: Float32Array | undefined;
}

function partOf(table: Table, schema: DatasetSchema, task: Task, folds: Uint8Array, fold: number, seed: number): Part {
  const [learnt, heldRows]: [number[], number[]] = [[], []];
  folds.forEach((of, row) => (of === fold ? heldRows : learnt).push(row));
  const part = learnable(table, schema, task, learnt, seed);
  return {
    ...part,
    heldRows,
    held: encode(part.encoder, pickRows(table, heldRows)),
    heldTarget: picked(task.target, heldRows),
    heldWeights: task.weights && picked(task.weights, heldRows),
  };
}

function learnable(table: Table, schema: DatasetSchema, task: Task, rows: readonly number[], seed: number): Learnable {
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

function optionsOf({ weights, monotone }: Learnable, learner: TrainOptions): TrainOptions {
  return { ...learner, monotone, ...(weights && { weights }) };
}

function stoppedTrees(part: Part, learner: TrainOptions): TreeModel {
  const { held: columns, heldTarget: labels, heldWeights: weights } = part;
  const stop = { columns, labels, patience: PATIENCE, ...(weights && { weights }) };
  return trainTrees(part.columns, part.target, { ...optionsOf(part, learner), stop });
}

function meanCount(counts: readonly number[]): number {
  return Math.max(1, Math.round(counts.reduce((sum, count) => sum + count, 0) / counts.length));
}

function picked(values: Float32Array, rows: readonly number[]): Float32Array {
  return Float32Array.from(rows, (row) => values[row]!);
}

/** Numbers of the held rows of all folds, put where the rows stand in the table. */
function spread(
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

function baseline({ columns, target, weights }: Learnable): LogisticModel {
  return fitLogistic(columns, target, { l2: RIDGE, ...(weights && { weights }) });
}

function heldOut(task: Task, folds: Uint8Array, margins: Float64Array, parts: readonly Part[]): HeldOut {
  const about = { folds, labels: task.labels, weights: task.weights, groups: task.groups };
  const rows = margins.length;
  const others = (part: Part): number[] =>
    margins.reduce<number[]>((found, _, row) => {
      if (folds[row] !== folds[part.heldRows[0]!]) found.push(row);
      return found;
    }, []);
  if (task.objective === 'logistic') {
    const said = spread(parts, rows, (part) => {
      const known = others(part);
      const weights = task.weights && picked(task.weights, known);
      const fitted = fitCalibrator(
        known.map((row) => margins[row]!),
        picked(task.target, known),
        weights,
      );
      return part.heldRows.map((row) => calibrated(fitted, margins[row]!));
    });
    const plain = spread(parts, rows, (part) =>
      logisticMargins(baseline(part), part.held).map((margin) => 1 / (1 + Math.exp(-margin))),
    );
    return { ...about, said, low: null, high: null, baseline: plain };
  }
  const ranges = parts.map((part) => {
    const known = others(part);
    return fitRanges(
      picked(task.target, known),
      known.map((row) => margins[row]!),
    );
  });
  const end = (which: 'low' | 'high'): Float64Array =>
    spread(parts, rows, (part, fold) =>
      part.heldRows.map((row) => rangeOf(ranges[fold]!, margins[row]!, task.transform)?.[which] ?? Number.NaN),
    );
  const median = spread(parts, rows, (part) => {
    const middle = part.target.slice().sort()[part.target.length >> 1]!;
    return part.heldRows.map(() => valueOf(middle, task.transform));
  });
  const said = margins.map((margin) => valueOf(margin, task.transform));
  return { ...about, said, low: end('low'), high: end('high'), baseline: median };
}
