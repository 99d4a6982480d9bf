import { type Channel, type Iso, isMessage, type LeadState } from '../glossary.ts';
import { assignmentWords, type LeadAssignment } from '../crm/assignment.ts';
import type { NextTouch, OpenSend } from '../ports/leads.ts';
import { nextStep, touchSummary } from './interpret.ts';
import type { Enrolment, SequenceStep } from './sequence.ts';
import { stepWords } from './step-words.ts';

/** A send that was begun this long ago and never settled was cut short: its process died. It is then read back like any unknown one. */
export const SENDING_LIMIT_MS = 100_000;

export interface PlanFacts {
  readonly state: LeadState;
  readonly enrolments: readonly Enrolment[];
  readonly openSends: readonly OpenSend[];
  readonly assignment: LeadAssignment | null;
  /** IANA zone of the contact; null when unknown. */
  readonly zone: string | null;
}

/**
 * What a lead waits for next: the earliest of its open sends (to be made, tried again or read back) and its enrolments' steps.
 * Settling what was begun goes on in every state; messages and steps begin only while the lead is active.
 */
export function planNext(facts: PlanFacts, now: Iso): NextTouch | null {
  const touches = [...openTouches(facts, now), ...stepTouches(facts, now), ...assignmentTouch(facts)];
  touches.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const first = touches[0];
  return first === undefined ? null : { ...first, sentence: touchSummary(first, facts.zone) };
}

type Touch = Omit<NextTouch, 'sentence'>;

/** The team's time runs on in every state of the lead: whoever has it is to call. */
function assignmentTouch({ assignment }: PlanFacts): Touch[] {
  if (assignment === null || assignment.dueAt === null) return [];
  return [{ at: assignment.dueAt, what: assignmentWords(assignment), enrolmentId: null, stepKey: null }];
}

function openTouches({ state, openSends, enrolments }: PlanFacts, now: Iso): Touch[] {
  return openSends.flatMap((send): Touch[] => {
    const { enrolmentId, stepKey } = send;
    const name = names[send.channel];
    const at = checkTime(send);
    if (at !== null) return [{ at, what: `checking whether ${name} went out`, enrolmentId, stepKey }];
    const ofStep = enrolmentId !== null && enrolments.some((enrolment) => enrolment.enrolmentId === enrolmentId);
    if (ofStep || !mayBeMade(send, state)) return [];
    return [{ at: send.checkAt ?? now, what: name, enrolmentId, stepKey }];
  });
}

const names: Readonly<Record<Channel, string>> = {
  sms: 'an SMS',
  email: 'an e-mail',
  'call-task': 'a task for the team',
  note: 'a note for the team',
  opportunity: 'an opportunity',
  'ghl-workflow': 'an addition to a workflow of the CRM',
};

/** What a decision asked for reaches the team also while the lead is paused or a human works it; a workflow may write to the lead. */
function mayBeMade({ channel, enrolmentId }: OpenSend, state: LeadState): boolean {
  if (state === 'active') return true;
  return !isMessage(channel) && channel !== 'ghl-workflow' && enrolmentId === null && state !== 'stopped';
}

function stepTouches({ state, enrolments, openSends }: PlanFacts, now: Iso): Touch[] {
  if (state !== 'active') return [];
  return enrolments.flatMap((enrolment): Touch[] => {
    const next = nextStep(enrolment, {}, now);
    if (next.kind === 'paused') return [];
    if (next.kind === 'end')
      return [{ at: now, what: endWords(enrolment), enrolmentId: enrolment.enrolmentId, stepKey: null }];
    const send = openSends.find((open) => open.enrolmentId === enrolment.enrolmentId && open.stepKey === next.step.key);
    // While its outcome is unknown the step is neither due nor done: the read-back above is what is waited for.
    if (send !== undefined && checkTime(send) !== null) return [];
    const at = send?.checkAt != null && Date.parse(send.checkAt) > Date.parse(next.at) ? send.checkAt : next.at;
    return [{ at, what: words(enrolment, next.step), enrolmentId: enrolment.enrolmentId, stepKey: next.step.key }];
  });
}

/** When an unsettled send is looked at again; null for one that has not been begun. */
function checkTime(send: OpenSend): Iso | null {
  if (send.state === 'unknown') return send.checkAt;
  if (send.state === 'sending' && send.sendingAt !== null) {
    return new Date(Date.parse(send.sendingAt) + SENDING_LIMIT_MS).toISOString();
  }
  return null;
}

function words(enrolment: Enrolment, step: SequenceStep): string {
  return stepWords(enrolment.document, step);
}

function endWords(enrolment: Enrolment): string {
  return `the end of ${enrolment.document.title}`;
}
