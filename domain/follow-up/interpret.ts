import { DateTime, Duration } from 'luxon';
import { knownZone } from '../consent/quiet-hours.ts';
import { AppError } from '../errors.ts';
import type { StepChannel, Iso } from '../glossary.ts';
import type { Enrolment, NextStep, SequenceDocument, SequenceStep } from './sequence.ts';

/**
 * What comes next in an enrolment: the first step of its document that is not done, and since or until when.
 * A step falls due at its offset from its anchor, never before the step ahead of it was done and never before a closed gate said to ask
 * again. What fell due during an outage is still due afterwards; nothing is skipped for being late. Days are 24 hours: the hours of the
 * day are the gate's business.
 * @param now  decides between `wait` and `due` and changes nothing else
 * @throws SEQUENCE_INVALID for times that cannot be read; published documents have none
 */
export function nextStep(enrolment: Enrolment, now: Iso): NextStep {
  const { document, done, enrolledAt, notBefore } = enrolment;
  const index = document.steps.findIndex(({ key }) => !Object.hasOwn(done, key));
  const step = document.steps[index];
  if (step === undefined) return { kind: 'end' };
  const before = document.steps[index - 1];
  const enrolled = instant(enrolledAt);
  const previous = before === undefined ? enrolled : instant(done[before.key]?.at ?? enrolledAt);
  const anchor = step.anchor === 'enrolment' ? enrolled : previous;
  const earliest = [previous, ...(notBefore === null ? [] : [instant(notBefore)])];
  const at = DateTime.max(anchor.plus(duration(step.offset)), ...earliest);
  return { kind: at <= instant(now) ? 'due' : 'wait', step, at: at.toUTC().toISO() };
}

const channelNames: Readonly<Record<StepChannel, string>> = { sms: 'SMS', email: 'E-mail', 'call-task': 'Call task' };

/** A step in plain words, e.g. `SMS 1 of 3, new-lead welcome`. */
export function stepWords(document: SequenceDocument, step: SequenceStep): string {
  const place = document.steps.findIndex(({ key }) => key === step.key) + 1;
  return `${channelNames[step.channel]} ${place} of ${document.steps.length}, ${document.title}`;
}

/**
 * A touch as the timer's summary reads: `Tuesday 09:00 in the lead's zone: SMS 2 of 5, new-lead welcome`; in UTC where the zone is unknown.
 * @param zone  IANA zone of the contact
 */
export function touchSummary(touch: { readonly at: Iso; readonly what: string }, zone: string | null): string {
  const known = zone === null ? undefined : knownZone(zone);
  const local = instant(touch.at)
    .setZone(known ?? 'utc')
    .setLocale('en-US');
  const time = local.toFormat('cccc HH:mm');
  return `${time} ${known === undefined ? 'UTC' : "in the lead's zone"}: ${touch.what}`;
}

function instant(value: Iso): DateTime<true> {
  const read = DateTime.fromISO(value, { zone: 'utc' });
  if (!read.isValid) throw new AppError('SEQUENCE_INVALID', 'an enrolment holds a time that is not ISO 8601');
  return read;
}

function duration(offset: string): Duration<true> {
  const read = Duration.fromISO(offset);
  if (!read.isValid) throw new AppError('SEQUENCE_INVALID', `a step's offset is not an ISO 8601 duration: ${offset}`);
  return read;
}
