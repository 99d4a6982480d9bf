import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { brokerage, seedBrokerage } from '../../sandbox/vendors/ghl/seed.ts';
import {
  client,
  control,
  grantForm,
  approve,
  integrationKeys,
  registerApp,
  removeHome,
  startStandIn,
} from '../support/ghl-standin.ts';
import type { Answered, Reply, RunningStandIn, Sent } from '../support/ghl-standin.ts';

let standIn: RunningStandIn;
const { locationId, companyId, notifyAgentWorkflowId } = brokerage;
const [casey = '', robin = ''] = brokerage.contactIds;
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
  await registerApp(standIn, { appId: 'app-1' });
});

afterAll(async () => {
  await standIn.end('SIGTERM');
  removeHome(standIn);
});

describe('what an installed app needs, as the OpenAPI documents say', () => {
  it('exchanges codes and company tokens, and lists where the app is', async () => {
    const code = String((await approve(standIn, companyId)).get('code'));
    const company = await good('POST /oauth/token', { token: null, body: grantForm(code, { user_type: 'Company' }) });
    const token = String(company.body['access_token']);
    const location = await good('POST /oauth/locationToken', { token, body: { companyId, locationId } });
    expect(location.body).toMatchObject({ locationId, userType: 'Location', appId: 'app-1' });
    const query = { companyId, appId: 'app-1' };
    const listed = await good('GET /oauth/installedLocations', { token, query });
    expect(listed.body).toMatchObject({ count: 1, locations: [{ _id: locationId, isInstalled: true }] });
    const params = { appId: 'app-1' };
    const details = await good('GET /marketplace/app/{appId}/installations', { token, params });
    expect(details.body['installationDetails']).toMatchObject({ companyId, companyName: 'Harborline' });
    const own = { token: String(location.body['access_token']), params };
    expect((await good('GET /marketplace/app/{appId}/installations', own)).body['installationDetails']).toMatchObject({
      locationId,
    });
  });

  it('puts contacts into workflows once, and takes them out', async () => {
    const listed = await good('GET /workflows/', { query: { locationId } });
    expect(listed.body['workflows']).toMatchObject([{ id: notifyAgentWorkflowId, name: 'Notify agent' }]);
    const params = { contactId: casey, workflowId: notifyAgentWorkflowId };
    const add = 'POST /contacts/{contactId}/workflow/{workflowId}';
    expect((await good(add, { params, body: {} })).body['succeded']).toBe(true);
    await good(add, { params });
    expect((await enrolments()).map((row) => row['contactId'])).toEqual([casey]);
    await good('DELETE /contacts/{contactId}/workflow/{workflowId}', { params });
    expect(await enrolments()).toEqual([]);
    const unknown = await send(add, { params: { ...params, workflowId: 'none' } });
    expect([unknown.status, unknown.body['message']]).toEqual([400, 'Workflow not found']);
    await control(standIn, 'workflows', { id: 'draft', locationId, name: 'Draft', status: 'draft' });
    expect((await send(add, { params: { ...params, workflowId: 'draft' } })).status).toBe(400);
  });

  it('pages through the numbers of a location from page 0', async () => {
    const key = 'GET /phone-system/numbers/location/{locationId}';
    const pageOf = async (page: string): Promise<unknown> =>
      (await good(key, { params: { locationId }, query: { page, pageSize: '1' } })).body['numbers'];
    expect(await pageOf('0')).toMatchObject([{ phoneNumber: '+12125550100', isDefaultNumber: true }]);
    expect(await pageOf('1')).toMatchObject([{ phoneNumber: '+12125550120', linkedUser: brokerage.userIds[1] }]);
    expect(await pageOf('2')).toEqual([]);
  });

  it('keeps records of custom objects, finds them, and relates them to contacts', async () => {
    const at = '2026-01-01T00:00:00.000Z';
    const labels = { singular: 'Listing', plural: 'Listings' };
    const key = 'custom_objects.listings';
    const object = {
      id: 'object1',
      locationId,
      key,
      labels,
      standard: false,
      primaryDisplayProperty: `${key}.address`,
    };
    await control(standIn, 'objects', { ...object, dateAdded: at, dateUpdated: at });
    expect((await good('GET /objects/', { query: { locationId } })).body['objects']).toHaveLength(1);
    const byKey = { params: { key }, query: { locationId, fetchProperties: 'true' } };
    expect((await good('GET /objects/{key}', byKey)).body).toMatchObject({ object: { id: 'object1' }, fields: [] });

    const params = { schemaKey: key };
    const make = async (address: string): Promise<string> => {
      const body = { locationId, properties: { address, price: 500_000 } };
      return String((await good('POST /objects/{schemaKey}/records', { params, body })).body['record']?.['id']);
    };
    const [pier, wharf] = [await make('1 Pier'), await make('2 Wharf')];
    const one = { ...params, id: pier };
    const update = { params: one, query: { locationId }, body: { properties: { price: 480_000 } } };
    await good('PUT /objects/{schemaKey}/records/{id}', update);
    const read = await good('GET /objects/{schemaKey}/records/{id}', { params: one });
    expect(read.body['record']?.['properties']).toEqual({ address: '1 Pier', price: 480_000 });
    const search = async (query: string, searchAfter: unknown = []): Promise<Answered> => {
      const body = { locationId, page: 1, pageLimit: 1, query, searchAfter };
      return (await good('POST /objects/{schemaKey}/records/search', { params, body })).body;
    };
    expect(await search('address:pier')).toMatchObject({ total: 1, records: [{ id: pier }] });
    const first = await search('');
    const next = await search('', first['records']?.[0]?.['searchAfter']);
    expect([first['total'], next['records']?.[0]?.['id']]).toEqual([2, wharf]);

    const words = { firstObjectLabel: 'Lead', firstObjectKey: 'contact', secondObjectLabel: 'Listing' };
    const association = { id: 'association1', locationId, key: 'saved', ...words, secondObjectKey: key };
    await control(standIn, 'associations', { ...association, associationType: 'USER_DEFINED' });
    const paged = { locationId, skip: '0', limit: '10' };
    expect((await good('GET /associations/', { query: paged })).body['associations']).toHaveLength(1);
    await good('GET /associations/{associationId}', { params: { associationId: 'association1' } });
    await good('GET /associations/key/{key_name}', { params: { key_name: 'saved' }, query: { locationId } });
    const ofKey = await good('GET /associations/objectKey/{objectKey}', { params: { objectKey: key } });
    expect(ofKey.body['associations']).toHaveLength(1);
    const relation = { locationId, associationId: 'association1', firstRecordId: casey, secondRecordId: pier };
    await good('POST /associations/relations', { body: relation });
    const related = { params: { recordId: pier }, query: { ...paged, associationIds: 'association1' } };
    const relations = (await good('GET /associations/relations/{recordId}', related)).body['relations'];
    expect(relations).toMatchObject([{ firstRecordId: casey, secondRecordId: pier, firstObjectKey: 'contact' }]);
    expect((await good('DELETE /objects/{schemaKey}/records/{id}', { params: one })).body['success']).toBe(true);
    expect((await send('GET /objects/{schemaKey}/records/{id}', { params: one })).status).toBe(400);
  });

  it('updates an opportunity by upsert, and creates none, since there is no contact to name', async () => {
    const { pipelineId } = brokerage;
    const body = { pipelineId, locationId, name: 'Robin buys', status: 'open', contactId: robin };
    const id = String((await send('POST /opportunities/', { body })).body['opportunity']?.['id']);
    const [follower = ''] = brokerage.userIds;
    const followers = { followers: [follower], isRemoveAllFollowers: false, followersActionType: 'add' };
    const upsert = { id, pipelineId, locationId, monetaryValue: 9_000, ...followers };
    const done = await good('POST /opportunities/upsert', { body: upsert });
    expect(done.body).toMatchObject({ new: false, opportunity: { monetaryValue: 9_000, followers: [follower] } });
    const { id: _left, ...nameless } = upsert;
    expect((await send('POST /opportunities/upsert', { body: nameless })).status).toBe(400);
    const incomplete = await send('POST /opportunities/upsert', { body: { id, pipelineId, locationId } });
    expect(incomplete.body['message']).toContain('followers should not be empty');
    const contact = await send('POST /opportunities/upsert', { body: { ...upsert, contactId: robin } });
    expect(contact.body['message']).toContain('property contactId should not exist');
  });

  it('takes a status only for messages of the app’s own provider, and cancels what is scheduled', async () => {
    const sms = async (more: object): Promise<Record<string, string>> => {
      const body = { type: 'SMS', contactId: casey, message: 'Hello', ...more };
      return { messageId: String((await send('POST /conversations/messages', { body })).body['messageId']) };
    };
    const status = 'PUT /conversations/messages/{messageId}/status';
    const owned = await sms({ conversationProviderId: 'provider1' });
    expect((await good(status, { params: owned, body: { status: 'read' } })).body['status']).toBe('read');
    expect((await send(status, { params: await sms({}), body: { status: 'read' } })).status).toBe(403);
    const cancel = 'DELETE /conversations/messages/{messageId}/schedule';
    const params = await sms({ scheduledTimestamp: Math.floor(Date.now() / 1000) + 3_600 });
    await good(cancel, { params });
    expect((await send(cancel, { params })).body['message']).toBe('Message not found');
    expect((await send(cancel, { params: owned })).status).toBe(400);
  });

  it('knows who has unsubscribed from e-mail, and sends them no more', async () => {
    const key = 'GET /conversations/preferences/unsubscriptions/status';
    const query = { locationId, contactId: casey };
    const [email, mail] = ['casey.sample01@example.com', { type: 'Email', contactId: casey, subject: 'x', html: 'x' }];
    expect((await good(key, { query })).body['data']).toEqual([{ email, status: 'subscribed' }]);
    const { messageId } = (await send('POST /conversations/messages', { body: mail })).body;
    await control(standIn, 'email-stats', { messageId, event: 'unsubscribed' });
    expect((await good(key, { query })).body['data']).toMatchObject([{ email, status: 'unsubscribed' }]);
    const refusal = await send('POST /conversations/messages', { body: mail });
    expect(refusal.body).toMatchObject({ statusCode: 400, message: `${email} has unsubscribed` });
  });

  it('has succeeded in each of these operations', () => {
    expect([...succeeded].sort()).toEqual([...integrationKeys].sort());
  });
});

async function enrolments(): Promise<Record<string, string>[]> {
  const state = (await control(standIn, 'state', undefined, 'GET')).body as unknown as Record<string, never[]>;
  return state['enrolments'] ?? [];
}
