import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { operations } from '../../sandbox/vendors/ghl/operations.ts';
import { brokerage, seedBrokerage } from '../../sandbox/vendors/ghl/seed.ts';
import {
  anyParams,
  client,
  control,
  install,
  ledger,
  registerApp,
  removeHome,
  startStandIn,
} from '../support/ghl-standin.ts';
import type { RunningStandIn } from '../support/ghl-standin.ts';

let standIn: RunningStandIn;
const { locationId } = brokerage;
const [casey = '', robin = ''] = brokerage.contactIds;
const send = client(() => standIn, brokerage.token);
const params = { contactId: casey };

beforeAll(async () => {
  standIn = await startStandIn();
});

beforeEach(async () => {
  await control(standIn, 'reset');
  await seedBrokerage(standIn.url);
  await control(standIn, 'limits', { disabled: true });
  await control(standIn, 'locations', {
    id: 'OtherLocation0000001',
    name: 'Elsewhere',
    companyId: 'c2',
    _token: 'pit-other',
  });
  await control(standIn, 'contacts', {
    id: 'OtherContact00000001',
    locationId: 'OtherLocation0000001',
    phone: '+13035550199',
  });
});

afterAll(async () => {
  await standIn.end('SIGTERM');
  removeHome(standIn);
});

/** The tags that the contact has now. */
async function tags(): Promise<unknown> {
  return (await send('GET /contacts/{contactId}', { params })).body['contact']?.['tags'];
}

