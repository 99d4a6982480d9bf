import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { createGhlCrm } from '../../integrations/ghl/crm.ts';
import { operations } from '../../integrations/ghl/operations.ts';
import { sampleAnswer } from '../support/ghl-documents.ts';
import { crmMaker, recordingLog, ref, task, wanted } from '../support/ghl-crm.ts';
import { faultsOfAnswer, json, startRecordingVendor, type RecordingVendor } from '../support/recording-vendor.ts';

const { crmAt, closeAll } = crmMaker(recordingLog());
let vendor: RecordingVendor;

beforeAll(async () => {
  vendor = await startRecordingVendor();
});
afterEach(closeAll);
afterAll(() => vendor.close());

const at = '2026-05-04T12:00:00.000Z';
const times = { dateAdded: at, dateUpdated: at, updatedAt: at, lastStageChangeAt: at };
const common = { contactId: ref.contactId, locationId: ref.locationId, ...times };
const documentedAnswer = (operation: string) => {
  // Of a contact's answer the contact must be the one that was asked for; its fields then bear the same id.
  const id = operation.endsWith('-contact') ? ref.contactId : 'id1';
  const status = operation.includes('opportunity') ? 'open' : operation.endsWith('message') ? 'pending' : 'active';
  const page = operation === 'get-messages' ? { nextPage: false, status: 'sent' } : {};
  return sampleAnswer(operation, { ...common, id, status, body: 'Hello there', title: 'Call', ...page });
};

type Crm = ReturnType<typeof createGhlCrm>;
const made = (vendorId: string) => ({ kind: 'sent', vendorId });
/** A record's making is told with its time. */
const recorded = (vendorId: string) => ({ ...made(vendorId), at: expect.any(String) });
const opportunity = {
  opportunityId: 'id1',
  contactId: ref.contactId,
  pipelineId: 'text',
  stageId: 'text',
  status: 'open',
  name: 'text',
  value: 1,
  assignedTo: 'text',
  updatedAt: at,
  stageSince: at,
};

