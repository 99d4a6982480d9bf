import type { FeedResource, RawRecord } from '../../domain/market/feed.ts';
import { broken, entityOf, keyOf } from './page.ts';
import { keyedUrl, keyFields, recordUrl } from './query.ts';
import { ask, noResource, pageOf, type Reading, readPage } from './reading.ts';

/** One record by its key; null: the feed has none, or none that may be kept, or it is another system's. */
export async function readRecord(reading: Reading, resource: FeedResource, key: string): Promise<RawRecord | null> {
  const got = await ask(reading, recordUrl(reading.scope, resource, key), resource);
  if (got.kind === 'absent') return null;
  if (got.kind !== 'body') throw got.error;
  const record = entityOf(got.text, resource);
  if (record === null) return null;
  if (keyOf(record, keyFields[resource]) !== key)
    throw broken(resource, 'the record that was asked for', 'has another key');
  return mayKeep(reading, record) ? record : null;
}

/** Records by their keys, in as few requests as the vendor takes. */
export async function readRecords(
  reading: Reading,
  resource: FeedResource,
  keys: readonly string[],
): Promise<readonly RawRecord[]> {
  const wanted = [...new Set(keys)];
  const found: RawRecord[] = [];
  const most = reading.scope.habits.keysBy?.most ?? 1;
  for (let start = 0; start < wanted.length; start += most) {
    found.push(...(await readBatch(reading, resource, wanted.slice(start, start + most))));
  }
  return found;
}

/** A batch that is too long for the vendor is asked for in halves. */
async function readBatch(
  reading: Reading,
  resource: FeedResource,
  keys: readonly string[],
): Promise<readonly RawRecord[]> {
  const [only] = keys;
  if (only === undefined) return [];
  if (keys.length === 1) {
    const record = await readRecord(reading, resource, only);
    return record === null ? [] : [record];
  }
  const url = keyedUrl(reading.scope, resource, keys);
  const got = await ask(reading, url, resource);
  if (got.kind === 'too-long') {
    const half = Math.ceil(keys.length / 2);
    return [
      ...(await readBatch(reading, resource, keys.slice(0, half))),
      ...(await readBatch(reading, resource, keys.slice(half))),
    ];
  }
  // Of several records a feed answers with those that it has: without an address to ask, none of them is known to be gone.
  if (got.kind === 'absent') throw noResource(resource);
  if (got.kind !== 'body') throw got.error;
  const rows: RawRecord[] = [];
  let address = url;
  let page = pageOf(reading, url, resource, got, false);
  for (;;) {
    rows.push(...page.rows);
    if (page.link === null) break;
    reading.trail.follow(address, page.link, resource);
    address = page.link;
    page = await readPage(reading, address, resource, false);
  }
  const asked = new Set(keys);
  if (rows.some((row) => !asked.has(keyOf(row, keyFields[resource]) ?? ''))) {
    throw broken(resource, 'only records that were asked for', 'has others');
  }
  return rows.filter((row) => mayKeep(reading, row));
}

function mayKeep({ scope: { habits, system } }: Reading, record: RawRecord): boolean {
  if (habits.viewFlag !== null && record[habits.viewFlag] === false) return false;
  const from = record['OriginatingSystemName'];
  return system === null || typeof from !== 'string' || from === system;
}
