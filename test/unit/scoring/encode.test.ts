import { describe, expect, it } from '@jest/globals';
import { readDatasetSchema } from '../../../domain/scoring/data/dataset-schema.ts';
import { classifyMetrics } from '../../../domain/scoring/judge/metrics.ts';
import type { RawColumn, Table } from '../../../domain/scoring/data/table.ts';
import { trainTrees } from '../../../domain/scoring/trainer/boost.ts';
import { fitEncoder } from '../../../domain/scoring/trainer/encode.ts';
import { columnName, encode, encodeRow, type Encoder } from '../../../domain/scoring/trainer/encoder.ts';
import { groupedFolds } from '../../../domain/scoring/trainer/folds.ts';
import { predictMargins } from '../../../domain/scoring/trainer/predict.ts';
import { createRandom } from '../../../domain/scoring/trainer/random.ts';
import { defaultOptions } from '../../../domain/scoring/trainer/train-options.ts';

function schemaOf(features: readonly { name: string; type: 'number' | 'category' | 'date' }[]) {
  const declared = features.map((feature) => ({ ...feature, knownAt: 'capture' }));
  return readDatasetSchema({
    task: 'classify',
    label: 'y',
    positive: '1',
    decisionStage: 'capture',
    features: declared,
  });
}

const words = (values: readonly (string | null)[]): RawColumn => ({ kind: 'category', values });
const numbers = (values: readonly number[]): RawColumn => ({ kind: 'number', values: Float64Array.from(values) });

function tableOf(columns: Record<string, RawColumn>): Table {
  return { rows: Object.values(columns)[0]!.values.length, columns };
}

/** Each of `levels` in turn, `times` times. */
function inTurn<T>(levels: readonly T[], times: number): T[] {
  return Array.from({ length: levels.length * times }, (_, i) => levels[i % levels.length]!);
}

