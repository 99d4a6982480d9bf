import { AppError } from '../../domain/errors.ts';
import type { LeadRow, LeadStore } from '../../domain/ports/leads.ts';
import { pageOf } from './ask.ts';
import { decodeCursor } from './cursor.ts';
import { type Wanted, wantedOf } from './leads-search.ts';
import {
  type Asked,
  foundAndSorted,
  foundInAll,
  ofAll,
  ofLocation,
  type Placed,
  SORTS,
  testedOneByOne,
} from './leads-statements.ts';
import type { Place } from './pool.ts';
import type { Tenants } from './tenants.ts';
import { clean } from './values.ts';

type Filter = Parameters<LeadStore['list']>[0];

/**
 * Page of leads, `activity` first unless asked otherwise; without a location, of all of them.
 * Throws BAD_CURSOR for a cursor of another query, BAD_QUERY for a sort that is not offered.
 */
export async function list(tenants: Tenants, filter: Filter): Promise<{ items: LeadRow[]; nextCursor: string | null }> {
  const sort = filter.sort ?? 'activity';
  if (!Object.hasOwn(SORTS, sort)) throw new AppError('BAD_QUERY', `sort is one of ${Object.keys(SORTS).join(', ')}`);
  const query = queryOf(filter);
  const asked: Asked = {
    sort,
    stage: filter.stage === undefined ? undefined : clean(filter.stage),
    tier: filter.tier === undefined ? undefined : clean(filter.tier),
    after: decodeCursor(query, filter.cursor, [SORTS[sort].kind, 'text', 'text']),
    // One more than is shown says whether there are more.
    limit: filter.limit + 1,
  };
  const rows = await rowsOf(tenants, filter, asked);
  const { items, nextCursor } = pageOf(query, rows, filter.limit, (row) => [row.place, row.contactId, row.locationId]);
  return { items: items.map(shown), nextCursor };
}

/** All that a cursor belongs to. */
function queryOf({ sort = 'activity', locationId, stage, tier, q, tags, fields }: Filter): unknown {
  return ['leads', sort, locationId ?? null, stage ?? null, tier ?? null, q ?? null, tags ?? [], fields ?? []];
}

async function rowsOf(tenants: Tenants, filter: Filter, asked: Asked): Promise<Placed[]> {
  const wanted = wantedOf(filter);
  if (wanted === 'nothing') return [];
  if (filter.locationId === undefined) {
    const statement = wanted === null ? ofAll(asked) : foundInAll(asked, wanted);
    return (await tenants.house.query<Placed>(statement)).rows;
  }
  const locationId = clean(filter.locationId);
  const place = tenants.at(locationId);
  if (wanted !== null) return search(place, locationId, asked, wanted);
  return (await place.query<Placed>(ofLocation(locationId, asked))).rows;
}

/** Finds that are put in order; more of them, and a search is for something common. */
const RARE = 6000;
/** More leads than any location has. */
const ALL = 10_000_000;

/**
 * What is common is met soon among the first leads of the order, what is rare is little in the index; the other way round each would
 * be slow, and nobody knows beforehand which a word is. So a few leads are tested, then the index is asked for a few, then more leads
 * are tested. What is common and yet not among them is found and put in order whole: that takes as long as there are finds.
 * Several words together are rare.
 */
async function search(place: Place, locationId: string, asked: Asked, wanted: Wanted): Promise<Placed[]> {
  const tested = async (budget: number): Promise<Placed[] | undefined> => {
    const { rows } = await place.query<Placed>(testedOneByOne(locationId, asked, wanted, budget));
    return rows.length === asked.limit ? rows : undefined;
  };
  const found = (most: number) => sorted(place, locationId, asked, wanted, most);
  const words = wanted.patterns?.length ?? 0;
  // Words stand in the lead's own row; for tags and fields another row is read, which costs four times as much.
  const first = words > 1 ? undefined : await tested(words === 0 ? 250 : 1000);
  return first ?? (await found(RARE)) ?? (await tested(5000)) ?? (await found(ALL)) ?? [];
}

/** All finds in order; undefined when there are `most` of them or more. */
async function sorted(
  place: Place,
  locationId: string,
  asked: Asked,
  wanted: Wanted,
  most: number,
): Promise<Placed[] | undefined> {
  type Row = (Placed | { readonly locationId: null }) & { readonly many: number };
  const { rows } = await place.query<Row>(foundAndSorted(locationId, asked, wanted, most));
  if (rows.some(({ many }) => many >= most)) return undefined;
  return rows.filter((row): row is Placed & { readonly many: number } => row.locationId !== null);
}

function shown({
  locationId,
  contactId,
  name,
  stage,
  tier,
  score,
  confidence,
  state,
  next,
  lastActivityAt,
}: Placed): LeadRow {
  return { locationId, contactId, name, stage, tier, score, confidence, state, next, lastActivityAt };
}
