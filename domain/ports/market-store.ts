import type { Iso } from '../glossary.ts';
import type { EntityEvent, FeedCursor, FeedMode, FeedQuota, FeedRef, FeedResource, RawRecord } from '../market/feed.ts';
import type { ListingChange, MarketListing } from '../market/listing.ts';
import type { FeedMetadata } from './market-feed.ts';

/** Why a page was asked for; what is read by `backfill`, or while the feed is in its initial phase, is news to nobody. */
export type PageWhy = 'initial' | 'increment' | 'event' | 'push' | 'backfill' | 'repair';

/** A walk through all keys of a feed, resource by resource, to find what it has and we do not, and the other way round. */
export interface KeyScan {
  readonly scanId: string;
  readonly startedAt: Iso;
  readonly resource: FeedResource;
  /** The opaque link to the next page of keys; null: the resource's first. */
  readonly next: string | null;
}

/** A type that changed under a field: its values stay as they were until somebody acknowledges the change. */
export interface FrozenField {
  readonly resource: string;
  readonly field: string;
}

/** What is stored of a feed besides its rows. */
export interface FeedState {
  /** Null: the feed was not asked yet whether it has a journal. */
  readonly mode: FeedMode | null;
  readonly phase: 'initial' | 'live';
  readonly cursor: FeedCursor;
  /** To be given with the next page: who read an older cursor commits nothing. */
  readonly version: number;
  /** The feed is not asked before then. */
  readonly heldUntil: Iso | null;
  readonly failing: string | null;
  readonly metadata: FeedMetadata | null;
  readonly metadataAt: Iso | null;
  readonly reconciledAt: Iso | null;
  readonly scan: KeyScan | null;
  readonly frozen: readonly FrozenField[];
}

/** What is kept of a record that could be read only in part, or not at all. No value of the record in `detail`. */
export interface RecordProblem {
  readonly reason: string;
  readonly field: string | null;
  readonly detail: string;
}

export interface ListingRow {
  readonly listing: MarketListing;
  readonly raw: RawRecord;
  /** SHA-256 of `raw`, canonically: the same content is no change. */
  readonly hash: string;
  readonly problems: readonly RecordProblem[];
}

/** A record besides listings; the last three are those of an open house. */
export interface RecordRow {
  readonly resource: Exclude<FeedResource, 'Property'>;
  readonly key: string;
  readonly listingKey: string | null;
  readonly changedAt: Iso;
  readonly startsAt: Iso | null;
  readonly endsAt: Iso | null;
  readonly status: string | null;
  readonly raw: RawRecord;
  readonly hash: string;
  readonly problems: readonly RecordProblem[];
}

export interface DeadLetter extends RecordProblem {
  readonly resource: FeedResource;
  /** Hash of its content where it has no key. */
  readonly key: string;
  readonly raw: RawRecord;
}

/** One page, or what a batch of events brought, as it is to be stored: whole or not at all. */
export interface FeedPage {
  readonly why: PageWhy;
  readonly at: Iso;
  readonly listings: readonly ListingRow[];
  readonly records: readonly RecordRow[];
  readonly dead: readonly DeadLetter[];
  /** Keys that the feed was asked for and does not have. */
  readonly absent: readonly { readonly resource: FeedResource; readonly key: string }[];
  /** Where replication stands with this page, and the version that was read before; absent: the page moves no cursor. */
  readonly cursor?: { readonly version: number; readonly to: FeedCursor };
  /** Pushed events that this page worked. */
  readonly pushed?: readonly number[];
  readonly quota: FeedQuota | null;
}

/** Counts of what a page did. */
export interface PageStored {
  readonly records: number;
  /** Rows that are new, changed, back or gone. */
  readonly changed: number;
  readonly dead: number;
  /** Changes that leads may have to hear of. */
  readonly news: number;
}

export interface PushedEvent extends EntityEvent {
  readonly pushId: number;
}

/** One finding about the feed's shape. */
export interface DriftFinding {
  readonly resource: string;
  readonly field: string;
  readonly kind: 'added' | 'removed' | 'type' | 'lookup-added' | 'lookup-removed';
  readonly before: string | null;
  readonly after: string | null;
  readonly frozen: boolean;
}

