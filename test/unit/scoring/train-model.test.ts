import { describe, expect, it } from '@jest/globals';
import { trainedCard } from '../../../domain/scoring/card/trained-card.ts';
import { cardSchema } from '../../../domain/scoring/card/card.ts';
import { type DatasetSchema, readDatasetSchema } from '../../../domain/scoring/data/dataset-schema.ts';
import { classifyMetrics } from '../../../domain/scoring/judge/metrics.ts';
import type { Table } from '../../../domain/scoring/data/table.ts';
import { readTrainedFile, schemaBytes, trainedFile, windowOf } from '../../../domain/scoring/onnx/trained-file.ts';
import { encode } from '../../../domain/scoring/trainer/encoder.ts';
import { predictMargins } from '../../../domain/scoring/trainer/predict.ts';
import { createRandom } from '../../../domain/scoring/trainer/random.ts';
import { type TrainedModel, trainModel } from '../../../domain/scoring/trainer/train-model.ts';
import { treesOnnx } from '../../../domain/scoring/onnx/trees-onnx.ts';
import { valueMetrics } from '../../../domain/scoring/judge/value-metrics.ts';

const hash = '0'.repeat(64);
const learner = { trees: 25, learningRate: 0.3, leaves: 4 };

const leads = readDatasetSchema({
  task: 'classify',
  label: 'won',
  positive: '1',
  id: 'person',
  time: 'seen',
  weight: 'weight',
  decisionStage: 'capture',
  features: [
    { name: 'visits', type: 'number', knownAt: 'capture', monotone: 1 },
    { name: 'source', type: 'category', knownAt: 'capture' },
    { name: 'seen', type: 'date', knownAt: 'capture' },
    { name: 'flat', type: 'number', knownAt: 'capture' },
  ],
});

/** Leads of whom those with many visits and from the web are won more often; two rows each. */
function leadTable(rows: number, seed: number): Table {
  const random = createRandom(seed);
  const visits = Float64Array.from({ length: rows }, () => (random.next() < 0.1 ? Number.NaN : random.below(20)));
  const source = Array.from({ length: rows }, () => ['web', 'phone', null][random.below(3)]!);
  const chance = (row: number): number => 0.1 + (visits[row]! > 10 ? 0.5 : 0) + (source[row] === 'web' ? 0.3 : 0);
  return {
    rows,
    columns: {
      visits: { kind: 'number', values: visits },
      source: { kind: 'category', values: source },
      seen: { kind: 'number', values: Float64Array.from({ length: rows }, (_, row) => 20_000 + (row % 300)) },
      flat: { kind: 'number', values: new Float64Array(rows) },
      won: {
        kind: 'number',
        values: Float64Array.from({ length: rows }, (_, row) => (random.next() < chance(row) ? 1 : 0)),
      },
      weight: { kind: 'number', values: Float64Array.from({ length: rows }, (_, row) => 1 + (row % 2)) },
      person: { kind: 'category', values: Array.from({ length: rows }, (_, row) => `p${row >> 1}`) },
    },
  };
}

const houses = readDatasetSchema({
  task: 'value',
  label: 'price',
  decisionStage: 'capture',
  place: ['lat', 'long'],
  features: ['size', 'lat', 'long'].map((name) => ({ name, type: 'number', knownAt: 'capture' })),
});

function houseTable(rows: number, shift = 0): Table {
  const random = createRandom(5);
  const column = (of: (row: number) => number) =>
    ({ kind: 'number', values: Float64Array.from({ length: rows }, (_, row) => of(row)) }) as const;
  const [size, lat, long] = [
    column(() => 80 + random.below(200)),
    column(() => 47 + random.next()),
    column(() => -122 - random.next()),
  ];
  const noise = (): number => Math.exp(0.1 * (random.next() + random.next() - 1));
  const price = column((row) => 2_000 * size.values[row]! * (lat.values[row]! > 47.5 ? 1.5 : 1) * noise() + shift);
  return { rows, columns: { size, lat, long, price } };
}

function fileOf(model: TrainedModel, table: Table): Uint8Array {
  return trainedFile(model, { name: 'test', schemaHash: hash, dataHash: hash, window: windowOf(table, model.schema) });
}

const table = leadTable(800, 1);
const trained = trainModel(table, leads, { seed: 4, learner });

