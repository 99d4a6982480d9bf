import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { main } from '../../cli/main.ts';
import { record } from '../../integrations/postgres/analytics.ts';
import { addEvents } from '../../integrations/postgres/listings.ts';
import { prune } from '../../integrations/postgres/prune.ts';
import { keepMonths } from '../../integrations/postgres/upkeep.ts';
import { createLogger } from '../../platform/logger.ts';
import { migrateDatabase } from '../../platform/migrations.ts';
import { createUpkeep } from '../../workers/upkeep.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { newRef } from '../support/records.ts';
import { sendsIn } from '../support/sends.ts';
import { until } from '../support/until.ts';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const months = async (): Promise<string[]> =>
  (
    await db.pool.query<{ month: string }>(
      `select replace(right(c.relname, 7), '_', '-') as month from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where i.inhparent = 'analytics_events'::regclass order by 1`,
    )
  ).rows.map(({ month }) => month);

/** The database's own month, so many months away. */
const month = async (away: number): Promise<string> =>
  (
    await db.pool.query<{ month: string }>(
      `select to_char(date_trunc('month', now() at time zone 'UTC') + $1 * interval '1 month', 'YYYY-MM') as month`,
      [away],
    )
  ).rows[0]!.month;

const dropMonth = (name: string): Promise<unknown> =>
  db.pool.query(`drop table if exists analytics_events_${name.replace('-', '_')}`);

describe('the months of analytics events', () => {
  const wanted = () => Promise.all([-1, 0, 1, 2].map(month));

  it('are kept from last month to the one after next, and the others are left alone', async () => {
    await db.pool.query(`select make_analytics_months('2020-02-01', '2020-02-01')`);
    for (const name of await wanted()) await dropMonth(name);
    expect(await keepMonths(db.tenants.house)).toBe(4);
    expect(await keepMonths(db.tenants.house)).toBe(0);
    expect(await months()).toEqual(['2020-02', ...(await wanted())]);
    await expect(keepMonths(db.tenants.at('here'))).rejects.toThrow();
  });

  it('are there after each migration, though no file had to be applied', async () => {
    await dropMonth(await month(2));
    expect(await migrateDatabase(db.url)).toEqual([]);
    expect(await months()).toContain(await month(2));
  });

  it('are made again and again while the process runs, also after a time that failed, and no longer once it has stopped', async () => {
    const lines: string[] = [];
    let away = true;
    const upkeep = createUpkeep(
      {
        log: createLogger({ stream: { write: (line) => void lines.push(line) } }),
        keepMonths: () => (away ? Promise.reject(new Error('away')) : keepMonths(db.tenants.house)),
        keepModelLedger: () => Promise.resolve(),
        sweepModelCalls: () => Promise.resolve(),
      },
      { everyMs: 20, soonMs: 10 },
    );
    const back = await month(2);
    await dropMonth(back);
    upkeep.start();
    await until(() => lines.filter((line) => line.includes('could not be made')).length > 1);
    away = false;
    for (let times = 0; times < 2; times++) {
      await until(async () => (await months()).includes(back));
      if (times === 0) await dropMonth(back);
    }
    await upkeep.stop();
    await dropMonth(back);
    expect(lines.filter((line) => line.includes('were made')).length).toBeGreaterThan(1);
    expect(await months()).not.toContain(back);
    await keepMonths(db.tenants.house);
  });
});

