import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { trainTrees } from '../../../../domain/scoring/trainer/boost.ts';
import { predictMargins } from '../../../../domain/scoring/trainer/predict.ts';
import { defaultOptions, type TrainOptions } from '../../../../domain/scoring/trainer/train-options.ts';
import type { TreeModel } from '../../../../domain/scoring/trainer/tree-model.ts';
import { madeRows } from '../../../support/made-rows.ts';

const steps = 41;

/** The most by which the margin moves against the sign when one feature rises step by step and the others stay. */
function greatestBreach(model: TreeModel, feature: number, sign: 1 | -1, others: readonly number[]): number {
  const columns = others.map((value, index) =>
    Float32Array.from({ length: steps }, (_, step) => (index === feature ? (2.4 * step) / (steps - 1) - 1.2 : value)),
  );
  const margins = predictMargins(model, columns);
  let breach = 0;
  for (let step = 1; step < steps; step++) breach = Math.max(breach, sign * (margins[step - 1]! - margins[step]!));
  return breach;
}

/** Waves in both constrained features, so that trees that were free would go up and down with them. */
function wavyRows(seed: number, missing: number): ReturnType<typeof madeRows> {
  return madeRows(
    250,
    3,
    seed,
    ([a, b, c], chance) => {
      const known = [a!, b!, c!].map((value) => (Number.isNaN(value) ? 0.3 : value));
      return (
        Math.sin(6 * known[0]!) + known[0]! * known[1]! - 2 * Math.cos(5 * known[1]!) + known[2]! * known[0]! + chance
      );
    },
    missing,
  );
}

function options(objective: 'logistic' | 'squared', monotone: readonly (-1 | 0 | 1)[]): TrainOptions {
  return { ...defaultOptions(objective), trees: 8, leaves: 16, learningRate: 0.4, minLeafWeight: 1, monotone };
}

describe('monotone constraints', () => {
  it('hold everywhere, whatever the other features are, missing ones included', () => {
    const value = fc.oneof(fc.float({ min: -1.5, max: 1.5, noNaN: true }), fc.constant(NaN));
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.boolean(),
        fc.array(fc.tuple(value, value, value), { minLength: 6, maxLength: 6 }),
        (seed, twoClasses, points) => {
          const rows = wavyRows(seed, 0.1);
          const labels = twoClasses ? rows.labels.map((label) => (label > 0 ? 1 : 0)) : rows.labels;
          const model = trainTrees(rows.columns, labels, options(twoClasses ? 'logistic' : 'squared', [1, -1, 0]));
          for (const point of points) {
            expect(greatestBreach(model, 0, 1, point)).toBe(0);
            expect(greatestBreach(model, 1, -1, point)).toBe(0);
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it('are needed for that: without them the same data give a margin that goes down', () => {
    const rows = wavyRows(1, 0.1);
    const model = trainTrees(rows.columns, rows.labels, options('squared', [0, 0, 0]));
    expect(greatestBreach(model, 0, 1, [0, 0, 0])).toBeGreaterThan(0.5);
  });

  it('keep what goes the right way', () => {
    const rows = madeRows(1_000, 2, 3, ([a, b]) => 2 * a! ** 3 + b!);
    const error = (monotone: readonly (-1 | 0 | 1)[]): number => {
      const margins = predictMargins(
        trainTrees(rows.columns, rows.labels, { ...options('squared', monotone), trees: 40 }),
        rows.columns,
      );
      return rows.labels.reduce((sum, label, row) => sum + (label - margins[row]!) ** 2, 0) / 1_000;
    };
    expect(error([1, 0])).toBeLessThan(0.01);
    expect(error([-1, 0])).toBeGreaterThan(0.3);
  });

  it('of zero for every feature are none', () => {
    const rows = wavyRows(5, 0);
    const { monotone: _, ...free } = options('squared', []);
    expect(trainTrees(rows.columns, rows.labels, options('squared', [0, 0, 0]))).toEqual(
      trainTrees(rows.columns, rows.labels, free),
    );
  });
});
