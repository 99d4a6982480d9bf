import type { LeadState } from '../glossary.ts';
import type { Enrolment, SequenceDocument } from '../follow-up/sequence.ts';
import type { ContactSnapshot } from './contact.ts';
import type { Activation } from './activation.ts';
import type { Decision, Situation } from './decision.ts';
import type { Stage } from './lead.ts';

/** What is known once state, stage and activation are settled. */
export interface Settled {
  readonly state: LeadState;
  readonly stage: Stage;
  readonly active: Activation;
}

type Exit = SequenceDocument['exits'][number];

/**
 * Which enrolments end now, each with its reason. A deleted contact, a stop and an opt-out end all of them, whatever the document
 * says; a reply, a takeover and a stop tag end those that name them. A pause ends none: the lead waits with its enrolments.
 */
export function endings(situation: Situation, settled: Settled): Decision['end'] {
  return situation.enrolments.flatMap((enrolment) => {
    const reason = reasonToEnd(enrolment, situation, settled);
    return reason === null ? [] : [{ enrolmentId: enrolment.enrolmentId, reason }];
  });
}

function reasonToEnd(enrolment: Enrolment, situation: Situation, settled: Settled): string | null {
  if (settled.stage === 'gone') return 'contact deleted';
  if (settled.stage === 'opted-out') return 'opt-out';
  if (situation.reading?.optOut === 'ambiguous') return 'possible opt-out';
  if (isDndNews(situation)) return 'do not disturb';
  if (settled.state === 'stopped') return 'stopped';
  const exits = new Set<Exit>(enrolment.document.exits);
  if (settled.state === 'taken-over' && exits.has('takeover')) return 'takeover';
  if (!settled.active.yes && settled.active.by === 'stop-tag' && exits.has('stop-tag')) return 'stop tag';
  return exits.has('reply') && isReplyTo(enrolment, situation) ? 'reply' : null;
}

/**
 * The lead wrote or called. A message that reaches us in time counts even if it was on its way when the enrolment began; an old one
 * (replayed, reconciled) ends only what had begun when it was written.
 */
function isReplyTo(enrolment: Enrolment, { event, stale }: Situation): boolean {
  if (event.kind !== 'message.inbound') return false;
  return !stale || Date.parse(event.occurredAt) >= Date.parse(enrolment.enrolledAt);
}

/**
 * All messages blocked, or news that one of the channels in which we write now is: by its own event, or by whatever else of the contact
 * shows it first.
 */
function isDndNews({ event, lead, snapshot }: Situation): boolean {
  if (isUnreachable(snapshot)) return true;
  if (event.kind === 'contact.dnd' && blocked(snapshot).length > 0) return true;
  const before = blocked(lead.snapshot);
  return lead.snapshot !== null && blocked(snapshot).some((channel) => !before.includes(channel));
}

/** Channels in which we write and that the contact has closed. */
export function blocked(snapshot: ContactSnapshot | null): readonly ('sms' | 'email')[] {
  return (['sms', 'email'] as const).filter((channel) => snapshot?.dndChannels?.[channel] === 'on');
}

/** Do-not-disturb on everything that we could send. */
export function isUnreachable(snapshot: ContactSnapshot | null): boolean {
  if (snapshot?.dnd === true) return true;
  return snapshot?.dndChannels?.sms === 'on' && snapshot.dndChannels.email === 'on';
}
