import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Place, transaction } from '../../integrations/postgres/pool.ts';
import { type Tenants, createTenants } from '../../integrations/postgres/tenants.ts';
import { type CuttableProxy, cuttableProxy } from '../support/cuttable-proxy.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { startProduct } from '../support/product.ts';
import { createRandom } from '../support/random.ts';
import { fillLocation, insertRow, rowsOf } from '../support/wall-rows.ts';

/** P4, reading: nobody sees another location's rows, whatever the statement forgot. The walls are the database's own. */

const A = 'location-a';
const B = 'location-b';
const TENANT = 'leadwright_tenant';
const HOUSE = 'leadwright_house';

/** Tables without a location: the same for everybody, and nothing in them is anybody's; the kill switch of all binds every location. */
const EVERYBODYS = [
  'high_water',
  'house_switches',
  'inbox_acts',
  'market_figures',
  'market_files',
  'replay_events',
  'replays',
  'restores',
  'schema_migrations',
  'sequence_releases',
  'sequences',
];
/**
 * Tables without a location that no location may see: agencies, whose tokens open all their locations, and installs that are on their way
 * in somebody's browser and belong to nobody yet; drafts of sequences, which bind nobody; who writes what all locations share into the
 * vendor's cache; how public files stand that are fetched.
 */
const HOUSES_OWN = [
  ...['companies', 'company_events', 'market_followed_files', 'model_flights', 'oauth_states', 'sequence_drafts'],
];
/** What the house may do. Whatever is granted to it beyond this widens the way around the walls, and is to be argued here first. */
const HOUSE_MAY: Readonly<Record<string, string>> = {
  activity_sites: 'SELECT',
  assignments: 'SELECT',
  companies: 'INSERT, SELECT, UPDATE',
  company_events: 'INSERT, SELECT',
  crm_undos: 'SELECT',
  enrolments: 'SELECT',
  inbox: 'INSERT, SELECT, UPDATE',
  lead_search: 'SELECT',
  leads: 'SELECT',
  locations: 'SELECT',
  market_followed_files: 'INSERT, SELECT, UPDATE',
  model_answers: 'DELETE',
  model_calls: 'SELECT',
  model_flights: 'DELETE, INSERT, SELECT, UPDATE',
  oauth_states: 'DELETE, INSERT, SELECT, UPDATE',
  outbox: 'SELECT',
  sending_pauses: 'SELECT',
  sequence_drafts: 'DELETE, INSERT, SELECT, UPDATE',
};
/** Columns of tables that are closed to it otherwise: how a credential stands, nothing of it that is sealed; whose turn it is, and no words. */
const OPEN_TO_HOUSE: Readonly<Record<string, readonly string[]>> = {
  assist_jobs: ['contact_id', 'due_at', 'location_id'],
  credentials: [
    ...['expires_at', 'held', 'installed_at', 'issued_at', 'kind', 'location_id', 'refused_at', 'renewable', 'version'],
  ],
  high_water: ['at'],
  model_answers: ['at', 'contact_id', 'location_id'],
  model_calls: ['billed', 'failure', 'state', 'up_to'],
  replies_due: ['contact_id', 'due_at', 'location_id'],
};
/** Functions that run as the owner, who sees all: each asks the session for its location, or touches no rows. */
const AS_OWNER: Readonly<Record<string, string | null>> = {
  find_interested: `select * from find_interested(array['L1'], array['view'], '-infinity')`,
  find_leads: `select * from find_leads(array['%elm%'], array['vip'], array['{"f": "v"}'::jsonb], 100)`,
  find_listings_near: 'select * from find_listings_near(30, -97, 1000000, 100)',
  find_messages: `select * from find_messages('elm street', 'infinity', '', '', 100)`,
  make_analytics_months: null,
};

let db: TestDatabase;
let tables: string[];

