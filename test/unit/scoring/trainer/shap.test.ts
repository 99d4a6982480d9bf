import { describe, expect, it } from '@jest/globals';
import { trainTrees } from '../../../../domain/scoring/trainer/boost.ts';
import { predictMargins } from '../../../../domain/scoring/trainer/predict.ts';
import { treeShap } from '../../../../domain/scoring/trainer/shap.ts';
import { defaultOptions, type TrainOptions } from '../../../../domain/scoring/trainer/train-options.ts';
import type { Tree, TreeModel } from '../../../../domain/scoring/trainer/tree-model.ts';
import { madeRows } from '../../../support/made-rows.ts';

const options: TrainOptions = {
  ...defaultOptions('squared'),
  trees: 6,
  leaves: 9,
  learningRate: 0.5,
  minLeafWeight: 2,
  rowShare: 1,
  columnShare: 1,
};

/** What the tree says of a row of which only the features in `known` are known: both ways, by cover, where it is not. */
function valueGiven(tree: Tree, row: Float32Array, known: ReadonlySet<number>, node = 0): number {
  const feature = tree.feature[node]!;
  if (feature < 0) return tree.value[node]!;
  const [left, right] = [tree.left[node]!, tree.right[node]!];
  if (known.has(feature)) {
    const value = row[feature]!;
    const goesLeft = Number.isNaN(value) ? tree.missingLeft[node] === 1 : value <= tree.threshold[node]!;
    return valueGiven(tree, row, known, goesLeft ? left : right);
  }
  const total = tree.cover[left]! + tree.cover[right]!;
  return (
    (tree.cover[left]! / total) * valueGiven(tree, row, known, left) +
    (tree.cover[right]! / total) * valueGiven(tree, row, known, right)
  );
}

/** Shapley's definition itself: the mean over all orders of the features of what each adds when it becomes known. */
function shapleyByOrders(model: TreeModel, row: Float32Array): number[] {
  const sums = Array.from({ length: model.features }, () => 0);
  const everyOrder = orders([...sums.keys()]);
  const said = (known: ReadonlySet<number>): number =>
    model.trees.reduce((sum, tree) => sum + valueGiven(tree, row, known), 0);
  for (const order of everyOrder) {
    const known = new Set<number>();
    let before = said(known);
    for (const feature of order) {
      known.add(feature);
      const after = said(known);
      sums[feature]! += (after - before) / everyOrder.length;
      before = after;
    }
  }
  return sums;
}

function orders(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((first) => orders(items.filter((item) => item !== first)).map((rest) => [first, ...rest]));
}

describe('treeShap', () => {
  const rows = madeRows(
    300,
    5,
    3,
    (row, chance) => {
      const [a, b, c, d] = row.map((value) => (Number.isNaN(value) ? 0.8 : value));
      return (a! > 0 ? b! : c!) + d! * a! + chance / 5;
    },
    0.2,
  );
  const weights = Float32Array.from(rows.labels, (_, row) => 0.5 + (row % 4));
  const model = trainTrees(rows.columns, rows.labels, { ...options, weights });

  it('gives the Shapley values that all orders of the features give, missing values included', () => {
    for (let row = 0; row < 12; row++) {
      const values = Float32Array.from(rows.columns, (column) => column[row]!);
      const { contributions } = treeShap(model, values);
      shapleyByOrders(model, values).forEach((wanted, feature) =>
        expect(contributions[feature]).toBeCloseTo(wanted, 10),
      );
    }
  });

  it('asks some features several times on one way down, or the check above would be a weak one', () => {
    const asksAgain = (tree: Tree, node: number, above: readonly number[]): boolean => {
      const feature = tree.feature[node]!;
      if (feature < 0) return false;
      if (above.includes(feature)) return true;
      return [tree.left[node]!, tree.right[node]!].some((child) => asksAgain(tree, child, [...above, feature]));
    };
    expect(model.trees.some((tree) => asksAgain(tree, 0, []))).toBe(true);
  });

  it('adds up to the margin, and its base is the mean margin of the training rows by their weights', () => {
    const margins = predictMargins(model, rows.columns);
    let [sum, total, worst] = [0, 0, 0];
    let base = 0;
    margins.forEach((margin, row) => {
      const explained = treeShap(
        model,
        Float32Array.from(rows.columns, (column) => column[row]!),
      );
      base = explained.base;
      worst = Math.max(worst, Math.abs(explained.contributions.reduce((a, b) => a + b, base) - margin));
      sum += weights[row]! * margin;
      total += weights[row]!;
    });
    expect(worst).toBeLessThan(1e-9);
    expect(base).toBeCloseTo(sum / total, 9);
  });

  it('stays exact in deep trees', () => {
    const deep = madeRows(2_000, 3, 8, ([a, b, c]) => Math.exp(3 * a!) + b! * c!);
    const grown = trainTrees(deep.columns, deep.labels, { ...options, trees: 3, leaves: 64 });
    const margins = predictMargins(grown, deep.columns);
    for (let row = 0; row < 50; row++) {
      const values = Float32Array.from(deep.columns, (column) => column[row]!);
      const { base, contributions } = treeShap(grown, values);
      expect(contributions.reduce((a, b) => a + b, base)).toBeCloseTo(margins[row]!, 9);
      const wanted = shapleyByOrders(grown, values);
      wanted.forEach((value, feature) => expect(contributions[feature]).toBeCloseTo(value, 8));
    }
  });

  it('gives a feature that no tree asks exactly nothing', () => {
    const unused = trainTrees([...rows.columns, new Float32Array(300).fill(7)], rows.labels, options);
    const values = Float32Array.from([...rows.columns.map((column) => column[0]!), 99]);
    expect(treeShap(unused, values).contributions[5]).toBe(0);
  });

  it('explains a branch that no training row took', () => {
    const tree: Tree = {
      feature: Int32Array.of(0, 1, -1, -1, -1),
      threshold: Float32Array.of(0, 0, 0, 0, 0),
      missingLeft: new Uint8Array(5),
      left: Int32Array.of(1, 3, -1, -1, -1),
      right: Int32Array.of(2, 4, -1, -1, -1),
      value: Float32Array.of(0, 0, 1, 2, 4),
      cover: Float64Array.of(10, 10, 0, 10, 0),
    };
    const untaken: TreeModel = { objective: 'squared', base: 0.5, features: 2, trees: [tree] };
    expect(treeShap(untaken, Float32Array.of(1, 1))).toEqual({ base: 2.5, contributions: Float64Array.of(-2, 1) });
    expect(treeShap(untaken, Float32Array.of(-1, -1)).contributions).toEqual(new Float64Array(2));
  });

  it('refuses a row with another number of features', () => {
    expect(() => treeShap(model, new Float32Array(4))).toThrow('The model reads 5 features, and the row has 4.');
  });
});
