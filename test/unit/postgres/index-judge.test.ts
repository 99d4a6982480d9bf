import { describe, expect, it } from '@jest/globals';
import type { IndexFacts, IndexKey, TableFacts } from '../../../integrations/postgres/index-facts.ts';
import { type DatabaseFacts, type IndexFinding, indexLimits } from '../../../integrations/postgres/index-finding.ts';
import { covers, judgeIndexes } from '../../../integrations/postgres/index-judge.ts';
import { soughtColumns } from '../../../integrations/postgres/index-missing.ts';
import { type StatementFacts, withoutLiterals } from '../../../integrations/postgres/index-statements.ts';

const key = (text: string, changed: Partial<IndexKey> = {}): IndexKey => {
  return { text, opclass: 1, collation: 100, order: 0, options: null, ...changed };
};

let oids = 0;
const index = (name: string, keys: readonly (string | IndexKey)[], changed: Partial<IndexFacts> = {}): IndexFacts => ({
  oid: ++oids,
  name,
  table: 'homes',
  method: 'btree',
  keys: keys.map((one) => (typeof one === 'string' ? key(one) : one)),
  includes: [],
  predicate: null,
  options: null,
  definition: '',
  unique: false,
  nullsNotDistinct: false,
  immediate: true,
  needed: false,
  state: 'valid',
  partitioned: false,
  attached: false,
  lacking: [],
  bytes: 100_000_000,
  scans: 5,
  lastScan: null,
  transactions: 1_000_000,
  ...changed,
});

const homes: TableFacts = {
  name: 'homes',
  called: 'homes',
  partitioned: false,
  rows: 100_000,
  pages: 1_000,
  sequentialScans: 0,
  sequentialRows: 0,
  reads: 1_000_000,
  columns: [
    { name: 'city', distinct: 200 },
    { name: 'price', distinct: 5_000 },
    { name: 'sold', distinct: 2 },
    { name: 'note', distinct: null },
  ],
};

const judged = (facts: Partial<DatabaseFacts>): IndexFinding[] =>
  judgeIndexes({
    age: { database: 'd', now: '2026-06-01T00:00:00.000Z', since: '2026-04-01T00:00:00.000Z' },
    indexes: [],
    tables: [homes],
    foreignKeys: [],
    bloat: [],
    statements: [],
    ...facts,
  });

const found = (indexes: readonly IndexFacts[]): string[] =>
  judged({ indexes }).map((finding) => `${finding.kind} ${finding.index ?? ''}`);

describe('an index is redundant to another', () => {
  it('when it has the same keys, and then the less used one goes', () => {
    const twins = [index('busy', ['city', 'price'], { scans: 900 }), index('idle', ['city', 'price'], { scans: 3 })];
    expect(judged({ indexes: twins })).toEqual([
      expect.objectContaining({
        kind: 'duplicate',
        verdict: 'wrong',
        index: 'idle',
        why: 'the same as busy',
        mend: ['drop index concurrently idle'],
      }),
    ]);
  });

  it('when its keys are the first ones of the other, a unique one included', () => {
    expect(found([index('short', ['city']), index('long', ['city', 'price'])])).toEqual(['redundant short']);
    expect(found([index('short', ['city']), index('key', ['city', 'price'], { unique: true, needed: true })])).toEqual([
      'redundant short',
    ]);
  });

  it('when the other carries or sorts by all that it carries', () => {
    const carrying = index('carrying', ['city'], { includes: ['price', 'sold'] });
    expect(covers(index('a', ['city', 'price'], { includes: ['sold'] }), carrying)).toBe(true);
    expect(covers(index('b', ['city'], { includes: ['note', 'sold', 'price'] }), carrying)).toBe(true);
  });

  it('never both ways: of three equal ones one stays', () => {
    const three = ['a', 'b', 'c'].map((name) => index(name, ['city']));
    expect(found(three)).toHaveLength(2);
  });
});

