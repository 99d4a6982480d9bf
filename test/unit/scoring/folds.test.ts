import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { forwardSplit, groupedFolds } from '../../../domain/scoring/trainer/folds.ts';

describe('groupedFolds', () => {
  it('never parts a group, leaves no fold empty and uses every row', () => {
    const rows = fc.array(fc.record({ group: fc.integer({ min: 0, max: 30 }), label: fc.constantFrom(0, 1) }), {
      minLength: 40,
      maxLength: 200,
    });
    fc.assert(
      fc.property(rows, fc.integer({ min: 2, max: 5 }), fc.nat(), (drawn, folds, seed) => {
        const groups = drawn.map(({ group }) => group);
        fc.pre(new Set(groups).size >= folds);
        const found = groupedFolds(
          drawn.map(({ label }) => label),
          { folds, seed, groups },
        );
        const foldOf = new Map<number, number>();
        groups.forEach((group, i) => {
          expect(foldOf.get(group) ?? found[i]).toBe(found[i]);
          foldOf.set(group, found[i]!);
        });
        expect(new Set(found).size).toBe(folds);
      }),
    );
  });

  it('gives each fold about as many rows and as many positives', () => {
    const labels = Array.from({ length: 1_003 }, (_, i) => (i % 9 === 0 ? 1 : 0));
    const found = groupedFolds(labels, { folds: 5, seed: 1 });
    for (let fold = 0; fold < 5; fold += 1) {
      const rows = labels.filter((_, i) => found[i] === fold);
      expect(Math.abs(rows.length - 200.6)).toBeLessThan(2);
      expect(Math.abs(rows.filter((label) => label === 1).length - 22.4)).toBeLessThan(2);
    }
  });

  it('gives each fold cheap and dear values alike', () => {
    const values = Array.from({ length: 1_000 }, (_, i) => ((i * 7_919) % 1_000) ** 2);
    const found = groupedFolds(values, { folds: 5, seed: 2 });
    const dear = [0, 1, 2, 3, 4].map((fold) => values.filter((v, i) => found[i] === fold && v >= 900 ** 2).length);
    expect(dear).toEqual([20, 20, 20, 20, 20]);
  });

  it('balances groups of very different size', () => {
    const groups = Array.from({ length: 1_000 }, (_, i) => (i < 200 ? 'a chain' : `home ${i}`));
    const found = groupedFolds(Array<number>(1_000).fill(0), { folds: 5, seed: 3, groups });
    for (let fold = 0; fold < 5; fold += 1) expect(found.filter((of) => of === fold)).toHaveLength(200);
  });

  it('spreads positives evenly though one fold holds a large group of negatives', () => {
    const labels = [...Array<number>(50).fill(0), ...Array<number>(20).fill(1)];
    const groups = labels.map((_, i) => (i < 40 ? 'a chain' : `home ${i}`));
    const found = groupedFolds(labels, { folds: 5, seed: 7, groups });
    for (let fold = 0; fold < 5; fold += 1) expect(found.slice(50).filter((of) => of === fold)).toHaveLength(4);
  });

  it('repeats itself by its seed, and is another for another seed', () => {
    const labels = Array.from({ length: 300 }, (_, i) => i % 2);
    const first = groupedFolds(labels, { folds: 5, seed: 4 });
    expect(groupedFolds(labels, { folds: 5, seed: 4 })).toEqual(first);
    expect(groupedFolds(labels, { folds: 5, seed: 5 })).not.toEqual(first);
  });

  it('does not follow the order of rows', () => {
    const found = groupedFolds(Array<number>(100).fill(0), { folds: 2, seed: 6 });
    const firstHalf = found.slice(0, 50).filter((fold) => fold === 0).length;
    expect(firstHalf).toBeGreaterThan(15);
    expect(firstHalf).toBeLessThan(35);
    expect(found.some((fold, i) => i > 1 && fold === found[i - 1])).toBe(true);
  });

  it('says when there is too little to part', () => {
    expect(() => groupedFolds([0, 1, 1], { folds: 2, seed: 1, groups: ['a', 'a', 'a'] })).toThrow(
      expect.objectContaining({ code: 'DATASET_UNUSABLE' }),
    );
    expect(() => groupedFolds([0, 1, 1], { folds: 1, seed: 1 })).toThrow(RangeError);
  });
});

describe('forwardSplit', () => {
  it('learns from before and judges from the instant on', () => {
    const { train, test, leftOut } = forwardSplit([1, 5, 3, 4, NaN], 4);
    expect([[...train], [...test], leftOut]).toEqual([[0, 2], [1, 3], 1]);
  });

  it('does not learn from an earlier sale of a property that is judged', () => {
    const { train, test, leftOut } = forwardSplit([1, 2, 9, 1], 5, ['a', 'b', 'a', null]);
    expect([[...train], [...test], leftOut]).toEqual([[1, 3], [2], 1]);
  });
});
