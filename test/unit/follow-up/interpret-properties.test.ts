import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextStep } from '../../../domain/follow-up/interpret.ts';
import type {
  Enrolment,
  NextStep,
  SequenceFacts,
  SequenceStep,
  SequenceTest,
} from '../../../domain/follow-up/sequence.ts';
import { begun, enrolmentIn, text } from './documents.ts';

const DAY_S = 86_400;
const instant = (seconds: number): string => new Date(Date.parse(begun) + seconds * 1000).toISOString();
const ms = (at: string): number => Date.parse(at);

const test: fc.Arbitrary<SequenceTest> = fc.oneof(
  fc.constantFrom<SequenceTest>(
    { fact: 'tier', equals: 'hot' },
    { fact: 'tier', known: false },
    { fact: 'consentSms', equals: 'yes' },
    { fact: 'score', from: 30, below: 60 },
  ),
);
const facts: fc.Arbitrary<SequenceFacts> = fc.record(
  {
    tier: fc.constantFrom('hot', 'cold'),
    consentSms: fc.constantFrom('yes', 'no'),
    score: fc.integer({ min: 0, max: 100 }),
  },
  { requiredKeys: [] },
);
const timing = fc.record({
  seconds: fc.integer({ min: 0, max: 20 * DAY_S }),
  at: fc.constantFrom(
    ...([{ anchor: 'enrolment' }, { anchor: 'previous' }] as const),
    ...([
      { anchor: 'event', side: 'before' },
      { anchor: 'event', side: 'after' },
    ] as const),
  ),
  when: fc.option(fc.array(test, { minLength: 1, maxLength: 2 }), { freq: 2, nil: null }),
  lapse: fc.option(fc.integer({ min: 1, max: 3 * DAY_S }), { freq: 2, nil: null }),
});
const steps: fc.Arbitrary<readonly SequenceStep[]> = fc.array(timing, { minLength: 1, maxLength: 8 }).map((list) =>
  list.map(({ seconds, at, when, lapse }, n) =>
    text(`s${n}`, {
      offset: `PT${seconds}S`,
      ...at,
      ...(when === null ? {} : { when }),
      ...(lapse === null ? {} : { lapsesAfter: `PT${lapse}S` }),
    }),
  ),
);
const eventAt = fc.option(fc.integer({ min: -DAY_S, max: 30 * DAY_S }), { freq: 6, nil: null });
const appointment = (seconds: number | null): Enrolment['event'] =>
  seconds === null ? null : { kind: 'appointment', id: 'a', at: instant(seconds) };

/** What the world does between two questions. */
type Turn =
  | { readonly does: 'outage'; readonly seconds: number }
  | { readonly does: 'hold'; readonly seconds: number }
  | { readonly does: 'pause'; readonly seconds: number }
  | { readonly does: 'send-now'; readonly step: number }
  | { readonly does: 'move'; readonly seconds: number }
  | { readonly does: 'news'; readonly facts: SequenceFacts };
const seconds = fc.integer({ min: 0, max: 8 * DAY_S });
const turn: fc.Arbitrary<Turn> = fc.oneof(
  fc.record({ does: fc.constantFrom('outage' as const, 'hold' as const, 'pause' as const, 'move' as const), seconds }),
  fc.record({ does: fc.constant('send-now' as const), step: fc.nat(9) }),
  fc.record({ does: fc.constant('news' as const), facts }),
);

/** When a step may go out by its own document, reckoned another way than the interpreter does. */
function plannedFor(one: Enrolment, step: SequenceStep): number {
  const offset = Number(/^PT(\d+)S$/.exec(step.offset)![1]) * 1000;
  if (step.anchor === 'event') return ms(one.event!.at) + (step.side === 'before' ? -offset : offset);
  const ahead = one.document.steps.slice(0, one.document.steps.indexOf(step));
  const latest = ahead.reduce((most, { key }) => Math.max(most, ms(one.done[key]?.at ?? begun)), ms(begun));
  return (step.anchor === 'previous' ? latest : ms(begun)) + offset;
}

interface Asked {
  readonly one: Enrolment;
  readonly facts: SequenceFacts;
  readonly now: string;
  readonly next: NextStep;
}

