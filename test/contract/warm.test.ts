import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { runApi } from '../../cli/app.ts';
import { compose, type Product } from '../../platform/compose.ts';
import { readConfig } from '../../platform/config.ts';
import { createLogger } from '../../platform/logger.ts';
import { createShutdown } from '../../platform/shutdown.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';

/** A process opens connections ahead, so that the first leads that are read wait for no more than those after them. */

let db: TestDatabase;
let home: string;
let product: Product;
const log = createLogger({ level: 'silent' });
const shutdown = createShutdown({ log });

beforeAll(async () => {
  db = await createTestDatabase();
  home = await mkdtemp(join(tmpdir(), 'leadwright-warm-'));
  const config = readConfig({ LEADWRIGHT_HOME: home, PORT: '0' }, home);
  const nowhere = { temporalAddress: '127.0.0.1:1', temporalUiUrl: undefined, redisUrl: undefined };
  const crm = { ghlBaseUrl: 'http://127.0.0.1:1', claudeBaseUrl: undefined, appId: 'app', webhookKeysPem: undefined };
  const endpoints = { ...nowhere, ...crm, resoBaseUrl: undefined, databaseUrl: db.appUrl };
  product = await compose(config, endpoints, createLogger({ level: 'silent' }));
});
afterAll(async () => {
  await shutdown.stop('the test is over');
  await product.close();
  await rm(home, { recursive: true, force: true });
  await db.drop();
});

/**
 * How many connections of the product's pool have planned the statement; all are taken at the same time. Null: one of them did not stand
 * within the product's two seconds.
 */
async function planned(): Promise<number | null> {
  const asked = await Promise.allSettled(Array.from({ length: 16 }, () => product.tenants.at('loc').checkout()));
  const taken = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  try {
    if (taken.length < asked.length) return null;
    const found = await Promise.all(
      taken.map(async ({ client, ready }) => {
        await ready;
        return client.query(`select from pg_prepared_statements where name = 'scores-known' and generic_plans > 0`);
      }),
    );
    return found.filter(({ rowCount }) => rowCount === 1).length;
  } finally {
    for (const { release } of taken) release();
  }
}

it('has four of them know their largest statement once the API answers, and does so once', async () => {
  await runApi(product, shutdown);
  await until(async () => (await planned()) === 4);
  await product.warm();
  let again: number | null = null;
  await until(async () => (again = await planned()) !== null);
  expect(again).toBe(4);
});
