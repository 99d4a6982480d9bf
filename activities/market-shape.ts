import { isAppError } from '../domain/errors.ts';
import { driftBetween } from '../domain/market/drift.ts';
import { feedName, type FeedRef } from '../domain/market/feed.ts';
import type { FeedMetadata } from '../domain/ports/market-feed.ts';
import type { FeedState } from '../domain/ports/market-store.ts';
import { isoNow } from './deps.ts';
import type { MarketDeps, Step } from './market-deps.ts';

/** A page in doubt waits so long for a look that fails. */
const WAITS_MS = 3_600_000;
/** And after that, how long pages are stored without another look. */
const BLIND_MS = 5 * 60_000;

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
    if (!isBlind(error)) throw error;
    deps.log.warn({ err: error, ...feed }, 'the shape of a feed could not be looked at; the next poll tries again');
    return null;
  }
}

function isBlind(error: unknown): boolean {
  return isAppError(error) && (error.code === 'FEED_BROKEN' || error.code === 'FEED_AWAY');
}

/**
 * For a page whose fields are in doubt. It waits while the shape cannot be looked at, and with it the feed; an hour after the first look that
 * failed it waits no longer, and the fields keep what is stored.
 * @param doubted  fields of Property
 * @returns what is frozen by now; `looked` is false where that is a guess
 */
export async function frozenNow(
  deps: MarketDeps,
  feed: FeedRef,
  state: Pick<FeedState, 'frozen'>,
  doubted: readonly string[],
): Promise<Pick<FeedState, 'frozen'> & { readonly looked: boolean }> {
  const guessed = { frozen: [...state.frozen, ...doubted.map(inDoubt)], looked: false };
  const name = feedName(feed);
  const now = deps.now().getTime();
  const failed = deps.unlooked.get(name);
  if (failed !== undefined && isOver(failed, now) && now - failed.lastAt < BLIND_MS) return guessed;
  try {
    return { frozen: await lookAgain(deps, feed), looked: true };
  } catch (error) {
    if (!isBlind(error)) throw error;
    const since = { firstAt: failed?.firstAt ?? now, lastAt: now };
    deps.unlooked.set(name, since);
    if (!isOver(since, now)) throw error;
    deps.log.error(
      { err: error, ...feed, fields: doubted, since: new Date(since.firstAt).toISOString() },
      'the shape of a feed cannot be looked at; pages that are not of its known shape are stored, and the fields in doubt keep what is stored',
    );
    return guessed;
  }
}

const isOver = ({ firstAt }: { readonly firstAt: number }, now: number): boolean => now - firstAt >= WAITS_MS;
const inDoubt = (field: string) => ({ resource: 'Property', field, frozen: true });

/**
 * Between two daily looks, since a page is in doubt: fields alone, for look-ups may be asked for once a day. The day's look comes when it would
 * have come.
 * @returns what is frozen by now
 */
async function lookAgain(deps: MarketDeps, feed: FeedRef): Promise<FeedState['frozen']> {
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
  deps.unlooked.delete(feedName(feed));
  return drift;
}