/** What comes of an answer in which the vendor leaves nothing out: each field that we read must be found where the document has it. */
const reads: readonly (readonly [title: string, run: (crm: Crm) => Promise<unknown>, result: unknown])[] = [
  [
    'get-contact',
    async (crm) => crm.contact(ref),
    {
      snapshot: {
        ...{ firstName: 'text', lastName: 'text', email: 'text', phone: 'text', timezone: 'text', state: 'text' },
        ...{ country: 'text', postalCode: 'text', source: 'text', assignedTo: 'text', tags: ['text'], dnd: true },
        customFields: { [ref.contactId]: 'text' },
        dndChannels: { sms: 'on', email: 'on', call: 'on' },
        dateAdded: at,
      },
      at: expect.any(String),
    },
  ],
  ['get-all-tasks', (crm) => crm.tasks(ref), [{ vendorId: 'id1', title: 'Call', body: 'Hello there' }]],
  ['get-all-notes', (crm) => crm.findNote(ref, { body: 'Hello there' }), 'id1'],
  ['get-location', (crm) => crm.location(ref.locationId), { name: 'text', timezone: 'text', companyId: 'text' }],
  ['get-custom-fields', (crm) => crm.fieldIds(ref.locationId), { text: 'id1' }],
  ['search-opportunity', (crm) => crm.opportunities(ref), [opportunity]],
  ['get-opportunity', (crm) => crm.opportunity(ref.locationId, 'id1'), opportunity],
  [
    'search-conversation, get-messages',
    (crm) => crm.messagesSince(ref, at),
    [
      {
        vendorId: 'text',
        direction: 'inbound',
        channel: 'call',
        body: 'Hello there',
        at,
        origin: 'workflow',
        userId: 'text',
      },
    ],
  ],
  [
    'the catalogue',
    (crm) => crm.catalog(ref.locationId),
    {
      customFields: [{ id: 'id1', name: 'text', key: 'text', dataType: 'text' }],
      pipelines: [{ id: 'id1', name: 'text', stages: [{ id: 'id1', name: 'text' }] }],
      users: [{ id: 'id1', name: 'text', email: 'text', deleted: true }],
      calendars: [{ id: 'id1', name: 'text' }],
      workflows: [{ id: 'id1', name: 'text' }],
      numbers: ['text'],
      tags: ['text'],
    },
  ],
  ['task-search', (crm) => crm.contactOfTask(ref.locationId, { taskId: 'id1' }), ref.contactId],
  ['send-a-new-message', (crm) => crm.send(ref, { channel: 'sms', body: 'x', from: '+19105550100' }), made('text')],
  ['create-task', (crm) => crm.createTask(ref, task(null)), recorded('id1')],
  ['create-note', (crm) => crm.createNote(ref, { body: 'x' }), recorded('id1')],
  [
    'create-opportunity',
    (crm) => crm.createOpportunity(ref, { pipelineId: 'p', stageId: 's', name: 'n' }),
    recorded('id1'),
  ],
  ['add-contact-to-workflow', (crm) => crm.addToWorkflow(ref, 'w1'), made('w1')],
  ['add-tags', (crm) => crm.addTags(ref, ['a']), undefined],
  ['remove-tags', (crm) => crm.removeTags(ref, ['a']), undefined],
  ['update-contact', (crm) => crm.setFields(ref, [{ id: ref.contactId, value: 'text' }]), undefined],
  ['update-contact', (crm) => crm.assign(ref, 'U1'), undefined],
  ['update-opportunity', (crm) => crm.updateOpportunity(ref.locationId, 'id1', { stageId: 's' }), expect.any(String)],
  ['delete-task', (crm) => crm.deleteTask(ref, 't1'), undefined],
  ['delete-note', (crm) => crm.deleteNote(ref, 'n1'), undefined],
  ['delete-opportunity', (crm) => crm.deleteOpportunity(ref.locationId, 'id1'), undefined],
  ['delete-contact-from-workflow', (crm) => crm.removeFromWorkflow(ref, 'w1'), undefined],
];

describe('an answer as the documents describe it', () => {
  it.each(reads)('%s is read whole', async (_title, run, result) => {
    const undocumented: string[] = [];
    vendor.answer((request, response, socket) => {
      const body = documentedAnswer(request.operation);
      undocumented.push(...faultsOfAnswer(request.operation, body));
      json(200, body)(request, response, socket);
    });
    const before = vendor.calls.length;
    expect(await run(crmAt(vendor.url))).toEqual(result);
    expect(undocumented).toEqual([]);
    expect(vendor.calls.slice(before).flatMap(({ faults }) => faults)).toEqual([]);
  });

  it('of an e-mail whose text the list leaves out is read by its own id', async () => {
    vendor.answer((request, response, socket) => {
      const sample = documentedAnswer(request.operation) as { messages?: { messages: object[] } };
      for (const message of sample.messages?.messages ?? []) {
        Object.assign(message, { body: '', messageType: 'TYPE_EMAIL', direction: 'outbound', source: 'api' });
      }
      json(200, sample)(request, response, socket);
    });
    expect(await crmAt(vendor.url).findMessage(ref, wanted('email'))).toBe('text');
    expect(vendor.calls.at(-1)).toMatchObject({ operation: 'get-email-by-id', faults: [] });
  });

  it('has been asked for with every operation of the table', () => {
    expect(new Set(vendor.calls.map(({ operation }) => operation))).toEqual(new Set(Object.keys(operations)));
  });

  it('and the judge of answers is no rubber stamp', () => {
    expect(faultsOfAnswer('get-messages', { lastMessageId: 'x', nextPage: false, messages: [] })).not.toEqual([]);
    expect(faultsOfAnswer('get-contact', { contact: { tags: 'hot' } })).not.toEqual([]);
    expect(faultsOfAnswer('get-nothing', {})).not.toEqual([]);
  });
});
