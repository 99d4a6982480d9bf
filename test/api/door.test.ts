import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  APP_ID,
  CONTACT,
  LOCATION,
  marketplaceEvent,
  SECRET,
  startApiWorld,
  type ApiWorld,
} from '../support/api-world.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await startApiWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.pool.query('truncate inbox, suppressions');
  world.committed.length = 0;
});

/** Asserts a problem document with this code, and that nothing was stored. */
async function refused(answer: Response, status: number, code: string): Promise<void> {
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(await answer.json()).toMatchObject({ status, code, hint: expect.any(String), requestId: expect.any(String) });
  expect(answer.status).toBe(status);
  expect(await world.rows()).toEqual([]);
  expect(world.committed).toEqual([]);
}

const workflowUrl = (): string => `${world.url}/webhooks/ghl/workflow`;
const json = { 'content-type': 'application/json' };

describe('a marketplace webhook', () => {
  it('is answered 202 once its bytes are stored, and is handed on', async () => {
    const event = marketplaceEvent();
    const answer = await world.post(event);
    expect(answer.status).toBe(202);
    const { eventId, ...rest } = (await answer.json()) as { eventId: string };
    expect(rest).toEqual({ status: 'accepted', duplicate: false });
    const { rows } = await world.pool.query('select body, headers, contact_id, kind from inbox where inbox_id = $1', [
      eventId,
    ]);
    expect(rows[0].body.toString()).toBe(JSON.stringify(event));
    expect(rows[0]).toMatchObject({ contact_id: CONTACT, kind: 'contact.created' });
    expect(JSON.stringify(rows[0].headers)).not.toContain('signature');
    expect(world.committed).toEqual([
      expect.objectContaining({ inboxId: eventId, contactId: CONTACT, type: 'ContactCreate' }),
    ]);
  });

  it('is refused with 401 when its signature is missing, N/A, legacy only, truncated, of another body or no base64', async () => {
    const body = JSON.stringify(marketplaceEvent());
    const good = world.sign(body);
    const send = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${world.url}/webhooks/ghl`, { method: 'POST', headers: { ...json, ...headers }, body });
    await refused(await send({}), 401, 'SIGNATURE_MISSING');
    await refused(await send({ 'x-ghl-signature': 'N/A' }), 401, 'SIGNATURE_MISSING');
    await refused(await send({ 'x-wh-signature': good }), 401, 'SIGNATURE_MISSING');
    await refused(await send({ 'x-ghl-signature': good.slice(0, 40) }), 401, 'SIGNATURE_INVALID');
    await refused(await send({ 'x-ghl-signature': world.sign(`${body} `) }), 401, 'SIGNATURE_INVALID');
    await refused(await send({ 'x-ghl-signature': '%%%' }), 401, 'SIGNATURE_INVALID');
  });

  it('is refused when the body was encoded anew after signing', async () => {
    const event = marketplaceEvent();
    const signature = world.sign(JSON.stringify(event));
    await refused(
      await world.post(JSON.stringify(event, null, 1), { 'x-ghl-signature': signature }),
      401,
      'SIGNATURE_INVALID',
    );
  });

  it('is refused with 413 over 1 MiB, and taken at exactly 1 MiB', async () => {
    const event = marketplaceEvent({ filler: '' });
    const room = 1_048_576 - JSON.stringify(event).length;
    await refused(await world.post({ ...event, filler: 'x'.repeat(room + 1) }), 413, 'BODY_TOO_LARGE');
    expect((await world.post({ ...event, filler: 'x'.repeat(room) })).status).toBe(202);
  });

  it.each([
    ['nested 10,000 deep', `{"type":"X","a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    ['with __proto__', '{"type":"ContactCreate","__proto__":{"polluted":true}}'],
    ['with __proto__ around a NUL', '{"type":"ContactCreate","__pro\\u0000to__":{"polluted":true}}'],
    ['with constructor.prototype', '{"constructor":{"prototype":{"polluted":true}}}'],
    ['that is an array', '[]'],
    ['that is a string', '"text"'],
    ['cut off', '{"type":"Contact'],
    ['empty', ''],
  ])('is refused with 400 for a signed body %s, and harms nothing', async (_name, body) => {
    await refused(await world.post(body), 400, 'BODY_MALFORMED');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect((await fetch(`${world.url}/livez`)).status).toBe(200);
  });

  it('is refused with 400 when its bytes are no UTF-8', async () => {
    await refused(
      await world.post(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])),
      400,
      'BODY_MALFORMED',
    );
  });

  it('is refused with 415 for another content type, charset or any content encoding', async () => {
    const event = marketplaceEvent();
    for (const headers of [
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/json; charset=utf-16' },
      { 'content-encoding': 'gzip' },
    ]) {
      await refused(await world.post(event, headers), 415, 'CONTENT_TYPE');
    }
    expect((await world.post(event, { 'content-type': 'application/json; charset=UTF-8' })).status).toBe(202);
  });

  it('is refused with 403 when it is for another app, for none, or for a location that is not installed', async () => {
    await refused(await world.post(marketplaceEvent({ appId: 'another-app' })), 403, 'APP_UNKNOWN');
    await refused(await world.post(marketplaceEvent({ appId: undefined })), 403, 'APP_UNKNOWN');
    await refused(await world.post(marketplaceEvent({ locationId: 'notInstalled' })), 403, 'LOCATION_UNKNOWN');
    await refused(await world.post(marketplaceEvent({ locationId: undefined })), 403, 'LOCATION_UNKNOWN');
  });

  it('is refused with 400 when dated more than five minutes ahead, and taken however old', async () => {
    const at = (ms: number): string => new Date(Date.now() + ms).toISOString();
    await refused(await world.post(marketplaceEvent({ timestamp: at(6 * 60_000) })), 400, 'EVENT_FROM_FUTURE');
    expect((await world.post(marketplaceEvent({ timestamp: at(4 * 60_000) }))).status).toBe(202);
    expect((await world.post(marketplaceEvent({ timestamp: at(-80 * 3_600_000) }))).status).toBe(202);
  });

  it('is taken for a paused location, and refused for an uninstalled one', async () => {
    for (const [status, expected] of [
      ['paused', 202],
      ['uninstalled', 403],
      ['active', 202],
    ] as const) {
      await world.pool.query('update locations set status = $1 where location_id = $2', [status, LOCATION]);
      world.deps.lookup.forget();
      expect((await world.post(marketplaceEvent())).status).toBe(expected);
    }
  });

  it('of the lifecycle needs no installed location', async () => {
    for (const type of ['INSTALL', 'UNINSTALL', 'LocationCreate', 'UserCreate']) {
      expect((await world.post({ type, appId: APP_ID, companyId: 'agency1', webhookId: randomUUID() })).status).toBe(
        202,
      );
    }
  });

  it('sent 50 times at once has one row and one effect; all are answered 2xx with the same id', async () => {
    const event = marketplaceEvent();
    const answers = await Promise.all(Array.from({ length: 50 }, () => world.post(event)));
    const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as {
      eventId: string;
      duplicate: boolean;
    }[];
    expect(answers.map((answer) => answer.status).sort()).toEqual([...Array(49).fill(200), 202]);
    expect(bodies.filter((body) => !body.duplicate)).toHaveLength(1);
    expect(new Set(bodies.map((body) => body.eventId)).size).toBe(1);
    expect(await world.rows()).toHaveLength(1);
    expect(world.committed).toHaveLength(1);
  });

  it('is a duplicate with a new send time, and a conflict with anything else changed under its id', async () => {
    const event = marketplaceEvent();
    await world.post(event);
    const again = await world.post({ ...event, timestamp: new Date(Date.now() - 60_000).toISOString() });
    expect(again.status).toBe(200);
    expect(await again.json()).toMatchObject({ duplicate: true });
    const other = await world.post({ ...event, firstName: 'Another' });
    expect(other.status).toBe(409);
    expect(await other.json()).toMatchObject({ code: 'EVENT_CONFLICT' });
    expect(await world.rows()).toHaveLength(1);
  });

  it('of an unknown type, or without one, is stored and counted', async () => {
    const before = await world.deps.metrics.text();
    expect(before).not.toContain('type="BrandNewThing"');
    expect((await world.post(marketplaceEvent({ type: 'BrandNewThing' }))).status).toBe(202);
    expect((await world.post(marketplaceEvent({ type: undefined }))).status).toBe(202);
    expect((await world.rows()).map((row) => row.type).sort()).toEqual(['BrandNewThing', 'unknown']);
    expect(await world.deps.metrics.text()).toContain('leadwright_unknown_events_total{type="BrandNewThing"} 1');
  });

  it('with NUL characters, lone surrogates and a huge id is stored all the same', async () => {
    const body = JSON.stringify(marketplaceEvent({ firstName: 'a\u0000b', webhookId: 'x'.repeat(5000) })).replace(
      'Hit List',
      '\\ud800',
    );
    expect((await world.post(body)).status).toBe(202);
  });
});

