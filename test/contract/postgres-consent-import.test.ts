import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RawRow } from '../../domain/consent/import-row.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { ConsentStore } from '../../domain/ports/consent.ts';
import type { RegistryStore } from '../../domain/ports/registry.ts';
import { createConsentStore } from '../../integrations/postgres/consent.ts';
import { readOthers } from '../../integrations/postgres/consent-standing.ts';
import { createRegistryStore } from '../../integrations/postgres/registry.ts';
import { personHash, sha256 } from '../../platform/secrets.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { inboxEvent, later, newRef, NOW, record, verdictOf } from '../support/records.ts';
import { type Sends, sendsIn } from '../support/sends.ts';

let db: TestDatabase;
let sends: Sends;
let consent: ConsentStore;
let registry: RegistryStore;
let ref: LeadRef;

const hashOf = (address: string): string => personHash(Buffer.from('key of the test'), address);
const PHONE = '+18135550142';

beforeAll(async () => {
  db = await createTestDatabase();
  sends = sendsIn(db.tenants);
  consent = createConsentStore(db.tenants, { personHash: hashOf, sha256 });
  registry = createRegistryStore(db.tenants);
});
afterAll(() => db.drop());
beforeEach(async () => {
  ref = newRef();
  await lead(ref);
  await consent.addText(ref.locationId, {
    ...{ version: 'web-2', words: 'I agree.', channels: ['sms', 'email'], written: true, seller: 'Example Realty' },
    ...{ usedFrom: '2026-01-01', addedBy: 'operator' },
  });
});

async function lead(of: LeadRef, phone = PHONE): Promise<void> {
  const { inboxId } = await sends.inbox.accept(inboxEvent(of));
  await sends.leads.commitDecision(record(of, inboxId, { personHashes: { sms: hashOf(phone) } }), verdictOf);
}

const granted: RawRow = { what: 'granted', phone: '(813) 555-0142', channels: 'sms', text: 'web-2', at: '2026-02-01' };
const bring = (rows: readonly RawRow[], apply = true) =>
  consent.importRows(ref.locationId, {
    rows: rows.map((row, place) => ({ line: place + 2, row })),
    ...{ apply, by: 'operator', now: NOW },
  });
const written = async (of: LeadRef = ref) => (await consent.ofLead(of, NOW))?.standing;

describe('an import', () => {
  it('says what would be, writes nothing until it is told to, and the same again is known by its content', async () => {
    expect(await bring([granted], false)).toEqual([{ line: 2, verdict: 'new' }]);
    expect((await written())?.sms.written).toBe('none');
    expect(await bring([granted])).toEqual([{ line: 2, verdict: 'new' }]);
    expect((await written())?.sms).toMatchObject({ written: 'granted', record: { textVersion: 'web-2' } });
    expect((await sends.leads.consent(ref)).sms).toMatchObject({ state: 'granted', basis: 'import' });
    const spelled = { ...granted, phone: '+1 813.555.0142', at: '2026-02-01T00:00:00Z' };
    expect(await bring([spelled, granted])).toEqual([
      { line: 2, verdict: 'known' },
      { line: 3, verdict: 'known' },
    ]);
    expect((await consent.ofLead(ref, NOW))?.records).toHaveLength(1);
  });

  it('names bad rows with their reason, takes the good ones, and takes the mended ones later', async () => {
    const rows = [
      granted,
      { ...granted, text: 'unheard-of' },
      { ...granted, channels: 'call' },
      { ...granted, phone: '', contact: 'nobody' },
      { ...granted, at: '2026-13-01' },
      { ...granted, phone: '' },
    ];
    const verdicts = await bring(rows);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['new', 'bad', 'bad', 'bad', 'bad', 'bad']);
    expect(verdicts.map(({ why }) => why ?? '')).toEqual([
      '',
      'text: no such version is known',
      'text: its words are not for call',
      'contact: no such lead is known; give phone or email as well',
      'at: expected a day as 2026-03-01, or an instant with its zone',
      'expected contact, phone or email',
    ]);
    expect(JSON.stringify(verdicts)).not.toContain('555');
    const mended = [{ ...granted, contact: ref.contactId, phone: '', channels: 'sms' }, granted];
    expect((await bring(mended)).map(({ verdict }) => verdict)).toEqual(['new', 'known']);
  });

  it('of a withdrawal bars the number at once, known lead or not, and of two rows the later one holds', async () => {
    const withdrawn = { what: 'withdrawn', phone: PHONE, channels: 'sms,call', at: '2026-02-10' };
    await bring([granted, withdrawn]);
    expect(await written()).toMatchObject({ sms: { written: 'withdrawn' }, call: { written: 'withdrawn' } });
    const { rows } = await db.pool.query(
      'select channel, reason, lifted_at from suppressions where location_id = $1 and person_hash = $2',
      [ref.locationId, hashOf(PHONE)],
    );
    expect(rows).toEqual([{ channel: 'sms', reason: 'opt-out', lifted_at: null }]);
    const stranger = newRef(ref.locationId);
    await bring([{ ...withdrawn, phone: '8135550177' }]);
    await lead(stranger, '+18135550177');
    expect((await written(stranger))?.sms.written).toBe('withdrawn');
    expect((await sends.leads.consent(stranger)).sms.state).toBe('withdrawn');
  });

  it('brings origins and past business, each for the person of the number', async () => {
    await bring([
      { what: 'bought', phone: PHONE, at: '2026-02-01' },
      { what: 'transaction', contact: ref.contactId, at: '2025-01-10' },
    ]);
    expect((await written())?.sms).toMatchObject({
      ...{ origin: 'bought', relationship: { kind: 'transaction', until: '2026-07-10T00:00:00.000Z' } },
    });
  });

  it('stays in its location', async () => {
    await bring([granted]);
    const elsewhere = newRef();
    await lead(elsewhere);
    expect((await written(elsewhere))?.sms.written).toBe('none');
  });
});

