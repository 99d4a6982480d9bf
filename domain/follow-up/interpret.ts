import { DateTime, Duration } from 'luxon';
import { knownZone } from '../consent/zone-clock.ts';
import { AppError } from '../errors.ts';
import type { Iso } from '../glossary.ts';
import { unmet } from './conditions.ts';
import type { Enrolment, NextStep, SequenceFacts, SequenceStep } from './sequence.ts';

/**
 * What comes next in an enrolment: the step that a person asked for now, else the first step of its document that is not done.
 * A step falls due at its offset from its anchor, never before the steps ahead of it were done and never before a closed gate said to
 * ask again. What fell due during an outage is still due afterwards, unless it lapsed; then it is to be skipped, and why is told. Days
 * are 24 hours: the hours of the day are the gate's business.
 *
 * One answer is about one step: a caller that records a skipped step at `at` and asks again comes to the end after as many questions
 * as the document has steps. The skipped step took no time, so that what follows it is not put off by an outage.
 * @param facts  looked at only where a step with conditions is due; whoever asks for times alone may hand in none
 * @param now    tells `wait`, `due` and a lapse apart; as it grows, one step only ever goes from one to the next
 * @throws SEQUENCE_INVALID for times that cannot be read; published documents have none
 */
export function nextStep(enrolment: Enrolment, facts: SequenceFacts, now: Iso): NextStep {
  const step = stepToTake(enrolment);
  if (step === undefined) return { kind: 'end' };
  if (enrolment.pausedAt !== null) return { kind: 'paused' };
  const { from, lapse } = windowOf(enrolment, step);
  const time = millis(now);
  const opens = lapse !== null && lapse.at <= from ? lapse.at : from;
  if (time < opens) return { kind: 'wait', step, at: iso(opens) };
  if (lapse !== null && time >= lapse.at) return { kind: 'skip', step, at: iso(lapse.at), why: lapse.why() };
  const why = unmet(step.when ?? [], facts);
  return why === null
    ? { kind: 'due', step, at: iso(from) }
    : { kind: 'skip', step, at: iso(from), why: `its condition does not hold: ${why}` };
}

function stepToTake({ document, done, sendNow }: Enrolment): SequenceStep | undefined {
  const open = ({ key }: SequenceStep): boolean => !Object.hasOwn(done, key);
  return document.steps.find((step) => step.key === sendNow && open(step)) ?? document.steps.find(open);
}

interface Lapse {
  readonly at: number;
  readonly why: () => string;
}

/** From when a step may go out, and when that is over. */
function windowOf(enrolment: Enrolment, step: SequenceStep): { readonly from: number; readonly lapse: Lapse | null } {
  const { event, notBefore, sendNow } = enrolment;
  const ahead = endOfStepsAhead(enrolment, step);
  if (step.anchor === 'event' && event === null) {
    return {
      from: ahead,
      lapse: { at: ahead, why: () => 'it is timed by an event, and this enrolment is about none' },
    };
  }
  // Its offset does not hold where a person asked for it now. What makes its words untrue does: the event, and its conditions.
  const planned = step.key === sendNow ? ahead : plannedAt(enrolment, step, ahead);
  const lapses: Lapse[] = [];
  if (step.lapsesAfter !== undefined && step.key !== sendNow) {
    const { lapsesAfter } = step;
    const why = (): string => `it could not go out within ${durationWords(lapsesAfter)} of its time`;
    lapses.push({ at: planned + length(lapsesAfter), why });
  }
  if (step.anchor === 'event' && step.side === 'before' && event !== null) {
    lapses.push({ at: millis(event.at), why: () => `the ${event.kind.replace('-', ' ')} has begun` });
  }
  const first = lapses.toSorted((a, b) => a.at - b.at)[0];
  return {
    from: Math.max(planned, ahead, ...(notBefore === null ? [] : [millis(notBefore)])),
    lapse: first === undefined ? null : { ...first, at: Math.max(first.at, ahead) },
  };
}

/** When the step would go out if nothing ever took any time. */
function plannedAt({ enrolledAt, event }: Enrolment, step: SequenceStep, ahead: number): number {
  const offset = length(step.offset);
  if (step.anchor === 'previous') return ahead + offset;
  if (step.anchor === 'enrolment' || event === null) return millis(enrolledAt) + offset;
  return millis(event.at) + (step.side === 'before' ? -offset : offset);
}

/** When the newest of the steps that stand ahead of it was done; the enrolment's begin where there is none. */
function endOfStepsAhead({ document, done, enrolledAt }: Enrolment, step: SequenceStep): number {
  const place = document.steps.indexOf(step);
  const ends = document.steps.slice(0, place).flatMap(({ key }) => (Object.hasOwn(done, key) ? [done[key]!.at] : []));
  return Math.max(millis(enrolledAt), ...ends.map(millis));
}

/**
 * A touch as the timer's summary reads: `Tuesday 09:00 in the lead's zone: SMS 2 of 5, new-lead welcome`; in UTC where the zone is unknown.
 * @param zone  IANA zone of the contact
 */
export function touchSummary(touch: { readonly at: Iso; readonly what: string }, zone: string | null): string {
  const known = zone === null ? undefined : knownZone(zone);
  const time = DateTime.fromMillis(millis(touch.at), { zone: known ?? 'utc', locale: 'en-US' }).toFormat('cccc HH:mm');
  return `${time} ${known === undefined ? 'UTC' : "in the lead's zone"}: ${touch.what}`;
}

/** `2 hours`, `1 day, 12 hours`. */
export function durationWords(duration: string): string {
  return Duration.fromISO(duration, { locale: 'en-US' }).toHuman();
}

function length(duration: string): number {
  const read = Duration.fromISO(duration);
  if (!read.isValid) throw new AppError('SEQUENCE_INVALID', `a step's time is not an ISO 8601 duration: ${duration}`);
  return read.toMillis();
}

function millis(value: Iso): number {
  const read = Date.parse(value);
  if (Number.isNaN(read)) throw new AppError('SEQUENCE_INVALID', 'an enrolment holds a time that is not ISO 8601');
  return read;
}

function iso(time: number): Iso {
  return new Date(time).toISOString();
}
