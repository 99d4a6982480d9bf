import type { Iso } from '../glossary.ts';

const MINUTE = 60_000;

/**
 * Taken up more than 15 minutes after it happened: it changes state, and never makes us text somebody.
 * @param takenUpAt  when it was received, or reopened by an operator: what is replayed is as old as it is then
 */
export function isStale(occurredAt: Iso, takenUpAt: Iso): boolean {
  return Date.parse(takenUpAt) - Date.parse(occurredAt) > 15 * MINUTE;
}

/** Dated more than five minutes ahead of us: refused, since nothing but the body's own time guards against replays. */
export function tooFarAhead(timestamp: Iso, now: Iso): boolean {
  return Date.parse(timestamp) - Date.parse(now) > 5 * MINUTE;
}
