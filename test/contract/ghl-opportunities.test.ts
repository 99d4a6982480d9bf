import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { crmMaker, failure, recordingLog, ref } from '../support/ghl-crm.ts';
import { json, startRecordingVendor, type RecordingVendor } from '../support/recording-vendor.ts';

const { crmAt, closeAll } = crmMaker(recordingLog());
let vendor: RecordingVendor;

beforeAll(async () => {
  vendor = await startRecordingVendor();
});
afterEach(closeAll);
afterAll(() => vendor.close());

const one = {
  id: 'o1',
  name: 'Noor, three bedrooms',
  contactId: ref.contactId,
  locationId: ref.locationId,
  pipelineId: 'p1',
  pipelineStageId: 's1',
  status: 'open',
  monetaryValue: 450_000,
  updatedAt: '2026-05-04T12:00:00.000Z',
  lastStageChangeAt: '2026-05-03T12:00:00.000Z',
};
const list = (opportunities: object[], meta: object = {}) => json(200, { opportunities, meta });

describe('opportunities of a contact', () => {
  it('are all of them, of every status, page by page, and no one else’s', async () => {
    const hundred = Array.from({ length: 100 }, (_, i) => ({ ...one, id: `o${i}` }));
    const other = { ...one, id: 'x', contactId: 'somebody-else' };
    const lost = { ...one, id: 'o100', status: 'lost', assignedTo: 'U1', monetaryValue: null };
    const before = vendor.calls.length;
    vendor.answer(list(hundred, { startAfter: 1777896000000, startAfterId: 'o99' }), list([other, lost, hundred[0]!]));
    const found = await crmAt(vendor.url).opportunities(ref);
    expect(found).toHaveLength(101);
    expect(found[0]).toEqual({
      opportunityId: 'o0',
      contactId: ref.contactId,
      pipelineId: 'p1',
      stageId: 's1',
      status: 'open',
      name: 'Noor, three bedrooms',
      value: 450_000,
      assignedTo: null,
      updatedAt: '2026-05-04T12:00:00.000Z',
      stageSince: '2026-05-03T12:00:00.000Z',
    });
    expect(found[100]).toMatchObject({ opportunityId: 'o100', status: 'lost', assignedTo: 'U1', value: null });
    const queries = vendor.calls.slice(before).map(({ query }) => query);
    expect(queries[0]).toEqual({
      location_id: ref.locationId,
      contact_id: ref.contactId,
      status: 'all',
      limit: '100',
    });
    expect(queries[1]).toMatchObject({ startAfter: '1777896000000', startAfterId: 'o99' });
  });

  it('are never half a list: an unreadable one or pages without end fail', async () => {
    vendor.answer(list([one, { ...one, id: 'o2', status: 'archived' }]));
    expect((await failure(crmAt(vendor.url).opportunities(ref))).code).toBe('CRM_UNAVAILABLE');
    const hundred = Array.from({ length: 100 }, (_, i) => ({ ...one, id: `o${i}` }));
    vendor.answer(list(hundred, { startAfter: 5, startAfterId: 'o99' }));
    expect((await failure(crmAt(vendor.url).opportunities(ref))).code).toBe('CRM_UNAVAILABLE');
    vendor.answer(list(hundred));
    expect((await failure(crmAt(vendor.url).opportunities(ref))).code).toBe('CRM_UNAVAILABLE');
  });

  it.each([{}, { contactId: null }, { contactId: '', contact: null }, { contact: {} }])(
    'are not guessed at: one that does not say whose it is (%j) might be this contact’s',
    async (whose) => {
      const { contactId: _, ...nobodys } = one;
      vendor.answer(list([{ ...nobodys, ...whose }]));
      expect((await failure(crmAt(vendor.url).opportunities(ref))).code).toBe('CRM_UNAVAILABLE');
    },
  );
});

