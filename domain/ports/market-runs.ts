import type { FeedRef } from '../market/feed.ts';

/** The runs by which feeds are replicated. Errors of every function: TEMPORAL_UNAVAILABLE. */
export interface MarketRuns {
  /** From now on the feed is asked every so many minutes; harmless where it is already. */
  begin(feed: FeedRef, everyMinutes: number): Promise<void>;
  /** Harmless where there is none. A run under way finds by itself that the feed is gone. */
  end(feed: FeedRef): Promise<void>;
  /** Events were pushed and are stored: they are worked at once. */
  wake(feed: FeedRef): Promise<void>;
  /** Reads all changes of a month (`2026-11`) anew. @returns false where that is under way already */
  backfill(feed: FeedRef, month: string): Promise<boolean>;
}
