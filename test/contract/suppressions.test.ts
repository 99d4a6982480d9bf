import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { consentEvent, consentEvents } from '../../domain/consent/consent-events.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import { createCrmRecordStore } from '../../integrations/postgres/crm-records.ts';
import { createSuppressionStore } from '../../integrations/postgres/suppressions.ts';
import { sha256 } from '../../platform/secrets.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { decision, inboxEvent, installLocation, later, newRef, NOW, record, verdictOf } from '../support/records.ts';
import { type Sends, sendsIn } from '../support/sends.ts';

const PHONE = 'phone-hash';
const MAIL = 'mail-hash';
const PERSON = { sms: PHONE, email: MAIL };

let db: TestDatabase;
let sends: Sends;
let store: ReturnType<typeof createSuppressionStore>;
let records: ReturnType<typeof createCrmRecordStore>;
let ref: LeadRef;

beforeAll(async () => {
  db = await createTestDatabase();
  sends = sendsIn(db.tenants);
  store = createSuppressionStore(db.tenants);
  records = createCrmRecordStore(db.tenants);
});
afterAll(() => db.drop());
beforeEach(async () => {
  ref = await sends.lead();
  await decided(ref);
});

/** A decision about a lead of this person. */
async function decided(of: LeadRef, change: Parameters<typeof decision>[0] = {}, at = NOW, personHashes = PERSON) {
  const { inboxId } = await sends.inbox.accept(inboxEvent(of, { occurredAt: at }));
  await sends.leads.commitDecision(record(of, inboxId, { decision: decision(change), personHashes }), verdictOf);
}

/** May nothing be sent to them on this channel? As the gate is told. */
async function barred(of: LeadRef, channel: 'sms' | 'email', person: string[] = [PHONE, MAIL]): Promise<boolean> {
  const row = await sends.claim(of, randomUUID(), { channel });
  const { facts } = await sends.pass(row, {
    verdict: { open: false, checks: [], closedBy: 'cap', then: 'end' },
    person,
  });
  if (facts?.suppressed.known !== true) throw new Error('the gate was not asked');
  return facts.suppressed.value;
}

const both = async (of: LeadRef, person?: string[]) => [
  await barred(of, 'sms', person),
  await barred(of, 'email', person),
];

async function link(of: LeadRef, bars: boolean, at: string): Promise<void> {
  const type = bars ? consentEvents.unsubscribed : consentEvents.resubscribed;
  const event = consentEvent(of, type, { key: randomUUID(), at }, sha256);
  await sends.inbox.accept({ ...event, link: { of: 'us', personHashes: [MAIL], channel: 'email', bars } });
}

const stat = (change: object) => ({
  ...{ key: randomUUID(), event: 'failed', recipientHash: MAIL, messageId: null, code: null, at: NOW },
  ...{ failure: null, suppress: null, ...change },
});
const reported = (change: object) =>
  records.keepEmailStat(ref.locationId, stat(change), randomUUID(), NOW).then(({ contactIds }) => contactIds);

describe('reasons', () => {
  it('hold side by side, and lifting one leaves the others', async () => {
    await decided(ref, { suppress: ['sms', 'email'] }, later(1));
    await reported({ event: 'complained', suppress: 'complaint' });
    await link(ref, true, later(2));
    expect(await both(ref)).toEqual([true, true]);
    await decided(ref, { release: ['sms', 'email'] }, later(3));
    expect(await both(ref)).toEqual([false, true]);
    expect(await store.holding(ref.locationId, MAIL, 'email')).toEqual(['complaint', 'link']);
    await link(ref, false, later(4));
    expect(await store.holding(ref.locationId, MAIL, 'email')).toEqual(['complaint']);
    expect(await both(ref)).toEqual([false, true]);
  });

  it('are told of a lead, lifted ones as well, by what each is stored under', async () => {
    await decided(ref, { suppress: ['sms'] }, later(1));
    await decided(ref, { release: ['sms'] }, later(2));
    await link(ref, true, later(3));
    const told = await store.ofLead(ref);
    expect(told.map(({ channel, reason, of, since, liftedAt }) => [channel, reason, of, since, liftedAt])).toEqual([
      ['email', 'link', 'contact', later(3), null],
      ['email', 'link', 'email', later(3), null],
      ['sms', 'opt-out', 'contact', later(1), later(2)],
      ['sms', 'opt-out', 'email', later(1), later(2)],
      ['sms', 'opt-out', 'phone', later(1), later(2)],
    ]);
    expect(told.every(({ inboxId }) => inboxId !== null)).toBe(true);
    expect(await store.ofLead({ ...ref, locationId: 'another' })).toEqual([]);
  });

  it('of a link count by when it was used, in whatever order its events are stored', async () => {
    await link(ref, true, later(10));
    await link(ref, false, later(5));
    expect(await barred(ref, 'email')).toBe(true);
    await link(ref, false, later(20));
    await link(ref, true, later(15));
    expect(await barred(ref, 'email')).toBe(false);
    await link(ref, true, later(25));
    expect(await barred(ref, 'email')).toBe(true);
  });
});