describe('the GHL stand-in refuses what GHL refuses', () => {
  const guarded = Object.keys(operations).filter((key) => key !== 'POST /oauth/token');
  /** A company's token where the documents want one. */
  const tokenFor = async (key: string): Promise<string> => {
    if (!/\/(oauth|marketplace)\//.test(key)) return brokerage.token;
    await registerApp(standIn);
    return (await install(standIn, brokerage.companyId)).access_token;
  };

  it.each(guarded)('%s: no version, a wrong one, no token or an unknown one is a 401', async (key) => {
    const any = anyParams(key, { locationId });
    const token = await tokenFor(key);
    const refusals = [
      await send(key, { params: any, token, version: null }),
      await send(key, { params: any, token, version: 'v3' }),
      await send(key, { params: any, token: null }),
      await send(key, { params: any, token: 'pit-nobody' }),
    ];
    expect(refusals.map((refusal) => refusal.status)).toEqual([401, 401, 401, 401]);
    const messages = refusals.map((refusal) => refusal.body['message']);
    const invalid = 'Invalid token: access token is invalid';
    expect(messages).toEqual(['version header was not found.', 'version header is invalid', invalid, invalid]);
  });

  it.each(guarded)('%s: a query parameter that the documents do not know is a 422', async (key) => {
    const sent = { params: anyParams(key, { locationId }), query: { surprise: '1' }, token: await tokenFor(key) };
    const refusal = await send(key, sent);
    expect(refusal.status).toBe(422);
    expect(refusal.body['message']).toContain('property surprise should not exist');
  });

  it('takes no version of another operation', async () => {
    const refusal = await send('GET /contacts/{contactId}', { params, version: '2021-04-15' });
    expect(refusal.body).toMatchObject({
      statusCode: 401,
      message: 'version header is invalid',
      error: 'Unauthorized',
    });
  });

  it('keeps a token to its location, whichever way another one is named', async () => {
    const message = { type: 'SMS', contactId: 'OtherContact00000001', message: 'Hi' };
    const refusals = [
      await send('GET /contacts/{contactId}', { params: { contactId: 'OtherContact00000001' } }),
      await send('GET /locations/{locationId}', { params: { locationId: 'OtherLocation0000001' } }),
      await send('GET /conversations/search', { query: { locationId: 'OtherLocation0000001' } }),
      await send('POST /contacts/', { body: { locationId: 'OtherLocation0000001', firstName: 'X' } }),
      await send('POST /conversations/messages', { body: message }),
      await send('GET /contacts/{contactId}', { params, token: 'pit-other' }),
    ];
    for (const refusal of refusals) {
      const text = 'The token does not have access to this location.';
      expect(refusal.body).toMatchObject({ statusCode: 403, message: text, error: 'Forbidden' });
    }
  });

  it.each([
    [
      'POST /contacts/{contactId}/tasks',
      { title: 'x', dueDate: 'tomorrow', completed: false },
      'dueDate must be a valid ISO 8601 date string',
    ],
    [
      'POST /contacts/{contactId}/tasks',
      { title: '', dueDate: '2026-01-01', completed: false },
      'title should not be empty',
    ],
    [
      'POST /contacts/{contactId}/tasks',
      { dueDate: '2026-01-01', completed: 'no' },
      'completed must be a boolean value',
    ],
    ['POST /contacts/{contactId}/tags', { tags: [1] }, 'each value in tags must be a string'],
    ['POST /contacts/{contactId}/tags', { tags: 'Hot' }, 'tags must be an array'],
    ['POST /contacts/{contactId}/notes', {}, 'body should not be empty'],
    ['PUT /contacts/{contactId}', { gender: 'x' }, 'property gender should not exist'],
    ['PUT /contacts/{contactId}', { locationId: 'x' }, 'property locationId should not exist'],
    ['PUT /contacts/{contactId}', { email: 'nobody' }, 'email must be an email'],
    ['PUT /contacts/{contactId}', { customFields: { a: 1 } }, 'customFields must be an array'],
    [
      'PUT /contacts/{contactId}',
      { customFields: [{ id: 'a', value: 1 }] },
      'property customFields.0.value should not exist',
    ],
    [
      'PUT /contacts/{contactId}',
      { dndSettings: { SMS: { status: 'on' } } },
      'dndSettings.SMS.status must be one of the following values: active, inactive, permanent',
    ],
    ['POST /contacts/search', { locationId }, 'pageLimit should not be empty'],
    [
      'POST /conversations/messages',
      { type: 'Pigeon', contactId: casey },
      'type must be one of the following values: SMS, RCS, Email, WhatsApp, IG, FB, Custom, Live_Chat, TIKTOK',
    ],
    ['POST /conversations/messages', { type: 'SMS', contactId: casey, body: 'x' }, 'property body should not exist'],
    ['POST /conversations/messages', [], 'body must be an object'],
  ])('%s with %j is a 422', async (key, body, message) => {
    const refusal = await send(key, { params, body });
    expect(refusal.body).toMatchObject({ statusCode: 422, error: 'Unprocessable Entity' });
    expect(refusal.body['message']).toContain(message);
  });

  it('looks at no body that is not declared as JSON, and refuses one that is broken', async () => {
    const form = await send('POST /contacts/{contactId}/tags', { params, raw: ['text/plain', '{"tags":["a"]}'] });
    expect([form.status, form.body['message']]).toEqual([422, ['tags should not be empty']]);
    const broken = await send('POST /contacts/{contactId}/tags', { params, raw: ['application/json', '{"tags":'] });
    expect(broken.status).toBe(400);
    expect((await ledger(standIn))['calls']?.at(-1)).toMatchObject({ status: 400, body: '{"tags":' });
  });

  it('knows no route that the documents do not have', async () => {
    const response = await fetch(`${standIn.url}/contacts/${casey}/pigeons`, { headers: { Version: '2021-07-28' } });
    expect(response.status).toBe(404);
  });

  it('does not allow duplicated contacts, and names the one that is there', async () => {
    const refusal = await send('POST /contacts/', { body: { locationId, phone: '(212) 555-0101' } });
    expect(refusal.body).toMatchObject({
      ...{ statusCode: 400, message: 'This location does not allow duplicated contacts.' },
      meta: { contactId: casey, matchingField: 'phone' },
    });
    const byEmail = await send('PUT /contacts/{contactId}', {
      params: { contactId: robin },
      body: { email: 'CASEY.sample01@example.com' },
    });
    expect(byEmail.body).toMatchObject({ meta: { contactId: casey, matchingField: 'email' } });
    const nobody = await send('POST /contacts/upsert', { body: { locationId, firstName: 'Nobody' } });
    expect(nobody.body['message']).toBe('Pass at least one of number, email query parameter');
  });

  it('updates only the contact that an upsert matches first, and leaves a number where it is', async () => {
    const body = { locationId, email: 'casey.sample01@example.com', phone: '+13125550102', city: 'Yonkers' };
    const upserted = await send('POST /contacts/upsert', { body });
    expect(upserted.body).toMatchObject({ new: false, contact: { id: casey, city: 'Yonkers', phone: '+12125550101' } });
  });
});

describe('the traps of GHL', () => {
  it('overwrites all tags by an update or upsert that carries tags, and none by one that does not', async () => {
    await send('PUT /contacts/{contactId}', { params, body: { city: 'Albany' } });
    expect(await tags()).toEqual(['Hit List', 'sms-consent']);
    await send('PUT /contacts/{contactId}', { params, body: { tags: ['Warm-Lead'] } });
    expect(await tags()).toEqual(['Warm-Lead']);
    await send('POST /contacts/upsert', { body: { locationId, email: 'casey.sample01@example.com', tags: [] } });
    expect(await tags()).toEqual([]);
  });

  it('takes a tag for the same whatever its case, spelled as the location saw it first', async () => {
    await send('POST /contacts/{contactId}/tags', { params, body: { tags: ['HIT LIST', 'hot', 'Hot'] } });
    expect(await tags()).toEqual(['Hit List', 'sms-consent', 'hot']);
    await send('POST /contacts/{contactId}/tags', { params: { contactId: robin }, body: { tags: ['HOT'] } });
    const other = await send('GET /contacts/{contactId}', { params: { contactId: robin } });
    expect(other.body['contact']?.['tags']).toContain('hot');
  });

  it('reads custom fields back by id and value, merges them, and refuses what the location does not have', async () => {
    const { fieldIds } = brokerage;
    const write = async (customFields: unknown): Promise<unknown> =>
      (await send('PUT /contacts/{contactId}', { params, body: { customFields } })).body;
    await write([
      { id: fieldIds['contact.lead_score'], field_value: 87.5 },
      { key: 'lead_tier', field_value: 'hot' },
    ]);
    const fields = (await send('GET /contacts/{contactId}', { params })).body['contact']?.['customFields'];
    expect(fields).toContainEqual({ id: fieldIds['contact.lead_score'], value: 87.5 });
    expect(fields).toContainEqual({ id: fieldIds['contact.lead_tier'], value: 'hot' });
    expect(fields).toContainEqual({ id: fieldIds['contact.budget'], value: 650000 });
    expect(await write([{ id: fieldIds['contact.lead_score'], field_value: '' }])).not.toMatchObject({
      statusCode: 400,
    });
    expect(JSON.stringify((await send('GET /contacts/{contactId}', { params })).body)).not.toContain('87.5');
    expect(await write([{ id: 'nowhere', field_value: 1 }])).toMatchObject({ statusCode: 400 });
    const words = await write([{ id: fieldIds['contact.lead_score'], field_value: 'high' }]);
    expect(words).toMatchObject({ statusCode: 422 });
  });

  it.each([
    [{ dndSettings: { SMS: { status: 'active' } } }, 'Cannot send message as DND is active for SMS.'],
    [{ dndSettings: { SMS: { status: 'permanent' } } }, 'Cannot send message as DND is active for SMS.'],
    [{ dnd: true }, 'Cannot send message as DND is active'],
    [{ phone: null }, 'Missing phone number'],
  ])('sends no text to a contact with %j', async (change, message) => {
    expect((await send('PUT /contacts/{contactId}', { params, body: change })).status).toBe(200);
    const body = { type: 'SMS', contactId: casey, message: 'Hello' };
    const refusal = await send('POST /conversations/messages', { body });
    expect(refusal.body).toMatchObject({ statusCode: 400, message });
    const { messages } = (await control(standIn, 'state', undefined, 'GET')).body as unknown as { messages: unknown[] };
    expect(messages).toEqual([]);
  });

  it('sends no empty message, none to an unknown contact, and none over a channel that is not there', async () => {
    const sent = async (body: object): Promise<unknown> => (await send('POST /conversations/messages', { body })).body;
    expect(await sent({ type: 'SMS', contactId: casey, message: ' ' })).toMatchObject({ statusCode: 400 });
    expect(await sent({ type: 'Email', contactId: casey, subject: 'x' })).toMatchObject({ statusCode: 400 });
    expect(await sent({ type: 'SMS', contactId: 'nobody', message: 'x' })).toMatchObject({
      statusCode: 400,
      message: 'Contact not found',
    });
    expect(await sent({ type: 'WhatsApp', contactId: casey, message: 'x' })).toMatchObject({ statusCode: 400 });
    expect(await sent({ type: 'Email', contactId: casey, subject: 'x', html: '<p>x</p>' })).toMatchObject({
      status: 'pending',
    });
  });

  it('has no idempotency: the same send twice is two messages', async () => {
    const body = { type: 'SMS', contactId: casey, message: 'Twice' };
    const [one, two] = [
      await send('POST /conversations/messages', { body }),
      await send('POST /conversations/messages', { body }),
    ];
    expect(one.body['messageId']).not.toEqual(two.body['messageId']);
    expect(one.body['conversationId']).toEqual(two.body['conversationId']);
  });

  it('answers a deleted contact like one that never was', async () => {
    await send('DELETE /contacts/{contactId}', { params });
    const body = { tags: ['x'] };
    expect((await send('POST /contacts/{contactId}/tags', { params, body })).body['message']).toBe('Contact not found');
    expect((await send('GET /contacts/{contactId}/tasks', { params })).body['message']).toBe('Contact not found');
  });

  it('accepts a path with or without its last slash', async () => {
    const headers = {
      Version: '2021-07-28',
      Authorization: `Bearer ${brokerage.token}`,
      'content-type': 'application/json',
    };
    const init = { method: 'POST', headers, body: JSON.stringify({ locationId, firstName: 'Slash' }) };
    expect((await fetch(`${standIn.url}/contacts`, init)).status).toBe(201);
  });
});
