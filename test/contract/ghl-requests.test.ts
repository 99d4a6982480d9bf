import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { createGhlCrm } from '../../integrations/ghl/crm.ts';
import { cacheKinds } from '../../platform/cache-kinds.ts';
import { productCache } from '../support/product-cache.ts';
import {
  contact,
  conversations,
  crmMaker,
  failure,
  recordingLog,
  ref,
  sent,
  task,
  wanted,
} from '../support/ghl-crm.ts';
import { json, startRecordingVendor, type RecordingVendor, type Script } from '../support/recording-vendor.ts';

const { crmAt, closeAll } = crmMaker(recordingLog());
let vendor: RecordingVendor;

beforeAll(async () => {
  vendor = await startRecordingVendor();
});
afterEach(closeAll);
afterAll(() => vendor.close());

const scored = {
  id: ref.contactId,
  customFields: [
    { id: 'f1', value: 82 },
    { id: 'f2', value: 'hot' },
  ],
};

describe('every request fits the vendor documents', () => {
  const page = { messages: { lastMessageId: 'm0', nextPage: false, messages: [] } };
  const calls: [string, Script[], (crm: ReturnType<typeof createGhlCrm>) => Promise<unknown>][] = [
    ['get-contact', [contact()], (crm) => crm.contact(ref)],
    ['add-tags', [json(201, { tags: ['a'] })], (crm) => crm.addTags(ref, ['Hot-Lead'])],
    ['remove-tags', [json(200, { tags: [] })], (crm) => crm.removeTags(ref, ['Cold-Lead'])],
    ['update-contact', [json(200, { contact: scored })], (crm) => crm.setFields(ref, [{ id: 'f1', value: 82 }])],
    ['get-custom-fields', [json(200, { customFields: [] })], (crm) => crm.fieldIds(ref.locationId)],
    ['send-a-new-message', [sent()], (crm) => crm.send(ref, { channel: 'sms', body: 'Hello' })],
    ['send-a-new-message', [sent()], (crm) => crm.send(ref, { channel: 'email', subject: 'Hi', body: 'Hello' })],
    ['create-task', [json(201, { task: { id: 't1' } })], (crm) => crm.createTask(ref, task('U1'))],
    ['create-task', [json(201, { task: { id: 't1' } })], (crm) => crm.createTask(ref, task(null))],
    ['get-all-tasks', [json(200, { tasks: [] })], (crm) => crm.findTask(ref, { title: 'T', body: 'B' })],
    ['get-messages', [conversations('c1'), json(200, page)], (crm) => crm.findMessage(ref, wanted('sms'))],
    ['get-messages', [conversations('c1'), json(200, page)], (crm) => crm.messagesSince(ref, wanted('sms').since)],
    ['get-all-tasks', [json(200, { tasks: [] })], (crm) => crm.tasks(ref)],
    ['get-location', [json(200, { location: { name: 'N' } })], (crm) => crm.location(ref.locationId)],
  ];

  it.each(calls)('%s', async (operation, answers, run) => {
    const before = vendor.calls.length;
    vendor.answer(...answers);
    await run(crmAt(vendor.url));
    const made = vendor.calls.slice(before);
    expect(made.map((call) => call.faults).flat()).toEqual([]);
    expect(made.at(-1)?.operation).toBe(operation);
    expect(made.every((call) => call.headers.authorization === 'Bearer tok-en')).toBe(true);
  });

  it('and the judge is no rubber stamp: it sees wrong versions, unknown keys, missing fields and unknown paths', async () => {
    const faultsOf = async (method: string, path: string, version: string, body?: unknown) => {
      vendor.answer(json(200, {}));
      const headers = { version, authorization: 'Bearer x', 'content-type': 'application/json' };
      await fetch(vendor.url + path, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return vendor.calls.at(-1)?.faults ?? [];
    };
    expect(await faultsOf('GET', '/contacts/c1', '2021-04-15')).not.toEqual([]);
    expect(await faultsOf('PUT', '/contacts/c1', '2021-07-28', { lastname: 'x' })).not.toEqual([]);
    expect(
      await faultsOf('PUT', '/contacts/c1', '2021-07-28', { customFields: [{ id: 'f', field_value: true }] }),
    ).not.toEqual([]);
    expect(await faultsOf('POST', '/contacts/c1/tasks', '2021-07-28', { title: 'x' })).not.toEqual([]);
    expect(await faultsOf('GET', '/conversations/search?locationId=L&limit=many', '2021-04-15')).not.toEqual([]);
    expect(await faultsOf('GET', '/conversations/search', '2021-04-15')).not.toEqual([]);
    expect(await faultsOf('GET', '/nowhere', '2021-07-28')).not.toEqual([]);
  });
});

describe('reading a contact', () => {
  it('gives the whole record, with what the vendor left out known to be empty', async () => {
    vendor.answer(contact({ phone: '+19105550133', tags: ['Hit List'], customFields: [{ id: 'f1', value: ['a'] }] }));
    const found = await crmAt(vendor.url).contact(ref);
    expect(found).toMatchObject({
      snapshot: {
        phone: '+19105550133',
        email: null,
        tags: ['Hit List'],
        customFields: { f1: ['a'] },
        dnd: false,
        dndChannels: { sms: 'off', email: 'off', call: 'off' },
      },
    });
  });

  it('reads do-not-disturb per channel, and what it cannot read as unknown, never as open', async () => {
    vendor.answer(
      contact({ dnd: true, dndSettings: { SMS: { status: 'permanent' }, Email: { status: 'paused' }, Call: null } }),
    );
    expect(await crmAt(vendor.url).contact(ref)).toMatchObject({
      snapshot: { dnd: true, dndChannels: { sms: 'on', email: 'unknown', call: 'off' } },
    });
    vendor.answer(contact({ dnd: 'maybe', dndSettings: 'none' }));
    const odd = await crmAt(vendor.url).contact(ref);
    expect(odd).toMatchObject({ snapshot: { dndChannels: { sms: 'unknown', email: 'unknown', call: 'unknown' } } });
    expect(odd).not.toHaveProperty('snapshot.dnd');
  });

  it.each([
    [400, 'Contact not found'],
    [404, 'Contact not found'],
    [400, 'Contact with id CoN0000000000000test not found'],
    [404, 'The contact has been deleted'],
  ])('is gone when the vendor says so: %i %s', async (status, message) => {
    vendor.answer(json(status, { statusCode: status, message }));
    expect(await crmAt(vendor.url).contact(ref)).toBe('gone');
  });

  it.each([
    [400, 'Bad Request', 'CRM_BAD_REQUEST'],
    [404, 'Cannot GET /contacts/x', 'CRM_NOT_FOUND'],
    [404, 'Conversation id, contact id, workflow id, or campaign id not given', 'CRM_NOT_FOUND'],
    [422, 'contactId must be a string', 'CRM_BAD_REQUEST'],
  ])('is not gone for another reason: %i %s', async (status, message, code) => {
    vendor.answer(json(status, { statusCode: status, message }));
    expect((await failure(crmAt(vendor.url).contact(ref))).code).toBe(code);
  });

  it('never takes another contact or another tenant for this one', async () => {
    vendor.answer(contact({ id: 'somebody-else' }));
    expect((await failure(crmAt(vendor.url).contact(ref))).code).toBe('CRM_UNAVAILABLE');
    vendor.answer(contact({ locationId: 'another' }));
    expect((await failure(crmAt(vendor.url).contact(ref))).code).toBe('CRM_FORBIDDEN');
  });
});

describe('writing', () => {
  it('never sends tags with an update, since the vendor would overwrite all others', async () => {
    vendor.answer(json(200, { succeded: true, contact: scored }));
    await crmAt(vendor.url).setFields(ref, [
      { id: 'f1', value: 82 },
      { id: 'f2', value: 'hot' },
    ]);
    expect(vendor.calls.at(-1)?.body).toEqual({
      customFields: [
        { id: 'f1', field_value: '82' },
        { id: 'f2', field_value: 'hot' },
      ],
    });
  });

  it('asks nothing when there is nothing to change', async () => {
    const before = vendor.calls.length;
    const crm = crmAt(vendor.url);
    await crm.addTags(ref, []);
    await crm.removeTags(ref, []);
    await crm.setFields(ref, []);
    expect(vendor.calls.length).toBe(before);
  });

  it('reads the field ids once per location, and keeps them for a week', async () => {
    const cache = productCache();
    const crm = crmAt(vendor.url, { cache });
    vendor.answer(json(200, { customFields: [{ id: 'f1', fieldKey: 'contact.lead_score' }, { id: 'f2' }, null] }));
    const before = vendor.calls.length;
    expect(await crm.fieldIds('L1')).toEqual({ 'contact.lead_score': 'f1' });
    expect(await crm.fieldIds('L1')).toEqual({ 'contact.lead_score': 'f1' });
    await crm.fieldIds('L2');
    expect(vendor.calls.length - before).toBe(2);
    // Another process, which knows what the cache knows.
    expect(await crmAt(vendor.url, { cache }).fieldIds('L1', { remembered: true })).toEqual({
      'contact.lead_score': 'f1',
    });
    expect(cacheKinds.find(({ name }) => name === 'field-ids')?.ttlMs).toBe(604_800_000);
  });

  it('sends a mail as HTML in which nothing of the text is markup', async () => {
    vendor.answer(sent());
    await crmAt(vendor.url).send(ref, {
      channel: 'email',
      subject: 'Homes',
      body: 'Under <400k> & "new"\nTwo\n\nThree',
    });
    expect(vendor.calls.at(-1)?.body).toMatchObject({
      subject: 'Homes',
      html: '<p>Under &lt;400k&gt; &amp; &quot;new&quot;<br>Two</p><p>Three</p>',
    });
  });

  it('keeps an id from reaching another path', async () => {
    vendor.answer(json(201, { tags: [] }));
    await crmAt(vendor.url).addTags({ locationId: 'L', contactId: '../locations/x?y' }, ['a']);
    expect(vendor.calls.at(-1)?.path).toBe('/contacts/..%2Flocations%2Fx%3Fy/tags');
  });
});