describe('a link that was used', () => {
  it('ends e-mails and not texts, to the address and not to others who share the phone', async () => {
    const other = { ...newRef(ref.locationId) };
    await decided(other, {}, NOW, { sms: PHONE, email: 'other-mail' });
    await link(ref, true, later(1));
    expect(await both(ref)).toEqual([false, true]);
    expect(await both(other, [PHONE, 'other-mail'])).toEqual([false, false]);
  });

  it('binds the contact under another address, and another contact under this one', async () => {
    const second = newRef(ref.locationId);
    await decided(second, {}, NOW, { sms: 'other-phone', email: MAIL });
    await link(ref, true, later(1));
    expect(await barred(ref, 'email', [PHONE, 'new-mail'])).toBe(true);
    expect(await barred(second, 'email', ['other-phone', MAIL])).toBe(true);
    expect(await store.bearers(ref.locationId, MAIL)).toEqual([ref.contactId, second.contactId].toSorted());
  });

  it('is a withdrawal in the ledger, and its undoing takes that back', async () => {
    const word = (state: 'withdrawn' | 'granted', at: string) => decided(ref, { link: state }, at);
    const ledger = async () =>
      (
        await db.pool.query(
          `select channel, state, source, basis from consent_records where location_id = $1 order by record_id`,
          [ref.locationId],
        )
      ).rows;
    await word('withdrawn', later(1));
    await word('granted', later(2));
    const entry = { channel: 'email', source: 'message', basis: 'link in an e-mail' };
    expect(await ledger()).toEqual([
      { ...entry, state: 'withdrawn' },
      { ...entry, state: 'granted' },
    ]);
  });

  it('is known to the next decision, as a wish for no more e-mails; a bounce is none', async () => {
    const wish = async () => (await sends.leads.standing(ref, randomUUID(), NOW)).unsubscribed;
    expect(await wish()).toBe(false);
    await reported({ failure: 'address', suppress: 'bounce' });
    expect(await wish()).toBe(false);
    await link(ref, true, later(1));
    expect(await wish()).toBe(true);
    await link(ref, false, later(2));
    expect(await wish()).toBe(false);
    await reported({ event: 'unsubscribed', suppress: 'unsubscribe' });
    expect(await wish()).toBe(true);
  });
});

describe('a suppression', () => {
  it('outlives the contact, a merge into another one, and an uninstall', async () => {
    await decided(ref, { suppress: ['sms', 'email'] }, later(1));
    await decided(ref, { stage: 'gone', deletedAt: later(2) }, later(2));
    await sends.locations.setStatus(ref.locationId, 'uninstalled');
    await installLocation(sends.locations, ref.locationId);
    const again = newRef(ref.locationId);
    await decided(again);
    expect(await both(again)).toEqual([true, true]);
    // By either of the two.
    expect(await both(again, [PHONE])).toEqual([true, true]);
    expect(await both(again, ['new-phone', MAIL])).toEqual([true, true]);
  });

  it('of one location binds no other', async () => {
    await decided(ref, { suppress: ['sms', 'email'] }, later(1));
    const other = await sends.lead();
    await decided(other);
    expect(await both(other)).toEqual([false, false]);
  });

  it('cannot be deleted by the product', async () => {
    await decided(ref, { suppress: ['sms'] }, later(1));
    await expect(db.tenants.at(ref.locationId).query('delete from suppressions')).rejects.toThrow('permission denied');
  });
});

describe('do-not-disturb in the CRM', () => {
  const marks = (of: LeadRef, snapshot: object) =>
    db.pool.query('update leads set snapshot = $3 where location_id = $1 and contact_id = $2', [
      of.locationId,
      of.contactId,
      snapshot,
    ]);

  it('of a contact that shares the number or the address is the same person’s, until it is lifted', async () => {
    const twin = newRef(ref.locationId);
    await decided(twin, {}, NOW, { sms: PHONE, email: 'other-mail' });
    await marks(twin, { dndChannels: { sms: 'on', email: 'off' } });
    expect(await both(ref)).toEqual([true, false]);
    await marks(twin, { dnd: true });
    expect(await both(ref)).toEqual([true, true]);
    await marks(twin, { dnd: false, dndChannels: { sms: 'off', email: 'unknown' } });
    expect(await both(ref)).toEqual([false, false]);
  });

  it('of a contact that is gone, of a stranger or of the contact itself is no matter of this', async () => {
    const [gone, stranger] = [newRef(ref.locationId), newRef(ref.locationId)];
    await decided(gone, { stage: 'gone', deletedAt: NOW });
    await decided(stranger, {}, NOW, { sms: 'p2', email: 'm2' });
    for (const one of [gone, stranger, ref]) await marks(one, { dnd: true });
    expect(await both(ref)).toEqual([false, false]);
  });
});

