import { describe, expect, it } from '@jest/globals';
import { trainTrees, type TrainState } from '../../../../domain/scoring/trainer/boost.ts';
import { toStep } from '../../../../domain/scoring/trainer/objective.ts';
import { predictMargins } from '../../../../domain/scoring/trainer/predict.ts';
import { defaultOptions, type TrainOptions } from '../../../../domain/scoring/trainer/train-options.ts';
import { treesFromJson } from '../../../../domain/scoring/trainer/tree-json.ts';
import type { TreeModel } from '../../../../domain/scoring/trainer/tree-model.ts';
import { madeRows, part } from '../../../support/made-rows.ts';

const rows = madeRows(900, 5, 21, ([a, b, c], chance) => (chance < 1 / (1 + Math.exp(-3 * a! * b! - c!)) ? 1 : 0), 0.1);
const train = part(rows, 0, 600);
const held = part(rows, 600, 900);
const options: TrainOptions = { ...defaultOptions('logistic'), trees: 16, leaves: 8, learningRate: 0.2, seed: 7 };
const stop = { columns: held.columns, labels: held.labels, patience: 10 };

/** Every byte of a model's trees. */
function bytesOf({ base, trees }: TreeModel): string {
  const parts = trees.flatMap((tree) => Object.values(tree) as NodeJS.TypedArray[]);
  return Buffer.concat([
    Buffer.from(Float64Array.of(base).buffer),
    ...parts.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  ]).toString('base64');
}

function statesOf(settings: TrainOptions): { model: TreeModel; states: TrainState[] } {
  const states: TrainState[] = [];
  const model = trainTrees(train.columns, train.labels, settings, (done) =>
    states.push(JSON.parse(JSON.stringify(done))),
  );
  return { model, states };
}

function meanLoss(model: TreeModel, trees: number): number {
  const margins = predictMargins({ ...model, trees: model.trees.slice(0, trees) }, held.columns);
  return (
    held.labels.reduce(
      (sum, label, row) => sum + Math.log1p(Math.exp(label === 1 ? -margins[row]! : margins[row]!)),
      0,
    ) / 300
  );
}

describe('the same seed', () => {
  it('gives the same bytes, another seed others', () => {
    const model = trainTrees(train.columns, train.labels, options);
    expect(bytesOf(trainTrees(train.columns, train.labels, options))).toBe(bytesOf(model));
    expect(bytesOf(trainTrees(train.columns, train.labels, { ...options, seed: 8 }))).not.toBe(bytesOf(model));
  });

  it('draws the share of rows and columns asked for, anew for each tree', () => {
    const few = trainTrees(train.columns, train.labels, { ...options, columnShare: 0.2, trees: 12 });
    const asked = few.trees.map(({ feature }) => new Set(feature.filter((index) => index >= 0)));
    for (const features of asked) expect(features.size).toBeLessThanOrEqual(1);
    expect(new Set(asked.flatMap((features) => [...features])).size).toBeGreaterThan(1);
    const every = few.trees.map(({ cover }) => cover[0]);
    expect(every).toEqual(every.map(() => 600));
  });
});

