import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { crmMaker, failure, recordingLog, ref } from '../support/ghl-crm.ts';
import { productCache } from '../support/product-cache.ts';
import { until } from '../support/until.ts';
import { json, startRecordingVendor, type RecordingVendor, type Script } from '../support/recording-vendor.ts';

const { crmAt, closeAll } = crmMaker(recordingLog());
let vendor: RecordingVendor;

beforeAll(async () => {
  vendor = await startRecordingVendor();
});
afterEach(closeAll);
afterAll(() => vendor.close());

/** One answer per operation, since the parts are read side by side. */
function byOperation(answers: Readonly<Record<string, Script>>): Script {
  return (request, response, socket) => (answers[request.operation] ?? json(500, {}))(request, response, socket);
}

const number = (phoneNumber: string) => ({ phoneNumber, sid: 's' });
const answers: Readonly<Record<string, Script>> = {
  'get-custom-fields': json(200, {
    customFields: [
      { id: 'f1', name: 'Lead Score', fieldKey: 'contact.lead_score', dataType: 'NUMERICAL' },
      { id: 'f2' },
    ],
  }),
  'get-pipelines': json(200, {
    pipelines: [
      {
        id: 'p1',
        name: 'Buyers',
        stages: [
          { id: 's2', name: 'Met', position: 1 },
          { id: 's1', name: 'New', position: 0 },
        ],
      },
    ],
  }),
  'get-user-by-location': json(200, {
    users: [
      { id: 'U1', name: 'Lena Ortiz', email: 'lena@example.com' },
      { id: 'U2', firstName: 'Sam', lastName: 'Park', deleted: true },
    ],
  }),
  'get-calendars': json(200, { calendars: [{ id: 'c1', name: 'Showings' }] }),
  'get-workflow': json(200, { workflows: [{ id: 'w1', name: 'Notify the agent', status: 'published' }] }),
  'active-numbers': json(200, { numbers: [number('+19105550101')], page: 0, pageSize: 100 }),
  'get-location-tags': json(200, { tags: [{ id: 't1', name: 'hot-lead' }] }),
};

describe('the catalogue of a location', () => {
  it('is what settings may refer to, each request as documented', async () => {
    vendor.answer(byOperation(answers));
    const before = vendor.calls.length;
    expect(await crmAt(vendor.url).catalog(ref.locationId)).toEqual({
      customFields: [{ id: 'f1', name: 'Lead Score', key: 'contact.lead_score', dataType: 'NUMERICAL' }],
      pipelines: [
        {
          id: 'p1',
          name: 'Buyers',
          stages: [
            { id: 's1', name: 'New' },
            { id: 's2', name: 'Met' },
          ],
        },
      ],
      users: [
        { id: 'U1', name: 'Lena Ortiz', email: 'lena@example.com', deleted: false },
        { id: 'U2', name: 'Sam Park', email: null, deleted: true },
      ],
      calendars: [{ id: 'c1', name: 'Showings' }],
      workflows: [{ id: 'w1', name: 'Notify the agent' }],
      numbers: ['+19105550101'],
      tags: ['hot-lead'],
    });
    expect(vendor.calls.slice(before).flatMap(({ faults }) => faults)).toEqual([]);
  });

  it('has all numbers of a large location', async () => {
    let page = 0;
    const numbers: Script = (request, response, socket) => {
      const count = page++ < 2 ? 100 : 1;
      const list = Array.from({ length: count }, (_, i) =>
        number(`+1910555${1000 + Number(request.query['page']) * 100 + i}`),
      );
      json(200, { numbers: list })(request, response, socket);
    };
    vendor.answer(byOperation({ ...answers, 'active-numbers': numbers }));
    expect((await crmAt(vendor.url).catalog(ref.locationId)).numbers).toHaveLength(201);
  });

  it.each([
    [403, 'Forbidden resource'],
    [401, 'The token is not authorized for this scope.'],
  ])('leaves out as unknown what the token may not read: %i', async (status, message) => {
    const no = json(status, { message });
    vendor.answer(byOperation({ ...answers, 'get-workflow': no, 'active-numbers': no }));
    const catalog = await crmAt(vendor.url).catalog(ref.locationId);
    expect(catalog).toMatchObject({ workflows: null, numbers: null, tags: ['hot-lead'] });
  });

  it('is no catalogue when a part cannot be read now', async () => {
    vendor.answer(byOperation({ ...answers, 'get-calendars': json(500, {}) }));
    expect((await failure(crmAt(vendor.url).catalog(ref.locationId))).code).toBe('CRM_UNAVAILABLE');
    vendor.answer(byOperation({ ...answers, 'get-calendars': json(200, {}) }));
    expect((await failure(crmAt(vendor.url).catalog(ref.locationId))).code).toBe('CRM_UNAVAILABLE');
  });
});

describe('which field is which', () => {
  it('is answered from memory while it is read anew, and while the CRM does not answer', async () => {
    const cache = productCache();
    // Another process each time, which knows what the cache knows.
    let crm = crmAt(vendor.url, { cache });
    const ids = { 'contact.lead_score': 'f1' };
    const fields = (...keys: string[]) =>
      json(200, { customFields: keys.map((fieldKey, at) => ({ id: `f${at + 1}`, name: fieldKey, fieldKey })) });
    const long = async (): Promise<void> => {
      const [key, of] = [{ location: ref.locationId, id: 'contact' }, { kind: 'field-ids' }];
      await cache.set(key, { ...(await cache.get<object>(key, of)), readAt: 0 }, of);
      crm = crmAt(vendor.url, { cache });
    };
    vendor.answer(json(500, {}));
    expect((await failure(crm.fieldIds(ref.locationId))).code).toBe('CRM_UNAVAILABLE');
    vendor.answer(fields('contact.lead_score'));
    expect(await crm.fieldIds(ref.locationId)).toEqual(ids);

    await long();
    vendor.answer(json(500, {}));
    const before = vendor.calls.length;
    expect(await crm.fieldIds(ref.locationId)).toEqual(ids);
    await until(() => vendor.calls.length > before);
    expect(await crm.fieldIds(ref.locationId)).toEqual(ids);
    expect(vendor.calls.length).toBe(before + 1);

    await long();
    vendor.answer(fields('contact.lead_score', 'contact.budget'));
    expect(await crm.fieldIds(ref.locationId)).toEqual(ids);
    await until(async () => Object.keys(await crm.fieldIds(ref.locationId)).length === 2);
  });

  it('is known to a process without a cache while the CRM does not answer', async () => {
    const cache = productCache();
    const crm = crmAt(vendor.url, { cache });
    vendor.answer(json(200, { customFields: [{ id: 'f1', name: 'Score', fieldKey: 'contact.lead_score' }] }));
    const ids = await crm.fieldIds(ref.locationId);
    await cache.delete({ location: ref.locationId, id: 'contact' }, { kind: 'field-ids' });
    vendor.answer(json(500, {}));
    expect(await crm.fieldIds(ref.locationId)).toEqual(ids);
  });
});
