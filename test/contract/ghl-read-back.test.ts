import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { conversations, crmMaker, failure, recordingLog, ref, wanted } from '../support/ghl-crm.ts';
import { json, startRecordingVendor, type RecordingVendor } from '../support/recording-vendor.ts';

const { crmAt, closeAll } = crmMaker(recordingLog());
let vendor: RecordingVendor;

beforeAll(async () => {
  vendor = await startRecordingVendor();
});
afterEach(closeAll);
afterAll(() => vendor.close());

describe('reading a send back', () => {
  const at = '2026-05-04T12:00:00.000Z';
  const ours = {
    id: 'm5',
    messageType: 'TYPE_SMS',
    direction: 'outbound',
    body: ' Hello \n there ',
    dateAdded: at,
    source: 'api',
  };
  const list = (messages: object[], nextPage = false, lastMessageId = 'last') =>
    json(200, { messages: { lastMessageId, nextPage, messages } });
  const find = (channel: 'sms' | 'email' = 'sms') => crmAt(vendor.url).findMessage(ref, wanted(channel));

  it('finds our own message whatever its white space and status', async () => {
    vendor.answer(conversations('c1'), list([{ ...ours, status: 'failed' }]));
    expect(await find()).toBe('m5');
  });

  it('takes the flat list of the documents as well', async () => {
    vendor.answer(conversations('c1'), json(200, { lastMessageId: 'l', nextPage: false, messages: [ours] }));
    expect(await find()).toBe('m5');
  });

  it('allows two seconds between the clocks, and no more', async () => {
    vendor.answer(conversations('c1'), list([{ ...ours, dateAdded: '2026-05-04T11:59:58.000Z' }]));
    expect(await find()).toBe('m5');
    vendor.answer(conversations('c1'), list([{ ...ours, dateAdded: '2026-05-04T11:59:57.999Z' }]));
    expect(await find()).toBeUndefined();
  });

  it.each([
    ['an inbound one', { direction: 'inbound' }],
    ["an agent's", { source: 'app' }],
    ["a workflow's", { source: 'workflow' }],
    ['another channel', { messageType: 'TYPE_EMAIL' }],
    ['other words', { body: 'Hello here' }],
    ['one without a time', { dateAdded: undefined }],
  ])('does not take %s for it', async (_title, fields) => {
    vendor.answer(conversations('c1'), list([{ ...ours, ...fields }]));
    expect(await find()).toBeUndefined();
  });

  it('looks on older pages and in all conversations of the contact', async () => {
    const before = vendor.calls.length;
    const other = { ...ours, id: 'm9', body: 'x' };
    vendor.answer(conversations('c1', 'c2'), list([other], true, 'm9'), list([other]), list([ours]));
    expect(await find()).toBe('m5');
    expect(vendor.calls.slice(before).map((call) => call.query['lastMessageId'])).toEqual([
      undefined,
      undefined,
      'm9',
      undefined,
    ]);
    expect(vendor.calls.slice(before).flatMap((call) => call.faults)).toEqual([]);
  });

  it('stops at messages older than the claim and at a page that does not move on', async () => {
    const old = { ...ours, id: 'm9', dateAdded: '2026-05-01T00:00:00.000Z' };
    vendor.answer(conversations('c1'), list([old], true), list([ours]));
    expect(await find()).toBeUndefined();
    const before = vendor.calls.length;
    vendor.answer(conversations('c1'), list([{ ...ours, body: 'x' }], true, 'same'));
    expect(await find()).toBeUndefined();
    expect(vendor.calls.length - before).toBe(3);
  });

  it('recognises a mail by the HTML that we sent, by plain text, and by its own record where the list leaves it out', async () => {
    const mail = { ...ours, messageType: 'TYPE_EMAIL' };
    for (const body of ['<p>Hello<br>there</p>', 'Hello there']) {
      vendor.answer(conversations('c1'), list([{ ...mail, body }]));
      expect(await find('email')).toBe('m5');
    }
    vendor.answer(
      conversations('c1'),
      list([{ ...mail, body: undefined, meta: { email: { messageIds: ['e1'] } } }]),
      json(200, { id: 'e1', body: '<html><body><p>Hello there</p></body></html>' }),
    );
    expect(await find('email')).toBe('e1');
    expect(vendor.calls.at(-1)).toMatchObject({ operation: 'get-email-by-id', faults: [] });
  });

  it('fails loudly when it cannot look, for an unread list is no proof of absence', async () => {
    vendor.answer(conversations('c1'), json(500, {}));
    expect((await failure(find())).code).toBe('CRM_UNAVAILABLE');
    vendor.answer(json(200, { total: 0 }));
    expect((await failure(find())).code).toBe('CRM_UNAVAILABLE');
  });

  it('finds a task by title and words', async () => {
    const tasks = [
      { id: 't1', title: 'Call', body: 'other' },
      { id: 't2', title: ' Call ', body: '<p>Hot lead</p>' },
    ];
    vendor.answer(json(200, { tasks }));
    expect(await crmAt(vendor.url).findTask(ref, { title: 'Call', body: 'Hot lead' })).toBe('t2');
    expect(await crmAt(vendor.url).findTask(ref, { title: 'Call', body: 'none' })).toBeUndefined();
  });
});
