import { isDeepStrictEqual } from 'node:util';
import { type Expected, expectedListing, expectedRecord, type Raw } from './market-expected.ts';

/** One statement against the product's database, as its owner. */
export type Sql = <Row extends object>(text: string, values?: readonly unknown[]) => Promise<Row[]>;

export interface CheckedFeed {
  readonly locationId: string;
  readonly market: string;
}

/** What differs between a feed and its copy. Keys and names of columns only; all empty: the copy is right, and tells what it left out. */
export interface Difference {
  /** Of the feed, and not here. */
  readonly lost: readonly string[];
  /** Here, and not of the feed. */
  readonly ghosts: readonly string[];
  /** Here with other content: `key column`. */
  readonly stale: readonly string[];
  /** Could not be taken in, as a whole or in a field, and no open dead letter says so. */
  readonly untold: readonly string[];
  /** Records that the feed has, and that were neither stored nor counted as dead by any page. */
  readonly uncounted: readonly string[];
}

export interface Checked extends Difference {
  readonly inFeed: number;
  readonly kept: number;
  /** Records of the feed that cannot be taken in. */
  readonly dead: number;
  /** Open dead letters, of records and of fields. */
  readonly letters: number;
}

const RESOURCES = ['Property', 'Office', 'Member', 'Media', 'OpenHouse'] as const;
type Resource = (typeof RESOURCES)[number];

interface CheckOptions {
  /** Of the stand-in. */
  readonly feedUrl: string;
  readonly sql: Sql;
  readonly feed: CheckedFeed;
  /** Columns of listings that keep what they had, because the shape of their field changed. */
  readonly frozen?: readonly string[];
  readonly resources?: readonly Resource[];
}

/**
 * Holds the copy of a feed against the feed itself, as the stand-in's control plane has it: each record with every column and with its whole
 * content. It shares no code with the product. What cannot be taken in must have an open dead letter, and a page that counted it.
 */
export async function checkMarket(options: CheckOptions): Promise<Checked> {
  const parts: Checked[] = [];
  for (const resource of options.resources ?? RESOURCES) parts.push(await checkResource(options, resource));
  const all = (name: keyof Difference) => parts.flatMap((part) => part[name]);
  const sum = (name: 'inFeed' | 'kept' | 'dead' | 'letters') => parts.reduce((total, part) => total + part[name], 0);
  return {
    ...{ lost: all('lost'), ghosts: all('ghosts'), stale: all('stale'), untold: all('untold') },
    ...{ uncounted: all('uncounted'), inFeed: sum('inFeed'), kept: sum('kept') },
    ...{ dead: sum('dead'), letters: sum('letters') },
  };
}

/** Nothing of it differs. */
export const noDifference: Difference = { lost: [], ghosts: [], stale: [], untold: [], uncounted: [] };

/** The same without its counts, to be compared with `noDifference`. */
export function differenceOf({ lost, ghosts, stale, untold, uncounted }: Checked): Difference {
  return { lost, ghosts, stale, untold, uncounted };
}

type Stored = { readonly key: string; readonly raw: Raw } & Readonly<Record<string, unknown>>;

async function checkResource(options: CheckOptions, resource: Resource): Promise<Checked> {
  const { feed, sql, frozen = [] } = options;
  const found = { lost: [] as string[], stale: [] as string[], untold: [] as string[] };
  const known = new Set<string>();
  const letters = await lettersOf(sql, feed, resource);
  const told = { keyless: letters.filter(({ reason }) => reason === 'no-key').length };
  let [inFeed, kept, dead] = [0, 0, 0];
  for await (const page of truthPages(options.feedUrl, resource)) {
    inFeed += page.length;
    const nowMs = Date.now();
    const wanted = page.map((raw) => ({ raw, is: expectedOf(resource, raw, nowMs) }));
    const keys = wanted.flatMap(({ raw, is }) => (is.kind === 'kept' ? [keyOf(resource, raw)] : []));
    const stored = new Map((await rowsOf(sql, feed, resource, keys)).map((row) => [row.key, row]));
    for (const { raw, is } of wanted) {
      if (is.kind === 'gone') continue;
      if (is.kind === 'dead') {
        dead += 1;
        // What was stored before stays until something better comes.
        if (is.key === null) told.keyless -= 1;
        else known.add(is.key);
        const isTold = is.key === null ? told.keyless >= 0 : letters.some(({ key }) => key === is.key);
        if (!isTold) found.untold.push(`${resource} ${is.key ?? 'without a key'}`);
        continue;
      }
      const key = keyOf(resource, raw);
      known.add(key);
      const row = stored.get(key);
      if (row === undefined) found.lost.push(`${resource} ${key}`);
      else {
        kept += 1;
        found.stale.push(...differing(row, raw, is.columns, frozen).map((column) => `${resource} ${key} ${column}`));
      }
      for (const field of is.unreadable) {
        const isTold = letters.some((letter) => letter.key === key && letter.field === field);
        if (!isTold) found.untold.push(`${resource} ${key} ${field}`);
      }
    }
  }
  const ghosts = (await keysOf(sql, feed, resource)).filter((key) => !known.has(key));
  const counted = await countedOf(sql, feed, resource);
  const uncounted = counted >= inFeed ? [] : [`${resource}: ${inFeed} in the feed, ${counted} counted`];
  return {
    ...found,
    ghosts: ghosts.map((key) => `${resource} ${key}`),
    ...{ uncounted, inFeed, kept, dead, letters: letters.length },
  };
}

