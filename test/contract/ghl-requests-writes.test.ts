import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { contact, crmMaker, failure, recordingLog, ref } from '../support/ghl-crm.ts';
import { productCache } from '../support/product-cache.ts';
import { json, startRecordingVendor, type RecordingVendor } from '../support/recording-vendor.ts';

const { crmAt, closeAll } = crmMaker(recordingLog());
let vendor: RecordingVendor;

beforeAll(async () => {
  vendor = await startRecordingVendor();
});
afterEach(closeAll);
afterAll(() => vendor.close());

const made = async (act: () => Promise<unknown>) => {
  const before = vendor.calls.length;
  await act();
  const calls = vendor.calls.slice(before);
  expect(calls.flatMap(({ faults }) => faults)).toEqual([]);
  return calls;
};
const yes = json(200, { succeded: true });
const shows = (...values: readonly (readonly [id: string, value: unknown])[]) =>
  contact({ customFields: values.map(([id, value]) => ({ id, value })) });
const has = (...ids: readonly string[]) =>
  json(200, { customFields: ids.map((id) => ({ id, fieldKey: `contact.${id}` })) });

describe('a custom field', () => {
  const score = [{ id: 'f1', value: 82 }] as const;

  it('is looked for in the answer of the update, and read where the answer does not show it', async () => {
    vendor.answer(
      json(200, { succeded: true, contact: { id: ref.contactId, customFields: [{ id: 'f1', value: '82' }] } }),
    );
    expect(await made(() => crmAt(vendor.url).setFields(ref, score))).toHaveLength(1);
    vendor.answer(yes, shows(['f1', 82]));
    expect((await made(() => crmAt(vendor.url).setFields(ref, score))).map(({ operation }) => operation)).toEqual([
      'update-contact',
      'get-contact',
    ]);
  });

  it.each([
    ['a number as text', 82, '82'],
    ['a text as a number', '82', 82],
    ['a number with decimals', 5, '5.00'],
    ['a choice as a list', 'Buyer', ['Buyer']],
    ['a choice in the field’s own spelling', 'buyer', 'Buyer'],
    ['several choices', 'Buyer,Seller', ['Buyer', 'Seller']],
    ['several choices in another order', 'Buyer, Seller', ['Seller', 'Buyer']],
    ['a choice with a comma in it', 'Boise, ID', ['Boise, ID']],
    ['a yes as what it is', 'true', true],
    ['lines in its own way', 'one\ntwo', 'one\r\ntwo '],
    ['a day as milliseconds in a text', '2026-05-04', String(Date.parse('2026-05-04'))],
    ['a day as an instant', '2026-05-04', '2026-05-04T00:00:00.000Z'],
    ['a day as milliseconds', '2026-05-04', Date.parse('2026-05-04')],
    ['an empty value as nothing', '', null],
  ])('is taken when the vendor shows %s', async (_title, wanted, shown) => {
    vendor.answer(yes, shows(['f1', shown]));
    await crmAt(vendor.url).setFields(ref, [{ id: 'f1', value: wanted }]);
  });

  it.each([
    ['nothing', null],
    ['what was there before', '12'],
    ['something else of another kind', { file: 'x' }],
    ['an empty list', []],
    ['it beside what was there before', ['12', '82']],
  ])('is not taken when it shows %s', async (_title, shown) => {
    vendor.answer(yes, shows(['f1', shown]), has('f1'));
    expect((await failure(crmAt(vendor.url).setFields(ref, score))).code).toBe('CRM_FIELD_NOT_TAKEN');
  });

  it('that somebody removed is named, and forgotten: whether the vendor says yes or no', async () => {
    for (const answer of [
      yes,
      json(400, { message: 'Invalid custom field' }),
      json(422, { message: ['customFields.0.id'] }),
    ]) {
      const crm = crmAt(vendor.url, { cache: productCache() });
      vendor.answer(has('f1', 'f2'));
      expect(await crm.fieldIds(ref.locationId)).toHaveProperty(['contact.f1'], 'f1');
      vendor.answer(answer, ...(answer === yes ? [shows(['f2', 'x'])] : []), has('f2'));
      const error = await failure(crm.setFields(ref, [...score, { id: 'f2', value: 'x' }]));
      expect(error.code).toBe('CRM_FIELD_UNKNOWN');
      expect(error.message).toMatch(/ f1$/);
      expect(await crm.fieldIds(ref.locationId)).toEqual({ 'contact.f2': 'f2' });
    }
  });

  it('of a contact that is gone says that, not that the field is', async () => {
    vendor.answer(json(400, { message: 'Contact not found' }), has('f1'));
    expect((await failure(crmAt(vendor.url).setFields(ref, score))).code).toBe('CRM_NOT_FOUND');
    vendor.answer(yes, json(400, { message: 'Contact not found' }));
    expect((await failure(crmAt(vendor.url).setFields(ref, score))).code).toBe('CRM_NOT_FOUND');
  });
});

