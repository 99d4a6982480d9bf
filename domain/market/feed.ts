import type { Iso } from '../glossary.ts';

/** Whose limits and habits a feed has; `reso` is a server that keeps to the standard and states no limits. */
export const feedProviders = ['reso', 'trestle', 'mlsgrid', 'spark', 'bridge'] as const;
export type FeedProvider = (typeof feedProviders)[number];

/** The resources that are replicated, in the order in which a record needs the others: a listing names its office and its agent. */
export const feedResources = ['Office', 'Member', 'Property', 'Media', 'OpenHouse'] as const;
export type FeedResource = (typeof feedResources)[number];

/** How increments are read: from the sequence of events (RCP-27), or by when records were last changed. */
export type FeedMode = 'events' | 'timestamps';

/** One feed: an MLS as one location may use it. */
export interface FeedRef {
  readonly locationId: string;
  readonly provider: FeedProvider;
  /** The operator's name for it, unique among the feeds of a provider: `[a-z0-9-]`. */
  readonly market: string;
}

/** A record as the feed sent it, keys and values untouched. Prices are text if they came as text, numbers if they came as numbers. */
export type RawRecord = Readonly<Record<string, unknown>>;

/** One event of the feed's own journal. Sequences grow, with gaps; several events may concern one record. */
export interface EntityEvent {
  /** Decimal digits: an int64 does not fit into a number. */
  readonly sequence: string;
  readonly resource: string;
  readonly key: string;
}

/** What a vendor said of its quota, each null where it did not. */
export interface FeedQuota {
  readonly at: Iso;
  /** Requests left in the window that ends first, and how many it has. */
  readonly left: number | null;
  readonly limit: number | null;
  readonly resetsAt: Iso | null;
}

/** Where replication stands in one resource by timestamps. */
export interface TimestampCursor {
  /** Everything changed before this instant is stored; null: nothing yet. Advanced only when a whole scan is over. */
  readonly watermark: Iso | null;
  /** The scan under way: from where it began, the opaque link to its next page, and the newest change it has seen. */
  readonly scan: { readonly from: Iso | null; readonly next: string | null; readonly newest: Iso | null } | null;
}

/** Where replication stands as a whole; stored in the transaction that stores the page. */
export interface FeedCursor {
  /** Sequence of the last event that is stored with everything it brought; null: none, or a feed without events. */
  readonly sequence: string | null;
  readonly resources: Readonly<Partial<Record<FeedResource, TimestampCursor>>>;
}
