import { isAppError } from '../domain/errors.ts';
import type { Iso } from '../domain/glossary.ts';
import { monthOf } from '../domain/market/backfill.ts';
import type { FeedRef } from '../domain/market/feed.ts';
import { scanHabits } from '../domain/market/scan.ts';
import type { FeedState, PageStored } from '../domain/ports/market-store.ts';
import type { BackfillPlace } from '../workflows/contract.ts';
import { isoNow } from './deps.ts';
import { type MarketDeps, offered, storePage } from './market-deps.ts';
import { readRows, type Rows } from './market-rows.ts';

/** A month of changes, one page at a time. */
export interface Filling {
  /** Null: the month is filled. */
  place: BackfillPlace | null;
  /** The link to the next page; null: asked for from `place.from`. Where the feed keeps order it stays in this process, and is asked for anew by the next. */
  next: string | null;
  /** May the filling be broken off here? Not among records of one instant, from which it would begin again. */
  isSafe: boolean;
}

export function beginFilling(place: BackfillPlace | null, state: FeedState): Filling {
  const first = offered(state)[0];
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
  const { changedFrom, changedBefore } = monthOf(month);
  const asked =
    next === null
      ? { resource, changedFrom: from ?? changedFrom, changedBefore, counted: from === null }
      : { resource, next };
  const readAt = isoNow(deps);
  let page;
  try {
    page = await deps.source.records(feed, asked);
  } catch (error) {
    if (next === null || !isAppError(error) || error.code !== 'FEED_BAD_REQUEST') throw error;
    deps.log.warn({ err: error, ...feed, resource }, 'a feed refused its own link; the month goes on without it');
    Object.assign(filling, { place: { resource, from }, next: null, isSafe: true });
    return null;
  }
  const rows = await readRows(deps, feed, state, { ...page, resource }, isoNow(deps));
  const stored = await storePage(deps, feed, { ...rows, readAt }, { why: 'backfill', quota: page.quota });
  if (page.next === null) {
    const resources = offered(state);
    const following = resources[resources.indexOf(resource) + 1];
    filling.place = following === undefined ? null : { resource: following, from: null };
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

/** How far the page came; records stand in the order of their changes. */
function newest({ listings, records }: Rows, from: Iso | null): Iso | null {
  const times = [...listings.map(({ listing }) => listing.changedAt), ...records.map(({ record }) => record.changedAt)];
  return times.reduce((latest, at) => (latest === null || at > latest ? at : latest), from);
}
