import type { Iso } from '../../domain/glossary.ts';
import type { Answer } from './reply.ts';

/** The vendor's `Date` tells whole seconds. */
const SECOND_MS = 1_000;
/** An answer may take so long; what differs more is the clocks' difference. */
const ANSWERED_WITHIN_MS = 3_000;

/**
 * When the vendor was asked, by its clock: ours at the start of the call unless the vendor's `Date` says that ours is wrong. Ours may be
 * behind by as long as an answer takes, and ahead by no more than the second that `Date` leaves open: what counts as too late shuts out
 * what people do meanwhile.
 */
export function askedAt({ headers, startedAt }: Answer): number {
  const date = Date.parse(headers['date'] ?? '');
  if (Number.isNaN(date)) return startedAt;
  return startedAt < date + SECOND_MS && startedAt >= date - ANSWERED_WITHIN_MS ? startedAt : date;
}

/**
 * When a write was done, by the vendor's clock: as the thing itself says, else no later than it was. Undefined: the vendor told no time,
 * and ours is not the one by which people's changes are told.
 * @param told  when the thing was last changed, as the answer shows it
 */
export function writtenAt({ headers, startedAt }: Answer, told: unknown): Iso | undefined {
  const date = Date.parse(headers['date'] ?? '');
  const own = typeof told === 'string' ? Date.parse(told) : Number.NaN;
  if (Number.isFinite(own) && !(own >= date + SECOND_MS)) return new Date(own).toISOString();
  return Number.isNaN(date) ? undefined : new Date(Math.min(startedAt, date)).toISOString();
}