describe('deleting old history', () => {
  const OLD = '2024-03-10T12:00:00.000Z';
  const LIMIT = '2024-04-01T00:00:00.000Z';
  const EVIDENCE = ['inbox', 'outbox', 'messages', 'decisions', 'gate_verdicts', 'consents', 'suppressions', 'leads'];
  let here: string;

  const count = async (table: string, where = 'true'): Promise<number> =>
    (await db.pool.query<{ n: number }>(`select count(*) as n from ${table} where ${where}`)).rows[0]!.n;
  const evidence = (): Promise<number[]> => Promise.all(EVIDENCE.map((table) => count(table)));

  beforeEach(async () => {
    await db.pool.query(
      'truncate timeline, listing_events, analytics_events, activity_visitors, activity_hints, activity_counts, model_calls, assist_jobs, reply_drafts',
    );
    await db.pool.query(`select make_analytics_months('2024-02-01', '2024-05-01')`);
    here = newRef().locationId;
    await db.pool.query(
      `insert into assist_jobs (location_id, contact_id, job, inbox_id, asked_at, due_at, state, settled_at)
        select $1, 'c', 'read', gen_random_uuid(), $2::timestamptz, case when state = 'waiting' then $2::timestamptz end, state, at
        from (values ('waiting', null), ('done', $2::timestamptz), ('done', $3::timestamptz)) as job (state, at)`,
      [here, OLD, LIMIT],
    );
    await db.pool.query(
      `insert into reply_drafts (location_id, contact_id, answers, channel, mode, state, rung, created_at, expires_at)
        select $1, 'c', gen_random_uuid(), 'sms', 'draft', state, 'draft', $2::timestamptz, $2::timestamptz
        from unnest(array['sent', 'approved', 'rejected', 'proposed']) as state`,
      [here, OLD],
    );
    await db.pool.query(
      `insert into timeline (location_id, contact_id, at, kind, summary, refs)
       select $1 || i % 3, 'c' || i % 700, case when i <= 12000 then $2::timestamptz + i * interval '1 ms' else $3::timestamptz end, 'event', 'x', '{}'
       from generate_series(1, 12500) i`,
      [here, OLD, LIMIT],
    );
    const place = db.tenants.at(here);
    const event = (at: string) => ({ listingKey: 'k', at, kind: 'new' as const, priceBefore: null, priceAfter: null });
    await addEvents(place, here, [OLD, '2024-03-31T23:59:59.999Z', LIMIT].map(event));
    const seen = (at: string, index: number) => ({
      eventId: `00000000-0000-4000-8000-00000000000${index}`,
      at,
      type: 'page',
      contactId: null,
      detail: {},
    });
    await record(place, here, ['2024-02-29T12:00:00Z', OLD, LIMIT, '2024-05-31T23:00:00Z'].map(seen));
    await db.pool.query(
      `insert into activity_visitors (location_id, visitor, seen_at)
       select $1, 'v' || i, case when i <= 5001 then $2::timestamptz else $3::timestamptz end from generate_series(1, 5003) i`,
      [here, OLD, LIMIT],
    );
    await db.pool.query(
      `insert into activity_hints (location_id, person_hash, visitor) select $1, 'h', 'v' || i from unnest(array[1, 5001, 5002]) i`,
      [here],
    );
    await db.pool.query(
      `insert into activity_counts (location_id, day, kind, events) values ($1, $2, 'page.view', 7)`,
      [here, OLD],
    );
    await db.pool.query(
      `insert into model_calls (location_id, call_key, attempt, job, model, batch, at, until, state, billed, up_to, prints, marks)
       select $1, 'k' || i, 1, 'draft', 'm', false, t, t, case i when 1 then 'sent' else 'billed' end, 0, 1, '{}', '[]'
       from generate_series(1, 5003) i, lateral (select case when i <= 5002 then $2::timestamptz else $3::timestamptz end) as times (t)`,
      [here, OLD, LIMIT],
    );
    const sends = sendsIn(db.tenants);
    await sends.sent(await sends.lead(), OLD, { state: 'sent', vendorId: `v-${here}` });
  });

  const quiet = { say: () => undefined };

  it('counts and changes nothing unless it is told to', async () => {
    const held = async () => [
      await evidence(),
      await count('timeline'),
      await count('activity_visitors'),
      await months(),
    ];
    const before = await held();
    expect(await prune(db.pool, LIMIT, { apply: false, ...quiet })).toEqual({
      before: LIMIT,
      applied: false,
      timeline: 12_000,
      listingEvents: 2,
      analytics: { months: expect.arrayContaining(['2024-02', '2024-03']), events: 2 },
      visitors: 5_001,
      hints: 2,
      modelCalls: 5_001,
      assistant: 3,
    });
    expect(await held()).toEqual(before);
  });

  it('deletes what lies before the instant, in batches, and whole months, and leaves all evidence as it is', async () => {
    const before = await evidence();
    expect(Math.min(...before.slice(0, 2))).toBeGreaterThan(0);
    const lines: string[] = [];
    const pruned = await prune(db.pool, LIMIT, { apply: true, say: (line) => void lines.push(line) });
    expect(pruned).toMatchObject({ applied: true, timeline: 12_000, listingEvents: 2, analytics: { events: 2 } });
    expect(lines.filter((line) => line.startsWith('timeline'))).toEqual([
      'timeline: 5000 deleted',
      'timeline: 10000 deleted',
      'timeline: 12000 deleted',
    ]);
    expect(await count('timeline')).toBe(500);
    expect(await count('timeline', `at < '${LIMIT}'`)).toBe(0);
    expect(await count('listing_events')).toBe(1);
    expect(await count('analytics_events')).toBe(2);
    expect((await months()).filter((name) => name < '2025')).toEqual(['2024-04', '2024-05']);
    expect(await evidence()).toEqual(before);
    expect(await prune(db.pool, LIMIT, { apply: true, ...quiet })).toMatchObject({ timeline: 0, listingEvents: 0 });
  });

  it('forgets who visitors were that did not come since, with their hints, and keeps the others and all numbers', async () => {
    const lines: string[] = [];
    const pruned = await prune(db.pool, LIMIT, { apply: true, say: (line) => void lines.push(line) });
    expect(pruned).toMatchObject({ visitors: 5_001, hints: 2 });
    expect(lines.filter((line) => line.startsWith('activity'))).toEqual([
      'activity_visitors: 5000 deleted',
      'activity_visitors: 5001 deleted',
    ]);
    expect(await count('activity_visitors')).toBe(2);
    expect(await count('activity_hints', `visitor = 'v5002'`)).toBe(1);
    expect(await count('activity_hints')).toBe(1);
    expect(await count('activity_counts')).toBe(1);
    expect(await prune(db.pool, LIMIT, { apply: true, ...quiet })).toMatchObject({ visitors: 0, hints: 0 });
  });

  it('forgets what calls of models cost, and none that is still under way', async () => {
    expect(await prune(db.pool, LIMIT, { apply: true, ...quiet })).toMatchObject({ modelCalls: 5_001 });
    expect(await count('model_calls')).toBe(2);
    expect(await count('model_calls', `state = 'sent'`)).toBe(1);
  });

  it('forgets what an assistant read and drafted in vain, and nothing that waits or went out', async () => {
    expect(await prune(db.pool, LIMIT, { apply: true, ...quiet })).toMatchObject({ assistant: 3 });
    expect(await count('assist_jobs', `state = 'waiting'`)).toBe(1);
    expect(await count('assist_jobs')).toBe(2);
    expect(await count('reply_drafts')).toBe(2);
    expect(await count('reply_drafts', `state in ('sent', 'approved')`)).toBe(2);
  });

  it('keeps the month that the instant lies in', async () => {
    await prune(db.pool, '2024-03-31T23:59:59.000Z', { apply: true, ...quiet });
    expect((await months()).filter((name) => name < '2025')).toEqual(['2024-03', '2024-04', '2024-05']);
    expect(await count('listing_events')).toBe(2);
  });

  it('ended in the middle has deleted whole batches, and the next run goes on', async () => {
    const broken = prune(db.pool, LIMIT, {
      apply: true,
      say: () => {
        throw new Error('ended');
      },
    });
    await expect(broken).rejects.toThrow('ended');
    expect(await count('timeline')).toBe(7_500);
    expect(await prune(db.pool, LIMIT, { apply: true, ...quiet })).toMatchObject({ timeline: 7_000 });
    expect(await count('timeline')).toBe(500);
  });

  describe('by leadwright db prune', () => {
    async function run(...args: string[]): Promise<{ exitCode: number; out: string; err: string }> {
      let [out, err] = ['', ''];
      const io = {
        out: (text: string) => void (out += text),
        err: (text: string) => void (err += text),
        terminal: false,
        colour: false,
        env: { DATABASE_URL: db.url },
        cwd: process.cwd(),
      };
      return { exitCode: await main(['db', 'prune', ...args], io), out, err };
    }

    it('is a dry run that says how it is made a real one, which tells what it does', async () => {
      const dry = await run('--before', '2024-04-01');
      expect(dry).toMatchObject({ exitCode: 0, err: '' });
      expect(dry.out).toContain('12000 entries of timelines');
      expect(dry.out).toContain('--apply');
      expect(await count('timeline')).toBe(12_500);
      const wet = await run('--before', '2024-04-01', '--apply', '--json');
      expect(JSON.parse(wet.out)).toMatchObject({ before: LIMIT, applied: true, timeline: 12_000, listingEvents: 2 });
      expect(wet.err).toContain('timeline: 5000 deleted\n');
      expect(wet.err).toContain('analytics_events: month 2024-03 dropped\n');
    });

    it.each(['2024-02-30', 'yesterday', '2024-04-01T12:00:00Z', '9999-01-01', ''])('refuses %j', async (day) => {
      expect((await run('--before', day, '--apply')).exitCode).toBe(2);
      expect(await count('timeline')).toBe(12_500);
    });

    it('asks for the day', async () => {
      expect((await run('--apply')).exitCode).toBe(2);
    });
  });
});
