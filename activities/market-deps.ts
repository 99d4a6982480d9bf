import { type FeedRef, type FeedResource, feedResources } from '../domain/market/feed.ts';
import type { Log } from '../domain/ports/log.ts';
import type { LocationStore } from '../domain/ports/locations.ts';
import type { MarketFeed } from '../domain/ports/market-feed.ts';
import type { MarketRuns } from '../domain/ports/market-runs.ts';
import type { FeedPage, FeedState, MarketStore, PageStored } from '../domain/ports/market-store.ts';
import type { Pauses } from '../domain/ports/pauses.ts';
import { isoNow } from './deps.ts';
import type { PagesAhead } from './market-ahead.ts';
import { keyOf, joined, readRows, type Rows } from './market-rows.ts';

/** What the activities of the market are given. */
export interface MarketParts {
  readonly locations: Pick<LocationStore, 'get'>;
  readonly store: MarketStore;
  readonly source: MarketFeed;
  readonly runs: Pick<MarketRuns, 'end'>;
  readonly pauses: Pauses;
  readonly log: Log;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly sha256: (text: string) => string;
  /** Control of the bench: a feed is never walked through. */
  readonly walks: boolean;
}

/** And what they share among themselves. */
export interface MarketDeps extends MarketParts {
  readonly pages: PagesAhead;
}

/** What one step of asking came to. `over`: there is no more to ask now. */
export interface Step {
  readonly stored: PageStored | null;
  readonly over: boolean;
}

/** What of our resources the feed has, as its metadata says. */
export function offered({ metadata }: Pick<FeedState, 'metadata'>): readonly FeedResource[] {
  return metadata === null ? feedResources : feedResources.filter((resource) => resource in metadata.resources);
}

/** Rows, and when the feed was about to be asked for them. */
type ReadRows = Rows & Pick<FeedPage, 'readAt'>;

/** Records by their keys, each read once; keys that the feed does not have are to be taken away. */
export async function readKeys(
  deps: MarketDeps,
  feed: FeedRef,
  state: FeedState,
  wanted: readonly { readonly resource: FeedResource; readonly key: string }[],
): Promise<ReadRows> {
  const readAt = isoNow(deps);
  const parts: Rows[] = [];
  for (const resource of feedResources) {
    const keys = [...new Set(wanted.filter((one) => one.resource === resource).map(({ key }) => key))];
    if (keys.length === 0) continue;
    const records = await deps.source.recordsByKey(feed, resource, keys);
    const found = new Set(records.map((raw) => keyOf(resource, raw)));
    const removed = keys.filter((key) => !found.has(key));
    parts.push(await readRows(deps, feed, state, { resource, records, removed }, isoNow(deps)));
  }
  return { ...joined(parts), readAt };
}

/** Stores a page; null where somebody else moved the cursor meanwhile, and the state is to be read again. */
export async function storePage(
  deps: MarketDeps,
  feed: FeedRef,
  rows: Rows & Partial<ReadRows>,
  page: Pick<FeedPage, 'why' | 'cursor' | 'pushed' | 'quota'>,
): Promise<PageStored | null> {
  await deps.pauses.at('market.before-commit');
  const at = isoNow(deps);
  const stored = await deps.store.commit(feed, { readAt: at, ...rows, ...page, at });
  await deps.pauses.at('market.after-commit');
  return stored;
}

export const noRows: Rows = { listings: [], records: [], dead: [], absent: [] };