/** Lets the world play with an enrolment, doing what the interpreter says; then lets it run out. */
function play(list: readonly SequenceStep[], about: number | null, turns: readonly Turn[]): Asked[] {
  let one = enrolmentIn(list, { event: appointment(about) });
  let known: SequenceFacts = {};
  let now = begun;
  const asked: Asked[] = [];
  const rest = [...turns];
  for (let questions = 0; questions < 200; questions += 1) {
    const next = nextStep(one, known, now);
    asked.push({ one, facts: known, now, next });
    if (next.kind === 'end') return asked;
    if (next.kind === 'due' || next.kind === 'skip') {
      const end =
        next.kind === 'due' ? { outcome: 'sent' as const, at: now } : { outcome: 'skipped' as const, at: next.at };
      if (Object.hasOwn(one.done, next.step.key)) throw new Error(`${next.step.key} twice`);
      one = { ...one, notBefore: null, done: { ...one.done, [next.step.key]: end } };
    }
    const turn = rest.shift();
    switch (turn?.does) {
      case 'outage':
        now = new Date(ms(now) + turn.seconds * 1000).toISOString();
        break;
      case 'hold':
        one = { ...one, notBefore: new Date(ms(now) + turn.seconds * 1000).toISOString() };
        break;
      case 'pause':
        one = { ...one, pausedAt: now };
        break;
      case 'move':
        if (one.event !== null) one = { ...one, event: appointment(turn.seconds * 3) };
        break;
      case 'send-now':
        one = { ...one, sendNow: `s${turn.step}`, pausedAt: null };
        break;
      case 'news':
        known = turn.facts;
        break;
      case undefined:
        one = { ...one, pausedAt: null };
        if (next.kind === 'wait') now = next.at;
    }
  }
  throw new Error('it does not come to an end');
}

const plays = fc.tuple(steps, eventAt, fc.array(turn, { maxLength: 20 })).map((given) => play(...given));

describe('whatever happens to an enrolment', () => {
  it('it comes to its end, each step done once, and no question asked more often than there are steps and turns', () => {
    fc.assert(
      fc.property(plays, (asked) => {
        const last = asked.at(-1)!;
        expect(last.next).toEqual({ kind: 'end' });
        expect(Object.keys(last.one.done).toSorted()).toEqual(last.one.document.steps.map(({ key }) => key).toSorted());
        // Twenty turns at most, one answer for each step, and one wait before each.
        expect(asked.length).toBeLessThanOrEqual(20 + 2 * last.one.document.steps.length + 1);
      }),
    );
  });

  it('no step is due before its time, before the steps ahead of it were done, or while a gate said to wait', () => {
    fc.assert(
      fc.property(plays, (asked) => {
        for (const { one, now, next } of asked) {
          if (next.kind !== 'due') continue;
          const { step } = next;
          expect(ms(next.at)).toBeLessThanOrEqual(ms(now));
          if (one.notBefore !== null) expect(ms(now)).toBeGreaterThanOrEqual(ms(one.notBefore));
          if (step.key === one.sendNow) continue;
          expect(ms(now)).toBeGreaterThanOrEqual(plannedFor(one, step));
          const ahead = one.document.steps.slice(0, one.document.steps.indexOf(step));
          for (const { key } of ahead) expect(ms(next.at)).toBeGreaterThanOrEqual(ms(one.done[key]!.at));
        }
      }),
    );
  });

  it('no step goes out after it lapsed, after its event began or against its conditions', () => {
    fc.assert(
      fc.property(plays, (asked) => {
        for (const { one, facts: known, now, next } of asked) {
          if (next.kind !== 'due') continue;
          const { step } = next;
          if (step.side === 'before') expect(ms(now)).toBeLessThan(ms(one.event!.at));
          if (step.lapsesAfter !== undefined && step.key !== one.sendNow) {
            const lapse = Number(/^PT(\d+)S$/.exec(step.lapsesAfter)![1]) * 1000;
            expect(ms(now)).toBeLessThan(plannedFor(one, step) + lapse);
          }
          for (const { fact, equals } of step.when ?? []) if (equals !== undefined) expect(known[fact]).toBe(equals);
        }
      }),
    );
  });

  it('nobody waits for a step beyond the moment at which it lapses', () => {
    fc.assert(
      fc.property(plays, (asked) => {
        for (const { one, next } of asked) {
          if (next.kind !== 'wait' || next.step.key === one.sendNow) continue;
          const { lapsesAfter, side } = next.step;
          const ahead = Math.max(ms(begun), ...Object.values(one.done).map(({ at }) => ms(at)));
          const lapse = lapsesAfter === undefined ? Infinity : Number(/^PT(\d+)S$/.exec(lapsesAfter)![1]) * 1000;
          const over = Math.min(plannedFor(one, next.step) + lapse, side === 'before' ? ms(one.event!.at) : Infinity);
          expect(ms(next.at)).toBeLessThanOrEqual(Math.max(over, ahead));
        }
      }),
    );
  });

  it('what is skipped is explained, and never before it lapsed or fell due', () => {
    fc.assert(
      fc.property(plays, (asked) => {
        for (const { one, now, next } of asked) {
          if (next.kind !== 'skip') continue;
          expect(ms(next.at)).toBeLessThanOrEqual(ms(now));
          const { step, why } = next;
          const ahead = one.document.steps.slice(0, one.document.steps.indexOf(step));
          for (const { key } of ahead)
            if (Object.hasOwn(one.done, key)) expect(ms(next.at)).toBeGreaterThanOrEqual(ms(one.done[key]!.at));
          if (why.startsWith('its condition')) expect(step.when).toBeDefined();
          else if (why.startsWith('it could not')) expect(step.lapsesAfter).toBeDefined();
          else if (why.endsWith('has begun')) expect(ms(now)).toBeGreaterThanOrEqual(ms(one.event!.at));
          else expect({ why, event: one.event }).toEqual({ why: expect.stringContaining('about none'), event: null });
        }
      }),
    );
  });

  it('steps without conditions, lapses and events are never skipped, however long nobody asked', () => {
    const plain = steps.map((list) => list.map(({ key, offset }) => text(key, { offset })));
    fc.assert(
      fc.property(plain, fc.array(turn, { maxLength: 20 }), (list, turns) => {
        expect(play(list, null, turns).filter(({ next }) => next.kind === 'skip')).toEqual([]);
      }),
    );
  });
});