describe('a Do-Not-Call list', () => {
  const ask = async (phone: string, areaCode: string | null, of = ref) =>
    (
      await readOthers(db.tenants.at(of.locationId), {
        ref: of,
        fresh: { hashes: { sms: hashOf(phone) }, areaCode },
        now: NOW,
      })
    ).registry;

  async function list(asOf: string, numbers: readonly string[], areaCodes = ['813'], name = 'national') {
    const loadId = await registry.begin(ref.locationId, { list: name, asOf, by: 'operator' });
    await registry.add(ref.locationId, loadId, 1, numbers.map(hashOf));
    return { loadId, finish: () => registry.finish(ref.locationId, loadId, { areaCodes, parts: 1 }, NOW) };
  }

  it('is asked only once it is finished, only of the area codes that it covers, and keeps no number', async () => {
    const asOf = later(-60);
    const { finish } = await list(asOf, [PHONE]);
    expect(await ask(PHONE, '813')).toEqual([]);
    expect((await finish()).load).toMatchObject({ numbers: 1, areaCodes: ['813'], finishedAt: NOW });
    expect(await ask(PHONE, '813')).toMatchObject([{ list: 'national', listed: true }]);
    expect(await ask('+18135550199', '813')).toMatchObject([{ listed: false }]);
    expect(await ask('+17275550199', '727')).toEqual([]);
    expect(await ask(PHONE, null)).toEqual([]);
    expect(await ask(PHONE, '813', newRef())).toEqual([]);
    const { rows } = await db.pool.query<{ text: string }>(
      `select encode(number_hash, 'escape') as text from registry_numbers where location_id = $1`,
      [ref.locationId],
    );
    expect(rows.map(({ text }) => text).join()).not.toContain('5550142');
  });

  it('answers by its newest load of an area code, and takes away the numbers of what it replaces', async () => {
    const old = await list(later(-60 * 24 * 40), [PHONE, '+17275550101'], ['727', '813']);
    await old.finish();
    const partial = await list(later(-60 * 24), ['+18135550111'], ['813']);
    expect((await partial.finish()).left).toBe(false);
    expect(await ask(PHONE, '813')).toMatchObject([{ listed: false, asOf: expect.stringContaining('2026-03-01') }]);
    expect(await ask('+17275550101', '727')).toMatchObject([{ listed: true }]);
    const whole = await list(later(-30), [PHONE], ['727', '813']);
    await whole.finish();
    expect(await ask(PHONE, '813')).toMatchObject([{ listed: true }]);
    const loads = await registry.loads(ref.locationId);
    expect(new Map(loads.map(({ loadId, replacedAt }) => [loadId, replacedAt]))).toEqual(
      new Map([
        [whole.loadId, null],
        [partial.loadId, NOW],
        [old.loadId, NOW],
      ]),
    );
    const { rows } = await db.pool.query('select distinct load_id from registry_numbers where location_id = $1', [
      ref.locationId,
    ]);
    expect(rows).toEqual([{ load_id: whole.loadId }]);
  });

  it('takes a part again, none before its turn, none after the end, and none of another location', async () => {
    const { locationId } = ref;
    const { loadId, finish } = await list(later(-60), [PHONE]);
    await registry.add(locationId, loadId, 1, [hashOf(PHONE)]);
    const add = (part: number, of = locationId) => registry.add(of, loadId, part, [hashOf('+18135550111')]);
    await expect(add(3)).rejects.toMatchObject({ code: 'REGISTRY_INCOMPLETE' });
    await expect(add(2, newRef().locationId)).rejects.toMatchObject({ code: 'REGISTRY_LOAD_UNKNOWN' });
    await add(2);
    await expect(finish()).rejects.toMatchObject({ code: 'REGISTRY_INCOMPLETE' });
    const done = await registry.finish(locationId, loadId, { areaCodes: ['813'], parts: 2 }, NOW);
    expect(done.load.numbers).toBe(2);
    await expect(add(3)).rejects.toMatchObject({ code: 'REGISTRY_LOAD_UNKNOWN' });
  });
});
