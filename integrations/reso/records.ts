import type { FeedResource, RawRecord } from '../../domain/market/feed.ts';
import type { MarketFeed, RecordPage, RecordsAsked } from '../../domain/ports/market-feed.ts';
import { addressOf } from './links.ts';
import { keyOf } from './page.ts';
import { keyFields, keysUrl, recordsUrl } from './query.ts';
import { type PageRead, type Reading, readPage } from './reading.ts';

/**
 * One page of records by when they changed. Its link is the vendor's own; whoever scans knows where not to follow one that counts rows
 * (`domain/market/scan.ts`).
 */
export async function readRecords(reading: Reading, asked: RecordsAsked): Promise<RecordPage> {
  const { scope, client } = reading;
  const { resource } = asked;
  const { rows, link, url, bytes } = await setPage(reading, asked);
  if (link !== null) reading.trail.follow(url, link, resource);
  const { kept, removed } = sorted(rows, resource, scope.habits.viewFlag);
  return { records: kept, removed, next: link, quota: client.quota(), bytes };
}

/** A page without a link ends its set, if that is so: where it was not counted it is asked for once more, counted. */
async function setPage(
  reading: Reading,
  { resource, changedFrom, changedBefore, counted = false, next }: RecordsAsked,
): Promise<PageRead & { readonly url: string }> {
  const { scope } = reading;
  if (next !== undefined) {
    const url = addressOf(next, scope.root, scope.root, resource);
    return { url, ...(await readPage(reading, url, resource, false, 'set')) };
  }
  const url = recordsUrl(scope, resource, { from: changedFrom, before: changedBefore, counted });
  const page = await readPage(reading, url, resource, true, 'set');
  if (page.link !== null || counted || !scope.habits.counts) return { url, ...page };
  return setPage(reading, { resource, changedFrom, changedBefore, counted: true });
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
