import type { LeadRef } from '../glossary.ts';
import type { ListingMatch } from '../market/listing.ts';
import type { Wishes } from '../market/wishes.ts';

/** Who looks for what, by what leads have said and by nothing else. */
export interface ListingMatcher {
  /**
   * The leads of a location that listings concern: every hard wish that they stated is met. Leads that have stated none are concerned by nothing.
   * Listings that are not active, gone from their feed, or may not be shown concern nobody. Which of the leads may be written to is for the gate to say.
   * Errors: STORE_AWAY.
   */
  leadsFor(locationId: string, listingKeys: readonly string[]): Promise<readonly ListingMatch[]>;
  /** Looks through the whole market for one lead: the best first, at most `limit`, diverse and fresh. Stores nothing. Errors: STORE_AWAY. */
  listingsFor(ref: LeadRef, limit: number): Promise<readonly ListingMatch[]>;
  /** The same by wishes that are not stored yet. Errors: STORE_AWAY. */
  find(ref: LeadRef, wishes: Wishes, limit: number): Promise<readonly ListingMatch[]>;
}

/** How far a pass over a location's leads has come. */
export interface WishesPass {
  /** Leads that it looked at, wishes that it stored anew, and leads that the market was looked through for. */
  readonly leads: number;
  readonly stored: number;
  readonly matched: number;
  /** The contact after which the next pass goes on; null: all are done. */
  readonly next: string | null;
}

/** Wishes of leads whose last decision was made before wishes were kept, or had to do without matching. */
export interface WishesUpkeep {
  /**
   * One bounded pass: the next `limit` leads after a contact, in the order of their ids, in a transaction that no decision about them comes between. Killed
   * anywhere and begun anew it ends the same. Errors: STORE_AWAY.
   */
  catchUp(locationId: string, after: string | null, limit: number): Promise<WishesPass>;
}
