import { describe, expect, it } from '@jest/globals';
import { durationWords, nextStep, touchSummary } from '../../../domain/follow-up/interpret.ts';
import type { SequenceStep } from '../../../domain/follow-up/sequence.ts';
import { begun, enrolmentIn, sent, text } from './documents.ts';

const steps: readonly SequenceStep[] = [
  text('text'),
  { key: 'mail', channel: 'email', offset: 'PT30M', anchor: 'previous', subject: 'Hello', body: 'Hi' },
  { key: 'call', channel: 'call-task', offset: 'P1D', anchor: 'enrolment', title: 'Call', body: 'Call' },
];
const enrolment = enrolmentIn(steps);

describe('the next step', () => {
  it('is the first at once, the second after half an hour, the third after a day, then the end', () => {
    expect(nextStep(enrolment, {}, begun)).toEqual({ kind: 'due', step: steps[0], at: begun });
    const second = { ...enrolment, done: sent({ text: '2026-03-07T15:00:04.000Z' }) };
    const at = '2026-03-07T15:30:04.000Z';
    expect(nextStep(second, {}, begun)).toEqual({ kind: 'wait', step: steps[1], at });
    expect(nextStep(second, {}, at)).toMatchObject({ kind: 'due' });
    const third = { ...enrolment, done: sent({ text: begun, mail: '2026-03-07T15:31:00.000Z' }) };
    // Clocks go forward that night: a day is 24 hours nevertheless.
    expect(nextStep(third, {}, begun)).toEqual({ kind: 'wait', step: steps[2], at: '2026-03-08T15:00:00.000Z' });
    expect(nextStep({ ...enrolment, done: sent({ text: begun, mail: begun, call: begun }) }, {}, begun)).toEqual({
      kind: 'end',
    });
  });

  it('waits for what a closed gate said, and not a moment less', () => {
    const at = '2026-03-08T14:00:00.000Z';
    const held = { ...enrolment, notBefore: at };
    expect(nextStep(held, {}, begun)).toMatchObject({ kind: 'wait', step: { key: 'text' }, at });
    expect(nextStep(held, {}, at)).toMatchObject({ kind: 'due' });
    const past = { ...enrolment, notBefore: '2026-03-07T10:00:00.000Z' };
    expect(nextStep(past, {}, begun)).toMatchObject({ kind: 'due', at: begun });
  });

  it('is still due long after an outage where nothing says that it lapses', () => {
    const later = '2026-09-01T00:00:00.000Z';
    expect(nextStep(enrolment, {}, later)).toMatchObject({ kind: 'due', step: { key: 'text' }, at: begun });
  });

  it('never lies before the end of the step ahead of it', () => {
    const late = { ...enrolment, done: sent({ text: begun, mail: '2026-03-09T09:00:00.000Z' }) };
    expect(nextStep(late, {}, begun)).toMatchObject({ kind: 'wait', at: '2026-03-09T09:00:00.000Z' });
  });

  it.each(['sent', 'recorded', 'refused', 'parked', 'task', 'done', 'skipped'] as const)(
    'comes after one that ended as %s',
    (outcome) => {
      const after = { ...enrolment, done: { text: { outcome, at: begun } } };
      expect(nextStep(after, {}, begun)).toMatchObject({ step: { key: 'mail' } });
    },
  );

  it('refuses times that it cannot read instead of guessing', () => {
    const invalid = expect.objectContaining({ code: 'SEQUENCE_INVALID' });
    expect(() => nextStep({ ...enrolment, enrolledAt: 'soon' }, {}, begun)).toThrow(invalid);
    expect(() => nextStep(enrolmentIn([text('text', { offset: 'later' })]), {}, begun)).toThrow(/later/);
  });

  it('is none while a person paused just this enrolment, and its end does not wait for that', () => {
    const paused = { ...enrolment, pausedAt: begun };
    expect(nextStep(paused, {}, begun)).toEqual({ kind: 'paused' });
    expect(nextStep({ ...paused, sendNow: 'text' }, {}, begun)).toEqual({ kind: 'paused' });
    expect(nextStep({ ...paused, done: sent({ text: begun, mail: begun, call: begun }) }, {}, begun)).toEqual({
      kind: 'end',
    });
  });
});

