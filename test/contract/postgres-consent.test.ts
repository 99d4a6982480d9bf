import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ShownConsent } from '../../domain/consent/shown.ts';
import type { FreshConsent } from '../../domain/consent/standing.ts';
import type { ConsentText } from '../../domain/consent/texts.ts';
import type { ConsentStore, HandEntry } from '../../domain/ports/consent.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { DecisionRecord } from '../../domain/ports/leads.ts';
import { createConsentStore } from '../../integrations/postgres/consent.ts';
import { consentStanding } from '../../integrations/postgres/consent-standing.ts';
import { transaction } from '../../integrations/postgres/pool.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { decision, inboxEvent, later, newRef, NOW, record, verdictOf } from '../support/records.ts';
import { freshConsent, type Sends, sendsIn } from '../support/sends.ts';

let db: TestDatabase;
let sends: Sends;
let consent: ConsentStore;
let ref: LeadRef;

const hashOf = (address: string): string => `hash of ${address}`;
const PHONE = '+18135550142';
const EMAIL = 'ann@example.com';
const hashes = { sms: hashOf(PHONE), email: hashOf(EMAIL) };
const WEB: Omit<ConsentText, 'addedAt'> = {
  ...{ version: 'web-2', words: 'I agree to marketing texts from Example Realty.', channels: ['sms', 'email'] },
  ...{ written: true, seller: 'Example Realty', usedFrom: '2026-01-01', addedBy: 'operator' },
};

beforeAll(async () => {
  db = await createTestDatabase();
  sends = sendsIn(db.tenants);
  consent = createConsentStore(db.tenants, { personHash: hashOf, sha256: (text) => text });
});
afterAll(() => db.drop());
beforeEach(async () => {
  ref = newRef();
  await commit();
});

/** One event of the lead, decided upon. */
async function commit(change: Partial<DecisionRecord> = {}, of: LeadRef = ref): Promise<void> {
  const { inboxId } = await sends.inbox.accept(inboxEvent(of, { occurredAt: change.now ?? NOW }));
  await sends.leads.commitDecision(record(of, inboxId, { personHashes: hashes, ...change }), verdictOf);
}

const byTag = (state: ShownConsent['state'], channel: 'sms' | 'email' = 'sms'): ShownConsent => ({
  ...{ channel, state, source: 'tag', basis: 'tag:Texts-OK', textVersion: null, givenAt: null },
});
const hand = (said: HandEntry['said'], at = NOW): HandEntry => ({ said, at, reason: 'on the phone', by: 'operator' });

/** As the gate asks, under its locks or not. */
const standing = (fresh: Partial<FreshConsent> = {}, now = NOW, of: LeadRef = ref) =>
  transaction(db.tenants.at(of.locationId), (client) =>
    consentStanding(client, { ref: of, fresh: { ...freshConsent, hashes, ...fresh }, now, seenBy: 'send:1' }),
  );
const entries = async (of: LeadRef = ref) => (await consent.ofLead(of, NOW))?.records ?? [];
const told = async (of: LeadRef = ref) => (await sends.leads.timeline(of, 20)).items.map(({ summary }) => summary);