describe('do-not-disturb', () => {
  const dnd = (dndSettings: object) => contact({ dndSettings });
  const bodyOf = (calls: readonly { operation: string; body: unknown }[]) =>
    calls.find(({ operation }) => operation === 'update-contact')?.body;

  it('is switched with all that blocks already, mark for mark, and read back', async () => {
    const email = { status: 'permanent', message: 'bounced', code: '101' };
    const after = { SMS: { status: 'active' }, Email: email, GMB: { status: 'inactive' } };
    vendor.answer(dnd({ Email: email, GMB: { status: 'inactive' } }), yes, dnd(after));
    const calls = await made(() => crmAt(vendor.url).setDnd(ref, { sms: 'on' }));
    expect(calls.map(({ operation }) => operation)).toEqual(['get-contact', 'update-contact', 'get-contact']);
    expect(bodyOf(calls)).toEqual({ dndSettings: { SMS: { status: 'active' }, Email: email } });
  });

  it('is lifted only where it is named', async () => {
    const before = { SMS: { status: 'active' }, Call: { status: 'active' } };
    vendor.answer(dnd(before), yes, dnd({ ...before, SMS: { status: 'inactive' } }));
    const calls = await made(() => crmAt(vendor.url).setDnd(ref, { sms: 'off', email: 'off' }));
    expect(bodyOf(calls)).toEqual({ dndSettings: { SMS: { status: 'inactive' }, Call: { status: 'active' } } });
  });

  it('that blocks for good is lifted by nobody here, and that is no error', async () => {
    const before = { SMS: { status: 'permanent', code: '30004' }, Call: { status: 'active' } };
    const after = { ...before, Call: { status: 'inactive' } };
    vendor.answer(dnd(before), yes, dnd(after));
    expect(bodyOf(await made(() => crmAt(vendor.url).setDnd(ref, { sms: 'off', call: 'off' })))).toEqual({
      dndSettings: after,
    });
    vendor.answer(dnd(before));
    expect(await made(() => crmAt(vendor.url).setDnd(ref, { sms: 'off' }))).toHaveLength(1);
  });

  it('is not written when it is so already, and keeps a block for good', async () => {
    vendor.answer(dnd({ SMS: { status: 'permanent' } }));
    expect(await made(() => crmAt(vendor.url).setDnd(ref, { sms: 'on', call: 'off' }))).toHaveLength(1);
  });

  it.each([
    ['was not kept', {}, {}],
    ['of another channel got lost', { Email: { status: 'active' } }, { SMS: { status: 'active' } }],
  ])('that %s is an error', async (_title, before, after) => {
    vendor.answer(dnd(before), yes, dnd(after));
    expect((await failure(crmAt(vendor.url).setDnd(ref, { sms: 'on' }))).code).toBe('CRM_UNAVAILABLE');
  });

  it('that cannot be read is not written over', async () => {
    vendor.answer(contact({ dndSettings: 'none' }));
    const before = vendor.calls.length;
    expect((await failure(crmAt(vendor.url).setDnd(ref, { sms: 'on' }))).code).toBe('CRM_UNAVAILABLE');
    vendor.answer(json(400, { message: 'Contact not found' }));
    expect((await failure(crmAt(vendor.url).setDnd(ref, { sms: 'on' }))).code).toBe('CRM_NOT_FOUND');
    expect(vendor.calls.slice(before).every(({ operation }) => operation === 'get-contact')).toBe(true);
  });
});

describe('other writes', () => {
  it('assign and nothing else, or take the assignment away', async () => {
    vendor.answer(yes);
    const crm = crmAt(vendor.url);
    expect((await made(() => crm.assign(ref, 'U1')))[0]?.body).toEqual({ assignedTo: 'U1' });
    expect((await made(() => crm.assign(ref, null)))[0]?.body).toEqual({ assignedTo: null });
  });

  it('send a text from the number that is asked for, and a mail without one', async () => {
    vendor.answer(json(201, { messageId: 'm1', conversationId: 'c1' }));
    const crm = crmAt(vendor.url);
    const from = '+19105550100';
    expect((await made(() => crm.send(ref, { channel: 'sms', body: 'x', from })))[0]?.body).toEqual({
      type: 'SMS',
      contactId: ref.contactId,
      message: 'x',
      fromNumber: from,
    });
    const mail = await made(() => crm.send(ref, { channel: 'email', subject: 's', body: 'x', from }));
    expect(mail[0]?.body).not.toHaveProperty('fromNumber');
  });

  it('write a note and find it by its words', async () => {
    vendor.answer(
      json(201, { note: { id: 'n1' } }),
      json(200, {
        notes: [
          { id: 'n0', body: 'x' },
          { id: 'n1', body: '<p>Two&nbsp;rooms</p>' },
        ],
      }),
    );
    const crm = crmAt(vendor.url);
    expect(await crm.createNote(ref, { body: 'Two rooms' })).toMatchObject({ kind: 'sent', vendorId: 'n1' });
    expect(await crm.findNote(ref, { body: 'Two rooms' })).toBe('n1');
    expect(await crm.findNote(ref, { body: 'Three rooms' })).toBeUndefined();
  });

  it('begin a workflow once; a no in a yes is unknown', async () => {
    vendor.answer(yes);
    const crm = crmAt(vendor.url);
    expect(await crm.addToWorkflow(ref, 'w1')).toEqual({ kind: 'sent', vendorId: 'w1' });
    vendor.answer(json(200, { succeded: false }));
    expect((await crm.addToWorkflow(ref, 'w1')).kind).toBe('unknown');
    vendor.answer(json(400, { message: 'Workflow not found' }));
    expect((await crm.addToWorkflow(ref, 'w1')).kind).toBe('refused');
  });
});
