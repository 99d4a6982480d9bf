import { beginningHere } from '../follow-up/chosen.ts';
import { contest, type Happening, isAboutEvent } from '../follow-up/contest.ts';
import { isOff, isUpcoming, silentSince, type TalkRecord } from '../follow-up/facts.ts';
import { newsHappenings } from '../follow-up/news.ts';
import type { Enrolment, EnrolmentEvent, SequenceDocument, SequenceFacts } from '../follow-up/sequence.ts';
import type { Iso, Tier } from '../glossary.ts';
import type { EventKind } from '../webhooks/event.ts';
import type { Decision, Situation } from './decision.ts';
import { mayFollow, type Settled, standingExit } from './endings.ts';
import { newsNotBefore } from './listing-news.ts';

export interface Beginnings {
  readonly enrol: Decision['enrol'];
  /** Weaker ones that give way. */
  readonly end: Decision['end'];
  /** Sequences that a new lead would have begun, had we heard of it in time: somebody should call. */
  readonly missed: readonly SequenceDocument[];
  /** Why an operator's wish to enrol came to nothing. */
  readonly declined: string | null;
}

/** What is known once the lead's side is settled. */
export interface Known {
  readonly settled: Settled;
  readonly tier: Tier | null;
  readonly talk: TalkRecord;
  readonly facts: SequenceFacts;
  /** What this decision ends anyway. */
  readonly end: Decision['end'];
}

const none: Beginnings = { enrol: [], end: [], missed: [], declined: null };

/** Which sequences begin now: the one that an operator asks for, or those that wait for what this event made of the lead. */
export function beginnings(situation: Situation, known: Known): Beginnings {
  if (situation.event.kind === 'operator' && situation.event.act?.action === 'enrol') return asked(situation, known);
  if (!mayFollow({ settled: known.settled, snapshot: situation.snapshot })) return none;
  // Old news changes state only: a text that comes days late does more harm than none.
  if (situation.stale) {
    if (!isActivation(situation)) return none;
    const { enrol } = contested(situation, known, [{ on: 'lead.activated' }]);
    return { ...none, missed: enrol.map(({ document }) => document) };
  }
  return { ...none, ...contested(situation, known, happenings(situation, known)) };
}

/** What just happened that sequences may wait for. */
function happenings(situation: Situation, { tier, talk }: Known): readonly Happening[] {
  const { lead, event } = situation;
  // News of the market is nothing that the lead did: it begins what waits for it, and nothing else.
  const news = situation.settings.market.alerts.perDay === 0 ? [] : newsHappenings(situation.news ?? []);
  if (event.kind === 'market.alert') return news;
  const turned = tier !== null && (lead.tier !== tier || lead.activatedAt === null);
  const booked = booking(situation, talk);
  return [
    ...(isActivation(situation) ? [{ on: 'lead.activated' } as const] : []),
    ...(turned ? [{ on: 'tier', becomes: tier } as const] : []),
    ...(booked === null ? [] : [{ on: 'appointment.booked', event: booked } as const]),
    ...(event.kind === 'message.inbound' || event.kind === 'message.understood'
      ? []
      : [{ on: 'silence', since: silentSince(lead, talk) } as const, ...news]),
  ];
}

/**
 * Did this event make the lead ours to work on? The moment in which tags first allow it counts, not every event after it: else a newly
 * published sequence would reach everybody who was ever active. A contact that was just created, or that a GHL workflow hands to us,
 * counts also when faster news has told of the tags before.
 */
function isActivation({ event, lead }: Situation): boolean {
  // What a person of the team does is about what they ask for, and a reading is about its message.
  if (event.kind === 'operator' || event.kind === 'message.understood' || event.kind === 'market.alert') return false;
  // A contact cannot write before it is created: the news of its creation was slow, and the talk has begun.
  if (event.kind === 'contact.created' && lead.lastInboundAt !== null) return false;
  if (event.kind === 'contact.created' || event.source === 'workflow') return !talking.has(event.kind);
  return lead.activatedAt === null && !talking.has(event.kind);
}

/** In a talk, or with an appointment, nobody is welcomed any more. */
const talking: ReadonlySet<EventKind> = new Set<EventKind>(['message.inbound', 'message.outbound', 'appointment']);

/** An appointment ahead that was made, moved or taken up again by this event; other news of it books nothing. */
function booking({ recordChange, now }: Situation, { appointments }: TalkRecord): EnrolmentEvent | null {
  if (recordChange?.kind !== 'appointment') return null;
  const { what, facts, recordId } = recordChange;
  const before = facts['status']?.before;
  const revived = typeof before === 'string' && isOff(before);
  if (what !== 'created' && facts['startsAt'] === undefined && !revived) return null;
  const appointment = appointments.find(({ id }) => id === recordId);
  if (appointment === undefined || appointment.startsAt === null || !isUpcoming(appointment, now)) return null;
  return { kind: 'appointment', id: recordId, at: appointment.startsAt };
}

