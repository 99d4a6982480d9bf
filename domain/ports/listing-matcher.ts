import type { LeadRef } from '../glossary.ts';
import type { ListingMatch } from '../market/listing.ts';

/** Who looks for what, by what leads have said and by nothing else. */
export interface ListingMatcher {
  /**
   * The leads of a location that listings concern: every hard wish that they stated is met. Leads that have stated none are concerned by nothing.
   * Which of them may be written to is for the gate to say.
   * Errors: STORE_AWAY.
   */
  leadsFor(locationId: string, listingKeys: readonly string[]): Promise<readonly ListingMatch[]>;
  /** Looks through the whole market for one lead: the best first, at most `limit`, diverse and fresh. Stores nothing. Errors: STORE_AWAY. */
  listingsFor(ref: LeadRef, limit: number): Promise<readonly ListingMatch[]>;
}
