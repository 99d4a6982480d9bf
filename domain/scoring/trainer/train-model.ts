import type { DatasetSchema } from '../data/dataset-schema.ts';
import type { Table } from '../data/table.ts';
import { baselineTrees, baselineWins } from './baseline.ts';
import { type TrainState, trainTrees } from './boost.ts';
import { fitCalibrator } from './calibrate.ts';
import type { Calibrator } from './calibrator.ts';
import { fitRanges, type Ranges, withLater } from './conformal.ts';
import type { Encoder } from './encoder.ts';
import { groupedFolds } from './folds.ts';
import { heldChances, type HeldOut, heldValues, type Judged } from './held-out.ts';
import { type Later, laterRows } from './later.ts';
import { foldCount, type Learnable, learnable, optionsOf, type Part, partOf, spread } from './parts.ts';
import { predictMargins } from './predict.ts';
import { type Task, taskOf } from './task.ts';
import { defaultOptions, type TrainOptions } from './train-options.ts';
import type { TreeModel } from './tree-model.ts';

/** A trained model, and what it said of each row while it had not seen that row. */
export interface TrainedModel {
  readonly schema: DatasetSchema;
  readonly encoder: Encoder;
  /** Features that never vary in the rows, so that nothing could be made of them. */
  readonly unused: readonly string[];
  readonly options: TrainOptions;
  /** Who speaks: boosted trees, or the logistic regression that was better than they are. */
  readonly learner: 'trees' | 'logistic';
  /** What is served; a logistic regression stands in it as trees that ask one column each. */
  readonly trees: TreeModel;
  /** Of a `classify` model. */
  readonly calibrator: Calibrator | null;
  /** Of a `value` model. */
  readonly ranges: Ranges | null;
  readonly transform: Task['transform'];
  readonly held: HeldOut;
}

export interface TrainProgress {
  readonly step: number;
  readonly of: number;
  readonly what: string;
  /** How many trees this step has by now. */
  readonly trees: number;
}

/**
 * Where a training keeps each tree as it comes, by the number of its step, so that the same training, broken off, goes on after the last
 * one. What comes out is the same, byte for byte, as if it had not been broken off.
 */
export interface TrainMemory {
  readonly last: (step: number) => TrainState | undefined;
  readonly keep: (step: number, state: TrainState) => void;
}

export interface TrainModelOptions {
  readonly seed: number;
  /** Is told of each step as it begins, and of each tree. */
  readonly progress?: (progress: TrainProgress) => void;
  readonly memory?: TrainMemory | undefined;
  /** Settings of the trees, where they are not to be the usual ones. */
  readonly learner?: Partial<TrainOptions>;
}

/** More are never needed at these learning rates: early stopping comes first. */
const MOST_TREES = 3_000;
/** Yes and no of fewer rows tell small trees apart from one another, not large ones. */
const LARGE_TREES_FROM = 15_000;
const PATIENCE = 60;

/**
 * Trains a model of a table by its schema. Five folds of rows: in each, trees learn from the other four and stop where the fifth says so.
 * How many trees a fold's own rows are judged with is the mean of the *other* folds' counts, so that no row decides on the model that is
 * judged by it; the final model learns from all rows, with the mean of all counts. Calibration and ranges come from what was said of rows
 * unseen. Beside the trees stands a logistic regression of the same columns, and where it is the better one on those rows it is the model. That one choice is
 * made on the rows that judge it, as the card says: where the two are close, the figures of the one that was chosen flatter it a little.
 * Same table, schema and seed: the same model, byte for byte.
 * @throws AppError DATASET_UNUSABLE when the rows do not teach anything, such as one class only
 */
