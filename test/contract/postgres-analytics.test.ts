import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AnalyticsEvent } from '../../domain/ports/analytics.ts';
import * as analytics from '../../integrations/postgres/analytics.ts';
import { type Place, transaction } from '../../integrations/postgres/pool.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { allPages, expectOwnCursorsOnly } from '../support/pages.ts';
import { newRef } from '../support/records.ts';

let db: TestDatabase;
let here: string;
let place: Place;

beforeAll(async () => {
  db = await createTestDatabase();
  await makeMonths('2031-01-01', '2031-04-30');
});
afterAll(() => db.drop());
beforeEach(() => {
  here = newRef().locationId;
  place = db.tenants.at(here);
});

async function makeMonths(first: string, last: string, by: Pick<Place, 'query'> = db.tenants.house): Promise<number> {
  const { rows } = await by.query<{ made: number }>('select make_analytics_months($1, $2) as made', [first, last]);
  return rows[0]!.made;
}

const uuid = (at: number): string => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;

function event(at: number, instant: string, change: Partial<AnalyticsEvent> = {}): AnalyticsEvent {
  return { eventId: uuid(at), at: instant, type: 'page', contactId: 'c1', detail: { path: '/homes' }, ...change };
}

const record = (...events: AnalyticsEvent[]): Promise<number> => analytics.record(place, here, events);
const list =
  (change: Partial<Parameters<typeof analytics.ofType>[2]> = {}, at = place, locationId = here) =>
  (cursor?: string) =>
    analytics.ofType(at, locationId, {
      type: 'page',
      from: '2031-01-01T00:00:00Z',
      to: '2031-05-01T00:00:00Z',
      limit: 3,
      ...change,
      cursor,
    });
const found = async (turn: ReturnType<typeof list>): Promise<string[]> =>
  (await allPages(turn)).map(({ eventId }) => eventId);

