import { isAppError } from '../domain/errors.ts';
import type { Iso } from '../domain/glossary.ts';
import { monthOf } from '../domain/market/backfill.ts';
import type { FeedRef, FeedResource } from '../domain/market/feed.ts';
import { nextOf, offered } from '../domain/market/granted.ts';
import { scanHabits } from '../domain/market/scan.ts';
import type { FeedState, PageStored } from '../domain/ports/market-store.ts';
import type { BackfillPlace } from '../workflows/contract.ts';
import { isoNow } from './deps.ts';
import { type MarketDeps, storePage } from './market-deps.ts';
import { ifGranted } from './market-granted.ts';
import { readPage } from './market-read.ts';
import type { Rows } from './market-rows.ts';

/** A month of changes, one page at a time. */
export interface Filling {
  /** Null: the month is filled. */
  place: BackfillPlace | null;
  /** The link to the next page; null: asked for from `place.from`. Where the feed keeps order it stays in this process, and is asked for anew by the next. */
  next: string | null;
  /** May the filling be broken off here? Not among records of one instant, from which it would begin again. */
  isSafe: boolean;
}

export function beginFilling(deps: MarketDeps, place: BackfillPlace | null, state: FeedState): Filling {
  const first = offered(state, isoNow(deps))[0];
  return {
    place: place ?? (first === undefined ? null : { resource: first, from: null }),
    next: place?.next ?? null,
    isSafe: true,
  };
}

/** Stores the next page: newer rows stay as they are. */
export async function fillStep(
  deps: MarketDeps,
  feed: FeedRef,
  state: FeedState,
  month: string,
  filling: Filling,
): Promise<PageStored | null> {
  const { place, next } = filling;
  if (place === null) return null;
  const { resource, from } = place;
  if (!offered(state, isoNow(deps)).includes(resource)) {
    Object.assign(filling, { place: behind(deps, state, resource), next: null, isSafe: true });
    return null;
  }
  const { changedFrom, changedBefore } = monthOf(month);
  const asked =
    next === null
      ? { resource, changedFrom: from ?? changedFrom, changedBefore, counted: from === null }
      : { resource, next };
  const readAt = isoNow(deps);
  let page;
  try {
    page = await ifGranted(deps, feed, resource, () => deps.source.records(feed, asked));
  } catch (error) {
    if (next === null || !isAppError(error) || error.code !== 'FEED_BAD_REQUEST') throw error;
    deps.log.warn({ err: error, ...feed, resource }, 'a feed refused its own link; the month goes on without it');
    Object.assign(filling, { place: { resource, from }, next: null, isSafe: true });
    return null;
  }
  const rows = await readPage(deps, feed, state, { ...page, resource }, isoNow(deps));
  const stored = await storePage(deps, feed, { ...rows, readAt }, { why: 'backfill', quota: page.quota });
  if (page.next === null) {
    filling.place = behind(deps, state, resource);
    filling.isSafe = true;
  } else if (!scanHabits(feed.provider).ordered) {
    filling.place = { resource, from, next: page.next };
  } else {
    const reached = newest(rows, from);
    filling.isSafe = reached !== null && reached !== from;
    if (filling.isSafe) filling.place = { resource, from: reached };
  }
  filling.next = page.next;
  return stored;
}

/** The first place of the next resource; null: it was the last. */
function behind(deps: MarketDeps, state: FeedState, resource: FeedResource): BackfillPlace | null {
  const following = nextOf(offered(state, isoNow(deps)), resource);
  return following === undefined ? null : { resource: following, from: null };
}

/** How far the page came; records stand in the order of their changes. */
function newest({ listings, records }: Rows, from: Iso | null): Iso | null {
  const times = [...listings.map(({ listing }) => listing.changedAt), ...records.map(({ record }) => record.changedAt)];
  return times.reduce((latest, at) => (latest === null || at > latest ? at : latest), from);
}