describe('one opportunity', () => {
  it('is read by its id, and is gone when the vendor says so', async () => {
    vendor.answer(json(200, { opportunity: one }));
    expect(await crmAt(vendor.url).opportunity(ref.locationId, 'o1')).toMatchObject({ opportunityId: 'o1' });
    for (const [status, message] of [
      [400, 'Opportunity not found'],
      [404, 'The opportunity has been deleted'],
    ] as const) {
      vendor.answer(json(status, { message }));
      expect(await crmAt(vendor.url).opportunity(ref.locationId, 'o1')).toBe('gone');
    }
    vendor.answer(json(400, { message: 'Location not found' }));
    expect((await failure(crmAt(vendor.url).opportunity(ref.locationId, 'o1'))).code).toBe('CRM_BAD_REQUEST');
    vendor.answer(json(404, { message: 'Cannot GET /opportunities/o1' }));
    expect((await failure(crmAt(vendor.url).opportunity(ref.locationId, 'o1'))).code).toBe('CRM_NOT_FOUND');
  });

  it('of another id or another location never passes for it', async () => {
    vendor.answer(json(200, { opportunity: { ...one, id: 'o2' } }));
    expect((await failure(crmAt(vendor.url).opportunity(ref.locationId, 'o1'))).code).toBe('CRM_UNAVAILABLE');
    vendor.answer(json(200, { opportunity: { ...one, locationId: 'another' } }));
    expect((await failure(crmAt(vendor.url).opportunity(ref.locationId, 'o1'))).code).toBe('CRM_FORBIDDEN');
  });

  it('is made open, with what is known', async () => {
    vendor.answer(json(201, { opportunity: one }));
    const crm = crmAt(vendor.url);
    const wanted = { pipelineId: 'p1', stageId: 's1', name: 'N' };
    expect(await crm.createOpportunity(ref, { ...wanted, value: 5, assignedTo: 'U1' })).toEqual({
      kind: 'sent',
      vendorId: 'o1',
      at: one.updatedAt,
    });
    const body = { pipelineId: 'p1', pipelineStageId: 's1', name: 'N', status: 'open', ...ref };
    expect(vendor.calls.at(-1)).toMatchObject({ faults: [], body: { ...body, monetaryValue: 5, assignedTo: 'U1' } });
    await crm.createOpportunity(ref, wanted);
    expect(vendor.calls.at(-1)?.body).toEqual(body);
    vendor.answer(json(400, { message: 'Can not create duplicate opportunity for the contact.' }));
    expect(await crm.createOpportunity(ref, wanted)).toEqual({ kind: 'refused', reason: 'duplicate' });
  });

  it('is changed only in what is named, and not at all for nothing', async () => {
    vendor.answer(json(200, { opportunity: one }));
    const crm = crmAt(vendor.url);
    expect(await crm.updateOpportunity(ref.locationId, 'o1', { stageId: 's2' })).toBe(one.updatedAt);
    expect(vendor.calls.at(-1)).toMatchObject({ faults: [], body: { pipelineStageId: 's2' } });
    expect(Object.keys(vendor.calls.at(-1)?.body as object)).toEqual(['pipelineStageId']);
    await crm.updateOpportunity(ref.locationId, 'o1', { status: 'won', pipelineId: 'p2', assignedTo: 'U2' });
    expect(vendor.calls.at(-1)?.body).toEqual({ status: 'won', pipelineId: 'p2', assignedTo: 'U2' });
    const before = vendor.calls.length;
    await crm.updateOpportunity(ref.locationId, 'o1', {});
    expect(vendor.calls.length).toBe(before);
    vendor.answer(json(400, { message: 'Opportunity not found' }));
    expect((await failure(crm.updateOpportunity(ref.locationId, 'o1', { status: 'won' }))).code).toBe('CRM_NOT_FOUND');
  });
});

describe('taking away', () => {
  it('counts as done when it is gone already, and only then', async () => {
    const crm = crmAt(vendor.url);
    const all = () => [
      crm.deleteOpportunity(ref.locationId, 'o1'),
      crm.deleteTask(ref, 't1'),
      crm.deleteNote(ref, 'n1'),
      crm.removeFromWorkflow(ref, 'w1'),
    ];
    const before = vendor.calls.length;
    vendor.answer(json(200, { succeded: true }));
    await Promise.all(all());
    expect(vendor.calls.slice(before).flatMap(({ faults }) => faults)).toEqual([]);
    vendor.answer(json(404, { message: 'It was not found' }));
    await Promise.all(all());
    vendor.answer(json(404, { message: 'Cannot DELETE /x' }));
    const codes = await Promise.all(all().map(async (one) => (await failure(one)).code));
    expect(codes).toEqual(codes.map(() => 'CRM_NOT_FOUND'));
  });
});