/** A person may enrol a lead again, but not twice at a time, and not against the lead's own word. */
function asked(situation: Situation, known: Known): Beginnings {
  const { event, stale, sequences, now } = situation;
  const { settled, talk } = known;
  // A wish that is taken up again is as old as any other news; whoever still has it asks anew.
  if (stale) return { ...none, declined: 'it was asked for too long ago' };
  const document = sequences.find(({ key }) => key === event.act?.sequence);
  if (document === undefined) return { ...none, declined: 'no such sequence is published' };
  if (settled.stage === 'gone') return { ...none, declined: 'the contact is deleted' };
  if (settled.stage === 'opted-out') return { ...none, declined: 'the lead has opted out' };
  if (settled.state === 'stopped' || settled.state === 'taken-over') {
    return { ...none, declined: `the lead is ${settled.state}` };
  }
  const ahead = nextAppointment(talk, now);
  const exit = standingExit({ document, event: aboutOf(document, ahead) }, settled, talk, now);
  if (exit !== null) return { ...none, declined: `it would end at once: ${exit}` };
  return contested(situation, known, [{ on: 'operator', sequence: document.key, event: ahead }]);
}

/** An appointment is what a sequence is about that is timed by it; for the others it is something that the lead has done. */
function aboutOf(document: SequenceDocument, event: EnrolmentEvent | null): EnrolmentEvent | null {
  return isAboutEvent(document) ? event : null;
}

/** A location whose first appointment this is has appointments from now on. */
function availableNow({ available, recordChange }: Situation): Situation['available'] {
  return recordChange?.kind === 'appointment' ? [...new Set([...available, 'appointments' as const])] : available;
}

function nextAppointment({ appointments }: TalkRecord, now: string): EnrolmentEvent | null {
  const ahead = appointments.flatMap((one) =>
    one.startsAt !== null && isUpcoming(one, now)
      ? [{ kind: 'appointment', id: one.id, at: one.startsAt } as const]
      : [],
  );
  return ahead.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))[0] ?? null;
}

/** One thing after another: what began by the first may give way to what begins by the next. */
function contested(situation: Situation, known: Known, happened: readonly Happening[]): Beginnings {
  const { now, enrolments, settings } = situation;
  const available = availableNow(situation);
  const { facts, talk, settled } = known;
  const news = situation.news ?? [];
  const byThemselves = beginningHere(situation.sequences, settings.sequences);
  let begun: Beginnings['enrol'] = [];
  let end: Beginnings['end'] = [];
  let declined: string | null = null;
  const delayed = (document: SequenceDocument): { readonly notBefore?: Iso } => {
    const notBefore = newsNotBefore(document, news, settings.market);
    return notBefore === null ? {} : { notBefore };
  };
  for (const happening of happened) {
    const event = 'event' in happening ? happening.event : null;
    const sequences = happening.on === 'operator' ? situation.sequences : byThemselves;
    const over = new Set([...known.end, ...end].map(({ enrolmentId }) => enrolmentId));
    const outcome = contest({
      ...{ now, happening, facts, available },
      sequences: sequences.filter(
        (document) => standingExit({ document, event: aboutOf(document, event) }, settled, talk, now) === null,
      ),
      running: [...enrolments.filter(({ enrolmentId }) => !over.has(enrolmentId)), ...begun.map(asRunning(now))],
      began: { ...situation.began, ...Object.fromEntries(begun.map(({ document }) => [document.key, now])) },
    });
    const outranked = (id: string) => outcome.end.some(({ enrolmentId }) => enrolmentId === id);
    begun = [
      ...begun.filter(({ document }) => !outranked(provisional(document))),
      ...outcome.begin.map((one) => ({ ...one, because: { on: happening.on, facts }, ...delayed(one.document) })),
    ];
    end = [
      ...end,
      ...outcome.end.flatMap(({ enrolmentId, by }) =>
        enrolments.some((one) => one.enrolmentId === enrolmentId)
          ? [{ enrolmentId, reason: `outranked by ${by}` }]
          : [],
      ),
    ];
    if (happening.on === 'operator') declined = outcome.declined[0]?.why ?? null;
  }
  return { ...none, enrol: begun, end, declined };
}

function provisional({ key }: SequenceDocument): string {
  return `begins:${key}`;
}

function asRunning(now: string): (begin: Beginnings['enrol'][number]) => Enrolment {
  return ({ document, event }) => ({
    ...{ enrolmentId: provisional(document), document, enrolledAt: now, done: {} },
    ...{ notBefore: null, event, pausedAt: null, sendNow: null },
  });
}
