import { type Channel, type Iso, isMessage, type LeadState } from '../glossary.ts';
import { assignmentWords, type LeadAssignment } from '../crm/assignment.ts';
import type { NextTouch, OpenSend } from '../ports/leads.ts';
import type { News } from '../market/alerts.ts';
import { nextStep, touchSummary } from './interpret.ts';
import { newsOf } from './news.ts';
import type { Enrolment, NextStep, SequenceFacts } from './sequence.ts';
import { newsWords, stepWords } from './step-words.ts';

/** A send that was begun this long ago and never settled was cut short: its process died. It is then read back like any unknown one. */
export const SENDING_LIMIT_MS = 100_000;

/** After this an event of ours that is due is asked for once more. */
export const LOOK_AGAIN_MS = 15 * 60_000;

export interface PlanFacts {
  readonly state: LeadState;
  readonly enrolments: readonly Enrolment[];
  readonly openSends: readonly OpenSend[];
  readonly assignment: LeadAssignment | null;
  /** What the conditions of steps look at. */
  readonly facts: SequenceFacts;
  /** When the lead's silence is looked at; null: no sequence waits for it. */
  readonly silenceAt: Iso | null;
  /** News of homes that waits to be told; absent: none. */
  readonly news?: readonly News[];
  /** When news that no enrolment tells is looked at; null or absent: there is none, or nothing waits for it. */
  readonly newsAt?: Iso | null;
  /** When a human's takeover is over by itself; null: there is none, or only a person ends it. */
  readonly takeoverEndsAt: Iso | null;
  /** IANA zone of the contact; null when unknown. */
  readonly zone: string | null;
}

/**
 * What a lead waits for next: the earliest of its open sends (to be made, tried again or read back) and its enrolments' steps.
 * Settling what was begun goes on in every state; messages and steps begin only while the lead is active.
 */
export function planNext(facts: PlanFacts, now: Iso): NextTouch | null {
  const touches = [
    ...openTouches(facts, now),
    ...stepTouches(facts, now),
    ...assignmentTouch(facts),
    ...ownLooks(facts, now),
  ];
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

/**
 * What becomes of a lead by time alone is an event of its own, which a touch writes. One that is due already was written by the touch
 * before, and is written again after a while should it have come to nothing.
 */
function ownLooks({ silenceAt, takeoverEndsAt, newsAt = null }: PlanFacts, now: Iso): Touch[] {
  const look = (at: Iso | null, what: string): Touch[] => {
    if (at === null) return [];
    const due = Date.parse(at) <= Date.parse(now);
    const again = new Date(Date.parse(now) + LOOK_AGAIN_MS).toISOString();
    return [{ at: due ? again : at, what, enrolmentId: null, stepKey: null }];
  };
  return [
    ...look(silenceAt, 'whether the lead has been silent for long enough to begin a sequence'),
    ...look(newsAt, 'whether news of homes that waits may be told'),
    ...look(takeoverEndsAt, 'the end of the takeover, unless somebody of the team writes before'),
  ];
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

function stepTouches({ state, enrolments, openSends, facts, news = [] }: PlanFacts, now: Iso): Touch[] {
  if (state !== 'active') return [];
  return enrolments.flatMap((enrolment): Touch[] => {
    const { enrolmentId, document } = enrolment;
    const next = answerOf(enrolment, facts, now);
    if (next.kind === 'paused') return [];
    if (next.kind === 'end') return [{ at: now, what: endWords(enrolment), enrolmentId, stepKey: null }];
    if (next.kind === 'broken') return [{ at: now, what: 'a step that cannot be worked', enrolmentId, stepKey: null }];
    const send = openSends.find((open) => open.enrolmentId === enrolmentId && open.stepKey === next.step.key);
    // While its outcome is unknown the step is neither due nor done: the read-back above is what is waited for.
    if (send !== undefined && checkTime(send) !== null) return [];
    const at = send?.checkAt != null && Date.parse(send.checkAt) > Date.parse(next.at) ? send.checkAt : next.at;
    const step = newsWords(newsOf(enrolment, news), next.step) ?? stepWords(document, next.step);
    return [{ at, what: next.kind === 'skip' ? `passing over ${step}` : step, enrolmentId, stepKey: next.step.key }];
  });
}

/** A document that cannot be read must not keep the lead's other enrolments from being planned: its own touch parks it. */
function answerOf(enrolment: Enrolment, facts: SequenceFacts, now: Iso): NextStep | { readonly kind: 'broken' } {
  try {
    return nextStep(enrolment, facts, now);
  } catch {
    return enrolment.pausedAt === null ? { kind: 'broken' } : { kind: 'paused' };
  }
}

/** When an unsettled send is looked at again; null for one that has not been begun. */
function checkTime(send: OpenSend): Iso | null {
  if (send.state === 'unknown') return send.checkAt;
  if (send.state === 'sending' && send.sendingAt !== null) {
    return new Date(Date.parse(send.sendingAt) + SENDING_LIMIT_MS).toISOString();
  }
  return null;
}

function endWords(enrolment: Enrolment): string {
  return `the end of ${enrolment.document.title}`;
}
