import type { Scored } from '../../ports/scoring.ts';
import type { DatasetSchema } from './dataset-schema.ts';
import { numbersOf, type Table } from './table.ts';
import type { StoredModel } from '../onnx/trained-file.ts';
import { rangeOf, valueOf } from '../trainer/task.ts';
import type { Columns } from '../trainer/tree-model.ts';

/** What a model says of a row: a probability, or a value with its 90 % range where one is known. */
export interface Said {
  readonly score: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** The days of a table's rows, by the schema's time; undefined where it has none. */
export function daysOf(table: Table, { time }: DatasetSchema): Float64Array | undefined {
  return time !== undefined && Object.hasOwn(table.columns, time) ? numbersOf(table, time) : undefined;
}

/** Columns as a session takes them: rows one after another. */
export function matrixOf(columns: Columns): Float32Array {
  const [rows, width] = [columns[0]?.length ?? 0, columns.length];
  const matrix = new Float32Array(rows * width);
  columns.forEach((column, at) => {
    for (let row = 0; row < rows; row += 1) matrix[row * width + at] = column[row]!;
  });
  return matrix;
}

/**
 * What a model says of the rows that were scored.
 * @param days of the rows, where the table has them: of a day that the model learned from more is known than of a later one
 */
export function saidOf(
  { ranges, transform }: Pick<StoredModel, 'ranges' | 'transform'>,
  scored: Scored,
  days?: ArrayLike<number>,
): Said[] {
  const { margin, probability } = scored;
  if (probability !== null) return Array.from(probability, (score) => ({ score, low: null, high: null }));
  return Array.from(margin, (one, row) => {
    const range = ranges && rangeOf(ranges, one, transform, days?.[row]);
    return { score: valueOf(one, transform), low: range?.low ?? null, high: range?.high ?? null };
  });
}
