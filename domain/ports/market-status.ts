import type { Iso, LeadRef } from '../glossary.ts';
import type { Drift } from '../market/drift.ts';
import type { FeedCursor, FeedMode, FeedProvider, FeedQuota, FeedRef, FeedResource } from '../market/feed.ts';
import type { ChangeKind, Dollars, ListingEvent, MarketListing } from '../market/listing.ts';
import type { ReconciledCounts } from './market-store.ts';
import type { Page, PageRequest } from './page.ts';

/** How a feed stands in the books. Null is what never was, or what the vendor does not say. */
export interface FeedStanding {
  readonly market: string;
  readonly provider: FeedProvider;
  readonly mode: FeedMode | null;
  /** initial: its first walk through all records goes on. */
  readonly phase: 'initial' | 'live';
  readonly cursor: FeedCursor;
  /** When it was last asked and answered to the end: what changed before is here. */
  readonly polledAt: Iso | null;
  readonly pageAt: Iso | null;
  /** The newest change that was seen, by the feed's clock. */
  readonly newestAt: Iso | null;
  /** Records that came in during the last ten minutes, and since when of these they did. */
  readonly recent: { readonly records: number; readonly since: Iso | null };
  readonly quota: FeedQuota | null;
  readonly heldUntil: Iso | null;
  /** Code of the last failure, and since when it fails; null: it is well. */
  readonly failing: string | null;
  readonly failingSince: Iso | null;
  readonly listings: { readonly active: number; readonly all: number };
  /** Open ones by reason. */
  readonly deadLetters: Readonly<Record<string, number>>;
  /** Changes of its shape that nobody acknowledged, and the fields that keep old values because of them. */
  readonly drift: { readonly open: number; readonly frozen: readonly string[] };
  /** Pushed events that wait. */
  readonly pushWaiting: number;
  /** The last walk through all keys, and what it found by resource before it mended it. */
  readonly reconciledAt: Iso | null;
  readonly reconciled: Readonly<Record<string, ReconciledCounts>> | null;
  /** A walk under way began then. */
  readonly walkingSince: Iso | null;
  /** So much is missing from the feed that the walk took nothing away, and waits for the feed or for a person. */
  readonly halted: (ReconciledCounts & { readonly resource: FeedResource }) | null;
}

export interface DeadLetterShown {
  readonly market: string;
  readonly resource: string;
  /** Hash of its content where it has no key. */
  readonly recordKey: string;
  readonly reason: string;
  /** Null: the whole record. */
  readonly field: string | null;
  readonly detail: string;
  readonly raw: unknown;
  readonly firstAt: Iso;
  readonly lastAt: Iso;
  readonly times: number;
  readonly resolvedAt: Iso | null;
}

export interface DriftShown extends Drift {
  readonly market: string;
  readonly driftId: number;
  readonly at: Iso;
  readonly acknowledgedAt: Iso | null;
  readonly acknowledgedBy: string | null;
}

/** A listing with where it comes from and what happened to it. */
export interface ListingShown {
  readonly listing: MarketListing;
  readonly provider: FeedProvider | null;
  /** When the feed was last seen to have it so; null: a seeded one. */
  readonly seenAt: Iso | null;
  readonly removedAt: Iso | null;
  readonly contentHash: string | null;
  /** Newest first, at most 50. */
  readonly events: readonly (Omit<ListingEvent, 'listingKey'> & {
    readonly change: string | null;
    readonly startsAt: Iso | null;
    /** When the leads that it concerns were found; null: nobody looked, or it was news to nobody. */
    readonly fannedAt: Iso | null;
  })[];
}

/** An alert with the figure behind it, where that comes from, and as of when. */
export interface AlertShown extends LeadRef {
  readonly listingKey: string;
  readonly change: string;
  readonly kind: ChangeKind;
  readonly state: 'waiting' | 'told' | 'dropped';
  readonly why: string | null;
  readonly score: number | null;
  readonly reasons: readonly string[];
  readonly figure: {
    readonly priceBefore: Dollars | null;
    readonly priceAfter: Dollars | null;
    /** As the message said it. */
    readonly priceTold: Dollars | null;
    readonly startsAt: Iso | null;
    readonly asOf: Iso;
  };
  readonly source: {
    readonly market: string;
    readonly provider: FeedProvider | null;
    readonly listingId: string | null;
    readonly officeName: string | null;
    readonly systemName: string | null;
  };
  readonly decidedAt: Iso;
  readonly settledAt: Iso | null;
  readonly inboxId: string | null;
  readonly enrolmentId: string | null;
  readonly step: string | null;
}

interface OfLocation extends PageRequest {
  readonly locationId: string;
  readonly market?: string | undefined;
}

/** What people see of the market, behind the wall of the location that they look at. Errors of every function: STORE_AWAY. */
export interface MarketStatus {
  feeds(locationId: string, now: Iso): Promise<readonly FeedStanding[]>;
  /** The one that came last first. `all`: resolved ones, too. */
  deadLetters(
    filter: OfLocation & { readonly reason?: string | undefined; readonly all?: boolean | undefined },
  ): Promise<Page<DeadLetterShown>>;
  /** Newest first. `all`: acknowledged ones, too. */
  drift(filter: OfLocation & { readonly all?: boolean | undefined }): Promise<Page<DriftShown>>;
  /**
   * A person has seen the change, and older ones of the same field: the field takes new values again, and what was read while it was frozen
   * is forgotten as read, so that reading it again takes them. The first to do it is who did it.
   * @returns how many listings wait to be read again; undefined where there is no such change
   */
  acknowledge(
    feed: Pick<FeedRef, 'locationId' | 'market'>,
    driftId: number,
    by: string,
    now: Iso,
  ): Promise<{ readonly drift: DriftShown; readonly toReadAgain: number } | undefined>;
  listing(locationId: string, listingKey: string): Promise<ListingShown | undefined>;
  /** Of a lead, of a listing, or of both; the newest first. */
  alerts(
    filter: PageRequest & {
      readonly locationId: string;
      readonly contactId?: string | undefined;
      readonly listingKey?: string | undefined;
    },
  ): Promise<Page<AlertShown>>;
  /** The feed's keys are compared by its next poll. @returns false where a walk through them is under way already, undefined where there is no such feed */
  reconcile(feed: Pick<FeedRef, 'locationId' | 'market'>): Promise<boolean | undefined>;
  /**
   * What a walk was halted over is gone indeed: the next poll walks anew, and takes away up to so many records of the resource.
   * @returns false where no walk is halted over as many at most; undefined where there is no such feed
   */
  believeGone(
    feed: Pick<FeedRef, 'locationId' | 'market'>,
    gone: { readonly resource: FeedResource; readonly records: number },
  ): Promise<boolean | undefined>;
}