function expectedOf(resource: Resource, raw: Raw, nowMs: number): Expected {
  return resource === 'Property' ? expectedListing(raw, nowMs) : expectedRecord(resource, raw, nowMs);
}

function keyOf(resource: Resource, raw: Raw): string {
  return String(raw[resource === 'Property' ? 'ListingKey' : `${resource}Key`]);
}

/** Columns that are not as they ought to be; `raw` stands for the whole content. */
function differing(
  row: Stored,
  raw: Raw,
  columns: Readonly<Record<string, unknown>>,
  frozen: readonly string[],
): string[] {
  const wrong = Object.entries(columns).flatMap(([column, wanted]) => {
    if (frozen.includes(column)) return [];
    const is = row[column];
    const value = is instanceof Date ? is.toISOString() : is;
    return isDeepStrictEqual(value, wanted) ? [] : [column];
  });
  return isDeepStrictEqual(content(row.raw), content(raw)) ? wrong : [...wrong, 'raw'];
}

/** What a record says, without the notes of the protocol. */
function content(raw: Raw): unknown {
  return JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(raw).filter(([name]) => !name.includes('@')))));
}

/** Every record of the feed as it shows it now, page by page. */
async function* truthPages(feedUrl: string, resource: Resource): AsyncGenerator<readonly Raw[]> {
  for (let after: string | null = ''; after !== null;) {
    const url = `${feedUrl}/_sandbox/truth?resource=${resource}&limit=1000&after=${encodeURIComponent(after)}`;
    const response = await fetch(url);
    if (!response.ok) throw new Error(`the stand-in answered ${response.status}: ${await response.text()}`);
    const page = (await response.json()) as { records: { record: Raw; hidden?: true }[]; next: string | null };
    yield page.records.map(({ record, hidden }) => (hidden === true ? { ...record, MlgCanView: false } : record));
    after = page.next;
  }
}

const LISTING = `status, property_type, subtype, price::text, original_price::text, close_price::text, city, county, state, postal_code, address,
  remarks, bedrooms, bathrooms::float8, living_sqft, lot_sqft::float8, year_built, latitude, longitude, closed_on::text, listing_id, office_key,
  office_name, agent_key, system_name, shown, address_shown, valuation_shown, listed_at, changed_at, raw`;

async function rowsOf(
  sql: Sql,
  { locationId, market }: CheckedFeed,
  resource: Resource,
  keys: readonly string[],
): Promise<Stored[]> {
  if (resource === 'Property') {
    return sql<Stored>(
      `select listing_key as key, ${LISTING} from listings
       where location_id = $1 and market = $2 and removed_at is null and listing_key = any ($3::text[])`,
      [locationId, market, keys],
    );
  }
  return sql<Stored>(
    `select record_key as key, listing_key, modified_at, status, starts_at, ends_at, raw from market_records
     where location_id = $1 and market = $2 and resource = $4 and removed_at is null and record_key = any ($3::text[])`,
    [locationId, market, keys, resource],
  );
}

async function keysOf(sql: Sql, { locationId, market }: CheckedFeed, resource: Resource): Promise<string[]> {
  const rows = await sql<{ key: string }>(
    resource === 'Property'
      ? `select listing_key as key from listings where location_id = $1 and market = $2 and removed_at is null and $3 <> ''`
      : `select record_key as key from market_records
         where location_id = $1 and market = $2 and removed_at is null and resource = $3`,
    [locationId, market, resource],
  );
  return rows.map(({ key }) => key);
}

interface Letter {
  readonly key: string;
  readonly reason: string;
  readonly field: string;
}

function lettersOf(sql: Sql, { locationId, market }: CheckedFeed, resource: Resource): Promise<Letter[]> {
  return sql<Letter>(
    `select record_key as key, reason, field from market_dead_letters
     where location_id = $1 and market = $2 and resource = $3 and resolved_at is null`,
    [locationId, market, resource],
  );
}

/** Records that pages have counted, those that were dead included. */
async function countedOf(sql: Sql, { locationId, market }: CheckedFeed, resource: Resource): Promise<number> {
  const [row] = await sql<{ n: number }>(
    `select coalesce(sum(records + dead), 0)::int as n from market_pages where location_id = $1 and market = $2 and resource = $3`,
    [locationId, market, resource],
  );
  return row!.n;
}
