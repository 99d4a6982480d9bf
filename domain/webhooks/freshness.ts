import type { Iso } from '../glossary.ts';

const MINUTE = 60_000;

/**
 * Received more than 15 minutes after it happened: it changes state, and never makes us text somebody.
 * That holds all the more for what operators resend by hand, up to 30 days later.
 */
export function isStale(occurredAt: Iso, receivedAt: Iso): boolean {
  return Date.parse(receivedAt) - Date.parse(occurredAt) > 15 * MINUTE;
}

/** Dated more than five minutes ahead of us: refused, since nothing but the body's own time guards against replays. */
export function tooFarAhead(timestamp: Iso, now: Iso): boolean {
  return Date.parse(timestamp) - Date.parse(now) > 5 * MINUTE;
}
