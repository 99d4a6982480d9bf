import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { main } from '../../cli/main.ts';
import type { IndexFinding, IndexLimits } from '../../integrations/postgres/index-finding.ts';
import { type IndexReport, indexReport } from '../../integrations/postgres/index-report.ts';
import { type Pool, createPool } from '../../integrations/postgres/pool.ts';
import { type TestDatabase, createTestDatabase, dropDatabase, emptyDatabase, PATIENT } from '../support/database.ts';
import { until } from '../support/until.ts';
import { sharedServices } from '../support/world.ts';

let server: string;
let url: string;
let pool: Pool;
/** Not from the pool: what a session counts is seen by others when that session sends it. */
let client: pg.Client;

beforeAll(async () => {
  server = (await sharedServices()).databaseUrl;
});
beforeEach(async () => {
  url = await emptyDatabase(server);
  pool = createPool(url, { max: 1, applicationName: 'test', statementMs: 30_000 });
  client = new pg.Client(url);
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await pool.end();
  await dropDatabase(server, url);
});

/** Statistics of a test are minutes old; what they would say after weeks is asked for by limits of nothing. */
const AT_ONCE = { unusedDays: 0, unusedReads: 1, unusedTransactions: 0 };

const findings = async (limits?: Partial<IndexLimits>): Promise<readonly IndexFinding[]> =>
  (await indexReport(pool, limits)).findings;
const wrong = async (limits?: Partial<IndexLimits>): Promise<IndexFinding[]> =>
  (await findings(limits)).filter(({ verdict }) => verdict === 'wrong');
const counted = (): Promise<unknown> => client.query('select pg_stat_force_next_flush()');

/** Runs what the report says, and expects it to have helped. */
async function mends(finding: IndexFinding, limits?: Partial<IndexLimits>): Promise<void> {
  expect(finding.mend.length).toBeGreaterThan(0);
  for (const statement of finding.mend) await client.query(statement);
  expect(await wrong(limits)).toEqual([]);
}