describe('events', () => {
  it('are stored once however often they are told, as they came', async () => {
    const all = [
      event(1, '2031-01-31T23:59:59.999Z'),
      event(2, '2031-02-01T00:00:00.000Z', { contactId: null, detail: { n: 1.5, list: ['ü', null] } }),
    ];
    expect(await record(...all, all[0]!)).toBe(2);
    expect(await record(...all, event(3, '2031-02-01T00:00:00.000Z'))).toBe(1);
    expect((await list()()).items).toEqual([event(3, '2031-02-01T00:00:00.000Z'), all[1], all[0]]);
    expect(await record()).toBe(0);
  });

  it('of one type page newest first, with ties, over the ends of months, from the first instant on and before the last', async () => {
    const instants = ['01-31T23:00', '01-31T23:59', '02-01T00:00', '02-28T12:00', '03-31T23:59', '04-01T00:00'];
    const all = instants.flatMap((instant, at) =>
      [0, 1, 2].map((twin) => event(10 * at + twin, `2031-${instant}:00.000Z`)),
    );
    await record(...all, event(99, all[0]!.at, { type: 'click' }));
    const expected = all.map(({ eventId }) => eventId).reverse();
    for (const limit of [1, 2, 7]) expect(await found(list({ limit }))).toEqual(expected);
    const within = list({ from: '2031-01-31T23:59:00Z', to: '2031-04-01T00:00:00Z' });
    expect(await found(within)).toEqual(expected.slice(3, 15));
    expect(await found(list({ type: 'click' }))).toEqual([uuid(99)]);
  });

  it('take their own cursors only, and no span that is none', async () => {
    await record(...[1, 2, 3].map((at) => event(at, `2031-02-0${at}T00:00:00Z`)));
    const one = { limit: 1 };
    await expectOwnCursorsOnly(list(one), [
      list({ ...one, type: 'click' }),
      list({ ...one, to: '2031-04-01T00:00:00Z' }),
      list(one, place, 'another'),
    ]);
    await expect(list({ from: 'February' })()).rejects.toMatchObject({ code: 'BAD_VALUE' });
  });

  it.each([
    ['of a month that is not kept', { at: '2019-01-01T00:00:00Z' }],
    ['without an id', { eventId: 'x' }],
    ['without a type', { type: null as unknown as string }],
    ['without an instant', { at: 'today' }],
  ])('%s refuse the whole delivery with a code', async (_what, change) => {
    const good = event(1, '2031-02-01T00:00:00Z');
    await expect(record(good, event(2, good.at, change))).rejects.toMatchObject({ code: 'BAD_VALUE' });
    expect(await found(list())).toEqual([]);
  });

  it("are never another location's, and nobody reaches around the walls through a month's own table", async () => {
    await record(event(1, '2031-02-01T00:00:00Z'));
    const other = db.tenants.at(newRef().locationId);
    expect(await found(list({}, other))).toEqual([]);
    expect(await found(list({}, place, 'another'))).toEqual([]);
    for (const at of [place, other, db.tenants.house]) {
      await expect(at.query('select from analytics_events_2031_02')).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('are looked for in the months of the span and in no others', async () => {
    await list({ from: '2031-02-10T00:00:00Z', to: '2031-03-02T00:00:00Z' })();
    let asked: { readonly text: string; readonly values: unknown[] } | undefined;
    const spy = { query: (statement: never) => ((asked = statement), place.query(statement)) } as Pick<Place, 'query'>;
    await analytics.ofType(spy, here, {
      type: 'page',
      from: '2031-02-10T00:00:00Z',
      to: '2031-03-02T00:00:00Z',
      limit: 5,
    });
    const { rows } = await transaction(place, async (client) => {
      await client.query('set local plan_cache_mode = force_generic_plan');
      await client.query(`prepare spied as ${asked!.text}`);
      const values = asked!.values.map((value) => `'${String(value)}'`).join(', ');
      return client.query<{ 'QUERY PLAN': string }>(`explain (analyze, costs off) execute spied (${values})`);
    });
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    const months = new Set(plan.match(/ on analytics_events_\d{4}_\d\d/g)?.map((name) => name.slice(-7)));
    expect([...months].sort()).toEqual(['2031_02', '2031_03']);
    expect(plan).toContain('Subplans Removed');
  });
});

describe('months', () => {
  const bounds = async (name: string): Promise<unknown> =>
    (
      await db.pool.query<{ bound: string }>(
        `select pg_get_expr(relpartbound, oid) as bound from pg_class where relname = $1 and relispartition`,
        [name],
      )
    ).rows[0]?.bound;

  it.each([
    ['2032-12-31', '2032-12-31', ['2032_12']],
    ['2033-12-31', '2034-02-28', ['2033_12', '2034_01', '2034_02']],
    ['2036-01-31', '2036-03-01', ['2036_01', '2036_02', '2036_03']],
    ['2037-05-01', '2037-05-31', ['2037_05']],
    ['2038-06-30', '2038-06-01', ['2038_06']],
  ])('from %s to %s are made whole and once: %j', async (first, last, expected) => {
    expect(await makeMonths(first, last)).toBe(expected.length);
    expect(await makeMonths(first, last)).toBe(0);
    for (const month of expected) {
      const [year, number] = month.split('_').map(Number) as [number, number];
      const day = (at: Date) => `${at.toISOString().slice(0, 10)} 00:00:00+00`;
      const [from, to] = [new Date(Date.UTC(year, number - 1)), new Date(Date.UTC(year, number))];
      expect(await bounds(`analytics_events_${month}`)).toBe(`FOR VALUES FROM ('${day(from)}') TO ('${day(to)}')`);
      const edges = [from, new Date(to.getTime() - 1)].map((at, index) => event(index, at.toISOString()));
      expect(await record(...edges)).toBe(2);
    }
  });

  it('bear the key and the index of the whole, attached and valid', async () => {
    await makeMonths('2039-01-01', '2039-01-01');
    const { rows } = await db.pool.query(
      `select p.relname as of, x.indisvalid as valid from pg_index x join pg_inherits i on i.inhrelid = x.indexrelid
         join pg_class p on p.oid = i.inhparent
       where x.indrelid = 'analytics_events_2039_01'::regclass order by 1`,
    );
    expect(rows).toEqual([
      { of: 'analytics_events_contact', valid: true },
      { of: 'analytics_events_listing', valid: true },
      { of: 'analytics_events_pkey', valid: true },
      { of: 'analytics_events_type', valid: true },
      { of: 'analytics_events_visitor', valid: true },
    ]);
    const whole = await db.pool.query(
      `select indexrelid::regclass::text as name from pg_index where indrelid = 'analytics_events'::regclass and not indisvalid`,
    );
    expect(whole.rows).toEqual([]);
  });

  it('are those of UTC, whatever the zone and the date style of the session', async () => {
    await transaction(db.tenants.house, async (client) => {
      await client.query(`set local timezone = 'America/Los_Angeles'`);
      await client.query(`set local datestyle = 'SQL, DMY'`);
      expect(await makeMonths('2040-02-01', '2040-02-01', client)).toBe(1);
    });
    expect(await bounds('analytics_events_2040_02')).toBe(
      `FOR VALUES FROM ('2040-02-01 00:00:00+00') TO ('2040-03-01 00:00:00+00')`,
    );
  });

  it('are made once by ten who make them at the same time, while others read and write', async () => {
    const made = await transaction(place, async (client) => {
      await client.query('select count(*) from analytics_events');
      await client.query(
        `insert into analytics_events (location_id, at, type) values ($1, '2031-02-01T00:00:00Z', 'page')`,
        [here],
      );
      return Promise.all(Array.from({ length: 10 }, () => makeMonths('2041-01-01', '2041-06-30')));
    });
    expect(made.sort((a, b) => b - a)).toEqual([6, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('are nothing that a location may make', async () => {
    await expect(makeMonths('2042-01-01', '2042-01-01', place)).rejects.toMatchObject({ code: '42501' });
  });
});