describe('a model trained of a table', () => {
  it('is the same file, byte for byte, for the same table, schema and seed, and another for another seed', () => {
    expect(fileOf(trainModel(table, leads, { seed: 4, learner }), table)).toEqual(fileOf(trained, table));
    expect(fileOf(trainModel(table, leads, { seed: 5, learner }), table)).not.toEqual(fileOf(trained, table));
  });

  it('is judged by rows that it had not seen, rows of one person on one side, and knows what there is to know', () => {
    const { folds, labels, said, baseline } = trained.held;
    for (let row = 0; row < table.rows; row += 2) expect(folds[row]).toBe(folds[row + 1]);
    expect(classifyMetrics(labels, said).auc).toBeGreaterThan(0.7);
    expect(classifyMetrics(labels, said).ece).toBeLessThan(0.1);
    expect(classifyMetrics(labels, baseline).auc).toBeGreaterThan(0.65);
    expect(trained.unused).toEqual(['flat']);
  });

  it('learns nothing from shuffled labels', () => {
    const random = createRandom(9);
    const values = leadTable(1_500, 3).columns['won']!.values as Float64Array;
    for (let i = values.length - 1; i > 0; i -= 1) {
      const j = random.below(i + 1);
      [values[i], values[j]] = [values[j]!, values[i]!];
    }
    const shuffled = {
      rows: 1_500,
      columns: { ...leadTable(1_500, 3).columns, won: { kind: 'number', values } as const },
    };
    const { held } = trainModel(shuffled, leads, { seed: 4, learner });
    expect(Math.abs(classifyMetrics(held.labels, held.said).auc! - 0.5)).toBeLessThan(0.05);
  });

  it('keeps a promise of direction: more visits never lower the score', () => {
    const row = (visits: number) => ({
      rows: 1,
      columns: { ...leadTable(1, 2).columns, visits: { kind: 'number', values: Float64Array.of(visits) } as const },
    });
    const margins = Array.from(
      { length: 20 },
      (_, visits) => predictMargins(trained.trees, encode(trained.encoder, row(visits)))[0]!,
    );
    expect(margins).toEqual(margins.toSorted((a, b) => a - b));
    expect(margins.at(-1)! - margins[0]!).toBeGreaterThan(1);
  });

  it('comes back from its file as it went in', () => {
    const stored = readTrainedFile(fileOf(trained, table));
    expect(stored.trees).toEqual(trained.trees);
    expect(stored.encoder).toEqual(trained.encoder);
    expect([stored.calibrator, stored.ranges, stored.transform]).toEqual([trained.calibrator, null, 'none']);
    expect(stored.about.window).toEqual({ from: '2024-10-04T00:00:00.000Z', to: '2025-07-30T00:00:00.000Z' });
    const positives = table.columns['won']!.values as Float64Array;
    const weight = (row: number): number => 1 + (row % 2);
    expect(stored.baseRate).toBeCloseTo(
      positives.reduce((sum, label, row) => sum + label * weight(row), 0) / 1_200,
      12,
    );
  });

  it('keeps the words that counted as no in its file', () => {
    const facts = { name: 'test', schemaHash: hash, dataHash: hash, window: null };
    expect(readTrainedFile(trainedFile(trained, { ...facts, negatives: ['lost', 'no'] })).negatives).toEqual([
      'lost',
      'no',
    ]);
    expect(readTrainedFile(trainedFile(trained, facts)).negatives).toBeNull();
  });

  it('is refused as a file of another major version of the trainer, and read from any other within it', () => {
    const { about } = readTrainedFile(fileOf(trained, table));
    const madeBy = (codeVersion: string) => treesOnnx(trained.trees, trained.calibrator, { ...about, codeVersion });
    expect(readTrainedFile(madeBy('trainer-1.4')).trees).toEqual(trained.trees);
    for (const version of ['trainer-2', 'trainer-12', 'test']) {
      const message = expect.stringContaining(`made by ${version}, and this version reads files of trainer-1`);
      expect(() => readTrainedFile(madeBy(version))).toThrow(
        expect.objectContaining({ code: 'MODEL_DAMAGED', message }),
      );
    }
  });

  it('is refused as a file whose encoder makes its columns in another order than its trees read them', () => {
    const { about } = readTrainedFile(fileOf(trained, table));
    const featureOrder = about.featureOrder.toReversed();
    expect(featureOrder).not.toEqual(about.featureOrder);
    expect(() => readTrainedFile(treesOnnx(trained.trees, trained.calibrator, { ...about, featureOrder }))).toThrow(
      expect.objectContaining({ code: 'MODEL_DAMAGED', message: expect.stringContaining('other columns') }),
    );
  });

  it.each([0.2, 0.6, 0.999])('is refused as a file when only %s of it is there', (share) => {
    const bytes = fileOf(trained, table);
    expect(() => readTrainedFile(bytes.slice(0, Math.floor(share * bytes.length)))).toThrow('The model cannot be used');
  });

  it('has a card that says what it is made of', () => {
    const notes = [{ what: 'dropped', why: 'the label is blank', column: 'won', count: 3, lines: [2, 5, 9] } as const];
    const card = trainedCard(trained, table, {
      name: 'leads',
      trainedAt: null,
      seed: 4,
      window: windowOf(table, leads),
      report: { read: 803, kept: 800, columnsIgnored: [], notes },
      hashes: { data: hash, schema: hash, model: hash },
    });
    expect(cardSchema.parse(card)).toEqual(card);
    expect(card.rows).toMatchObject({
      read: 803,
      used: 800,
      groups: 400,
      dropped: [{ reason: 'the label is blank', n: 3 }],
    });
    expect(card.features.map(({ name }) => name)).toEqual(['visits', 'source', 'seen']);
    expect(card.evaluations[0]!.figures.find(({ name }) => name === 'auc')).toMatchObject({
      interval: expect.anything(),
      spread: expect.any(Number),
    });
    expect(card.limits.join(' ')).toContain('flat');
    expect(card.limits.join(' ')).toContain('was chosen by the rows that judge it');
  });

  it('tells how far it is, step by step', () => {
    const steps = new Set<number>();
    trainModel(leadTable(200, 1), leads, {
      seed: 4,
      learner: { ...learner, trees: 5 },
      progress: ({ step, of }) => steps.add(of - step),
    });
    expect([...steps]).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  });

  it('gives values with ranges that hold what they promise', () => {
    const rows = houseTable(900);
    const { held, transform, encoder } = trainModel(rows, houses, { seed: 4, learner });
    const figures = valueMetrics(held.labels, held.said, held.low!, held.high!);
    expect(figures.mdape).toBeLessThan(0.08);
    expect(figures.coverage90).toBeGreaterThan(0.86);
    expect(figures.coverage90).toBeLessThan(0.94);
    expect(valueMetrics(held.labels, held.baseline).mdape).toBeGreaterThan(0.2);
    expect(transform).toBe('log');
    expect(encoder.columns.map(({ kind }) => kind)).toEqual(['number', 'number', 'number', 'diagonal', 'diagonal']);
    // Below nought there are no logarithms: the values themselves are learned.
    expect(trainModel(houseTable(200, -300_000), houses, { seed: 4, learner }).transform).toBe('none');
  });

  it.each([
    ['no rows', leadTable(0, 1), leads, 'expected rows, got none'],
    [
      'one class only',
      { ...table, columns: { ...table.columns, won: { kind: 'number', values: new Float64Array(800) } } },
      leads,
      '0 rows are positive and 800 are not',
    ],
    ['few rows', houseTable(4), houses, 'expected at least 10 rows, got 4'],
    [
      'one value',
      {
        rows: 20,
        columns: { ...houseTable(20).columns, price: { kind: 'number', values: new Float64Array(20).fill(5) } },
      },
      houses,
      'every row has the same label',
    ],
    [
      'features that never vary',
      leadTable(800, 1),
      { ...leads, features: leads.features.slice(3) },
      'every feature is the same in all rows',
    ],
  ] as [string, Table, DatasetSchema, string][])('is refused of %s', (_, rows, schema, message) => {
    expect(() => trainModel(rows, schema, { seed: 4, learner })).toThrow(message);
  });

  it('writes the schema’s hash from its meaning', () => {
    expect(schemaBytes(leads)).toEqual(schemaBytes(readDatasetSchema(JSON.parse(JSON.stringify(leads)))));
  });
});
