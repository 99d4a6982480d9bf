import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Scored } from '../../../domain/ports/scoring.ts';
import type { Calibrator } from '../../../domain/scoring/trainer/calibrator.ts';
import { predictMargins } from '../../../domain/scoring/trainer/predict.ts';
import type { TreeModel } from '../../../domain/scoring/trainer/tree-model.ts';
import { readTreesMetadata } from '../../../domain/scoring/onnx/trees-metadata.ts';
import { treesOnnx } from '../../../domain/scoring/onnx/trees-onnx.ts';
import type { Engine } from '../../../integrations/onnx/engine.ts';
import { sha256 } from '../../../integrations/onnx/model-file.ts';
import { createRandom } from '../../support/random.ts';
import {
  calibratedBy,
  randomMatrix,
  randomMetadata,
  randomModel,
  randomSteps,
  walk,
  type Shape,
} from '../../support/random-trees.ts';
import { openModel, watchedEngine } from '../../support/scoring-engine.ts';

const rows = 1_000;

let engine: Engine;
beforeAll(() => {
  ({ engine } = watchedEngine());
});
afterAll(() => engine.close());

/** What the runtime says of the model's file. */
async function served(model: TreeModel, calibrator: Calibrator | null, matrix: Float32Array): Promise<Scored> {
  const scorer = await openModel(engine, model, calibrator);
  const scored = await scorer.score(matrix, matrix.length / model.features);
  await scorer.close();
  return scored;
}

function greatestGap(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(found.length).toBe(wanted.length);
  return Array.from(wanted, (value, i) => Math.abs(value - found[i]!)).reduce((a, b) => Math.max(a, b), 0);
}

const shapes: Readonly<Record<string, Shape>> = {
  'of the usual size': { trees: 100, leaves: 31, features: 20 },
  'as deep as they have leaves': { trees: 20, leaves: 64, features: 5, deep: true },
  'of two leaves': { trees: 50, leaves: 2, features: 3 },
  'of one leaf': { trees: 10, leaves: 1, features: 2 },
  'that are none at all': { trees: 0, leaves: 1, features: 1 },
};

describe.each(Object.entries(shapes))('trees %s', (_, shape) => {
  const random = createRandom(7);
  const matrix = randomMatrix(random, rows, shape.features);

  it('give the margins of a plain walk, bit for bit, where the target is a value', async () => {
    const model = randomModel(random, 'squared', shape);
    const { margin, probability } = await served(model, null, matrix);
    expect(margin).toEqual(walk(model, matrix));
    expect(probability).toBeNull();
  });

  it.each([
    ['no calibration', null],
    ['Platt', { kind: 'platt', slope: 1.25, intercept: -0.5 }],
    ['steps', randomSteps(random, 40)],
    ['a single step', { kind: 'isotonic', thresholds: [], values: [0.25] }],
  ] satisfies [string, Calibrator | null][])('give probabilities within 1e-6 under %s', async (__, calibrator) => {
    const model = randomModel(random, 'logistic', shape);
    const { margin, probability } = await served(model, calibrator, matrix);
    const margins = walk(model, matrix);
    expect(margin).toEqual(margins);
    const wanted = Array.from(margins, (one) => calibratedBy(calibrator, one));
    expect(greatestGap(probability!, wanted)).toBeLessThanOrEqual(1e-6);
  });
});

describe('rows on the edge', () => {
  const next = (value: number): number => {
    const bits = new Int32Array(Float32Array.of(value).buffer);
    bits[0]! += value > 0 ? 1 : -1;
    return value === 0 ? 2 ** -149 : new Float32Array(bits.buffer)[0]!;
  };

  it.each([0.1, -0.1, 0, 1, 2 ** -149, -(2 ** -130), 3e38])(
    'go left at %d and right just above, and without the feature where it was learned',
    async (at) => {
      const tree = (missingLeft: number): TreeModel => ({
        objective: 'squared',
        base: 0,
        features: 1,
        trees: [
          {
            feature: Int32Array.of(0, -1, -1),
            threshold: Float32Array.of(at, 0, 0),
            missingLeft: Uint8Array.of(missingLeft, 0, 0),
            left: Int32Array.of(1, -1, -1),
            right: Int32Array.of(2, -1, -1),
            value: Float32Array.of(0, -1, 1),
            cover: Float64Array.of(2, 1, 1),
          },
        ],
      });
      const edge = Float32Array.of(at, next(Math.fround(at)), Number.NaN, Number.POSITIVE_INFINITY, -Infinity);
      expect(edge[1]).toBeGreaterThan(edge[0]!);
      expect([...(await served(tree(1), null, edge)).margin]).toEqual([-1, 1, -1, 1, -1]);
      expect([...(await served(tree(0), null, edge)).margin]).toEqual([-1, 1, 1, 1, -1]);
    },
  );

  it('take the step below when their margin is exactly a threshold', async () => {
    const calibrator: Calibrator = { kind: 'isotonic', thresholds: [-1, 0, 1], values: [0.125, 0.25, 0.5, 0.75] };
    const constant = (base: number): TreeModel => ({ objective: 'logistic', base, features: 1, trees: [] });
    const at = async (base: number): Promise<number> =>
      (await served(constant(base), calibrator, Float32Array.of(0))).probability![0]!;
    expect(await Promise.all([-1, -0.5, 0, 1, 1.5].map(at))).toEqual([0.125, 0.25, 0.25, 0.5, 0.75]);
  });
});

