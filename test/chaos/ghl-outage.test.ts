import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { measureOutage } from '../bench/ghl-outage.ts';
import { type Product, startProduct } from '../support/product.ts';

/**
 * Half a minute without the CRM of one location, half of its calls hanging and half refused, while events come in for it and for another.
 * How long the other's take is for `npm run bench -- ghl` to say; here all must be there in the end, and once.
 */

let product: Product;

beforeAll(async () => {
  product = await startProduct('outage');
});

afterAll(() => product?.stop());

it('delays what is to be done in one location and loses nothing of it; the other location is served meanwhile', async () => {
  const line = product.line();
  const running = { apiUrl: line.urls.api, ghlUrl: line.urls.ghl!, apiToken: line.apiToken, sql: product.sql };
  const found = await measureOutage(
    { running, line },
    { outageMs: 30_000, events: 150, normalMs: 5_000 },
    () => undefined,
  );
  expect(found).toMatchObject({ notApplied: 0, writtenTwice: 0 });
  // Every new lead of the neighbour was brought to its plan while the other location could not be.
  expect(found.during).toHaveLength(30);
  expect(found.appliedMeanwhile).toBe(30);
  expect(found.parts['callsThatFailed']).toBeGreaterThan(20);
}, 600_000);
