import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextStep, touchSummary } from '../../../domain/follow-up/interpret.ts';
import { stepWords } from '../../../domain/follow-up/step-words.ts';
import type { Enrolment, SequenceDocument, SequenceStep } from '../../../domain/follow-up/sequence.ts';

const welcome: SequenceDocument = {
  key: 'new-lead-welcome',
  version: 1,
  title: 'new-lead welcome',
  purpose: 'solicitation',
  priority: 50,
  track: 'talk',
  trigger: { on: 'lead.activated' },
  audience: [],
  coolDown: null,
  needs: [],
  exits: ['reply'],
  steps: [
    { key: 'text', channel: 'sms', offset: 'PT0S', anchor: 'enrolment', body: 'Hi' },
    { key: 'mail', channel: 'email', offset: 'PT30M', anchor: 'previous', subject: 'Hello', body: 'Hi' },
    { key: 'call', channel: 'call-task', offset: 'P1D', anchor: 'enrolment', title: 'Call', body: 'Call' },
  ],
};
const begun = '2026-03-07T15:00:00.000Z';
const enrolment: Enrolment = {
  enrolmentId: 'e1',
  document: welcome,
  enrolledAt: begun,
  done: {},
  notBefore: null,
  event: null,
  pausedAt: null,
  sendNow: null,
};
const done = (at: Record<string, string>): Enrolment['done'] =>
  Object.fromEntries(Object.entries(at).map(([key, when]) => [key, { outcome: 'sent' as const, at: when }]));