describe('an index is not redundant', () => {
  const plain = index('plain', ['city']);
  const long = index('long', ['city', 'price']);

  it.each<[string, IndexFacts, IndexFacts]>([
    ['to one with another condition', plain, index('b', ['city', 'price'], { predicate: '(NOT sold)' })],
    ['when its own condition makes it small', index('a', ['city'], { predicate: '(NOT sold)' }), long],
    ['to one with another operator class', index('a', [key('city', { opclass: 2 })]), long],
    ['to one with other options of the operator class', index('a', [key('city', { options: '{siglen=32}' })]), long],
    ['to one with another collation', index('a', [key('city', { collation: 950 })]), long],
    ['to one that sorts the other way', index('a', ['city', key('price', { order: 3 })]), long],
    ['to one that does not carry its columns', index('a', ['city'], { includes: ['note'] }), long],
    ['to one whose keys stand in another order', index('a', ['price']), long],
    ['to one of another method', index('a', ['city'], { method: 'hash' }), plain],
    ['to one of another table', index('a', ['city'], { table: 'leads' }), long],
    ['as a unique one to a plain one', index('a', ['city'], { unique: true }), plain],
    [
      'as a unique one to a longer unique one',
      index('a', ['city'], { unique: true }),
      index('b', ['city', 'price'], { unique: true }),
    ],
    [
      'as a unique one to one that takes nulls for equal',
      index('a', ['city'], { unique: true }),
      index('b', ['city'], { unique: true, nullsNotDistinct: true }),
    ],
    [
      'as a unique one to a deferrable constraint',
      index('a', ['city'], { unique: true }),
      index('b', ['city'], { unique: true, needed: true, immediate: false }),
    ],
    [
      'when a constraint stands on it',
      index('a', ['city'], { unique: true, needed: true }),
      index('b', ['city'], { unique: true }),
    ],
    [
      'by its first keys, in other methods than B-tree',
      index('a', ['city'], { method: 'gin' }),
      index('b', ['city', 'note'], { method: 'gin' }),
    ],
    [
      'to an equal one with other options, which say what is found fast',
      index('a', ['city'], { method: 'brin' }),
      index('b', ['city'], { method: 'brin', options: '{pages_per_range=8}' }),
    ],
  ])('%s', (_what, a, b) => {
    expect(covers(b, a)).toBe(false);
  });

  it('to one that is invalid, or a part of a partitioned one', () => {
    expect(found([plain, index('broken', ['city', 'price'], { state: 'invalid' })])).toEqual(['invalid broken']);
    expect(found([index('part', ['city'], { attached: true }), index('long', ['city', 'price'])])).toEqual([]);
  });
});

describe('an unused index', () => {
  const idle = index('idle', ['city'], { scans: 0 });

  it('is wrong once statistics are old and busy enough', () => {
    expect(judged({ indexes: [idle] })).toEqual([
      expect.objectContaining({
        kind: 'unused',
        verdict: 'wrong',
        why: expect.stringContaining('since 2026-04-01'),
        mend: ['drop index concurrently idle'],
      }),
    ]);
  });

  it.each<[string, Partial<DatabaseFacts>, string]>([
    [
      'nobody knows since when uses are counted',
      { age: { database: 'd', now: '2026-06-01T00:00:00Z', since: null } },
      'unknown',
    ],
    [
      'they are counted for days only',
      { age: { database: 'd', now: '2026-06-01T00:00:00Z', since: '2026-05-30T00:00:00Z' } },
      '2.0 days',
    ],
    ['its table is hardly read', { tables: [{ ...homes, reads: 12 }] }, '12 times'],
    ['it was built a moment ago', { indexes: [{ ...idle, transactions: 7 }] }, '7 transactions'],
  ])('is unknown while %s', (_what, changed, why) => {
    expect(judged({ indexes: [idle], ...changed })).toEqual([
      expect.objectContaining({ kind: 'unused', verdict: 'unknown', why: expect.stringContaining(why), mend: [] }),
    ]);
  });

  it('is never a unique one or one that something stands on', () => {
    expect(found([{ ...idle, unique: true }, index('key', ['price'], { scans: 0, needed: true })])).toEqual([]);
  });

  it('of a partitioned table is dropped without CONCURRENTLY, which Postgres refuses there', () => {
    expect(judged({ indexes: [{ ...idle, partitioned: true }] })[0]?.mend).toEqual(['drop index idle']);
  });
});

