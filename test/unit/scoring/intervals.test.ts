import { describe, expect, it } from '@jest/globals';
import { interval, intervals, wilson } from '../../../domain/scoring/judge/intervals.ts';
import { createRandom } from '../../support/random.ts';

/** Weighted mean, as a figure that has a formula of its own for its spread. */
const meanOf =
  (values: readonly number[]) =>
  (weights: Float64Array): number => {
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    return values.reduce((sum, value, i) => sum + value * weights[i]!, 0) / all;
  };

function normals(count: number, seed: number): number[] {
  const random = createRandom(seed);
  const unit = (): number => (random.below(1_000_000) + 0.5) / 1_000_000;
  return Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(unit())) * Math.cos(2 * Math.PI * unit()));
}

describe('interval', () => {
  it('is as wide as theory says of a mean', () => {
    const values = normals(2_000, 3);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    const { low, high } = interval(values.length, meanOf(values), { seed: 1, draws: 600 })!;
    const half = (1.96 * deviation) / Math.sqrt(values.length);
    expect((high - low) / (2 * half)).toBeGreaterThan(0.85);
    expect((high - low) / (2 * half)).toBeLessThan(1.15);
    expect(low).toBeLessThan(mean);
    expect(high).toBeGreaterThan(mean);
  });

  it('holds the truth about 95 times in a hundred', () => {
    let held = 0;
    for (let world = 0; world < 200; world += 1) {
      const values = normals(60, 1_000 + world);
      const { low, high } = interval(values.length, meanOf(values), { seed: world, draws: 200 })!;
      if (low <= 0 && 0 <= high) held += 1;
    }
    expect(held).toBeGreaterThanOrEqual(180);
    expect(held).toBeLessThanOrEqual(199);
  });

  it('draws whole groups: a thousand copies of thirty people know as much as thirty people', () => {
    const people = normals(30, 8);
    const copies = people.flatMap((value) => Array<number>(30).fill(value));
    const groups = people.flatMap((_, person) => Array<string>(30).fill(`person ${person}`));
    const width = (found: { low: number; high: number } | null): number => found!.high - found!.low;
    const plain = width(interval(copies.length, meanOf(copies), { seed: 2 }));
    const grouped = width(interval(copies.length, meanOf(copies), { seed: 2, groups }));
    const alone = width(interval(people.length, meanOf(people), { seed: 2 }));
    expect(grouped / alone).toBeCloseTo(1, 5);
    expect(grouped).toBeGreaterThan(4 * plain);
  });

  it('takes a row without a key for a group of its own', () => {
    const values = normals(40, 9);
    const plain = interval(40, meanOf(values), { seed: 4 });
    expect(interval(40, meanOf(values), { seed: 4, groups: Array<null>(40).fill(null) })).toEqual(plain);
    expect(interval(40, meanOf(values), { seed: 4, groups: Array<string>(40).fill('one') })).toBeNull();
  });

  it('is null with too few groups, and where the figure is undefined too often', () => {
    expect(interval(19, meanOf(normals(19, 1)), { seed: 1 })).toBeNull();
    const first = (weights: Float64Array): number | null => (weights[0] === 0 ? null : 1);
    expect(interval(100, first, { seed: 1 })).toBeNull();
    expect(interval(0, () => null, { seed: 1 })).toBeNull();
  });

  it('never excludes the figure it stands beside', () => {
    // Every draw repeats rows, so the largest share of one row is larger in each than in the rows themselves.
    const largest = (weights: Float64Array): number => Math.max(...weights) / weights.length;
    const found = interval(200, largest, { seed: 1 })!;
    expect(found.low).toBe(1 / 200);
    expect(found.high).toBeGreaterThan(2 / 200);
  });

  it('gives several figures from the same draws', () => {
    const values = normals(50, 12);
    const figure = meanOf(values);
    const both = intervals(50, (weights) => ({ mean: figure(weights), twice: 2 * figure(weights) }), { seed: 3 });
    expect(both.twice!.low).toBeCloseTo(2 * both.mean!.low, 12);
    expect(both.mean).toEqual(interval(50, figure, { seed: 3 }));
  });

  it('refuses group keys for another number of rows', () => {
    expect(() => interval(3, () => 1, { seed: 1, groups: ['a'] })).toThrow(RangeError);
  });
});

describe('wilson', () => {
  it('stays within 0 and 1, and is known where nothing or all was seen', () => {
    expect(wilson(0, 10).low).toBe(0);
    expect(wilson(0, 10).high).toBeCloseTo(0.2775, 3);
    expect(wilson(10, 10).low).toBeCloseTo(0.7225, 3);
    expect(wilson(50, 100).low).toBeCloseTo(0.4038, 3);
  });
});