describe('a training broken off', () => {
  it('goes on from any tree to the same bytes', () => {
    const stopping = { ...options, trees: 60, learningRate: 0.6, stop: { ...stop, patience: 5 } };
    for (const settings of [options, stopping, { ...options, rowShare: 1, columnShare: 1 }]) {
      const { model, states } = statesOf(settings);
      for (const at of [4, states.length - 2, states.length - 1]) {
        const later: TrainState[] = [];
        const resumed = trainTrees(train.columns, train.labels, settings, (done) => later.push(done), states[at]);
        expect(bytesOf(resumed)).toBe(bytesOf(model));
        expect(later).toEqual(states.slice(at + 1));
      }
    }
  });

  it('keeps each state as it was, however many trees follow', () => {
    const kept: TrainState[] = [];
    trainTrees(train.columns, train.labels, options, (done) => kept.push(done));
    expect(kept.map(({ trees }) => trees.length)).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
  });

  it('writes no zero with a sign, which JSON would lose', () => {
    expect(Object.is(toStep(-1e-9, 2 ** -20), 0)).toBe(true);
    expect(toStep(-1.4, 0.5)).toBe(-1.5);
  });

  it('does not go on with other data, other options or damaged trees', () => {
    const state = statesOf(options).states[3]!;
    const goOn =
      (columns = train.columns, settings = options, from = state) =>
      () =>
        trainTrees(columns, train.labels, settings, undefined, from);
    expect(goOn([...train.columns].reverse())).toThrow('other data or other options');
    expect(goOn(train.columns, { ...options, leaves: 9 })).toThrow('other data or other options');
    const broken = { ...state, trees: [{ ...state.trees[0]!, left: [] }] };
    expect(goOn(train.columns, options, broken)).toThrow(expect.objectContaining({ code: 'MODEL_DAMAGED' }));
    expect(goOn()).not.toThrow();
  });
});

describe('early stopping', () => {
  it('answers the trees up to the least loss on the rows kept apart', () => {
    const many = { ...options, trees: 300, learningRate: 0.3 };
    const stopped = trainTrees(train.columns, train.labels, { ...many, stop });
    const all = trainTrees(train.columns, train.labels, { ...many, trees: stopped.trees.length + stop.patience });
    expect(stopped.trees.length).toBeLessThan(200);
    const losses = all.trees.map((_, index) => meanLoss(all, index + 1));
    expect(losses.indexOf(Math.min(...losses))).toBe(stopped.trees.length - 1);
    expect(bytesOf(stopped)).toBe(bytesOf({ ...all, trees: all.trees.slice(0, stopped.trees.length) }));
  });

  it('keeps one tree where none helps', () => {
    const flipped = { ...stop, labels: stop.labels.map((label) => 1 - label), patience: 3 };
    const { model, states } = statesOf({ ...options, stop: flipped });
    expect(model.trees).toHaveLength(1);
    expect(states).toHaveLength(4);
  });

  it('counts the rows kept apart by their weights', () => {
    const weights = Float32Array.from(held.labels, (_, row) => (row < 30 ? 1 : 0));
    const few = {
      columns: held.columns.map((column) => column.slice(0, 30)),
      labels: held.labels.slice(0, 30),
      patience: 10,
    };
    const weighted = trainTrees(train.columns, train.labels, { ...options, stop: { ...stop, weights } });
    expect(bytesOf(weighted)).toBe(bytesOf(trainTrees(train.columns, train.labels, { ...options, stop: few })));
  });
});

describe('trees read from JSON', () => {
  const leaf = { feature: [-1], threshold: [0], missingLeft: [0], left: [-1], right: [-1], value: [1], cover: [1] };
  const split = {
    feature: [0, -1, -1],
    threshold: [0, 0, 0],
    missingLeft: [0, 0, 0],
    left: [1, -1, -1],
    right: [2, -1, -1],
    value: [0, 1, 2],
    cover: [2, 1, 1],
  };

  it('are taken whole', () => {
    expect(treesFromJson([leaf, split], 1)).toHaveLength(2);
  });

  it.each([
    ['no list', {}],
    ['a node without a cover', [{ ...leaf, cover: [] }]],
    ['an empty tree', [{ feature: [], threshold: [], missingLeft: [], left: [], right: [], value: [], cover: [] }]],
    ['a node that comes round to itself', [{ ...split, left: [0, -1, -1] }]],
    ['a child that is not there', [{ ...split, right: [3, -1, -1] }]],
    ['a feature that rows do not have', [{ ...split, feature: [1, -1, -1] }]],
    ['a value that is no number', [{ ...leaf, value: [null] }]],
  ])('are refused: %s', (_, json) => {
    expect(() => treesFromJson(json, 1)).toThrow(expect.objectContaining({ code: 'MODEL_DAMAGED' }));
  });
});