describe('every sample of the vendor’s events', () => {
  const folder = new URL('../fixtures/ghl/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  it('is there', () => expect(files.length).toBeGreaterThanOrEqual(60));

  it.each(files)('%s is accepted once its envelope is complete', async (name) => {
    const sample = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Record<string, unknown>;
    if (name.startsWith('workflow')) {
      const placed = { ...sample, location_id: LOCATION, location: { id: LOCATION } };
      const answer = await fetch(`${workflowUrl()}/${SECRET}`, {
        method: 'POST',
        headers: json,
        body: JSON.stringify(placed),
      });
      expect(answer.status).toBe(202);
      return;
    }
    const isLocationEvent = /^Location(Create|Update)/.test(name);
    const event = {
      ...sample,
      appId: APP_ID,
      ...(isLocationEvent ? {} : { locationId: LOCATION }),
      webhookId: randomUUID(),
      timestamp: new Date().toISOString(),
    };
    const answer = await world.post(event);
    expect(await answer.json()).toMatchObject({ status: 'accepted', duplicate: false });
    expect(answer.status).toBe(202);
  });
});

describe('a workflow webhook', () => {
  const body = { contact_id: CONTACT, first_name: 'Dana', location: { id: LOCATION }, workflow: { id: 'w-1' } };
  const send = (path: string, value: object, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${workflowUrl()}${path}`, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(value) });

  it('is accepted with the secret in its path or header, and its idempotency key makes a repeat of it a duplicate', async () => {
    const key = randomUUID();
    const keyed = { ...body, customData: { event: 'lead.created', idempotency_key: key } };
    expect((await send(`/${SECRET}`, keyed)).status).toBe(202);
    expect((await send('', keyed, { 'x-webhook-secret': SECRET })).status).toBe(200);
    expect(world.committed).toEqual([
      expect.objectContaining({ locationId: LOCATION, contactId: CONTACT, kind: 'contact.created' }),
    ]);
  });

  it('is answered 404 for a wrong, empty or missing secret', async () => {
    await refused(await send('/wrong-secret-of-somebody', body), 404, 'WORKFLOW_SECRET');
    await refused(await send('', body), 404, 'WORKFLOW_SECRET');
    await refused(await send('', body, { 'x-webhook-secret': 'short' }), 404, 'WORKFLOW_SECRET');
  });

  it('opens the door of its own location only', async () => {
    await refused(await send(`/${SECRET}`, { ...body, location: { id: 'otherLocation' } }), 403, 'LOCATION_UNKNOWN');
  });

  it('is refused like any other when its body is malformed or of another type', async () => {
    const raw = (text: string, type: string): Promise<Response> =>
      fetch(`${workflowUrl()}/${SECRET}`, { method: 'POST', headers: { 'content-type': type }, body: text });
    await refused(await raw('{', 'application/json'), 400, 'BODY_MALFORMED');
    await refused(await raw('{}', 'text/plain'), 415, 'CONTENT_TYPE');
  });
});

describe('an opt-out', () => {
  const message = (text: string, over: Record<string, unknown> = {}): Record<string, unknown> =>
    marketplaceEvent({
      type: 'InboundMessage',
      id: undefined,
      contactId: CONTACT,
      messageType: 'SMS',
      direction: 'inbound',
      body: text,
      from: '+18135550142',
      ...over,
    });
  const suppressed = async (address: string): Promise<string[]> => {
    const hash = world.deps.hashPerson(address);
    const { rows } = await world.pool.query(
      'select channel from suppressions where person_hash = $1 order by channel',
      [hash],
    );
    return rows.map((row: { channel: string }) => row.channel);
  };

  it('that is clear is in force for its sender when the webhook is answered', async () => {
    expect((await world.post(message(' Stop. '))).status).toBe(202);
    expect(await suppressed('+18135550142')).toEqual(['email', 'sms']);
  });

  it('by e-mail is in force for the bare address', async () => {
    const event = message('<p>Please unsubscribe me</p>', {
      messageType: 'Email',
      from: 'Dana W <Dana.Whitfield@example.com>',
    });
    expect((await world.post(event)).status).toBe(202);
    expect(await suppressed('dana.whitfield@example.com')).toEqual(['email', 'sms']);
  });

  it('is not read into ordinary words', async () => {
    for (const text of ['Do you know a good lender?', 'This weekend works', 'Can you stop by at noon?']) {
      expect((await world.post(message(text))).status).toBe(202);
    }
    expect((await world.pool.query('select 1 from suppressions')).rowCount).toBe(0);
  });

  it('from a custom provider without a sender is stored and does no harm', async () => {
    expect((await world.post(message('STOP', { from: {}, to: {} }))).status).toBe(202);
  });
});

describe('the door while the database is away', () => {
  afterEach(() => {
    world.patience.ms = 60_000;
  });

  it.each(['cut', 'swallow'] as const)(
    'answers 429 with Retry-After (%s), stores nothing by halves, and recovers',
    async (how) => {
      const event = marketplaceEvent();
      await world.post(marketplaceEvent());
      world.patience.ms = 2_500;
      world.proxy[how]();
      const answer = await world.post(event);
      expect(answer.status).toBe(429);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(await answer.json()).toMatchObject({ code: 'CANNOT_STORE' });
      const workflow = await fetch(`${workflowUrl()}/${SECRET}`, { method: 'POST', headers: json, body: '{}' });
      expect(workflow.status).toBe(429);
      expect((await fetch(`${world.url}/livez`)).status).toBe(200);
      expect((await fetch(`${world.url}/readyz`)).status).toBe(503);
      world.proxy.restore();
      let status = 0;
      while (status !== 202 && status !== 200) status = (await world.post(event)).status;
      expect((await world.rows()).filter((row) => row.event_key === event['webhookId'])).toHaveLength(1);
    },
  );
});

describe('the door', () => {
  it('survives broken HTTP and connections that end in the middle of a body', async () => {
    for (const bytes of [
      'GET / HTTP/9\r\n\r\n',
      'POST /webhooks/ghl HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n{"a"',
      '\u0000\u0001\u0002',
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(world.port, '127.0.0.1', () => socket.end(bytes));
        socket.on('error', () => undefined);
        socket.on('close', () => resolve());
        socket.resume();
      });
    }
    expect((await fetch(`${world.url}/livez`)).status).toBe(200);
  });

  it('writes no address, number, name, text or secret into the log', async () => {
    await world.post(marketplaceEvent({ firstName: 'MARKERNAME' }));
    await world.post('{"MARKERBODY"');
    await fetch(`${workflowUrl()}/MARKERSECRET-of-a-location`, { method: 'POST', headers: json, body: '{}' });
    for (const leak of ['MARKER', 'dana.whitfield', '8135550142', SECRET]) expect(world.logged()).not.toContain(leak);
  });
});