describe('consent by what the CRM shows', () => {
  it('is an entry of its own for each beginning and end, told once, and its row follows', async () => {
    await commit({ consents: [byTag('granted')], now: later(0) });
    await commit({ consents: [byTag('granted')], now: later(1) });
    expect((await sends.leads.consent(ref)).sms).toEqual({ state: 'granted', since: NOW, basis: 'tag:Texts-OK' });
    for (const minutes of [5, 6]) {
      await commit({ consents: [byTag('gone'), byTag('gone', 'email')], now: later(minutes) });
    }
    expect(await sends.leads.consent(ref)).toMatchObject({
      sms: { state: 'withdrawn', since: later(5), basis: 'tag:Texts-OK' },
      email: { state: 'unknown', since: null, basis: null },
    });
    expect(await told()).toEqual(['Consent for SMS is withdrawn: the tag Texts-OK, which recorded it, is gone.']);
    await commit({ consents: [byTag('granted')], now: later(9) });
    expect((await sends.leads.consent(ref)).sms).toEqual({
      ...{ state: 'granted', since: later(9), basis: 'tag:Texts-OK' },
    });
    expect((await entries()).map(({ state, givenAt }) => [state, givenAt])).toEqual([
      ['granted', later(9)],
      ['withdrawn', later(5)],
      ['granted', NOW],
    ]);
  });

  it('is not for a number that comes later, and the row says that nothing is known', async () => {
    await commit({ consents: [byTag('granted')] });
    const moved = { sms: hashOf('+18135550199'), email: hashes.email };
    await commit({ consents: [byTag('granted')], personHashes: moved, now: later(1) });
    expect((await sends.leads.consent(ref)).sms).toEqual({ state: 'unknown', since: null, basis: null });
    expect((await standing({ hashes: moved, shown: [byTag('granted')] })).written).toBe('none');
    expect((await entries()).map(({ address }) => address)).toEqual(['earlier']);
    await commit({ consents: [byTag('gone')], personHashes: moved, now: later(2) });
    await commit({ consents: [byTag('granted')], personHashes: moved, now: later(3) });
    expect((await standing({ hashes: moved, shown: [byTag('granted')] }, later(4))).written).toBe('granted');
  });

  it('is written down by the gate that rests on it, before the event that tells of it was worked', async () => {
    expect((await standing({ shown: [byTag('granted')] })).written).toBe('granted');
    expect(await entries()).toMatchObject([{ state: 'granted', evidence: { seenBy: 'send:1' } }]);
    expect((await standing({ shown: [byTag('gone')] })).written).toBe('none');
    expect((await sends.leads.consent(ref)).sms.state).toBe('withdrawn');
  });

  it('rests on words that are known and suffice', async () => {
    const form = { ...byTag('granted'), source: 'form', basis: 'form:site', textVersion: 'web-2' } as const;
    await commit({ consents: [form] });
    expect((await standing({ shown: [form] })).written).toBe('none');
    await consent.addText(ref.locationId, WEB);
    await commit({ consents: [form], now: later(1) });
    expect(await standing({ shown: [form] })).toMatchObject({
      ...{ written: 'granted', record: { textVersion: 'web-2', at: NOW } },
    });
    expect(await entries()).toMatchObject([{ seller: 'Example Realty', written: true }, { written: false }]);
  });
});

describe('what a message says', () => {
  it('revokes both channels, opens the one that it came by, and is in the ledger', async () => {
    const shown = [byTag('granted'), byTag('granted', 'email')];
    await commit({ consents: shown });
    await commit({ consents: shown, decision: decision({ suppress: ['sms', 'email'] }), now: later(1) });
    expect((await standing({ shown })).written).toBe('withdrawn');
    await commit({ consents: shown, decision: decision({ release: ['sms'] }), now: later(2) });
    expect((await standing({ shown }, later(3))).written).toBe('granted');
    expect((await standing({ shown, channel: 'email' }, later(3))).written).toBe('withdrawn');
    expect((await entries()).map(({ basis, channel }) => `${basis} ${channel}`)).toEqual([
      ...['opt-in sms', 'opt-out email', 'opt-out sms', 'tag:Texts-OK email', 'tag:Texts-OK sms'],
    ]);
  });
});

describe('an entry by hand', () => {
  it('grants by words that are there, once, and says who and why', async () => {
    const grant = hand({ state: 'granted', channels: ['sms'], text: 'web-2' });
    await expect(consent.byHand(ref, grant, NOW)).rejects.toMatchObject({ code: 'CONSENT_TEXT_UNKNOWN' });
    await consent.addText(ref.locationId, WEB);
    await expect(
      consent.byHand(ref, hand({ state: 'granted', channels: ['call'], text: 'web-2' }), NOW),
    ).rejects.toMatchObject({ code: 'CONSENT_TEXT_UNKNOWN' });
    expect([await consent.byHand(ref, grant, NOW), await consent.byHand(ref, grant, NOW)]).toEqual([true, false]);
    expect((await standing()).written).toBe('granted');
    expect(await entries()).toMatchObject([
      { source: 'operator', recordedBy: 'operator', evidence: { reason: 'on the phone' }, address: 'current' },
    ]);
    expect(await told()).toEqual(['Consent for SMS was given: operator wrote it down.']);
    await expect(consent.byHand(newRef(ref.locationId), grant, NOW)).rejects.toMatchObject({ code: 'LEAD_UNKNOWN' });
  });

  it('that withdraws bars the person by every address, and START of the person lifts it', async () => {
    await commit({ consents: [byTag('granted')] });
    await consent.byHand(ref, hand({ state: 'withdrawn', channels: ['sms', 'email', 'call'] }, later(1)), later(2));
    expect((await standing({ shown: [byTag('granted')] })).written).toBe('withdrawn');
    const twin = newRef(ref.locationId);
    await commit({ personHashes: { sms: hashes.sms } }, twin);
    expect((await sends.leads.consent(twin)).sms).toMatchObject({ state: 'withdrawn', since: later(1) });
    expect((await standing({ channel: 'call' }, NOW, twin)).written).toBe('withdrawn');
    await commit({ decision: decision({ release: ['sms'] }), now: later(5) });
    expect((await standing({ shown: [byTag('granted')] }, later(6))).written).toBe('granted');
  });

  it('dates past business and the origin', async () => {
    await consent.byHand(ref, hand({ fact: 'transaction' }), NOW);
    await consent.byHand(ref, hand({ fact: 'bought' }), NOW);
    expect(await standing({}, later(1))).toMatchObject({
      ...{ origin: 'bought', relationship: { kind: 'transaction', until: '2027-09-02T15:00:00.000Z' } },
    });
    await consent.byHand(ref, hand({ fact: 'first-party' }), NOW);
    expect((await standing()).origin).toBe('first-party');
  });
});

