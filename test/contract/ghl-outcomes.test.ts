import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { contact, crmMaker, failure, recordingLog, ref, sent, task, tokens } from '../support/ghl-crm.ts';
import {
  cutLine,
  halfAnswer,
  json,
  raw,
  silence,
  startRecordingVendor,
  type RecordingVendor,
  type Script,
} from '../support/recording-vendor.ts';

const log = recordingLog();
const { crmAt, closeAll } = crmMaker(log);
let vendor: RecordingVendor;

beforeAll(async () => {
  vendor = await startRecordingVendor();
});
afterEach(closeAll);
afterAll(() => vendor.close());

/** Silence alone is not waited for long. */
const crmWith = (script: Script) => crmAt(vendor.url, script === silence ? { timeoutMs: 1_000 } : {});

describe('what a refused read or idempotent write becomes', () => {
  it.each([
    [
      'an unusable token',
      json(401, { statusCode: 401, message: 'Invalid token: access token is invalid' }),
      'CRM_AUTH',
    ],
    [
      'a missing version header',
      json(401, { statusCode: 401, message: 'version header was not found.' }),
      'CRM_BAD_REQUEST',
    ],
    ['an unknown version', json(401, { statusCode: 401, message: 'version header is invalid' }), 'CRM_BAD_REQUEST'],
    [
      'a token of another location',
      json(401, { statusCode: 401, message: 'The token does not have access to this location.' }),
      'CRM_FORBIDDEN',
    ],
    ['a missing scope', json(403, { statusCode: 403, message: 'Forbidden' }), 'CRM_FORBIDDEN'],
    [
      'a duplicate',
      json(400, { statusCode: 400, message: 'This location does not allow duplicated contacts.' }),
      'CRM_DUPLICATE',
    ],
    ['a missing scope, as 401', json(401, { message: 'The token is not authorized for this scope.' }), 'CRM_FORBIDDEN'],
    ['a suspended location', json(401, { message: 'Location is not active' }), 'CRM_LOCATION_INACTIVE'],
    ['an unknown contact', json(400, { statusCode: 400, message: 'Contact not found' }), 'CRM_NOT_FOUND'],
    ['a malformed body', json(422, { statusCode: 422, message: ['tags must be an array'] }), 'CRM_BAD_REQUEST'],
    ['a server error', json(500, { message: 'boom' }), 'CRM_UNAVAILABLE'],
    ['an overload', json(503, {}), 'CRM_UNAVAILABLE'],
    ['a proxy page', raw(502, 'text/html', '<html>Bad gateway</html>'), 'CRM_UNAVAILABLE'],
    ['a blocking page', raw(403, 'text/html', '<html>Blocked</html>'), 'CRM_UNAVAILABLE'],
    ['a sign-in page', raw(200, 'text/html', '<html>Sign in</html>'), 'CRM_UNAVAILABLE'],
    ['cut JSON', raw(200, 'application/json', '{"contact":'), 'CRM_UNAVAILABLE'],
    ['a list', raw(200, 'application/json', '[]'), 'CRM_UNAVAILABLE'],
    ['a redirect', raw(302, 'text/plain', ''), 'CRM_UNAVAILABLE'],
    ['half an answer', halfAnswer, 'CRM_UNAVAILABLE'],
    ['a cut line', cutLine, 'CRM_UNAVAILABLE'],
    ['silence', silence, 'CRM_UNAVAILABLE'],
  ] as [string, Script, string][])('%s', async (_title, script, code) => {
    vendor.answer(script);
    const error = await failure(crmWith(script).addTags(ref, ['a']));
    expect(error.code).toBe(code);
  });

  it.each<[Record<string, string>, number]>([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'x-ratelimit-interval-milliseconds': '10000', 'x-ratelimit-remaining': '0' }, 10_000],
    [{ 'x-ratelimit-daily-remaining': '0', 'x-ratelimit-daily-reset': '5400000' }, 5_400_000],
    [{ 'x-ratelimit-daily-remaining': '0' }, 3_600_000],
    [{ 'x-ratelimit-daily-remaining': '12', 'x-ratelimit-interval-milliseconds': '4000' }, 4_000],
    [{ 'retry-after': '0' }, 500],
    [{ 'retry-after': '999999999' }, 3_600_000],
    [{ 'retry-after': '999999999', 'x-ratelimit-daily-remaining': '0' }, 86_400_000],
    [{ 'retry-after': '-5' }, 500],
    [{ 'retry-after': ' ' }, 10_000],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 500],
    [{ 'x-ratelimit-daily-remaining': ' ' }, 10_000],
    [{ 'x-ratelimit-daily-remaining': '0', 'x-ratelimit-daily-reset': '1700000000' }, 3_600_000],
    [{ 'x-ratelimit-daily-remaining': '0', 'x-ratelimit-daily-reset': '1700000000000' }, 3_600_000],
    [{ 'retry-after': 'soon' }, 10_000],
    [{}, 10_000],
  ])('429 with %j waits %i ms', async (headers, ms) => {
    vendor.answer(json(429, { statusCode: 429, message: 'Too many requests' }, headers));
    const spent = headers['x-ratelimit-daily-remaining'] === '0';
    const error = await failure(crmAt(vendor.url).addTags(ref, ['a']));
    expect(error).toMatchObject({ code: spent ? 'CRM_DAILY_SPENT' : 'CRM_RATE_LIMITED', retryAfterMs: ms });
    expect(await crmAt(vendor.url).send(ref, { channel: 'sms', body: 'x' })).toEqual({
      kind: 'not-sent',
      reason: 'rate limited',
      retryAfterMs: ms,
    });
  });

  it('without a token asks nobody and says so', async () => {
    const before = vendor.calls.length;
    const crm = crmAt(vendor.url, { tokens: tokens(() => undefined) });
    expect((await failure(crm.contact(ref))).code).toBe('CRM_AUTH');
    expect((await crm.send(ref, { channel: 'sms', body: 'x' })).kind).toBe('not-sent');
    expect(vendor.calls.length).toBe(before);
  });
});

