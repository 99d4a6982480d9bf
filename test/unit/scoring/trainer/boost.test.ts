import { describe, expect, it } from '@jest/globals';
import { trainTrees } from '../../../../domain/scoring/trainer/boost.ts';
import { predictMargins } from '../../../../domain/scoring/trainer/predict.ts';
import { defaultOptions, type TrainOptions } from '../../../../domain/scoring/trainer/train-options.ts';
import type { TreeModel } from '../../../../domain/scoring/trainer/tree-model.ts';
import { madeRows, pairwiseAuc, part, type MadeRows } from '../../../support/made-rows.ts';

const squared: TrainOptions = { ...defaultOptions('squared'), trees: 60, learningRate: 0.15, minLeafWeight: 5 };
const logistic: TrainOptions = { ...defaultOptions('logistic'), trees: 40, learningRate: 0.15, leaves: 8 };
const whole = { rowShare: 1, columnShare: 1 };

/** The share of the labels' variance that the margins leave unexplained. */
function unexplained({ labels }: MadeRows, margins: Float64Array): number {
  const mean = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  let [left, all] = [0, 0];
  labels.forEach((label, row) => {
    left += (label - margins[row]!) ** 2;
    all += (label - mean) ** 2;
  });
  return left / all;
}

function logLoss({ labels }: MadeRows, margins: Float64Array): number {
  return (
    labels.reduce((sum, label, row) => sum + Math.log1p(Math.exp(label === 1 ? -margins[row]! : margins[row]!)), 0) /
    labels.length
  );
}

