import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { operations } from '../../sandbox/vendors/ghl/operations.ts';
import { brokerage, seedBrokerage } from '../../sandbox/vendors/ghl/seed.ts';
import {
  client,
  control,
  documentedKeys,
  integrationKeys,
  ledger,
  removeHome,
  startStandIn,
} from '../support/ghl-standin.ts';
import type { Answered, Reply, RunningStandIn, Sent } from '../support/ghl-standin.ts';
import { until } from '../support/until.ts';

let standIn: RunningStandIn;
const { locationId, companyId } = brokerage;
const [casey = '', robin = '', jordan = ''] = brokerage.contactIds;
const send = client(() => standIn, brokerage.token);
const succeeded = new Set<string>();

/** A call that must succeed; the client has checked the answer against the documents. */
async function good(key: string, sent: Sent = {}): Promise<Reply> {
  const answer = await send(key, sent);
  if (answer.status >= 300) throw new Error(`${key} answered ${answer.status} ${JSON.stringify(answer.body)}`);
  succeeded.add(key);
  return answer;
}

beforeAll(async () => {
  standIn = await startStandIn();
  await seedBrokerage(standIn.url);
  await control(standIn, 'limits', { disabled: true });
});

afterAll(async () => {
  await standIn.end('SIGTERM');
  removeHome(standIn);
});

