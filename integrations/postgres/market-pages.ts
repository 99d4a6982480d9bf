import type { FeedRef, FeedResource } from '../../domain/market/feed.ts';
import { feedResources } from '../../domain/market/feed.ts';
import type { ListingChange } from '../../domain/market/listing.ts';
import type {
  DeadLetter,
  FeedPage,
  FeedState,
  ListingRow,
  MarketRules,
  PageStored,
  RecordRow,
} from '../../domain/ports/market-store.ts';
import { type Asked, ask, tell } from './ask.ts';
import { addDeadLetters, markUnread, type ReadWell, resolveDeadLetters } from './market-dead-letters.ts';
import { WELL } from './market-feeds.ts';
import { foreignKeys, removeListings, storeListings } from './market-listings.ts';
import { removeRecords, storeRecords } from './market-records.ts';
import { type Client, type Place, transaction } from './pool.ts';
import { instant, toJsonb } from './values.ts';

/** What a page did to one resource. */
interface Done {
  readonly resource: string;
  readonly records: number;
  readonly changed: number;
  readonly dead: readonly DeadLetter[];
  readonly well: readonly ReadWell[];
  readonly changes: readonly ListingChange[];
}

/** The page, whole or not at all. Pages of one feed come one after another: each holds the feed's row until it is committed. */
export async function commit(
  place: Place,
  feed: FeedRef,
  page: FeedPage,
  rules: MarketRules,
): Promise<PageStored | null> {
  return transaction(place, async (client) => {
    const held = await holdFeed(client, feed);
    if (held === undefined || (page.cursor !== undefined && page.cursor.version !== held.version)) return null;
    const told = held.phase === 'live' ? rules : null;
    const done = [await listingsOf(client, feed, page, told)];
    for (const resource of feedResources) {
      if (resource !== 'Property') done.push(await recordsOf(client, feed, page, resource, told));
    }
    done.push(...strays(page));
    const seen = done.filter(({ records, dead }) => records + dead.length > 0);
    const dead = seen.flatMap((one) => one.dead);
    const well = seen.flatMap((one) => one.well);
    const [, , , news] = await Promise.all([
      addDeadLetters(client, feed, page.at, [...dead, ...problemsOf(page)]),
      resolveDeadLetters(client, feed, page.at, [...well, ...absentOf(page)]),
      markUnread(client, feed, page.readAt, dead, well),
      addChanges(
        client,
        feed,
        newsTold(
          page,
          held.liveSince,
          seen.flatMap(({ changes }) => changes),
        ),
      ),
      addPages(client, feed, page, seen),
      move(client, feed, page),
      workPush(client, feed, page),
    ]);
    const sum = (what: 'records' | 'changed') => seen.reduce((total, one) => total + one[what], 0);
    return { records: sum('records'), changed: sum('changed'), dead: dead.length, news };
  });
}

/** The feed's row while a page is stored. */
type Held = Pick<FeedState, 'phase' | 'version'> & { readonly liveSince: string | null };

/** A backfill that comes upon a change before the poll does stores it: what happened since changes are news is told by whoever is first. */
function newsTold({ why }: FeedPage, liveSince: string | null, changes: readonly ListingChange[]) {
  if (why !== 'backfill') return changes;
  return liveSince === null ? [] : changes.filter(({ at }) => instant(at) >= instant(liveSince));
}

async function holdFeed(client: Client, { locationId, market, provider }: FeedRef): Promise<Held | undefined> {
  const rows = await ask<Held>(client, {
    name: 'market-feed-hold',
    text: `select phase, cursor_version as version, live_since as "liveSince" from market_feeds
      where location_id = $1 and market = $2 and provider = $3 for update`,
    values: [locationId, market, provider],
  });
  return rows[0];
}

async function listingsOf(client: Client, feed: FeedRef, page: FeedPage, told: MarketRules | null): Promise<Done> {
  const resource = 'Property';
  const foreign = new Set(
    await foreignKeys(
      client,
      feed,
      page.listings.map(({ listing }) => listing.listingKey),
    ),
  );
  const ours = page.listings.filter(({ listing }) => !foreign.has(listing.listingKey));
  const others = page.listings.filter(({ listing }) => foreign.has(listing.listingKey));
  const stored = await storeListings(client, feed, { at: page.at, readAt: page.readAt, listings: ours }, told);
  const removed = await removeListings(client, feed, page, told);
  const keyOf = ({ listing }: ListingRow): string => listing.listingKey;
  const refused = new Set(stored.refused.map(keyOf));
  return {
    resource,
    records: page.listings.length + page.absent.filter((one) => one.resource === resource).length,
    changed: stored.changed.length + removed.changed.length,
    dead: [
      ...page.dead.filter((letter) => letter.resource === resource),
      ...stored.refused.map((row) => refusedLetter(resource, keyOf(row), row)),
      ...others.map((row) => foreignLetter(keyOf(row), row)),
    ],
    well: ours.filter((row) => !refused.has(keyOf(row))).map((row) => wellOf(resource, keyOf(row), row)),
    changes: [...stored.changes, ...removed.changes],
  };
}

