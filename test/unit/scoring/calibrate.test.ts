import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { classifyMetrics } from '../../../domain/scoring/judge/metrics.ts';
import { calibrated, fitCalibrator, isotonicFrom } from '../../../domain/scoring/trainer/calibrate.ts';
import type { Calibrator } from '../../../domain/scoring/trainer/calibrator.ts';
import { fitLine } from '../../../domain/scoring/trainer/platt.ts';
import { createRandom } from '../../support/random.ts';

const chanceOf = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

/** Margins from −4 to 4, and labels drawn with the chance that `truth` says. */
function drawn(rows: number, seed: number, truth: (margin: number) => number) {
  const random = createRandom(seed);
  const margins = Float64Array.from({ length: rows }, () => (random.below(8_000_001) - 4_000_000) / 1_000_000);
  const labels = Float32Array.from(margins, (margin) => (random.chance(truth(margin)) ? 1 : 0));
  return { margins, labels };
}

const saidBy = (calibrator: Calibrator, margins: Float64Array): Float64Array =>
  margins.map((margin) => calibrated(calibrator, margin));

describe('fitCalibrator, by evidence', () => {
  it('draws Platt’s line with few rows, and finds the line they came from', () => {
    const { margins, labels } = drawn(1_800, 1, (margin) => chanceOf(0.6 * margin - 1));
    const calibrator = fitCalibrator(margins, labels);
    expect(calibrator.kind).toBe('platt');
    if (calibrator.kind !== 'platt') return;
    expect(calibrator.slope).toBeCloseTo(0.6, 0.7);
    expect(calibrator.intercept).toBeCloseTo(-1, 0.7);
    expect([calibrator.slope, calibrator.intercept].map(Math.fround)).toEqual([calibrator.slope, calibrator.intercept]);
  });

  it('learns a curve from a thousand rows of the rarer class on, and not from one row less', () => {
    const margins = Float64Array.from({ length: 4_000 }, (_, i) => i / 1_000);
    const labels = (positives: number): number[] => Array.from(margins, (_, i) => (i >= 4_000 - positives ? 1 : 0));
    expect(fitCalibrator(margins, labels(isotonicFrom)).kind).toBe('isotonic');
    expect(fitCalibrator(margins, labels(isotonicFrom - 1)).kind).toBe('platt');
    expect(fitCalibrator(margins, labels(4_000 - isotonicFrom + 1)).kind).toBe('platt');
  });

  it('follows a truth that no line can follow, on rows it has not seen', () => {
    const truth = (margin: number): number => (margin < 1 ? 0.1 : 0.28 * margin - 0.18);
    const { margins, labels } = drawn(20_000, 2, truth);
    const calibrator = fitCalibrator(margins, labels);
    expect(calibrator.kind).toBe('isotonic');
    const fresh = drawn(20_000, 3, truth);
    const { ece } = classifyMetrics(fresh.labels, saidBy(calibrator, fresh.margins));
    const line = fitLine({ ...fresh, weights: new Float64Array(20_000).fill(1) });
    const byLine = fresh.margins.map((margin) => chanceOf(line.slope * margin + line.intercept));
    expect(ece).toBeLessThan(0.015);
    expect(classifyMetrics(fresh.labels, byLine).ece).toBeGreaterThan(2 * ece!);
  });

  it('is a step function of float32 numbers that never falls, and hardly changes the ranking', () => {
    const { margins, labels } = drawn(10_000, 4, (margin) => chanceOf(margin));
    const calibrator = fitCalibrator(margins, labels);
    if (calibrator.kind !== 'isotonic') throw new Error('expected a curve');
    const { thresholds, values } = calibrator;
    expect(values).toHaveLength(thresholds.length + 1);
    for (const numbers of [thresholds, values]) {
      expect(numbers.map(Math.fround)).toEqual(numbers);
      expect(numbers.every((value, i) => i === 0 || value > numbers[i - 1]!)).toBe(true);
    }
    expect(values[0]).toBeGreaterThan(0);
    expect(values.at(-1)).toBeLessThan(1);
    expect(values.every((value, i) => i === 0 || value - values[i - 1]! <= 0.0051)).toBe(true);
    const before = classifyMetrics(labels, margins.map(chanceOf)).auc!;
    expect(classifyMetrics(labels, saidBy(calibrator, margins)).auc).toBeCloseTo(before, 4);
  });

  it('says the rate of each margin where margins are few, in whatever order their rows came', () => {
    const rates = [0.1, 0.3, 0.7];
    const rows = rates.flatMap((rate, margin) =>
      Array.from({ length: 3_000 }, (_, i) => ({ margin, label: i < 3_000 * rate ? 1 : 0 })),
    );
    const calibrator = fitCalibrator(
      rows.map(({ margin }) => margin),
      rows.map(({ label }) => label),
    );
    expect(calibrator.kind).toBe('isotonic');
    rates.forEach((rate, margin) => expect(Math.abs(calibrated(calibrator, margin) - rate)).toBeLessThan(0.006));
  });

  it('gives a step to the margin at its threshold, and the next one to what is above', () => {
    const steps: Calibrator = { kind: 'isotonic', thresholds: [0, 1], values: [0.1, 0.5, 0.75] };
    expect([-5, 0, 0.5, 1, 1.01].map((margin) => calibrated(steps, margin))).toEqual([0.1, 0.1, 0.5, 0.5, 0.75]);
    expect(calibrated(steps, NaN)).toBeNaN();
  });
});