describe('what follows from the lead’s events', () => {
  it('is that it is bought for good, and that business was done since an opportunity was first won', async () => {
    await commit({ bought: true });
    await commit({ bought: false, now: later(1) });
    expect((await standing()).origin).toBe('bought');
    const won = { kind: 'opportunity', recordId: randomUUID(), contactId: ref.contactId, timed: true } as const;
    for (const minutes of [2, 60]) {
      const at = later(minutes);
      await commit({ record: { ...won, action: 'changed', facts: { status: 'won', value: minutes }, at }, now: at });
    }
    expect((await consent.ofLead(ref, later(90)))?.facts).toMatchObject([
      { kind: 'transaction', at: later(2) },
      { kind: 'bought', at: NOW },
    ]);
  });

  it('is an inquiry for as long as three months after the person wrote, under any of their contacts', async () => {
    const message = { messageId: randomUUID(), direction: 'inbound', channel: 'sms', body: 'Hello', at: NOW } as const;
    await commit({ message: { ...message, status: undefined, origin: undefined, userId: undefined } });
    const twin = newRef(ref.locationId);
    await commit({}, twin);
    expect((await standing({}, '2026-06-02T14:59:59.999Z', twin)).relationship).toEqual({
      ...{ kind: 'inquiry', until: '2026-06-02T15:00:00.000Z' },
    });
    expect((await standing({}, '2026-06-02T15:00:00.000Z')).relationship).toBeNull();
    expect((await standing({ hashes: {} }, NOW, newRef(ref.locationId))).relationship).toBeNull();
  });
});

describe('the ledger', () => {
  it('is not changed and not deleted by the product, and outlives the contact by the number', async () => {
    await consent.addText(ref.locationId, WEB);
    await consent.byHand(ref, hand({ state: 'granted', channels: ['sms'], text: 'web-2' }), NOW);
    const place = db.tenants.at(ref.locationId);
    for (const table of ['consent_records', 'consent_texts', 'consent_facts']) {
      for (const statement of [`update ${table} set location_id = location_id`, `delete from ${table}`]) {
        await expect(place.query(statement)).rejects.toMatchObject({ code: '42501' });
      }
    }
    await commit({ decision: decision({ stage: 'gone', deletedAt: later(1) }), now: later(1) });
    const survivor = newRef(ref.locationId);
    await commit({}, survivor);
    expect((await standing({}, later(2), survivor)).written).toBe('granted');
    expect((await standing({}, later(2), newRef())).written).toBe('none');
  });

  it('keeps words as they are: the same again changes nothing, others need another version', async () => {
    const first = await consent.addText(ref.locationId, WEB);
    expect(await consent.addText(ref.locationId, WEB)).toEqual(first);
    await expect(consent.addText(ref.locationId, { ...WEB, words: 'I agree.' })).rejects.toMatchObject({
      ...{ code: 'CONSENT_TEXT_TAKEN' },
    });
    expect(await consent.texts(ref.locationId)).toEqual([first]);
    expect(await consent.texts(newRef().locationId)).toEqual([]);
  });
});
