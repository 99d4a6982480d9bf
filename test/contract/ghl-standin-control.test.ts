import { mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { drawLatency } from '../../sandbox/vendors/ghl/latency.ts';
import { brokerage, seedBrokerage } from '../../sandbox/vendors/ghl/seed.ts';
import { openStore } from '../../sandbox/vendors/ghl/store.ts';
import { client, control, ledger, removeHome, startStandIn } from '../support/ghl-standin.ts';
import type { RunningStandIn } from '../support/ghl-standin.ts';
import { until } from '../support/until.ts';

let standIn: RunningStandIn;
const { locationId } = brokerage;
const [casey = ''] = brokerage.contactIds;
const send = client(() => standIn, brokerage.token);
const params = { contactId: casey };
const sms = { body: { type: 'SMS', contactId: casey, message: 'Hello' } };

beforeAll(async () => {
  standIn = await startStandIn();
});

beforeEach(async () => {
  await control(standIn, 'reset');
  await seedBrokerage(standIn.url);
});

afterAll(async () => {
  await standIn.end('SIGTERM');
  removeHome(standIn);
});

async function state(): Promise<Record<string, { id: string }[]>> {
  return (await control(standIn, 'state', undefined, 'GET')).body as unknown as Record<string, { id: string }[]>;
}

describe('faults', () => {
  it('answer the next matching calls instead of the work, and no others', async () => {
    const fault = { status: 503, headers: { 'retry-after': '2' }, body: { message: 'down' } };
    await control(standIn, 'faults', {
      ...fault,
      match: { method: 'POST', path: '/conversations/messages' },
      times: 2,
    });
    expect((await send('GET /contacts/{contactId}', { params })).status).toBe(200);
    const first = await send('POST /conversations/messages', sms);
    expect([first.status, first.headers.get('retry-after'), first.body['message']]).toEqual([503, '2', 'down']);
    expect((await send('POST /conversations/messages', sms)).status).toBe(503);
    expect((await send('POST /conversations/messages', sms)).status).toBe(201);
    expect((await state())['messages']).toHaveLength(1);
    const statusesSeen = (await ledger(standIn))['calls']?.map((call) => (call as { status: number }).status);
    expect(statusesSeen).toEqual([200, 503, 503, 201]);
  });

  it.each([
    ['/contacts/:id/tags', true],
    ['/contacts/{contactId}/tags', true],
    ['/contacts/*/tags', true],
    ['/contacts/*', true],
    ['/contacts', true],
    ['*', true],
    [`/contacts/${brokerage.contactIds[0]}/tags`, true],
    [`/contacts/${brokerage.contactIds[1]}/tags`, false],
    ['/contacts/:id/tasks', false],
    ['/conversations', false],
  ])('match the path pattern %s: %s', async (path, hit) => {
    await control(standIn, 'faults', { match: { path }, status: 500 });
    const answer = await send('DELETE /contacts/{contactId}/tags', { params, body: { tags: ['x'] } });
    expect(answer.status).toBe(hit ? 500 : 200);
  });

  it('take an operation named exactly for itself alone', async () => {
    await control(standIn, 'faults', { match: { method: 'PUT', path: `/contacts/${casey}` }, status: 500 });
    const task = { title: 'x', dueDate: '2026-01-01', completed: false };
    expect((await send('POST /contacts/{contactId}/tasks', { params, body: task })).status).toBe(201);
    expect((await send('PUT /contacts/{contactId}', { params, body: { city: 'X' } })).status).toBe(500);
  });

  it('drop the connection after the work: the caller knows nothing, the ledger everything', async () => {
    await control(standIn, 'faults', { match: { path: '/conversations/messages' }, dropAfterHandling: true });
    await expect(send('POST /conversations/messages', sms)).rejects.toThrow('fetch failed');
    expect((await state())['messages']).toHaveLength(1);
    expect((await ledger(standIn))['calls']).toEqual([
      expect.objectContaining({ status: 201, dropped: true, contactId: casey }),
    ]);
  });

  it('hang without doing the work', async () => {
    await control(standIn, 'faults', { match: { path: '/conversations/messages' }, hang: true });
    const abort = new AbortController();
    const waiting = fetch(`${standIn.url}/conversations/messages`, { method: 'POST', signal: abort.signal });
    let calls = (await ledger(standIn))['calls'];
    while (calls?.length === 0) calls = (await ledger(standIn))['calls'];
    expect(calls?.[0]).toMatchObject({ status: 0, dropped: true });
    abort.abort();
    await expect(waiting).rejects.toThrow();
    expect((await state())['messages']).toHaveLength(0);
  });

  it('do the work of a delayed call even when its caller has left', async () => {
    await control(standIn, 'faults', { match: { path: '/conversations/messages' }, delayMs: 2_000 });
    const headers = {
      Version: '2021-04-15',
      Authorization: `Bearer ${brokerage.token}`,
      'content-type': 'application/json',
    };
    const abort = new AbortController();
    const init = { method: 'POST', headers, body: JSON.stringify(sms.body), signal: abort.signal };
    const left = expect(fetch(`${standIn.url}/conversations/messages`, init)).rejects.toThrow();
    // Once the fault is met the call is under way.
    await until(async () => {
      const { body } = await control(standIn, 'faults', undefined, 'GET');
      return (body['faults'] as unknown as unknown[]).length === 0;
    });
    abort.abort();
    await left;
    await until(async () => (await state())['messages']?.length !== 0);
    expect((await ledger(standIn))['calls']).toEqual([expect.objectContaining({ status: 201 })]);
  });

  it('cut an answer short, the real one after the work was done or their own', async () => {
    await control(standIn, 'faults', { match: { path: '/conversations/messages' }, cutAfterBytes: 20 });
    await expect(send('POST /conversations/messages', sms)).rejects.toThrow();
    expect((await state())['messages']).toHaveLength(1);
    expect((await ledger(standIn))['calls']).toEqual([
      expect.objectContaining({ status: 201, dropped: true, fault: true }),
    ]);
    await control(standIn, 'faults', { match: {}, status: 502, body: { message: 'long enough' }, cutAfterBytes: 5 });
    const response = await fetch(`${standIn.url}/contacts/${casey}`);
    expect(response.status).toBe(502);
    await expect(response.text()).rejects.toThrow();
  });

  it('answer a page of HTML, half a document with its right length, or the real answer under a wrong content type', async () => {
    const headers = { 'Content-Type': 'text/html' };
    await control(standIn, 'faults', { match: {}, status: 502, body: '<h1>Bad gateway</h1>', headers });
    await control(standIn, 'faults', { match: {}, status: 200, body: '{"contact":{', headers: { a: 'b' } });
    await control(standIn, 'faults', { match: {}, headers });
    const version = { Version: '2021-07-28', Authorization: `Bearer ${brokerage.token}` };
    const answers: unknown[] = [];
    for (let call = 0; call < 3; call += 1) {
      const response = await fetch(`${standIn.url}/contacts/${casey}`, { headers: version });
      answers.push([response.status, response.headers.get('content-type'), (await response.text()).slice(0, 12)]);
    }
    expect(answers).toEqual([
      [502, 'text/html', '<h1>Bad gate'],
      [200, 'text/plain', '{"contact":{'],
      [200, 'text/html', '{"contact":{'],
    ]);
  });

  it('can be taken back, and are refused when they say nothing', async () => {
    await control(standIn, 'faults', { match: {}, status: 500 });
    await control(standIn, 'faults', undefined, 'DELETE');
    expect((await send('GET /contacts/{contactId}', { params })).status).toBe(200);
    expect((await control(standIn, 'faults', { match: {} })).status).toBe(400);
    expect((await control(standIn, 'faults', { match: {}, status: 500, time: 3 })).body['error']).toMatch(
      /unknown field time/,
    );
  });
});

describe('after kill -9', () => {
  it('ledger, state, settings and a half-written line are as they should be', async () => {
    await control(standIn, 'limits', { max: 7 });
    const message = await send('POST /conversations/messages', sms);
    await send('POST /contacts/{contactId}/tags', { params, body: { tags: ['Hot-Lead'] } });
    const before = { ledger: await ledger(standIn), state: await state() };
    const { home } = standIn;
    await standIn.end('SIGKILL');
    // What a kill in the middle of a write leaves: the answer to that request was never sent.
    const journal = join(home, 'journal.jsonl');
    const whole = statSync(journal).size;
    truncateSync(journal, whole + 40);
    standIn = await startStandIn(home);
    expect(await ledger(standIn)).toEqual(before.ledger);
    expect(await state()).toEqual(before.state);
    expect(statSync(journal).size).toBe(whole);

    expect(await seedBrokerage(standIn.url)).toBe(false);
    const read = await send('GET /conversations/messages/{id}', { params: { id: String(message.body['messageId']) } });
    expect([read.status, read.headers.get('x-ratelimit-max')]).toEqual([200, '7']);
    const { last } = (await ledger(standIn)) as unknown as { last: number };
    expect(last).toBe(Number(before.ledger['last']) + 1);
  });

  it('a journal full of replaced rows is rewritten without them, ledger and order untouched', () => {
    const home = mkdtempSync(join(tmpdir(), 'ghl-journal-'));
    const store = openStore(home);
    const row = (id: string, version: number): { id: string } => ({ id, ...{ locationId: 'l', version } });
    store.put('contacts', row('b', 0));
    for (let version = 0; version <= 20_100; version += 1) store.put('contacts', row('a', version));
    const call = { at: 'now', method: 'GET', path: '/', query: {}, body: null, status: 200 };
    store.commit(call);
    store.commit(call);
    const [rows, calls] = [store.of('contacts', 'l'), store.calls(0)];
    store.close();
    const full = statSync(join(home, 'journal.jsonl')).size;
    const again = openStore(home);
    expect(statSync(join(home, 'journal.jsonl')).size).toBeLessThan(full / 100);
    again.close();
    const third = openStore(home);
    expect([third.of('contacts', 'l'), third.calls(0)]).toEqual([rows, calls]);
    expect(rows.map(({ id }) => id)).toEqual(['b', 'a']);
    third.close();
    rmSync(home, { recursive: true });
  });
});

describe('the rest of the control plane', () => {
  it('takes seeds one by one, in lists and wrapped, and says what is wrong with others', async () => {
    const one = { id: 'SeededContact0000001', locationId, firstName: 'Seed' };
    for (const body of [one, [one], { contact: one }, { contacts: [one] }]) {
      expect((await control(standIn, 'contacts', body)).body).toEqual({ seeded: [one.id] });
    }
    expect((await send('GET /contacts/{contactId}', { params: { contactId: one.id } })).status).toBe(200);
    expect((await control(standIn, 'contacts', { ...one, locationId: 'nowhere' })).status).toBe(400);
    expect((await control(standIn, 'contacts', { locationId })).status).toBe(400);
    expect((await control(standIn, 'pigeons', one)).status).toBe(404);
  });

  it('gives the ledger from any number on', async () => {
    for (let call = 0; call < 3; call += 1) await send('GET /contacts/{contactId}', { params });
    const tail = (await ledger(standIn, 1)) as unknown as { calls: { n: number }[]; last: number };
    expect([tail.calls.map((call) => call.n), tail.last]).toEqual([[2, 3], 3]);
    expect((await ledger(standIn, 3))['calls']).toEqual([]);
  });

  it('draws latencies whose median and 95th percentile are those asked for, and none for zero', () => {
    let seed = 7;
    const uniform = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const drawn = Array.from({ length: 20_000 }, () => drawLatency({ p50Ms: 80, p95Ms: 400 }, uniform)).sort(
      (a, b) => a - b,
    );
    expect((drawn[10_000] ?? 0) / 80).toBeCloseTo(1, 1);
    expect((drawn[19_000] ?? 0) / 400).toBeCloseTo(1, 1);
    expect(drawLatency({ p50Ms: 0, p95Ms: 0 }, uniform)).toBe(0);
  });

  it('ends with 0 on SIGTERM', async () => {
    const other = await startStandIn();
    expect(await other.end('SIGTERM')).toBe(0);
    removeHome(other);
  });
});
