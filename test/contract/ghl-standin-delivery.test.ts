import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { brokerage, seedBrokerage } from '../../sandbox/vendors/ghl/seed.ts';
import { client, control, removeHome, startStandIn } from '../support/ghl-standin.ts';
import type { RunningStandIn } from '../support/ghl-standin.ts';
import { startReceiver } from '../support/webhook-receiver.ts';
import type { Receiver } from '../support/webhook-receiver.ts';

let standIn: RunningStandIn;
let receiver: Receiver;
const { locationId } = brokerage;
const [casey = ''] = brokerage.contactIds;
const send = client(() => standIn, brokerage.token);
const params = { contactId: casey };
const asBefore = { retryPolicy: null, retryBaseMs: null, duplicates: null, shuffleMs: null, sparseTasks: null };

beforeAll(async () => {
  standIn = await startStandIn();
  receiver = await startReceiver();
});

beforeEach(async () => {
  await control(standIn, 'reset');
  await seedBrokerage(standIn.url);
  await control(standIn, 'app', { webhookUrl: receiver.url, ...asBefore });
  Object.assign(receiver, { statuses: [202], received: [] });
});

afterAll(async () => {
  receiver.close();
  await standIn.end('SIGTERM');
  removeHome(standIn);
});

interface Shown {
  readonly status: string;
  readonly attempts: readonly { readonly at: string }[];
}

/** A delivery, once nothing more will happen to it. */
async function ended(webhookId: unknown): Promise<Shown> {
  const route = `webhooks/${String(webhookId)}`;
  for (;;) {
    const shown = (await control(standIn, route, undefined, 'GET')).body as unknown as Shown;
    if (shown.status === 'delivered' || shown.status === 'failed') return shown;
  }
}

async function deliver(): Promise<Shown> {
  const sent = await control(standIn, 'webhooks', { type: 'ContactUpdate', body: { id: casey } });
  return ended(sent.body['webhookId']);
}

describe('the older policy of retries', () => {
  beforeEach(async () => {
    await control(standIn, 'app', { retryPolicy: 'only-429', retryBaseMs: 20 });
  });

  it('repeats after a 429, six times and evenly spaced', async () => {
    receiver.statuses = [429];
    const { status, attempts } = await deliver();
    expect([status, attempts.length, receiver.received.length]).toEqual(['failed', 7, 7]);
    const times = attempts.map(({ at }) => Date.parse(at));
    const pauses = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    for (const pause of pauses) expect(pause).toBeGreaterThanOrEqual(14);
    receiver.statuses = [429, 429, 200];
    expect(await deliver()).toMatchObject({ status: 'delivered', attempts: [{}, {}, {}] });
  });

  it.each([500, 404, 302])('loses an event that is answered %i for ever', async (status) => {
    receiver.statuses = [status];
    expect(await deliver()).toMatchObject({ status: 'failed', attempts: [{ status }] });
    expect(receiver.received).toHaveLength(1);
  });
});

describe('disorder', () => {
  it('brings every event twice under one webhookId, if the app wants it so', async () => {
    await control(standIn, 'app', { duplicates: 1 });
    await send('POST /contacts/{contactId}/tags', { params, body: { tags: ['twice'] } });
    await receiver.until(({ length }) => length === 2);
    const [one, other] = receiver.received;
    expect(one?.raw.equals(other?.raw ?? Buffer.of())).toBe(true);
  });

  it('makes events overtake each other', async () => {
    await control(standIn, 'app', { shuffleMs: 200 });
    const tags = Array.from({ length: 20 }, (_nothing, index) => `tag-${index}`);
    for (const tag of tags) await send('POST /contacts/{contactId}/tags', { params, body: { tags: [tag] } });
    await receiver.until(({ length }) => length === tags.length);
    const sizes = receiver.received.map(({ event }) => (event['tags'] as string[]).length);
    expect(sizes).not.toEqual([...sizes].sort((one, other) => one - other));
    expect(new Set(sizes).size).toBe(tags.length);
  });
});

describe('the odd ones among the events', () => {
  it('records and relations come without a type', async () => {
    const key = 'custom_objects.listings';
    await control(standIn, 'objects', { id: 'object1', locationId, key });
    const sent = { params: { schemaKey: key }, body: { locationId, properties: { address: '1 Pier', beds: 3 } } };
    const { record } = (await send('POST /objects/{schemaKey}/records', sent)).body;
    await receiver.until(({ length }) => length === 1);
    const event = receiver.received[0]?.event ?? {};
    expect(event).toMatchObject({ id: record?.['id'], locationId, owners: [], followers: [] });
    expect(event['properties']).toEqual([
      { key: 'address', valueString: '1 Pier' },
      { key: 'beds', valueString: '3' },
    ]);
    expect(event['type']).toBeUndefined();
    expect(event['webhookId']).toMatch(/^[0-9a-f-]{36}$/);
    const association = { id: 'association1', locationId, key: 'saved', firstObjectKey: 'contact' };
    await control(standIn, 'associations', { ...association, secondObjectKey: key });
    const ends = { associationId: 'association1', firstRecordId: casey, secondRecordId: String(record?.['id']) };
    await send('POST /associations/relations', { body: { locationId, ...ends } });
    await receiver.until(({ length }) => length === 2);
    expect(receiver.received[1]?.event).toMatchObject({ ...ends, firstObjectKey: 'contact', locationId });
    expect(receiver.received[1]?.event['type']).toBeUndefined();
  });

  it('a task comes without its contact, if the app wants it so', async () => {
    await control(standIn, 'app', { sparseTasks: true });
    const body = { title: 'Call', body: 'Soon', dueDate: '2026-03-01', completed: false };
    await send('POST /contacts/{contactId}/tasks', { params, body });
    await receiver.until(({ length }) => length === 1);
    const event = receiver.received[0]?.event ?? {};
    expect(event).toMatchObject({ type: 'TaskCreate', title: 'Call', locationId });
    expect([event['contactId'], event['body']]).toEqual([undefined, undefined]);
  });

  it('the app’s registration takes nothing that it does not know', async () => {
    const refused = [{ retryPolicy: 'never' }, { duplicates: 2 }, { colour: 'red' }, { redirectUris: ['nowhere'] }];
    for (const change of refused) expect((await control(standIn, 'app', change)).status).toBe(400);
    const outside = await control(standIn, 'app', { webhookUrl: 'https://example.com/hook' });
    expect(outside.body['error']).toBe('url must be on this machine');
  });
});
