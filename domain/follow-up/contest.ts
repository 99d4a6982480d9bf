import { Duration } from 'luxon';
import type { Iso, Tier } from '../glossary.ts';
import type { ChangeKind } from '../market/listing.ts';
import { unmet } from './conditions.ts';
import type { Enrolment, EnrolmentEvent, SequenceDocument, SequenceFacts, SequenceNeed } from './sequence.ts';

/** What just happened that sequences may wait for. */
export type Happening =
  | { readonly on: 'lead.activated' }
  /** A person asked for it. `event`: what the lead has coming, for a sequence that is about it. */
  | { readonly on: 'operator'; readonly sequence: string; readonly event: EnrolmentEvent | null }
  /** Nothing was heard from the lead since then. */
  | { readonly on: 'silence'; readonly since: Iso }
  | { readonly on: 'tier'; readonly becomes: Tier }
  | { readonly on: 'appointment.booked'; readonly event: EnrolmentEvent }
  /** News of homes waits to be told: the kinds of it; or of one open house, which is then what it is about. */
  | { readonly on: 'listing'; readonly changes: readonly ChangeKind[]; readonly event: EnrolmentEvent | null };

/** What is decided from; that the lead may be followed up at all is the caller's business. */
export interface Contest {
  readonly now: Iso;
  readonly happening: Happening;
  /** The newest published version of each sequence. */
  readonly sequences: readonly SequenceDocument[];
  /** Enrolments that go on, without those that this same decision ends. */
  readonly running: readonly Enrolment[];
  /** When each sequence last began for this lead, by its key; absent: never. */
  readonly began: Readonly<Record<string, Iso>>;
  readonly facts: SequenceFacts;
  /** Systems that this location has. */
  readonly available: readonly SequenceNeed[];
}

export interface ContestOutcome {
  readonly begin: readonly { readonly document: SequenceDocument; readonly event: EnrolmentEvent | null }[];
  readonly end: readonly { readonly enrolmentId: string; readonly reason: 'outranked'; readonly by: string }[];
  /** Sequences that wait for just this and do not begin. */
  readonly declined: readonly { readonly key: string; readonly why: string }[];
}

/**
 * Which sequences begin. Of one track only the strongest runs: by priority, of two alike the one that runs already, else the first by its
 * key. What a person asks for begins whatever its audience, cool-down and rank are; what it needs must be there.
 * Reminders of two appointments do not stand in each other's way, nor do an open house and news of homes that has no time of its own.
 */
export function contest(situation: Contest): ContestOutcome {
  const { happening, sequences } = situation;
  const event = 'event' in happening ? happening.event : null;
  const waiting = sequences.filter((document) => waitsFor(document, situation)).toSorted(strongestFirst);
  const begin: SequenceDocument[] = [];
  const end: { enrolmentId: string; reason: 'outranked'; by: string }[] = [];
  const declined: { key: string; why: string }[] = [];
  for (const document of waiting) {
    const rivals = rivalsOf(document, event, situation);
    const why = whyNot(document, event, situation) ?? strongerOne(document, begin, rivals, happening);
    if (why !== null) {
      declined.push({ key: document.key, why });
      continue;
    }
    begin.push(document);
    end.push(...rivals.map(({ enrolmentId }) => ({ enrolmentId, reason: 'outranked' as const, by: document.key })));
  }
  return {
    begin: begin.map((document) => ({ document, event: isAboutEvent(document) ? event : null })),
    end,
    declined,
  };
}

/**
 * When the next sequence that waits for silence may begin, if the lead stays silent: the earliest instant after now at which one's time
 * is over and its cool-down, too. Null: none ever. Whether it then begins, `contest` says.
 */
export function nextSilence(
  since: Iso,
  { now, sequences, began }: Pick<Contest, 'now' | 'sequences' | 'began'>,
): Iso | null {
  const times = sequences.flatMap((document) => {
    if (document.trigger.on !== 'silence') return [];
    const free = freeAt(document, began);
    const at = Math.max(Date.parse(since) + length(document.trigger.after), free);
    return Number.isFinite(at) && at > Date.parse(now) ? [at] : [];
  });
  return times.length === 0 ? null : new Date(Math.min(...times)).toISOString();
}