describe('a step with conditions', () => {
  const hot = enrolmentIn([
    text('hot', { offset: 'PT1H', when: [{ fact: 'tier', equals: 'hot' }] }),
    text('all', { offset: 'PT2H' }),
  ]);
  const at = '2026-03-07T16:00:00.000Z';

  it('is due where they hold, and to be skipped where they do not, with the one that fails', () => {
    expect(nextStep(hot, { tier: 'hot' }, at)).toMatchObject({ kind: 'due', step: { key: 'hot' } });
    expect(nextStep(hot, { tier: 'cold' }, at)).toMatchObject({
      kind: 'skip',
      step: { key: 'hot' },
      at,
      why: 'its condition does not hold: tier is not hot',
    });
    expect(nextStep(hot, {}, at)).toMatchObject({ why: 'its condition does not hold: tier is not known' });
  });

  it('is looked at when it falls due, and not before', () => {
    expect(nextStep(hot, { tier: 'cold' }, begun)).toMatchObject({ kind: 'wait', step: { key: 'hot' }, at });
  });

  it('takes no time when it is skipped', () => {
    const after = { ...hot, done: { hot: { outcome: 'skipped' as const, at } } };
    expect(nextStep(after, {}, '2026-03-07T20:00:00.000Z')).toMatchObject({
      kind: 'due',
      step: { key: 'all' },
      at: '2026-03-07T17:00:00.000Z',
    });
  });
});

describe('a step that lapses', () => {
  const brief = enrolmentIn([text('brief', { offset: 'PT1H', lapsesAfter: 'PT6H' })]);

  it('goes out late, and not any more once it lapsed, which is told', () => {
    expect(nextStep(brief, {}, '2026-03-07T21:59:59.999Z')).toMatchObject({
      kind: 'due',
      at: '2026-03-07T16:00:00.000Z',
    });
    expect(nextStep(brief, {}, '2026-03-07T22:00:00.000Z')).toMatchObject({
      kind: 'skip',
      at: '2026-03-07T22:00:00.000Z',
      why: 'it could not go out within 6 hours of its time',
    });
  });

  it('lapses also while a gate holds it back, and is not waited for any longer', () => {
    const held = { ...brief, notBefore: '2026-03-08T14:00:00.000Z' };
    expect(nextStep(held, {}, begun)).toMatchObject({ kind: 'wait', at: '2026-03-07T22:00:00.000Z' });
    expect(nextStep(held, {}, '2026-03-07T22:00:00.000Z')).toMatchObject({ kind: 'skip' });
  });

  it('is measured by its own time, so that a long pause lets nothing pile up', () => {
    const plan = enrolmentIn([
      text('day-3', { offset: 'P3D', lapsesAfter: 'P2D' }),
      text('day-7', { offset: 'P7D', lapsesAfter: 'P2D' }),
      text('day-14', { offset: 'P14D', lapsesAfter: 'P2D' }),
    ]);
    let after = plan;
    const told: string[] = [];
    const now = '2026-03-22T09:00:00.000Z';
    for (;;) {
      const next = nextStep(after, {}, now);
      if (next.kind !== 'skip') {
        expect(next).toMatchObject({ kind: 'due', step: { key: 'day-14' } });
        break;
      }
      told.push(next.step.key);
      after = { ...after, done: { ...after.done, [next.step.key]: { outcome: 'skipped', at: next.at } } };
    }
    expect(told).toEqual(['day-3', 'day-7']);
  });
});