describe('one question', () => {
  const state = fc.record({
    list: steps,
    about: eventAt,
    done: fc.nat(8),
    held: fc.option(fc.integer({ min: -1_000, max: 20 * DAY_S }), { nil: null }),
    now: fc.integer({ min: -1_000, max: 50 * DAY_S }),
    sendNow: fc.option(fc.nat(8), { freq: 3, nil: null }),
  });
  type State = typeof state extends fc.Arbitrary<infer T> ? T : never;
  const enrolmentOf = ({ list, about, done, held, sendNow }: State): Enrolment =>
    enrolmentIn(list, {
      event: appointment(about),
      done: Object.fromEntries(
        list.slice(0, done).map(({ key }, n) => [key, { outcome: 'sent', at: instant(n * 3_600) }] as const),
      ),
      notBefore: held === null ? null : instant(held),
      sendNow: sendNow === null ? null : `s${sendNow}`,
    });

  it('has one answer, and changes nothing that it was given', () => {
    fc.assert(
      fc.property(state, facts, (given, known) => {
        const one = enrolmentOf(given);
        const before = structuredClone({ one, known });
        const answer = nextStep(one, known, instant(given.now));
        expect(nextStep(structuredClone(one), { ...known }, instant(given.now))).toEqual(answer);
        expect({ one, known }).toEqual(before);
      }),
    );
  });

  it('goes from wait to due to skip as the clock goes on, about one step, and a wait is over exactly at its time', () => {
    const order = ['wait', 'due', 'skip'];
    fc.assert(
      fc.property(state, facts, fc.nat(60 * DAY_S), (given, known, more) => {
        const one = enrolmentOf(given);
        const early = nextStep(one, known, instant(given.now));
        const late = nextStep(one, known, instant(given.now + more));
        if (early.kind === 'end' || early.kind === 'paused' || late.kind === 'end' || late.kind === 'paused') {
          expect(late).toEqual(early);
          return;
        }
        expect(late.step).toEqual(early.step);
        expect(order.indexOf(late.kind)).toBeGreaterThanOrEqual(order.indexOf(early.kind));
        if (early.kind !== 'wait') return;
        expect(ms(early.at)).toBeGreaterThan(ms(instant(given.now)));
        expect(nextStep(one, known, early.at).kind).not.toBe('wait');
        expect(nextStep(one, known, new Date(ms(early.at) - 1).toISOString())).toEqual(early);
      }),
    );
  });

  it('asked for now, a step is never one that is done', () => {
    fc.assert(
      fc.property(state, facts, (given, known) => {
        const one = enrolmentOf(given);
        const next = nextStep(one, known, instant(given.now));
        if (next.kind !== 'end' && next.kind !== 'paused') expect(one.done).not.toHaveProperty(next.step.key);
      }),
    );
  });
});
