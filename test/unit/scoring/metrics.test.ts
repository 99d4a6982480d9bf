import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { classifyIntervals, classifyMetrics } from '../../../domain/scoring/judge/metrics.ts';
import { reliability } from '../../../domain/scoring/judge/reliability.ts';
import { selective } from '../../../domain/scoring/judge/selective.ts';

/** Few different probabilities, so that most rows tie with others. */
const rowsOf = (least: number) =>
  fc.array(fc.record({ label: fc.constantFrom(0, 1), probability: fc.integer({ min: 0, max: 8 }).map((k) => k / 8) }), {
    minLength: least,
    maxLength: 40,
  });
const labelsOf = (rows: readonly { label: number }[]): number[] => rows.map(({ label }) => label);
const probabilitiesOf = (rows: readonly { probability: number }[]): number[] =>
  rows.map(({ probability }) => probability);

/** By its meaning: how often a positive stands above a negative, over all pairs. */
function aucByPairs(labels: readonly number[], probabilities: readonly number[]): number | null {
  let won = 0;
  let pairs = 0;
  labels.forEach((a, i) => {
    labels.forEach((b, j) => {
      if (a !== 1 || b !== 0) return;
      pairs += 1;
      if (probabilities[i]! > probabilities[j]!) won += 1;
      else if (probabilities[i] === probabilities[j]) won += 0.5;
    });
  });
  return pairs === 0 ? null : won / pairs;
}

/** By its meaning: at every threshold, precision times what recall gains there. */
function precisionByThresholds(labels: readonly number[], probabilities: readonly number[]): number | null {
  const positives = labels.filter((label) => label === 1).length;
  if (positives === 0) return null;
  let sum = 0;
  let recallBefore = 0;
  for (const threshold of [...new Set(probabilities)].sort((a, b) => b - a)) {
    const taken = labels.filter((_, i) => probabilities[i]! >= threshold);
    const found = taken.filter((label) => label === 1).length;
    sum += (found / positives - recallBefore) * (found / taken.length);
    recallBefore = found / positives;
  }
  return sum;
}

/** By its meaning: of every set "all that are at least this sure", the largest that is right often enough. */
function coverageBySets(labels: readonly number[], probabilities: readonly number[], accuracy: number): number {
  const sure = (p: number): number => Math.max(p, 1 - p);
  const shares = probabilities.map((edge) => {
    const set = labels.flatMap((label, i) => (sure(probabilities[i]!) >= sure(edge) ? [{ label, i }] : []));
    const right = set.filter(({ label, i }) => (probabilities[i]! >= 0.5 ? 1 : 0) === label).length;
    return right / set.length >= accuracy - 1e-12 ? set.length / labels.length : 0;
  });
  return Math.max(0, ...shares);
}