describe('e-mails that do not arrive', () => {
  const failed = (messageId: string, minutes: number) =>
    reported({ messageId, failure: 'temporary', at: later(minutes) });

  it('bar their address after three in a row, each counted once', async () => {
    expect(await failed('m1', 1)).toEqual([]);
    for (const minutes of [2, 3, 4]) expect(await failed('m1', minutes)).toEqual([]);
    expect(await failed('m2', 5)).toEqual([]);
    expect(await barred(ref, 'email')).toBe(false);
    expect(await failed('m3', 6)).toEqual([ref.contactId]);
    expect(await both(ref)).toEqual([false, true]);
    expect(await store.holding(ref.locationId, MAIL, 'email')).toEqual(['bounce']);
  });

  it('are counted anew after one that arrived', async () => {
    await failed('m1', 1);
    await failed('m2', 2);
    await reported({ event: 'delivered', messageId: 'm2', at: later(3) });
    await failed('m3', 4);
    await failed('m4', 5);
    expect(await barred(ref, 'email')).toBe(false);
    await failed('m5', 6);
    expect(await barred(ref, 'email')).toBe(true);
  });

  it('for another reason than the address bar nobody', async () => {
    for (const messageId of ['m1', 'm2', 'm3', 'm4']) await reported({ messageId, failure: 'other' });
    expect(await barred(ref, 'email')).toBe(false);
  });

  it('are one reason however many reports come at once', async () => {
    await Promise.all(['m1', 'm2', 'm3', 'm4', 'm5'].map((messageId, at) => failed(messageId, at)));
    const { rows } = await db.pool.query('select reason from suppressions where location_id = $1', [ref.locationId]);
    expect(rows).toEqual([{ reason: 'bounce' }]);
  });
});

describe('consent', () => {
  it('is withdrawn by the person’s own word, and not by an address that takes nothing', async () => {
    const states = async () => {
      const { sms, email } = await sends.leads.consent(ref);
      return [sms.state, email.state];
    };
    await decided(ref, { unreachable: true }, later(1));
    await reported({ failure: 'address', suppress: 'bounce' });
    expect(await states()).toEqual(['unknown', 'unknown']);
    await link(ref, true, later(2));
    expect(await states()).toEqual(['unknown', 'withdrawn']);
    await link(ref, false, later(3));
    expect(await states()).toEqual(['unknown', 'unknown']);
    await reported({ event: 'complained', suppress: 'complaint' });
    expect(await states()).toEqual(['unknown', 'withdrawn']);
  });
});

describe('a number that takes no texts', () => {
  it('is barred from them for good, and its owner’s e-mails go on', async () => {
    await decided(ref, { unreachable: true }, later(1));
    expect(await both(ref)).toEqual([true, false]);
    await decided(ref, { release: ['sms'] }, later(2));
    expect(await both(ref)).toEqual([true, false]);
    // Another number of the same contact is another matter.
    expect(await both(ref, ['new-phone', MAIL])).toEqual([false, false]);
  });
});

describe('a possible opt-out', () => {
  const raised = { doubt: { raised: ['sms', 'email'] as const } };
  const settled = { doubt: { settled: ['sms', 'email'] as const } };

  it('closes the gate for the person, in every contact with the number, until somebody has answered', async () => {
    const twin = newRef(ref.locationId);
    await decided(twin);
    await decided(ref, raised, later(10));
    expect(await both(ref)).toEqual([true, true]);
    expect(await both(twin)).toEqual([true, true]);
    await decided(ref, settled, later(20));
    expect(await both(ref)).toEqual([false, false]);
    expect(await both(twin)).toEqual([false, false]);
  });

  it('is lifted by its answer alone, and lifts no opt-out', async () => {
    await decided(ref, { suppress: ['sms', 'email'] }, later(10));
    await decided(ref, raised, later(20));
    await decided(ref, settled, later(30));
    expect(await both(ref)).toEqual([true, true]);
    await decided(ref, { release: ['sms'] }, later(40));
    expect(await both(ref)).toEqual([false, true]);
  });

  it('is not a withdrawal of consent', async () => {
    await decided(ref, raised, later(10));
    expect((await sends.leads.consent(ref)).sms.state).not.toBe('withdrawn');
    expect(await store.ofLead(ref)).toContainEqual(
      expect.objectContaining({ reason: 'possible-opt-out', liftedAt: null }),
    );
  });
});

it('an opt-out that a person takes down is in force with its event, before anything is decided', async () => {
  const event = inboxEvent(ref, { occurredAt: later(10), kind: 'operator', source: 'operator' });
  await sends.inbox.accept({ ...event, optOut: { personHashes: [], channels: ['sms', 'email'] } });
  expect(await both(ref)).toEqual([true, true]);
});
