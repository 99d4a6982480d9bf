import { describe, expect, it } from '@jest/globals';
import { bandFrom, fitRanges, rangeAround } from '../../../domain/scoring/trainer/conformal.ts';
import { createRandom } from '../../support/random.ts';

/** Log estimates whose errors have heavy tails and lean to one side: nothing like a bell. */
function drawn(rows: number, seed: number, spread = 1) {
  const random = createRandom(seed);
  const unit = (): number => (random.below(1_000_000) + 0.5) / 1_000_000;
  const predicted = Float64Array.from({ length: rows }, () => 12 + 2 * unit());
  const actual = predicted.map((value) => value + spread * 0.1 * (-Math.log(unit()) - 0.5) * (unit() < 0.1 ? 4 : 1));
  return { actual, predicted };
}

function coverageOf(ranges: ReturnType<typeof fitRanges>, { actual, predicted }: ReturnType<typeof drawn>): number {
  const inside = actual.filter((value, i) => {
    const { low, high } = rangeAround(ranges, predicted[i]!)!;
    return value >= low && value <= high;
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
    expect(fitRanges(actual, Array<number>(19).fill(0), 0.5).width).toBe(10);
  });

  it('knows nothing from fewer than nine rows, and says so', () => {
    const ranges = fitRanges([1, 2, 3, 4, 5, 6, 7, 8], Array<number>(8).fill(0));
    expect(ranges.width).toBeNull();
    expect(rangeAround(ranges, 12)).toBeNull();
    expect(fitRanges([], []).width).toBeNull();
  });

  it('gives the cheap and the dear a width each, from enough rows on', () => {
    const few = drawn(2 * bandFrom - 1, 3);
    expect(fitRanges(few.actual, few.predicted).bands).toEqual([]);
    // Errors three times as large above 13 as below.
    const uneven = (rows: number, seed: number) => {
      const { actual, predicted } = drawn(rows, seed);
      return {
        predicted,
        actual: actual.map((value, i) => predicted[i]! + (value - predicted[i]!) * (predicted[i]! > 13 ? 3 : 1)),
      };
    };
    const { actual, predicted } = uneven(4_000, 4);
    const ranges = fitRanges(actual, predicted);
    expect(ranges.bands.map(({ n }) => n)).toEqual([800, 800, 800, 800, 800]);
    expect(ranges.bands.at(-1)!.upTo).toBeNull();
    expect(ranges.bands[4]!.width / ranges.bands[0]!.width).toBeGreaterThan(2);
    const fresh = uneven(20_000, 5);
    for (const keep of [(value: number) => value < 12.8, (value: number) => value > 13.2]) {
      const rows = [...fresh.predicted.keys()].filter((row) => keep(fresh.predicted[row]!));
      const part = {
        actual: Float64Array.from(rows, (row) => fresh.actual[row]!),
        predicted: Float64Array.from(rows, (row) => fresh.predicted[row]!),
      };
      expect(Math.abs(coverageOf(ranges, part) - 0.9)).toBeLessThan(0.025);
      expect(Math.abs(coverageOf({ ...ranges, bands: [] }, part) - 0.9)).toBeGreaterThan(0.04);
    }
    expect(JSON.parse(JSON.stringify(ranges))).toEqual(ranges);
  });

  it('keeps equal estimates in one band, and leaves none without a width', () => {
    const actual = Array.from({ length: 3_000 }, (_, i) => 5 + (i % 100) / 100);
    const ranges = fitRanges(actual, Array<number>(3_000).fill(5));
    expect(ranges.bands.map(({ n }) => n)).toEqual([3_000]);
    for (const estimate of [4, 5, 6]) expect(rangeAround(ranges, estimate)!.high - estimate).toBeCloseTo(0.89, 1);
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
