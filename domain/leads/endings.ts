import type { Iso, LeadState } from '../glossary.ts';
import { isClosed, isOff, isUpcoming, type TalkRecord } from '../follow-up/facts.ts';
import type { Enrolment } from '../follow-up/sequence.ts';
import type { ContactSnapshot } from './contact.ts';
import type { Activation } from './activation.ts';
import type { Decision, Situation } from './decision.ts';
import type { Stage } from './lead.ts';
import { isHumanTouch } from './state-after.ts';

/** What is known once state, stage and activation are settled. */
export interface Settled {
  readonly state: LeadState;
  readonly stage: Stage;
  readonly active: Activation;
}

/**
 * Which enrolments end now, each with its reason. A deleted contact, a stop and an opt-out end all of them, whatever the document
 * says; what its document names as an exit ends it as well. A pause ends none: the lead waits with its enrolments.
 */
export function endings(situation: Situation, settled: Settled, talk: TalkRecord): Decision['end'] {
  return situation.enrolments.flatMap((enrolment) => {
    const reason = reasonToEnd(enrolment, situation, settled, talk);
    return reason === null ? [] : [{ enrolmentId: enrolment.enrolmentId, reason }];
  });
}

function reasonToEnd(enrolment: Enrolment, situation: Situation, settled: Settled, talk: TalkRecord): string | null {
  if (settled.stage === 'gone') return 'contact deleted';
  if (settled.stage === 'opted-out') return 'opt-out';
  if (situation.reading?.optOut === 'ambiguous') return 'possible opt-out';
  if (isDndNews(situation)) return 'do not disturb';
  if (settled.state === 'stopped') return 'stopped';
  if (isAppointmentOff(enrolment, talk)) return 'the appointment is off';
  const standing = standingExit(enrolment, settled, talk, situation.now);
  if (standing !== null) return standing;
  const { exits } = enrolment.document;
  // A paused lead stays paused, whoever writes to it; its talk is a person's all the same.
  if (exits.includes('takeover') && settled.state === 'paused' && isHumanTouch(situation.event)) return 'takeover';
  if (exits.includes('closed') && isClosing(situation)) return 'opportunity closed';
  return exits.includes('reply') && isReplyTo(enrolment, situation) ? 'reply' : null;
}

/** An exit that stands open by how the lead is, and not by what just happened: with it a sequence need not begin at all. */
export function standingExit(
  { document, event }: Pick<Enrolment, 'document' | 'event'>,
  { state, stage, active }: Settled,
  { appointments }: TalkRecord,
  now: Iso,
): string | null {
  const { exits } = document;
  if (state === 'taken-over' && exits.includes('takeover')) return 'takeover';
  if (!active.yes && active.by === 'stop-tag' && exits.includes('stop-tag')) return 'stop tag';
  if (stage === 'qualified' && exits.includes('qualified')) return 'qualified';
  const booked = appointments.some((one) => one.id !== event?.id && isUpcoming(one, now));
  return booked && exits.includes('booking') ? 'booking' : null;
}

/** Was what it is about given up, deleted, or gone over to another contact? Whether an open house takes place is asked at its step. */
export function isAppointmentOff({ event }: Pick<Enrolment, 'event'>, { appointments }: TalkRecord): boolean {
  if (event?.kind !== 'appointment') return false;
  const appointment = appointments.find(({ id }) => id === event.id);
  return appointment === undefined || isOff(appointment.status);
}

/** What an enrolment is about has another time than it had. */
export function moves({ enrolments }: Situation, { appointments }: TalkRecord, end: Decision['end']): Decision['move'] {
  return enrolments.flatMap(({ enrolmentId, event }) => {
    if (event?.kind !== 'appointment' || end.some((ended) => ended.enrolmentId === enrolmentId)) return [];
    const at = appointments.find(({ id }) => id === event.id)?.startsAt ?? event.at;
    return Date.parse(at) === Date.parse(event.at) ? [] : [{ enrolmentId, at }];
  });
}

function isClosing({ recordChange }: Situation): boolean {
  const status = recordChange?.kind === 'opportunity' ? recordChange.facts['status']?.after : undefined;
  return typeof status === 'string' && isClosed(status);
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

/** May we follow this lead up by ourselves? */
export function mayFollow(lead: { readonly settled: Settled; readonly snapshot: ContactSnapshot | null }): boolean {
  const { active, state, stage } = lead.settled;
  return active.yes && state === 'active' && stage !== 'gone' && stage !== 'opted-out' && !isUnreachable(lead.snapshot);
}

/** Do-not-disturb on everything that we could send. */
export function isUnreachable(snapshot: ContactSnapshot | null): boolean {
  if (snapshot?.dnd === true) return true;
  return snapshot?.dndChannels?.sms === 'on' && snapshot.dndChannels.email === 'on';
}