describe('the trainer’s own prediction', () => {
  it('is the served one', async () => {
    const random = createRandom(11);
    const model = randomModel(random, 'logistic', shapes['of the usual size']!);
    const matrix = randomMatrix(random, rows, model.features);
    const columns = Array.from({ length: model.features }, (_, feature) =>
      Float32Array.from({ length: rows }, (__, row) => matrix[row * model.features + feature]!),
    );
    const { margin } = await served(model, null, matrix);
    expect(greatestGap(margin, predictMargins(model, columns))).toBeLessThanOrEqual(1e-12);
  });
});

describe('a file of trees', () => {
  const random = createRandom(3);
  const model = randomModel(random, 'logistic', { trees: 5, leaves: 7, features: 3 });
  const calibrator = randomSteps(random, 5);
  const metadata = {
    ...randomMetadata(3),
    featureOrder: ['area', 'city=Austin, TX', 'rooms'],
    encoder: { columns: [{ name: 'area' }] },
  };
  const bytes = treesOnnx(model, calibrator, metadata);

  it('has the same bytes for the same model, and others for another', () => {
    const hash = (from: TreeModel): string => sha256(treesOnnx(from, calibrator, metadata));
    const other = { ...model, base: Math.fround(model.base + 1e-6) };
    expect(hash(structuredClone(model))).toBe(sha256(bytes));
    expect(hash(other)).not.toBe(sha256(bytes));
  });

  it('says what it was made of and what it takes', () => {
    expect(readTreesMetadata(bytes)).toEqual({ ...metadata, objective: 'logistic' });
    const without = { ...randomMetadata(3), window: null };
    expect(readTreesMetadata(treesOnnx(model, null, without))).toEqual({ ...without, objective: 'logistic' });
  });

  it('is refused wherever it is cut short', () => {
    const read = bytes.map((_, length) => {
      try {
        return readTreesMetadata(bytes.subarray(0, length)) ? 1 : 0;
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        return 0;
      }
    });
    expect(read.reduce((sum, one) => sum + one, 0)).toBe(0);
  });

  const [tree] = model.trees;
  it.each([
    ['a leaf that is not finite', { ...model, trees: [{ ...tree!, value: tree!.value.map(() => Number.NaN) }] }],
    [
      'a threshold that is not finite',
      { ...model, trees: [{ ...tree!, threshold: tree!.threshold.map(() => Infinity) }] },
    ],
    [
      'a feature that rows do not have',
      { ...model, trees: [{ ...tree!, feature: tree!.feature.map((of) => of + 3) }] },
    ],
    ['a base that is not finite', { ...model, base: Number.NaN }],
    ['no features', { ...model, features: 0 }],
    ['more features than names', { ...model, features: 4 }],
    ['a calibrator and no probability', { ...model, objective: 'squared' }],
  ] satisfies [string, TreeModel][])('is not written with %s', (_, spoilt) => {
    expect(() => treesOnnx(spoilt, calibrator, metadata)).toThrow(RangeError);
  });

  it.each([
    ['a slope that is not finite', { kind: 'platt', slope: Number.NaN, intercept: 0 }],
    ['a step without a value', { kind: 'isotonic', thresholds: [0], values: [0.5] }],
    ['steps that do not rise', { kind: 'isotonic', thresholds: [1, 1], values: [0.1, 0.2, 0.3] }],
    ['a value that is not finite', { kind: 'isotonic', thresholds: [], values: [Number.NaN] }],
  ] satisfies [string, Calibrator][])('is not written with a calibrator with %s', (_, spoilt) => {
    expect(() => treesOnnx(model, spoilt, metadata)).toThrow(RangeError);
  });
});