describe('the next step', () => {
  it('is the first at once, the second after half an hour, the third after a day, then the end', () => {
    expect(nextStep(enrolment, {}, begun)).toMatchObject({ kind: 'due', step: { key: 'text' }, at: begun });
    const second = { ...enrolment, done: done({ text: '2026-03-07T15:00:04.000Z' }) };
    expect(nextStep(second, {}, begun)).toMatchObject({
      kind: 'wait',
      step: { key: 'mail' },
      at: '2026-03-07T15:30:04.000Z',
    });
    expect(nextStep(second, {}, '2026-03-07T15:30:04.000Z')).toMatchObject({ kind: 'due' });
    const third = { ...enrolment, done: done({ text: begun, mail: '2026-03-07T15:31:00.000Z' }) };
    // Clocks go forward that night: a day is 24 hours nevertheless.
    expect(nextStep(third, {}, begun)).toMatchObject({
      kind: 'wait',
      step: { key: 'call' },
      at: '2026-03-08T15:00:00.000Z',
    });
    const through = { ...enrolment, done: done({ text: begun, mail: begun, call: begun }) };
    expect(nextStep(through, {}, begun)).toEqual({ kind: 'end' });
  });

  it('waits for what a closed gate said, and not a moment less', () => {
    const held = { ...enrolment, notBefore: '2026-03-08T14:00:00.000Z' };
    expect(nextStep(held, {}, begun)).toMatchObject({
      kind: 'wait',
      step: { key: 'text' },
      at: '2026-03-08T14:00:00.000Z',
    });
    expect(nextStep(held, {}, '2026-03-08T14:00:00.000Z')).toMatchObject({ kind: 'due' });
    const past = { ...enrolment, notBefore: '2026-03-07T10:00:00.000Z' };
    expect(nextStep(past, {}, begun)).toMatchObject({ kind: 'due', at: begun });
  });

  it('is still due long after an outage: lateness skips nothing', () => {
    expect(nextStep(enrolment, {}, '2026-09-01T00:00:00.000Z')).toMatchObject({
      kind: 'due',
      step: { key: 'text' },
      at: begun,
    });
  });

  it('never lies before the end of the step ahead of it', () => {
    const late = { ...enrolment, done: done({ text: begun, mail: '2026-03-09T09:00:00.000Z' }) };
    expect(nextStep(late, {}, begun)).toMatchObject({ kind: 'wait', at: '2026-03-09T09:00:00.000Z' });
  });

  it('counts every outcome as done, also a refused or parked one', () => {
    for (const outcome of ['sent', 'recorded', 'refused', 'parked', 'task', 'skipped'] as const) {
      const after = { ...enrolment, done: { text: { outcome, at: begun } } };
      expect(nextStep(after, {}, begun)).toMatchObject({ step: { key: 'mail' } });
    }
  });

  it('refuses times that it cannot read instead of guessing', () => {
    expect(() => nextStep({ ...enrolment, enrolledAt: 'soon' }, {}, begun)).toThrow(
      expect.objectContaining({ code: 'SEQUENCE_INVALID' }),
    );
    const steps = [{ ...welcome.steps[0]!, offset: 'later' }];
    expect(() => nextStep({ ...enrolment, document: { ...welcome, steps } }, {}, begun)).toThrow(/later/);
  });

  const steps = fc
    .array(
      fc.record({
        seconds: fc.integer({ min: 0, max: 5_000_000 }),
        anchor: fc.constantFrom('enrolment' as const, 'previous' as const),
      }),
      { minLength: 1, maxLength: 8 },
    )
    .map((list) =>
      list.map(({ seconds, anchor }, n): SequenceStep => ({
        key: `s${n}`,
        channel: 'sms',
        offset: `PT${seconds}S`,
        anchor,
        body: 'x',
      })),
    );
  const seconds = fc.integer({ min: -1_000, max: 20_000_000 });
  const instant = (s: number): string => new Date(Date.parse(begun) + s * 1000).toISOString();

  it('does not depend on the clock but for being due, and once due stays due', () => {
    fc.assert(
      fc.property(steps, fc.option(seconds, { nil: null }), seconds, seconds, (list, held, a, b) => {
        const one = {
          ...enrolment,
          document: { ...welcome, steps: list },
          notBefore: held === null ? null : instant(held),
        };
        const [early, late] = [nextStep(one, {}, instant(Math.min(a, b))), nextStep(one, {}, instant(Math.max(a, b)))];
        expect({ ...late, kind: early.kind }).toEqual(early);
        if (early.kind === 'due') expect(late.kind).toBe('due');
        expect(nextStep(one, {}, instant(a))).toEqual(nextStep(one, {}, instant(a)));
      }),
    );
  });

  it('goes through every document in its order, each step once, with times that never run backwards', () => {
    fc.assert(
      fc.property(
        steps,
        fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 8, maxLength: 8 }),
        (list, delays) => {
          let now = begun;
          let one: Enrolment = { ...enrolment, document: { ...welcome, steps: list } };
          for (const [n, step] of list.entries()) {
            const next = nextStep(one, {}, now);
            if (next.kind === 'end' || next.kind === 'paused') throw new Error('ended early');
            expect(next.step.key).toBe(step.key);
            expect(next.at >= (n === 0 ? begun : one.done[list[n - 1]!.key]!.at)).toBe(true);
            now = new Date(Math.max(Date.parse(next.at), Date.parse(now)) + delays[n]! * 1000).toISOString();
            expect(nextStep(one, {}, now).kind).toBe('due');
            one = { ...one, done: { ...one.done, [step.key]: { outcome: 'sent', at: now } } };
          }
          expect(nextStep(one, {}, now)).toEqual({ kind: 'end' });
        },
      ),
    );
  });
});

describe('plain words', () => {
  it('say which step of how many of what', () => {
    expect(welcome.steps.map((step) => stepWords(welcome, step))).toEqual([
      'SMS 1 of 3, new-lead welcome',
      'E-mail 2 of 3, new-lead welcome',
      'Call task 3 of 3, new-lead welcome',
    ]);
  });

  it.each([
    ['America/Chicago', "Sunday 09:00 in the lead's zone: SMS 1 of 3, new-lead welcome"],
    ['Pacific/Honolulu', "Sunday 04:00 in the lead's zone: SMS 1 of 3, new-lead welcome"],
    [null, 'Sunday 14:00 UTC: SMS 1 of 3, new-lead welcome'],
    ['EST', 'Sunday 14:00 UTC: SMS 1 of 3, new-lead welcome'],
    ['nonsense', 'Sunday 14:00 UTC: SMS 1 of 3, new-lead welcome'],
  ])('tell the time of a touch in zone %s', (zone, sentence) => {
    const touch = { at: '2026-03-08T14:00:00.000Z', what: stepWords(welcome, welcome.steps[0]!) };
    expect(touchSummary(touch, zone)).toBe(sentence);
  });
});
