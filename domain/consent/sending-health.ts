import { DateTime } from 'luxon';
import type { Iso } from '../glossary.ts';

/** How a location's sending on one channel did lately. */
export interface SendingTally {
  /** Paused by itself, until a person lifts it. */
  readonly paused: { readonly since: Iso; readonly why: string } | null;
  /** Messages of the location in the last 24 hours, and since the last pause was lifted; null: not counted, since too few went wrong. */
  readonly sent: number | null;
  /** Of the same time: what carriers or mail servers did not take, who opted out, who complained. */
  readonly failed: number;
  readonly optedOut: number;
  readonly complained: number;
  /** Segments of texts that left in the last 24 hours, and when the oldest of them did. */
  readonly segments: number;
  readonly oldestAt: Iso | null;
}

/** A location's choices; rates are shares of what was sent. */
export interface HealthLimits {
  readonly failureRate: number;
  readonly optOutRate: number;
  readonly complaintRate: number;
  /** Below so many messages a rate says nothing. */
  readonly leastSent: number;
  /** The first day of a number that is new to carriers; null: none is new. */
  readonly newNumberSince: string | null;
}

/** A rate that a single event makes says nothing, however few were sent. */
export const LEAST_EVENTS = 3;

/**
 * Above its limit a location's sending on this channel is paused until a person has looked. GHL stops a location's texts altogether at
 * 12.5 % failures, so ours stops before that.
 * @returns why, in plain words; undefined: all is well
 */
export function unhealthy(tally: SendingTally, limits: HealthLimits): string | undefined {
  const { sent } = tally;
  if (sent === null || sent < limits.leastSent) return undefined;
  const over = (
    [
      ['failed', tally.failed, limits.failureRate],
      ['were answered with an opt-out', tally.optedOut, limits.optOutRate],
      ['were complained of', tally.complained, limits.complaintRate],
    ] as const
  ).find(([, count, limit]) => count >= LEAST_EVENTS && count / sent > limit);
  if (over === undefined) return undefined;
  const [what, count, limit] = over;
  return `${count} of ${sent} messages of 24 hours ${what}, and ${percent(limit)} are allowed`;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

/**
 * Most segments in 24 hours of a number that carriers do not know yet, from so many days after its first. In the end it is what T-Mobile
 * lets through for a brand of the lowest score; a brand's own limits bind whatever stands here.
 */
const newNumberRamp: readonly { readonly fromDay: number; readonly segments: number }[] = [
  { fromDay: 0, segments: 100 },
  { fromDay: 3, segments: 250 },
  { fromDay: 7, segments: 500 },
  { fromDay: 14, segments: 1_000 },
  { fromDay: 21, segments: 2_000 },
];
/** A number is new for so long. */
const NEW_FOR_DAYS = 30;

/** What the ramp allows on this day; null: there is no ramp, or it is over. A first day that lies ahead allows as little as the first. */
export function rampAt(now: Iso, newNumberSince: string | null): number | null {
  if (newNumberSince === null) return null;
  const days = DateTime.fromISO(now, { zone: 'utc' }).diff(
    DateTime.fromISO(newNumberSince, { zone: 'utc' }),
    'days',
  ).days;
  if (Number.isNaN(days)) return 0;
  if (days >= NEW_FOR_DAYS) return null;
  const stage = newNumberRamp.findLast(({ fromDay }) => fromDay <= days) ?? newNumberRamp[0];
  return stage?.segments ?? 0;
}

/**
 * Many sends wait for the same opening hour. Each contact goes out at an instant of its own within so many seconds after it, always the
 * same one.
 */
export function openingJitterMs(contactId: string, withinSeconds: number): number {
  // FNV-1a, and the last step of MurmurHash3, without which ids that differ in their end alone lie near each other.
  let hash = 0x811c9dc5;
  for (let at = 0; at < contactId.length; at += 1) hash = Math.imul(hash ^ contactId.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash ^= hash >>> 16;
  return Math.floor(((hash >>> 0) / 2 ** 32) * withinSeconds * 1000);
}
