import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { trainedCard } from '../../../../domain/scoring/card/trained-card.ts';
import { readDatasetSchema } from '../../../../domain/scoring/data/dataset-schema.ts';
import { classifyMetrics } from '../../../../domain/scoring/judge/metrics.ts';
import { matrixOf } from '../../../../domain/scoring/data/score-rows.ts';
import type { Table } from '../../../../domain/scoring/data/table.ts';
import { readTrainedFile, trainedFile } from '../../../../domain/scoring/onnx/trained-file.ts';
import { baselineWins } from '../../../../domain/scoring/trainer/baseline.ts';
import { calibrated } from '../../../../domain/scoring/trainer/calibrate.ts';
import { encode } from '../../../../domain/scoring/trainer/encoder.ts';
import { linearTrees } from '../../../../domain/scoring/trainer/linear-trees.ts';
import { fitLogistic, logisticMargins } from '../../../../domain/scoring/trainer/logistic.ts';
import { predictMargins } from '../../../../domain/scoring/trainer/predict.ts';
import { treeShap } from '../../../../domain/scoring/trainer/shap.ts';
import { trainModel } from '../../../../domain/scoring/trainer/train-model.ts';
import type { Engine } from '../../../../integrations/onnx/engine.ts';
import { createRandom } from '../../../support/random.ts';
import { openModel, watchedEngine } from '../../../support/scoring-engine.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const feature = (name: string) => ({ name, type: 'number', knownAt: 'capture' });
const leads = { task: 'classify', label: 'won', positive: '1', decisionStage: 'capture' };
const schema = readDatasetSchema({ ...leads, features: names.map(feature) });

/** Six numbers, some missing, and a label that is drawn from what `logOdds` says of them. */
function drawn(rows: number, seed: number, logOdds: (row: readonly number[]) => number): Table {
  const random = createRandom(seed);
  const unit = (): number => random.below(1_000_000) / 1_000_000;
  const cells = Array.from({ length: rows }, () => names.map(() => (unit() < 0.05 ? Number.NaN : 2 * unit() - 1)));
  const won = cells.map((row) => (unit() < 1 / (1 + Math.exp(-logOdds(row))) ? 1 : 0));
  const number = (values: readonly number[]) => ({ kind: 'number', values: Float64Array.from(values) }) as const;
  const columns = names.map((name, at) => [name, number(cells.map((row) => row[at]!))] as const);
  return { rows, columns: { ...Object.fromEntries(columns), won: number(won) } };
}

const learner = { trees: 25, learningRate: 0.3, leaves: 4 };
const known = (value: number): number => (Number.isNaN(value) ? 0 : value);
const straight = drawn(900, 1, (row) => row.reduce((sum, value, at) => sum + known(value) * (1 - 0.3 * at), 0));
const crossed = drawn(900, 2, ([a, b]) => 12 * known(a!) * known(b!));

let engine: Engine;
beforeAll(() => {
  ({ engine } = watchedEngine());
});
afterAll(() => engine.close());

describe('logistic regression in the form of trees', () => {
  const columns = encode({ columns: names.map((name) => ({ kind: 'number', feature: name })) }, straight);
  const labels = Float32Array.from(straight.columns['won']!.values as Float64Array);
  const line = fitLogistic(columns, labels, { l2: 1 });

  it('says what the line says, but for the width of a step, and where a value is missing as well', () => {
    const wanted = logisticMargins(line, columns);
    const found = predictMargins(linearTrees(line, columns, labels, undefined), columns);
    const gaps = wanted.map((margin, row) => Math.abs(margin - found[row]!));
    expect(Math.max(...gaps)).toBeLessThan(0.03);
    expect(Math.max(...wanted) - Math.min(...wanted)).toBeGreaterThan(3);
  });

  it('loses nothing where a column has few values', () => {
    const few = columns.map((column) => column.map((value) => Math.round(3 * value)));
    const exact = fitLogistic(few, labels, { l2: 1 });
    const found = predictMargins(linearTrees(exact, few, labels, undefined), few);
    logisticMargins(exact, few).forEach((margin, row) => expect(found[row]).toBeCloseTo(margin, 5));
  });

  it('is explained exactly: each column adds what it says beyond its mean', () => {
    const trees = linearTrees(line, columns, labels, undefined);
    const { base, contributions } = treeShap(
      trees,
      Float32Array.from(columns, (column) => column[7]!),
    );
    expect(base + contributions.reduce((sum, one) => sum + one, 0)).toBeCloseTo(predictMargins(trees, columns)[7]!, 9);
    const { weight, scale, missing } = line.terms[0]!;
    const values = columns[0]!;
    const said = Array.from(values, (x) => (Number.isNaN(x) ? missing : (weight * (x - line.terms[0]!.mean)) / scale));
    const mean = said.reduce((sum, one) => sum + one, 0) / said.length;
    expect(contributions[0]).toBeCloseTo(said[7]! - mean, 1);
  });

  it('does not run away beyond the values that it has seen', () => {
    const trees = linearTrees(line, columns, labels, undefined);
    const at = (value: number): number =>
      predictMargins(
        trees,
        names.map(() => Float32Array.of(value)),
      )[0]!;
    expect(at(1e9)).toBe(at(2));
    expect(at(-1e9)).toBe(at(-2));
  });
});