describe('the report on indexes', () => {
  beforeEach(async () => {
    await client.query(`
      create table homes (id int primary key, city text not null, price int not null, note text);
      insert into homes select i, 'city ' || i % 500, i, 'x' from generate_series(1, 30000) i;
      analyze homes`);
  });

  it('is clean on a table with its key alone', async () => {
    expect(await indexReport(pool)).toMatchObject({ ok: true, findings: [], indexes: [{ index: 'homes_pkey' }] });
  });

  it('finds the index of a broken unique build, and the rebuild works once the rows are mended', async () => {
    await expect(client.query('create unique index concurrently homes_city on homes (city)')).rejects.toThrow(
      'could not create unique',
    );
    const [finding] = await wrong();
    expect(finding).toMatchObject({
      kind: 'invalid',
      index: 'homes_city',
      mend: ['reindex index concurrently homes_city'],
    });
    await client.query(`update homes set city = id::text`);
    await mends(finding!);
  });

  it('finds what a broken rebuild left behind', async () => {
    await client.query('create unique index homes_price on homes (price)');
    // Rows that a rebuild of a unique index trips over can only be there when the index does not know of them.
    await client.query(
      `update pg_index set indisready = false, indisvalid = false where indexrelid = 'homes_price'::regclass`,
    );
    await client.query('insert into homes select -id, city, price, note from homes where id < 10');
    await expect(client.query('reindex index concurrently homes_price')).rejects.toThrow('could not create unique');
    expect((await wrong()).map(({ index, mend }) => [index, ...mend])).toEqual([
      ['homes_price', 'reindex index concurrently homes_price'],
      ['homes_price_ccnew', 'drop index concurrently homes_price_ccnew'],
    ]);
    await client.query('delete from homes where id < 0');
    await client.query('drop index concurrently homes_price_ccnew');
    await client.query('reindex index concurrently homes_price');
    expect(await wrong()).toEqual([]);
  });

  it('does not blame an index that is being built', async () => {
    const older = new pg.Client(url);
    await older.connect();
    await older.query('begin isolation level repeatable read; select count(*) from homes');
    const build = client.query('create index concurrently homes_city on homes (city)');
    try {
      await until(async () => (await findings()).length > 0);
      expect(await findings()).toEqual([
        expect.objectContaining({ kind: 'invalid', verdict: 'unknown', index: 'homes_city' }),
      ]);
    } finally {
      await older.query('commit');
      await older.end();
      await build;
    }
  });

  it('finds a duplicate and the first keys of another, and lets the longer one be', async () => {
    await client.query(`
      create index by_city on homes (city); create index by_city_price on homes (city, price);
      create index by_city_price_again on homes (city, price)`);
    const found = await wrong();
    expect(found.map(({ kind, index }) => [kind, index])).toEqual([
      ['redundant', 'by_city'],
      ['duplicate', 'by_city_price_again'],
    ]);
    for (const { mend } of found) for (const statement of mend) await client.query(statement);
    expect((await indexReport(pool)).indexes.map(({ index }) => index)).toEqual(['by_city_price', 'homes_pkey']);
  });

  it('takes none of these for redundant: other condition, class, collation, order, columns carried, uniqueness', async () => {
    await client.query(`
      create index long on homes (city, price, id);
      create unique index strict on homes (city, price);
      create index conditional on homes (city) where price > 100;
      create index patterns on homes (city text_pattern_ops);
      create index collated on homes (city collate "POSIX");
      create index downwards on homes (city desc);
      create index carrying on homes (city) include (note);
      create index hashed on homes using hash (city)`);
    expect((await wrong()).map(({ index, kind }) => [kind, index])).toEqual([]);
    // The control: the same without its difference.
    await client.query('create index same on homes (city)');
    expect((await wrong()).map(({ index, kind }) => [kind, index])).toEqual([['redundant', 'same']]);
  });

  it('finds an index without a scan once statistics are old and busy enough, and doubts it before', async () => {
    await client.query('create index by_note on homes (note); create index by_city on homes (city)');
    await client.query(`set enable_seqscan = off; select count(*) from homes where city = 'city 7'`);
    await counted();
    expect(await findings()).toEqual([
      expect.objectContaining({ kind: 'unused', verdict: 'unknown', index: 'by_note' }),
    ]);
    const [finding] = await wrong(AT_ONCE);
    expect(finding).toMatchObject({ kind: 'unused', index: 'by_note', mend: ['drop index concurrently by_note'] });
    await mends(finding!, AT_ONCE);
  });

  it('finds a foreign key that no index serves', async () => {
    await client.query('create table tours (id int primary key, home int references homes)');
    const [finding] = await wrong();
    expect(finding).toMatchObject({ kind: 'foreign-key', table: 'tours' });
    await mends(finding!);
  });

  it('finds the index that real sequential scans ask for, and shows their statement without its values', async () => {
    await client.query('create extension pg_stat_statements');
    for (let i = 0; i < 120; i++) await client.query(`select id from homes where city = 'city 7' and price > ${i}`);
    await counted();
    const [finding, ...others] = await wrong();
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      kind: 'missing',
      table: 'homes',
      mend: ['create index concurrently homes_city_price on homes (city, price)'],
      statements: [expect.stringMatching(/^select id from homes where city = \$1 and price > \$2 \(120 calls/)],
    });
    expect(JSON.stringify(await indexReport(pool))).not.toContain('city 7');
    await client.query(finding!.mend[0]!);
    expect(await wrong()).toEqual([]);
  });

  it('says that it cannot know the statements where the extension is not installed', async () => {
    for (let i = 0; i < 120; i++) await client.query('select count(*) from homes where city = $1', ['city 7']);
    await counted();
    expect(await indexReport(pool)).toMatchObject({
      ok: true,
      statementsKnown: false,
      findings: [{ kind: 'missing', verdict: 'unknown', mend: ['create extension if not exists pg_stat_statements'] }],
    });
  });

  it.each(['measured', 'estimated'] as const)('finds bloat, %s', async (how) => {
    const limits = { bloatBytes: 100_000 };
    if (how === 'measured') await client.query('create schema tools; create extension pgstattuple schema tools');
    await client.query('alter table homes drop constraint homes_pkey; create index by_id on homes (id, price)');
    await client.query('vacuum analyze homes');
    expect(await indexReport(pool, limits)).toMatchObject({ indexes: [{ index: 'by_id', bloat: { how } }] });
    expect(await wrong(limits)).toEqual([]);
    await client.query('delete from homes where id % 10 <> 0');
    await client.query('vacuum analyze homes');
    const [finding] = await wrong(limits);
    expect(finding).toMatchObject({ kind: 'bloated', index: 'by_id', why: expect.stringContaining(`air (${how})`) });
    await mends(finding!, limits);
  });

  it('is the same for a role that owns nothing and may look at nothing, only with more that is unknown', async () => {
    await client.query('create index by_city on homes (city); create index by_city_price on homes (city, price)');
    const role = `reader_${randomBytes(6).toString('hex')}`;
    await client.query(`create role ${role} login password 'reader'`);
    const address = new URL(url);
    address.username = role;
    address.password = 'reader';
    const poor = createPool(address.toString(), { max: 1, applicationName: 'test', ...PATIENT });
    try {
      const report = await indexReport(poor, { bloatBytes: 8192 });
      expect(report).toMatchObject({ ok: false, since: null, statementsKnown: false });
      expect(report.indexes.map(({ bloat }) => bloat)).toEqual([null, null, null]);
      expect(report.findings.map(({ kind, verdict, index }) => [kind, verdict, index])).toEqual([
        ['redundant', 'wrong', 'by_city'],
        ['unused', 'unknown', 'by_city_price'],
      ]);
    } finally {
      await poor.end();
      await client.query(`drop role ${role}`);
    }
  });

  it('counts the parts of a partitioned index into it and completes one that lacks a part', async () => {
    await client.query(`
      create table moves (at int not null, x int) partition by range (at);
      create table moves_1 partition of moves for values from (0) to (10);
      create table moves_2 partition of moves for values from (10) to (20);
      create index moves_x on only moves (x);
      create index moves_1_x on moves_1 (x); alter index moves_x attach partition moves_1_x`);
    const [finding] = await wrong();
    expect(finding).toMatchObject({ kind: 'invalid', index: 'moves_x', why: expect.stringContaining('moves_2') });
    await mends(finding!);
    expect((await indexReport(pool)).indexes.map(({ index }) => index)).toEqual(['homes_pkey', 'moves_x']);
  });
});

