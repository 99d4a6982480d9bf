import type { Iso, LeadRef } from '../glossary.ts';
import type { AlertName, Dropped, WaitingAlert } from '../market/alerts.ts';
import type { FeedRef } from '../market/feed.ts';
import type { ChangeKind, Dollars, ListingChange, MarketListing } from '../market/listing.ts';
import type { NewInboxEvent } from './inbox.ts';

/** A change that no lead has heard of, with its listing as it is now. */
export interface UntoldChange {
  readonly change: ListingChange;
  /** Null: it is not stored any more, or gone from the feed. */
  readonly listing: MarketListing | null;
  /** Fields of Property that the feed's open drift freezes. */
  readonly frozen: readonly string[];
  /** Of an open house: does the feed still have it at that time? */
  readonly takesPlace: boolean;
}

/** News of a listing for one lead, as it is decided. */
export interface NewAlert extends AlertName {
  readonly contactId: string;
  readonly kind: ChangeKind;
  readonly score: number | null;
  readonly reasons: readonly string[];
  readonly priceBefore: Dollars | null;
  readonly priceAfter: Dollars | null;
  readonly startsAt: Iso | null;
  /** Of when the listing's figures are. */
  readonly asOf: Iso;
  /** Why it is dropped at once; null: it waits to be told. */
  readonly why: string | null;
}

/** What came of a batch of changes: alerts that are new, and the event that each lead hears of them by. */
export interface FannedOut {
  readonly alerts: number;
  readonly events: readonly (LeadRef & { readonly inboxId: string; readonly receivedAt: Iso })[];
}

/** The send that tells alerts. */
export interface Telling {
  readonly enrolmentId: string;
  readonly step: string;
}

/** An alert as a message tells it: by this version of its listing. */
export interface ToldAlert extends AlertName {
  readonly price: Dollars | null;
  readonly asOf: Iso;
}

/** An alert without the rights of its feed, which are in the location's settings. */
export type StoredAlert = Omit<WaitingAlert, 'rights'>;

/** News of homes from the changes of a market to the messages of leads. Errors of all: STORE_AWAY. */
export interface MarketAlertStore {
  /** Changes of the feed that were not fanned out, the oldest first. */
  untold(feed: FeedRef, limit: number): Promise<readonly UntoldChange[]>;
  /** Leads that were told of a listing, or took an interest in it, since then. */
  concerned(
    locationId: string,
    listings: readonly Pick<MarketListing, 'listingKey' | 'listingId'>[],
    since: Iso,
  ): Promise<readonly { readonly contactId: string; readonly listingKey: string }[]>;
  /**
   * One transaction: what another run has not fanned out meanwhile becomes alerts, each once for ever, and one event in the inbox for each
   * lead that has new ones waiting; the changes are marked; what waits about listings that are on offer no more is dropped.
   */
  fanOut(
    feed: FeedRef,
    batch: { readonly changes: readonly AlertName[]; readonly alerts: readonly NewAlert[] },
    eventOf: (ref: LeadRef, news: readonly AlertName[]) => NewInboxEvent,
    now: Iso,
  ): Promise<FannedOut>;
  /** Drops open houses that have begun, and other news that has waited for too long; answers how many. What a send may be telling is left. */
  dropOld(locationId: string, decidedBefore: Iso, now: Iso): Promise<number>;
  /** What waits for a lead and is on its way with no send. */
  waiting(ref: LeadRef): Promise<readonly StoredAlert[]>;
  /** From now on this send tells these alerts and no others. */
  bind(ref: LeadRef, by: Telling, alerts: readonly ToldAlert[]): Promise<void>;
  /** They are not told any more; the timeline says why. */
  drop(ref: LeadRef, dropped: readonly Dropped[], now: Iso): Promise<void>;
  /** Messages about homes that may have gone out to a lead since then. */
  sentSince(
    ref: LeadRef,
    since: Iso,
  ): Promise<{ readonly count: number; readonly oldestAt: Iso | null; readonly newestAt: Iso | null }>;
}
