import type { Iso } from '../glossary.ts';
import type { FeedState } from '../ports/market-store.ts';
import { later } from './edm.ts';
import { type FeedCursor, type FeedResource, feedResources } from './feed.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * What of our resources a feed gives: those of its metadata, which says what the server has, without those that the account was refused, which
 * is the licence's word. These are asked for again a day later, and after an hour where they were read before, as a refusal may be a fault.
 */
export function offered(
  { metadata, cursor }: Pick<FeedState, 'metadata' | 'cursor'>,
  now: Iso,
): readonly FeedResource[] {
  return feedResources.filter((resource) => {
    if (metadata !== null && !(resource in metadata.resources)) return false;
    const refusedAt = cursor.notGranted?.[resource];
    if (refusedAt === undefined) return true;
    return refusedAt <= later(now, -askedAgainMs(cursor, resource));
  });
}

/** Was the account refused it when it was last asked for? */
export function wasRefused({ notGranted }: FeedCursor, resource: FeedResource): boolean {
  return notGranted?.[resource] !== undefined;
}

export function askedAgainMs(cursor: FeedCursor, resource: FeedResource): number {
  return wasWalked(cursor, resource) ? HOUR_MS : DAY_MS;
}

/** Has it been read to the end once? */
export function wasWalked({ resources }: Pick<FeedCursor, 'resources'>, resource: FeedResource): boolean {
  return (resources[resource]?.watermark ?? null) !== null;
}

/** The resource that follows another among some, of which that other need not be one; undefined: there is none. */
export function nextOf(some: readonly FeedResource[], resource: FeedResource): FeedResource | undefined {
  return some.find((one) => feedResources.indexOf(one) > feedResources.indexOf(resource));
}

/** The account was refused the resource. Where its scan stood is kept for when it is granted again. */
export function withoutGrant(cursor: FeedCursor, resource: FeedResource, at: Iso): FeedCursor {
  return { ...cursor, notGranted: { ...cursor.notGranted, [resource]: at } };
}

/** The account was given a page of the resource. */
export function withGrant(cursor: FeedCursor, resource: FeedResource): FeedCursor {
  if (!wasRefused(cursor, resource)) return cursor;
  const { notGranted, ...rest } = cursor;
  const { [resource]: _given, ...others } = notGranted ?? {};
  return Object.keys(others).length === 0 ? rest : { ...rest, notGranted: others };
}
