import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Brokerage, type Contact, installBrokerage } from '../support/brokerage.ts';
import { type Product, startProduct } from '../support/product.ts';
import { serversOf } from '../support/servers.ts';
import { until } from '../support/until.ts';

/**
 * P4, slowing: however much comes in for one location, and however badly its CRM answers, the neighbour's events are worked and applied
 * meanwhile. Told by order and by counts, never by the clock.
 */

const LIMIT_MS = 180_000;

let product: Product;
let noisy: Brokerage;
let neighbour: Brokerage;

beforeAll(async () => {
  product = await startProduct('p4-pace');
  noisy = await installBrokerage(product);
  neighbour = await installBrokerage(product);
});

afterAll(() => product?.stop());

it('with hundreds of events that came first: the neighbour’s are worked while part of the flood waits', async () => {
  const flooding = await some(noisy, 40);
  const few = await some(neighbour, 10);
  const { temporal: server } = serversOf(product);
  // While it is away both locations' events pile up, so that what is worked first is the product's choice and not the clock's.
  await server.stop();
  await atOnce(16, flooding.flatMap(storyOf(noisy, 9)), (event) => noisy.deliver(event));
  await atOnce(1, few.flatMap(storyOf(neighbour, 1)), (event) => neighbour.deliver(event));
  await server.start();
  for (const team of [noisy, neighbour]) await until(async () => (await waiting(team)).open === 0, LIMIT_MS);
  const [{ earlier } = { earlier: Number.NaN }] = await product.sql<{ earlier: number }>(
    `select count(*)::int as earlier from inbox where location_id = $1 and contact_id = any($2) and worked_at <
        (select max(worked_at) from inbox where location_id = $3 and contact_id = any($4))`,
    [noisy.locationId, flooding.map(({ id }) => id), neighbour.locationId, few.map(({ id }) => id)],
  );
  // One line for all would have had the whole flood worked by then.
  expect(earlier).toBeLessThan(flooding.length * 10 * 0.75);
  for (const contact of few) await expectAppliedOnce(contact);
}, 600_000);

it('with a CRM that refuses it all but one call in twenty seconds', async () => {
  const flooding = await some(noisy, 40);
  const few = await some(neighbour, 10);
  await noisy.vendor('POST', 'limits', { locationId: noisy.locationId, max: 1, intervalMs: 20_000 });
  await atOnce(16, flooding.flatMap(storyOf(noisy, 4)), (event) => noisy.deliver(event));
  await atOnce(16, few.flatMap(storyOf(neighbour, 1)), (event) => neighbour.deliver(event));
  await neighbour.settled(LIMIT_MS);
  // One call in twenty seconds does not even read a tenth of the contacts meanwhile.
  expect((await waiting(noisy)).ahead).toBeGreaterThan(flooding.length / 2);
  for (const contact of few) await expectAppliedOnce(contact);
  expect((await neighbour.ledger()).filter(({ status }) => status === 429)).toEqual([]);
  await noisy.vendor('POST', 'limits', { locationId: noisy.locationId, max: 1_000, intervalMs: 10_000 });
  await noisy.settled(LIMIT_MS);
  expect((await noisy.inbox()).filter(({ verdict }) => !['worked', 'ignored'].includes(verdict))).toEqual([]);
}, 600_000);

it('with a CRM that hangs for more of its contacts than there are places to wait in', async () => {
  const hanging = await some(noisy, 120);
  const few = await some(neighbour, 8);
  for (const { id } of hanging) await noisy.fault('GET', `/contacts/${id}`, { hang: true, times: 1_000 });
  await atOnce(16, hanging, (contact) => noisy.deliver(noisy.contactEvent('ContactCreate', contact)));
  // All places that the noisy location can get, it has by now.
  await until(async () => (await hungCalls(hanging)) >= 4, LIMIT_MS);
  await until(async () => (await waiting(noisy)).open === 0, LIMIT_MS);
  const before = await hungCalls(hanging);
  for (const contact of few) await neighbour.deliver(neighbour.contactEvent('ContactCreate', contact));
  for (const contact of few) await until(async () => (await neighbour.texts(contact)).length === 1, LIMIT_MS);
  await neighbour.settled(LIMIT_MS);
  // Calls count the time here: had the neighbour stood in one line with the hanging leads, each of them had had a turn first.
  expect((await hungCalls(hanging)) - before).toBeLessThan(hanging.length);
  expect((await waiting(noisy)).ahead).toBe(hanging.length);
  await noisy.noFaults();
  // Whoever timed out often is tried again after five minutes at most.
  await noisy.settled(600_000);
  for (const contact of hanging) expect(await noisy.effects(contact)).toContain('tag +Cold-Lead');
}, 1_200_000);

function some(team: Brokerage, count: number): Promise<Contact[]> {
  return Promise.all(Array.from({ length: count }, () => team.contact()));
}

/** A contact comes in and then writes so many times. */
function storyOf(team: Brokerage, messages: number): (contact: Contact) => Record<string, unknown>[] {
  return (contact) => [
    team.contactEvent('ContactCreate', contact),
    ...Array.from({ length: messages }, (_none, turn) => team.messageEvent(contact, `Is number ${turn} near a park?`)),
  ];
}

async function expectAppliedOnce(contact: Contact): Promise<void> {
  await neighbour.settled(LIMIT_MS);
  const effects = (await neighbour.effects(contact)).filter((effect) => /^(tag|fields)/.test(effect));
  expect(effects).toContain('tag +Cold-Lead');
  expect(effects).toEqual([...new Set(effects)]);
}

/** Works through a list, so many at a time. */
async function atOnce<T>(width: number, items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const rest = items[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const item of rest) await work(item);
    }),
  );
}

/** Events not worked, and leads whose plan is not applied. */
async function waiting({ locationId }: Brokerage): Promise<{ open: number; ahead: number }> {
  const [row] = await product.sql<{ open: number; ahead: number }>(
    `select (select count(*)::int from inbox where location_id = $1 and worked_at is null) as open,
      (select count(*)::int from leads where location_id = $1 and plan is not null and plan_version > plan_applied) as ahead`,
    [locationId],
  );
  return row!;
}

/** Calls that the vendor never answered carry no location: they are told by their contact. */
async function hungCalls(contacts: readonly Contact[]): Promise<number> {
  const { calls } = await noisy.vendor<{ calls: { path: string; status: number }[] }>('GET', 'ledger');
  const paths = new Set(contacts.map(({ id }) => `/contacts/${id}`));
  return calls.filter(({ path, status }) => status === 0 && paths.has(path)).length;
}
