import { describe, expect, it } from '@jest/globals';
import { classifyEvaluation, valueEvaluation } from '../../../domain/scoring/card/evaluation.ts';
import { accuracyClaim } from '../../../domain/scoring/card/words.ts';
import { proxyTest } from '../../../domain/scoring/judge/proxy-test.ts';
import { reliability } from '../../../domain/scoring/judge/reliability.ts';
import { selectionRates } from '../../../domain/scoring/judge/selection-rates.ts';
import { barsOf, judgeBars, selectiveTargets } from '../../../domain/scoring/judge/selective.ts';
import { createRandom } from '../../support/random.ts';

const random = createRandom(41);
const people = 120;
const chances = Float64Array.from({ length: people }, () => random.below(1_000) / 1_000);
const labels = Float64Array.from(chances, (chance) => (random.chance(chance) ? 1 : 0));
const weights = Float64Array.from(chances, (_, i) => 1 + (i % 4));
const judged = { method: 'rows', window: null, seed: 3 };

type Evaluation = ReturnType<typeof classifyEvaluation>;
const valuesOf = ({ figures }: Evaluation) => figures.map(({ name, value }) => [name, value?.toFixed(9)]);
const width = (evaluation: Evaluation, name: string): number => {
  const { interval } = evaluation.figures.find((one) => one.name === name)!;
  return interval!.high - interval!.low;
};
/** Each row as often as it weighs; whose copy it is. */
const copies = Array.from(weights).flatMap((weight, i) => Array<number>(weight).fill(i));
const copied = (values: Float64Array): number[] => copies.map((i) => values[i]!);

describe('a judgement by weights and groups', () => {
  const weighed = classifyEvaluation(labels, chances, { ...judged, weights });
  const asCopies = classifyEvaluation(copied(labels), copied(chances), { ...judged, groups: copies });

  it('takes a row of weight 3 for three rows, in every figure, slice, curve and base rate', () => {
    const source = { kind: 'category', values: Array.from(labels, (_, i) => (i % 2 === 0 ? 'web' : 'phone')) } as const;
    const sliced = classifyEvaluation(labels, chances, { ...judged, weights, sliceBy: { source } });
    const twice = { kind: 'category', values: copies.map((i) => source.values[i]!) } as const;
    const sameSlices = classifyEvaluation(copied(labels), copied(chances), {
      ...judged,
      groups: copies,
      sliceBy: { source: twice },
    });
    expect(valuesOf(weighed)).toEqual(valuesOf(asCopies));
    expect(weighed.baseRate).toBeCloseTo(asCopies.baseRate!, 12);
    expect(weighed.baseRate).not.toBeCloseTo(classifyEvaluation(labels, chances, judged).baseRate!, 3);
    expect(weighed.selective.map(({ coverage }) => coverage?.toFixed(9))).toEqual(
      asCopies.selective.map(({ coverage }) => coverage?.toFixed(9)),
    );
    const curve = ({ reliability: bins }: Evaluation) =>
      bins.map(({ predicted, observed, interval }) => [predicted, observed, interval.low].map((one) => one.toFixed(9)));
    expect(curve(weighed)).toEqual(curve(asCopies));
    const parts = ({ slices }: Evaluation) =>
      slices.map(({ level, figures }) => [level, figures.map(({ value }) => value?.toFixed(9))]);
    expect(parts(sliced).sort()).toEqual(parts(sameSlices).sort());
  });

  it('is as unsure of twelve copies of each person as of the people', () => {
    const many = Array.from({ length: 12 * people }, (_, i) => i % people);
    const of = (values: Float64Array): number[] => many.map((i) => values[i]!);
    const apart = classifyEvaluation(of(labels), of(chances), judged);
    const together = classifyEvaluation(of(labels), of(chances), { ...judged, groups: many });
    const alone = classifyEvaluation(labels, chances, judged);
    for (const name of ['auc', 'logLoss', 'brier', 'baseRate']) {
      expect(width(together, name) / width(alone, name)).toBeCloseTo(1, 6);
      expect(width(apart, name)).toBeLessThan(width(alone, name) / 2);
    }
    const bin = (evaluation: Evaluation) => evaluation.reliability[4]!.interval;
    expect(bin(together).high - bin(together).low).toBeCloseTo(bin(alone).high - bin(alone).low, 9);
    expect(bin(apart).high - bin(apart).low).toBeLessThan((bin(alone).high - bin(alone).low) / 2);
  });

  it('weighs values and their ranges as well', () => {
    const actual = chances.map((chance) => 100 + 50 * chance);
    const predicted = actual.map((value, i) => value * (1 + ((i % 9) - 4) / 50));
    const [low, high] = [predicted.map((one) => one * 0.95), predicted.map((one) => one * 1.05)];
    const one = valueEvaluation({ actual, predicted, low, high }, { ...judged, weights });
    const ends = { low: copied(low), high: copied(high) };
    const other = valueEvaluation(
      { actual: copied(actual), predicted: copied(predicted), ...ends },
      { ...judged, groups: copies },
    );
    expect(valuesOf(one)).toEqual(valuesOf(other));
    expect(width(one, 'coverage90')).toBeCloseTo(width(other, 'coverage90'), 9);
  });

  it('compares groups of people by weight, and by how many people stand behind the rows', () => {
    const column = (rows: readonly number[]) =>
      ({ kind: 'category', values: rows.map((i) => (i % 2 === 0 ? 'a' : 'b')) }) as const;
    const rows = Array.from({ length: people }, (_, i) => i);
    const selected = rows.map((i) => (chances[i]! > 0.6 ? 1 : 0));
    const one = selectionRates('region', column(rows), selected, { weights });
    const other = selectionRates(
      'region',
      column(copies),
      copies.map((i) => selected[i]!),
      { groups: copies },
    );
    expect(one.selected).toBeCloseTo(other.selected, 12);
    for (const { level, rate, interval } of one.groups) {
      const same = other.groups.find((group) => group.level === level)!;
      expect(rate).toBeCloseTo(same.rate, 12);
      expect(interval.low).toBeCloseTo(same.interval.low, 12);
    }
  });

  it('weighs the rows that tell a barred column', () => {
    // Only rows that weigh next to nothing tell where somebody is.
    const many = Array.from({ length: 600 }, (_, i) => i);
    const region = { kind: 'category', values: many.map((i) => (i % 3 === 0 ? 'north' : 'south')) } as const;
    const loud = many.map((i) => i % 2 === 0);
    const noise = Float32Array.from(many, () => random.below(100));
    const telling = Float32Array.from(many, (i) => (loud[i] ? noise[i]! : i % 3 === 0 ? 500 : 900));
    const plain = proxyTest('region', region, [telling], { seed: 1 });
    const own = { seed: 1, weights: many.map((i) => (loud[i] ? 1 : 1e-6)) };
    expect(plain.auc).toBeGreaterThan(0.7);
    expect(proxyTest('region', region, [telling], own).auc).toBeLessThan(0.62);
  });
});