describe('what speaks', () => {
  it('is the logistic regression where it is better on rows unseen, and it is served and read back as it is', async () => {
    const model = trainModel(straight, schema, { seed: 1, learner });
    expect(model.learner).toBe('logistic');
    const { labels, said, baseline } = model.held;
    expect(classifyMetrics(labels, said).logLoss).toBeLessThan(classifyMetrics(labels, baseline).logLoss!);
    const facts = { name: 'won', schemaHash: '0'.repeat(64), dataHash: '0'.repeat(64), window: null };
    const stored = readTrainedFile(trainedFile(model, facts));
    expect(stored.trees).toEqual(model.trees);
    const columns = encode(stored.encoder, straight);
    const scorer = await openModel(engine, model.trees, model.calibrator);
    const { margin, probability } = await scorer.score(matrixOf(columns), straight.rows);
    await scorer.close();
    expect(margin).toEqual(predictMargins(stored.trees, columns));
    margin.forEach((one, row) => expect(probability![row]).toBeCloseTo(calibrated(stored.calibrator!, one), 6));
    const report = { read: 900, kept: 900, columnsIgnored: [], notes: [] };
    const hashes = { data: '', schema: '', model: '' };
    const card = trainedCard(model, straight, { name: 'won', trainedAt: null, seed: 1, window: null, report, hashes });
    expect(card.learner).toBe('logistic');
    expect(card.evaluations[1]!.method).toContain('trees instead of logistic regression');
  });

  it('is the trees where what counts is how two columns go together', () => {
    const { learner: speaker, held } = trainModel(crossed, schema, { seed: 1, learner });
    expect(speaker).toBe('trees');
    expect(
      classifyMetrics(held.labels, held.said).auc! - classifyMetrics(held.labels, held.baseline).auc!,
    ).toBeGreaterThan(0.1);
  });

  it('keeps a promise of direction, whoever speaks', () => {
    const down = names.map((name) => ({ ...feature(name), ...(name === 'c' && { monotone: -1 }) }));
    const schemaDown = readDatasetSchema({ ...leads, features: down });
    const { trees, learner: speaker } = trainModel(straight, schemaDown, { seed: 1, learner });
    expect(speaker).toBe('logistic');
    const margins = [-1, -0.5, 0, 0.5, 1].map(
      (value) =>
        predictMargins(
          trees,
          names.map((name) => Float32Array.of(name === 'c' ? value : 0)),
        )[0]!,
    );
    expect(margins).toEqual(margins.toSorted((one, other) => other - one));
  });

  it('is decided by more than the standard error of what they differ by, over groups of rows', () => {
    const labels = Array.from({ length: 40 }, (_, row) => row % 2);
    const sure = (chance: number) => labels.map((label) => (label === 1 ? chance : 1 - chance));
    const about = { labels, weights: undefined, groups: undefined, blind: false };
    expect(baselineWins({ ...about, trees: sure(0.6), baseline: sure(0.7) })).toBe(true);
    expect(baselineWins({ ...about, trees: sure(0.7), baseline: sure(0.6) })).toBe(false);
    // Better on five rows in eight only: within chance of 40 rows, but not of ten times as many, and blind trees know nothing anyway.
    const even = labels.map(() => 0.5);
    const rows = { ...about, labels: labels.map(() => 1) };
    const says = labels.map((_, row) => (row % 8 < 5 ? 0.6 : 0.4));
    expect(baselineWins({ ...rows, trees: even, baseline: says })).toBe(false);
    expect(baselineWins({ ...rows, trees: even, baseline: says, blind: true })).toBe(true);
    const tenfold = (values: readonly number[]): number[] => Array.from({ length: 400 }, (_, row) => values[row % 40]!);
    const many = { ...rows, labels: tenfold(rows.labels), trees: tenfold(even), baseline: tenfold(says) };
    expect(baselineWins(many)).toBe(true);
    expect(baselineWins({ ...many, groups: Array.from({ length: 400 }, (_, row) => row % 40) })).toBe(false);
  });
});
