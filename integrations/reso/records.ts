import type { FeedResource, RawRecord } from '../../domain/market/feed.ts';
import type { MarketFeed, RecordPage, RecordsAsked } from '../../domain/ports/market-feed.ts';
import { addressOf, countsRows, isTimestamp, type Onward, readOnward, written } from './links.ts';
import { keyOf } from './page.ts';
import { keyFields, keysUrl, recordsUrl, type Stretch } from './query.ts';
import { type PageRead, type Reading, readPage } from './reading.ts';

/** One page of records by when they changed, and where the scan goes on. */
export async function readRecords(
  reading: Reading,
  { resource, changedFrom, changedBefore, next }: RecordsAsked,
): Promise<RecordPage> {
  const { scope, client } = reading;
  const onward = next === undefined ? null : readOnward(next);
  const stretch = stretchOf(onward, { from: changedFrom, before: changedBefore });
  const url =
    onward?.by === 'link'
      ? addressOf(onward.link, scope.root, scope.root, resource)
      : recordsUrl(scope, resource, stretch);
  const page = await readPage(reading, url, resource, onward === null);
  const { kept, removed } = sorted(page.rows, resource, scope.habits.viewFlag);
  return {
    records: kept,
    removed,
    next: page.link === null ? null : written(onwardOf(reading, resource, url, page, stretch)),
    quota: client.quota(),
    bytes: page.bytes,
  };
}

function stretchOf(onward: Onward | null, asked: Stretch): Stretch {
  if (onward === null) return asked;
  return { from: onward.by === 'time' ? onward.from : undefined, before: onward.before };
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

function onwardOf(reading: Reading, resource: FeedResource, url: string, page: PageRead, { before }: Stretch): Onward {
  const { scope, trail } = reading;
  const link = page.link ?? url;
  const from = scope.habits.orders && countsRows(link) ? progressOf(page.rows) : null;
  if (from === null) {
    trail.follow(url, link, resource);
    return { by: 'link', link, before };
  }
  trail.follow(url, recordsUrl(scope, resource, { from, before }), resource);
  return { by: 'time', from, before };
}

/** When the page's last record changed, if all are in the order that was asked for and it is later than the first; else null. */
function progressOf(rows: readonly RawRecord[]): string | null {
  const stamps = rows.map((row) => row['ModificationTimestamp']);
  if (!stamps.every(isTimestamp)) return null;
  const times = stamps.map((stamp) => Date.parse(stamp));
  if (times.some((time, index) => index > 0 && time < (times[index - 1] ?? time))) return null;
  const [first = 0] = times;
  const last = stamps.at(-1);
  return last !== undefined && Date.parse(last) > first ? last : null;
}

/** One page of a resource's keys. */
export async function readKeys(
  reading: Reading,
  resource: FeedResource,
  next: string | null,
): ReturnType<MarketFeed['keys']> {
  const { scope, client, trail } = reading;
  const what = `keys of ${resource}`;
  const onward = next === null ? null : readOnward(next);
  const url = onward?.by === 'link' ? addressOf(onward.link, scope.root, scope.root, what) : keysUrl(scope, resource);
  const { rows, link } = await readPage(reading, url, what, onward === null);
  if (link !== null) trail.follow(url, link, what);
  const { viewFlag } = scope.habits;
  const keys = rows
    .filter((row) => viewFlag === null || row[viewFlag] !== false)
    .map((row) => keyOf(row, keyFields[resource]))
    .filter((key) => key !== null);
  return { keys, next: link === null ? null : written({ by: 'link', link }), quota: client.quota() };
}
