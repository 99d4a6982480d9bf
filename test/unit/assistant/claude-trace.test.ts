import { describe, expect, it } from '@jest/globals';
import { crowdsOf, traceOf } from '../../bench/claude-trace.ts';
import { figuresOf, type Metered } from '../../bench/claude-meter.ts';

/** The traces by which the vendor's cache is measured are the same for everybody who measures, and as hard as they are said to be. */

const shape = { name: 'fifty', seed: 2076, leadsPerDay: 50, days: 3 };
const MINUTE = 60_000;
const share = (all: readonly number[], is: (one: number) => boolean): number => all.filter(is).length / all.length;

describe('a trace', () => {
  it('is the same bytes for the same seed, and others for another', () => {
    const { hash } = traceOf(shape);
    expect(hash).toBe('dc3fbe0df7fd14b2bc03e40b6938fcd006e51479149729ffe3768802501da187');
    expect(traceOf({ ...shape, seed: 2077 }).hash).not.toBe(hash);
  });

  it('has as many leads a day, turns and waits as it says', () => {
    const { talks } = traceOf({ ...shape, days: 20 });
    expect(talks).toHaveLength(1_000);
    const turns = talks.map((talk) => talk.turns.length);
    expect(turns.reduce((sum, one) => sum + one, 0) / turns.length).toBeCloseTo(6, 0);
    const waits = talks.flatMap(({ turns: all }) => all.slice(1).map(({ at }, n) => at - all[n]!.at - 30_000));
    expect(share(waits, (ms) => ms > 30 * MINUTE)).toBeCloseTo(0.4, 1);
    expect(share(waits, (ms) => ms < 2.5 * MINUTE)).toBeCloseTo(0.3, 1);
    expect(share(waits, (ms) => ms > 180 * MINUTE)).toBeCloseTo(0.2, 1);
    const hours = talks.map((talk) => new Date(talk.turns[0]!.at - 5 * 60 * MINUTE).getUTCHours());
    expect(Math.min(...hours)).toBe(7);
    expect(Math.max(...hours)).toBe(21);
  });

  it('reads each message and answers it, and has crowds where leads come at once', () => {
    const trace = traceOf({ ...shape, days: 1, bursty: true });
    const crowds = crowdsOf(trace);
    const turns = trace.talks.reduce((sum, talk) => sum + talk.turns.length, 0);
    expect(crowds.flat()).toHaveLength(2 * turns);
    expect(Math.max(...crowds.map((crowd) => crowd.length))).toBeGreaterThan(5);
  });
});

describe('what a run came to', () => {
  const usage = { input: 0, read: 0, write5m: 0, write1h: 0, output: 0 };
  const call = (change: Partial<Metered>): Metered => ({
    ...{ job: 'draft', talk: 't', at: 0, model: 'm', usage, answered: true, paid: 30, counterfactual: 100, layers: [] },
    ...change,
  });

  it('counts pings, readings and what broke as paid, and neither as replies', () => {
    const calls = [
      call({}),
      call({ job: 'read', paid: 5, counterfactual: 10 }),
      call({ answered: false, paid: 20, counterfactual: 0 }),
      call({ job: 'warm', talk: null, paid: 11, counterfactual: 0 }),
    ];
    const { replies, saving, perThousand, pings } = figuresOf(calls);
    expect({ replies, pings, saving }).toEqual({ replies: 1, pings: 1, saving: 1 - 66 / 110 });
    expect(perThousand).toBeCloseTo(66 / 1e6);
  });

  it('has an interval around what was saved, over talks', () => {
    const calls = Array.from({ length: 60 }, (_, n) => call({ talk: `t${n}`, paid: 20 + (n % 21) }));
    const { saving, interval } = figuresOf(calls);
    expect(interval!.low).toBeLessThan(saving);
    expect(interval!.high).toBeGreaterThan(saving);
    expect(interval!.high - interval!.low).toBeLessThan(0.05);
  });
});
