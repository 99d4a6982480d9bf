import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { brokerage, seedBrokerage } from '../../sandbox/vendors/ghl/seed.ts';
import { client, control, ledger, removeHome, startStandIn } from '../support/ghl-standin.ts';
import type { Answered, Reply, RunningStandIn } from '../support/ghl-standin.ts';
import { startReceiver } from '../support/webhook-receiver.ts';
import type { Receiver } from '../support/webhook-receiver.ts';

let standIn: RunningStandIn;
let receiver: Receiver;
const { locationId } = brokerage;
const [casey = '', robin = '', jordan = ''] = brokerage.contactIds;
const [userId = ''] = brokerage.userIds;
const send = client(() => standIn, brokerage.token);
const text = (contactId: string, message: string): object => ({ type: 'SMS', contactId, message });

beforeAll(async () => {
  standIn = await startStandIn();
  receiver = await startReceiver();
});

beforeEach(async () => {
  await control(standIn, 'reset');
  await seedBrokerage(standIn.url);
  await control(standIn, 'app', { webhookUrl: receiver.url });
  Object.assign(receiver, { statuses: [202], received: [] });
});

afterAll(async () => {
  receiver.close();
  await standIn.end('SIGTERM');
  removeHome(standIn);
});

async function act(method: string, path: string, body?: object): Promise<Reply> {
  return control(standIn, 'act', { userId, method, path, body });
}

describe('a person at work in GHL', () => {
  it('does what the API does, fires the same events, and is named as the one who wrote', async () => {
    const answer = await act('POST', '/conversations/messages', text(casey, 'This is Alex'));
    expect([answer.status, answer.body['status']]).toEqual([201, 'pending']);
    await act('POST', `/contacts/${casey}/tags`, { tags: ['called'] });
    await act('PUT', `/contacts/${casey}`, { assignedTo: userId });
    await receiver.until(({ length }) => length === 3);
    expect(receiver.types()).toEqual(['ContactTagUpdate', 'ContactUpdate', 'OutboundMessage']);
    const outbound = receiver.received.find(({ event }) => event['type'] === 'OutboundMessage')?.event;
    expect(outbound).toMatchObject({ source: 'app', userId, body: 'This is Alex', direction: 'outbound' });
    const params = { id: String(answer.body['messageId']) };
    const read = await send('GET /conversations/messages/{id}', { params });
    expect(read.body).toMatchObject({ source: 'app', userId });
  });

  it('is checked like any other caller', async () => {
    const refusals = [
      await act('POST', `/contacts/${casey}/tags`, { tags: 'called' }),
      await act('POST', '/conversations/messages', text(casey, ' ')),
      await act('GET', '/contacts/nobody'),
      await act('GET', '/contacts/search/duplicate?locationId=elsewhere&number=1'),
      await act('GET', '/pigeons'),
      await control(standIn, 'act', { userId: 'nobody', method: 'GET', path: '/contacts/x' }),
    ];
    expect(refusals.map((refusal) => refusal.status)).toEqual([422, 400, 400, 403, 404, 400]);
    expect(receiver.received).toEqual([]);
  });

  it('is no call of the API: marked so in the ledger, and counted by no limit', async () => {
    await control(standIn, 'limits', { max: 1, intervalMs: 60_000 });
    for (let time = 0; time < 3; time += 1) expect((await act('GET', `/contacts/${casey}`)).status).toBe(200);
    expect((await send('GET /contacts/{contactId}', { params: { contactId: casey } })).status).toBe(200);
    const calls = (await ledger(standIn))['calls']?.map((call) => (call as { by?: string }).by);
    expect(calls).toEqual(['person', 'person', 'person', undefined]);
  });
});

