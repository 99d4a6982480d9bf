import type { StoredListing } from '../../domain/market/changes.ts';
import type { FeedRef } from '../../domain/market/feed.ts';
import type { ListingChange } from '../../domain/market/listing.ts';
import type { AbsentRecord, FeedPage, ListingRow, MarketRules } from '../../domain/ports/market-store.ts';
import { type Asked, ask, tell } from './ask.ts';
import { LISTING_COLUMNS } from './listings.ts';
import type { Client } from './pool.ts';
import { storeAllowed } from './market-refused.ts';
import { slices } from './slices.ts';
import { instant, toJsonb } from './values.ts';

/** What storing rows came to: those that are new or changed, those whose row was refused, and what is told of the others. */
export interface RowsStored<Row> {
  readonly changed: readonly string[];
  readonly refused: readonly Row[];
  readonly changes: readonly ListingChange[];
}

/** Alias `l`: a listing with all that a feed brings. */
export const MARKET_COLUMNS = `${LISTING_COLUMNS}, l.market, l.listing_id as "listingId", l.subtype, l.address, l.state, l.county,
  l.lot_sqft as "lotSqft", l.year_built as "yearBuilt", l.original_price as "originalPrice", l.close_price as "closePrice",
  l.closed_on::text as "closedOn", l.office_key as "officeKey", l.office_name as "officeName", l.agent_key as "agentKey", l.shown,
  l.address_shown as "addressShown", l.valuation_shown as "valuationShown", l.uses, l.system_name as "systemName"`;

/** The feed's listings of these keys. `hashes`: only those of another content, or gone, as only they can change. */
export async function listingsBefore(
  place: Asked,
  { locationId, market }: FeedRef,
  keys: readonly string[],
  hashes?: readonly string[],
): Promise<readonly StoredListing[]> {
  if (keys.length === 0) return [];
  return ask<StoredListing>(place, {
    name: 'market-listings-before',
    text: `select ${MARKET_COLUMNS}, l.removed_at as "removedAt"
      from unnest($3::text[], $4::text[]) as given (key, hash)
        join listings l on l.location_id = $1 and l.listing_key = given.key and l.market = $2
      where given.hash is null or l.content_hash is distinct from given.hash or l.removed_at is not null`,
    values: [locationId, market, keys, hashes ?? keys.map(() => null)],
  });
}

/** A page's listings, in the transaction that holds the feed's row. */
export async function storeListings(
  client: Client,
  feed: FeedRef,
  page: Pick<FeedPage, 'at' | 'readAt' | 'listings'>,
  told: MarketRules | null,
): Promise<RowsStored<ListingRow>> {
  const rows = newestOf(page.listings);
  if (rows.length === 0) return { changed: [], refused: [], changes: [] };
  const keys = rows.map(({ listing }) => listing.listingKey);
  const before =
    told === null
      ? []
      : await listingsBefore(
          client,
          feed,
          keys,
          rows.map(({ hash }) => hash),
        );
  const { done, refused } = await storeAllowed(client, rows, (some) => upsert(client, feed, page.readAt, some));
  await seen(client, feed, page.readAt, keys);
  if (told === null) return { changed: done, refused, changes: [] };
  const was = new Map(before.map((listing) => [listing.listingKey, listing]));
  const is = new Map(rows.map((row) => [row.listing.listingKey, row]));
  const changes = done.flatMap((key) => {
    const { listing, stamps } = is.get(key)!;
    return told.changesOf(was.get(key) ?? null, listing, page.at, stamps);
  });
  return { changed: done, refused, changes };
}

/** A page may hold a listing twice, when it changed while the page was made. */
function newestOf(rows: readonly ListingRow[]): readonly ListingRow[] {
  const newest = new Map<string, ListingRow>();
  for (const row of rows) {
    const other = newest.get(row.listing.listingKey);
    if (other === undefined || instant(row.listing.changedAt) >= instant(other.listing.changedAt)) {
      newest.set(row.listing.listingKey, row);
    }
  }
  return [...newest.values()];
}

/** Rows of one statement. */
const AT_A_TIME = 250;

async function upsert(
  client: Client,
  { locationId, market }: FeedRef,
  readAt: string,
  rows: readonly ListingRow[],
): Promise<string[]> {
  const stored: string[] = [];
  for (const some of slices(rows.toSorted(byKey), AT_A_TIME)) {
    const given = some.map(({ listing, raw, hash }) => ({ ...listing, raw, hash }));
    const done = await ask<{ key: string }>(client, {
      name: 'market-listings-store',
      text: STORE,
      values: [locationId, market, toJsonb(given), instant(readAt)],
    });
    stored.push(...done.map(({ key }) => key));
  }
  return stored;
}

/** As the statement orders them. */
function byKey({ listing: one }: ListingRow, { listing: other }: ListingRow): number {
  return one.listingKey < other.listingKey ? -1 : 1;
}

/** What was only seen is written no further than that; `seen_at` is in no index, so that this is a short write. */
async function seen(
  client: Client,
  { locationId, market }: FeedRef,
  readAt: string,
  keys: readonly string[],
): Promise<void> {
  await tell(client, {
    name: 'market-listings-seen',
    text: `update listings set seen_at = $4
      where location_id = $1 and market = $2 and listing_key = any ($3::text[]) and removed_at is null and seen_at < $4`,
    values: [locationId, market, keys, instant(readAt)],
  });
}