describe('classifyMetrics', () => {
  it('has the keys of the contract, in its order', () => {
    const metrics = classifyMetrics([0, 1], [0.2, 0.7]);
    expect(Object.keys(metrics)).toEqual([
      'n',
      'auc',
      'averagePrecision',
      'logLoss',
      'brier',
      'ece',
      'liftTopDecile',
      'accuracy',
      'baseRate',
      'selective',
    ]);
    expect(metrics.selective).toEqual([
      { accuracy: 0.98, coverage: 1 },
      { accuracy: 0.95, coverage: 1 },
    ]);
  });

  it('gives the values of a textbook example, ties among them', () => {
    const labels = [0, 0, 1, 1, 0];
    const probabilities = [0.1, 0.4, 0.35, 0.8, 0.35];
    const metrics = classifyMetrics(labels, probabilities);
    // Pairs: 0.35 beats 0.1, ties 0.35, loses to 0.4; 0.8 beats all three.
    expect(metrics.auc).toBeCloseTo(4.5 / 6, 12);
    expect(metrics.averagePrecision).toBeCloseTo(0.5 * 1 + 0.5 * (2 / 4), 12);
    const said = labels.map((label, i) => (label === 1 ? probabilities[i]! : 1 - probabilities[i]!));
    expect(metrics.logLoss).toBeCloseTo(-said.reduce((sum, p) => sum + Math.log(p), 0) / 5, 12);
    expect(metrics.brier).toBeCloseTo((0.01 + 0.16 + 0.4225 + 0.04 + 0.1225) / 5, 12);
    // Bins: {0.1}, {0.35, 0.35}, {0.4}, {0.8}.
    expect(metrics.ece).toBeCloseTo((0.1 + Math.abs(0.7 - 1) + 0.4 + 0.2) / 5, 12);
    // The top tenth is half a row: the one at 0.8, a positive, where 2 of 5 are.
    expect(metrics.liftTopDecile).toBeCloseTo(1 / 0.4, 12);
    expect(metrics.accuracy).toBeCloseTo(4 / 5, 12);
    expect(metrics.baseRate).toBeCloseTo(2 / 5, 12);
  });

  it('agrees with brute force over all pairs, thresholds and sets', () => {
    fc.assert(
      fc.property(rowsOf(1), (rows) => {
        const [labels, probabilities] = [labelsOf(rows), probabilitiesOf(rows)];
        const metrics = classifyMetrics(labels, probabilities);
        const near = (value: number | null, wanted: number | null): void =>
          wanted === null ? expect(value).toBeNull() : expect(value).toBeCloseTo(wanted, 10);
        near(metrics.auc, aucByPairs(labels, probabilities));
        near(metrics.averagePrecision, precisionByThresholds(labels, probabilities));
        for (const { accuracy, coverage } of metrics.selective) {
          near(coverage, coverageBySets(labels, probabilities, accuracy));
        }
      }),
    );
  });

  it('counts a row of weight three as three rows, and one of weight none not at all', () => {
    fc.assert(
      fc.property(rowsOf(1), fc.infiniteStream(fc.integer({ min: 0, max: 3 })), (rows, stream) => {
        const weights = rows.map(() => stream.next().value as number);
        const copies = rows.flatMap((row, i) => Array<(typeof rows)[number]>(weights[i]!).fill(row));
        const { n: _, ...weighted } = classifyMetrics(labelsOf(rows), probabilitiesOf(rows), weights);
        const { n: __, ...copied } = classifyMetrics(labelsOf(copies), probabilitiesOf(copies));
        const rounded = (figures: object): unknown =>
          JSON.parse(JSON.stringify(figures), (_key, value: unknown) =>
            typeof value === 'number' ? Math.round(value * 1e9) / 1e9 : value,
          );
        expect(rounded(weighted)).toEqual(rounded(copied));
      }),
    );
  });

  it('says null, never a middling number, where rows do not define a figure', () => {
    const none = classifyMetrics([], []);
    expect(none).toMatchObject({ n: 0, auc: null, averagePrecision: null, logLoss: null, ece: null, baseRate: null });
    expect(none.selective[0]).toEqual({ accuracy: 0.98, coverage: null });
    expect(classifyMetrics([0, 0], [0.1, 0.2])).toMatchObject({
      auc: null,
      averagePrecision: null,
      liftTopDecile: null,
      baseRate: 0,
      accuracy: 1,
    });
    expect(classifyMetrics([1, 1], [0.1, 0.2])).toMatchObject({ auc: null, averagePrecision: 1, liftTopDecile: 1 });
  });

  it('gives half for a ranking that knows nothing, and one for a perfect one', () => {
    expect(classifyMetrics([0, 1, 0, 1], [0.3, 0.3, 0.3, 0.3]).auc).toBe(0.5);
    expect(classifyMetrics([0, 1, 0, 1], [0.1, 0.9, 0.2, 0.8])).toMatchObject({ auc: 1, averagePrecision: 1 });
  });

  it('takes of the top tenth what fits, and of a tie at its edge the mean', () => {
    // A tenth of 15 rows is one and a half: the positive at the top, and half of the two that tie, one of them positive.
    const labels = [1, 1, 0, ...Array<number>(12).fill(0)];
    const probabilities = [0.9, 0.8, 0.8, ...Array<number>(12).fill(0.1)];
    expect(classifyMetrics(labels, probabilities).liftTopDecile).toBeCloseTo((1 + 0.25) / 1.5 / (2 / 15), 12);
  });

  it('says yes from even odds up', () => {
    expect(classifyMetrics([1, 0], [0.5, 0.5 - 2 ** -30]).accuracy).toBe(1);
  });

  it('lets a certain mistake cost much, and not without end', () => {
    expect(classifyMetrics([1], [0]).logLoss).toBeCloseTo(-Math.log(1e-15), 6);
  });

  it.each<[string, number[], number[]]>([
    ['a probability that is no number', [1], [NaN]],
    ['one above 1', [1], [1.2]],
    ['a label of neither class', [2], [0.5]],
    ['a probability too few', [0, 1], [0.5]],
  ])('refuses %s', (_what, labels, probabilities) => {
    expect(() => classifyMetrics(labels, probabilities)).toThrow(RangeError);
  });
});

