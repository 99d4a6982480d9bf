import type { DatasetSchema } from '../data/dataset-schema.ts';
import { numbersOf, type Table } from '../data/table.ts';
import { laterFrom } from './conformal.ts';
import { forwardSplit } from './folds.ts';
import { foldCount, type Part, partOf } from './parts.ts';
import type { Task } from './task.ts';

/** The last rows by time, as many as a fold has, to be judged by what came before them. */
export interface Later {
  readonly part: Part;
  /** The day of the last row of all. */
  readonly after: number;
}

/**
 * The rows that tell how far off a model of values will be of what comes; null where the table bears no time, or the days are so few, or
 * so uneven, that there is no such share of rows with enough before it. Rows of a group that comes again later are not learnt from.
 */
export function laterRows(table: Table, schema: DatasetSchema, task: Task, seed: number): Later | null {
  if (task.objective !== 'squared' || schema.time === undefined) return null;
  const days = numbersOf(table, schema.time);
  const known = days.filter((day) => !Number.isNaN(day)).sort();
  const from = known[Math.floor((1 - 1 / foldCount) * known.length)];
  if (from === undefined) return null;
  const { train, test } = forwardSplit(days, from, task.groups);
  if (test.length < laterFrom || train.length < table.rows / 2) return null;
  if (train.every((row) => task.target[row] === task.target[train[0]!])) return null;
  const part = partOf(table, schema, task, { learnt: [...train], heldRows: [...test], seed });
  return { part, after: known.at(-1)! };
}
