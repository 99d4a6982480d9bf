import { isAppError } from '../domain/errors.ts';
import { driftBetween } from '../domain/market/drift.ts';
import type { FeedRef } from '../domain/market/feed.ts';
import type { FeedMetadata } from '../domain/ports/market-feed.ts';
import type { FeedState } from '../domain/ports/market-store.ts';
import { isoNow } from './deps.ts';
import type { MarketDeps, Step } from './market-deps.ts';

/** The feed's shape against that of the last look; what is additive lies in `raw` by itself, a changed type freezes its field. */
export async function look(deps: MarketDeps, feed: FeedRef, state: FeedState): Promise<Step> {
  const metadata = await deps.source.metadata(feed);
  const mode = 'EntityEvent' in metadata.resources && (await deps.source.hasEvents(feed)) ? 'events' : 'timestamps';
  // Once the look is kept, the next one is a day away.
  if (mode !== state.mode) await deps.store.setMode(feed, mode);
  await keep(deps, feed, { before: state.metadata, metadata, at: isoNow(deps) });
  return { stored: null, over: false };
}

/** What the feed is like is known well enough for a day more; only its quota is no matter of this look alone. Null: it could not be looked at. */
export async function lookIfItCan(deps: MarketDeps, feed: FeedRef, state: FeedState): Promise<Step | null> {
  try {
    return await look(deps, feed, state);
  } catch (error) {
    if (!isAppError(error) || (error.code !== 'FEED_BROKEN' && error.code !== 'FEED_AWAY')) throw error;
    deps.log.warn({ err: error, ...feed }, 'the shape of a feed could not be looked at; the next poll tries again');
    return null;
  }
}

/**
 * Between two daily looks, since a page is in doubt: fields alone, for look-ups may be asked for once a day. The day's look comes when it would
 * have come.
 * @returns what is frozen by now
 */
export async function lookAgain(deps: MarketDeps, feed: FeedRef): Promise<FeedState['frozen']> {
  const { metadata: known } = await deps.store.open(feed);
  const metadata = await deps.source.metadata(feed, known?.lookups);
  // Another run may have looked meanwhile: what it found is not told again.
  const { metadata: before, metadataAt, frozen } = await deps.store.open(feed);
  const drift = await keep(deps, feed, { before, metadata, at: metadataAt ?? isoNow(deps) });
  return [...frozen, ...drift.filter((one) => one.frozen)];
}

async function keep(
  deps: MarketDeps,
  feed: FeedRef,
  {
    before,
    metadata,
    at,
  }: { readonly before: FeedMetadata | null; readonly metadata: FeedMetadata; readonly at: string },
) {
  const drift = before === null ? [] : driftBetween(before, metadata);
  if (drift.length > 0) {
    const frozen = drift.filter((one) => one.frozen).map(({ resource, field }) => `${resource}.${field}`);
    deps.log.warn({ ...feed, findings: drift.length, frozen }, 'the shape of a feed has changed');
  }
  await deps.store.keepMetadata(feed, { at, metadata, drift });
  return drift;
}
