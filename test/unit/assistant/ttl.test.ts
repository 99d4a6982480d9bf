import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keepWarm, pingsThatPay, warmedGaps } from '../../../domain/assistant/keep-warm.ts';
import { priceOf } from '../../../domain/assistant/prices.ts';
import {
  addGaps,
  chanceGaps,
  gapsOf,
  missShare,
  noGaps,
  readsPerWrite,
  tokenCost,
  type Gaps,
} from '../../../domain/assistant/ttl.ts';

const AT = '2026-11-29T10:00:00.000Z';
const { rates: sonnet } = priceOf('claude-sonnet-5-5', AT);
const { rates: haiku } = priceOf('claude-haiku-5-5', AT);
const { rates: fable } = priceOf('claude-fable-5-2', AT);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('the gaps between calls', () => {
  it('are counted over either time, the first call as cold or as one that has nothing to find', () => {
    const starts = [0, 5, 11, 71, 132].map((minute) => minute * MINUTE);
    expect(gapsOf(starts, 'cold')).toEqual({ calls: 5, over5m: 4, over1h: 2 });
    expect(gapsOf(starts, 'none')).toEqual({ calls: 4, over5m: 3, over1h: 1 });
    expect(gapsOf([], 'cold')).toEqual(noGaps);
    expect(addGaps(gapsOf(starts, 'none'), gapsOf([0], 'none'))).toEqual({ calls: 4, over5m: 3, over1h: 1 });
  });

  it('say how often an entry is read before it is gone', () => {
    expect(readsPerWrite({ calls: 10, over5m: 5, over1h: 1 }, '5m')).toBe(1);
    expect(readsPerWrite({ calls: 10, over5m: 5, over1h: 1 }, '1h')).toBe(9);
    expect(readsPerWrite({ calls: 10, over5m: 5, over1h: 0 }, '1h')).toBe(Infinity);
    expect(missShare(noGaps, '1h')).toBe(1);
  });
});

describe('the cost of a token of a prefix', () => {
  const relative = (meanMinutes: number, ttl: '5m' | '1h') =>
    tokenCost(chanceGaps(meanMinutes), ttl, sonnet) / sonnet.input;

  it('is that of the formulas for calls that come by chance', () => {
    expect(relative(2, '5m')).toBeCloseTo(0.149, 3);
    expect(relative(2, '1h')).toBeCloseTo(0.05, 3);
    expect(relative(10, '5m')).toBeCloseTo(0.778, 3);
    expect(relative(10, '1h')).toBeCloseTo(0.055, 3);
    expect(relative(40, '5m')).toBeCloseTo(1.11, 2);
    expect(relative(40, '1h')).toBeCloseTo(0.485, 3);
  });

  it('is lower for an hour than for five minutes exactly where the ratio of gaps says so', () => {
    const anyGaps = fc
      .tuple(fc.nat(500), fc.nat(500), fc.nat(500))
      .map(([a, b, c]): Gaps => ({ calls: a + b + c + 1, over5m: a + b, over1h: a }));
    fc.assert(
      fc.property(anyGaps, fc.constantFrom(sonnet, haiku, fable), (gaps, rates) => {
        const better = tokenCost(gaps, '1h', rates) < tokenCost(gaps, '5m', rates);
        const left = gaps.over5m * (rates.write5m - rates.read);
        const right = gaps.over1h * (rates.write1h - rates.read);
        if (Math.abs(left - right) > 1e-6 * Math.max(left, right)) expect(better).toBe(left > right);
        const pays = tokenCost(gaps, '1h', rates) < tokenCost(gaps, 'none', rates);
        const share = gaps.over1h / gaps.calls - (rates.input - rates.read) / (rates.write1h - rates.read);
        if (Math.abs(share) > 1e-9) expect(pays).toBe(share < 0);
      }),
    );
  });
});

describe('keep-warm', () => {
  it('pays for as many pings as cost less than the write: of an hour 18, 38 and 78', () => {
    expect([haiku, sonnet, fable].map((rates) => pingsThatPay(rates, '1h'))).toEqual([18, 38, 78]);
    expect([haiku, sonnet, fable].map((rates) => pingsThatPay(rates, '5m'))).toEqual([11, 23, 48]);
  });

  it('pings before the entry ends, if the pings until the next call are worth it', () => {
    const verdict = (next: number | 'unknown' | 'none', pings = 0, now = 10 * MINUTE) =>
      keepWarm({ touched: 0, pings, next }, now, '1h', sonnet);
    expect(verdict(59 * MINUTE)).toEqual({ kind: 'stop', why: 'in-time' });
    expect(verdict(61 * MINUTE)).toEqual({ kind: 'ping', at: 54 * MINUTE });
    expect(verdict(12 * HOUR)).toEqual({ kind: 'ping', at: 54 * MINUTE });
    expect(verdict(60 * MINUTE + 38 * 54 * MINUTE)).toEqual({ kind: 'ping', at: 54 * MINUTE });
    expect(verdict(61 * MINUTE + 38 * 54 * MINUTE)).toEqual({ kind: 'stop', why: 'too-long' });
    expect(verdict('none')).toEqual({ kind: 'stop', why: 'nobody-comes' });
    expect(verdict('unknown', 37)).toEqual({ kind: 'ping', at: 54 * MINUTE });
    expect(verdict('unknown', 38)).toEqual({ kind: 'stop', why: 'spent' });
    expect(verdict('unknown', 0, HOUR + 1)).toEqual({ kind: 'stop', why: 'cold' });
  });

  it('is never dearer than twice the best choice with hindsight', () => {
    const anyDay = fc.array(fc.integer({ min: 1, max: 60 * HOUR }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(anyDay, fc.constantFrom(sonnet, haiku), (gaps, rates) => {
        const starts = gaps.reduce<number[]>((all, gap) => [...all, all.at(-1)! + gap], [0]);
        const { gaps: warmed, pings } = warmedGaps(starts, '1h', rates);
        const extra = rates.write1h - rates.read;
        const paid = warmed.over1h * extra + pings * rates.read;
        const needed = (gap: number) => Math.max(0, Math.ceil((gap - HOUR) / (54 * MINUTE)));
        // The first call is cold for everybody; nobody with hindsight pings after the last.
        const best = gaps.reduce((sum, gap) => sum + Math.min(extra, needed(gap) * rates.read), extra);
        expect(paid).toBeLessThanOrEqual(2 * best);
      }),
    );
  });

  it('counts what it costs and what it leaves cold', () => {
    const starts = [0, 30 * MINUTE, 10 * HOUR, 100 * HOUR];
    // None for the half hour, ten for the night, then until a write is paid for, twice.
    expect(warmedGaps(starts, '1h', sonnet)).toEqual({ gaps: { calls: 4, over5m: 2, over1h: 2 }, pings: 10 + 38 + 38 });
    expect(warmedGaps([], '1h', sonnet)).toEqual({ gaps: noGaps, pings: 0 });
  });
});
