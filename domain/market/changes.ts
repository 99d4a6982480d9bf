import type { Iso } from '../glossary.ts';
import type { ChangeKind, ListingChange, MarketListing } from './listing.ts';
import type { ChangeStamps } from './read-listing.ts';
import type { MarketRecord } from './read-record.ts';

/** A listing as it is stored; `removedAt` is set while the feed does not have it. */
export type StoredListing = MarketListing & { readonly removedAt?: Iso | null };

export function changesOf(
  _before: StoredListing | null,
  _after: MarketListing,
  _now: Iso,
  _stamps?: ChangeStamps,
): readonly ListingChange[] {
  throw new Error('changesOf: body follows');
}

/** A listing that the feed does not have any more; empty where that was known. */
export function removalOf(_before: StoredListing, _at: Iso): readonly ListingChange[] {
  throw new Error('removalOf: body follows');
}

/** `after` null: it is gone from the feed. */
export function openHouseChange(
  _before: (MarketRecord & { readonly removedAt?: Iso | null }) | null,
  _after: MarketRecord | null,
  _context: { readonly market: string; readonly now: Iso },
): ListingChange | null {
  throw new Error('openHouseChange: body follows');
}

/** What a change is to leads; null: no news, kept as history alone (a rise of the price, a withdrawal). */
export function newsOf(_change: ListingChange): ChangeKind | null {
  throw new Error('newsOf: body follows');
}
