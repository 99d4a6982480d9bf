import type { Enrolment, SequenceDocument, SequenceStep } from '../../../domain/follow-up/sequence.ts';

export const begun = '2026-03-07T15:00:00.000Z';

export function document(more: Partial<SequenceDocument> = {}): SequenceDocument {
  return {
    key: 'plan',
    version: 1,
    title: 'a plan',
    purpose: 'solicitation',
    priority: 50,
    track: 'talk',
    trigger: { on: 'lead.activated' },
    audience: [],
    coolDown: null,
    needs: [],
    exits: ['reply'],
    steps: [text('text')],
    ...more,
  };
}

/** A text that is due at once. */
export function text(key: string, more: Partial<Extract<SequenceStep, { channel: 'sms' }>> = {}): SequenceStep {
  return { key, channel: 'sms', offset: 'PT0S', anchor: 'enrolment', body: 'Hi', ...more };
}

export function enrolmentIn(steps: readonly SequenceStep[], more: Partial<Enrolment> = {}): Enrolment {
  return {
    enrolmentId: 'e1',
    document: document({ steps }),
    enrolledAt: begun,
    done: {},
    notBefore: null,
    event: null,
    pausedAt: null,
    sendNow: null,
    ...more,
  };
}

export function sent(at: Readonly<Record<string, string>>): Enrolment['done'] {
  return Object.fromEntries(Object.entries(at).map(([key, when]) => [key, { outcome: 'sent' as const, at: when }]));
}
