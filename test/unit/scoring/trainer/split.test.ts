import { describe, expect, it } from '@jest/globals';
import { createNodes, setLeaf, type Nodes } from '../../../../domain/scoring/trainer/nodes.ts';
import { findSplit } from '../../../../domain/scoring/trainer/split.ts';

const rules = { l2: 0, minLeafWeight: 1, monotone: null };

/** Looks for the best split of one node, given the sums of each bin of each feature: gradient and hessian, missing values first. */
function bestOf(
  features: readonly (readonly (readonly [number, number])[])[],
  settings: Parameters<typeof findSplit>[5] = rules,
): Nodes {
  const nodes = createNodes(1);
  const offsets = [0];
  for (const bins of features) offsets.push(offsets.at(-1)! + 2 * bins.length);
  const [gradient, hessian] = [0, 1].map((side) => features[0]!.reduce((sum, pair) => sum + pair[side]!, 0));
  setLeaf(nodes, 0, 0, 1, gradient!, hessian!, -Infinity, Infinity);
  findSplit(
    nodes,
    0,
    Float64Array.from(features.flat(2)),
    Int32Array.from(offsets),
    Int32Array.from(features.keys()),
    settings,
  );
  return nodes;
}

describe('the best split', () => {
  it('gains what both sides score beyond the whole', () => {
    const nodes = bestOf(
      [
        [
          [0, 0],
          [-6, 3],
          [2, 1],
          [4, 4],
        ],
      ],
      { ...rules, l2: 1 },
    );
    expect([nodes.bin[0], nodes.leftGradient[0], nodes.leftHessian[0]]).toEqual([1, -6, 3]);
    expect(nodes.gain[0]).toBeCloseTo(36 / 4 + 36 / 6 - 0, 9);
  });

  it('leaves no side lighter than allowed', () => {
    const bins = [
      [0, 0],
      [-9, 0.9],
      [3, 2],
      [6, 2],
    ] as const;
    expect(bestOf([bins]).bin[0]).toBe(2);
    expect(bestOf([bins], { ...rules, minLeafWeight: 3 }).gain[0]).toBe(0);
  });

  it('is none where nothing is gained', () => {
    expect(
      bestOf([
        [
          [0, 0],
          [2, 2],
          [3, 3],
          [1, 1],
        ],
      ]).gain[0],
    ).toBe(0);
  });

  it('of equal ones is the first, even if a later one seems better by what subtractions left behind', () => {
    const clean = [
      [0, 0],
      [-5, 5],
      [5, 5],
    ] as const;
    const residue = [
      [0, 0],
      [-5 - 1e-13, 5],
      [5 + 1e-13, 5],
    ] as const;
    expect(bestOf([clean, residue]).feature[0]).toBe(0);
    expect(
      bestOf([
        [
          [0, 0],
          [-5, 5],
          [-1e-9, 1e-10],
          [5, 5],
        ],
      ]).bin[0],
    ).toBe(1);
  });

  it('sends rows without a value where they fit, or apart from all others', () => {
    const left = bestOf([
      [
        [-4, 2],
        [-4, 2],
        [8, 4],
      ],
    ]);
    expect([left.bin[0], left.missingLeft[0], left.leftGradient[0]]).toEqual([1, 1, -8]);
    const right = bestOf([
      [
        [4, 2],
        [-8, 4],
        [4, 2],
      ],
    ]);
    expect([right.bin[0], right.missingLeft[0], right.leftGradient[0]]).toEqual([1, 0, -8]);
    const apart = bestOf([
      [
        [-8, 4],
        [4, 2],
        [4, 2],
      ],
    ]);
    expect([apart.bin[0], apart.missingLeft[0], apart.leftGradient[0]]).toEqual([2, 0, 8]);
  });

  it('is none where only the way that a constraint forbids would help', () => {
    const rising = [
      [0, 0],
      [5, 5],
      [-5, 5],
    ] as const;
    expect(bestOf([rising], { ...rules, monotone: [1] }).gain[0]).toBeCloseTo(10, 6);
    expect(bestOf([rising], { ...rules, monotone: [-1] }).gain[0]).toBe(0);
  });
});
