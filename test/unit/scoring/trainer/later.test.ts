import { describe, expect, it } from '@jest/globals';
import { trainedCard } from '../../../../domain/scoring/card/trained-card.ts';
import { readDatasetSchema } from '../../../../domain/scoring/data/dataset-schema.ts';
import { daysOf, saidOf } from '../../../../domain/scoring/data/score-rows.ts';
import { numbersOf, pickRows, type Table } from '../../../../domain/scoring/data/table.ts';
import { readTrainedFile, trainedFile } from '../../../../domain/scoring/onnx/trained-file.ts';
import { fitRanges, laterFrom, rangeAround, withLater } from '../../../../domain/scoring/trainer/conformal.ts';
import { encode } from '../../../../domain/scoring/trainer/encoder.ts';
import { createRandom } from '../../../../domain/scoring/trainer/random.ts';
import { predictMargins } from '../../../../domain/scoring/trainer/predict.ts';
import { type TrainedModel, trainModel } from '../../../../domain/scoring/trainer/train-model.ts';
import { valueMetrics } from '../../../../domain/scoring/judge/value-metrics.ts';

const learner = { trees: 40, learningRate: 0.2, leaves: 6 };
const houses = readDatasetSchema({
  task: 'value',
  label: 'price',
  id: 'house',
  time: 'sold',
  decisionStage: 'capture',
  features: [
    { name: 'size', type: 'number', knownAt: 'capture' },
    { name: 'sold', type: 'date', knownAt: 'capture' },
  ],
});

const start = 20_000;
const days = 384;

/** Houses sold over 384 days, whose prices rise by so much in a day, errors of about a tenth beside it. */
function sold(rows: number, rise: number, seed: number): Table {
  const random = createRandom(seed);
  const made = Array.from({ length: rows }, () => {
    const [size, day] = [80 + random.below(200), random.below(days)];
    const noise = 0.3 * (random.next() + random.next() - 1);
    return { size, day: start + day, price: 2_000 * size * Math.exp(rise * day + noise) };
  });
  const column = (of: 'size' | 'day' | 'price') =>
    ({ kind: 'number', values: Float64Array.from(made, (one) => one[of]) }) as const;
  const house = { kind: 'category', values: made.map((_, row) => `h${row}`) } as const;
  return { rows, columns: { size: column('size'), sold: column('day'), price: column('price'), house } };
}

/** Learned from the first 320 days, and the rows of the next 64, the fifth part of that. */
function forward(rise: number): { readonly model: TrainedModel; readonly known: Table; readonly later: Table } {
  const table = sold(2_500, rise, 3);
  const day = numbersOf(table, 'sold');
  const rows = (late: boolean): Table =>
    pickRows(
      table,
      Array.from(day.keys()).filter((row) => day[row]! >= start + 320 === late),
    );
  return { model: trainModel(rows(false), houses, { seed: 2, learner }), known: rows(false), later: rows(true) };
}

function coverage(model: Pick<TrainedModel, 'ranges' | 'transform' | 'trees' | 'encoder'>, rows: Table): number {
  const margin = predictMargins(model.trees, encode(model.encoder, rows));
  const said = saidOf(model, { margin, probability: null }, daysOf(rows, houses));
  const end = (which: 'score' | 'low' | 'high'): number[] => said.map((one) => one[which]!);
  return valueMetrics(numbersOf(rows, 'price'), end('score'), end('low'), end('high')).coverage90!;
}

describe('ranges of later rows', () => {
  const { model, known, later } = forward(0.0012);
  const withinWindow = { ...model, ranges: { ...model.ranges!, later: null } };

  it('hold while values go on to move as they did, where those of the folds do not', () => {
    expect(coverage(withinWindow, later)).toBeLessThan(0.86);
    expect(coverage(model, later)).toBeGreaterThan(0.88);
    expect(coverage(model, later)).toBeLessThan(0.95);
    expect(model.ranges!.later).toMatchObject({ after: start + 319, n: expect.any(Number) });
  });

  it('leave rows of the window, and what is said of the folds, as they were', () => {
    expect(coverage(model, known)).toBe(coverage(withinWindow, known));
    const { labels, said, low, high } = model.held;
    const { coverage90 } = valueMetrics(labels, said, low!, high!);
    expect(coverage90).toBeGreaterThan(0.88);
    expect(coverage90).toBeLessThan(0.92);
  });

  it('are hardly wider where nothing moved', () => {
    const still = forward(0);
    const [all, own] = [still.model.ranges!.later!.width!, still.model.ranges!.width!];
    expect(all / own).toBeGreaterThan(0.9);
    expect(all / own).toBeLessThan(1.1);
    expect(coverage(still.model, still.later)).toBeLessThan(0.93);
  });

  it('are told of on the card', () => {
    const rows = sold(550, 0.0012, 3);
    const report = { read: rows.rows, kept: rows.rows, columnsIgnored: [], notes: [] };
    const hashes = { data: '', schema: '', model: '' };
    const about = { name: 'price', trainedAt: null, seed: 2, window: null, report, hashes };
    const { limits } = trainedCard(trainModel(rows, houses, { seed: 2, learner }), rows, about);
    expect(limits.join(' ')).toMatch(
      /Rows after 2025-10-22 get the larger of these and of how far off the last \d+ rows/,
    );
  });

  it('come back from the file as they went in', () => {
    const facts = { name: 'price', schemaHash: '0'.repeat(64), dataHash: '0'.repeat(64), window: null };
    expect(readTrainedFile(trainedFile(model, facts)).ranges).toEqual(model.ranges);
  });

  it.each([
    ['no time is named', { ...houses, time: undefined }, 1],
    ['all was sold in few days', houses, 1_000],
  ])('are not made up where %s', (_, schema, coarse) => {
    const table = sold(800, 0.0012, 4);
    const values = numbersOf(table, 'sold').map((day) => Math.floor(day / coarse) * coarse);
    const rows = { ...table, columns: { ...table.columns, sold: { kind: 'number', values } as const } };
    const features = houses.features.slice(0, 1);
    expect(trainModel(rows, { ...schema, features }, { seed: 2, learner }).ranges!.later).toBeNull();
  });
});

describe('withLater', () => {
  const near = fitRanges(
    Array.from({ length: 200 }, (_, i) => i / 200),
    Array<number>(200).fill(0),
  );
  const far = (scale: number, n: number = laterFrom) => ({
    actual: Array.from({ length: n }, (_, i) => (scale * i) / n),
    predicted: Array<number>(n).fill(0),
    after: 50,
  });
  const reach = (ranges: typeof near, day?: number): number => rangeAround(ranges, 0, day)!.high;

  it('takes the larger of both for a later row and for one of an unknown day, and the folds’ for all others', () => {
    const ranges = withLater(near, far(3));
    expect(reach(ranges, 50)).toBeCloseTo(0.9, 1);
    for (const day of [51, undefined, Number.NaN]) expect(reach(ranges, day)).toBeCloseTo(2.7, 1);
    expect(reach(withLater(near, far(0.1)), 51)).toBe(reach(near, 51));
  });

  it('knows nothing from few rows', () => {
    expect(withLater(near, far(3, laterFrom - 1))).toEqual(near);
  });
});
