import type { OutboxDraft } from '../ports/outbox.ts';
import type { Enrolment, MadeStep, SequenceStep } from './sequence.ts';

/** Whoever is given notice is to look soon. */
const NOTICE_DUE_MINUTES = 60;

/**
 * A step as a side effect to be made once; its text is still a template, filled from the contact as it is at the gate. A notice to the
 * agent is a task in the CRM, which is where agents look.
 */
export function draftOf(enrolment: Pick<Enrolment, 'enrolmentId' | 'document'>, step: MadeStep): OutboxDraft {
  const toLead = step.channel === 'sms' || step.channel === 'email' || step.channel === 'ghl-workflow';
  return {
    onceKey: `enrolment:${enrolment.enrolmentId}:${step.key}`,
    channel: outboxChannel(step),
    purpose: toLead ? enrolment.document.purpose : 'task',
    enrolmentId: enrolment.enrolmentId,
    stepKey: step.key,
    content: contentOf(step),
  };
}

export function outboxChannel({ channel }: MadeStep): OutboxDraft['channel'] {
  return channel === 'agent-notice' ? 'call-task' : channel;
}

/** The words of a step that goes by way of the outbox. */
export function contentOf(step: MadeStep): OutboxDraft['content'] {
  switch (step.channel) {
    case 'sms':
      return { body: step.body };
    case 'email':
      return { body: step.body, subject: step.subject };
    case 'call-task':
      return { body: step.body, title: step.title, call: true };
    case 'agent-notice':
      return { body: step.body, title: step.title, dueInMinutes: NOTICE_DUE_MINUTES };
    case 'ghl-workflow':
      // The settings' name of it, until the location's own id takes its place.
      return { body: '', target: step.workflow };
  }
}

/** The call task that takes a message's place where its written consent is missing; null when the step has none. */
export function taskInstead(enrolment: Enrolment, step: SequenceStep): OutboxDraft | null {
  if (!('withoutConsent' in step)) return null;
  return {
    onceKey: `enrolment:${enrolment.enrolmentId}:${step.key}:task`,
    channel: 'call-task',
    purpose: 'task',
    // Its own row, not the step's: the step is done once the task is planned.
    enrolmentId: null,
    stepKey: step.key,
    content: { title: step.withoutConsent.title, body: step.withoutConsent.body, call: true },
  };
}
