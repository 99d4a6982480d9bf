import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createInboxStore } from '../../integrations/postgres/inbox.ts';
import { createLeadStore } from '../../integrations/postgres/leads.ts';
import { type Pool, createPool, poolPlace, stored, transaction } from '../../integrations/postgres/pool.ts';
import { type Tenants, createTenants } from '../../integrations/postgres/tenants.ts';
import { type CuttableProxy, cuttableProxy } from '../support/cuttable-proxy.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { inboxEvent, leadRules, newRef } from '../support/records.ts';
import { until } from '../support/until.ts';

let db: TestDatabase;
let proxy: CuttableProxy;
let pool: Pool;
let tenants: Tenants;
const broken: Error[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  const { hostname, port } = new URL(db.url);
  proxy = await cuttableProxy({ host: hostname, port: Number(port) });
  const options = {
    max: 2,
    applicationName: 'pool-test',
    connectMs: 5_000,
    statementMs: 5_000,
    onIdleError: (error: Error) => void broken.push(error),
  };
  pool = createPool(throughProxy(db.url), options);
  tenants = createTenants(throughProxy(db.appUrl), options);
});
afterAll(async () => {
  await Promise.all([pool.end(), tenants.close()]);
  await proxy.close();
  await db.drop();
});

function throughProxy(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  return url.toString();
}

describe('the pool', () => {
  it('reads instants as ISO strings and bigints as numbers, in whatever zone the server speaks', async () => {
    const { rows } = await pool.query(
      `select timestamptz '2026-03-02 15:00:00.5+00' as at, timestamptz '1999-12-31 23:59:59.999-07' as old, 9007199254740991::bigint as big`,
    );
    expect(rows).toEqual([
      { at: '2026-03-02T15:00:00.500Z', old: '2000-01-01T06:59:59.999Z', big: Number.MAX_SAFE_INTEGER },
    ]);
  });

  it('ends a statement that takes too long, and works on', async () => {
    await expect(stored(() => pool.query('select pg_sleep(30)'))).rejects.toMatchObject({ code: 'STORE_AWAY' });
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('rolls back what failed and gives its client back clean', async () => {
    const failing = transaction(poolPlace(pool), async (client) => {
      await client.query(
        `insert into acts (location_id, contact_id, act_id, action, at) values ('l', 'c', 'a', 'pause', now())`,
      );
      await client.query('select 1/0');
    });
    await expect(stored(() => failing)).rejects.toMatchObject({ code: 'BAD_VALUE' });
    expect((await pool.query('select count(*)::int as n from acts')).rows).toEqual([{ n: 0 }]);
    expect(pool.totalCount - pool.idleCount).toBe(0);
  });

  it('says that the store is away, with a code, while the server hangs, and recovers', async () => {
    proxy.swallow();
    const asked = [
      createLeadStore(tenants, leadRules).load(newRef()),
      createInboxStore(tenants).accept(inboxEvent(newRef())),
      createInboxStore(tenants).accept(inboxEvent(newRef(), { optOut: { personHashes: [], channels: ['sms'] } })),
    ];
    const results = await Promise.allSettled(asked);
    expect(results.map((result) => result.status === 'rejected' && result.reason.code)).toEqual([
      'STORE_AWAY',
      'CANNOT_STORE',
      'CANNOT_STORE',
    ]);
    proxy.restore();
    expect((await createInboxStore(tenants).accept(inboxEvent(newRef()))).kind).toBe('accepted');
  });

  it('survives connections that break while idle, and tells of them', async () => {
    await pool.query('select 1');
    broken.length = 0;
    proxy.cut();
    await until(() => broken.length > 0);
    await expect(createInboxStore(tenants).accept(inboxEvent(newRef()))).rejects.toMatchObject({
      code: 'CANNOT_STORE',
    });
    proxy.restore();
    expect((await createInboxStore(tenants).accept(inboxEvent(newRef()))).kind).toBe('accepted');
  });

  it('survives a connection that breaks between two statements of a transaction', async () => {
    const failing = transaction(poolPlace(pool), async (client) => {
      await client.query('select 1');
      const ended = new Promise<void>((resolve) => client.once('end', resolve));
      proxy.cut();
      await ended;
      await client.query('select 2');
    });
    await expect(stored(() => failing)).rejects.toMatchObject({ code: 'STORE_AWAY' });
    proxy.restore();
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    expect(pool.totalCount - pool.idleCount).toBe(0);
  });

  it("keeps what it refused out of the message, since it may be a lead's words", async () => {
    const error = await stored(() => pool.query('select $1::integer', ['secret words'])).catch(
      (failure: unknown) => failure,
    );
    expect(error).toMatchObject({ code: 'BAD_VALUE' });
    expect((error as Error).message).not.toContain('secret');
  });
});