/** How one resource compares after a walk through its keys: rows that the feed has alone, and rows that are here alone. */
export interface KeyDifference {
  readonly feed: number;
  readonly local: number;
  readonly missing: readonly string[];
  readonly ghosts: readonly string[];
}

/** Replication of feeds, all behind the wall of the feed's location. Errors of every function: STORE_AWAY. */
export interface MarketStore {
  /**
   * The feed's state; its first opening makes it. A feed whose listings are here although its own row was lost is live from the start,
   * so that what changed meanwhile is told. Errors: MARKET_TAKEN where another location has a feed of this provider and name.
   */
  open(feed: FeedRef): Promise<FeedState>;
  /** The location has this feed no longer; its listings stay for those who were told of them. Harmless where there is none. */
  release(feed: FeedRef): Promise<void>;
  /**
   * Stores a page in one transaction: rows (older never overwrites newer, the same content changes nothing), what changed, what could not be
   * read, the cursor. @returns null where the cursor was moved by somebody else meanwhile: nothing of the page is stored
   */
  commit(feed: FeedRef, page: FeedPage): Promise<PageStored | null>;
  setMode(feed: FeedRef, mode: FeedMode): Promise<void>;
  /** The feed was asked and answered to the end. `live`: from now on changes are news. */
  settle(feed: FeedRef, end: { readonly at: Iso; readonly live: boolean }): Promise<void>;
  /** Not to be asked before `until`; with the code that says why. */
  hold(feed: FeedRef, hold: { readonly at: Iso; readonly until: Iso; readonly code: string }): Promise<void>;
  /** The last answer was a failure, a code of the table; since when is kept. The next page that comes in takes it back. */
  fail(feed: FeedRef, failure: { readonly at: Iso; readonly code: string }): Promise<void>;

  /** Stores what was pushed, once each. @returns how many were new, or null where the location has no such feed */
  acceptPush(feed: PushTarget, events: readonly EntityEvent[], at: Iso): Promise<number | null>;
  /** Pushed events that wait, by sequence. */
  waitingPush(feed: FeedRef, limit: number): Promise<readonly PushedEvent[]>;
  /** Those events whose records were read after they were pushed: they need not be read again. */
  workedPush(feed: FeedRef, events: readonly EntityEvent[]): Promise<readonly EntityEvent[]>;

  /** The day's look at the feed's shape. */
  keepMetadata(
    feed: FeedRef,
    look: { readonly at: Iso; readonly metadata: FeedMetadata; readonly drift: readonly DriftFinding[] },
  ): Promise<void>;

  /** The next step of a walk through keys, with those that its page brought. @returns false where somebody else walks another way */
  keepKeys(
    feed: FeedRef,
    step: { readonly before: KeyScan | null; readonly keys: readonly string[]; readonly scan: KeyScan },
  ): Promise<boolean>;
  /** What the walk found of one resource, at most `limit` keys each way; rows that came in after it began are no ghosts. */
  difference(feed: FeedRef, scan: KeyScan, resource: FeedResource, limit: number): Promise<KeyDifference>;
  /** The walk is over: what it found is kept, its keys and the pages of last week are not. */
  endScan(
    feed: FeedRef,
    end: { readonly scan: KeyScan; readonly at: Iso; readonly found: Readonly<Record<string, ReconciledCounts>> },
  ): Promise<void>;
}

/** Where a push was sent to: its path says location and market, and the market is the location's own. */
export type PushTarget = Pick<FeedRef, 'locationId' | 'market'>;

export interface ReconciledCounts {
  readonly feed: number;
  readonly local: number;
  readonly missing: number;
  readonly ghosts: number;
}

/** The pure rules that a page's transaction asks once it holds what was stored before. */
export interface MarketRules {
  changesOf(before: MarketListing | null, after: MarketListing, now: Iso): readonly ListingChange[];
  openHouseChange(before: RecordRow | null, after: RecordRow, now: Iso): ListingChange | null;
}
