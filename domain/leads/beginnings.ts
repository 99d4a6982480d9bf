import type { SequenceDocument } from '../follow-up/sequence.ts';
import type { EventKind } from '../webhooks/event.ts';
import type { Situation } from './decision.ts';
import { isUnreachable } from './endings.ts';
import type { Settled } from './endings.ts';

export interface Beginnings {
  readonly enrol: readonly SequenceDocument[];
  /** Sequences that a new lead would have begun, had we heard of it in time: somebody should call. */
  readonly missed: readonly SequenceDocument[];
  /** Why an operator's wish to enrol came to nothing. */
  readonly declined: string | null;
}

const none: Beginnings = { enrol: [], missed: [], declined: null };

/** Which sequences begin now: those that an operator asks for, or those that wait for a lead's activation. */
export function beginnings(situation: Situation, settled: Settled): Beginnings {
  if (situation.event.kind === 'operator') return asked(situation, settled);
  const waiting = isActivation(situation, settled) ? welcoming(situation) : [];
  if (waiting.length === 0) return none;
  // Old news changes state only: a text that comes days late does more harm than none.
  return situation.stale ? { ...none, missed: waiting } : { ...none, enrol: waiting };
}

/**
 * Did this event make the lead ours to work on? The moment in which tags first allow it counts, not every event after it: else a newly
 * published sequence would reach everybody who was ever active. A contact that was just created, or that a GHL workflow hands to us,
 * counts also when faster news has told of the tags before.
 */
function isActivation(situation: Situation, { active, state, stage }: Settled): boolean {
  const { event, lead, snapshot } = situation;
  if (!active.yes || state !== 'active' || stage === 'gone' || stage === 'opted-out') return false;
  if (isUnreachable(snapshot)) return false;
  // A contact cannot write before it is created: the news of its creation was slow, and the talk has begun.
  if (event.kind === 'contact.created' && lead.lastInboundAt !== null) return false;
  if (event.kind === 'contact.created' || event.source === 'workflow') return !talking.has(event.kind);
  return lead.activatedAt === null && !talking.has(event.kind);
}

/** In a talk, or with an appointment, nobody is welcomed any more. */
const talking: ReadonlySet<EventKind> = new Set<EventKind>(['message.inbound', 'message.outbound', 'appointment']);

/** Published sequences of the trigger, strongest first, each once in a lead's life. */
function welcoming({ sequences, everEnrolled }: Situation): readonly SequenceDocument[] {
  return sequences
    .filter((document) => document.trigger.on === 'lead.activated' && !everEnrolled.includes(document.key))
    .toSorted((a, b) => b.priority - a.priority || (a.key < b.key ? -1 : 1));
}

/** A person may enrol a lead again, but not twice at a time, and not against the lead's own word. */
function asked({ event, stale, sequences, enrolments }: Situation, { state, stage }: Settled): Beginnings {
  if (event.act?.action !== 'enrol') return none;
  // A wish that is taken up again is as old as any other news; whoever still has it asks anew.
  if (stale) return { ...none, declined: 'it was asked for too long ago' };
  const document = sequences.find(({ key }) => key === event.act?.sequence);
  if (document === undefined) return { ...none, declined: 'no such sequence is published' };
  if (stage === 'gone') return { ...none, declined: 'the contact is deleted' };
  if (stage === 'opted-out') return { ...none, declined: 'the lead has opted out' };
  if (state === 'stopped' || state === 'taken-over') return { ...none, declined: `the lead is ${state}` };
  if (enrolments.some((enrolment) => enrolment.document.key === document.key)) {
    return { ...none, declined: 'the lead is in this sequence already' };
  }
  return { ...none, enrol: [document] };
}