describe('leadwright db indexes', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.drop());

  async function run(databaseUrl: string, ...args: string[]): Promise<{ exitCode: number; out: string }> {
    let out = '';
    const io = {
      out: (text: string) => void (out += text),
      err: () => undefined,
      terminal: false,
      colour: false,
      env: { DATABASE_URL: databaseUrl },
      cwd: process.cwd(),
    };
    return { exitCode: await main(['db', 'indexes', ...args], io), out };
  }

  it('finds nothing wrong with the schema of the product', async () => {
    const { exitCode, out } = await run(db.url, '--analyze', '--json');
    const report = JSON.parse(out) as IndexReport;
    expect(report.findings.filter(({ verdict }) => verdict === 'wrong')).toEqual([]);
    expect(report.indexes.length).toBeGreaterThan(20);
    expect({ exitCode, ok: report.ok }).toEqual({ exitCode: 0, ok: true });
    expect((await run(db.url, '--analyze')).out).toContain('clean');
  });

  it('exits 1 and prints the statement that mends what is wrong', async () => {
    await client.query('create table t (a int, b int); create index t_a on t (a); create index t_a_b on t (a, b)');
    const { exitCode, out } = await run(url, '--analyze');
    expect(out).toContain('redundant  t_a: the first keys of t_a_b\n    drop index concurrently t_a;\n');
    expect(exitCode).toBe(1);
  });

  it('lists sizes and scans without --analyze, whatever is wrong', async () => {
    await client.query('create table t (a int); create index t_a on t (a); create index t_a_too on t (a)');
    const { exitCode, out } = await run(url);
    expect(out.split('\n')[0]).toMatch(/^TABLE +INDEX +SIZE +SCANS +LAST SCAN +STATE$/);
    expect(out).toMatch(/^t +t_a +8 KiB +0 +- +valid$/m);
    expect(exitCode).toBe(0);
    expect(JSON.parse((await run(url, '--json')).out)).toMatchObject({
      indexes: [{ index: 't_a' }, { index: 't_a_too' }],
    });
  });
});
