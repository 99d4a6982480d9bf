import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LeadRow, LeadStore } from '../../domain/ports/leads.ts';
import { list } from '../../integrations/postgres/leads-list.ts';
import type { Place } from '../../integrations/postgres/pool.ts';
import type { Tenants } from '../../integrations/postgres/tenants.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';

type Filter = Parameters<LeadStore['list']>[0];

let db: TestDatabase;
/** All leads of the database, as the test itself reads them. */
let all: Known[];

interface Known {
  readonly locationId: string;
  readonly contactId: string;
  readonly stage: string;
  readonly tier: string | null;
  readonly score: number | null;
  readonly activity: number;
  readonly newest: number;
  readonly words: readonly string[];
  readonly tags: readonly string[];
  readonly fields: Readonly<Record<string, unknown>>;
}

const BIG = 'big';
const LEADS = 9500;

/**
 * 9,500 leads of one location and some of three others, with ties in every order. `Rare` is borne by every 500th, `Common` by every
 * third, and `Late` by those that come last in every order, so that a search must go all its ways.
 */
const SEEDED = `
insert into leads (location_id, contact_id, state_since, stage, tier, score, confidence, last_activity_at, created_at, snapshot, snapshot_at)
select place, 'c' || lpad(g::text, 5, '0'), now(),
  (array['new', 'engaged', 'qualifying', 'qualified', 'opted-out', 'gone'])[1 + g % 7 % 6],
  (array['hot', 'warm', 'cold', null])[1 + g % 11 % 4], nullif((g % 101)::double precision, 13), 0.5,
  timestamptz '2026-03-01' - g / 3 * interval '1 minute', timestamptz '2026-02-01' - g / 4 * interval '1 hour',
  jsonb_build_object(
    'firstName', case when g % 3 = 0 then 'Anna' else 'Bo' end, 'lastName', case when g % 500 = 0 then 'Rarité' else 'O''Common' end,
    'email', 'person' || g || '@example.com', 'phone', '+1512555' || lpad(g::text, 4, '0'),
    'tags', array_remove(array['Website', case when g > most * 0.6 then 'Late' end, case when g % 700 = 0 then 'VIP' end], null),
    'customFields', jsonb_build_object('source', case when g % 2 = 0 then 'open house' else 'zillow' end,
      'bedrooms', case when g % 4 = 0 then to_jsonb(g % 5) else to_jsonb((g % 5)::text) end, 'ready', g % 900 = 0)), now()
from (values ('${BIG}', ${LEADS}), ('small', 40), ('other', 7)) as p (place, most), generate_series(1, most) as g`;

beforeAll(async () => {
  db = await createTestDatabase();
  await db.pool.query(
    `insert into locations (location_id, name, settings, workflow_secret_hash)
      select place, place, '{}', place from unnest(array['${BIG}', 'small', 'other', 'empty']) as place`,
  );
  await db.pool.query(SEEDED);
  await db.pool.query('analyze leads, lead_search');
  const { rows } = await db.pool.query<Known & { last_activity_at: string; created_at: string; name: string }>(
    `select location_id as "locationId", contact_id as "contactId", stage, tier, score, last_activity_at, created_at,
      array[lower(name), email, substr(phone, 2)] as words,
      array(select lower(tag) from jsonb_array_elements_text(snapshot -> 'tags') as tag) as tags, snapshot -> 'customFields' as fields
      from leads`,
  );
  all = rows.map((row) => ({
    ...row,
    activity: Date.parse(row.last_activity_at),
    newest: Date.parse(row.created_at),
  }));
});
afterAll(() => db.drop());

/** What the list must say, worked out by looking at every lead. */
function expected(filter: Filter): string[] {
  const { sort = 'activity', locationId, stage, tier, q = '', tags = [], fields = [] } = filter;
  const keyOf = (lead: Known): number => (sort === 'score' ? (lead.score ?? -1) : lead[sort]);
  const words = q.toLowerCase().split(' ').filter(Boolean);
  return all
    .filter((lead) => locationId === undefined || lead.locationId === locationId)
    .filter((lead) => (stage === undefined || lead.stage === stage) && (tier === undefined || lead.tier === tier))
    .filter((lead) => words.every((word) => lead.words.some((own) => own.includes(word))))
    .filter((lead) => tags.every((tag) => lead.tags.includes(tag.toLowerCase())))
    .filter((lead) => fields.every(({ id, value }) => String(lead.fields[id]) === value))
    .sort((a, b) => keyOf(b) - keyOf(a) || order(b.contactId, a.contactId) || order(b.locationId, a.locationId))
    .map(idOf);
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const idOf = ({ locationId, contactId }: { locationId: string; contactId: string }): string =>
  `${locationId}/${contactId}`;

/** So many pages, by their cursors; `ended` when there was no next one. */
async function pages(filter: Filter, most: number): Promise<{ ids: string[]; ended: boolean }> {
  const ids: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < most; page += 1) {
    const { items, nextCursor } = await list(db.tenants, { ...filter, ...(cursor === undefined ? {} : { cursor }) });
    ids.push(...items.map(idOf));
    if (nextCursor === null) return { ids, ended: true };
    cursor = nextCursor;
  }
  return { ids, ended: false };
}

const sorts = ['activity', 'newest', 'score'] as const;
const filters: Partial<Filter>[] = [{}, { stage: 'qualified' }, { tier: 'warm' }, { stage: 'gone', tier: 'hot' }];
const searches: Partial<Filter>[] = [
  { q: 'rarité' },
  { q: 'anna' },
  { q: "anna o'common" },
  { q: 'bo' },
  { q: 'person77@example.com' },
  { q: 'nobody' },
  { tags: ['website'] },
  { tags: ['LATE'] },
  { tags: ['vip', 'late'] },
  { fields: [{ id: 'source', value: 'open house' }] },
  { fields: [{ id: 'bedrooms', value: '3' }] },
  {
    fields: [
      { id: 'bedrooms', value: '0' },
      { id: 'ready', value: 'true' },
    ],
  },
  { q: 'anna', tags: ['late'], fields: [{ id: 'source', value: 'zillow' }] },
];

