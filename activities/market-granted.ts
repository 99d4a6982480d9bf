import { type ErrorCode, isAppError } from '../domain/errors.ts';
import type { FeedRef, FeedResource } from '../domain/market/feed.ts';
import { askedAgainMs, withoutGrant } from '../domain/market/granted.ts';
import type { FeedState } from '../domain/ports/market-store.ts';
import { isoNow } from './deps.ts';
import { type MarketDeps, noRows, type Step, storePage } from './market-deps.ts';

/** How a feed says that there is no such resource for this account; it may mean other things as well. */
export const refusals: readonly ErrorCode[] = ['FEED_REFUSED', 'FEED_BAD_REQUEST', 'FEED_BROKEN'];

/** The account may not read a resource that all others can do without. */
export class NotGranted extends Error {
  readonly resource: FeedResource;
  constructor(resource: FeedResource, cause: unknown) {
    super(`the account may not read ${resource}`, { cause });
    this.resource = resource;
  }
}

/**
 * Reads of a resource. What it is refused for is asked once more in the barest way: only where the resource is refused then, too, and listings
 * are not, it is the resource that is not granted; else it is the question, or the whole account.
 * @throws NotGranted, and what reading throws
 */
export async function ifGranted<Read>(
  { source }: Pick<MarketDeps, 'source'>,
  feed: FeedRef,
  resource: FeedResource,
  read: () => Promise<Read>,
): Promise<Read> {
  try {
    return await read();
  } catch (error) {
    if (resource === 'Property' || !isAppError(error) || !refusals.includes(error.code)) throw error;
    if (await source.grants(feed, resource)) throw error;
    if (!(await source.grants(feed, 'Property'))) throw error;
    throw new NotGranted(resource, error);
  }
}

/** From now on the feed is read without it, until it is asked for again. */
export async function goWithout(
  deps: MarketDeps,
  feed: FeedRef,
  state: FeedState,
  { resource, cause }: NotGranted,
): Promise<Step> {
  const hours = askedAgainMs(state.cursor, resource) / 3_600_000;
  deps.log.warn(
    { err: cause, ...feed, resource },
    `the account may not read a resource of a feed; all else goes on without it, and it is asked for again in ${hours === 1 ? 'an hour' : 'a day'}`,
  );
  const cursor = { version: state.version, to: withoutGrant(state.cursor, resource, isoNow(deps)) };
  await storePage(deps, feed, noRows, { why: 'increment', cursor, quota: null });
  return { stored: null, over: false };
}