beforeAll(async () => {
  db = await createTestDatabase();
  await fillLocation(db.pool, A);
  await fillLocation(db.pool, B);
  tables = await names(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'location_id'
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and not a.attisdropped order by 1`,
  );
});
afterAll(() => db.drop());

const names = async (text: string, values: unknown[] = []): Promise<string[]> =>
  (await db.pool.query<{ name: string }>(text, values)).rows.map((row) => row.name);

describe('the walk over all tables', () => {
  it('knows a row of each, so that none is left untested', () => {
    expect(Object.keys(rowsOf).sort()).toEqual(tables);
  });

  it('finds a wall around every table with a location: secured, and one policy for the tenant', async () => {
    const bare = await names(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relname = any($1) and not relrowsecurity`,
      [tables],
    );
    const walled = await names(
      `select tablename as name from pg_policies where policyname = 'tenant' and permissive = 'PERMISSIVE' and cmd = 'ALL'
         and roles = array['${TENANT}']::name[]
         and qual = $$(location_id = current_setting('leadwright.location'::text, true))$$
         and with_check = $$(location_id = current_setting('leadwright.location'::text, true))$$ order by 1`,
    );
    const further = await names(
      `select tablename || ': ' || policyname as name from pg_policies where policyname <> 'tenant' and roles <> array['${HOUSE}']::name[]`,
    );
    expect([bare, walled, further]).toEqual([[], tables, []]);
  });

  it('finds no other way in: no table without a location that is not everybody’s, no view, no grant on a partition, none to all', async () => {
    const others = await names(
      `select relname as name from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'f') and not relispartition
         and relname <> all($1) order by 1`,
      [tables],
    );
    expect([...EVERYBODYS, ...HOUSES_OWN]).toEqual(expect.arrayContaining(others));
    const views = await names(
      `select relname as name from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')
         and not exists (select from pg_depend e where e.objid = c.oid and e.deptype = 'e')`,
    );
    const toPartitions = await names(
      `select relname as name from pg_class, aclexplode(relacl) where relispartition and relnamespace = 'public'::regnamespace and grantee <> relowner`,
    );
    const toAll = await names(
      `select relname as name from pg_class c, aclexplode(relacl) where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and grantee = 0
         and not exists (select from pg_depend e where e.objid = c.oid and e.deptype = 'e')`,
    );
    expect([views, toPartitions, toAll]).toEqual([[], [], []]);
  });

  it('finds the house as narrow as it was built', async () => {
    const { rows } = await db.pool.query<{ name: string; may: string }>(
      `select relname as name, string_agg(privilege_type, ', ' order by privilege_type) as may from pg_class, aclexplode(relacl)
       where relnamespace = 'public'::regnamespace and grantee = '${HOUSE}'::regrole and relname <> all($1) group by 1`,
      [EVERYBODYS],
    );
    expect(Object.fromEntries(rows.map(({ name, may }) => [name, may]))).toEqual(HOUSE_MAY);
    expect(
      await names(
        `select relname || '.' || attname as name from pg_attribute a join pg_class c on c.oid = attrelid, aclexplode(attacl)
         where relnamespace = 'public'::regnamespace and grantee = '${HOUSE}'::regrole order by 1`,
      ),
    ).toEqual(Object.entries(OPEN_TO_HOUSE).flatMap(([table, columns]) => columns.map((one) => `${table}.${one}`)));
  });

  it('finds what is sealed closed to the house, and the house’s own tables closed to every location', async () => {
    for (const column of ['access', 'refresh', 'data_key']) {
      await expect(db.tenants.house.query(`select ${column} from credentials`)).rejects.toMatchObject({
        code: '42501',
      });
    }
    await expect(db.tenants.house.query('select words from model_answers')).rejects.toMatchObject({ code: '42501' });
    for (const table of HOUSES_OWN) {
      await expect(db.tenants.at(A).query(`select from ${table}`)).rejects.toMatchObject({ code: '42501' });
    }
  });
});

describe('the walk over all functions', () => {
  it('finds those that run as the owner on the list, closed to all but their role, with a pinned search path', async () => {
    const { rows } = await db.pool.query<{ name: string; open: boolean; pinned: boolean }>(
      `select p.proname as name, exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) where grantee = 0) as open,
         exists (select from unnest(p.proconfig) as setting where replace(setting, '"', '') = 'search_path=pg_catalog, public, pg_temp') as pinned
       from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef
         and not exists (select from pg_depend e where e.objid = p.oid and e.deptype = 'e') order by 1`,
    );
    expect(rows).toEqual(Object.keys(AS_OWNER).map((name) => ({ name, open: false, pinned: true })));
  });

  const searches = Object.entries(AS_OWNER).flatMap(([name, text]) => (text === null ? [] : [[name, text] as const]));
  it.each(searches)(
    'finds that %s sees the location of its session alone, and none without one',
    async (_name, text) => {
      for (const location of [A, B]) {
        const { rows } = await db.tenants.at(location).query<Record<string, string>>(text);
        expect(rows).toHaveLength(1);
        expect(Object.values(rows[0] ?? {}).join(' ')).toContain(`of-${location}`);
      }
      expect((await db.tenants.at('').query(text)).rows).toEqual([]);
      await expect(db.tenants.house.query(text)).rejects.toMatchObject({ code: '42501' });
    },
  );
});

describe('the product’s login', () => {
  it('owns nothing, stands above nothing, and is a member of its two roles alone', async () => {
    const login = (await db.tenants.house.query<{ name: string }>('select session_user as name')).rows[0]?.name;
    const { rows } = await db.pool.query<{ name: string; above: boolean; owns: boolean; inherits: boolean }>(
      `select rolname as name, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as above,
         exists (select from pg_class where relowner = r.oid) or exists (select from pg_proc where proowner = r.oid)
           or exists (select from pg_namespace where nspowner = r.oid) or exists (select from pg_database where datdba = r.oid) as owns,
         rolinherit as inherits
       from pg_roles r where pg_has_role($1, r.oid, 'member') order by 1`,
      [login],
    );
    const plain = { above: false, owns: false, inherits: false };
    expect(rows).toEqual([HOUSE, TENANT, login].sort().map((name) => ({ name, ...plain })));
  });

  it('may not make anything', async () => {
    for (const place of [db.tenants.at(A), db.tenants.house]) {
      await expect(place.query('create table mine (x int)')).rejects.toMatchObject({ code: '42501' });
      await expect(place.query('create function mine() returns int language sql return 1')).rejects.toMatchObject({
        code: '42501',
      });
      await expect(place.query('set role postgres')).rejects.toMatchObject({ code: '42501' });
    }
  });
});

