import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { valueIntervals, valueMetrics } from '../../../domain/scoring/judge/value-metrics.ts';

const homes = fc.array(
  fc.record({ actual: fc.integer({ min: 1, max: 20 }), predicted: fc.integer({ min: 1, max: 30 }) }),
  { minLength: 1, maxLength: 30 },
);

function middleOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2;
}

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('valueMetrics', () => {
  it('has the keys of the contract, in its order', () => {
    expect(Object.keys(valueMetrics([1], [1]))).toEqual([
      'n',
      'mdape',
      'mape',
      'rmse',
      'r2',
      'within10',
      'within20',
      'cod',
      'coverage90',
    ]);
  });

  it('gives the values of an example by hand', () => {
    const metrics = valueMetrics([100, 200, 400, 500], [110, 150, 400, 600], [90, 160, 300, 550], [120, 240, 500, 650]);
    expect(metrics).toEqual({
      n: 4,
      mdape: expect.closeTo(0.15, 12),
      mape: expect.closeTo((0.1 + 0.25 + 0 + 0.2) / 4, 12),
      rmse: expect.closeTo(Math.sqrt((100 + 2_500 + 0 + 10_000) / 4), 10),
      r2: expect.closeTo(1 - 12_600 / 100_000, 12),
      within10: 0.5,
      within20: 0.75,
      // Ratios 1.1, 0.75, 1, 1.2: median 1.05, distances 0.05, 0.3, 0.05, 0.15.
      cod: expect.closeTo(0.55 / 4 / 1.05, 12),
      coverage90: 0.75,
    });
  });

  it('agrees with definitions written out', () => {
    fc.assert(
      fc.property(homes, (rows) => {
        const actual = rows.map((row) => row.actual);
        const predicted = rows.map((row) => row.predicted);
        const errors = rows.map((row) => Math.abs(row.predicted - row.actual) / row.actual);
        const ratios = rows.map((row) => row.predicted / row.actual);
        const metrics = valueMetrics(actual, predicted);
        expect(metrics.mdape).toBeCloseTo(middleOf(errors), 10);
        expect(metrics.mape).toBeCloseTo(average(errors), 10);
        const middle = middleOf(ratios);
        expect(metrics.cod).toBeCloseTo(average(ratios.map((ratio) => Math.abs(ratio - middle))) / middle, 10);
      }),
    );
  });

  it('counts a row of weight three as three rows, and one of weight none not at all', () => {
    fc.assert(
      fc.property(homes, fc.infiniteStream(fc.integer({ min: 0, max: 3 })), (rows, stream) => {
        const weights = rows.map(() => stream.next().value as number);
        const copies = rows.flatMap((row, i) => Array<(typeof rows)[number]>(weights[i]!).fill(row));
        const figures = (of: typeof rows, by?: number[]) => {
          const { n: _, ...rest } = valueMetrics(
            of.map((row) => row.actual),
            of.map((row) => row.predicted),
            undefined,
            undefined,
            by,
          );
          return Object.values(rest).map((value) => (value === null ? null : Math.round(value * 1e9) / 1e9));
        };
        expect(figures(rows, weights)).toEqual(figures(copies));
      }),
    );
  });

  it('says null where rows do not define a figure', () => {
    const nothing = { mdape: null, mape: null, rmse: null, r2: null, within10: null, cod: null, coverage90: null };
    expect(valueMetrics([], [])).toMatchObject({ n: 0, ...nothing });
    expect(valueMetrics([0, 5], [1, 5])).toMatchObject({
      mdape: null,
      within10: null,
      cod: null,
      rmse: Math.sqrt(0.5),
    });
    expect(valueMetrics([0.1, 0.1, 0.1], [0.1, 0.2, 0.1]).r2).toBeNull();
    expect(valueMetrics([-5, 5], [-5, 5])).toMatchObject({ mdape: 0, cod: null });
  });

  it('counts coverage over the rows that have a range', () => {
    expect(valueMetrics([1, 1, 1], [1, 1, 1], [0, 2, NaN], [2, 3, NaN]).coverage90).toBe(0.5);
    expect(valueMetrics([1], [1], [NaN], [NaN]).coverage90).toBeNull();
  });

  it.each<[string, () => unknown]>([
    ['an estimate that is no number', () => valueMetrics([1], [NaN])],
    ['a value that is endless', () => valueMetrics([Infinity], [1])],
    ['a range with one end', () => valueMetrics([1], [1], [0])],
    ['columns of different length', () => valueMetrics([1, 2], [1])],
  ])('refuses %s', (_what, ask) => {
    expect(ask).toThrow(RangeError);
  });
});

describe('valueIntervals', () => {
  it('surround the figures and repeat themselves by the seed', () => {
    const actual = Array.from({ length: 300 }, (_, i) => 100 + ((i * 53) % 97));
    const predicted = actual.map((value, i) => value * (0.9 + ((i * 31) % 21) / 100));
    const found = valueIntervals({ actual, predicted }, { seed: 9 });
    const { mdape, cod } = valueMetrics(actual, predicted);
    expect(found.mdape!.low).toBeLessThanOrEqual(mdape!);
    expect(found.mdape!.high).toBeGreaterThanOrEqual(mdape!);
    expect(found.cod!.high).toBeGreaterThan(cod!);
    expect(found.coverage90).toBeNull();
    expect(valueIntervals({ actual, predicted }, { seed: 9 })).toEqual(found);
  });
});