describe('the outcome of a send', () => {
  it.each([
    ['an id', sent(), { kind: 'sent', vendorId: 'm1' }],
    [
      'DND',
      json(400, { message: 'Cannot send message as DND is active for SMS.' }),
      { kind: 'refused', reason: 'dnd' },
    ],
    ['a missing number', json(400, { message: 'Missing phone number' }), { kind: 'refused', reason: 'no-phone' }],
    [
      'an unsubscribed person',
      json(400, { message: 'This person has unsubscribed' }),
      { kind: 'refused', reason: 'unsubscribed' },
    ],
    [
      'an inactive location',
      json(400, { message: 'Location is not active' }),
      { kind: 'not-sent', reason: 'the location is suspended', retryAfterMs: 900_000 },
    ],
    [
      'an unknown contact, as 400',
      json(400, { message: 'Contact not found' }),
      { kind: 'refused', reason: 'unknown-contact' },
    ],
    [
      'an unknown contact, as 404',
      json(404, { message: 'Contact not found' }),
      { kind: 'refused', reason: 'unknown-contact' },
    ],
    [
      'a malformed body',
      json(422, { message: ['message should not be empty'] }),
      { kind: 'refused', reason: 'bad-request' },
    ],
    ['a conflict', json(409, { message: 'Conflict' }), { kind: 'refused', reason: 'duplicate' }],
    ['an unusable token', json(401, { message: 'Invalid token' }), { kind: 'not-sent' }],
    ['a missing scope', json(403, { message: 'Forbidden' }), { kind: 'not-sent' }],
    ['an unknown route', json(404, { message: 'Cannot POST' }), { kind: 'not-sent' }],
    ['a 400 page of a proxy', raw(400, 'text/html', '<html></html>'), { kind: 'not-sent' }],
    ['a server error', json(500, { message: 'boom' }), { kind: 'unknown' }],
    ['a request given up midway', json(408, {}), { kind: 'unknown' }],
    ['a gateway time-out', raw(504, 'text/html', '<html></html>'), { kind: 'unknown' }],
    ['a redirect', raw(302, 'text/plain', ''), { kind: 'unknown' }],
    ['a yes without an id', json(201, { conversationId: 'c1' }), { kind: 'unknown' }],
    ['a yes in HTML', raw(200, 'text/html', '<html>ok</html>'), { kind: 'unknown' }],
    ['half an answer', halfAnswer, { kind: 'unknown' }],
    ['a cut line', cutLine, { kind: 'unknown' }],
    ['silence', silence, { kind: 'unknown' }],
  ] as [string, Script, object][])('%s', async (_title, script, outcome) => {
    vendor.answer(script);
    const crm = crmWith(script);
    const before = vendor.calls.length;
    expect(await crm.send(ref, { channel: 'sms', body: 'Hello' })).toMatchObject(outcome);
    // One attempt, whatever happened.
    expect(vendor.calls.length - before).toBe(1);
  });

  it('of a task is judged alike', async () => {
    const crm = crmAt(vendor.url);
    vendor.answer(json(201, { task: { id: 't1' } }));
    expect(await crm.createTask(ref, task('U1'))).toMatchObject({ kind: 'sent', vendorId: 't1' });
    expect(vendor.calls.at(-1)?.body).toEqual({
      title: 'Call',
      body: 'Hot lead',
      dueDate: '2026-05-04T14:00:00.000Z',
      completed: false,
      assignedTo: 'U1',
    });
    vendor.answer(cutLine);
    expect((await crm.createTask(ref, task(null))).kind).toBe('unknown');
    vendor.answer(json(201, {}));
    expect((await crm.createTask(ref, task(null))).kind).toBe('unknown');
  });

  it('is not-sent when nobody listens', async () => {
    const send = (url: string) => crmAt(url).send(ref, { channel: 'sms', body: 'x' });
    expect(await send(`http://127.0.0.1:${await closedPort()}`)).toMatchObject({ kind: 'not-sent' });
  });

  it('is not-sent when the token cannot be read: nothing left us', async () => {
    const away = () => Promise.reject(new Error('database away'));
    const crm = crmAt(vendor.url, { tokens: { token: away, refused: away, inactive: away } });
    expect(await crm.send(ref, { channel: 'sms', body: 'x' })).toMatchObject({ kind: 'not-sent' });
    expect((await failure(crm.contact(ref))).code).toBe('CRM_UNAVAILABLE');
  });

  it('is unknown when an idle connection was cut just as it was used', async () => {
    const crm = crmAt(vendor.url);
    vendor.answer(contact(), cutLine);
    await crm.contact(ref);
    expect((await crm.send(ref, { channel: 'sms', body: 'x' })).kind).toBe('unknown');
  });
});

describe('log and errors', () => {
  it('carry neither tokens nor a word of bodies, in either direction', async () => {
    const marker = 'Marker-Words-7731';
    vendor.answer(json(400, { message: `Contact ${marker} bad`, traceId: 'trace-1' }));
    const crm = crmAt(vendor.url);
    const error = await failure(crm.addTags(ref, [marker]));
    await crm.send(ref, { channel: 'sms', body: marker });
    const everything = log.lines.join('\n') + error.message + String(error.stack);
    expect(everything).not.toContain(marker);
    expect(everything).not.toContain('tok-en');
    expect(everything).toContain('trace-1');
  });
});

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