describe('fitCalibrator, guarded', () => {
  /** As when an old model meets a market that has turned: those it called likely bought least. */
  const turned = drawn(3_000, 5, (margin) => chanceOf(-0.8 * margin - 1));

  it('does not turn a ranking round where an unguarded line would', () => {
    const weights = new Float64Array(3_000).fill(1);
    expect(fitLine({ ...turned, weights }).slope).toBeLessThan(-0.5);
    const calibrator = fitCalibrator(turned.margins, turned.labels);
    expect(calibrator).toMatchObject({ kind: 'platt', slope: 1 });
    const said = saidBy(calibrator, turned.margins);
    const order = [...turned.margins.keys()].sort((a, b) => turned.margins[a]! - turned.margins[b]!);
    expect(order.every((row, i) => i === 0 || said[row]! >= said[order[i - 1]!]!)).toBe(true);
  });

  it('still says the base rate on average then', () => {
    const said = saidBy(fitCalibrator(turned.margins, turned.labels), turned.margins);
    const mean = (values: Float32Array | Float64Array): number =>
      (values as Float64Array).reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(said)).toBeCloseTo(mean(turned.labels), 3);
  });

  it('never lets the more likely fall behind, whatever the rows', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.constantFrom(0, 1)), {
      minLength: 1,
      maxLength: 10,
    });
    fc.assert(
      fc.property(rows, fc.boolean(), (drawnRows, many) => {
        // Copies make evidence enough for a curve.
        const copies = many ? Array<typeof drawnRows>(isotonicFrom).fill(drawnRows).flat() : drawnRows;
        const calibrator = fitCalibrator(
          copies.map(([margin]) => margin / 4),
          copies.map(([, label]) => label),
        );
        const said = Array.from({ length: 61 }, (_, i) => calibrated(calibrator, (i - 30) / 5));
        expect(said.every((value, i) => value >= 0 && value <= 1 && (i === 0 || value >= said[i - 1]!))).toBe(true);
        expect(said[60]).toBeGreaterThan(said[0]!);
      }),
      { numRuns: 25 },
    );
  });

  it('is bounded where margins separate the classes, and where there is one class only', () => {
    const margins = [-3, -2, -1, 1, 2, 3];
    const apart = fitCalibrator(margins, [0, 0, 0, 1, 1, 1]);
    expect(apart.kind === 'platt' && apart.slope > 0 && Number.isFinite(apart.slope)).toBe(true);
    const one = fitCalibrator(margins, [1, 1, 1, 1, 1, 1]);
    expect(one).toMatchObject({ kind: 'platt', slope: 1 });
    const said = margins.map((margin) => calibrated(one, margin));
    expect(said.reduce((sum, value) => sum + value, 0) / 6).toBeCloseTo(7 / 8, 5);
  });

  it('says the base rate where all margins are alike', () => {
    const calibrator = fitCalibrator(Array(2_000).fill(0.25), [...Array(1_000).fill(1), ...Array(1_000).fill(0)]);
    expect(calibrated(calibrator, 0.25)).toBeCloseTo(0.5, 5);
  });

  it('lets rows without weight say nothing', () => {
    const { margins, labels } = drawn(500, 6, (margin) => chanceOf(margin));
    const more = Float64Array.from([...margins, 9, 9, 9]);
    const weights = more.map((_, i) => (i < 500 ? 1 : 0));
    const weighted = fitCalibrator(more, [...labels, 0, 0, 0], weights);
    const plain = fitCalibrator(margins, labels);
    expect(calibrated(weighted, 1)).toBeCloseTo(calibrated(plain, 1), 5);
  });

  it.each<[string, () => unknown]>([
    ['a margin that is no number', () => fitCalibrator([NaN, 1], [0, 1])],
    ['no rows', () => fitCalibrator([], [])],
    ['labels of neither class', () => fitCalibrator([1, 2], [0, 3])],
  ])('refuses %s', (_what, ask) => {
    expect(ask).toThrow(RangeError);
  });
});