describe('the GHL stand-in answers as the OpenAPI documents say', () => {
  it('serves contacts from creation to deletion', async () => {
    const fields = [{ id: brokerage.fieldIds['contact.budget'], field_value: '510000' }];
    const body = {
      locationId,
      firstName: 'Pat',
      lastName: 'Sample90',
      email: 'Pat.Sample90@Example.com',
      phone: '(212) 555-0190',
    };
    const made = await good('POST /contacts/', { body: { ...body, tags: ['seller-lead'], customFields: fields } });
    expect(made.status).toBe(201);
    const contactId = String(made.body['contact']?.['id']);
    expect(contactId).toMatch(/^[A-Za-z0-9]{20}$/);

    const read = (await good('GET /contacts/{contactId}', { params: { contactId } })).body['contact'];
    expect(read).toMatchObject({
      locationId,
      email: 'pat.sample90@example.com',
      phone: '+12125550190',
      tags: ['seller-lead'],
    });
    expect(read?.['customFields']).toEqual([{ id: brokerage.fieldIds['contact.budget'], value: 510000 }]);

    const changed = await good('PUT /contacts/{contactId}', { params: { contactId }, body: { city: 'Albany' } });
    expect(changed.body).toMatchObject({ succeded: true, contact: { city: 'Albany', tags: ['seller-lead'] } });
    const found = await good('GET /contacts/search/duplicate', { query: { locationId, number: '+12125550190' } });
    expect(found.body['contact']?.['id']).toBe(contactId);

    const upserted = await good('POST /contacts/upsert', {
      body: { locationId, email: 'pat.sample90@example.com', city: 'Troy' },
    });
    expect(upserted.body).toMatchObject({ new: false, contact: { id: contactId, city: 'Troy' } });
    const fresh = await good('POST /contacts/upsert', {
      body: { locationId, phone: '+12125550191', gender: 'female' },
    });
    expect(fresh.body).toMatchObject({ new: true, contact: { gender: 'female' } });

    expect((await good('DELETE /contacts/{contactId}', { params: { contactId } })).body['succeded']).toBe(true);
    const gone = await send('GET /contacts/{contactId}', { params: { contactId } });
    expect([gone.status, gone.body['message']]).toEqual([400, 'Contact not found']);
  });

  it('searches contacts by text, filter, page and cursor', async () => {
    const search = async (body: object): Promise<Reply> =>
      good('POST /contacts/search', { body: { locationId, pageLimit: 100, ...body } });
    expect((await search({ query: 'casey' })).body['contacts']?.map((one) => (one as { id: string }).id)).toEqual([
      casey,
    ]);
    const byTag = await search({ filters: [{ field: 'tags', operator: 'eq', value: 'ai-off' }] });
    expect(byTag.body['total']).toBe(1);
    const all = await search({});
    const first = await search({ pageLimit: 10, page: 1 });
    const cursor = (first.body['contacts']?.[9] as unknown as { searchAfter: unknown[] }).searchAfter;
    const next = await search({ pageLimit: 10, searchAfter: cursor });
    const ids = (reply: Reply): string[] => reply.body['contacts']?.map((one) => (one as { id: string }).id) ?? [];
    expect([...ids(first), ...ids(next)]).toEqual(ids(all).slice(0, 20));
    const wrongField = await send('POST /contacts/search', {
      body: { locationId, pageLimit: 1, filters: [{ field: 'additional_phones', operator: 'eq', value: 'x' }] },
    });
    expect([wrongField.status, wrongField.body['message']]).toEqual([400, 'Invalid field additional_phones']);
  });

  it('serves tags, tasks and notes of a contact', async () => {
    const params = { contactId: robin };
    const added = await good('POST /contacts/{contactId}/tags', { params, body: { tags: ['Hot-Lead'] } });
    expect(added.body['tags']).toEqual(['Need to Qualify', 'sms-consent', 'Hot-Lead']);
    const removed = await good('DELETE /contacts/{contactId}/tags', {
      params,
      body: { tags: ['hot-lead', 'never-there'] },
    });
    expect(removed.body['tags']).toEqual(['Need to Qualify', 'sms-consent']);

    const task = { title: 'Call', body: 'Ask about the weekend', dueDate: '2026-03-01T15:00:00Z', completed: false };
    const made = await good('POST /contacts/{contactId}/tasks', {
      params,
      body: { ...task, assignedTo: brokerage.userIds[0] },
    });
    const taskId = String(made.body['task']?.['id']);
    expect(made.body['task']).toMatchObject({ ...task, contactId: robin });
    const one = { ...params, taskId };
    await good('PUT /contacts/{contactId}/tasks/{taskId}', { params: one, body: { title: 'Call back' } });
    await good('PUT /contacts/{contactId}/tasks/{taskId}/completed', { params: one, body: { completed: true } });
    const read = await good('GET /contacts/{contactId}/tasks/{taskId}', { params: one });
    expect(read.body['task']).toMatchObject({ title: 'Call back', completed: true });
    expect((await good('GET /contacts/{contactId}/tasks', { params })).body['tasks']).toHaveLength(1);
    const found = await good('POST /locations/{locationId}/tasks/search', {
      params: { locationId },
      body: { contactId: [robin], completed: true },
    });
    expect(found.body['tasks']?.[0]).toMatchObject({ id: taskId, contactId: robin });
    await good('DELETE /contacts/{contactId}/tasks/{taskId}', { params: one });
    expect((await send('GET /contacts/{contactId}/tasks/{taskId}', { params: one })).status).toBe(400);

    const note = await good('POST /contacts/{contactId}/notes', { params, body: { body: 'Prefers mornings' } });
    const noted = { ...params, id: String(note.body['note']?.['id']) };
    await good('PUT /contacts/{contactId}/notes/{id}', { params: noted, body: { body: 'Prefers evenings' } });
    expect((await good('GET /contacts/{contactId}/notes/{id}', { params: noted })).body['note']?.['body']).toBe(
      'Prefers evenings',
    );
    expect((await good('GET /contacts/{contactId}/notes', { params })).body['notes']).toHaveLength(1);
    await good('DELETE /contacts/{contactId}/notes/{id}', { params: noted });
  });

  it('queues messages, delivers them, and lists them nested, page by page', async () => {
    const sms = await good('POST /conversations/messages', { body: { type: 'SMS', contactId: casey, message: 'One' } });
    expect([sms.status, sms.body['status']]).toEqual([201, 'pending']);
    const mail = { type: 'Email', contactId: casey, subject: 'Two', html: '<p>Two</p>' };
    const email = await good('POST /conversations/messages', { body: mail });
    expect(email.body['emailMessageId']).toMatch(/^\w{20}$/);
    const conversationId = String(sms.body['conversationId']);
    const id = String(sms.body['messageId']);

    let read: Answered | undefined;
    await until(async () => {
      read = (await good('GET /conversations/messages/{id}', { params: { id } })).body;
      return read['status'] !== ('pending' as unknown);
    });
    expect(read).toMatchObject({
      status: 'delivered',
      direction: 'outbound',
      source: 'api',
      body: 'One',
      messageType: 'TYPE_SMS',
    });

    const params = { conversationId };
    const first = (await good('GET /conversations/{conversationId}/messages', { params, query: { limit: '1' } })).body[
      'messages'
    ];
    expect(first).toMatchObject({ nextPage: true, messages: [{ body: '<p>Two</p>', messageType: 'TYPE_EMAIL' }] });
    const query = { limit: '1', lastMessageId: String(first?.['lastMessageId']) };
    const second = (await good('GET /conversations/{conversationId}/messages', { params, query })).body['messages'];
    expect(second).toMatchObject({ nextPage: false, messages: [{ body: 'One' }] });

    const exported = await good('GET /conversations/messages/export', {
      query: { locationId, contactId: casey, channel: 'SMS' },
    });
    expect(exported.body).toMatchObject({ total: 1, messages: [{ id }] });
    const search = await good('GET /conversations/search', { query: { locationId, contactId: casey } });
    expect(search.body).toMatchObject({
      total: 1,
      conversations: [{ id: conversationId, lastMessageType: 'TYPE_EMAIL' }],
    });
    expect((await good('GET /conversations/{conversationId}', { params })).body['contactId']).toBe(casey);
    expect((await good('POST /conversations/', { body: { locationId, contactId: jordan } })).status).toBe(201);
    expect((await send('POST /conversations/', { body: { locationId, contactId: jordan } })).status).toBe(400);
  });

  it('exports messages in pages that neither overlap nor leave out', async () => {
    for (let index = 0; index < 12; index += 1) {
      await good('POST /conversations/messages', { body: { type: 'SMS', contactId: robin, message: `Page ${index}` } });
    }
    const query = { locationId, contactId: robin, limit: '10', sortOrder: 'asc' };
    const first = (await good('GET /conversations/messages/export', { query })).body;
    const cursor = String(first['nextCursor']);
    const second = (await good('GET /conversations/messages/export', { query: { ...query, cursor } })).body;
    const bodies = [...(first['messages'] ?? []), ...(second['messages'] ?? [])].map(
      (one) => (one as unknown as { body: string }).body,
    );
    expect(new Set(bodies).size).toBe(12);
    expect(second['nextCursor']).toBeUndefined();
  });

  it('serves the location with its fields, values, tags and people', async () => {
    const params = { locationId };
    const location = (await good('GET /locations/{locationId}', { params })).body['location'];
    expect(location).toMatchObject({
      id: locationId,
      name: 'Harborline Realty',
      timezone: 'America/New_York',
      companyId,
    });
    expect(JSON.stringify(location)).not.toContain(brokerage.token);
    const listed = await good('GET /locations/{locationId}/customFields', { params, query: { model: 'contact' } });
    const keys = listed.body['customFields']?.map((field) => (field as { fieldKey: string }).fieldKey);
    expect(keys).toEqual(expect.arrayContaining(['contact.lead_score', 'contact.lead_tier']));
    const made = await good('POST /locations/{locationId}/customFields', {
      params,
      body: { name: 'Lead Score', dataType: 'TEXT' },
    });
    expect(made.body['customField']).toMatchObject({ fieldKey: 'contact.lead_score_1', model: 'contact' });
    const id = String(made.body['customField']?.['id']);
    await good('GET /locations/{locationId}/customFields/{id}', { params: { locationId, id } });
    await control(standIn, 'customValues', {
      id: 'CustomValue000000001',
      locationId,
      name: 'Sign-off',
      value: 'The team',
    });
    expect((await good('GET /locations/{locationId}/customValues', { params })).body['customValues']).toHaveLength(1);
    await good('POST /locations/{locationId}/tags', { params, body: { name: 'Open House' } });
    expect((await send('POST /locations/{locationId}/tags', { params, body: { name: 'open house' } })).status).toBe(
      400,
    );
    expect(JSON.stringify((await good('GET /locations/{locationId}/tags', { params })).body)).toContain('Open House');

    const users = await good('GET /users/search', { query: { companyId, locationId } });
    expect(users.body).toMatchObject({ count: 4 });
    expect((await good('GET /users/', { query: { locationId } })).body['users']).toHaveLength(4);
    const userId = String(brokerage.userIds[0]);
    expect((await good('GET /users/{userId}', { params: { userId } })).body['email']).toBe(
      'alex@harborline.example.com',
    );
  });

  it('serves pipelines, opportunities and calendars', async () => {
    const pipelines = await good('GET /opportunities/pipelines', { query: { locationId } });
    const stages = pipelines.body['pipelines']?.[0]?.['stages'] as unknown as { id: string }[];
    const body = { pipelineId: brokerage.pipelineId, locationId, name: 'Casey buys', status: 'open', contactId: casey };
    const made = await good('POST /opportunities/', { body });
    const params = { id: String(made.body['opportunity']?.['id']) };
    expect((await send('POST /opportunities/', { body })).body['message']).toMatch(/duplicate opportunity/);
    const moved = await good('PUT /opportunities/{id}', {
      params,
      body: { pipelineStageId: stages[2]?.id, monetaryValue: 9000 },
    });
    expect(moved.body['opportunity']).toMatchObject({ pipelineStageId: stages[2]?.id, monetaryValue: 9000 });
    await good('PUT /opportunities/{id}/status', { params, body: { status: 'won' } });
    expect((await good('GET /opportunities/{id}', { params })).body['opportunity']?.['status']).toBe('won');
    const found = await good('GET /opportunities/search', { query: { location_id: locationId, contact_id: casey } });
    expect(found.body).toMatchObject({ meta: { total: 1 }, opportunities: [{ contact: { id: casey } }] });
    await good('DELETE /opportunities/{id}', { params });

    expect((await good('GET /calendars/', { query: { locationId } })).body['calendars']).toHaveLength(2);
    const calendarId = String(brokerage.calendarIds[0]);
    const calendar = (await good('GET /calendars/{calendarId}', { params: { calendarId } })).body['calendar'];
    await control(standIn, 'calendars', {
      ...(calendar as object),
      _freeSlots: { '2026-03-02': ['2026-03-02T10:00:00-05:00'] },
    });
    const [startDate, endDate] = ['2026-03-01', '2026-03-09'].map((day) => String(Date.parse(day)));
    const query = { startDate: String(startDate), endDate: String(endDate) };
    const slots = await good('GET /calendars/{calendarId}/free-slots', { params: { calendarId }, query });
    expect(slots.body).toEqual({ '2026-03-02': { slots: ['2026-03-02T10:00:00-05:00'] }, traceId: expect.any(String) });
  });

  it('has succeeded in every operation that is proven here, and serves no other than the generated documents have', () => {
    const own = Object.keys(operations).filter((key) => !integrationKeys.includes(key));
    expect([...succeeded].sort()).toEqual(own.sort());
    expect([...documentedKeys].sort()).toEqual(Object.keys(operations).sort());
  });

  it('writes every call into the ledger, refused ones as well, with a traceId on each answer', async () => {
    const { last } = (await ledger(standIn)) as unknown as { last: number };
    const refused = await send('POST /contacts/{contactId}/tags', {
      params: { contactId: casey },
      body: { tags: 'Hot-Lead' },
    });
    expect(refused.body['traceId']).toMatch(/^[0-9a-f-]{36}$/);
    expect((await ledger(standIn, last))['calls']).toEqual([
      expect.objectContaining({
        ...{ n: last + 1, method: 'POST', path: `/contacts/${casey}/tags`, body: { tags: 'Hot-Lead' }, status: 422 },
        ...{ locationId, contactId: casey, query: {} },
      }),
    ]);
  });
});
