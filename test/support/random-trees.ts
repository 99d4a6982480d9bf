import type { Calibrator } from '../../domain/scoring/trainer/calibrator.ts';
import { type Tree, type TreeModel, treeOf } from '../../domain/scoring/trainer/tree-model.ts';
import type { TreesMetadata } from '../../domain/scoring/onnx/trees-metadata.ts';
import type { Random } from './random.ts';

export interface Shape {
  readonly trees: number;
  readonly leaves: number;
  readonly features: number;
  /** The newest leaf is split each time, so that a tree is as deep as it has leaves. */
  readonly deep?: boolean;
}

/** Trees that nobody trained, about features that lie on a coarse grid, so that rows often stand exactly on a threshold. */
export function randomModel(random: Random, objective: TreeModel['objective'], shape: Shape): TreeModel {
  return {
    objective,
    base: Math.fround(objective === 'logistic' ? between(random, -1, 1) : 13),
    features: shape.features,
    trees: Array.from({ length: shape.trees }, () => randomTree(random, shape)),
  };
}

function randomTree(random: Random, { leaves, features, deep = false }: Shape): Tree {
  const nodes = [leaf(random)];
  const open = [0];
  for (let count = 1; count < leaves; count++) {
    const [at] = open.splice(deep ? open.length - 1 : random.below(open.length), 1);
    const left = nodes.push(leaf(random), leaf(random)) - 2;
    nodes[at!] = {
      feature: random.below(features),
      threshold: grid(random),
      missingLeft: random.below(2),
      left,
      right: left + 1,
      value: 0,
    };
    open.push(left, left + 1);
  }
  return treeOf(nodes.map((node) => ({ ...node, cover: 1 })));
}

function leaf(random: Random) {
  return { feature: -1, threshold: 0, missingLeft: 0, left: -1, right: -1, value: between(random, -0.1, 0.1) };
}

/** Rows, one after another: a tenth of the values is missing, some are infinite, many lie on a threshold. */
export function randomMatrix(random: Random, rows: number, features: number): Float32Array {
  return Float32Array.from({ length: rows * features }, () => {
    const kind = random.below(20);
    if (kind < 2) return Number.NaN;
    if (kind === 2) return random.chance(0.5) ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    return kind < 10 ? grid(random) : between(random, -4, 4);
  });
}

/** Steps that lie among the margins of random trees. */
export function randomSteps(random: Random, steps: number): Extract<Calibrator, { kind: 'isotonic' }> {
  const rising = (low: number, high: number, length: number): number[] => [
    ...new Float32Array(Array.from({ length }, () => between(random, low, high))).sort(),
  ];
  return { kind: 'isotonic', thresholds: rising(-2, 2, steps), values: rising(0, 1, steps + 1) };
}

/** The margin of each row by a plain walk: the witness that the served margins are compared with. */
export function walk(model: TreeModel, matrix: Float32Array): Float64Array {
  const rows = matrix.length / model.features;
  return Float64Array.from({ length: rows }, (_, row) => {
    const of = (feature: number): number => matrix[row * model.features + feature]!;
    let sum = 0;
    for (const tree of model.trees) {
      let node = 0;
      while (tree.feature[node]! >= 0) {
        const value = of(tree.feature[node]!);
        const goesLeft = Number.isNaN(value) ? tree.missingLeft[node] === 1 : value <= tree.threshold[node]!;
        node = (goesLeft ? tree.left : tree.right)[node]!;
      }
      sum += tree.value[node]!;
    }
    return sum + model.base;
  });
}

/** What a margin means, by the calibrator's definition. */
export function calibratedBy(calibrator: Calibrator | null, margin: number): number {
  if (calibrator?.kind === 'isotonic') {
    const { thresholds, values } = calibrator;
    return values[thresholds.filter((threshold) => margin > threshold).length]!;
  }
  const { slope, intercept } = calibrator ?? { slope: 1, intercept: 0 };
  return 1 / (1 + Math.exp(-(slope * margin + intercept)));
}

export function randomMetadata(features: number): TreesMetadata {
  return {
    name: 'random-trees-1',
    schemaHash: 'schema',
    featureOrder: Array.from({ length: features }, (_, i) => `feature ${i}`),
    window: { from: '2026-01-01', to: '2026-06-30' },
    dataHash: 'data',
    codeVersion: 'test',
  };
}

function between(random: Random, low: number, high: number): number {
  return Math.fround(low + ((high - low) * random.below(2 ** 30)) / 2 ** 30);
}

function grid(random: Random): number {
  return random.below(65) / 8 - 4;
}
