import type { Iso } from '../glossary.ts';
import type { EntityEvent, FeedQuota, FeedRef, FeedResource, RawRecord } from '../market/feed.ts';

/** One page of records. */
export interface RecordPage {
  readonly records: readonly RawRecord[];
  /** Keys of records that the vendor says may be kept no longer, by a flag of its own; they are not among `records`. */
  readonly removed: readonly string[];
  /** The opaque link to the next page, to be followed as it is; null: the set is exhausted. */
  readonly next: string | null;
  readonly quota: FeedQuota | null;
  /** Bytes of the body, as limits by volume count them. */
  readonly bytes: number;
}

/** One page of the journal. */
export interface EventPage {
  /** In the order of their sequence; none is left out between the sequence that was asked for and the last of them. */
  readonly events: readonly EntityEvent[];
  /** Events of the same stretch that have a sequence but name no record: nothing can be read for them, and the cursor goes past them. */
  readonly unreadable: readonly { readonly sequence: string; readonly raw: RawRecord }[];
  readonly more: boolean;
  readonly quota: FeedQuota | null;
}

/** What to read of a resource, ordered by when records were changed and then by key. */
export interface RecordsAsked {
  readonly resource: FeedResource;
  /** Changed at this instant or later (`ge`), and before `before`; absent: no bound. */
  readonly changedFrom?: Iso | undefined;
  readonly changedBefore?: Iso | undefined;
  /**
   * The feed is to say at once how many there are in all, so that a page whose link is missing shows. Counting is work for the vendor: else only
   * a page that seems to be the last is asked for again, counted.
   */
  readonly counted?: boolean;
  /** Go on here instead: a `next` of this same feed. */
  readonly next?: string | undefined;
}

/** A resource as the feed's metadata describes it: field name → its EDM type, e.g. `Edm.Decimal`, `Collection(Edm.String)`. */
export interface FeedMetadata {
  /** SHA-256 of the metadata document and of the look-ups, canonically. */
  readonly hash: string;
  readonly resources: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Values of look-up fields, `LookupName` → its `LookupValue`s (or the members of the EDM enumeration), sorted. */
  readonly lookups: Readonly<Record<string, readonly string[]>>;
}

/**
 * A feed over the RESO Web API. One attempt per call; who calls repeats it. A call waits for the vendor's pace (requests a second) by
 * itself, a second and a half at most; where a longer limit is used up it throws at once and says when to come back.
 * Errors: FEED_AWAY (network, 5xx, time), FEED_BUSY (429, quota; with `retryAt`), FEED_SUSPENDED (the vendor closed the account or token),
 * FEED_REFUSED (401, 403 after a fresh token), FEED_BROKEN (200 with something that is no OData answer, a page loop), FEED_BAD_REQUEST (400, 413).
 */
export interface MarketFeed {
  /** Does the feed give its journal of events to this account? Asked at the start and with each daily look, where its metadata lists one. */
  hasEvents(feed: FeedRef): Promise<boolean>;
  /** May the account read the resource? False: the feed has none of that name for it (403, 404), in whatever words it says so. */
  grants(feed: FeedRef, resource: FeedResource): Promise<boolean>;
  records(feed: FeedRef, asked: RecordsAsked): Promise<RecordPage>;
  /** Events after a sequence (`gt`; null: from the beginning), in the order of their sequence, whatever the vendor's is. */
  events(feed: FeedRef, after: string | null): Promise<EventPage>;
  /** One record by its key; null: the feed has none (404, 410), or none that this feed may keep. */
  record(feed: FeedRef, resource: FeedResource, key: string): Promise<RawRecord | null>;
  /** Several records by their keys, as few requests as the vendor allows. Keys that the feed does not have are absent from the answer. */
  recordsByKey(feed: FeedRef, resource: FeedResource, keys: readonly string[]): Promise<readonly RawRecord[]>;
  /**
   * All keys of a resource, page by page, for reconciliation. Where rows are deleted meanwhile a vendor that pages by offset leaves keys
   * out, so that a key that is missing here is asked for by itself before its record is taken away.
   */
  keys(
    feed: FeedRef,
    resource: FeedResource,
    next: string | null,
  ): Promise<{ readonly keys: readonly string[]; readonly next: string | null; readonly quota: FeedQuota | null }>;
  /** @param lookups  known ones: the document is read anew, and they are not, as a vendor may allow that once a day only */
  metadata(feed: FeedRef, lookups?: FeedMetadata['lookups']): Promise<FeedMetadata>;
}
