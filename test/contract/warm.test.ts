import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { compose, type Product } from '../../platform/compose.ts';
import { readConfig } from '../../platform/config.ts';
import { createLogger } from '../../platform/logger.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';

/** A process opens connections ahead, so that the first leads that are read wait for no more than those after them. */

let db: TestDatabase;
let home: string;
let product: Product;

beforeAll(async () => {
  db = await createTestDatabase();
  home = await mkdtemp(join(tmpdir(), 'leadwright-warm-'));
  const config = readConfig({ LEADWRIGHT_HOME: home }, home);
  const nowhere = { temporalAddress: '127.0.0.1:1', temporalUiUrl: undefined, redisUrl: undefined };
  const crm = { ghlBaseUrl: 'http://127.0.0.1:1', appId: 'app', webhookKeysPem: undefined };
  product = await compose(config, { ...nowhere, ...crm, databaseUrl: db.appUrl }, createLogger({ level: 'silent' }));
});
afterAll(async () => {
  await product.close();
  await rm(home, { recursive: true, force: true });
  await db.drop();
});

interface Connection {
  readonly pid: number;
  readonly planned: boolean;
}

/** Of this many connections of the product's pool, taken at the same time. */
async function connections(count: number): Promise<readonly Connection[]> {
  const taken = await Promise.all(Array.from({ length: count }, () => product.tenants.at('loc').checkout()));
  try {
    return await Promise.all(
      taken.map(async ({ client, ready }) => {
        await ready;
        const { rows } = await client.query<Connection>(
          `select pg_backend_pid() as pid,
            exists (select from pg_prepared_statements where name = 'scores-known' and generic_plans > 0) as planned`,
        );
        return rows[0]!;
      }),
    );
  } finally {
    for (const { release } of taken) release();
  }
}

it('has four of them ready, with their largest statement planned, and does so once', async () => {
  await Promise.all([product.warm(), product.warm()]);
  const found = await connections(5);
  expect(new Set(found.map(({ pid }) => pid)).size).toBe(5);
  expect(found.filter(({ planned }) => planned)).toHaveLength(4);
  await product.warm();
  expect((await connections(5)).filter(({ planned }) => planned)).toHaveLength(4);
});