/** Columns beside the two keys, each with its name in JSON and its type. */
const columns = [
  ...[
    ['status', 'status', 'text'],
    ['property_type', 'propertyType', 'text'],
    ['price', 'price', 'numeric'],
    ['city', 'city', 'text'],
    ['postal_code', 'postalCode', 'text'],
    ['bedrooms', 'bedrooms', 'smallint'],
    ['bathrooms', 'bathrooms', 'numeric'],
    ['living_sqft', 'livingSqft', 'integer'],
    ['latitude', 'latitude', 'double precision'],
    ['longitude', 'longitude', 'double precision'],
    ['remarks', 'remarks', 'text'],
    ['listed_at', 'listedAt', 'timestamptz'],
    ['changed_at', 'changedAt', 'timestamptz'],
    ['listing_id', 'listingId', 'text'],
    ['subtype', 'subtype', 'text'],
    ['address', 'address', 'text'],
    ['state', 'state', 'text'],
    ['county', 'county', 'text'],
  ],
  ...[
    ['lot_sqft', 'lotSqft', 'bigint'],
    ['year_built', 'yearBuilt', 'smallint'],
    ['original_price', 'originalPrice', 'numeric'],
    ['close_price', 'closePrice', 'numeric'],
    ['closed_on', 'closedOn', 'date'],
    ['office_key', 'officeKey', 'text'],
    ['office_name', 'officeName', 'text'],
    ['agent_key', 'agentKey', 'text'],
    ['shown', 'shown', 'boolean'],
    ['address_shown', 'addressShown', 'boolean'],
    ['valuation_shown', 'valuationShown', 'boolean'],
    ['uses', 'uses', 'text[]'],
    ['system_name', 'systemName', 'text'],
    ['raw', 'raw', 'jsonb'],
    ['content_hash', 'hash', 'text'],
  ],
] as const;
const names = columns.map(([column]) => column);

/**
 * In the order of the keys, so that two that store the same listings wait for each other and never both for each other. Older never overwrites
 * newer, the same content changes nothing unless it comes back, what was found gone later than this was read stays gone, and the listing of
 * another market keeps its key.
 */
const STORE = `
insert into listings as l (location_id, market, listing_key, seen_at, ${names.join(', ')})
select $1, $2, given."listingKey", $4, ${columns.map(([, name]) => `given."${name}"`).join(', ')}
from jsonb_to_recordset($3::jsonb) as given ("listingKey" text, ${columns.map(([, name, type]) => `"${name}" ${type}`).join(', ')})
order by given."listingKey"
on conflict (location_id, listing_key) do update set market = excluded.market, seen_at = greatest(l.seen_at, excluded.seen_at), removed_at = null,
  ${names.map((column) => `${column} = excluded.${column}`).join(', ')}
where (l.market is null or l.market = excluded.market) and excluded.changed_at >= l.changed_at
  and (l.content_hash is distinct from excluded.content_hash or l.removed_at is not null)
  and (l.removed_at is null or l.removed_at < excluded.seen_at)
returning l.listing_key as key`;

/** Keys that stand for another market's listing: these are not the feed's to write. */
export async function foreignKeys(
  place: Asked,
  { locationId, market }: FeedRef,
  keys: readonly string[],
): Promise<readonly string[]> {
  if (keys.length === 0) return [];
  const rows = await ask<{ key: string }>(place, {
    name: 'market-listings-foreign',
    text: `select listing_key as key from listings where location_id = $1 and listing_key = any ($3::text[]) and market <> $2`,
    values: [locationId, market, keys],
  });
  return rows.map(({ key }) => key);
}

/** Takes listings away that the feed does not have, unless they were seen since it was asked; their rows stay. */
export async function removeListings(
  client: Client,
  { locationId, market }: FeedRef,
  page: Pick<FeedPage, 'at' | 'readAt' | 'absent'>,
  told: MarketRules | null,
): Promise<{ readonly changed: readonly string[]; readonly changes: readonly ListingChange[] }> {
  const gone = page.absent.filter(({ resource }) => resource === 'Property');
  if (gone.length === 0) return { changed: [], changes: [] };
  const rows = await ask<StoredListing>(client, {
    name: 'market-listings-remove',
    text: `update listings l set removed_at = $5
      from unnest($3::text[], $4::timestamptz[]) as gone (key, at)
      where l.location_id = $1 and l.listing_key = gone.key and l.market = $2 and l.removed_at is null
        and (gone.at is null or l.changed_at <= gone.at) and (l.seen_at is null or l.seen_at <= $5)
      returning ${MARKET_COLUMNS}`,
    values: [locationId, market, ...goneBy(gone), instant(page.readAt)],
  });
  return {
    changed: rows.map(({ listingKey }) => listingKey),
    changes: told === null ? [] : rows.flatMap((before) => told.removalOf(before, page.at)),
  };
}

/** Keys and, side by side, the instants up to which they hold; null: whatever is stored. */
export function goneBy(absent: readonly AbsentRecord[]): [string[], (string | null)[]] {
  return [absent.map(({ key }) => key), absent.map(({ at }) => (at === undefined ? null : instant(at)))];
}
