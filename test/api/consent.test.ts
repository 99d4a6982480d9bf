import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { main } from '../../cli/main.ts';
import { type ApiWorld, startApiWorld } from '../support/api-world.ts';

let world: ApiWorld;
let home: string;
let locationId: string;
let contactId: string;
beforeAll(async () => {
  world = await startApiWorld();
  home = await mkdtemp(join(tmpdir(), 'consent-cli-'));
});
afterAll(async () => {
  await world.stop();
  await rm(home, { recursive: true });
});
beforeEach(async () => {
  [locationId, contactId] = [`loc-${randomUUID().slice(0, 8)}`, `c-${randomUUID().slice(0, 8)}`];
  expect((await ask('POST', '/api/locations', { locationId, token: 'pit' })).status).toBe(201);
  await world.pool.query(
    `insert into leads (location_id, contact_id, sms_hash, snapshot, state_since, last_activity_at, created_at)
     values ($1, $2, $3, $4, now(), now(), now())`,
    [locationId, contactId, world.deps.hashPerson('+18135550142'), { phone: '+18135550142' }],
  );
});

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await world.api(method, path, body);
  return { status: answer.status, body: (await answer.json()) as Answer['body'] };
}

/** Runs one command against the API of the test, in the test's location. */
async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await main([...args, '--api', world.url, '--home', home], {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    ...{ terminal: false, colour: false, cwd: home },
    env: { LEADWRIGHT_API_TOKEN: 'token-of-the-test-operator' },
  });
  return { code, out, err };
}
const ofLocation = (...args: string[]) => run(...args, '--location', locationId);
const file = (name: string, text: string): Promise<void> => writeFile(join(home, name), text);
const lead = (): string => `${locationId}/${contactId}`;
const path = (): string => `/api/leads/${lead()}/consent`;
const text = {
  ...{ version: 'web-2', words: 'I agree to marketing texts.', channels: ['sms', 'email'], written: true },
  ...{ seller: 'Example Realty', usedFrom: '2026-01-01' },
};
const today = (): string => new Date().toISOString().slice(0, 10);

describe('consent over the API', () => {
  it('is written down by hand, shown with its text, and taken back', async () => {
    expect((await ask('GET', path())).body).toMatchObject({
      ...{ records: [], facts: [], standing: { sms: { written: 'none', registry: 'unknown', origin: 'unknown' } } },
    });
    const grant = { state: 'granted', channels: ['sms'], text: 'web-2', reason: 'signed at the open house' };
    expect(await ask('POST', path(), grant)).toMatchObject({ status: 422, body: { code: 'CONSENT_TEXT_UNKNOWN' } });
    expect((await ask('POST', `/api/locations/${locationId}/consent/texts`, text)).status).toBe(200);
    expect((await ask('POST', path(), grant)).body).toEqual({ new: true });
    expect((await ask('GET', path())).body).toMatchObject({
      standing: { sms: { written: 'granted', record: { textVersion: 'web-2' } }, email: { written: 'none' } },
      records: [{ recordedBy: 'operator', seller: 'Example Realty', evidence: { reason: grant.reason } }],
    });
    const back = { state: 'withdrawn', channels: ['sms', 'email'], reason: 'said so on the phone' };
    expect((await ask('POST', path(), back)).body).toEqual({ new: true });
    expect((await ask('GET', path())).body).toMatchObject({ standing: { sms: { written: 'withdrawn' } } });
    expect((await ask('GET', `/api/leads/${lead()}`)).body['consent']).toMatchObject({
      ...{ sms: { state: 'withdrawn' }, email: { state: 'withdrawn' }, call: { state: 'unknown' } },
    });
  });

  it('refuses what it cannot be: no words, no channel, a time ahead, a version with other words', async () => {
    const base = { state: 'granted', channels: ['sms'], text: 'web-2', reason: 'why' };
    for (const change of [
      ...[{ text: undefined }, { channels: [] }, { channels: ['fax'] }, { reason: ' ' }],
      ...[{ at: '2099-01-01T00:00:00Z' }, { state: 'maybe' }, { colour: 'green' }],
    ]) {
      const answer = await ask('POST', path(), { ...base, ...change });
      expect({ change, answer }).toMatchObject({ answer: { status: 400, body: { code: 'BAD_REQUEST' } } });
    }
    const texts = `/api/locations/${locationId}/consent/texts`;
    await ask('POST', texts, text);
    expect((await ask('POST', texts, { ...text, words: 'Others.' })).body['code']).toBe('CONSENT_TEXT_TAKEN');
    expect((await ask('GET', '/api/locations/nowhere/consent/texts')).body['code']).toBe('LOCATION_NOT_FOUND');
    expect((await ask('GET', `/api/leads/${locationId}/nobody/consent`)).body['code']).toBe('LEAD_UNKNOWN');
  });

  it('leaves no number in the log', async () => {
    const begun = await ask('POST', `/api/locations/${locationId}/consent/registry`, {
      list: 'national',
      asOf: today(),
    });
    const { loadId } = begun.body as { loadId: string };
    const numbers = `/api/locations/${locationId}/consent/registry/${loadId}/numbers`;
    expect((await ask('POST', numbers, { part: 1, numbers: ['8135550142'] })).status).toBe(200);
    expect((await ask('POST', numbers, { part: 2, numbers: ['813'] })).body['code']).toBe('BAD_REQUEST');
    expect(world.logged()).not.toContain('5550142');
  });
});

