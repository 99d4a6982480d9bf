import type { FeedRef } from '../domain/market/feed.ts';
import type { Log } from '../domain/ports/log.ts';
import type { LocationStore } from '../domain/ports/locations.ts';
import type { MarketFeed } from '../domain/ports/market-feed.ts';
import type { MarketRuns } from '../domain/ports/market-runs.ts';
import type { FeedPage, MarketStore, PageStored } from '../domain/ports/market-store.ts';
import type { Pauses } from '../domain/ports/pauses.ts';
import { isoNow } from './deps.ts';
import type { PagesAhead } from './market-ahead.ts';
import type { Rows, RowsAhead } from './market-rows.ts';

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
  readonly pages: PagesAhead<RowsAhead>;
  /** Fields in doubt that a look at their feed's shape has not confirmed, and until when they are not looked at again (ms). */
  readonly believed: Map<string, number>;
  /** Feeds whose shape could not be looked at when a page was in doubt: when that failed first, and last (ms). */
  readonly unlooked: Map<string, { readonly firstAt: number; readonly lastAt: number }>;
}

/** What one step of asking came to. `over`: there is no more to ask now. */
export interface Step {
  readonly stored: PageStored | null;
  readonly over: boolean;
}

/** Stores a page; null where somebody else moved the cursor meanwhile, and the state is to be read again. */
export async function storePage(
  deps: MarketDeps,
  feed: FeedRef,
  rows: Rows & Partial<Pick<FeedPage, 'readAt'>>,
  page: Pick<FeedPage, 'why' | 'cursor' | 'pushed' | 'quota'>,
): Promise<PageStored | null> {
  await deps.pauses.at('market.before-commit');
  const at = isoNow(deps);
  const stored = await deps.store.commit(feed, { readAt: at, ...rows, ...page, at });
  await deps.pauses.at('market.after-commit');
  return stored;
}

export const noRows: Rows = { listings: [], records: [], dead: [], absent: [] };