describe('what is decided with so much accuracy', () => {
  it('is flattered where the bar is found on the rows that it is told of, and not where on others', () => {
    // Where nothing can be known some rows are right by luck, and a bar that is found among them keeps those.
    const worlds = Array.from({ length: 60 }, () => {
      const noise = Array.from({ length: 20 }, () => random.below(1_000) / 1_000);
      const coins = noise.map(() => (random.chance(0.5) ? 1 : 0));
      const here = classifyEvaluation(coins, noise, judged).selective[1]!;
      const unseen = classifyEvaluation(coins, noise, { ...judged, folds: noise.map((_, i) => i % 5) }).selective[1]!;
      expect([here.found, unseen.found]).toEqual(['these', 'other']);
      return { here: here.coverage!, decided: unseen.coverage!, right: unseen.coverage! * (unseen.right ?? 0) };
    });
    const sum = (of: 'here' | 'decided' | 'right'): number => worlds.reduce((total, one) => total + one[of], 0);
    expect(sum('here') / worlds.length).toBeGreaterThan(0.03);
    // Nineteen in twenty were promised; of rows that the bar was not found on, half is right.
    expect(sum('right') / sum('decided')).toBeLessThan(0.75);
  });

  it('is told of rows to come by the bar of rows before', () => {
    const sure = Float64Array.from({ length: 2_000 }, () => random.below(1_000) / 1_000);
    const told = sure.map((chance) => (random.chance(chance) ? 1 : 0));
    const half = (values: Float64Array, second: boolean) => values.slice(second ? 1_000 : 0, second ? 2_000 : 1_000);
    const bars = barsOf(half(told, false), half(sure, false));
    expect(bars.every((bar) => bar! > 0.8 && bar! <= 1)).toBe(true);
    const found = judgeBars(half(told, true), half(sure, true), (_, target) => bars[target]!, { seed: 1 });
    expect(found.map(({ accuracy }) => accuracy)).toEqual([...selectiveTargets]);
    for (const { coverage, interval, right, rightInterval } of found) {
      expect(coverage! > interval!.low && coverage! < interval!.high).toBe(true);
      expect(right! >= rightInterval!.low && right! <= rightInterval!.high).toBe(true);
    }
    expect(found[1]!.right).toBeGreaterThan(0.9);
    const both = classifyEvaluation(half(told, true), half(sure, true), { ...judged, bars });
    expect(both.selective.map(({ found: where }) => where)).toEqual(['these', 'these', 'other', 'other']);
    expect(both.selective.slice(2).map(({ coverage }) => coverage)).toEqual(found.map(({ coverage }) => coverage));
  });

  it('is told in one sentence, with the share that was right and where the bar was found', () => {
    const frame = { baseRate: 0.4, n: 900, window: null, stage: 'capture' } as const;
    const claim = { accuracy: 0.95, coverage: 0.2, interval: { low: 0.1, high: 0.3 }, ...frame };
    expect(accuracyClaim({ ...claim, found: 'other', right: 0.93, rightInterval: { low: 0.9, high: 0.96 } })).toBe(
      '95 % accuracy aimed at by a bar found on other rows: coverage 20.0 % (10.0 % to 30.0 %), 93.0 % (90.0 % to 96.0 %) of it right: ' +
        'base rate 40.0 %, n 900, window undated, stage capture',
    );
    expect(accuracyClaim({ ...claim, found: 'other', right: null, rightInterval: null })).toContain(
      'no row was sure enough',
    );
  });
});

it('a curve of weights that are all the same is the curve without weights', () => {
  const plain = reliability(labels, chances);
  expect(reliability(labels, chances, { weights: new Float64Array(people).fill(1) })).toEqual(plain);
});