function waitsFor({ key, trigger }: SequenceDocument, { happening, now }: Contest): boolean {
  switch (happening.on) {
    case 'operator':
      return key === happening.sequence;
    case 'silence':
      return trigger.on === 'silence' && Date.parse(now) - Date.parse(happening.since) >= length(trigger.after);
    case 'tier':
      return trigger.on === 'tier' && trigger.becomes === happening.becomes;
    case 'listing':
      return trigger.on === 'listing' && trigger.change.some((change) => happening.changes.includes(change));
    case 'lead.activated':
    case 'appointment.booked':
      return trigger.on === happening.on;
  }
}

/** Why a sequence would not begin even if it were alone. */
function whyNot(
  document: SequenceDocument,
  event: EnrolmentEvent | null,
  { now, happening, running, began, facts, available }: Contest,
): string | null {
  const missing = document.needs.filter((need) => !available.includes(need));
  if (missing.length > 0) return `it needs ${missing.join(' and ')}, which this location does not have`;
  if (isAboutEvent(document) && event?.kind !== eventKindOf(document)) {
    return `it is about an ${document.trigger.on === 'listing' ? 'open house' : 'appointment'}, and there is none`;
  }
  if (running.some((enrolment) => isSame(enrolment, document, event))) return 'the lead is in this sequence already';
  if (happening.on === 'operator') return null;
  const free = freeAt(document, began);
  if (free === Number.POSITIVE_INFINITY) return "it runs once in a lead's life, and has run";
  if (Date.parse(now) < free) return `it ran not long ago, and may begin again from ${new Date(free).toISOString()}`;
  const unfit = unmet(document.audience, facts);
  return unfit === null ? null : `the lead is not of its audience: ${unfit}`;
}

function strongerOne(
  document: SequenceDocument,
  begun: readonly SequenceDocument[],
  rivals: readonly Enrolment[],
  happening: Happening,
): string | null {
  // Those that wait are looked at strongest first.
  const ahead = begun.find(({ track }) => track === document.track);
  if (ahead !== undefined) return `${ahead.key} is stronger`;
  if (happening.on === 'operator') return null;
  const stronger = rivals.find((rival) => rival.document.priority >= document.priority);
  return stronger === undefined ? null : `${stronger.document.key} runs and is not weaker`;
}

function rivalsOf(
  document: SequenceDocument,
  event: EnrolmentEvent | null,
  { running }: Contest,
): readonly Enrolment[] {
  return running.filter((rival) => {
    if (rival.document.track !== document.track) return false;
    if (document.track === 'market' && isAboutEvent(rival.document) !== isAboutEvent(document)) return false;
    return event === null || rival.event === null || rival.event.id === event.id;
  });
}

function isSame(enrolment: Enrolment, { key }: SequenceDocument, event: EnrolmentEvent | null): boolean {
  if (enrolment.document.key !== key) return false;
  return event === null || enrolment.event === null || enrolment.event.id === event.id;
}

/** From when a trigger may begin it again: at once where it never ran, and never where it runs once in a life. */
export function freeAt({ key, coolDown }: SequenceDocument, began: Contest['began']): number {
  const last = Object.hasOwn(began, key) ? began[key] : undefined;
  if (last === undefined) return Number.NEGATIVE_INFINITY;
  return coolDown === null ? Number.POSITIVE_INFINITY : Date.parse(last) + length(coolDown);
}

/** Does each enrolment in it need an event to be about? */
export function isAboutEvent(document: Pick<SequenceDocument, 'trigger'>): boolean {
  return eventKindOf(document) !== null;
}

/** What each enrolment in it is about; null: nothing that has a time. */
function eventKindOf({ trigger }: Pick<SequenceDocument, 'trigger'>): EnrolmentEvent['kind'] | null {
  if (trigger.on === 'appointment.booked') return 'appointment';
  return trigger.on === 'listing' && trigger.change.includes('open-house') ? 'open-house' : null;
}

function strongestFirst(a: SequenceDocument, b: SequenceDocument): number {
  return b.priority - a.priority || (a.key < b.key ? -1 : 1);
}

function length(duration: string): number {
  return Duration.fromISO(duration).toMillis();
}
