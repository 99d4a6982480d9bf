import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { installAssisted, answersHarmlessly, claudeOf, fatesOf, someLeads } from '../support/assistant-burst.ts';
import type { Contact } from '../support/brokerage.ts';
import { startProduct, type Product } from '../support/product.ts';

/** A lead gets one answer, and the ledger covers the invoice, wherever in a call of the model the process is killed. */

let product: Product;

const LIMIT_MS = 180_000;
const points = ['model.after-answer', 'model.before-send', 'model.before-reserve'];

interface Row {
  readonly contactId: string;
  readonly state: string;
  readonly billed: number;
  readonly upTo: number;
  /** Begun before the kill. */
  readonly before: boolean;
}

beforeAll(async () => {
  product = await startProduct('assistant-killed', { paused: true });
  await answersHarmlessly(claudeOf(product));
});

afterAll(() => product?.stop());

it('answers once, and knows of every call that may have been billed, though it is killed before, during and after one', async () => {
  const team = await installAssisted(product);
  const contacts = await someLeads(team, points.length);
  const killed: Record<string, Contact> = {};
  // The deepest first, each with a lead of its own: one kill meets all.
  for (const [at, point] of points.entries()) {
    product.gates.hold(point);
    killed[point] = contacts[at]!;
    await team.deliver(team.messageEvent(contacts[at]!, 'is it still available?'));
    await product.gates.reached(point);
  }
  const killedAt = new Date().toISOString();
  await product.kill();
  product.gates.openAll();
  await product.start();

  const fates = await fatesOf(product, team, contacts, LIMIT_MS);
  expect(contacts.map(({ id }) => fates.get(id)?.texts)).toEqual([1, 1, 1]);
  await team.settled();
  expect([...(await fatesOf(product, team, contacts, 0)).values()].map(({ texts }) => texts)).toEqual([1, 1, 1]);

  const rows = await product.sql<Row>(
    `select contact_id as "contactId", state, billed::float8 as billed, up_to::float8 as "upTo", at < $2 as "before"
       from model_calls where location_id = $1`,
    [team.locationId, killedAt],
  );
  const { total } = await claudeOf(product)<{ total: { nano: number } }>('GET', 'invoice');
  const sum = (of: 'billed' | 'upTo') => rows.reduce((all, row) => all + row[of], 0);
  // The attempt whose answer was lost was billed; of the one that was never sent nothing is known either.
  expect(sum('billed')).toBeLessThanOrEqual(total.nano);
  expect(sum('upTo')).toBeGreaterThanOrEqual(total.nano);
  for (const point of ['model.after-answer', 'model.before-send']) {
    const own = rows.filter(({ contactId }) => contactId === killed[point]!.id);
    expect(own.filter(({ state, before }) => before && state !== 'billed')).toHaveLength(1);
  }
}, 400_000);