describe('selective', () => {
  it('grows as less is asked, and is nothing where not even the surest suffice', () => {
    const labels = [1, 0, 1, 1];
    const probabilities = [0.99, 0.9, 0.8, 0.4];
    expect(selective(labels, probabilities, 1)).toBe(0.25);
    expect(selective(labels, probabilities, 0.66)).toBe(0.75);
    expect(selective([0], [0.9], 0.98)).toBe(0);
  });

  it('takes equally sure rows together, on whichever side of even odds they stand', () => {
    // 0.1 and 0.9 are equally sure; one of the two is wrong.
    expect(selective([1, 1, 0], [0.1, 0.9, 0.4], 0.98)).toBe(0);
  });
});

describe('reliability', () => {
  it('gives per bin what was said, what came true, how many rows and how sure that is', () => {
    const bins = reliability([0, 0, 1, 1, 1], [0.02, 0.08, 0.05, 1, 0.95]);
    expect(bins.map(({ from, to, n }) => [from, to, n])).toEqual([
      [0, 0.1, 3],
      [0.9, 1, 2],
    ]);
    expect(bins[0]!.predicted).toBeCloseTo(0.05, 12);
    expect(bins[0]!.observed).toBeCloseTo(1 / 3, 12);
    // Wilson's interval of 1 in 3, computed by its published formula with z = 1.96.
    expect(bins[0]!.interval.low).toBeCloseTo(0.0615, 3);
    expect(bins[0]!.interval.high).toBeCloseTo(0.7923, 3);
    expect(bins[1]!.interval.low).toBeCloseTo(0.3424, 3);
    expect(bins[1]!.interval.high).toBe(1);
  });

  it('sums up to the calibration error', () => {
    fc.assert(
      fc.property(rowsOf(1), (rows) => {
        const [labels, probabilities] = [labelsOf(rows), probabilitiesOf(rows)];
        const error = reliability(labels, probabilities).reduce(
          (sum, { n, predicted, observed }) => sum + (n / rows.length) * Math.abs(predicted - observed),
          0,
        );
        expect(classifyMetrics(labels, probabilities).ece).toBeCloseTo(error, 10);
      }),
    );
  });
});

describe('classifyIntervals', () => {
  const labels = Array.from({ length: 400 }, (_, i) => (i % 3 === 0 ? 1 : 0));
  const probabilities = labels.map((label, i) => (((i * 37) % 100) / 100) * 0.7 + label * 0.25);

  it('repeats itself by its seed, surrounds the figure, and is another for another seed', () => {
    const first = classifyIntervals(labels, probabilities, { seed: 5 });
    expect(classifyIntervals(labels, probabilities, { seed: 5 })).toEqual(first);
    expect(classifyIntervals(labels, probabilities, { seed: 6 })).not.toEqual(first);
    const { auc, selective: coverages } = classifyMetrics(labels, probabilities);
    expect(first.auc!.low).toBeLessThan(auc!);
    expect(first.auc!.high).toBeGreaterThan(auc!);
    expect(first.selective[1]!.coverage!.high).toBeGreaterThanOrEqual(coverages[1]!.coverage!);
  });

  it('is null for the calibration error, which draws only enlarge', () => {
    expect(classifyMetrics(labels, probabilities).ece).toBeGreaterThan(0);
    expect(classifyIntervals(labels, probabilities, { seed: 5 }).ece).toBeNull();
  });

  it('is null for one class, which no draw changes', () => {
    expect(classifyIntervals(Array(50).fill(0), Array(50).fill(0.5), { seed: 1 }).auc).toBeNull();
  });
});
