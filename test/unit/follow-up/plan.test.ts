import { describe, expect, it } from '@jest/globals';
import { LOOK_AGAIN_MS, planNext, type PlanFacts } from '../../../domain/follow-up/plan.ts';
import type { Enrolment, SequenceDocument } from '../../../domain/follow-up/sequence.ts';
import { later, NOW, sequence } from '../../support/records.ts';

function enrolment(change: Partial<Enrolment> = {}, document: Partial<SequenceDocument> = {}): Enrolment {
  return {
    ...{ enrolmentId: 'enr-1', document: { ...sequence('welcome'), title: 'new-lead welcome', ...document } },
    ...{ enrolledAt: NOW, done: {}, notBefore: null, event: null, pausedAt: null, sendNow: null },
    ...change,
  };
}

function plan(change: Partial<PlanFacts> = {}, now = NOW): ReturnType<typeof planNext> {
  const facts: PlanFacts = {
    ...{ state: 'active', enrolments: [], openSends: [], assignment: null, zone: 'America/New_York' },
    ...{ facts: {}, silenceAt: null, takeoverEndsAt: null },
    ...change,
  };
  return planNext(facts, now);
}

const text = (change: object = {}) =>
  ({ key: 'text', channel: 'sms', offset: 'PT1H', anchor: 'enrolment', body: 'Hello', ...change }) as const;

describe('what a lead waits for', () => {
  it.each<[string, Partial<PlanFacts>, string | null]>([
    [
      'a step',
      { enrolments: [enrolment({}, { steps: [text()] })] },
      "Monday 11:00 in the lead's zone: SMS 1 of 1, new-lead welcome",
    ],
    [
      'a step that is not taken',
      { enrolments: [enrolment({}, { steps: [text({ offset: 'PT0S', when: [{ fact: 'tier', equals: 'hot' }] })] })] },
      "Monday 10:00 in the lead's zone: passing over SMS 1 of 1, new-lead welcome",
    ],
    [
      'a silence',
      { silenceAt: later(60) },
      "Monday 11:00 in the lead's zone: whether the lead has been silent for long enough to begin a sequence",
    ],
    [
      'the end of a takeover',
      { state: 'taken-over', takeoverEndsAt: later(60), zone: null },
      'Monday 16:00 UTC: the end of the takeover, unless somebody of the team writes before',
    ],
    ['a person', { enrolments: [enrolment({ pausedAt: NOW }, { steps: [text()] })] }, null],
    [
      'a person, whatever the document says',
      { enrolments: [enrolment({ pausedAt: NOW }, { steps: null as never })] },
      null,
    ],
    [
      'a person who looks at a step that nobody can read',
      { enrolments: [enrolment({}, { steps: [text({ offset: 'soon' })] })] },
      "Monday 10:00 in the lead's zone: a step that cannot be worked",
    ],
  ])('reads as a sentence: %s', (_what, facts, sentence) => {
    expect(plan(facts)?.sentence ?? null).toBe(sentence);
  });

  it('is the earliest of all, and a document that cannot be read keeps nothing else from being planned', () => {
    const good = enrolment({}, { steps: [text()] });
    const broken = enrolment({ enrolmentId: 'enr-2' }, { steps: null as never });
    expect(plan({ enrolments: [good], silenceAt: later(30), takeoverEndsAt: later(90) })?.at).toBe(later(30));
    expect(plan({ enrolments: [good, broken] })).toMatchObject({ at: NOW, enrolmentId: 'enr-2' });
  });

  it('is no tight loop where an event of ours is due and not worked yet', () => {
    const again = new Date(Date.parse(NOW) + LOOK_AGAIN_MS).toISOString();
    expect(plan({ silenceAt: NOW })?.at).toBe(again);
    expect(plan({ state: 'taken-over', takeoverEndsAt: later(-5) })?.at).toBe(again);
  });

  it('is no step while the lead is paused, stopped or taken over', () => {
    const enrolments = [enrolment({}, { steps: [text()] })];
    for (const state of ['paused', 'stopped', 'taken-over'] as const) expect(plan({ state, enrolments })).toBeNull();
  });

  it('is the step that a person asked for, and then the gate’s own instant', () => {
    const asked = enrolment({ sendNow: 'text' }, { steps: [text({ offset: 'P9D' })] });
    expect(plan({ enrolments: [asked] })?.at).toBe(NOW);
    expect(plan({ enrolments: [{ ...asked, notBefore: later(10) }] })?.at).toBe(later(10));
  });
});
