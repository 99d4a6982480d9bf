import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { binColumns } from '../../../../domain/scoring/trainer/bins.ts';

const float32 = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1, 1.0000001192092896, -1, 3.4028234663852886e38, -3.4028234663852886e38, 1e-45),
  fc.constant(NaN),
);

function binned(values: readonly number[], most: number): { codes: number[]; thresholds: Float32Array } {
  const rows = Int32Array.from(values.keys());
  const { codes, thresholds } = binColumns([Float32Array.from(values)], rows, undefined, most);
  return { codes: [...codes[0]!], thresholds: thresholds[0]! };
}

describe('bins', () => {
  it('hold exactly the values that comparing with the thresholds says, and bin 0 those that are missing', () => {
    fc.assert(
      fc.property(fc.array(float32, { maxLength: 60 }), fc.integer({ min: 3, max: 40 }), (values, most) => {
        const { codes, thresholds } = binned(values, most);
        expect(thresholds.length).toBeLessThanOrEqual(most - 1);
        expect([...thresholds].some((threshold) => Object.is(threshold, -0))).toBe(false);
        codes.forEach((code, row) => {
          const value = values[row]!;
          expect(code === 0).toBe(Number.isNaN(value));
          if (code === 0) return;
          expect(value <= thresholds[code - 1]!).toBe(true);
          if (code > 1) expect(value > thresholds[code - 2]!).toBe(true);
        });
      }),
    );
  });

  it('are one per value where these are few, parted halfway', () => {
    const { codes, thresholds } = binned([3, 1, 2, 2, NaN, 3], 255);
    expect(codes).toEqual([3, 1, 2, 2, 0, 3]);
    expect([...thresholds.slice(0, 2)]).toEqual([1.5, 2.5]);
  });

  it('tell neighbouring float32 numbers apart', () => {
    const { codes, thresholds } = binned([16777216, 16777218, 1, 1.0000001192092896, 1.000000238418579], 255);
    expect(new Set(codes).size).toBe(5);
    // Halfway would be rounded up to the greater one.
    expect(thresholds[1]).toBe(1.0000001192092896);
  });

  it('hold about equally many rows where values are many', () => {
    const { codes } = binned(
      Array.from({ length: 10_000 }, (_, i) => (i / 1_000) ** 3),
      51,
    );
    const counts = new Map<number, number>();
    for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
    expect(counts.size).toBe(50);
    expect(Math.max(...counts.values())).toBeLessThanOrEqual(210);
    expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(190);
  });

  it('give a value that most rows have a bin of its own, and spend the rest on the others', () => {
    const values = [...Array.from({ length: 9_000 }, () => 0), ...Array.from({ length: 1_000 }, (_, i) => i - 500.5)];
    const { codes, thresholds } = binned(values, 21);
    const zero = codes[0]!;
    expect(codes.filter((code) => code === zero)).toHaveLength(9_000);
    expect(thresholds.length).toBeGreaterThan(15);
  });

  it('are drawn from the rows that count alone', () => {
    const { thresholds } = binColumns([Float32Array.of(1, 2, 100)], Int32Array.of(0, 1), undefined, 255);
    expect(thresholds[0]![0]).toBe(1.5);
    expect(thresholds[0]).toHaveLength(2);
  });

  it('are of equal weight, not of equally many rows', () => {
    const values = Float32Array.from({ length: 1_000 }, (_, i) => i);
    const weights = values.map((value) => (value < 100 ? 9 : 1));
    const rows = Int32Array.from(values);
    const { thresholds } = binColumns([values], rows, weights, 11);
    expect(thresholds[0]!.filter((threshold) => threshold < 100)).toHaveLength(5);
    expect(thresholds[0]).toHaveLength(10);
  });
});