describe('a step about an event', () => {
  const event = { kind: 'appointment', id: 'a1', at: '2026-03-10T18:00:00.000Z' } as const;
  const before = text('before', { offset: 'P1D', anchor: 'event', side: 'before' });
  const after = text('after', { offset: 'PT3H', anchor: 'event', side: 'after' });
  const about = enrolmentIn([before, after], { event });

  it('comes before or after it, and moves with it as long as it is not done', () => {
    expect(nextStep(about, {}, begun)).toMatchObject({ kind: 'wait', at: '2026-03-09T18:00:00.000Z' });
    const moved = { ...about, event: { ...event, at: '2026-03-12T20:00:00.000Z' } };
    expect(nextStep(moved, {}, begun)).toMatchObject({ kind: 'wait', at: '2026-03-11T20:00:00.000Z' });
    const reminded = { ...moved, done: sent({ before: '2026-03-09T18:00:00.000Z' }) };
    expect(nextStep(reminded, {}, begun)).toMatchObject({
      kind: 'wait',
      step: { key: 'after' },
      at: '2026-03-12T23:00:00.000Z',
    });
  });

  it('goes out at once where its time was before the enrolment, and not once the event has begun', () => {
    const late = { ...about, enrolledAt: '2026-03-10T17:00:00.000Z' };
    expect(nextStep(late, {}, '2026-03-10T17:59:59.999Z')).toMatchObject({
      kind: 'due',
      at: '2026-03-10T17:00:00.000Z',
    });
    for (const one of [late, { ...late, sendNow: 'before' }]) {
      expect(nextStep(one, {}, event.at)).toMatchObject({
        kind: 'skip',
        step: { key: 'before' },
        why: 'the appointment has begun',
      });
    }
  });

  it('is not waited for beyond the event, where a gate is closed until then', () => {
    const held = { ...about, notBefore: '2026-03-10T22:00:00.000Z' };
    expect(nextStep(held, {}, begun)).toMatchObject({ kind: 'wait', at: event.at });
    expect(nextStep(held, {}, event.at)).toMatchObject({ kind: 'skip' });
  });

  it('is skipped, with its reason, in an enrolment that is about none', () => {
    expect(nextStep({ ...about, event: null }, {}, begun)).toMatchObject({
      kind: 'skip',
      at: begun,
      why: 'it is timed by an event, and this enrolment is about none',
    });
  });
});

describe('a step that a person asked for now', () => {
  it('is due whatever its offset, also ahead of others, which keep their times', () => {
    const asked = { ...enrolment, sendNow: 'call' };
    expect(nextStep(asked, {}, begun)).toMatchObject({ kind: 'due', step: { key: 'call' } });
    const after = { ...asked, done: sent({ call: begun }) };
    expect(nextStep(after, {}, begun)).toMatchObject({ kind: 'due', step: { key: 'text' } });
  });

  it('waits for a closed gate, and its conditions hold', () => {
    const steps = [
      text('later', { offset: 'P2D', lapsesAfter: 'PT1H', when: [{ fact: 'consentSms', equals: 'yes' }] }),
    ];
    const asked = enrolmentIn(steps, { sendNow: 'later', notBefore: '2026-03-07T19:00:00.000Z' });
    expect(nextStep(asked, {}, begun)).toMatchObject({ kind: 'wait', at: '2026-03-07T19:00:00.000Z' });
    // Whatever its own time to lapse: a person wants it.
    expect(nextStep(asked, { consentSms: 'yes' }, '2026-03-07T19:00:00.000Z')).toMatchObject({ kind: 'due' });
    expect(nextStep(asked, { consentSms: 'no' }, '2026-03-07T19:00:00.000Z')).toMatchObject({ kind: 'skip' });
  });

  it('is nothing where it is done, or not of this document', () => {
    for (const sendNow of ['text', 'nowhere', 'constructor']) {
      const asked = { ...enrolment, sendNow, done: sent({ text: begun }) };
      expect(nextStep(asked, {}, begun)).toMatchObject({ kind: 'wait', step: { key: 'mail' } });
    }
  });
});

describe('the words of a touch', () => {
  it.each([
    ['America/Chicago', "Sunday 09:00 in the lead's zone: a text"],
    ['Pacific/Honolulu', "Sunday 04:00 in the lead's zone: a text"],
    [null, 'Sunday 14:00 UTC: a text'],
    ['EST', 'Sunday 14:00 UTC: a text'],
    ['nonsense', 'Sunday 14:00 UTC: a text'],
  ])('tell its time in zone %s', (zone, sentence) => {
    expect(touchSummary({ at: '2026-03-08T14:00:00.000Z', what: 'a text' }, zone)).toBe(sentence);
  });

  it('tell durations as people do', () => {
    expect(['PT2H', 'P1DT12H', 'PT1M'].map(durationWords)).toEqual(['2 hours', '1 day, 12 hours', '1 minute']);
  });
});
