import { describe, expect, it } from '@jest/globals';
import { draftOf, taskInstead } from '../../../domain/follow-up/draft.ts';
import { isWrite, type MadeStep, type SequenceStep } from '../../../domain/follow-up/sequence.ts';
import { stepText, stepWords } from '../../../domain/follow-up/step-words.ts';
import { enrolmentIn, text } from './documents.ts';

const at = { offset: 'PT0S', anchor: 'enrolment' } as const;
const instead = { channel: 'call-task', title: 'No consent', body: 'Call.' } as const;
const made: readonly MadeStep[] = [
  text('text', { withoutConsent: instead }) as MadeStep,
  { ...at, key: 'mail', channel: 'email', subject: 'Hello', body: 'Hi {{contact.firstName}}' },
  { ...at, key: 'call', channel: 'call-task', title: 'Call', body: 'Call them.' },
  { ...at, key: 'notice', channel: 'agent-notice', title: 'Look', body: 'Look at this lead.' },
  { ...at, key: 'flow', channel: 'ghl-workflow', workflow: 'notifyAgent' },
];
const written: readonly SequenceStep[] = [
  { ...at, key: 'tags', channel: 'tag', add: ['A', 'B'], remove: ['C'] },
  { ...at, key: 'field', channel: 'field', field: 'contact.next_step', value: 'Call' },
  { ...at, key: 'stage', channel: 'stage', stage: 'engaged' },
];
const enrolment = enrolmentIn([...made, ...written]);

describe('a step as a side effect', () => {
  it('is one that must happen once, or one that may be written again', () => {
    expect(enrolment.document.steps.filter(isWrite).map(({ key }) => key)).toEqual(['tags', 'field', 'stage']);
  });

  it('has its own key, its words as a template, and a purpose that says whether it reaches the lead', () => {
    expect(made.map((step) => draftOf(enrolment, step))).toEqual(
      [
        { step: 'text', channel: 'sms', purpose: 'solicitation', content: { body: 'Hi' } },
        {
          ...{ step: 'mail', channel: 'email', purpose: 'solicitation' },
          content: { subject: 'Hello', body: 'Hi {{contact.firstName}}' },
        },
        {
          step: 'call',
          channel: 'call-task',
          purpose: 'task',
          content: { title: 'Call', body: 'Call them.', call: true },
        },
        {
          step: 'notice',
          channel: 'call-task',
          purpose: 'task',
          content: { title: 'Look', body: 'Look at this lead.', dueInMinutes: 60 },
        },
        {
          step: 'flow',
          channel: 'ghl-workflow',
          purpose: 'solicitation',
          content: { body: '', target: 'notifyAgent' },
        },
      ].map(({ step, ...draft }) => ({
        ...draft,
        onceKey: `enrolment:e1:${step}`,
        enrolmentId: 'e1',
        stepKey: step,
      })),
    );
  });

  it('is a call task of its own where the consent for it is missing', () => {
    expect(taskInstead(enrolment, made[0]!)).toEqual({
      onceKey: 'enrolment:e1:text:task',
      channel: 'call-task',
      purpose: 'task',
      enrolmentId: null,
      stepKey: 'text',
      content: { title: 'No consent', body: 'Call.', call: true },
    });
    for (const step of [...made.slice(1), ...written]) expect(taskInstead(enrolment, step)).toBeNull();
  });
});

describe('a step in plain words', () => {
  it('says which of how many of what', () => {
    expect(enrolment.document.steps.map((step) => stepWords(enrolment.document, step))).toEqual([
      'SMS 1 of 8, a plan',
      'E-mail 2 of 8, a plan',
      'Call task 3 of 8, a plan',
      'Notice to the agent 4 of 8, a plan',
      'GHL workflow 5 of 8, a plan',
      'Tags 6 of 8, a plan',
      'Field 7 of 8, a plan',
      'Stage 8 of 8, a plan',
    ]);
  });

  it('says what it is about', () => {
    expect(enrolment.document.steps.map(stepText)).toEqual([
      ...['Hi', 'Hello', 'Call', 'Look', 'notifyAgent', '+A +B -C', 'contact.next_step = Call', 'engaged'],
    ]);
  });
});
