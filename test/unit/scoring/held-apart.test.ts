import { describe, expect, it } from '@jest/globals';
import { type DatasetSchema, readDatasetSchema } from '../../../domain/scoring/data/dataset-schema.ts';
import type { Table } from '../../../domain/scoring/data/table.ts';
import { calibrated, fitCalibrator } from '../../../domain/scoring/trainer/calibrate.ts';
import { fitEncoder } from '../../../domain/scoring/trainer/encode.ts';
import { encodeColumn } from '../../../domain/scoring/trainer/encoder.ts';
import { groupedFolds } from '../../../domain/scoring/trainer/folds.ts';
import { heldChances } from '../../../domain/scoring/trainer/held-out.ts';
import { foldCount, learnable, type Part } from '../../../domain/scoring/trainer/parts.ts';
import { createRandom } from '../../../domain/scoring/trainer/random.ts';
import { taskOf } from '../../../domain/scoring/trainer/task.ts';
import { type TrainMemory, trainModel } from '../../../domain/scoring/trainer/train-model.ts';

/** No row has a say in what it is judged by. */

const schema = readDatasetSchema({
  task: 'classify',
  label: 'won',
  positive: '1',
  weight: 'weight',
  decisionStage: 'capture',
  features: [
    { name: 'visits', type: 'number', knownAt: 'capture' },
    { name: 'source', type: 'category', knownAt: 'capture' },
  ],
});
const plain = { ...schema, weight: undefined };

/** Leads of whom those with neither few nor many visits are won more often; `weightOf` says what a row weighs. */
function leads(rows: number, weightOf: (row: number, visits: number, won: number) => number = () => 1): Table {
  const random = createRandom(8);
  const visits = Float64Array.from({ length: rows }, () => random.below(20));
  const won = visits.map((count) => (random.next() < (Math.abs(count - 9.5) < 4 ? 0.75 : 0.2) ? 1 : 0));
  return {
    rows,
    columns: {
      visits: { kind: 'number', values: visits },
      source: { kind: 'category', values: Array.from(visits, () => `page ${random.below(12)}`) },
      won: { kind: 'number', values: won },
      weight: { kind: 'number', values: visits.map((count, row) => weightOf(row, count, won[row]!)) },
    },
  };
}

describe('the weight of rows', () => {
  const learner = { trees: 12, learningRate: 0.3, leaves: 4 };

  it('reaches the trees: one and the same for all is none, and another gives other trees', () => {
    const of = (table: Table, by: DatasetSchema = schema) => {
      const model = trainModel(table, by, { seed: 2, learner });
      expect(model.learner).toBe('trees');
      return model.trees;
    };
    const unweighed = of(leads(400), plain);
    expect(of(leads(400))).toEqual(unweighed);
    // Where wins of few visits weigh more, few visits are the better sign, and more is won.
    const turned = of(leads(400, (_, visits, won) => (won === 1 && visits < 8 ? 30 : 1)));
    expect(turned.trees[0]).not.toEqual(unweighed.trees[0]);
    expect(turned.base).toBeGreaterThan(unweighed.base);
  });
});

describe('a row that is judged', () => {
  it('has its chance by a calibration of the other folds alone', () => {
    const table = leads(200);
    const task = taskOf(table, plain, 2);
    const folds = Uint8Array.from({ length: 200 }, (_, row) => row % 2);
    const margins = Float64Array.from({ length: 200 }, (_, row) => Math.sin(row));
    const rowsOf = (fold: number): number[] => [...folds.keys()].filter((row) => folds[row] === fold);
    const parts = [0, 1].map((fold) => ({ heldRows: rowsOf(fold) }) as unknown as Part);
    const said = heldChances({ task, folds, parts, margins });
    for (const fold of [0, 1]) {
      const others = rowsOf(1 - fold);
      const by = fitCalibrator(
        others.map((row) => margins[row]!),
        others.map((row) => task.target[row]!),
      );
      for (const row of rowsOf(fold)) expect(said[row]).toBe(calibrated(by, margins[row]!));
    }
  });

  it('does not decide how many trees it is judged with', () => {
    const grown = new Map<number, number>();
    const best = new Map<number, number>();
    const keep: TrainMemory['keep'] = (step, { trees, best: so }) => {
      grown.set(step, trees.length);
      if (so !== null) best.set(step, so.trees);
    };
    const learner = { trees: 200, learningRate: 0.3, leaves: 4 };
    trainModel(leads(300), plain, { seed: 3, learner, memory: { last: () => undefined, keep } });
    const counts = [1, 2, 3, 4, 5].map((step) => best.get(step)!);
    const meanOf = (some: readonly number[]): number =>
      Math.round(some.reduce((sum, one) => sum + one, 0) / some.length);
    const ofOthers = counts.map((_, fold) => meanOf(counts.filter((_count, other) => other !== fold)));
    // A fold that stopped later than the others has its trees already; those that stopped earlier grow anew.
    const anew = ofOthers.flatMap((trees, fold) => (trees > counts[fold]! ? [[foldCount + fold + 1, trees]] : []));
    expect([...grown].filter(([step]) => step > foldCount && step <= 2 * foldCount)).toEqual(anew);
    expect(anew.some(([, trees]) => trees !== meanOf(counts))).toBe(true);
    expect(grown.get(2 * foldCount + 1)).toBe(meanOf(counts));
  });

  it('has its label in no column of its own, and by other folds than those that it is judged in', () => {
    const table = leads(300);
    const task = taskOf(table, plain, foldCount);
    const seed = 7;
    const { encoder, columns } = learnable(table, plain, task, [...Array(300).keys()], seed);
    const at = encoder.columns.findIndex(({ kind }) => kind === 'mean');
    expect(columns[at]).not.toEqual(encodeColumn(encoder.columns[at]!, table));
    const judging = groupedFolds(task.target, { folds: foldCount, seed });
    expect(columns[at]).not.toEqual(fitEncoder(table, plain, task.target, { folds: judging }).columns[at]);
  });
});
