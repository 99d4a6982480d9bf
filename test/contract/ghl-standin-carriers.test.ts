import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { brokerage, seedBrokerage } from '../../sandbox/vendors/ghl/seed.ts';
import { client, control, removeHome, startStandIn } from '../support/ghl-standin.ts';
import type { Answered, RunningStandIn } from '../support/ghl-standin.ts';
import { until } from '../support/until.ts';
import { startReceiver } from '../support/webhook-receiver.ts';
import type { Receiver } from '../support/webhook-receiver.ts';

let standIn: RunningStandIn;
let receiver: Receiver;
const [casey = '', robin = ''] = brokerage.contactIds;
const send = client(() => standIn, brokerage.token);
const sms = { body: { type: 'SMS', contactId: casey, message: 'Hello' } };

beforeAll(async () => {
  standIn = await startStandIn();
  receiver = await startReceiver();
});

beforeEach(async () => {
  await control(standIn, 'reset');
  await seedBrokerage(standIn.url);
  await control(standIn, 'app', { webhookUrl: receiver.url, statusEvents: false });
  Object.assign(receiver, { statuses: [202], received: [] });
});

afterAll(async () => {
  receiver.close();
  await standIn.end('SIGTERM');
  removeHome(standIn);
});

/** The message, once it is no longer pending. */
async function settled(messageId: unknown): Promise<Answered> {
  const params = { id: String(messageId) };
  let read: Answered | undefined;
  await until(async () => {
    read = (await send('GET /conversations/messages/{id}', { params })).body;
    return read['status'] !== ('pending' as unknown);
  });
  return read!;
}

async function dnd(contactId = casey): Promise<unknown> {
  const { contact } = (await send('GET /contacts/{contactId}', { params: { contactId } })).body;
  return contact?.['dndSettings']?.['SMS'];
}

describe('a carrier that refuses a text', () => {
  it.each([
    ['30003', 'undelivered', 'active'],
    ['30004', 'undelivered', 'permanent'],
    ['30005', 'undelivered', 'active'],
    ['30006', 'undelivered', 'active'],
    ['21610', 'failed', 'permanent'],
  ])('with %s leaves it %s and makes DND %s', async (code, status, block) => {
    await control(standIn, 'carrier', { code });
    const sent = await send('POST /conversations/messages', sms);
    expect([sent.status, sent.body['status']]).toEqual([201, 'pending']);
    await receiver.until(({ length }) => length === 3);
    expect(receiver.types()).toEqual(['ContactDndUpdate', 'OutboundMessage', 'OutboundMessage']);
    const statuses = receiver.received.map(({ event }) => event['status']).filter((one) => one !== undefined);
    expect(statuses).toEqual(['pending', status]);
    expect(JSON.stringify(receiver.received.map(({ event }) => event['messageId']))).not.toContain(code);
    const told = receiver.received.find(({ event }) => event['type'] === 'ContactDndUpdate')?.event;
    expect(told).toMatchObject({ id: casey, dndSettings: { SMS: { status: block, code } } });
    const read = await settled(sent.body['messageId']);
    expect(read['status']).toBe(status);
    expect(JSON.stringify(read)).not.toContain(code);
    const next = await send('POST /conversations/messages', sms);
    expect(next.body).toMatchObject({ statusCode: 400, message: 'Cannot send message as DND is active for SMS.' });
  });

  it('with a code that says nothing about the number blocks nothing', async () => {
    await control(standIn, 'carrier', { code: '30008' });
    const sent = await send('POST /conversations/messages', sms);
    await receiver.until(({ length }) => length === 2);
    expect((await settled(sent.body['messageId']))['status']).toBe('undelivered');
    expect([await dnd(), receiver.types()]).toEqual([undefined, ['OutboundMessage', 'OutboundMessage']]);
  });

  it('does so for one number and as often as was ordered', async () => {
    await control(standIn, 'carrier', { phone: '+12125550101', code: '30008', times: 2 });
    const results: unknown[] = [];
    for (const contactId of [robin, casey, casey, casey]) {
      const sent = await send('POST /conversations/messages', { body: { ...sms.body, contactId } });
      results.push((await settled(sent.body['messageId']))['status']);
    }
    expect(results).toEqual(['delivered', 'undelivered', 'undelivered', 'delivered']);
    expect((await control(standIn, 'carrier', {})).status).toBe(400);
  });

  it('is not forgotten over a kill between the send and the carrier’s answer', async () => {
    await control(standIn, 'app', { webhookUrl: null });
    await control(standIn, 'carrier', { code: '30004' });
    const sent = await send('POST /conversations/messages', sms);
    await control(standIn, 'app', { webhookUrl: receiver.url });
    const { home } = standIn;
    await standIn.end('SIGKILL');
    standIn = await startStandIn(home);
    await receiver.until((received) => received.some(({ event }) => event['type'] === 'ContactDndUpdate'));
    expect((await settled(sent.body['messageId']))['status']).toBe('undelivered');
    expect(await dnd()).toMatchObject({ status: 'permanent' });
  });
});

describe('messages that are delivered', () => {
  it('say so in a second event, if the app wants it, and e-mails in their statistics', async () => {
    await control(standIn, 'app', { statusEvents: true });
    await send('POST /conversations/messages', sms);
    await receiver.until(({ length }) => length === 2);
    expect(receiver.received.map(({ event }) => event['status'])).toEqual(['pending', 'delivered']);
    receiver.received = [];
    const mail = { type: 'Email', contactId: casey, subject: 'x', html: '<p>x</p>' };
    await send('POST /conversations/messages', { body: mail });
    await receiver.until(({ length }) => length === 3);
    expect(receiver.types()).toEqual(['LCEmailStats', 'OutboundMessage', 'OutboundMessage']);
  });
});

describe('STOP and START', () => {
  const inbound = async (body: string): Promise<unknown> =>
    control(standIn, 'inbound', { contactId: casey, type: 'SMS', body });

  it('are only messages, unless GHL is told to act on them', async () => {
    await inbound('STOP');
    expect(await dnd()).toBeUndefined();
    await control(standIn, 'carrier', { keywords: true });
    await inbound(' Stop. ');
    await receiver.until((received) => received.some(({ event }) => event['type'] === 'ContactDndUpdate'));
    expect(await dnd()).toMatchObject({ status: 'permanent' });
    await inbound('please stop by');
    expect(await dnd()).toMatchObject({ status: 'permanent' });
    await inbound('Unstop');
    expect(await dnd()).toMatchObject({ status: 'inactive' });
    expect((await send('POST /conversations/messages', sms)).status).toBe(201);
  });
});
