import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  budgetLeft,
  freshBudget,
  hearOfBudget,
  takeCall,
  type CallBudgetState,
} from '../../../domain/crm/call-budget.ts';

const NOON = Date.parse('2026-05-04T12:00:00Z');
const HOUR = 3_600_000;

/** Takes as many as are granted at one instant. */
function drain(state: CallBudgetState, at: number, urgent: boolean): { state: CallBudgetState; granted: number } {
  for (let granted = 0; ; granted += 1) {
    const next = takeCall(state, at, urgent);
    if (next.verdict.kind === 'refused') return { state, granted };
    state = next.state;
  }
}

function refusal(state: CallBudgetState, at: number, urgent = false) {
  const { verdict } = takeCall(state, at, urgent);
  return verdict.kind === 'refused' ? [verdict.why, verdict.waitMs] : verdict.kind;
}

describe('the budget of calls', () => {
  it('gives ordinary calls four fifths of the burst, and urgent ones the rest', () => {
    const ordinary = drain(freshBudget(NOON), NOON, false);
    expect(ordinary.granted).toBe(80);
    expect(refusal(ordinary.state, NOON)).toEqual(['burst', 10_000]);
    const urgent = drain(ordinary.state, NOON, true);
    expect(urgent.granted).toBe(20);
    expect(refusal(urgent.state, NOON, true)).toEqual(['burst', 10_000]);
  });

  it('says when the next call is free: as soon as enough of the last interval has passed', () => {
    let state = freshBudget(NOON);
    for (let i = 0; i < 80; i += 1) state = takeCall(state, NOON + i * 10, false).state;
    expect(refusal(state, NOON + 1_000)).toEqual(['burst', 9_000]);
    expect(refusal(state, NOON + 9_999)).toEqual(['burst', 1]);
    expect(refusal(state, NOON + 10_000)).toBe('granted');
  });

  it('asks each of those who wait to come at an instant of its own, at which a call is free', () => {
    let { state } = drain(freshBudget(NOON), NOON, false);
    const places: number[] = [];
    for (let i = 0; i < 80; i += 1) {
      const next = takeCall(state, NOON + 1_000, false);
      if (next.verdict.kind !== 'refused') throw new Error('expected no call to be free');
      places.push(NOON + 1_000 + next.verdict.waitMs);
      state = next.state;
    }
    expect(places.slice(0, 3).map((at) => at - NOON)).toEqual([10_000, 10_250, 10_500]);
    for (const at of places) {
      for (const call of ['read', 'write']) {
        const next = takeCall(state, at, false);
        expect([call, next.verdict.kind]).toEqual([call, 'granted']);
        state = next.state;
      }
    }
    // Who cannot wait takes no place, and a line that would be too long begins anew.
    const full = { ...drain(state, places.at(-1)!, false).state, lineUntil: places.at(-1)! + 29_900 };
    expect(refusal(full, places.at(-1)!, true)).toBe('granted');
    expect(refusal(full, places.at(-1)!)).toEqual(['burst', 250]);
  });

  it('keeps a fifth of the day for urgent calls, and looks every hour for its end while the vendor does not say when', () => {
    const late = hearOfBudget(freshBudget(NOON), NOON, { dailyRemaining: 40_000 });
    expect(refusal(late, NOON)).toEqual(['daily', HOUR]);
    expect(refusal(late, NOON, true)).toBe('granted');
    // Urgent answers meanwhile put off nothing.
    const later = hearOfBudget(late, NOON + HOUR / 2, { dailyRemaining: 39_000 });
    expect(refusal(later, NOON + HOUR / 2)).toEqual(['daily', HOUR / 2]);
    expect(refusal(later, NOON + HOUR)).toBe('granted');
    const still = hearOfBudget(later, NOON + HOUR, { dailyRemaining: 38_000 });
    expect(refusal(still, NOON + HOUR)).toEqual(['daily', HOUR]);
    const begun = hearOfBudget(later, NOON + HOUR, { dailyRemaining: 199_999 });
    expect(refusal(begun, NOON + HOUR)).toBe('granted');
    const told = hearOfBudget(freshBudget(NOON), NOON, { dailyRemaining: 40_000, dayEndsInMs: 5 * HOUR });
    expect(refusal(told, NOON)).toEqual(['daily', 5 * HOUR]);
  });

  it('ends the day at midnight UTC by our own count, where the vendor says nothing of days', () => {
    const late = { ...freshBudget(NOON), dayUsed: 160_000 };
    expect(refusal(late, NOON)).toEqual(['daily', 12 * HOUR]);
    expect(refusal(late, NOON + 12 * HOUR)).toBe('granted');
  });

  it('gives who sees not the others a share of the burst, and stops him for no call of theirs of that day', () => {
    const state = hearOfBudget(freshBudget(NOON), NOON, { dailyRemaining: 100_000 });
    const alone = (of: CallBudgetState, urgent: boolean) => takeCall(of, NOON, urgent, 0.25);
    let { state: next, verdict } = alone(state, false);
    expect(verdict.kind).toBe('granted');
    for (let i = 1; i < 20; i += 1) ({ state: next, verdict } = alone(next, false));
    expect(verdict.kind).toBe('granted');
    expect(alone(next, false).verdict).toMatchObject({ kind: 'refused', why: 'burst' });
    expect(alone(next, true).verdict.kind).toBe('granted');
  });

  it('stops everybody when the day is spent: until its told end, or for an hour', () => {
    const told = hearOfBudget(freshBudget(NOON), NOON, { dailyRemaining: 0, dayEndsInMs: 5 * HOUR, refusedForMs: 500 });
    expect(refusal(told, NOON, true)).toEqual(['daily', 5 * HOUR]);
    const untold = hearOfBudget(freshBudget(NOON), NOON, { dailyRemaining: 0 });
    expect(refusal(untold, NOON, true)).toEqual(['daily', HOUR]);
    expect(refusal(untold, NOON + HOUR, true)).toBe('granted');
  });

  it('lets nobody call after a 429 until its wait is over, and never shortens that', () => {
    let state = hearOfBudget(freshBudget(NOON), NOON, { refusedForMs: 10_000 });
    state = hearOfBudget(state, NOON + 1, { refusedForMs: 500 });
    expect(refusal(state, NOON + 2, true)).toEqual(['blocked', 9_998]);
    expect(refusal(state, NOON + 10_000)).toBe('granted');
  });

  it('learns limits from the vendor, and calls of others from what it says is left', () => {
    const state = hearOfBudget(freshBudget(NOON), NOON, {
      max: 25,
      intervalMs: 4_000,
      dailyMax: 10_000,
      remaining: 10,
    });
    // 20 are for ordinary calls, and somebody else has made 15.
    expect(drain(state, NOON, false).granted).toBe(5);
    expect(drain(state, NOON + 4_000, false).granted).toBe(20);
    expect(budgetLeft(state, NOON)).toEqual({ burst: 10, daily: 10_000 });
  });

  it('believes no nonsense', () => {
    const nonsense = {
      max: 0,
      intervalMs: -1,
      remaining: Number.NaN,
      dailyMax: 1.5,
      dailyRemaining: -3,
      dayEndsInMs: 1e12,
    };
    expect(hearOfBudget(freshBudget(NOON), NOON, nonsense)).toEqual(freshBudget(NOON));
  });

  it('never grants more than the limit within any interval, whatever is heard in between', () => {
    const step = fc.record({
      afterMs: fc.nat(3_000),
      urgent: fc.boolean(),
      news: fc.option(fc.record({ remaining: fc.nat(20), refusedForMs: fc.nat(5_000) }, { requiredKeys: [] }), {
        nil: undefined,
      }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        let state = hearOfBudget(freshBudget(NOON), NOON, { max: 20, intervalMs: 4_000 });
        let now = NOON;
        let blockedUntil = 0;
        const granted: { at: number; urgent: boolean }[] = [];
        for (const { afterMs, urgent, news } of steps) {
          now += afterMs % 200;
          const { state: after, verdict } = takeCall(state, now, urgent);
          state = after;
          if (verdict.kind === 'granted') {
            expect(now).toBeGreaterThanOrEqual(blockedUntil);
            granted.push({ at: now, urgent });
          } else expect(verdict.waitMs).toBeGreaterThan(0);
          if (news !== undefined) {
            state = hearOfBudget(state, now, news);
            if (news.refusedForMs) blockedUntil = Math.max(blockedUntil, now + news.refusedForMs);
          }
        }
        for (const { at } of granted) {
          const within = granted.filter((one) => one.at > at - 4_000 && one.at <= at);
          expect(within.length).toBeLessThanOrEqual(20);
          if (within.every((one) => !one.urgent)) expect(within.length).toBeLessThanOrEqual(16);
        }
      }),
    );
  });
});