describe('a page of leads', () => {
  const cases = sorts.flatMap((sort) => filters.map((filter) => ({ sort, ...filter })));

  it.each(cases)('is the next of its order and of no other: %j', async (filter) => {
    for (const locationId of ['small', 'empty']) {
      const whole = await pages({ ...filter, locationId, limit: 3 }, 100);
      expect(whole).toEqual({ ids: expected({ ...filter, locationId, limit: 3 }), ended: true });
    }
    const begun = await pages({ ...filter, locationId: BIG, limit: 60 }, 5);
    expect(begun.ids).toEqual(expected({ ...filter, locationId: BIG, limit: 60 }).slice(0, begun.ids.length));
    const everywhere = await pages({ ...filter, limit: 45 }, 4);
    expect(everywhere.ids).toEqual(expected({ ...filter, limit: 45 }).slice(0, everywhere.ids.length));
  });

  it('has the same leads however they are found: rare, common, or common and yet none of the first', async () => {
    for (const search of searches) {
      for (const [at, sort] of sorts.entries()) {
        const filter = { ...search, ...filters[at], sort, limit: 40 };
        for (const locationId of [BIG, 'small', undefined]) {
          const asked = { ...filter, ...(locationId === undefined ? {} : { locationId }) };
          const { ids, ended } = await pages(asked, 3);
          const wanted = expected(asked);
          expect({ asked, ids }).toEqual({ asked, ids: wanted.slice(0, 120) });
          expect({ asked, ended }).toEqual({ asked, ended: wanted.length <= 120 });
        }
      }
    }
  });
});

describe('a search', () => {
  const found = async (filter: Partial<Filter>): Promise<number> =>
    (await list(db.tenants, { locationId: 'small', limit: 200, ...filter })).items.length;

  it('finds a number however it is typed', async () => {
    for (const q of ['(512) 555-0007', '512.555.0007', '+1 512 555 0007', '001 512 5550007', '5550007']) {
      expect([q, await found({ q })]).toEqual([q, 1]);
    }
  });

  it('finds short words at the beginning of a word only, longer ones anywhere', async () => {
    expect([await found({ q: 'an' }), await found({ q: 'nn' }), await found({ q: 'nna' })]).toEqual([13, 0, 13]);
  });

  it('takes no sign for more than itself, and finds nothing by signs alone', async () => {
    for (const q of ['%', '_', '%%%', 'an%a', 'a_na', 'person_7', '\\', "'", '☃'])
      expect([q, await found({ q })]).toEqual([q, 0]);
  });

  it('finds no lead by two values of one field', async () => {
    const fields = ['zillow', 'open house'].map((value) => ({ id: 'source', value }));
    expect(await found({ fields })).toBe(0);
    expect(await found({ fields: [fields[0]!, fields[0]!] })).toBe(20);
  });
});

describe('a cursor', () => {
  it('is refused by a query with other tags or fields', async () => {
    const asked = { locationId: 'small', tags: ['website'], fields: [{ id: 'source', value: 'zillow' }], limit: 2 };
    const { nextCursor: cursor } = await list(db.tenants, asked);
    expect((await list(db.tenants, { ...asked, cursor: cursor! })).items).toHaveLength(2);
    for (const other of [
      { tags: [] },
      { tags: ['website', 'late'] },
      { fields: [{ id: 'source', value: 'open house' }] },
    ]) {
      await expect(list(db.tenants, { ...asked, ...other, cursor: cursor! })).rejects.toMatchObject({
        code: 'BAD_CURSOR',
      });
    }
  });
});

describe('behind the walls', () => {
  /** Runs statements as the product does, and has each explained. */
  function watched(buffers: number[]): Tenants {
    const at = (locationId: string): Place => {
      const place = db.tenants.at(locationId);
      const query = async (statement: { readonly text: string; readonly values: readonly unknown[] }) => {
        const explained = `explain (analyze, buffers, format json) ${statement.text}`;
        const { rows } = await place.query<{ 'QUERY PLAN': Explained[] }>(explained, [...statement.values]);
        const plan = rows[0]!['QUERY PLAN'][0]!.Plan;
        buffers.push(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']);
        return place.query(statement.text, [...statement.values]);
      };
      return { ...place, query: query as unknown as Place['query'] };
    };
    return { ...db.tenants, at };
  }
  type Explained = { readonly Plan: Record<'Shared Hit Blocks' | 'Shared Read Blocks', number> };

  it('every order with every filter reads an index from where the page begins, also deep in the list', async () => {
    for (const sort of sorts) {
      for (const filter of filters) {
        const asked = { locationId: BIG, sort, ...filter, limit: 20 };
        let cursor: string | null = null;
        const rows: LeadRow[] = [];
        while (rows.length < 140) {
          const page = await list(db.tenants, { ...asked, ...(cursor === null ? {} : { cursor }) });
          rows.push(...page.items);
          cursor = page.nextCursor;
        }
        const buffers: number[] = [];
        await list(watched(buffers), { ...asked, cursor: cursor! });
        // 21 rows and what leads to them; a plan that reads past other rows, or sorts them, touches hundreds.
        expect({ sort, filter, few: buffers[0]! < 130, buffers }).toMatchObject({ few: true });
      }
    }
  });
});
