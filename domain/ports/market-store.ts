import type { Iso } from '../glossary.ts';
import type { changesOf, openHouseChange, removalOf, StoredListing } from '../market/changes.ts';
import type { Drift } from '../market/drift.ts';
import type { EntityEvent, FeedCursor, FeedMode, FeedQuota, FeedRef, FeedResource, RawRecord } from '../market/feed.ts';
import type { MarketListing } from '../market/listing.ts';
import type { ChangeStamps } from '../market/read-listing.ts';
import type { MarketRecord } from '../market/read-record.ts';
import type { FeedMetadata } from './market-feed.ts';

/** Why a page was asked for. What is read while the feed is in its initial phase is news to nobody, and of a `backfill` only what changed since. */
export type PageWhy = 'initial' | 'increment' | 'event' | 'push' | 'backfill' | 'repair';

/**
 * A walk through a whole feed, resource by resource, to find what it has otherwise than we do. changes: records that changed since the last
 * walk, should the journal have kept one back · keys: all keys, page by page · differing: what they differ in is read again.
 */
export interface FeedWalk {
  readonly scanId: string;
  readonly startedAt: Iso;
  readonly resource: FeedResource;
  readonly step: 'changes' | 'keys' | 'differing';
  /** The opaque link to the next page of keys; null: the resource's first. */
  readonly next: string | null;
  /** Behind this key the differing ones go on. */
  readonly after: string;
  readonly found: Readonly<Partial<Record<FeedResource, ReconciledCounts>>>;
  /** So much was missing from the feed that nothing was taken away: until a walk comes to its end the feed counts as broken. */
  readonly haltedAt?: Iso;
  /** So many of a resource are gone indeed, as a person has said. */
  readonly believed?: Readonly<Partial<Record<FeedResource, number>>>;
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
  readonly walk: FeedWalk | null;
  /** Drift that nobody acknowledged yet, of fields that it froze. */
  readonly frozen: readonly Pick<Drift, 'resource' | 'field' | 'frozen'>[];
}

/** What is kept of a record that could be read only in part, or not at all. No value of the record in `detail`. */
export interface RecordProblem {
  readonly reason: string;
  readonly field: string | null;
  readonly detail: string;
}

interface Row {
  readonly raw: RawRecord;
  /** Of what `raw` says: the same content is no change. */
  readonly hash: string;
  readonly problems: readonly RecordProblem[];
}

export interface ListingRow extends Row {
  readonly listing: MarketListing;
  readonly stamps: ChangeStamps;
}

export interface RecordRow extends Row {
  readonly record: MarketRecord;
}

export interface DeadLetter extends RecordProblem {
  /** A resource, or the journal: `EntityEvent`. */
  readonly resource: string;
  /** Hash of its content where it has no key. */
  readonly key: string;
  readonly raw: RawRecord;
}

/** A record that the feed does not have, or that may be kept no longer. */
export interface AbsentRecord {
  readonly resource: FeedResource;
  readonly key: string;
  /** A record that changed after this is there all the same; absent: there is none, whatever is stored. */
  readonly at?: Iso;
}

