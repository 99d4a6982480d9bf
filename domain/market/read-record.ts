import type { Iso } from '../glossary.ts';
import type { FeedResource, RawRecord } from './feed.ts';
import type { DeadRecord, FieldProblem, RemovedRecord } from './poison.ts';

export type RecordResource = Exclude<FeedResource, 'Property'>;

/** A record of the feed besides listings, with what is asked of it; all else stays in `raw`. */
export interface MarketRecord {
  readonly resource: RecordResource;
  readonly key: string;
  /** Of media and open houses: the listing that they belong to. */
  readonly listingKey: string | null;
  readonly modifiedAt: Iso;
  /** Of an open house. */
  readonly startsAt: Iso | null;
  readonly endsAt: Iso | null;
  /** In lower case: `active`, `canceled`. */
  readonly status: string | null;
}

export type RecordReading =
  | { readonly kind: 'record'; readonly record: MarketRecord; readonly problems: readonly FieldProblem[] }
  | RemovedRecord
  | DeadRecord;

export function readRecord(_resource: RecordResource, _raw: RawRecord, _now: Iso): RecordReading {
  throw new Error('readRecord: body follows');
}
