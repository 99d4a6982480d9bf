import type { Iso, LeadRef } from '../glossary.ts';
import type { ActivityEvent, ActivityPost } from '../webhooks/activity.ts';
import type { ActivityDetail } from '../webhooks/activity-kinds.ts';

/** Where a location's pages post to, and from where. The secret itself is nowhere. */
export interface ActivitySite {
  readonly locationId: string;
  /** Origins such as `https://www.example.com`; empty: any. */
  readonly origins: readonly string[];
  readonly madeAt: Iso;
}

/** What became of something somebody did; written once. */
export interface ActivityOutcome {
  readonly label: string;
  readonly value: number | null;
  readonly at: Iso;
}

/** A lead's behaviour, as it is read. */
export interface LeadActivity extends Pick<ActivityEvent, 'eventId' | 'at' | 'late'> {
  readonly kind: string;
  readonly detail: ActivityDetail;
  readonly outcome: ActivityOutcome | null;
}

export interface ActivityStore {
  /** The installed location whose site bears this secret; undefined for a hash that is nobody's. */
  siteBySecretHash(hash: string): Promise<ActivitySite | undefined>;
  site(locationId: string): Promise<ActivitySite | undefined>;
  /** Makes a site, or changes one. A new secret takes the place of the old one at once. */
  setSite(
    locationId: string,
    site: {
      readonly secretHash: string;
      readonly keepSecret: boolean;
      readonly origins: readonly string[] | undefined;
    },
  ): Promise<{ readonly secretKept: boolean }>;
  /**
   * All of a post in one transaction: each event once, whoever else tells it at the same time; people are matched to leads by hash, and
   * what their visitors did before becomes theirs.
   * @returns the events that were new, by id. Throws CANNOT_STORE when the database does not answer in time
   */
  record(
    locationId: string,
    post: Pick<ActivityPost, 'events' | 'people' | 'counts'>,
    now: Iso,
  ): Promise<ReadonlySet<string>>;
  /** A lead's behaviour since an instant, newest first. */
  ofContact(
    ref: LeadRef,
    options: { readonly since: Iso; readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<{ readonly items: readonly LeadActivity[]; readonly nextCursor: string | null }>;
  /** `set`, or why not: there is no such event, or it has another outcome. The same outcome again is `set`. */
  setOutcome(ref: LeadRef, eventId: string, outcome: ActivityOutcome): Promise<'set' | 'absent' | 'other'>;
}