describe.each(Object.keys(rowsOf))('%s', (table) => {
  it('shows a location its own rows and no others, even to a statement that names none', async () => {
    for (const location of [A, B]) {
      const { rows } = await db.tenants.at(location).query<{ location_id: string }>(`select location_id from ${table}`);
      expect(new Set(rows.map((row) => row.location_id))).toEqual(new Set([location]));
    }
    const asked = `select from ${table} where location_id = '${B}'`;
    expect((await db.tenants.at(A).query(asked)).rowCount).toBe(0);
    expect((await db.tenants.at('').query(`select from ${table}`)).rowCount).toBe(0);
  });

  it('takes no row for another location, and lets nobody reach another’s', async () => {
    const mark = randomUUID();
    await expect(insertRow(db.tenants.at(A), table, B, mark)).rejects.toMatchObject({ code: '42501' });
    const count = `select count(*)::int as n from ${table} where location_id = '${B}'`;
    const before = (await db.pool.query<{ n: number }>(count)).rows;
    for (const text of [
      `update ${table} set location_id = '${A}' where location_id = '${B}'`,
      `update ${table} set location_id = '${B}'`,
      `delete from ${table} where location_id = '${B}'`,
    ]) {
      const reached = await reachedBy(db.tenants.at(A), text);
      expect(reached).toBe(0);
    }
    expect((await db.pool.query(count)).rows).toEqual(before);
  });
});

/** How many rows a statement touched; 0 also where it may not be asked at all. */
async function reachedBy(place: Place, text: string): Promise<unknown> {
  try {
    return (await place.query(text)).rowCount;
  } catch (error) {
    const { code } = error as { code?: string };
    return code === '42501' ? 0 : code;
  }
}

describe('connections that serve many locations', () => {
  let proxy: CuttableProxy;
  let few: Tenants;
  beforeAll(async () => {
    const url = new URL(db.appUrl);
    proxy = await cuttableProxy({ host: url.hostname, port: Number(url.port) });
    url.host = `127.0.0.1:${proxy.port}`;
    few = createTenants(url.href, { max: 3, applicationName: 'p4', connectMs: 10_000, statementMs: 1_000 });
  });
  afterAll(async () => {
    await few.close();
    await proxy.close();
  });

  const READ = 'select location_id from leads';
  const seen = async (place: Place): Promise<string[]> =>
    (await place.query<{ location_id: string }>(READ)).rows.map((row) => row.location_id);

  it('show each its own, among statements that fail, time out, roll back or lose their connection', async () => {
    const random = createRandom(4);
    const kinds = ['read', 'read', 'read', 'fail', 'rolled back', 'committed', 'late', 'cut'] as const;
    const done = { read: 0, broken: 0 };
    const one = async (): Promise<void> => {
      const location = random.pick([A, B]);
      const kind = random.pick(kinds);
      const place = few.at(location);
      try {
        if (kind === 'read') expect(await seen(place)).toEqual([location]);
        if (kind === 'fail') await place.query('select 1/0');
        if (kind === 'late' && random.chance(0.1)) await place.query('select pg_sleep(5)');
        if (kind === 'cut' && random.chance(0.1)) {
          proxy.cut();
          proxy.restore();
        }
        if (kind === 'committed' || kind === 'rolled back') {
          await transaction(place, async (client) => {
            const { rows } = await client.query<{ location_id: string }>(READ);
            expect(rows).toEqual([{ location_id: location }]);
            if (kind === 'rolled back') throw Object.assign(new Error('undone'), { code: 'undone' });
          });
        }
        done.read += 1;
      } catch (error) {
        if (error instanceof Error && error.name === 'JestAssertionError') throw error;
        if (error instanceof Error && 'matcherResult' in error) throw error;
        done.broken += 1;
      }
    };
    for (let round = 0; round < 60; round += 1) await Promise.all(Array.from({ length: 12 }, one));
    expect(done.read).toBeGreaterThan(200);
    expect(done.broken).toBeGreaterThan(50);
    for (const location of [A, B, A]) expect(await seen(few.at(location))).toEqual([location]);
  });
});

describe('the running product', () => {
  it('holds no connection of a login that stands above the walls', async () => {
    const product = await startProduct('p4');
    try {
      await product.api('GET', '/api/leads');
      const logins = await product.sql<{ above: boolean; owns: boolean }>(
        `select distinct r.rolsuper or r.rolbypassrls as above, exists (select from pg_class where relowner = r.oid) as owns
         from pg_stat_activity a join pg_roles r on r.oid = a.usesysid
         where a.datname = current_database() and a.pid <> pg_backend_pid() and a.backend_type = 'client backend'`,
      );
      expect(logins).toEqual([{ above: false, owns: false }]);
    } finally {
      await product.stop();
    }
  });
});
