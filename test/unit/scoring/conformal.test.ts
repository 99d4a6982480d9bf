import { describe, expect, it } from '@jest/globals';
import { fitRanges, rangeAround, segmentFrom } from '../../../domain/scoring/trainer/conformal.ts';
import { createRandom } from '../../support/random.ts';

/** Log estimates whose errors have heavy tails and lean to one side: nothing like a bell. */
function drawn(rows: number, seed: number, spread = 1) {
  const random = createRandom(seed);
  const unit = (): number => (random.below(1_000_000) + 0.5) / 1_000_000;
  const predicted = Float64Array.from({ length: rows }, () => 12 + 2 * unit());
  const actual = predicted.map((value) => value + spread * 0.1 * (-Math.log(unit()) - 0.5) * (unit() < 0.1 ? 4 : 1));
  return { actual, predicted };
}

function coverageOf(
  ranges: ReturnType<typeof fitRanges>,
  { actual, predicted }: ReturnType<typeof drawn>,
  segment?: string,
): number {
  const inside = actual.filter((value, i) => {
    const { low, high } = rangeAround(ranges, predicted[i]!, segment)!;
    return Math.exp(value) >= low && Math.exp(value) <= high;
  });
  return inside.length / actual.length;
}

describe('fitRanges', () => {
  it('covers nine in ten of values not seen, whatever their errors look like', () => {
    const { actual, predicted } = drawn(4_000, 1);
    const covered = coverageOf(fitRanges(actual, predicted), drawn(20_000, 2));
    expect(covered).toBeGreaterThan(0.88);
    expect(covered).toBeLessThan(0.92);
  });

  it('covers at least its share on average even when learnt from few rows', () => {
    let covered = 0;
    for (let world = 0; world < 200; world += 1) {
      const { actual, predicted } = drawn(19, 100 + world);
      covered += coverageOf(fitRanges(actual, predicted), drawn(200, 900 + world)) / 200;
    }
    expect(covered).toBeGreaterThan(0.88);
  });

  it('takes the distance of the right rank', () => {
    const actual = Array.from({ length: 19 }, (_, i) => i + 1);
    const { width, n } = fitRanges(actual, Array<number>(19).fill(0));
    // ⌈20 × 0.9⌉ = 18.
    expect([width, n]).toEqual([18, 19]);
    expect(fitRanges(actual, Array<number>(19).fill(0), { coverage: 0.5 }).width).toBe(10);
  });

  it('knows nothing from fewer than nine rows, and says so', () => {
    const ranges = fitRanges([1, 2, 3, 4, 5, 6, 7, 8], Array<number>(8).fill(0));
    expect(ranges.width).toBeNull();
    expect(rangeAround(ranges, 12)).toBeNull();
    expect(fitRanges([], []).width).toBeNull();
  });

  it('gives a segment a width of its own from enough rows on, and the common one below', () => {
    const calm = drawn(segmentFrom, 3, 0.3);
    const wild = drawn(segmentFrom - 1, 4, 3);
    const ranges = fitRanges([...calm.actual, ...wild.actual], [...calm.predicted, ...wild.predicted], {
      segments: [...calm.actual].map(() => 'calm').concat([...wild.actual].map(() => 'wild')),
    });
    expect(Object.keys(ranges.segments)).toEqual(['calm']);
    expect(ranges.segments.calm!.n).toBe(segmentFrom);
    expect(ranges.segments.calm!.width).toBeLessThan(ranges.width! / 3);
    expect(coverageOf(ranges, drawn(5_000, 5, 0.3), 'calm')).toBeGreaterThan(0.86);
    expect(rangeAround(ranges, 12, 'wild')).toEqual(rangeAround(ranges, 12));
    expect(rangeAround(ranges, 12, 'toString')).toEqual(rangeAround(ranges, 12));
    expect(JSON.parse(JSON.stringify(ranges))).toEqual(ranges);
  });

  it('holds a width of float32 that is never narrower than the distance', () => {
    const distances = Array.from({ length: 99 }, (_, i) => 0.1 + i / 3_000);
    const { width } = fitRanges(distances, Array<number>(99).fill(0));
    expect(Math.fround(width!)).toBe(width);
    expect(width).toBeGreaterThanOrEqual(distances[89]!);
    expect(width).toBeLessThan(distances[90]!);
  });

  it('refuses what is no number, and columns of different length', () => {
    expect(() => fitRanges([1, NaN], [1, 1])).toThrow(RangeError);
    expect(() => fitRanges([1], [1, 2])).toThrow(RangeError);
  });
});
