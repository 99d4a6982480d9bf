import { AppError } from '../../errors.ts';
import type { DatasetSchema } from '../data/dataset-schema.ts';
import { numbersOf, type Table, wordsOf } from '../data/table.ts';
import { rangeAround, type Ranges } from './conformal.ts';
import type { TreeModel } from './tree-model.ts';

/** What a table is to teach. */
export interface Task {
  readonly objective: TreeModel['objective'];
  /** As the file has them: 0 or 1, or the value. */
  readonly labels: Float64Array;
  /** As the trees see them. */
  readonly target: Float32Array;
  readonly transform: 'log' | 'none';
  readonly weights: Float32Array | undefined;
  /** Rows of one group are never parted. */
  readonly groups: readonly (string | null)[] | undefined;
}

/** So many rows of the rarer class, or of values, must be in each fold: with fewer nothing is learnt, and nothing shown. */
const LEAST_IN_FOLD = 2;

/** @throws AppError DATASET_UNUSABLE when the rows are too few, or all of one class */
export function taskOf(table: Table, schema: DatasetSchema, folds: number): Task {
  if (table.rows === 0) throw new AppError('DATASET_UNUSABLE', 'expected rows, got none');
  const labels = numbersOf(table, schema.label);
  const groupColumn = schema.group ?? schema.id;
  const shared = {
    labels,
    weights: schema.weight === undefined ? undefined : Float32Array.from(numbersOf(table, schema.weight)),
    groups: groupColumn === undefined ? undefined : wordsOf(table, groupColumn),
  };
  const least = LEAST_IN_FOLD * folds;
  if (schema.task === 'classify') {
    const positives = labels.reduce((sum, label) => sum + label, 0);
    const rarer = Math.min(positives, labels.length - positives);
    if (rarer < least) {
      const counts = `${positives} rows are positive and ${labels.length - positives} are not`;
      throw new AppError('DATASET_UNUSABLE', `expected at least ${least} rows of each class: ${counts}`);
    }
    return { ...shared, objective: 'logistic', target: Float32Array.from(labels), transform: 'none' };
  }
  if (labels.length < least) {
    throw new AppError('DATASET_UNUSABLE', `expected at least ${least} rows, got ${labels.length}`);
  }
  if (labels.every((label) => label === labels[0])) {
    throw new AppError('DATASET_UNUSABLE', 'every row has the same label');
  }
  const transform = schema.transform ?? (labels.every((label) => label > 0) ? 'log' : 'none');
  const target = Float32Array.from(labels, (label) => (transform === 'log' ? Math.log(label) : label));
  return { ...shared, objective: 'squared', target, transform };
}

/** What a margin of a value model is worth. */
export function valueOf(margin: number, transform: Task['transform']): number {
  return transform === 'log' ? Math.exp(margin) : margin;
}

/** The 90 % range around a margin, in the value's own unit; null when too few rows were seen to know. Without a day it is a later row's. */
export function rangeOf(
  ranges: Ranges,
  margin: number,
  transform: Task['transform'],
  day?: number,
): { readonly low: number; readonly high: number } | null {
  const range = rangeAround(ranges, margin, day);
  return range && { low: valueOf(range.low, transform), high: valueOf(range.high, transform) };
}
