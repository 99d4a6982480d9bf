import type { FeedResource, RawRecord } from '../../domain/market/feed.ts';
import type { MarketFeed, RecordPage, RecordsAsked } from '../../domain/ports/market-feed.ts';
import { addressOf } from './links.ts';
import { keyOf } from './page.ts';
import { keyFields, keysUrl, recordsUrl } from './query.ts';
import { type Reading, readPage } from './reading.ts';

/**
 * One page of records by when they changed. Its link is the vendor's own; whoever scans knows where not to follow one that counts rows
 * (`domain/market/scan.ts`).
 */
export async function readRecords(
  reading: Reading,
  { resource, changedFrom, changedBefore, counted, next }: RecordsAsked,
): Promise<RecordPage> {
  const { scope, client } = reading;
  const stretch = { from: changedFrom, before: changedBefore, counted };
  const url =
    next === undefined ? recordsUrl(scope, resource, stretch) : addressOf(next, scope.root, scope.root, resource);
  const { rows, link, bytes } = await readPage(reading, url, resource, next === undefined, 'set');
  if (link !== null) reading.trail.follow(url, link, resource);
  const { kept, removed } = sorted(rows, resource, scope.habits.viewFlag);
  return { records: kept, removed, next: link, quota: client.quota(), bytes };
}

/** Records that may be kept, and keys of those that may not; one without a key is for whoever reads records to complain of. */
function sorted(rows: readonly RawRecord[], resource: FeedResource, viewFlag: string | null) {
  const kept: RawRecord[] = [];
  const removed: string[] = [];
  for (const row of rows) {
    const key = viewFlag !== null && row[viewFlag] === false ? keyOf(row, keyFields[resource]) : null;
    if (key === null) kept.push(row);
    else removed.push(key);
  }
  return { kept, removed };
}

/** One page of a resource's keys. */
export async function readKeys(
  reading: Reading,
  resource: FeedResource,
  next: string | null,
): ReturnType<MarketFeed['keys']> {
  const { scope, client, trail } = reading;
  const what = `keys of ${resource}`;
  const url = next === null ? keysUrl(scope, resource) : addressOf(next, scope.root, scope.root, what);
  const { rows, link } = await readPage(reading, url, what, next === null, 'keys');
  if (link !== null) trail.follow(url, link, what);
  const { viewFlag } = scope.habits;
  const keys = rows
    .filter((row) => viewFlag === null || row[viewFlag] !== false)
    .map((row) => keyOf(row, keyFields[resource]))
    .filter((key) => key !== null);
  return { keys, next: link, quota: client.quota() };
}
