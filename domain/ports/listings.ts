import type { LeadRef } from '../glossary.ts';
import type { Dollars, Listing, ListingEvent, ListingMatch } from '../market/listing.ts';
import type { PageRequest } from './page.ts';

/** Both ends belong to the band. A listing without a price is in no band. */
export interface PriceBand {
  readonly priceFrom?: Dollars | undefined;
  readonly priceTo?: Dollars | undefined;
}

export interface ByArea extends PriceBand, PageRequest {
  readonly city: string;
  readonly status: string;
}

export interface ByType extends PriceBand, PageRequest {
  readonly propertyType: string;
  readonly status: string;
}

/** What a lead looks for. An empty list asks nothing. */
export interface Wishes extends PriceBand {
  readonly cities: readonly string[];
  readonly propertyTypes: readonly string[];
  /** A listing that does not say how many it has is left out. */
  readonly minBedrooms?: number | undefined;
  readonly limit: number;
}

export interface Circle {
  /** Degrees, WGS 84: -90 to 90 and -180 to 180. */
  readonly latitude: number;
  readonly longitude: number;
  /** Radius over the ground. */
  readonly metres: number;
  readonly limit: number;
}

/** A home with what happened to it lately, newest first. */
export interface ListingWithEvents extends Listing {
  /** The office that has to be named wherever the home is; null: it is of no feed. */
  readonly officeName: string | null;
  readonly events: readonly Omit<ListingEvent, 'listingKey'>[];
}

export interface MatchedListing extends Pick<ListingMatch, 'score' | 'reasons' | 'matchedAt'> {
  readonly listing: ListingWithEvents;
}

export interface ListingStore {
  /**
   * The homes that fit a lead best, highest score first, as they are now. One that the MLS has taken away or that may not be shown
   * is left out.
   */
  matched(ref: LeadRef, limit: number): Promise<readonly MatchedListing[]>;
  /** Of those the ones that the licence of their feed lets leads be told of. */
  tellable(ref: LeadRef, limit: number): Promise<readonly MatchedListing[]>;
}
