import { describe, expect, it } from '@jest/globals';
import { auditLevels, frequentLevels } from '../../../domain/scoring/judge/audit-levels.ts';
import { proxyTest } from '../../../domain/scoring/judge/proxy-test.ts';
import { selectionRates } from '../../../domain/scoring/judge/selection-rates.ts';
import type { RawColumn } from '../../../domain/scoring/data/table.ts';
import { createRandom } from '../../support/random.ts';

const rows = 600;
const random = createRandom(21);
const noise = Float32Array.from({ length: rows }, () => random.below(1_000));
const barred = Array.from({ length: rows }, () => random.pick(['north', 'south', 'south', 'east']));
const words = (values: readonly (string | null)[]): RawColumn => ({ kind: 'category', values });
const numbers = (values: readonly number[]): RawColumn => ({ kind: 'number', values: Float64Array.from(values) });

describe('proxyTest', () => {
  it('is clear where the features know nothing of the barred column', () => {
    const found = proxyTest('region', words(barred), [noise], { seed: 1 });
    expect(found.verdict).toBe('clear');
    expect(found.levels.map(({ level }) => level).sort()).toEqual(['east', 'north', 'south']);
    for (const { auc } of found.levels) expect(Math.abs(auc - 0.5)).toBeLessThan(0.1);
  });

  it('is an alarm where a feature stands for it, and says for which level', () => {
    // Whoever is in the north has a number around 600, more often than not; a line through it would find nothing.
    const proxy = Float32Array.from(barred, (level, i) =>
      level === 'north' && i % 4 > 0 ? 590 + random.below(20) : noise[i]!,
    );
    const found = proxyTest('region', words(barred), [noise, proxy], { seed: 1 });
    expect(found.verdict).toBe('alarm');
    expect(found.levels[0]!.level).toBe('north');
    expect(found.auc).toBeGreaterThan(0.8);
    expect(found.levels[0]!.interval!.low).toBeGreaterThan(0.7);
    expect(found.levels[0]!.n).toBe(barred.filter((level) => level === 'north').length);
  });

  it('reads numbers by quarters, and leaves out rows in which the barred column is unknown', () => {
    const ages = Array.from({ length: rows }, (_, i) => (i % 2 === 0 ? NaN : 18 + random.below(60)));
    // Only where the age is unknown does this feature say anything, which must not matter.
    const telling = Float32Array.from(ages, (age, i) => (Number.isNaN(age) ? 5_000 : noise[i]!));
    const clear = proxyTest('age', numbers(ages), [telling], { seed: 2 });
    expect(clear.levels).toHaveLength(4);
    expect(clear.levels.reduce((sum, { n }) => sum + n, 0)).toBe(300);
    expect(clear.verdict).toBe('clear');
    const years = Float32Array.from(ages, (age) => 2026 - age);
    expect(proxyTest('age', numbers(ages), [years], { seed: 2 }).auc).toBeGreaterThan(0.99);
  });

  it('keeps a person’s rows on one side, so that knowing the person again is no proof', () => {
    const person = Array.from({ length: rows }, (_, i) => Math.floor(i / 3));
    const regions = person.map(() => random.pick(['a', 'b']));
    const prints = person.map(() => random.below(1_000_000));
    const fingerprint = Float32Array.from(person, (who) => prints[who]!);
    const levels = words(person.map((who) => regions[who]!));
    const alone = proxyTest('region', levels, [fingerprint], { seed: 3 });
    const together = proxyTest('region', levels, [fingerprint], { seed: 3, groups: person });
    expect(alone.auc).toBeGreaterThan(0.65);
    expect(together.auc).toBeLessThan(0.62);
  });

  it('does not know where there are too few rows to tell', () => {
    const few = barred.map((_, i) => (i < 20 ? 'few' : 'many'));
    expect(proxyTest('region', words(few), [noise], { seed: 1 })).toMatchObject({ auc: null, verdict: 'unknown' });
    expect(proxyTest('region', words(barred.map(() => null)), [noise], { seed: 1 }).verdict).toBe('unknown');
  });
});

describe('selectionRates', () => {
  const groups = [...Array<string>(200).fill('a'), ...Array<string>(100).fill('b'), ...Array<string>(10).fill('c')];
  const selectedOf = (a: number, b: number): number[] =>
    groups.map((group, i) => (group === 'a' ? (i < a ? 1 : 0) : group === 'b' ? (i - 200 < b ? 1 : 0) : 1));

  it('compares each group with the one put on top most often, and warns below four fifths', () => {
    const found = selectionRates('region', words(groups), selectedOf(100, 39));
    expect(found.verdict).toBe('alarm');
    const [a, b] = found.groups;
    expect(a).toMatchObject({ level: 'a', n: 200, rate: 0.5, ratio: 1, ratioInterval: null });
    expect(b).toMatchObject({ level: 'b', n: 100, rate: 0.39 });
    expect(b!.ratio).toBeCloseTo(0.78, 12);
    // Katz's interval of (39/100)/(100/200): 0.78 × exp(± 1.96 × √(1/39 − 1/100 + 1/100 − 1/200)).
    expect(b!.ratioInterval!.low).toBeCloseTo(0.59, 1);
    expect(b!.ratioInterval!.high).toBeCloseTo(1.03, 1);
    expect(selectionRates('region', words(groups), selectedOf(100, 41)).verdict).toBe('clear');
  });

  it('leaves out groups that are too small to compare', () => {
    expect(selectionRates('region', words(groups), selectedOf(100, 50)).groups.map(({ level }) => level)).toEqual([
      'a',
      'b',
    ]);
  });

  it('does not know where nobody is selected, or nobody to compare with', () => {
    expect(selectionRates('region', words(groups), Array<number>(310).fill(0)).verdict).toBe('unknown');
    expect(selectionRates('region', words(groups.map(() => 'a')), selectedOf(1, 1)).verdict).toBe('unknown');
    expect(selectionRates('region', words([]), []).verdict).toBe('unknown');
  });
});

describe('auditLevels', () => {
  it('cuts numbers into quarters and keeps few values as they are', () => {
    const many = Array.from({ length: 100 }, (_, i) => i);
    expect([...new Set(auditLevels(numbers(many)))]).toEqual([
      'up to 24',
      'above 24 up to 49',
      'above 49 up to 74',
      'above 74',
    ]);
    expect(auditLevels(numbers([0, 1, NaN]))).toEqual(['0', '1', null]);
  });

  it('puts equal numbers into one part, however many there are', () => {
    const levels = auditLevels(numbers([...Array<number>(90).fill(0), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
    expect(new Set(levels.slice(0, 90)).size).toBe(1);
    expect(frequentLevels(levels, 5)).toEqual(['up to 0']);
  });
});
