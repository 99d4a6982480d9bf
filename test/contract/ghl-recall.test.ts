import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { conversations, crmMaker, failure, recordingLog, ref } from '../support/ghl-crm.ts';
import { json, startRecordingVendor, type RecordingVendor } from '../support/recording-vendor.ts';

const { crmAt, closeAll } = crmMaker(recordingLog());
let vendor: RecordingVendor;

beforeAll(async () => {
  vendor = await startRecordingVendor();
});
afterEach(closeAll);
afterAll(() => vendor.close());

const SINCE = '2026-05-04T12:00:00.000Z';
const message = (id: string, fields: object = {}) => ({
  ...{ id, messageType: 'TYPE_SMS', direction: 'outbound', body: `words of ${id}`, source: 'api' },
  dateAdded: `2026-05-04T12:${id.slice(1).padStart(2, '0')}:00.000Z`,
  ...fields,
});
const list = (messages: object[], nextPage = false, lastMessageId = 'last') =>
  json(200, { messages: { lastMessageId, nextPage, messages } });
const read = () => crmAt(vendor.url).messagesSince(ref, SINCE);

describe('reading back a talk', () => {
  it('brings both directions from all conversations and pages, oldest first, and no older ones', async () => {
    const old = message('m1', { dateAdded: '2026-05-04T11:00:00.000Z' });
    const inbound = message('m4', { direction: 'inbound', source: undefined });
    vendor.answer(
      conversations('c1', 'c2'),
      list([message('m9')], true, 'm9'),
      list([message('m7'), old], true),
      list([inbound]),
    );
    const before = vendor.calls.length;
    const messages = await read();
    expect(messages.map(({ vendorId }) => vendorId)).toEqual(['m4', 'm7', 'm9']);
    expect(messages[0]).toMatchObject({ direction: 'inbound', channel: 'sms', body: 'words of m4', origin: null });
    expect(vendor.calls.slice(before).flatMap((call) => call.faults)).toEqual([]);
  });

  it('says who wrote: our own calls, or a person of the team', async () => {
    vendor.answer(conversations('c1'), list([message('m1'), message('m2', { source: 'app', userId: 'u1' })]));
    expect(await read()).toMatchObject([
      { origin: 'api', userId: null },
      { origin: 'app', userId: 'u1' },
    ]);
  });

  it('reads the text of an e-mail that the list leaves out', async () => {
    const mail = message('m1', { messageType: 'TYPE_EMAIL', body: undefined, meta: { email: { messageIds: ['e1'] } } });
    vendor.answer(conversations('c1'), list([mail]), json(200, { id: 'e1', body: '<p>Hello<br>there</p>' }));
    expect(await read()).toMatchObject([
      { vendorId: 'e1', channel: 'email', body: expect.stringMatching(/Hello\s+there/) },
    ]);
  });

  it('keeps a message without a time, as one of the time that is asked for', async () => {
    vendor.answer(conversations('c1'), list([message('m1', { dateAdded: undefined })]));
    expect(await read()).toMatchObject([{ vendorId: 'm1', at: SINCE }]);
  });

  it.each([
    ['a page that does not move on', () => vendor.answer(conversations('c1'), list([message('m1')], true, 'same'))],
    ['a message without an id', () => vendor.answer(conversations('c1'), list([message('m1', { id: undefined })]))],
    ['a conversation without an id', () => vendor.answer(json(200, { conversations: [{ contactId: ref.contactId }] }))],
    ['an answer of 500', () => vendor.answer(conversations('c1'), json(500, {}))],
  ])('is complete or fails: %s', async (_title, prepare) => {
    prepare();
    expect((await failure(read())).code).toBe('CRM_UNAVAILABLE');
  });
});