describe('training trees', () => {
  it('recovers a step exactly with two leaves, halfway between the values it lies between', () => {
    const column = Float32Array.from({ length: 100 }, (_, row) => row);
    const labels = column.map((value) => (value < 30 ? 2 : 6));
    const model = trainTrees([column], labels, { ...squared, ...whole, trees: 1, leaves: 2, learningRate: 1, l2: 0 });
    expect(model.trees[0]!.threshold[0]).toBe(29.5);
    expect(model.trees[0]!.cover).toEqual(Float64Array.of(100, 30, 70));
    expect(
      [...predictMargins(model, [Float32Array.of(0, 29, 30, 99)])].map((margin) => Math.round(margin * 1e4) / 1e4),
    ).toEqual([2, 2, 6, 6]);
  });

  it('recovers a function with a bend, a product and a wave on rows it has not seen', () => {
    const rows = madeRows(3_000, 4, 1, ([a, b, c]) => Math.abs(a!) + b! * c! + Math.sin(4 * c!));
    const model = trainTrees(part(rows, 0, 2_000).columns, part(rows, 0, 2_000).labels, squared);
    const unseen = part(rows, 2_000, 3_000);
    expect(unexplained(unseen, predictMargins(model, unseen.columns))).toBeLessThan(0.03);
  });

  it('comes near the chances that drew the labels, and beats a constant on rows it has not seen', () => {
    const marginOf = (row: readonly number[]): number => 3 * row[0]! + (row[1]! > 0 ? 1 : -1);
    const rows = madeRows(4_000, 5, 2, (row, chance) => (chance < 1 / (1 + Math.exp(-marginOf(row))) ? 1 : 0));
    const model = trainTrees(part(rows, 0, 3_000).columns, part(rows, 0, 3_000).labels, logistic);
    const unseen = part(rows, 3_000, 4_000);
    const truth = Float64Array.from(unseen.labels, (_, row) => marginOf(unseen.columns.map((column) => column[row]!)));
    const loss = logLoss(unseen, predictMargins(model, unseen.columns));
    expect(loss).toBeLessThan(logLoss(unseen, truth) + 0.03);
    expect(loss).toBeLessThan(logLoss(unseen, new Float64Array(1_000).fill(model.base)) - 0.1);
  });

  it('finds nothing in labels without a cause', () => {
    const rows = madeRows(4_000, 8, 4, (_, chance) => (chance < 0.3 ? 1 : 0));
    const model = trainTrees(part(rows, 0, 3_000).columns, part(rows, 0, 3_000).labels, logistic);
    const unseen = part(rows, 3_000, 4_000);
    expect(Math.abs(pairwiseAuc(unseen.labels, predictMargins(model, unseen.columns)) - 0.5)).toBeLessThan(0.05);
  });

  it('starts from the mean, and a tree of one leaf says no more than that', () => {
    const rows = madeRows(200, 2, 5, (_, chance) => (chance < 0.25 ? 1 : 0));
    const model = trainTrees(rows.columns, rows.labels, { ...logistic, trees: 3, leaves: 1 });
    const share = rows.labels.reduce((sum, label) => sum + label, 0) / 200;
    expect(model.base).toBeCloseTo(Math.log(share / (1 - share)), 5);
    expect(model.trees.map((tree) => [...tree.feature])).toEqual([[-1], [-1], [-1]]);
    expect(model.trees[0]!.cover[0]).toBe(200);
    const everyRow = trainTrees(rows.columns, rows.labels, { ...logistic, ...whole, trees: 3, leaves: 1 });
    expect(everyRow.trees).toHaveLength(1);
    predictMargins(everyRow, rows.columns).forEach((margin) => expect(margin).toBeCloseTo(model.base, 5));
  });

  it('has as many leaves as allowed and none lighter than allowed', () => {
    const rows = madeRows(1_000, 3, 6, ([a, b, c]) => Math.sin(9 * a!) * b! + c!);
    const model = trainTrees(rows.columns, rows.labels, {
      ...squared,
      trees: 20,
      leaves: 12,
      minLeafWeight: 40,
      rowShare: 0.9,
    });
    for (const { feature, cover } of model.trees) {
      const leaves = [...feature.keys()].filter((node) => feature[node] === -1);
      expect(leaves.length).toBeLessThanOrEqual(12);
      for (const leaf of leaves) expect(cover[leaf]).toBeGreaterThanOrEqual(40);
    }
    expect(model.trees.some(({ feature }) => feature.length === 23)).toBe(true);
  });

  it('covers each node by the weights of the rows that come by, whether they were drawn or not', () => {
    const rows = madeRows(500, 3, 11, ([a, b], chance) => (Number.isNaN(a!) ? 2 : a!) * (b! > 0 ? 1 : 3) + chance, 0.2);
    const known = { columns: rows.columns, labels: rows.labels.map((label) => (Number.isNaN(label) ? 0 : label)) };
    const weights = Float32Array.from(known.labels, (_, row) => row % 3);
    const model = trainTrees(known.columns, known.labels, { ...squared, trees: 5, leaves: 12, weights });
    for (const tree of model.trees) {
      const covers = new Float64Array(tree.feature.length);
      weights.forEach((weight, row) => {
        for (let node = 0; node >= 0;) {
          covers[node]! += weight;
          if (tree.feature[node] === -1) break;
          const value = known.columns[tree.feature[node]!]![row]!;
          const goesLeft = Number.isNaN(value) ? tree.missingLeft[node] === 1 : value <= tree.threshold[node]!;
          node = goesLeft ? tree.left[node]! : tree.right[node]!;
        }
      });
      expect(tree.cover).toEqual(covers);
    }
    expect(model.trees.some((tree) => tree.missingLeft.includes(1))).toBe(true);
    expect(
      model.trees.some((tree) => tree.missingLeft.some((flag, node) => flag === 0 && tree.feature[node] === 0)),
    ).toBe(true);
  });

  it('sums in float32, in any order, to the very number that it says', () => {
    const rows = madeRows(1_000, 6, 7, ([a, b], chance) => (chance < 1 / (1 + Math.exp(-8 * a! * b!)) ? 1 : 0));
    const prices = {
      columns: rows.columns,
      labels: rows.labels.map((label, row) => 12.5 + label + rows.columns[2]![row]!),
    };
    for (const model of [
      trainTrees(rows.columns, rows.labels, { ...logistic, trees: 150, leaves: 31 }),
      trainTrees(prices.columns, prices.labels, { ...squared, trees: 150 }),
    ]) {
      const backwards = new Float32Array(1_000);
      for (const tree of [...model.trees].reverse()) {
        predictMargins({ ...model, base: 0, trees: [tree] }, rows.columns).forEach(
          (value, row) => (backwards[row]! += value),
        );
      }
      const margins = predictMargins(model, rows.columns);
      expect(backwards.map((sum) => sum + model.base)).toEqual(Float32Array.from(margins));
      expect(Float64Array.from(Float32Array.from(margins))).toEqual(margins);
    }
  });
});

