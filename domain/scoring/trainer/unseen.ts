import type { DatasetSchema } from '../data/dataset-schema.ts';
import { pickRows, type Table } from '../data/table.ts';
import { trainTrees } from './boost.ts';
import { fitEncoder } from './encode.ts';
import { encode } from './encoder.ts';
import { groupedFolds } from './folds.ts';
import { predictMargins } from './predict.ts';
import type { Task } from './task.ts';
import { defaultOptions, type TrainOptions } from './train-options.ts';

/** Small trees on a few folds: enough to compare, in a fraction of a training. */
const folds = 3;
const learner: Partial<TrainOptions> = { trees: 100, leaves: 15, learningRate: 0.1 };

/**
 * A quick answer to "how good would a model with these features be": each row's margin by small trees that learned from other folds.
 * Folds are the same for the same rows and seed, so two schemas over one table can be compared row by row.
 */
export function unseenMargins(table: Table, schema: DatasetSchema, task: Task, seed: number): Float64Array {
  const { target, groups } = task;
  const foldOf = groupedFolds(target, { folds, seed, groups });
  const rows = Uint32Array.from(foldOf.keys());
  const margins = new Float64Array(table.rows);
  for (let fold = 0; fold < folds; fold += 1) {
    const train = rows.filter((row) => foldOf[row] !== fold);
    const held = rows.filter((row) => foldOf[row] === fold);
    const labels = Float32Array.from(train, (row) => target[row]!);
    const weights = task.weights && { weights: Float32Array.from(train, (row) => task.weights![row]!) };
    const own = groups && Array.from(train, (row) => groups[row] ?? null);
    const inner = groupedFolds(labels, { folds, seed: (seed + 1) >>> 0, groups: own });
    const { encoder, columns } = fitEncoder(pickRows(table, train), schema, labels, { folds: inner, ...weights });
    const model = trainTrees(columns, labels, { ...defaultOptions(task.objective), ...learner, ...weights, seed });
    predictMargins(model, encode(encoder, pickRows(table, held))).forEach((margin, i) => {
      margins[held[i]!] = margin;
    });
  }
  return margins;
}
