import type { Iso } from '../glossary.ts';
import { daysLater, type FieldReader, fieldReader, kindOf, own } from './edm.ts';
import type { RawRecord } from './feed.ts';
import type { Dollars, MarketListing } from './listing.ts';
import type { DeadRecord, FieldProblem, RemovedRecord } from './poison.ts';
import { dead, identify, mayBeViewed, usesOf } from './read-key.ts';
import { home, place, sale, whoseAndRights } from './read-listing-parts.ts';
import { keepFrozen } from './read-listing-sources.ts';
import { type StandardStatus, statusOf } from './read-words.ts';

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
  /** The listing as it is stored; null: it is new. */
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

/** Contracts and closings are dated ahead, but not by more. */
const DAYS_AHEAD = 731;

/**
 * A listing from the feed's own record. The whole record is dead where it has no key, no time, a time to come, or a status that nobody
 * knows: it could not be stored, would lock its row, or might be told of wrongly. Any other field that cannot be read is unknown, with a
 * problem. Fields that nobody reads stay in `raw` and are no concern of this function.
 * `MlgCanView` false and StandardStatus Delete take a listing away.
 * @see RESO Data Dictionary 2.0, Property
 */
export function readListing(raw: RawRecord, { market, now, frozen, before }: ReadingContext): ListingReading {
  const identity = identify(raw, 'ListingKey', now);
  if (identity.kind === 'dead') return identity;
  const { key, at } = identity;
  if (!mayBeViewed(raw)) return { kind: 'removed', key, at };

  const read = fieldReader(raw, frozen);
  const status = frozen.has('StandardStatus') ? lastStatus(key, before) : readStatus(raw, read, key);
  if (typeof status !== 'string') return status;
  if (status === 'delete') return { kind: 'removed', key, at };

  const latest = daysLater(now, DAYS_AHEAD);
  const price = frozen.has('ListPrice') ? null : readPrice(read, before);
  const listing: MarketListing = {
    ...{ listingKey: key, market, changedAt: at, status, price },
    ...home(read, latest),
    ...place(read),
    ...sale(read, latest),
    ...whoseAndRights(read),
    uses: usesOf(raw),
  };
  const stamps = { price: read.instant('PriceChangeTimestamp'), status: read.instant('StatusChangeTimestamp') };
  return { kind: 'listing', listing: keepFrozen(listing, before, frozen), stamps, problems: read.problems };
}

/** StandardStatus; where the feed has none, the MLS's own word if it is one of the standard's. */
function readStatus(raw: RawRecord, read: FieldReader, key: string): StandardStatus | DeadRecord {
  const field = own(raw, 'StandardStatus') == null ? 'MlsStatus' : 'StandardStatus';
  const word = read.word(field);
  const status = word === null ? undefined : statusOf(word);
  const got = word === null ? kindOf(own(raw, field)) : 'another word';
  return status ?? dead(key, 'unknown-status', field, `expected one of RESO's statuses, got ${got}`);
}

/** Nothing tells how a listing stands that was never seen before its status could not be read any more. */
function lastStatus(key: string, before: MarketListing | null): string | DeadRecord {
  return before?.status ?? dead(key, 'frozen-field', 'StandardStatus', 'expected a status, got a field that is frozen');
}

/** A price that is gone is told: a field that the feed has lost looks the same as one that is empty. */
function readPrice(read: FieldReader, before: MarketListing | null): Dollars | null {
  const told = read.problems.length;
  const price = read.dollars('ListPrice', 'problem');
  if (price === null && read.problems.length === told && before !== null && before.price !== null)
    read.problem('ListPrice', 'missing', 'expected a price as there was one, got none');
  return price;
}