describe('missing values', () => {
  const rows = madeRows(250, 2, 9, ([a]) => (Number.isNaN(a!) ? 5 : a! > 0 ? 5 : 1), 0.3);
  const options = { ...squared, ...whole, trees: 1, leaves: 2, learningRate: 1, l2: 0 };

  it('go where the rows without the value belong', () => {
    for (const sign of [1, -1]) {
      const column = rows.columns[0]!.map((value) => sign * value);
      const model = trainTrees([column], rows.labels, options);
      const [unknown, low, high] = predictMargins(model, [Float32Array.of(NaN, -0.5 * sign, 0.5 * sign)]);
      expect([unknown, low, high].map((margin) => Math.round(margin! * 1e3) / 1e3)).toEqual([5, 1, 5]);
      expect(model.trees[0]!.missingLeft[0]).toBe(sign === 1 ? 0 : 1);
    }
  });

  it('are told from all values where only that matters, values never seen included', () => {
    const labels = rows.columns[0]!.map((value) => (Number.isNaN(value) ? 3 : 8));
    const model = trainTrees(rows.columns, labels, options);
    const margins = predictMargins(model, [Float32Array.of(NaN, -1e30, 0, 1e30), new Float32Array(4)]);
    expect([...margins].map((margin) => Math.round(margin * 1e3) / 1e3)).toEqual([3, 8, 8, 8]);
  });

  it('follow the heavier side where training saw none', () => {
    const column = Float32Array.from({ length: 100 }, (_, row) => row);
    for (const [border, missingLeft] of [
      [30, 0],
      [70, 1],
    ] as const) {
      const model = trainTrees(
        [column],
        column.map((value) => (value < border ? 0 : 1)),
        options,
      );
      expect(model.trees[0]!.missingLeft[0]).toBe(missingLeft);
    }
  });
});

describe('weights', () => {
  const rows = madeRows(400, 4, 10, ([a, b], chance) => (chance < 1 / (1 + Math.exp(-2 * a! * b!)) ? 1 : 0), 0.1);
  const counts = Float32Array.from(rows.labels, (_, row) => row % 4);

  it('of whole numbers are the row given as often', () => {
    const repeat = (values: Float32Array): Float32Array =>
      Float32Array.from([...values].flatMap((value, row) => Array.from({ length: counts[row]! }, () => value)));
    const options = { ...logistic, ...whole, minLeafWeight: 1 };
    const weighted = trainTrees(rows.columns, rows.labels, { ...options, weights: counts });
    const repeated = trainTrees(rows.columns.map(repeat), repeat(rows.labels), options);
    expect(shapeOf(weighted)).toEqual(shapeOf(repeated));
    const margins = predictMargins(repeated, rows.columns);
    predictMargins(weighted, rows.columns).forEach((margin, row) => expect(margin).toBeCloseTo(margins[row]!, 4));
  });

  it('change what is learned', () => {
    const even = trainTrees(rows.columns, rows.labels, logistic);
    expect(shapeOf(trainTrees(rows.columns, rows.labels, { ...logistic, weights: counts }))).not.toEqual(shapeOf(even));
  });

  function shapeOf(model: TreeModel): unknown {
    return model.trees.map(({ feature, threshold, missingLeft, cover }) => ({
      feature,
      threshold,
      missingLeft,
      cover,
    }));
  }
});