describe('an encoder', () => {
  it('gives each of a few levels a column, and says missing of a level that it does not know', () => {
    const table = tableOf({ source: words([...inTurn(['web', 'phone', null], 3), 'once']) });
    const labels = Float32Array.from({ length: 10 }, (_, i) => i % 2);
    const { encoder, columns } = fitEncoder(table, schemaOf([{ name: 'source', type: 'category' }]), labels, {
      folds: labels,
    });
    expect(encoder.columns.map(columnName)).toEqual(['source=', 'source=phone', 'source=web']);
    expect(columns.map((column) => [...column.slice(0, 3), column[9]])).toEqual([
      [0, 0, 1, Number.NaN],
      [0, 1, 0, Number.NaN],
      [1, 0, 0, Number.NaN],
    ]);
    expect([...encodeRow(encoder, { source: 'fax' })]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect([...encodeRow(encoder, {})]).toEqual([1, 0, 0]);
  });

  it('says all of two levels in one column, and makes nothing of what never varies', () => {
    const table = tableOf({
      yes: words(inTurn(['no', 'yes'], 3)),
      same: words(inTurn(['x'], 6)),
      flat: numbers(inTurn([1], 6)),
    });
    const schema = schemaOf([
      { name: 'yes', type: 'category' },
      { name: 'same', type: 'category' },
      { name: 'flat', type: 'number' },
    ]);
    const { encoder, unused } = fitEncoder(table, schema, new Float32Array(6), { folds: new Uint8Array(6) });
    expect([encoder.columns.map(columnName), unused]).toEqual([['yes=yes'], ['same', 'flat']]);
  });

  it('reads the month from dates only where they span the same month twice', () => {
    const labels = new Float32Array(3);
    const of = (days: readonly number[]) =>
      fitEncoder(tableOf({ day: numbers(days) }), schemaOf([{ name: 'day', type: 'date' }]), labels, { folds: labels });
    expect(of([0, 100, 400]).encoder.columns.map(columnName)).toEqual(['day']);
    const long = of([0, 45, 800]);
    expect(long.encoder.columns.map(columnName)).toEqual(['day', 'day:month']);
    expect([...long.columns[1]!]).toEqual([1, 2, 3]);
  });

  it('smooths the means of many levels towards the average, from the other folds while training and from all rows later', () => {
    const levels = inTurn(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'], 20);
    // Only "a" is ever positive: in fold 0 five times of ten, in fold 1 never.
    const folds = Uint8Array.from(levels, (_, i) => (i < 90 ? 0 : 1));
    const labels = Float32Array.from(levels, (level, i) => (level === 'a' && i < 45 ? 1 : 0));
    const average = 5 / 180;
    const { encoder, columns } = fitEncoder(
      tableOf({ page: words(levels) }),
      schemaOf([{ name: 'page', type: 'category' }]),
      labels,
      { folds },
    );
    expect(encoder.columns.map(columnName)).toEqual(['page:mean', 'page:count']);
    expect(columns[0]![0]).toBeCloseTo((0 + 20 * average) / (10 + 20), 6);
    expect(columns[0]![90]).toBeCloseTo((5 + 20 * average) / (10 + 20), 6);
    expect(encodeRow(encoder, { page: 'a' })[0]).toBeCloseTo((5 + 20 * average) / (20 + 20), 6);
    expect(encodeRow(encoder, { page: 'a' })[1]).toBeCloseTo(Math.log1p(20), 6);
    expect([...encodeRow(encoder, { page: 'unseen' })]).toEqual([Number.NaN, 0]);
  });

  it('counts a row by its weight', () => {
    const levels = inTurn(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'], 4);
    const labels = Float32Array.from(levels, (level, i) => (level === 'a' && i < 9 ? 1 : 0));
    const weights = Float32Array.from(labels, (label) => (label === 1 ? 3 : 1));
    const options = { folds: new Uint8Array(36).map((_, i) => i % 2), weights };
    const { encoder } = fitEncoder(
      tableOf({ page: words(levels) }),
      schemaOf([{ name: 'page', type: 'category' }]),
      labels,
      options,
    );
    expect(encodeRow(encoder, { page: 'a' })[0]).toBeCloseTo((3 + (20 * 3) / 38) / (6 + 20), 6);
  });

  it('is plain JSON, says the same after it, and of one row the same as of a table', () => {
    const table = tableOf({
      page: words(inTurn(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', null], 4)),
      source: words(inTurn(['web', 'phone'], 20)),
      day: numbers(inTurn([0, 500, 1000, Number.NaN], 10)),
    });
    const schema = schemaOf([
      { name: 'page', type: 'category' },
      { name: 'source', type: 'category' },
      { name: 'day', type: 'date' },
    ]);
    const labels = Float32Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? 1 : 0));
    const { encoder } = fitEncoder(table, schema, labels, { folds: groupedFolds(labels, { folds: 5, seed: 1 }) });
    const copy = JSON.parse(JSON.stringify(encoder)) as Encoder;
    const columns = encode(copy, table);
    expect(columns).toEqual(encode(encoder, table));
    for (const row of [0, 9, 37]) {
      const cells = Object.fromEntries(Object.entries(table.columns).map(([name, { values }]) => [name, values[row]!]));
      expect([...encodeRow(copy, cells)]).toEqual(columns.map((column) => column[row]));
    }
  });

  it('says which feature a table lacks', () => {
    const labels = new Float32Array(3);
    const { encoder } = fitEncoder(
      tableOf({ day: numbers([1, 2, 3]) }),
      schemaOf([{ name: 'day', type: 'number' }]),
      labels,
      { folds: labels },
    );
    expect(() => encode(encoder, tableOf({ other: numbers([1]) }))).toThrow('day is missing; the model needs it');
  });
});

describe('labels of many levels', () => {
  /** Leads by landing page: 400 pages of some rows each, and how good a page is varies little. */
  const random = createRandom(7);
  const quality = Array.from({ length: 400 }, () => 0.11 * (0.5 + random.next()));
  const pages = Array.from({ length: 4_000 }, () => random.below(400));
  const labels = Float32Array.from(pages, (page) => (random.next() < quality[page]! ? 1 : 0));
  const learned = (row: number): boolean => row < 3_000;
  const schema = schemaOf([{ name: 'page', type: 'category' }]);
  const table = tableOf({ page: words(pages.slice(0, 3_000).map(String)) });
  const later = tableOf({ page: words(pages.slice(3_000).map(String)) });
  const train = labels.filter((_, row) => learned(row));
  const test = labels.filter((_, row) => !learned(row));

  /** AUC on rows that were not learned from, of trees that learned from `columns`. */
  function auc(columns: readonly Float32Array[], encoder: Encoder): number {
    const trees = trainTrees(columns, train, { ...defaultOptions('logistic'), trees: 30, learningRate: 0.2, seed: 1 });
    const chances = predictMargins(trees, encode(encoder, later)).map((margin) => 1 / (1 + Math.exp(-margin)));
    return classifyMetrics(test, chances).auc!;
  }

  it('leak when only the row itself is left out of its level’s mean: the trees then rank backwards. From other folds they do not', () => {
    const byFolds = fitEncoder(table, schema, train, { folds: groupedFolds(train, { folds: 5, seed: 3 }) });
    // As many folds as rows is leave-one-out.
    const leftOut = fitEncoder(table, schema, train, { folds: Uint32Array.from(train.keys()) });
    expect(leftOut.encoder).toEqual(byFolds.encoder);
    const [honest, leaking] = [auc(byFolds.columns, byFolds.encoder), auc(leftOut.columns, leftOut.encoder)];
    expect(honest).toBeGreaterThan(0.52);
    expect(leaking).toBeLessThan(honest - 0.05);
  });
});