describe('an invalid index', () => {
  it.each<[string, IndexFacts, string[]]>([
    ['is built again', index('a', ['city'], { state: 'invalid' }), ['reindex index concurrently a']],
    [
      'left by a broken rebuild is dropped',
      index('a_ccnew2', ['city'], { state: 'invalid' }),
      ['drop index concurrently a_ccnew2'],
    ],
    [
      'with a quoted name, too',
      index('"A_ccold"', ['city'], { state: 'invalid' }),
      ['drop index concurrently "A_ccold"'],
    ],
    ['left by a broken drop is dropped', index('a', ['city'], { state: 'dropped' }), ['drop index concurrently a']],
    [
      'of a partitioned table is completed part by part',
      index('homes_city', ['city'], {
        state: 'invalid',
        partitioned: true,
        lacking: ['homes_2026'],
        definition: 'CREATE INDEX homes_city ON ONLY public.homes USING btree (city)',
      }),
      [
        'create index concurrently homes_2026_homes_city on homes_2026 USING btree (city)',
        'alter index homes_city attach partition homes_2026_homes_city',
      ],
    ],
  ])('%s', (_what, broken, mend) => {
    expect(judged({ indexes: [broken] })).toEqual([
      expect.objectContaining({ kind: 'invalid', verdict: 'wrong', mend }),
    ]);
  });

  it('that is being built now is not wrong', () => {
    expect(judged({ indexes: [index('a', ['city'], { state: 'building' })] })[0]?.verdict).toBe('unknown');
  });
});

describe('a bloated index', () => {
  const big = index('big', ['city']);
  const holding = (share: number) => judged({ indexes: [big], bloat: [{ oid: big.oid, share, how: 'estimated' }] });

  it('is rebuilt from the stated limit on, and the figure says how it was found', () => {
    expect(holding(0.49)).toEqual([]);
    expect(holding(0.8)).toEqual([
      expect.objectContaining({
        kind: 'bloated',
        why: '80 % of it is air (estimated); limit 50 %',
        mend: ['reindex index concurrently big'],
      }),
    ]);
  });

  it('is left alone while it holds little air in bytes, and when it was not measured', () => {
    const small = { ...big, bytes: indexLimits.bloatBytes };
    expect(judged({ indexes: [small], bloat: [{ oid: big.oid, share: 0.9, how: 'measured' }] })).toEqual([]);
    expect(judged({ indexes: [big] })).toEqual([]);
  });
});

describe('a foreign key', () => {
  const foreignKey = {
    name: 'of_agent',
    table: 'homes',
    partitioned: false,
    columns: ['agent', 'team'],
    references: 'agents',
  };
  const served = (...indexes: IndexFacts[]) => judged({ indexes, foreignKeys: [foreignKey] }).length === 0;

  it('wants an index that begins with its columns, in any order', () => {
    expect(served(index('a', ['team', 'agent', 'price']))).toBe(true);
    expect(served(index('a', ['agent', 'team'], { predicate: '(agent IS NOT NULL)' }))).toBe(true);
    expect(judged({ foreignKeys: [foreignKey] })[0]).toMatchObject({
      verdict: 'wrong',
      mend: ['create index concurrently homes_agent_team on homes (agent, team)'],
    });
  });

  it('is not served by an index with another condition, fewer columns, or one that is invalid', () => {
    expect(served(index('a', ['agent', 'team'], { predicate: '(NOT sold)' }))).toBe(false);
    expect(served(index('a', ['agent']))).toBe(false);
    expect(served(index('a', ['agent', 'price', 'team']))).toBe(false);
    expect(
      judged({ indexes: [index('a', ['agent', 'team'], { state: 'invalid' })], foreignKeys: [foreignKey] }),
    ).toHaveLength(2);
  });
});

