import { Duration } from 'luxon';
import type { Iso } from '../glossary.ts';
import type { Lead } from './lead.ts';

type TakenOver = Pick<Lead, 'state' | 'stateSince' | 'lastHumanAt'>;

/**
 * When a takeover ends by itself: so long after somebody of the team last wrote, or after it began. A person may end it at any time.
 * @param after  the location's choice, ISO 8601; null: only a person ends it
 * @returns      null where the lead is not taken over, or nothing ends it by itself
 */
export function takeoverEnd({ state, stateSince, lastHumanAt }: TakenOver, after: string | null): Iso | null {
  if (state !== 'taken-over' || after === null) return null;
  const last = Math.max(Date.parse(stateSince), lastHumanAt === null ? 0 : Date.parse(lastHumanAt));
  return new Date(last + Duration.fromISO(after).toMillis()).toISOString();
}

/** The lead as it stands now: a takeover whose time is over is none any more. */
export function withoutOldTakeover<L extends TakenOver>(lead: L, after: string | null, now: Iso): L {
  const end = takeoverEnd(lead, after);
  return end !== null && Date.parse(end) <= Date.parse(now) ? { ...lead, state: 'active' } : lead;
}
