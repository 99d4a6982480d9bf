import { AppError } from '../domain/errors.ts';
import type { Iso } from '../domain/glossary.ts';
import { doubtOf, isDoubtful, lostBy } from '../domain/market/doubt.ts';
import { frozenFields } from '../domain/market/drift.ts';
import { feedName, type FeedRef, type FeedResource, feedResources, type RawRecord } from '../domain/market/feed.ts';
import type { FeedPage, FeedState } from '../domain/ports/market-store.ts';
import { isoNow } from './deps.ts';
import type { MarketDeps } from './market-deps.ts';
import { ifGranted } from './market-granted.ts';
import { joined, keyOf, type RawPage, readRows, type Rows, type RowsAhead } from './market-rows.ts';
import { frozenNow } from './market-shape.ts';

/** What a look has not confirmed is believed for so long, so that a feed that leaves out what is empty is not looked at with every page. */
const BELIEVED_MS = 3_600_000;

/** Rows, and when the feed was about to be asked for them. */
export type ReadRows = Rows & Pick<FeedPage, 'readAt'>;

/** Records by their keys, each read once; keys that the feed does not have are to be taken away. Errors: NotGranted, and those of the feed. */
export async function readKeys(
  deps: MarketDeps,
  feed: FeedRef,
  state: FeedState,
  wanted: readonly { readonly resource: FeedResource; readonly key: string }[],
): Promise<ReadRows> {
  const readAt = isoNow(deps);
  const parts: Rows[] = [];
  for (const resource of feedResources) {
    const keys = [...new Set(wanted.filter((one) => one.resource === resource).map(({ key }) => key))];
    if (keys.length === 0) continue;
    const records = await ifGranted(deps, feed, resource, () => recordsOf(deps, feed, resource, keys));
    const found = new Set(records.map((raw) => keyOf(resource, raw)));
    const removed = keys.filter((key) => !found.has(key));
    parts.push(await readPage(deps, feed, state, { resource, records, removed }, isoNow(deps)));
  }
  return { ...joined(parts), readAt };
}

/** A resource that is withdrawn is answered as its records are that are gone. Where none is found it is asked which of both it is. */
async function recordsOf(
  { source }: MarketDeps,
  feed: FeedRef,
  resource: FeedResource,
  keys: readonly string[],
): Promise<readonly RawRecord[]> {
  const records = await source.recordsByKey(feed, resource, keys);
  if (records.length > 0 || resource === 'Property' || (await source.grants(feed, resource))) return records;
  throw new AppError(
    'FEED_BAD_REQUEST',
    `${resource}: expected a resource that the account may read; it has none of that name`,
  );
}

/**
 * The rows of a page. A field that changed since the feed's shape was looked at would be stored as unknown, and frozen so: where a page would
 * write over what is stored, and holds a field in another shape than is known, the shape is looked at before the page is stored.
 * Where that cannot be done for long, the page is stored without these fields. A first load has nothing to lose.
 */
export async function readPage(
  deps: MarketDeps,
  feed: FeedRef,
  state: FeedState,
  page: RawPage,
  at: Iso,
): Promise<Rows> {
  const rows = await readRows(deps, feed, state, page, at);
  if (page.resource !== 'Property' || state.phase === 'initial') return rows;
  const lost = (await lostFields(deps, feed, state, rows)).filter((field) => !isBelieved(deps, feed, field));
  if (lost.length === 0) return rows;
  deps.log.info({ ...feed, fields: lost }, 'a page of a feed is not of its known shape; it is looked at');
  const { frozen, looked } = await frozenNow(deps, feed, state, lost);
  if (!looked) return unsure(await readRows(deps, feed, { frozen }, page, at));
  const changed = frozenFields(frozen, 'Property');
  const until = deps.now().getTime() + BELIEVED_MS;
  for (const field of lost) if (!changed.has(field)) deps.believed.set(nameOf(feed, field), until);
  return readRows(deps, feed, { frozen }, page, at);
}

/**
 * For a page that comes while the one before it is stored: its rows, which `readPageAhead` takes. In a first load alone: later on
 * a page may be held against what is stored. Undefined: it is read when its turn comes.
 */
export function rowsAhead(
  deps: MarketDeps,
  feed: FeedRef,
  { phase, frozen }: FeedState,
  resource: FeedResource,
): ((page: Omit<RawPage, 'resource'>) => Promise<RowsAhead>) | undefined {
  if (phase !== 'initial') return undefined;
  return async (page) => ({
    frozen,
    rows: await readRows(deps, feed, { frozen }, { ...page, resource }, isoNow(deps)),
  });
}

/** As `readPage`. Rows that were made ahead hold where the feed is as it was then. */
export function readPageAhead(
  deps: MarketDeps,
  feed: FeedRef,
  state: FeedState,
  page: RawPage & { readonly made: RowsAhead | undefined },
  at: Iso,
): Promise<Rows> {
  const { made } = page;
  const holds = state.phase === 'initial' && JSON.stringify(made?.frozen) === JSON.stringify(state.frozen);
  return made !== undefined && holds ? Promise.resolve(made.rows) : readPage(deps, feed, state, page, at);
}

/** What was stored without its fields in doubt is of no known content: it is stored anew when it next comes. */
function unsure({ listings, ...rest }: Rows): Rows {
  return { ...rest, listings: listings.map((row) => ({ ...row, hash: `in doubt: ${row.hash}` })) };
}

async function lostFields(deps: MarketDeps, feed: FeedRef, state: FeedState, rows: Rows): Promise<readonly string[]> {
  const page = [
    ...rows.listings,
    ...rows.dead
      .filter(({ reason }) => reason === 'unknown-status')
      .map(({ raw }) => ({ raw, listing: null, problems: [] })),
  ];
  const doubt = doubtOf(state.metadata?.resources['Property'] ?? {}, frozenFields(state.frozen, 'Property'), page);
  if (page.length === 0 || !isDoubtful(doubt)) return [];
  const keyed = (raw: (typeof page)[number]['raw']) => keyOf('Property', raw);
  const stored = await deps.store.listings(
    feed,
    page.flatMap(({ raw }) => keyed(raw) ?? []),
  );
  return lostBy(doubt, page, new Map(stored.map((listing) => [listing.listingKey, listing])), keyed);
}

function isBelieved({ believed, now }: MarketDeps, feed: FeedRef, field: string): boolean {
  return (believed.get(nameOf(feed, field)) ?? 0) > now().getTime();
}

const nameOf = (feed: FeedRef, field: string): string => `${feedName(feed)} ${field}`;
