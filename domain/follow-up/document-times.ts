import { Duration } from 'luxon';
import { longestDays } from './document-schema.ts';
import { type Findings, jsonPath, type LooseStep, type Problem } from './document-tree.ts';

/** How far the steps ahead have come, in days: of the enrolment, and of the event (before it below zero). */
interface Clock {
  readonly enrolment: number;
  readonly event: number | null;
}

/**
 * Can the steps come in their order? They run one after another: one whose time lies before that of the step ahead waits for it, and one
 * that has lapsed by then never goes out.
 */
export function timeChecks(steps: readonly LooseStep[]): Findings {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  let clock: Clock = { enrolment: 0, event: null };
  let messages = 0;
  for (const { index, step } of steps) {
    const path = jsonPath(['steps', index, 'offset']);
    const days = daysOf(step['offset']);
    if (days === null) continue;
    const { at, ahead, next } = advance(clock, step, days);
    const lapse = daysOf(step['lapsesAfter']);
    if (step['side'] === 'before' && clock.event !== null && clock.event >= 0) {
      problems.push({ path, message: 'can never go out: the step ahead of it comes when the event has begun' });
    } else if (lapse !== null && at + lapse <= ahead) {
      problems.push({ path, message: 'can never go out: it lapses before the step ahead of it comes' });
    } else if (at < ahead) {
      warnings.push({ path, message: 'lies before the step ahead of it, and will wait for that one' });
    } else if (step['anchor'] === 'enrolment' && clock.event !== null) {
      warnings.push({ path, message: 'will wait for the steps ahead of it, which are timed by the event' });
    }
    if (at > longestDays && ahead <= longestDays && days <= longestDays) {
      const since = step['anchor'] === 'event' ? 'event' : 'enrolment';
      problems.push({ path, message: `runs beyond ${longestDays} days after the ${since}` });
    }
    const isMessage = step['channel'] === 'sms' || step['channel'] === 'email';
    if (isMessage && step['lapsesAfter'] === undefined && crowds(step, days, messages)) {
      const message = 'goes out together with others after a long pause; say when it is too late: lapsesAfter';
      warnings.push({ path: jsonPath(['steps', index]), message });
    }
    if (isMessage) messages += 1;
    clock = next;
  }
  return { problems, warnings };
}

/** Timed by something that does not wait: where it is held up, it meets the next one. Half a day is what a night may hold up. */
function crowds({ anchor, side }: LooseStep['step'], days: number, messagesAhead: number): boolean {
  if (anchor === 'event') return side === 'before';
  return anchor === 'enrolment' && days > 0.5 && messagesAhead > 0;
}

function advance(clock: Clock, { anchor, side }: LooseStep['step'], days: number) {
  if (anchor === 'event') {
    const at = side === 'before' ? -days : days;
    const ahead = clock.event ?? Number.NEGATIVE_INFINITY;
    return { at, ahead, next: { ...clock, event: Math.max(at, ahead) } };
  }
  // After a step that is timed by the event the previous one's time counts from the event, too.
  if (anchor === 'previous' && clock.event !== null) {
    const at = clock.event + days;
    return { at, ahead: clock.event, next: { ...clock, event: at } };
  }
  const at = anchor === 'previous' ? clock.enrolment + days : days;
  return { at, ahead: clock.enrolment, next: { ...clock, enrolment: Math.max(at, clock.enrolment) } };
}

function daysOf(duration: unknown): number | null {
  const days = typeof duration === 'string' ? Duration.fromISO(duration).as('days') : Number.NaN;
  return Number.isNaN(days) ? null : days;
}