describe('messages that GHL sends by itself', () => {
  it.each(['workflow', 'bulk_actions', 'campaign'])('by a %s carry it as their source, and no user', async (source) => {
    const answer = await control(standIn, 'workflow-send', { contactId: casey, source, message: 'Open house' });
    expect(answer.status).toBe(201);
    await receiver.until(({ length }) => length === 1);
    const event = receiver.received[0]?.event;
    expect(event).toMatchObject({ type: 'OutboundMessage', source, contactId: casey, body: 'Open house' });
    expect(event?.['userId']).toBeUndefined();
    expect((await ledger(standIn))['calls']).toMatchObject([{ by: 'ghl', status: 201, contactId: casey }]);
  });

  it('obey DND, and come from no other source', async () => {
    await send('PUT /contacts/{contactId}', { params: { contactId: casey }, body: { dnd: true } });
    const refusal = await control(standIn, 'workflow-send', { contactId: casey, message: 'Open house' });
    expect([refusal.status, refusal.body['message']]).toEqual([400, 'Cannot send message as DND is active']);
    expect((await control(standIn, 'workflow-send', { contactId: casey, source: 'api', message: 'x' })).status).toBe(
      400,
    );
  });

  it('say what became of an e-mail', async () => {
    const mail = { contactId: casey, type: 'Email', subject: 'x', html: '<p>x</p>', source: 'campaign' };
    const sent = await control(standIn, 'workflow-send', mail);
    const { messageId, emailMessageId } = sent.body;
    await control(standIn, 'email-stats', { messageId, event: 'opened' });
    await control(standIn, 'email-stats', { messageId: emailMessageId, event: 'failed', code: 550 });
    await receiver.until(({ length }) => length === 3);
    const stats = receiver.received.map(({ event }) => event).filter((event) => event['type'] === 'LCEmailStats');
    expect(stats).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          ...{ locationId, companyId: brokerage.companyId },
          webhookPayload: expect.objectContaining({
            ...{ event: 'opened', id: emailMessageId, recipient: 'casey.sample01@example.com' },
            timestamp: expect.any(Number),
          }),
        }),
        expect.objectContaining({
          webhookPayload: expect.objectContaining({
            'delivery-status': expect.objectContaining({ code: 550 }),
          }),
        }),
      ]),
    );
    const read = await send('GET /conversations/messages/{id}', { params: { id: String(messageId) } });
    expect(read.body['status']).toBe('failed');
    expect((await control(standIn, 'email-stats', { messageId, event: 'eaten' })).status).toBe(400);
    expect((await control(standIn, 'email-stats', { messageId: 'none', event: 'opened' })).status).toBe(400);
  });
});

describe('two contacts that are merged', () => {
  const messagesOf = async (conversationId: string): Promise<unknown[]> => {
    const list = await send('GET /conversations/{conversationId}/messages', { params: { conversationId } });
    return (list.body['messages']?.['messages'] ?? []).map((one: unknown) => (one as Answered)['body']);
  };

  it('become one: everything moves over, one is updated, the other deleted', async () => {
    await control(standIn, 'app', { webhookUrl: null });
    const first = await send('POST /conversations/messages', { body: text(robin, 'Older') });
    await send('POST /conversations/messages', { body: text(casey, 'Newer') });
    const task = { title: 'Call', dueDate: '2026-03-01', completed: false };
    await send('POST /contacts/{contactId}/tasks', { params: { contactId: robin }, body: task });
    await send('POST /contacts/{contactId}/tags', { params: { contactId: robin }, body: { tags: ['robins'] } });
    await control(standIn, 'app', { webhookUrl: receiver.url });
    const merged = await control(standIn, 'merge', { keep: casey, gone: robin });
    expect(merged.body['contact']?.['tags']).toContain('robins');
    await receiver.until(({ length }) => length === 2);
    const told = receiver.received.map(({ event }) => [event['type'], event['id']]);
    expect(told.sort()).toEqual([
      ['ContactDelete', robin],
      ['ContactUpdate', casey],
    ]);
    const gone = await send('GET /contacts/{contactId}', { params: { contactId: robin } });
    expect(gone.body['message']).toBe('Contact not found');
    const query = { locationId, contactId: casey };
    const { conversations } = (await send('GET /conversations/search', { query })).body;
    expect(await messagesOf(String(conversations?.[0]?.['id']))).toEqual(['Newer', 'Older']);
    const old = await send('GET /conversations/messages/{id}', { params: { id: String(first.body['messageId']) } });
    expect(old.body).toMatchObject({ contactId: casey, conversationId: conversations?.[0]?.['id'] });
    expect(
      (await send('GET /contacts/{contactId}/tasks', { params: { contactId: casey } })).body['tasks'],
    ).toHaveLength(1);
  });

  it('keep the conversation of the one that goes where the other had none', async () => {
    const sent = await send('POST /conversations/messages', { body: text(robin, 'Only one') });
    await control(standIn, 'merge', { keep: jordan, gone: robin });
    const conversationId = String(sent.body['conversationId']);
    const read = await send('GET /conversations/{conversationId}', { params: { conversationId } });
    expect(read.body['contactId']).toBe(jordan);
    expect(await messagesOf(conversationId)).toEqual(['Only one']);
    expect((await control(standIn, 'merge', { keep: jordan, gone: robin })).status).toBe(400);
    expect((await control(standIn, 'merge', { keep: jordan, gone: jordan })).status).toBe(400);
  });
});
