import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { main } from '../../cli/main.ts';
import { type Brokerage, type Contact, installBrokerage, MESSAGES } from '../support/brokerage.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

/** Replaying, end to end: the product as users start it, its command line, and what reaches the CRM. */

let product: Product;
let team: Brokerage;
beforeAll(async () => {
  product = await startProduct('replay');
  team = await installBrokerage(product);
});
afterAll(() => product.stop());

type Said = Record<string, unknown> & { items: Record<string, unknown>[] };

async function leadwright(...args: string[]): Promise<{ code: number; said: Said }> {
  let out = '';
  const io = {
    out: (text: string) => void (out += text),
    err: () => undefined,
    ...{ terminal: false, colour: false, env: {}, cwd: product.home },
  };
  const code = await main([...args, '--json', '--home', product.home], io);
  return { code, said: JSON.parse(out) as Said };
}

/** An event that came in time and was parked then: whatever stopped it, nobody looked until now. */
async function parked(contact: Contact, minutesAgo: number): Promise<string> {
  const at = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  const event = team.contactEvent('ContactCreate', contact, { timestamp: at });
  const rows = await product.sql<{ id: string }>(
    `insert into inbox (location_id, contact_id, source, event_key, body_hash, type, kind, occurred_at, received_at, verdict, reason, worked_at, body, headers)
      values ($1, $2, 'marketplace', $3, 'h', 'ContactCreate', 'contact.created', $4, $4, 'parked', 'TASK_TIMEOUT', $4, $5, '{}') returning inbox_id as id`,
    [team.locationId, contact.id, randomUUID(), at, Buffer.from(JSON.stringify(event))],
  );
  return rows[0]!.id;
}

const sends = async (contact: Contact) =>
  (await team.effects(contact)).filter((effect) => ['SMS', 'Email', 'task'].includes(effect));

describe('a parked event that is replayed', () => {
  it('more than fifteen minutes after it happened texts nobody and asks the team to call', async () => {
    const contact = await team.contact();
    const id = await parked(contact, 20);
    const listed = await leadwright('webhooks', 'parked');
    expect(listed.said.items).toMatchObject([
      { inboxId: id, words: expect.stringContaining('did not finish in time') },
    ]);
    const looked = await leadwright('webhooks', 'replay', id);
    expect(looked.said).toMatchObject({
      applied: false,
      old: true,
      changes: { tasks: ['Call this new lead: we heard of it late'] },
    });
    expect(looked.said['changes']).not.toHaveProperty('sends');
    expect((await leadwright('webhooks', 'replay', id, '--apply')).said).toMatchObject({ applied: true });
    await team.settled();
    await until(async () => (await sends(contact)).includes('task'));
    expect(await sends(contact)).toEqual(['task']);
    expect(await team.verdictOf(id)).toMatchObject({ verdict: 'worked' });
  });

  it('within fifteen minutes is worked as if it had just come: the welcome goes out', async () => {
    const contact = await team.contact();
    const id = await parked(contact, 5);
    const looked = await leadwright('webhooks', 'replay', id);
    expect(looked.said).toMatchObject({ old: false, changes: { sends: [expect.stringMatching(/^SMS 1 of/)] } });
    await leadwright('webhooks', 'replay', id, '--apply');
    await until(async () => (await team.texts(contact)).length > 0);
    expect(await team.texts(contact)).toHaveLength(1);
    expect(await sends(contact)).not.toContain('task');
  });
});

describe('a range that is replayed', () => {
  it('doubles nothing of what was worked already', async () => {
    const from = new Date(Date.now() - 1000).toISOString();
    const people = await Promise.all([1, 2, 3].map(() => team.contact()));
    for (const contact of people) await team.deliver(team.contactEvent('ContactCreate', contact));
    for (const contact of people) {
      await until(async () => (await team.texts(contact)).length > 0);
      await team.deliver(team.messageEvent(contact, 'We want to buy within three months, up to 500k'));
    }
    await team.settled();
    // Each is welcomed by a text, and its answer becomes a task of the team.
    for (const contact of people) await until(async () => (await sends(contact)).includes('task'));
    await until(
      async () =>
        (
          await product.sql(`select from outbox where state in ('claimed', 'sending') and location_id = $1`, [
            team.locationId,
          ])
        ).length === 0,
    );
    const before = await Promise.all(people.map(sends));
    // Until now: what the CRM tells of our last writes may still be on its way. What came before now may still have to be stored.
    const range = ['--from', from, '--to', new Date().toISOString(), '--location', team.locationId];
    await team.settled();
    let looked = await leadwright('webhooks', 'replay', ...range);
    await until(async () => {
      const before = looked.said['events'];
      await pause(1000);
      looked = await leadwright('webhooks', 'replay', ...range);
      return looked.said['events'] === before;
    });
    expect(looked.said['events']).toBeGreaterThanOrEqual(6);
    for (const { changes } of looked.said.items) expect(changes).not.toHaveProperty('enrolments.begin.0');
    const done = await leadwright('webhooks', 'replay', ...range, '--apply');
    expect(done).toMatchObject({
      code: 0,
      said: { events: looked.said['events'], done: looked.said['events'], passed: 0 },
    });
    await team.settled();
    // Whatever were to go out twice would go out within its first seconds.
    await pause(3000);
    expect(await Promise.all(people.map(sends))).toEqual(before);
  });
});

describe('a send of unknown outcome', () => {
  it('is tried again once a person is sure that it did not go out, and then has gone out once', async () => {
    const contact = await team.contact();
    await team.fault('POST', MESSAGES, { times: 1, status: 500 });
    await team.deliver(team.contactEvent('ContactCreate', contact));
    const lead = `${team.locationId}/${contact.id}`;
    const unknown = async () =>
      (await leadwright('sends', 'unknown', '--location', team.locationId)).said.items.find(
        ({ contactId }) => contactId === contact.id,
      );
    await until(async () => (await unknown()) !== undefined);
    const sendId = String((await unknown())?.['sendId']);
    expect(await leadwright('sends', 'not-sent', lead, sendId, '--again')).toMatchObject({
      code: 1,
      said: { error: { code: 'SEND_NOT_SURE' } },
    });
    expect(await team.texts(contact)).toEqual([]);
    expect((await leadwright('sends', 'not-sent', lead, sendId, '--again', '--sure')).said).toMatchObject({
      state: 'not-sent',
    });
    await until(async () => (await team.texts(contact)).length > 0);
    expect(await team.texts(contact)).toHaveLength(1);
    await until(async () => (await team.outbox(contact)).some(({ state }) => state === 'sent'));
    expect(await unknown()).toBeUndefined();
    expect(await leadwright('sends', 'not-sent', lead, sendId)).toMatchObject({
      code: 1,
      said: { error: { code: 'SEND_STATE' } },
    });
  });
});
