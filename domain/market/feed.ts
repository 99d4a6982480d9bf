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

/** One text for each feed, to keep what is remembered of it under. */
export function feedName({ locationId, provider, market }: FeedRef): string {
  return JSON.stringify([locationId, provider, market]);
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

/** What is known of a vendor's quota: its own word, else our count against the limits that it published; null where there is neither. */
export interface FeedQuota {
  readonly at: Iso;
  /** Who says so: the vendor with an answer, or we, who know of our own requests alone. Absent: we, before this was told apart. */
  readonly by?: 'vendor' | 'us';
  /** Requests left in the window that ends first, and how many it has. */
  readonly left: number | null;
  readonly limit: number | null;
  readonly resetsAt: Iso | null;
}

/** A walk through all that changed since an instant, page by page. */
export interface Scan {
  /** Where it began (`ge`); null: at the very beginning. */
  readonly from: Iso | null;
  /** When it began, by our clock: what changes later is another scan's, wherever this one sees it. */
  readonly startedAt: Iso;
  /** All that changed before this instant (since `from`) has been seen; from here the next page is asked. */
  readonly at: Iso | null;
  /** The opaque link to be followed instead; null: ask from `at`. */
  readonly next: string | null;
  /** The newest change that it has seen. */
  readonly newest: Iso | null;
  /** Follow links alone, as the feed does not keep to the order that was asked for. */
  readonly linksOnly: boolean;
  readonly pages: number;
  /** The link of a page before, by which a loop of pages is known again. */
  readonly mark: string | null;
  /** More records of one instant than a page holds are walked by links: how many this walk has seen, and the walk before (null: none). */
  readonly level: { readonly at: Iso; readonly seen: number; readonly before: number | null } | null;
}

/** Where replication stands in one resource by timestamps. */
export interface TimestampCursor {
  /** Everything changed before this instant is stored; null: nothing yet. Advanced only when a whole scan is over. */
  readonly watermark: Iso | null;
  readonly scan: Scan | null;
}

/** Where replication stands as a whole; stored in the transaction that stores the page. */
export interface FeedCursor {
  /** The highest sequence of an event that is stored with everything it brought; null: none, or a feed without events. */
  readonly sequence: string | null;
  /** The events that were taken last, by sequence, as a feed may show an event later than one with a higher sequence. Absent: none. */
  readonly recent?: readonly { readonly sequence: string; readonly at: Iso }[];
  readonly resources: Readonly<Partial<Record<FeedResource, TimestampCursor>>>;
  /** Resources that the account was refused (403, 404), and when it last was. Absent: none. */
  readonly notGranted?: Readonly<Partial<Record<FeedResource, Iso>>>;
  /** Records that were pushed and that the feed did not have yet, and when: they are asked for once more. Absent: none. */
  readonly unseen?: readonly { readonly resource: FeedResource; readonly key: string; readonly at: Iso }[];
}
