import type { OutboxDraft } from '../ports/outbox.ts';
import type { Enrolment, SequenceStep } from './sequence.ts';

/** A step as a side effect to be made once; its text is still a template, filled from the contact as it is at the gate. */
export function draftOf(enrolment: Enrolment, step: SequenceStep): OutboxDraft {
  return {
    onceKey: `enrolment:${enrolment.enrolmentId}:${step.key}`,
    channel: step.channel,
    purpose: step.channel === 'call-task' ? 'task' : enrolment.document.purpose,
    enrolmentId: enrolment.enrolmentId,
    stepKey: step.key,
    content: {
      body: step.body,
      ...(step.subject === undefined ? {} : { subject: step.subject }),
      ...(step.title === undefined ? {} : { title: step.title }),
    },
  };
}

/** The call task that takes a message's place where its written consent is missing; null when the step has none. */
export function taskInstead(enrolment: Enrolment, step: SequenceStep): OutboxDraft | null {
  if (step.withoutConsent === undefined) return null;
  return {
    onceKey: `enrolment:${enrolment.enrolmentId}:${step.key}:task`,
    channel: 'call-task',
    purpose: 'task',
    // Its own row, not the step's: the step is done once the task is planned.
    enrolmentId: null,
    stepKey: step.key,
    content: { title: step.withoutConsent.title, body: step.withoutConsent.body },
  };
}
