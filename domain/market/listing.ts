import type { Iso } from '../glossary.ts';

/**
 * US dollars as a decimal number in text, `425000.00`. Text, because a price is compared with what the MLS says and must come back
 * digit for digit; a binary number would keep it only as long as nobody calculates with it. Whoever calculates chooses how.
 */
export type Dollars = string;

/** A home on the market as the location's MLS licence shows it; null is what the MLS does not say. */
export interface Listing {
  /** The MLS's own key, unique within the location. */
  readonly listingKey: string;
  /** RESO StandardStatus in lower case: `active`, `pending`, `closed` … */
  readonly status: string;
  /** RESO PropertyType in lower case: `residential`, `land` … */
  readonly propertyType: string;
  readonly price: Dollars | null;
  /** As the MLS spells it. */
  readonly city: string | null;
  readonly postalCode: string | null;
  readonly bedrooms: number | null;
  /** Half baths count half. */
  readonly bathrooms: number | null;
  readonly livingSqft: number | null;
  /** Degrees, WGS 84. Without both the listing is on no map. */
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly remarks: string | null;
  readonly listedAt: Iso | null;
  /** RESO ModificationTimestamp: what is older never overwrites what is newer. */
  readonly changedAt: Iso;
}

/** Something that happened to a listing. Told again with all its values it is the same event. */
export interface ListingEvent {
  readonly listingKey: string;
  readonly at: Iso;
  readonly kind: 'new' | 'price-change' | 'back-on-market' | 'pending' | 'closed' | 'withdrawn' | 'open-house';
  readonly priceBefore: Dollars | null;
  readonly priceAfter: Dollars | null;
}

/** How well a listing fits a lead. */
export interface ListingMatch {
  readonly contactId: string;
  readonly listingKey: string;
  /** 0 to 1, 1 fits in everything that is known. */
  readonly score: number;
  /** Why, in plain words without personal data. */
  readonly reasons: readonly string[];
  readonly matchedAt: Iso;
}

/** A listing as a feed brought it, with what it has besides what every lead may be shown; null is what the MLS does not say. */
export interface MarketListing extends Listing {
  readonly market: string;
  /** The number under which people know it. */
  readonly listingId: string | null;
  /** RESO PropertySubType in lower case. */
  readonly subtype: string | null;
  readonly address: string | null;
  /** Two letters. */
  readonly state: string | null;
  readonly county: string | null;
  readonly lotSqft: number | null;
  readonly yearBuilt: number | null;
  readonly originalPrice: Dollars | null;
  readonly closePrice: Dollars | null;
  /** A day, `2026-11-29`. */
  readonly closedOn: string | null;
  readonly officeKey: string | null;
  readonly officeName: string | null;
  readonly agentKey: string | null;
  /** May the entire listing, its address, an automated valuation beside it be shown? Null: not said, and so not allowed. */
  readonly shown: boolean | null;
  readonly addressShown: boolean | null;
  readonly valuationShown: boolean | null;
  /** For what the vendor says that it may be used, such as `IDX`; null: it says nothing of the kind. */
  readonly uses: readonly string[] | null;
  readonly systemName: string | null;
}

/** What may be news to leads. A fall of the price is `price-drop`; a rise concerns nobody and is kept as history alone. */
export const changeKinds = ['new', 'price-drop', 'back-on-market', 'pending', 'closed', 'open-house'] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** One change of one listing. Whoever reads the same change again gives it the same name. */
export interface ListingChange extends ListingEvent {
  /** Its name, unique among the changes of its listing, e.g. `price-change:2026-11-29T10:00:00.000Z:425000.00`. */
  readonly change: string;
  readonly market: string;
  /** Of an open house: when it begins. */
  readonly startsAt: Iso | null;
}