describe('data that cannot be learned from', () => {
  const column = Float32Array.of(1, 2, 3, 4);
  const labels = Float32Array.of(0, 1, 0, 1);
  const cases: readonly [string, string, () => TreeModel][] = [
    [
      'no rows',
      'There are no rows for training.',
      () => trainTrees([new Float32Array(0)], new Float32Array(0), logistic),
    ],
    ['no columns', 'There are no columns for training.', () => trainTrees([], labels, logistic)],
    [
      'columns of another length',
      'There are 4 labels for training, and 3 rows in column 0.',
      () => trainTrees([column.slice(1)], labels, logistic),
    ],
    [
      'an infinite value',
      'Column 1 is infinite in row 2 of training',
      () => trainTrees([column, Float32Array.of(0, 0, -Infinity, 0)], labels, logistic),
    ],
    [
      'a label that is not a number',
      'The label in row 1 of training must be a finite number, not NaN.',
      () => trainTrees([column], Float32Array.of(0, NaN, 1, 2), squared),
    ],
    [
      'an infinite label',
      'The label in row 3 of training must be a finite number, not Infinity.',
      () => trainTrees([column], Float32Array.of(0, 1, 1, Infinity), squared),
    ],
    [
      'a label between the classes',
      'The label in row 0 of training must be 0 or 1, not 0.5.',
      () => trainTrees([column], Float32Array.of(0.5, 1, 0, 1), logistic),
    ],
    [
      'one class only',
      'There is no row with label 0',
      () => trainTrees([column], Float32Array.of(1, 1, 1, 1), logistic),
    ],
    [
      'one class that weighs',
      'There is no row with label 1',
      () => trainTrees([column], labels, { ...logistic, weights: Float32Array.of(1, 0, 1, 0) }),
    ],
    [
      'a negative weight',
      'The weight in row 2 of training must be finite',
      () => trainTrees([column], labels, { ...logistic, weights: Float32Array.of(1, 1, -1, 1) }),
    ],
    [
      'no weight at all',
      'No row of training has a weight above 0.',
      () => trainTrees([column], labels, { ...squared, weights: new Float32Array(4) }),
    ],
    [
      'too many bins',
      'There must be 3 to 255 bins, not 256.',
      () => trainTrees([column], labels, { ...logistic, bins: 256 }),
    ],
    [
      'constraints for other columns',
      'There are 1 columns, and constraints for 2.',
      () => trainTrees([column], labels, { ...logistic, monotone: [1, 0] }),
    ],
    [
      'rows to stop by of another width',
      'Training has 1 columns, early stopping 2.',
      () => trainTrees([column], labels, { ...logistic, stop: { columns: [column, column], labels, patience: 3 } }),
    ],
  ];

  it.each(cases)('is refused: %s', (_, message, train) => {
    expect(train).toThrow(
      expect.objectContaining({ code: 'DATASET_UNUSABLE', message: expect.stringContaining(message) }),
    );
  });

  it('but constant columns, empty columns and equal labels are learned from as far as they go', () => {
    const constant = [new Float32Array(50).fill(3), new Float32Array(50).fill(NaN)];
    const some = Float32Array.from({ length: 50 }, (_, row) => (row < 10 ? 1 : 0));
    const model = trainTrees(constant, some, logistic);
    expect(model.trees.every(({ feature }) => feature.length === 1)).toBe(true);
    const same = trainTrees([some], new Float32Array(50).fill(13.1), squared);
    expect(predictMargins(same, [Float32Array.of(0, 1, NaN)])).toEqual(new Float64Array(3).fill(same.base));
    expect(same.base).toBeCloseTo(13.1, 5);
  });
});
