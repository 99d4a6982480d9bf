import type { Iso } from '../glossary.ts';

const MINUTE = 60_000;

/** Received more than 15 minutes after it happened: it changes state, and never makes us text somebody. */
export function isStale(occurredAt: Iso, receivedAt: Iso): boolean {
  return Date.parse(receivedAt) - Date.parse(occurredAt) > 15 * MINUTE;
}

/** Dated more than five minutes ahead of us: refused, since nothing but the body's own time guards against replays. */
export function tooFarAhead(timestamp: Iso, now: Iso): boolean {
  return Date.parse(timestamp) - Date.parse(now) > 5 * MINUTE;
}

/** Older than 72 hours: accepted, since operators resend by hand, but for the state only. */
export function isOld72h(timestamp: Iso, now: Iso): boolean {
  return Date.parse(now) - Date.parse(timestamp) > 72 * 60 * MINUTE;
}
