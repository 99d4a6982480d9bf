import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { brokerage, deliverFirstWebhooks, seedBrokerage } from '../../sandbox/vendors/ghl/seed.ts';
import { client, control, removeHome, startStandIn } from '../support/ghl-standin.ts';
import type { RunningStandIn } from '../support/ghl-standin.ts';
import { startReceiver } from '../support/webhook-receiver.ts';
import type { Received, Receiver } from '../support/webhook-receiver.ts';

let standIn: RunningStandIn;
const { locationId } = brokerage;
const [casey = ''] = brokerage.contactIds;
const send = client(() => standIn, brokerage.token);
const params = { contactId: casey };
const sms = { body: { type: 'SMS', contactId: casey, message: 'Hello' } };

let receiver: Receiver;

beforeAll(async () => {
  standIn = await startStandIn();
  receiver = await startReceiver();
});

beforeEach(async () => {
  Object.assign(receiver, { statuses: [202], received: [] });
  await control(standIn, 'reset');
  await seedBrokerage(standIn.url);
});

afterEach(async () => {
  await control(standIn, 'app', { webhookUrl: null });
});

afterAll(async () => {
  receiver.close();
  await standIn.end('SIGTERM');
  removeHome(standIn);
});

describe('webhooks', () => {
  it('are completed, compact, and signed over the raw bytes', async () => {
    const sent = await control(standIn, 'webhooks', {
      url: receiver.url,
      type: 'ContactCreate',
      body: { id: casey, tags: ['a'] },
    });
    expect(sent.body).toMatchObject({ status: 'delivered', attempts: [{ status: 202 }] });
    const [{ raw, signature, event }] = receiver.received as [Received];
    const key = createPublicKey(readFileSync(join(standIn.home, 'keys', 'ghl-webhook.public.pem')));
    expect(verify(null, raw, key, Buffer.from(String(signature), 'base64'))).toBe(true);
    expect(verify(null, Buffer.concat([raw, Buffer.from(' ')]), key, Buffer.from(String(signature), 'base64'))).toBe(
      false,
    );
    expect(raw.toString()).toBe(JSON.stringify(event));
    expect(event).toMatchObject({
      type: 'ContactCreate',
      id: casey,
      locationId,
      appId: '5a4db0c50000000000000001',
      tags: ['a'],
    });
    expect(event['webhookId']).toMatch(/^[0-9a-f-]{36}$/);
    expect(Number.isNaN(Date.parse(String(event['timestamp'])))).toBe(false);
    const own = { webhookId: 'w1', timestamp: '2026-01-01T00:00:00.000Z', appId: 'a', locationId: 'l', versionId: 'v' };
    await control(standIn, 'webhooks', { url: receiver.url, type: 'ContactCreate', body: own });
    expect(receiver.received[1]?.event).toEqual({ ...own, type: 'ContactCreate' });
  });

  it('are tried again on any answer but 2xx until one comes, the same bytes each time', async () => {
    receiver.statuses = [500, 404, 302, 429, 200];
    const sent = await control(standIn, 'webhooks', {
      url: receiver.url,
      type: 'NoteCreate',
      body: {},
      retryBaseMs: 1,
    });
    await receiver.until(({ length }) => length >= 5);
    expect(new Set(receiver.received.map(({ raw }) => raw.toString())).size).toBe(1);
    const route = `webhooks/${String(sent.body['webhookId'])}`;
    let delivery = await control(standIn, route, undefined, 'GET');
    while ((delivery.body['status'] as unknown) === 'retrying')
      delivery = await control(standIn, route, undefined, 'GET');
    expect(delivery.body['attempts']?.map((one) => (one as { status: number }).status)).toEqual([
      500, 404, 302, 429, 200,
    ]);
  });

  it('are given up after twelve attempts, and never leave the machine', async () => {
    receiver.statuses = [500];
    const sent = await control(standIn, 'webhooks', {
      url: receiver.url,
      type: 'NoteCreate',
      body: {},
      retryBaseMs: 0.01,
    });
    const route = `webhooks/${String(sent.body['webhookId'])}`;
    let delivery = await control(standIn, route, undefined, 'GET');
    while ((delivery.body['status'] as unknown) === 'retrying')
      delivery = await control(standIn, route, undefined, 'GET');
    expect(delivery.body).toMatchObject({ status: 'failed' });
    expect(receiver.received).toHaveLength(12);
    const outside = await control(standIn, 'webhooks', {
      url: 'https://example.com/hook',
      type: 'NoteCreate',
      body: {},
    });
    expect(outside.body['error']).toBe('url must be on this machine');
  });

  it('fire for writes once the app is registered, and only for writes that change something', async () => {
    await send('POST /contacts/{contactId}/tags', { params, body: { tags: ['before'] } });
    await control(standIn, 'app', { webhookUrl: receiver.url, appId: 'app1' });
    await send('POST /contacts/{contactId}/tags', { params, body: { tags: ['before'] } });
    await send('POST /contacts/{contactId}/tags', { params, body: { tags: ['after'] } });
    await send('PUT /contacts/{contactId}', { params, body: { city: 'Albany', tags: ['only'], dnd: true } });
    await send('PUT /contacts/{contactId}', { params, body: { dnd: false } });
    await send('POST /contacts/{contactId}/tasks', {
      params,
      body: { title: 'x', dueDate: '2026-01-01', completed: false },
    });
    await send('POST /contacts/{contactId}/notes', { params, body: { body: 'x' } });
    await send('POST /conversations/messages', sms);
    await send('DELETE /contacts/{contactId}', { params });
    await receiver.until(({ length }) => length >= 9);
    const types = receiver.received.map(({ event }) => String(event['type']));
    expect(types.sort()).toEqual([
      ...[
        'ContactDelete',
        'ContactDndUpdate',
        'ContactDndUpdate',
        'ContactTagUpdate',
        'ContactTagUpdate',
        'ContactUpdate',
      ],
      ...['NoteCreate', 'OutboundMessage', 'TaskCreate'],
    ]);
    const outbound = receiver.received.find(({ event }) => event['type'] === 'OutboundMessage')?.event;
    expect(outbound).toMatchObject({
      source: 'api',
      contactId: casey,
      direction: 'outbound',
      messageType: 'SMS',
      body: 'Hello',
      appId: 'app1',
    });
  });

  it('tell of a message that came in, and store it in the conversation', async () => {
    const inbound = { contactId: casey, locationId, type: 'SMS', body: 'STOP', url: receiver.url };
    const answer = (await control(standIn, 'inbound', inbound)).body;
    expect(receiver.received[0]?.event).toMatchObject({
      ...{ type: 'InboundMessage', contactId: casey, body: 'STOP', direction: 'inbound', messageType: 'SMS' },
      messageId: answer['messageId'],
    });
    const list = { params: { conversationId: String(answer['conversationId']) } };
    const listed = (await send('GET /conversations/{conversationId}/messages', list)).body['messages'];
    expect(listed).toMatchObject({ messages: [{ direction: 'inbound', body: 'STOP' }] });
  });

  it('begin with a handful about the seeded brokerage', async () => {
    expect(await deliverFirstWebhooks(standIn.url, receiver.url)).toBe(7);
    expect(receiver.received.slice(0, 5).map(({ event }) => event['id'])).toEqual(brokerage.firstContactIds);
  });

  it('goes on delivering what was not delivered, under the same webhookId', async () => {
    receiver.statuses = [500];
    const sent = await control(standIn, 'webhooks', {
      url: receiver.url,
      type: 'ContactUpdate',
      body: { id: casey },
      retryBaseMs: 60_000,
    });
    expect(sent.body).toMatchObject({ status: 'retrying', attempts: [{ status: 500 }] });
    const { home } = standIn;
    await standIn.end('SIGKILL');
    receiver.statuses = [202];
    standIn = await startStandIn(home);
    await receiver.until(({ length }) => length >= 2);
    expect(receiver.received.map(({ event }) => event['webhookId'])).toEqual([
      sent.body['webhookId'],
      sent.body['webhookId'],
    ]);
  });

  it('keeps the key it signs with', async () => {
    const path = join(standIn.home, 'keys', 'ghl-webhook.public.pem');
    const key = readFileSync(path, 'utf8');
    const { home } = standIn;
    await standIn.end('SIGKILL');
    standIn = await startStandIn(home);
    expect(readFileSync(path, 'utf8')).toBe(key);
  });
});