async function recordsOf(
  client: Client,
  feed: FeedRef,
  page: FeedPage,
  resource: Exclude<FeedResource, 'Property'>,
  told: MarketRules | null,
): Promise<Done> {
  const records = page.records.filter(({ record }) => record.resource === resource);
  const absent = page.absent.filter((one) => one.resource === resource);
  const stored = await storeRecords(client, feed, { at: page.at, readAt: page.readAt, resource, records }, told);
  const removed = await removeRecords(client, feed, { at: page.at, readAt: page.readAt, resource, absent }, told);
  const keyOf = ({ record }: RecordRow): string => record.key;
  const refused = new Set(stored.refused.map(keyOf));
  return {
    resource,
    records: records.length + absent.length,
    changed: stored.changed.length + removed.changed.length,
    dead: [
      ...page.dead.filter((letter) => letter.resource === resource),
      ...stored.refused.map((row) => refusedLetter(resource, keyOf(row), row)),
    ],
    well: records.filter((row) => !refused.has(keyOf(row))).map((row) => wellOf(resource, keyOf(row), row)),
    changes: [...stored.changes, ...removed.changes],
  };
}

/** Letters of what is no resource: events of the journal. */
function strays({ dead }: FeedPage): readonly Done[] {
  const known: readonly string[] = feedResources;
  const others = dead.filter(({ resource }) => !known.includes(resource));
  return [...new Set(others.map(({ resource }) => resource))].map((resource) => ({
    ...{ resource, records: 0, changed: 0, well: [], changes: [] },
    dead: others.filter((letter) => letter.resource === resource),
  }));
}

type AnyRow = ListingRow | RecordRow;

const wellOf = (resource: string, key: string, { problems }: AnyRow): ReadWell => ({ resource, key, problems });

function refusedLetter(resource: string, key: string, { raw }: AnyRow): DeadLetter {
  const detail = 'expected values that the columns of its table can hold, got one that the database refused';
  return { resource, key, raw, reason: 'refused', field: null, detail };
}

function foreignLetter(key: string, { raw }: ListingRow): DeadLetter {
  const detail = 'expected a key of its own, got one that a listing of another market of this location has';
  return { resource: 'Property', key, raw, reason: 'key-of-another-market', field: null, detail };
}

/** A field that could not be read is told of like a record that could not. */
function problemsOf({ listings, records }: FeedPage): DeadLetter[] {
  const letter = (resource: string, key: string, { raw, problems }: AnyRow): DeadLetter[] =>
    problems.map((problem) => ({ ...problem, resource, key, raw }));
  return [
    ...listings.flatMap((row) => letter('Property', row.listing.listingKey, row)),
    ...records.flatMap((row) => letter(row.record.resource, row.record.key, row)),
  ];
}

const absentOf = ({ absent }: FeedPage): ReadWell[] =>
  absent.map(({ resource, key }) => ({ resource, key, problems: [] }));

/** A change has one name: told again it is the same. @returns how many were new */
async function addChanges(place: Asked, feed: FeedRef, changes: readonly ListingChange[]): Promise<number> {
  if (changes.length === 0) return 0;
  return tell(place, {
    name: 'market-changes-add',
    text: `insert into listing_events (location_id, market, listing_key, at, kind, price_before, price_after, starts_at, change)
      select $1, $2, "listingKey", at, kind, "priceBefore", "priceAfter", "startsAt", change
      from jsonb_to_recordset($3::jsonb) as given ("listingKey" text, at timestamptz(3), kind text, "priceBefore" numeric(14, 2),
        "priceAfter" numeric(14, 2), "startsAt" timestamptz(3), change text)
      on conflict (location_id, listing_key, change) where change is not null do nothing`,
    values: [feed.locationId, feed.market, toJsonb(changes)],
  });
}

async function addPages(place: Asked, feed: FeedRef, { at, why }: FeedPage, done: readonly Done[]): Promise<void> {
  if (done.length === 0) return;
  const rows = done.map(({ resource, records, changed, dead }) => ({ resource, records, changed, dead: dead.length }));
  await tell(place, {
    name: 'market-pages-add',
    text: `insert into market_pages (location_id, market, at, why, resource, records, changed, dead)
      select $1, $2, $3, $4, resource, records, changed, dead
      from jsonb_to_recordset($5::jsonb) as page (resource text, records integer, changed integer, dead integer)`,
    values: [feed.locationId, feed.market, instant(at), why, toJsonb(rows)],
  });
}

async function move(place: Asked, feed: FeedRef, page: FeedPage): Promise<void> {
  const { at, cursor, quota } = page;
  await tell(place, {
    name: 'market-feed-move',
    text: `update market_feeds set page_at = $3, ${WELL}, quota = coalesce($4, quota),
        newest_at = greatest(newest_at, $5), cursor = coalesce($6, cursor),
        cursor_version = cursor_version + case when $6::jsonb is null then 0 else 1 end
      where location_id = $1 and market = $2`,
    values: [...[feed.locationId, feed.market, instant(at), toJsonb(quota), newestOf(page)], toJsonb(cursor?.to)],
  });
}

function newestOf({ listings, records }: FeedPage): string | null {
  let newest: string | null = null;
  for (const { listing } of listings) newest = later(newest, instant(listing.changedAt));
  for (const { record } of records) newest = later(newest, instant(record.changedAt));
  return newest;
}

const later = (one: string | null, other: string): string => (one === null || other > one ? other : one);

async function workPush(place: Asked, { locationId, market }: FeedRef, { at, pushed }: FeedPage): Promise<void> {
  if (pushed === undefined || pushed.length === 0) return;
  await tell(place, {
    name: 'market-push-work',
    text: `update market_push set worked_at = $3 where location_id = $1 and market = $2 and push_id = any ($4::bigint[])`,
    values: [locationId, market, instant(at), pushed],
  });
}
