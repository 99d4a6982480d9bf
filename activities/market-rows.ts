import { setImmediate as turn } from 'node:timers/promises';
import { contentHash } from '../domain/market/content.ts';
import { frozenFields } from '../domain/market/drift.ts';
import type { FeedRef, FeedResource, RawRecord } from '../domain/market/feed.ts';
import type { DeadRecord, RemovedRecord } from '../domain/market/poison.ts';
import { readListing } from '../domain/market/read-listing.ts';
import { readRecord, recordFields } from '../domain/market/read-record.ts';
import type { Iso } from '../domain/glossary.ts';
import type { EventPage } from '../domain/ports/market-feed.ts';
import type {
  AbsentRecord,
  DeadLetter,
  FeedPage,
  FeedState,
  ListingRow,
  MarketStore,
  RecordRow,
} from '../domain/ports/market-store.ts';

/** Records that are read in one go: some milliseconds. */
const AT_A_TIME = 50;

/** What of a page is rows. */
export type Rows = Pick<FeedPage, 'listings' | 'records' | 'dead' | 'absent'>;

/** Rows that were made before it was their turn. */
export interface RowsAhead {
  readonly rows: Rows;
  /** The fields of changed shape that were known then. */
  readonly frozen: FeedState['frozen'];
}

export interface RowsDeps {
  readonly store: Pick<MarketStore, 'listings'>;
  readonly sha256: (text: string) => string;
}

/** Raw records of one resource and keys that the feed does not have any more. */
export interface RawPage {
  readonly resource: FeedResource;
  readonly records: readonly RawRecord[];
  readonly removed: readonly string[];
}

/** Reads each record: a row, a dead letter with its reason, or one that is to be taken away. Nothing is left out. */
export async function readRows(
  deps: RowsDeps,
  feed: FeedRef,
  state: Pick<FeedState, 'frozen'>,
  { resource, records, removed }: RawPage,
  at: Iso,
): Promise<Rows> {
  const listings: ListingRow[] = [];
  const others: RecordRow[] = [];
  const dead: DeadLetter[] = [];
  const absent: AbsentRecord[] = removed.map((key) => ({ resource, key }));
  const take = (raw: RawRecord, hash: string, other: DeadRecord | RemovedRecord): void => {
    if (other.kind === 'removed') absent.push({ resource, key: other.key, at: other.at });
    else dead.push({ ...other, resource, key: other.key ?? hash, raw });
  };
  const read = await listingReader(deps, feed, state, resource === 'Property' ? records : [], at);
  for (const [nth, raw] of records.entries()) {
    // What is stored meanwhile, and whoever else waits, has its turn.
    if (nth % AT_A_TIME === AT_A_TIME - 1) await turn();
    const hash = contentHash(raw, deps.sha256);
    if (resource === 'Property') {
      const reading = read(raw);
      if (reading.kind === 'listing') listings.push({ ...reading, raw, hash });
      else take(raw, hash, reading);
    } else {
      const reading = readRecord(resource, raw, at);
      if (reading.kind === 'record') others.push({ ...reading, raw, hash });
      else take(raw, hash, reading);
    }
  }
  return { listings, records: others, dead, absent };
}

/** A frozen field keeps what is stored, so that is read first; usually nothing is frozen. */
async function listingReader(
  { store }: RowsDeps,
  feed: FeedRef,
  state: Pick<FeedState, 'frozen'>,
  records: readonly RawRecord[],
  now: Iso,
) {
  const frozen = frozenFields(state.frozen, 'Property');
  const keys = frozen.size === 0 ? [] : records.flatMap((raw) => keyOf('Property', raw) ?? []);
  const stored = new Map((await store.listings(feed, keys)).map((listing) => [listing.listingKey, listing]));
  return (raw: RawRecord) => {
    const before = stored.get(keyOf('Property', raw) ?? '') ?? null;
    return readListing(raw, { market: feed.market, now, frozen, before });
  };
}

/** The key under which a record is asked for; null: it has none. */
export function keyOf(resource: FeedResource, raw: RawRecord): string | null {
  const value = raw[resource === 'Property' ? 'ListingKey' : recordFields[resource].key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

/** Events that name no record are told of, and gone past. */
export function unreadableEvents(unreadable: EventPage['unreadable']): readonly DeadLetter[] {
  return unreadable.map(({ sequence, raw }) => ({
    ...{ resource: 'EntityEvent', key: sequence, raw, reason: 'unreadable-event', field: null },
    detail: 'expected the name of a resource and the key of a record, got at least one of them not',
  }));
}

export function joined(parts: readonly Rows[]): Rows {
  return {
    listings: parts.flatMap(({ listings }) => listings),
    records: parts.flatMap(({ records }) => records),
    dead: parts.flatMap(({ dead }) => dead),
    absent: parts.flatMap(({ absent }) => absent),
  };
}
