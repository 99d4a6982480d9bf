import type { FeedRef } from '../../domain/market/feed.ts';
import type { ListingChange } from '../../domain/market/listing.ts';
import type { MarketRecord, RecordResource } from '../../domain/market/read-record.ts';
import type { AbsentRecord, FeedPage, MarketRules, RecordRow } from '../../domain/ports/market-store.ts';
import { type Asked, ask, tell } from './ask.ts';
import { goneBy, type RowsStored } from './market-listings.ts';
import { storeAllowed } from './market-refused.ts';
import type { Client } from './pool.ts';
import { instant, toJsonb } from './values.ts';

const COLUMNS = `r.resource, r.record_key as key, r.listing_key as "listingKey", r.modified_at as "changedAt", r.starts_at as "startsAt",
  r.ends_at as "endsAt", r.status`;

/** A page's records of one resource, in the transaction that holds the feed's row. */
export async function storeRecords(
  client: Client,
  feed: FeedRef,
  {
    at,
    readAt,
    resource,
    records,
  }: Pick<FeedPage, 'at' | 'readAt'> & { readonly resource: RecordResource; readonly records: readonly RecordRow[] },
  told: MarketRules | null,
): Promise<RowsStored<RecordRow>> {
  const rows = newestOf(records);
  if (rows.length === 0) return { changed: [], refused: [], changes: [] };
  const rules = resource === 'OpenHouse' ? told : null;
  const keys = rows.map(({ record }) => record.key);
  const before = rules === null ? [] : await openHousesBefore(client, feed, keys);
  const { done, refused } = await storeAllowed(client, rows, (some) =>
    upsert(client, feed, { resource, readAt }, some),
  );
  await seen(client, feed, { resource, readAt }, keys);
  if (rules === null) return { changed: done, refused, changes: [] };
  const was = new Map(before.map((record) => [record.key, record]));
  const is = new Map(rows.map(({ record }) => [record.key, record]));
  const context = { market: feed.market, now: at };
  const changes = done.map((key) => rules.openHouseChange(was.get(key) ?? null, is.get(key)!, context));
  return { changed: done, refused, changes: changes.filter((change) => change !== null) };
}

function newestOf(rows: readonly RecordRow[]): readonly RecordRow[] {
  const newest = new Map<string, RecordRow>();
  for (const row of rows) {
    const other = newest.get(row.record.key);
    if (other === undefined || instant(row.record.changedAt) >= instant(other.record.changedAt)) {
      newest.set(row.record.key, row);
    }
  }
  return [...newest.values()];
}

type StoredRecord = MarketRecord & { readonly removedAt: string | null };

function openHousesBefore(
  place: Asked,
  { locationId, market }: FeedRef,
  keys: readonly string[],
): Promise<readonly StoredRecord[]> {
  return ask<StoredRecord>(place, {
    name: 'market-open-houses-before',
    text: `select ${COLUMNS}, r.removed_at as "removedAt" from market_records r
      where r.location_id = $1 and r.market = $2 and r.resource = 'OpenHouse' and r.record_key = any ($3::text[])`,
    values: [locationId, market, keys],
  });
}

interface Read {
  readonly resource: RecordResource;
  readonly readAt: string;
}

async function seen(
  client: Client,
  { locationId, market }: FeedRef,
  { resource, readAt }: Read,
  keys: readonly string[],
): Promise<void> {
  await tell(client, {
    name: 'market-records-seen',
    text: `update market_records set seen_at = $5 where location_id = $1 and market = $2 and resource = $3
      and record_key = any ($4::text[]) and removed_at is null and seen_at < $5`,
    values: [locationId, market, resource, keys, instant(readAt)],
  });
}

async function upsert(
  client: Client,
  { locationId, market }: FeedRef,
  { resource, readAt }: Read,
  rows: readonly RecordRow[],
): Promise<readonly string[]> {
  const given = rows.map(({ record, raw, hash }) => ({ ...record, raw, hash }));
  const stored = await ask<{ key: string }>(client, {
    name: 'market-records-store',
    text: STORE,
    values: [locationId, market, resource, toJsonb(given), instant(readAt)],
  });
  return stored.map(({ key }) => key);
}

const STORE = `
insert into market_records as r (location_id, market, resource, record_key, listing_key, modified_at, raw, content_hash, starts_at, ends_at, status, seen_at)
select $1, $2, $3, key, "listingKey", "changedAt", raw, hash, "startsAt", "endsAt", status, $5
from jsonb_to_recordset($4::jsonb) as given (key text, "listingKey" text, "changedAt" timestamptz, raw jsonb, hash text,
  "startsAt" timestamptz, "endsAt" timestamptz, status text)
order by key
on conflict (location_id, market, resource, record_key) do update set listing_key = excluded.listing_key, modified_at = excluded.modified_at,
  raw = excluded.raw, content_hash = excluded.content_hash, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
  status = excluded.status, seen_at = greatest(r.seen_at, excluded.seen_at), removed_at = null
where excluded.modified_at >= r.modified_at and (r.content_hash <> excluded.content_hash or r.removed_at is not null)
  and (r.removed_at is null or r.removed_at < excluded.seen_at)
returning r.record_key as key`;

/** Takes records away that the feed does not have, unless they were seen since it was asked; their rows stay. */
export async function removeRecords(
  client: Client,
  feed: FeedRef,
  {
    at,
    readAt,
    resource,
    absent,
  }: Pick<FeedPage, 'at' | 'readAt'> & { readonly resource: RecordResource; readonly absent: readonly AbsentRecord[] },
  told: MarketRules | null,
): Promise<{ readonly changed: readonly string[]; readonly changes: readonly ListingChange[] }> {
  if (absent.length === 0) return { changed: [], changes: [] };
  const rows = await ask<MarketRecord>(client, {
    name: 'market-records-remove',
    text: `update market_records r set removed_at = $6
      from unnest($4::text[], $5::timestamptz[]) as gone (key, at)
      where r.location_id = $1 and r.market = $2 and r.resource = $3 and r.record_key = gone.key and r.removed_at is null
        and (gone.at is null or r.modified_at <= gone.at) and (r.seen_at is null or r.seen_at <= $6)
      returning ${COLUMNS}`,
    values: [feed.locationId, feed.market, resource, ...goneBy(absent), instant(readAt)],
  });
  const context = { market: feed.market, now: at };
  const changes =
    told === null || resource !== 'OpenHouse' ? [] : rows.map((before) => told.openHouseChange(before, null, context));
  return { changed: rows.map(({ key }) => key), changes: changes.filter((change) => change !== null) };
}