export function trainModel(table: Table, schema: DatasetSchema, options: TrainModelOptions): TrainedModel {
  const task = taskOf(table, schema, foldCount);
  const learner = { ...learnerFor(task, table.rows), ...options.learner, seed: options.seed };
  const later = laterRows(table, schema, task, options.seed);
  const steps = 2 * foldCount + (later === null ? 1 : 2);
  let step = 0;
  const begin = (what: string): ((trees: number) => void) => {
    step += 1;
    const say = (trees: number): void => options.progress?.({ step, of: steps, what, trees });
    say(0);
    return say;
  };
  const grow = (say: (trees: number) => void, learnt: Learnable, own: TrainOptions): TreeModel => {
    const kept = (state: TrainState): void => {
      options.memory?.keep(step, state);
      say(state.trees.length);
    };
    return trainTrees(learnt.columns, learnt.target, own, kept, options.memory?.last(step));
  };

  const folds = groupedFolds(task.target, { folds: foldCount, seed: options.seed, groups: task.groups });
  const parts = Array.from({ length: foldCount }, (_, fold) => {
    const [learnt, heldRows]: [number[], number[]] = [[], []];
    folds.forEach((of, row) => (of === fold ? heldRows : learnt).push(row));
    return partOf(table, schema, task, { learnt, heldRows, seed: options.seed });
  });
  const stopped = parts.map((part, fold) => {
    const say = begin(`fold ${fold + 1} of ${foldCount}: how many trees`);
    return grow(say, part, stoppedOptions(part, learner));
  });
  const counts = stopped.map(({ trees }) => trees.length);
  const models = parts.map((part, fold) => {
    const say = begin(`fold ${fold + 1} of ${foldCount}: rows unseen`);
    const trees = meanCount(counts.filter((_, other) => other !== fold));
    const enough = stopped[fold]!;
    if (enough.trees.length >= trees) return { ...enough, trees: enough.trees.slice(0, trees) };
    return grow(say, part, optionsOf(part, { ...learner, trees }));
  });
  const margins = spread(parts, table.rows, (part, fold) => predictMargins(models[fold]!, part.held));

  const trees = meanCount(counts);
  const ahead =
    later && grow(begin('the last rows, by those before'), later.part, optionsOf(later.part, { ...learner, trees }));

  const say = begin('all rows');
  const rows = Array.from({ length: table.rows }, (_, row) => row);
  const all = learnable(table, schema, task, rows, options.seed);
  const grown = grow(say, all, optionsOf(all, { ...learner, trees }));
  const shared = { schema, encoder: all.encoder, unused: all.unused, options: { ...learner, trees } };
  const judged = { task, folds, parts, margins };
  if (task.objective === 'logistic') return { ...shared, ...chancesBy(judged, all, grown) };
  const ranges = fitRanges(task.target, margins);
  return {
    ...shared,
    learner: 'trees',
    trees: grown,
    calibrator: null,
    ranges: later && ahead ? aheadOf(ranges, later, ahead) : ranges,
    transform: task.transform,
    held: heldValues(judged),
  };
}

/**
 * A yes or no by whichever is the better one on rows unseen: the trees, or the logistic regression beside them. All of these rows decide,
 * and the figures are of the same ones.
 */
function chancesBy(
  judged: Judged,
  all: Learnable,
  grown: TreeModel,
): Pick<TrainedModel, 'learner' | 'trees' | 'calibrator' | 'ranges' | 'transform' | 'held'> {
  const { task, folds, parts, margins } = judged;
  const { labels, weights, groups, transform } = task;
  const plain = spread(parts, margins.length, (part) => predictMargins(baselineTrees(part), part.held));
  const [byTrees, byBaseline] = [heldChances(judged), heldChances({ ...judged, margins: plain })];
  const blind = grown.trees.every(({ feature }) => feature.length === 1);
  const about = { folds, labels, weights, groups, low: null, high: null };
  if (baselineWins({ trees: byTrees, baseline: byBaseline, labels, weights, groups, blind })) {
    return {
      learner: 'logistic',
      trees: baselineTrees(all),
      calibrator: fitCalibrator(plain, task.target, weights),
      ranges: null,
      transform,
      held: { ...about, said: byBaseline, baseline: byTrees },
    };
  }
  return {
    learner: 'trees',
    trees: grown,
    calibrator: fitCalibrator(margins, task.target, weights),
    ranges: null,
    transform,
    held: { ...about, said: byTrees, baseline: byBaseline },
  };
}

function aheadOf(ranges: Ranges, { part, after }: Later, trees: TreeModel): Ranges {
  return withLater(ranges, { actual: part.heldTarget, predicted: predictMargins(trees, part.held), after });
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

function stoppedOptions(part: Part, learner: TrainOptions): TrainOptions {
  const { held: columns, heldTarget: labels, heldWeights: weights } = part;
  const stop = { columns, labels, patience: PATIENCE, ...(weights && { weights }) };
  return { ...optionsOf(part, learner), stop };
}

function meanCount(counts: readonly number[]): number {
  return Math.max(1, Math.round(counts.reduce((sum, count) => sum + count, 0) / counts.length));
}