describe('a table read from end to end', () => {
  const scanned = { ...homes, sequentialScans: 500, sequentialRows: 500 * 100_000 };
  const statement = (text: string, changed: Partial<StatementFacts> = {}): StatementFacts => {
    return { text, calls: 500, rowsPerCall: 3, pagesPerCall: 1_000, msPerCall: 20, ...changed };
  };
  const verdict = (facts: Partial<DatabaseFacts>) => judged({ tables: [scanned], ...facts });

  it('lacks the index that the statements behind it look for', () => {
    const text = 'select * from homes h where h.city = $1 and h.price < $2 limit $3';
    expect(verdict({ statements: [statement(text)] })).toEqual([
      expect.objectContaining({
        kind: 'missing',
        verdict: 'wrong',
        table: 'homes',
        mend: ['create index concurrently homes_city_price on homes (city, price)'],
        statements: [expect.stringContaining(text)],
      }),
    ]);
  });

  it('lacks one index for all statements that it serves, under a name that is free', () => {
    const statements = ['city = $1', 'city = $1 and price > $2', 'price = $1 and city = $2'].map((condition) =>
      statement(`select * from homes where ${condition}`),
    );
    const taken = index('homes_city_price', ['sold']);
    const found = verdict({ statements, indexes: [taken] });
    expect(found.map(({ mend }) => mend)).toEqual([
      ['create index concurrently homes_city_price_2 on homes (city, price)'],
    ]);
    expect(found[0]?.statements).toHaveLength(3);
  });

  it('is fine when it is small, or read so seldom', () => {
    expect(verdict({ tables: [{ ...scanned, sequentialScans: 20 }] })).toEqual([]);
    expect(verdict({ tables: [{ ...scanned, sequentialRows: 5_000 }] })).toEqual([]);
  });

  it.each<[string, Partial<DatabaseFacts>, string]>([
    ['no statement is known', { statements: undefined }, 'pg_stat_statements'],
    [
      'the statements that name it touch few of its pages',
      { statements: [statement('select * from homes where city = $1', { pagesPerCall: 5 })] },
      'no statement',
    ],
    ['half of it is looked for', { statements: [statement('select * from homes where sold = $1')] }, '50 %'],
    [
      'the variety of the column is unknown',
      { statements: [statement('select * from homes where note = $1')] },
      'unknown',
    ],
    [
      'no column is compared with a value',
      { statements: [statement('select count(*) from homes')] },
      'not a plain comparison',
    ],
    [
      'an index would fit',
      { statements: [statement('select * from homes where city = $1')], indexes: [index('a', ['city'])] },
      'although a fits',
    ],
  ])('is told as unknown when %s', (_what, facts, why) => {
    expect(verdict(facts)).toEqual([
      expect.objectContaining({ kind: 'missing', verdict: 'unknown', why: expect.stringContaining(why) }),
    ]);
  });
});

describe('the columns that a statement looks for', () => {
  const looked = (text: string) => soughtColumns(text, { called: 'homes', columns: homes.columns });

  it.each<[string, string[], string[]]>([
    ['select 1 from homes where city = $1', ['city'], []],
    ['select 1 from homes where city in ($1, $2) and price between $3 and $4', ['city'], ['price']],
    ['update homes as x set note = $1 where x.city = any($2)', ['city'], []],
    ['select 1 from leads l join "homes" h on l.home = h.id where h.price >= $1 and l.city = $2', [], ['price']],
    ['select city = $1 from homes', [], []],
    ['select 1 from homes_old where city = $1', [], []],
    ['select 1 from homes where lower(city) = $1', [], []],
    ['select 1 from homes where capacity = $1', [], []],
  ])('%s', (text, equal, range) => {
    expect(looked(text)).toEqual({ equal, range });
  });
});

describe('a statement in the report', () => {
  it.each([
    [`select * from leads where phone = '+1 512 555 0100' limit 5`, 'select * from leads where phone = ? limit ?'],
    [String.raw`select E'it\'s Dana', $1, 'O''Hara'`, 'select ?, $1, ?'],
    ['/* for Dana */ select 1 -- 555 0100', 'select ?'],
    ['select $$Dana$$, $x$555$x$ from t1 where a = $12', 'select ?, ? from t1 where a = $12'],
  ])('carries no literal: %s', (text, bare) => {
    expect(withoutLiterals(text)).toBe(bare);
  });

  it('is left out when its text is cut off inside a literal', () => {
    expect(withoutLiterals(`select 'Dana`)).toBeUndefined();
  });
});