/** One page, or what a batch of events brought, as it is to be stored: whole or not at all. */
export interface FeedPage {
  readonly why: PageWhy;
  readonly at: Iso;
  /** Before the feed was asked: what was seen, or found gone, by a later reading stays as that left it. */
  readonly readAt: Iso;
  readonly listings: readonly ListingRow[];
  readonly records: readonly RecordRow[];
  readonly dead: readonly DeadLetter[];
  readonly absent: readonly AbsentRecord[];
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

/** Replication of feeds, all behind the wall of the feed's location. Errors of every function: STORE_AWAY. */
export interface MarketStore {
  /**
   * The feed's state; its first opening makes it. One whose row was lost goes on as live where its pages say that it was, so
   * that what changed meanwhile is told. Errors: MARKET_TAKEN where another location has a feed of this provider and name.
   */
  open(feed: FeedRef): Promise<FeedState>;
  /** Takes the feed's name before it is chosen. What a market has of another provider stays until the choice is made. Errors: MARKET_TAKEN. */
  claim(feed: FeedRef): Promise<void>;
  /** The location has this feed no longer; its listings stay for those who were told of them. Harmless where there is none. */
  release(feed: FeedRef): Promise<void>;
  /** The feeds that a location has rows of its own for. */
  known(locationId: string): Promise<readonly FeedRef[]>;
  /**
   * Stores a page in one transaction: rows (older never overwrites newer, the same content changes nothing), what changed, what could not be
   * read, the cursor. @returns null where the cursor was moved by somebody else meanwhile: nothing of the page is stored
   */
  commit(feed: FeedRef, page: FeedPage): Promise<PageStored | null>;
  /** The feed's listings of these keys, as they are stored. */
  listings(feed: FeedRef, keys: readonly string[]): Promise<readonly StoredListing[]>;
  setMode(feed: FeedRef, mode: FeedMode): Promise<void>;
  /** The feed was asked and answered to the end. `live`: from now on changes are news. */
  settle(feed: FeedRef, end: { readonly at: Iso; readonly live: boolean }): Promise<void>;
  /** Not to be asked before `until`; with the code that says why. */
  hold(feed: FeedRef, hold: { readonly at: Iso; readonly until: Iso; readonly code: string }): Promise<void>;
  /** The last answer was a failure, a code of the table; since when is kept. The next page that comes in takes it back, unless a walk is halted. */
  fail(feed: FeedRef, failure: { readonly at: Iso; readonly code: string }): Promise<void>;

  /** Stores what was pushed, once each. @returns the feed and how many were new, or null where the location has no such market */
  acceptPush(
    target: PushTarget,
    events: readonly EntityEvent[],
    at: Iso,
  ): Promise<{ readonly feed: FeedRef; readonly fresh: number } | null>;
  /** Pushed events that wait, by sequence. */
  waitingPush(feed: FeedRef, limit: number): Promise<readonly PushedEvent[]>;

  /** The day's look at the feed's shape. */
  keepMetadata(
    feed: FeedRef,
    look: { readonly at: Iso; readonly metadata: FeedMetadata; readonly drift: readonly Drift[] },
  ): Promise<void>;

  /** The walk's next step, with the keys that its page brought. @returns false where somebody else walks another way */
  keepStep(
    feed: FeedRef,
    step: { readonly before: FeedWalk | null; readonly keys: readonly string[]; readonly to: FeedWalk },
  ): Promise<boolean>;
  /** What the walk found of one resource. */
  compared(feed: FeedRef, scanId: string, resource: FeedResource): Promise<ReconciledCounts>;
  /**
   * Keys behind `after`, in their order, that the feed has alone, or we, or that lie in open dead letters: each is to be read again, for rows
   * shift while a walk goes on.
   */
  differing(
    feed: FeedRef,
    scanId: string,
    resource: FeedResource,
    some: { readonly after: string; readonly limit: number },
  ): Promise<readonly string[]>;
  /** The walk is over: what it found is kept, its keys and the pages of last week are not. */
  endWalk(feed: FeedRef, end: { readonly walk: FeedWalk; readonly at: Iso }): Promise<void>;
}

/** Where a push was sent to: its path says location and market, and the market is the location's own. */
export type PushTarget = Pick<FeedRef, 'locationId' | 'market'>;

/** How one resource compares after a walk through its keys. Open dead letters are not missing: they are told of. */
export interface ReconciledCounts {
  readonly feed: number;
  readonly local: number;
  readonly missing: number;
  readonly ghosts: number;
}

/** The pure rules that a page's transaction asks once it holds what was stored before. */
export interface MarketRules {
  readonly changesOf: typeof changesOf;
  readonly removalOf: typeof removalOf;
  readonly openHouseChange: typeof openHouseChange;
}