describe('leadwright consent', () => {
  beforeEach(async () => {
    await file('words.txt', 'I agree to marketing texts.\n');
    const added = await ofLocation(
      ...['consent', 'text', 'add', 'web-2', '--file', 'words.txt', '--channel', 'sms,email'],
      ...['--seller', 'Example Realty', '--from', '2026-01-01', '--written'],
    );
    expect(added).toMatchObject({ code: 0, out: 'web-2 is kept\n' });
  });

  it('grants, shows and withdraws', async () => {
    const granted = ['consent', 'grant', lead(), '--channel', 'sms', '--text', 'web-2', '--reason', 'on paper'];
    expect(await run(...granted, '--at', '2026-02-01T12:00:00Z')).toMatchObject({ code: 0, out: 'written down\n' });
    expect((await run(...granted, '--at', '2026-02-01T12:00:00Z')).out).toBe('was written down already\n');
    expect((await run('consent', 'show', lead())).out).toMatch(
      /^sms +granted +2026-02-01T12:00:00.000Z +web-2 +unknown$/m,
    );
    expect((await run('consent', 'fact', 'transaction', lead(), '--reason', 'bought')).code).toBe(1);
    expect((await run('consent', 'fact', lead(), 'transaction', '--reason', 'closing')).code).toBe(0);
    await run('consent', 'withdraw', lead(), '--reason', 'told the agent');
    const shown = JSON.parse((await run('consent', 'show', lead(), '--json')).out) as object;
    expect(shown).toMatchObject({
      standing: { sms: { written: 'withdrawn' }, call: { written: 'withdrawn' } },
      facts: [{ kind: 'transaction' }],
    });
  });

  it('imports a file in two steps, names bad rows by their line, and loses nothing on the way', async () => {
    const head = 'what,phone,channels,text,at,evidence';
    const good = `granted,813-555-0142,"sms, email",web-2,2026-02-01,"page ""home"",\r\nsecond line"`;
    await file(
      'consents.csv',
      `\uFEFF${head}\r\n${good}\r\n\r\ngranted,12,sms,web-2,2026-02-01,\r\ngranted,8135550143\r\n`,
    );
    const dry = await ofLocation('consent', 'import', 'consents.csv');
    // E-mail needs an address, which this row has not.
    expect(dry).toMatchObject({ code: 1, out: '0 to write down, 0 known before, 3 bad\n' });
    expect(dry.err).toBe(
      'line 2: email: expected an address, or contact\nline 5: phone: expected a number as +18135550142\nline 6: expected 6 cells, got 2\n',
    );
    await file('consents.csv', `${head}\n${good.replace('"sms, email"', 'sms')}\n`);
    const first = await ofLocation('consent', 'import', 'consents.csv');
    expect(first).toMatchObject({
      code: 0,
      out: '1 to write down, 0 known before, 0 bad\nnothing was written: --apply does it\n',
    });
    for (const out of ['1 written down, 0 known before, 0 bad\n', '0 written down, 1 known before, 0 bad\n']) {
      expect((await ofLocation('consent', 'import', 'consents.csv', '--apply')).out).toBe(out);
    }
    await file(
      'more.json',
      JSON.stringify([{ what: 'withdrawn', phone: '8135550142', channels: ['sms'], at: '2026-02-02' }, 7]),
    );
    const { code, out } = await ofLocation('consent', 'import', 'more.json', '--apply', '--json');
    expect([code, JSON.parse(out)]).toEqual([
      1,
      { applied: true, new: 1, known: 0, bad: [{ line: 2, why: 'expected an object' }] },
    ]);
    expect((await ask('GET', path())).body).toMatchObject({ standing: { sms: { written: 'withdrawn' } } });
    expect(world.logged()).not.toContain('555');
  });

  it('imports a list of any size whole or not at all, and says of whom it speaks', async () => {
    const many = Array.from({ length: 45_000 }, (_, i) => `727,${2_000_000 + i}`);
    await file('dnc.txt', `Area,Number\n${many.join('\n')}\n813,5550142\n8135550142\n`);
    const bring = (...more: string[]) =>
      ofLocation('consent', 'registry', 'import', 'dnc.txt', '--list', 'national', '--as-of', today(), ...more);
    const { code, out } = await bring('--json');
    expect([code, JSON.parse(out)]).toMatchObject([
      0,
      { numbers: 45_001, areaCodes: ['727', '813'], list: 'national' },
    ]);
    expect((await ask('GET', path())).body).toMatchObject({ standing: { sms: { registry: 'listed' } } });
    const narrow = await bring('--area-codes', '813');
    expect(narrow.code).toBe(1);
    expect(narrow.err).toContain('line 2: its area code is none of --area-codes');
    await file('dnc.txt', '813,5550101\n813,5550142,2026-03-01,D\n');
    const changes = await bring();
    expect(changes).toMatchObject({ code: 1 });
    expect(changes.err).toContain('line 2: expected a number alone');
    expect((await ask('GET', path())).body).toMatchObject({ standing: { sms: { registry: 'listed' } } });
    await file('dnc.txt', '813,5550101\n');
    expect((await bring('--area-codes', '727,813')).code).toBe(0);
    expect((await ask('GET', path())).body).toMatchObject({ standing: { sms: { registry: 'clear' } } });
    expect((await ofLocation('consent', 'registry', 'list')).out.match(/not finished|replaced|in force/g)).toEqual([
      ...['in force', 'not finished', 'not finished', 'replaced'],
    ]);
  });
});
