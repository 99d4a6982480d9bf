import type { Iso } from '../glossary.ts';
import type { RawRecord } from './feed.ts';
import type { MarketListing } from './listing.ts';
import type { DeadRecord, FieldProblem, RemovedRecord } from './poison.ts';

/** When the feed says that price and status changed; null: not said. Only used to name changes, never stored. */
export interface ChangeStamps {
  readonly price: Iso | null;
  readonly status: Iso | null;
}

export interface ReadingContext {
  readonly market: string;
  readonly now: Iso;
  /** Fields of Property whose shape changed: they keep what `before` says. */
  readonly frozen: ReadonlySet<string>;
  /** The listing as it is stored; null: it is new. Only needed where something is frozen. */
  readonly before: MarketListing | null;
}

export type ListingReading =
  | {
      readonly kind: 'listing';
      readonly listing: MarketListing;
      readonly stamps: ChangeStamps;
      readonly problems: readonly FieldProblem[];
    }
  | RemovedRecord
  | DeadRecord;

export function readListing(_raw: RawRecord, _context: ReadingContext): ListingReading {
  throw new Error('readListing: body follows');
}
