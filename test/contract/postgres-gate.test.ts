import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { GateFacts } from '../../domain/consent/facts.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import { defaultSettings } from '../../domain/leads/settings.ts';
import type { OutboxDraft, OutboxRow } from '../../domain/ports/outbox.ts';
import { personLocks, takeLocks } from '../../integrations/postgres/locks.ts';
import { until } from '../support/until.ts';
import { createCrmRecordStore } from '../../integrations/postgres/crm-records.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { inboxEvent, later, message, newRef, NOW, record, sequence, verdictOf } from '../support/records.ts';
import { CLOSED, OPEN, PERSON, vendor, type Sends, sendsIn } from '../support/sends.ts';

let db: TestDatabase;
let sends: Sends;
let ref: LeadRef;

beforeAll(async () => {
  db = await createTestDatabase();
  sends = sendsIn(db.tenants);
});
afterAll(() => db.drop());
beforeEach(async () => {
  ref = await sends.lead();
});

const claim = (key: string, change: Partial<OutboxDraft> = {}): Promise<OutboxRow> => sends.claim(ref, key, change);
const facts = (now?: string, person?: string[]): Promise<GateFacts> => sends.facts(ref, now, person);

describe('the gate', () => {
  it('lets one of many through, and the others learn that somebody else has it', async () => {
    const row = await claim('once');
    const passes = await Promise.all(Array.from({ length: 10 }, () => sends.pass(row)));
    expect(passes.filter((one) => one.verdict?.open === true)).toHaveLength(1);
    expect(passes.filter((one) => one.verdict === undefined)).toHaveLength(9);
    expect(await sends.outbox.get(row.sendId, ref)).toMatchObject({
      state: 'sending',
      sendingAt: NOW,
      content: { body: 'Example Realty: Hello Ann\nReply STOP to opt out.' },
    });
  });

  it('stores inputs and findings of every verdict, and leaves the row claimed when closed', async () => {
    const row = await claim('once');
    const { facts } = await sends.pass(row, { verdict: CLOSED });
    await sends.pass(row);
    const { rows } = await db.pool.query(
      'select open, closed_by, facts, verdict from gate_verdicts where send_id = $1 order by id',
      [row.sendId],
    );
    expect(rows).toEqual([
      { open: false, closed_by: 'cap', facts, verdict: CLOSED },
      { open: true, closed_by: null, facts: expect.anything(), verdict: OPEN },
    ]);
  });

  it('hands over the fresh facts as read and its own from the store', async () => {
    const { answersAtNight, newNumberSince, sendingHealth } = defaultSettings;
    expect(await facts()).toEqual({
      now: NOW,
      channel: 'sms',
      purpose: 'solicitation',
      contact: vendor.contact,
      activated: vendor.activated,
      consent: {
        known: true,
        value: { written: 'none', record: null, origin: 'unknown', registry: 'unknown', relationship: null },
      },
      suppressed: { known: true, value: false },
      sentIn24h: { known: true, value: { count: 0, oldestAt: null } },
      wroteAt: { known: true, value: null },
      state: { known: true, value: 'active' },
      location: { known: true, value: 'active' },
      sending: {
        known: true,
        value: { paused: null, sent: null, failed: 0, optedOut: 0, complained: 0, segments: 0, oldestAt: null },
      },
      unworkedInbound: { known: true, value: 0 },
      wanted: { known: true, value: true },
      words: {
        ...{ segments: 1, unresolved: false, empty: false, first: true, namesSender: true, tellsOptOut: true },
        lacks: [],
      },
      quietHours: { from: '08:00', to: '21:00' },
      answersAtNight,
      capPer24h: 3,
      health: { ...sendingHealth, newNumberSince },
    });
  });

  it('counts how often in a row a send was held back by what could not be read, and forgets it with a read', async () => {
    const row = await claim('unread');
    const other = await claim('other');
    const unread = { ...CLOSED, unread: true as const };
    const told: (number | undefined)[] = [];
    for (const verdict of [unread, unread, unread, CLOSED, unread]) {
      told.push((await sends.pass(row, { verdict })).facts?.unreadBefore);
    }
    told.push((await sends.pass(row)).facts?.unreadBefore);
    expect(told).toEqual([undefined, 1, 2, 2, undefined, 1]);
    expect((await sends.pass(other)).facts?.unreadBefore).toBeUndefined();
  });

  it('counts no read that had to wait for its call, and forgets none that failed before it', async () => {
    const row = await claim('told');
    const failed = { ...CLOSED, unread: true as const };
    const noCall = { ...failed, readableAt: NOW };
    const told: (number | undefined)[] = [];
    for (const verdict of [noCall, noCall, failed, noCall, noCall, failed, noCall]) {
      told.push((await sends.pass(row, { verdict })).facts?.unreadBefore);
    }
    told.push((await sends.pass(row)).facts?.unreadBefore);
    expect(told).toEqual([undefined, undefined, undefined, 1, 1, 1, 2, 2]);
  });

  it('knows nothing of a lead and a location that are not stored, nor of a person without an address', async () => {
    ref = newRef();
    const told = await facts(NOW, []);
    for (const fact of [told.state, told.location, told.suppressed, told.sentIn24h]) expect(fact.known).toBe(false);
    expect(told.capPer24h).toBe(0);
  });

  it('does not open when its judge fails, and can be asked again', async () => {
    const row = await claim('once');
    const failing = sends.outbox.pass(row.sendId, ref, {
      ...{ vendor, personHashes: PERSON, now: NOW, content: row.content },
      judge: () => {
        throw new Error('no judgement');
      },
    });
    await expect(failing).rejects.toThrow('no judgement');
    expect((await sends.pass(row)).verdict).toEqual(OPEN);
  });
});

describe('what closes the gate', () => {
  it('is an opt-out acknowledged at the door, at whatever moment it comes', async () => {
    for (let round = 0; round < 15; round++) {
      const person = [`opt-out-${ref.contactId}-${round}`];
      const row = await claim(`round:${round}`);
      const optOut = { personHashes: person, channels: ['sms'] as const };
      let acknowledged = false;
      const door = sends.inbox.accept(inboxEvent(newRef(ref.locationId), { optOut })).then(() => (acknowledged = true));
      let judgedAfter = false;
      const gate = sends.outbox.pass(row.sendId, ref, {
        ...{ vendor, personHashes: person, now: NOW, content: row.content },
        judge: (facts) => {
          judgedAfter = acknowledged;
          return facts.suppressed.known && !facts.suppressed.value ? OPEN : CLOSED;
        },
      });
      const [passed] = await Promise.all([gate, door]);
      if (judgedAfter) expect(passed?.verdict.open).toBe(false);
      const { facts } = await sends.pass(await claim(`after:${round}`), { person, verdict: CLOSED });
      expect(facts?.suppressed).toEqual({ known: true, value: true });
    }
  });

  it('is waited for by an opt-out while it is open: none is acknowledged beside a gate that may not have seen it', async () => {
    const person = [`waits-${ref.contactId}`];
    const gate = await db.pool.connect();
    await gate.query('begin');
    await takeLocks(gate, personLocks(ref.locationId, person));
    const optOut = { personHashes: person, channels: ['sms'] as const };
    let acknowledged = false;
    const door = sends.inbox
      .accept(inboxEvent(newRef(ref.locationId), { optOut }))
      .finally(() => (acknowledged = true));
    const waiting = `select 1 from pg_locks where locktype = 'advisory' and not granted
      and database = (select oid from pg_database where datname = current_database())`;
    await until(async () => (await db.pool.query(waiting)).rowCount === 1);
    expect(acknowledged).toBe(false);
    await gate.query('commit');
    gate.release();
    expect((await door).kind).toBe('accepted');
  });

  it('is a suppression of any address of the person on that channel, until it is lifted', async () => {
    await db.pool.query(
      `insert into suppressions (location_id, person_hash, channel, reason, at) values ($1, 'mail-hash', 'sms', 'opt-out', now()), ($1, 'phone-hash', 'email', 'opt-out', now())`,
      [ref.locationId],
    );
    expect((await facts()).suppressed).toEqual({ known: true, value: true });
    expect((await facts(NOW, ['phone-hash'])).suppressed).toEqual({ known: true, value: false });
    await db.pool.query('update suppressions set lifted_at = now()');
    expect((await facts()).suppressed).toEqual({ known: true, value: false });
  });

  it('is an opt-out of the contact while its address is unknown', async () => {
    await sends.inbox.accept(inboxEvent(ref, { optOut: { personHashes: [], channels: ['sms'] } }));
    expect((await facts(NOW, ['never-seen'])).suppressed).toEqual({ known: true, value: true });
  });

  it('is something they wrote that is not worked yet, and nothing else in the inbox', async () => {
    await sends.inbox.accept(inboxEvent(ref, { kind: 'contact.updated' }));
    await sends.inbox.accept(inboxEvent(newRef(ref.locationId), { kind: 'message.inbound' }));
    expect((await facts()).unworkedInbound).toEqual({ known: true, value: 0 });
    const { inboxId } = await sends.inbox.accept(inboxEvent(ref, { kind: 'message.inbound' }));
    await sends.inbox.accept(inboxEvent(ref, { kind: 'contact.dnd' }));
    await sends.inbox.markDispatched([inboxId]);
    expect((await facts()).unworkedInbound).toEqual({ known: true, value: 2 });
    await sends.inbox.settle(inboxId, 'worked', null);
    expect((await facts()).unworkedInbound).toEqual({ known: true, value: 1 });
  });

  it('is a pause, of the lead or of all locations, from the moment it is answered', async () => {
    await sends.leads.act(ref, 'act', { action: 'takeOver' }, NOW);
    expect((await facts()).state).toEqual({ known: true, value: 'taken-over' });
    await sends.locations.setAllStatus('paused', 'operator');
    expect((await facts()).location).toEqual({ known: true, value: 'paused' });
    await sends.locations.setAllStatus('active', 'operator');
    expect((await facts()).location).toEqual({ known: true, value: 'active' });
  });

  it('is a step that is done, and an enrolment that has ended', async () => {
    await sends.work(ref, { enrol: [sequence('welcome')] });
    const enrolmentId = (await sends.leads.enrolments(ref))[0]?.enrolmentId ?? '';
    const wanted = async (stepKey: string): Promise<unknown> => {
      const row = await claim(`w:${Math.random()}`, { enrolmentId, stepKey });
      return (await sends.pass(row, { verdict: CLOSED })).facts?.wanted;
    };
    expect(await wanted('hello')).toEqual({ known: true, value: true });
    await sends.leads.recordStep(ref, enrolmentId, 'hello', 'sent', NOW);
    expect(await wanted('hello')).toEqual({ known: true, value: false });
    expect(await wanted('bye')).toEqual({ known: true, value: true });
    const last = await claim('last', { enrolmentId, stepKey: 'bye' });
    await sends.leads.endEnrolment(ref, enrolmentId, 'reply');
    expect(await sends.outbox.get(last.sendId, ref)).toMatchObject({ state: 'cancelled' });
    expect(await sends.pass(last)).toEqual({ facts: undefined, verdict: undefined, content: undefined });
  });

  it('is a step that the person had within a day, by another contact of theirs', async () => {
    const twin = await sends.lead(ref.locationId);
    const step = async (of: LeadRef, stepKey: string): Promise<OutboxRow> => {
      const [enrolment] = await sends.leads.enrolments(of);
      return sends.claim(of, `told:${Math.random()}`, { enrolmentId: enrolment!.enrolmentId, stepKey });
    };
    for (const contact of [ref, twin]) await sends.work(contact, { enrol: [sequence('welcome')] });
    await sends.pass(await step(ref, 'hello'));
    const wanted = async (stepKey: string, now = NOW) =>
      (await sends.pass(await step(twin, stepKey), { verdict: CLOSED, now })).facts?.wanted;
    expect(await wanted('hello')).toEqual({ known: true, value: 'told' });
    expect(await wanted('bye')).toEqual({ known: true, value: true });
    expect(await wanted('hello', later(24 * 60))).toEqual({ known: true, value: 'told' });
    expect(await wanted('hello', later(24 * 60 + 1))).toEqual({ known: true, value: true });
  });
});

describe('what GHL itself sent to the person', () => {
  const sentByGhl = (change: Parameters<typeof message>[0], to = ref) => told(to, { direction: 'outbound', ...change });

  async function told(
    to: LeadRef,
    change: Parameters<typeof message>[0],
    personHashes: { sms?: string; email?: string } = { sms: 'phone-hash' },
  ): Promise<void> {
    const occurredAt = change?.at ?? NOW;
    const { inboxId } = await sends.inbox.accept(inboxEvent(to, { kind: 'message.outbound', occurredAt }));
    await sends.leads.commitDecision(record(to, inboxId, { message: message(change), personHashes }), verdictOf);
  }

  it('counts for the cap, to whichever contact that bears one of the addresses, and by whichever of its ways', async () => {
    const twin = await sends.lead(ref.locationId);
    await sentByGhl({ origin: 'workflow', at: later(-60) });
    await sentByGhl({ origin: 'bulk_actions', channel: 'email', at: later(-90) }, twin);
    await sentByGhl({ origin: 'campaign', status: 'delivered', at: later(-30) }, twin);
    await sends.sent(ref, later(-10), { state: 'sent', vendorId: 'ours' });
    expect((await facts()).sentIn24h).toEqual({ known: true, value: { count: 4, oldestAt: later(-90) } });
    expect((await facts(later(24 * 60 - 45))).sentIn24h).toEqual({
      known: true,
      value: { count: 2, oldestAt: later(-30) },
    });
  });

  it('counts for a minute longer than a day, as our own sends do: what is sent leaves some seconds after its gate', async () => {
    await sentByGhl({ origin: 'workflow', at: later(-24 * 60) });
    await sends.sent(ref, later(-24 * 60 - 0.5), { state: 'sent', vendorId: 'ours' });
    expect((await facts()).sentIn24h).toMatchObject({ value: { count: 2, oldestAt: later(-24 * 60 - 0.5) } });
    expect((await facts(later(0.5))).sentIn24h).toMatchObject({ value: { count: 1, oldestAt: later(-24 * 60) } });
    expect((await facts(later(1))).sentIn24h).toMatchObject({ value: { count: 0 } });
  });

  it('counts it to a contact that shares only the e-mail address, too', async () => {
    const twin = await sends.lead(ref.locationId);
    await db.pool.query('update leads set sms_hash = null where contact_id = $1', [twin.contactId]);
    const sent = message({ direction: 'outbound', origin: 'campaign', channel: 'email', at: later(-5) });
    await told(twin, sent, { email: 'mail-hash' });
    const counted = async (person: string[]) => (await facts(NOW, person)).sentIn24h;
    expect(await counted(['phone-hash', 'mail-hash'])).toEqual({
      known: true,
      value: { count: 1, oldestAt: later(-5) },
    });
    expect(await counted(['phone-hash'])).toEqual({ known: true, value: { count: 0, oldestAt: null } });
  });

  it('does not count what failed, came in, was said among colleagues, went out by hand or by ourselves, or to others', async () => {
    for (const change of [
      { origin: 'workflow', status: 'failed' },
      { origin: 'workflow', status: 'undelivered' },
      { origin: 'workflow', direction: 'inbound' },
      { origin: 'workflow', channel: 'internal-comment' },
      { origin: 'workflow', channel: 'call' },
      { origin: 'workflow', at: later(-25 * 60) },
      { origin: 'app' },
      { origin: 'api' },
      { origin: undefined },
    ] as const) {
      await sentByGhl({ at: later(-5), ...change });
    }
    const row = await claim('own');
    await sends.pass(row, { now: later(-2) });
    await sends.outbox.settle(row.sendId, ref, { state: 'sent', vendorId: 'reported' }, later(-2));
    await sentByGhl({ messageId: 'reported', origin: 'workflow', at: later(-2) });
    const stranger = await sends.lead(ref.locationId);
    await db.pool.query(`update leads set sms_hash = 'another' where contact_id = $1`, [stranger.contactId]);
    await db.pool.query(
      `insert into messages (location_id, contact_id, message_key, direction, channel, body, origin, at) values ($1, $2, 'x', 'outbound', 'sms', '', 'workflow', $3)`,
      [stranger.locationId, stranger.contactId, later(-3)],
    );
    expect((await facts()).sentIn24h).toEqual({ known: true, value: { count: 1, oldestAt: later(-2) } });
  });

  it('does not count against an answer to the person’s own message', async () => {
    await sentByGhl({ origin: 'workflow', at: later(-5) });
    const answer = await claim('answer', { purpose: 'answer' });
    expect((await sends.pass(answer, { verdict: CLOSED })).facts?.sentIn24h).toEqual({
      known: true,
      value: { count: 0, oldestAt: null },
    });
  });

  it('counts since it left, where it was made long before: planned, and told of as it goes', async () => {
    const records = createCrmRecordStore(db.tenants);
    const planned = message({ direction: 'outbound', origin: 'workflow', messageId: 'plan', at: later(-50 * 60) });
    const tell = async (status: string, occurredAt: string) => {
      const { inboxId } = await sends.inbox.accept(inboxEvent(ref, { kind: 'message.outbound', occurredAt }));
      return { inboxId, message: { ...planned, status } };
    };
    const counted = async () => (await facts()).sentIn24h;
    const first = await tell('scheduled', later(-49 * 60));
    await sends.leads.commitDecision(record(ref, first.inboxId, { message: first.message }), verdictOf);
    expect(await counted()).toMatchObject({ value: { count: 0 } });
    const { inboxId } = await tell('sent', later(-30));
    const report = { id: 'plan', userId: null, told: 'x' };
    await records.keepStatus(ref, { ...report, status: 'sent', at: later(-30) }, inboxId, NOW);
    expect(await counted()).toMatchObject({ value: { count: 1, oldestAt: later(-30) } });
    await records.keepStatus(ref, { ...report, status: 'delivered', at: later(-10) }, inboxId, NOW);
    expect(await counted()).toMatchObject({ value: { count: 1, oldestAt: later(-30) } });
    const late = message({ direction: 'outbound', origin: 'campaign', messageId: 'plan2', at: later(-50 * 60) });
    const heard = await tell('sent', later(-20));
    await sends.leads.commitDecision(record(ref, heard.inboxId, { message: late }), verdictOf);
    expect(await counted()).toMatchObject({ value: { count: 2 } });
  });

  it('holds the gate from its receipt until it is counted, of whichever contact bears one of the addresses', async () => {
    const body = Buffer.from('{"type":"OutboundMessage","source":"bulk_actions"}');
    await sends.inbox.accept(inboxEvent(ref, { kind: 'message.outbound', body }));
    expect((await facts()).unworkedInbound).toEqual({ known: true, value: 1 });
    const twin = await sends.lead(ref.locationId);
    await db.pool.query(`update leads set sms_hash = 'phone-hash' where contact_id = $1`, [twin.contactId]);
    await sends.inbox.accept(inboxEvent(twin, { kind: 'message.outbound', body }));
    // Whom somebody of the team writes to by hand is the person, whichever contact it is.
    await sends.inbox.accept(
      inboxEvent(twin, { kind: 'message.outbound', body: Buffer.from('{"type":"OutboundMessage","source":"app"}') }),
    );
    const stranger = await sends.lead(ref.locationId);
    await db.pool.query(`update leads set sms_hash = 'another' where contact_id = $1`, [stranger.contactId]);
    await sends.inbox.accept(inboxEvent(stranger, { kind: 'message.outbound', body }));
    expect((await facts()).unworkedInbound).toEqual({ known: true, value: 3 });
    const answer = await claim('answer', { purpose: 'answer' });
    expect((await sends.pass(answer, { verdict: CLOSED })).facts?.unworkedInbound).toEqual({ known: true, value: 1 });
  });

  it('waits for what another contact of the person wrote or had blocked, which may be an opt-out', async () => {
    const twin = await sends.lead(ref.locationId);
    await db.pool.query(`update leads set sms_hash = 'phone-hash' where contact_id = $1`, [twin.contactId]);
    const { inboxId } = await sends.inbox.accept(inboxEvent(twin, { kind: 'message.inbound' }));
    await sends.inbox.accept(inboxEvent(twin, { kind: 'contact.dnd' }));
    expect((await facts()).unworkedInbound).toEqual({ known: true, value: 2 });
    await sends.inbox.settle(inboxId, 'worked', null);
    expect((await facts()).unworkedInbound).toEqual({ known: true, value: 1 });
  });

  it('is found by the person’s hashes, not by reading all leads of the location, under its walls too', async () => {
    // Triggers sleep meanwhile: what they keep for each lead is not asked about here.
    await db.pool.query(`begin; set local session_replication_role = replica;
      insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, sms_hash, email_hash)
      select '${ref.locationId}', 'many-' || n, now(), now(), now(), 'sms-' || n, 'mail-' || n from generate_series(1, 20000) as n;
      commit`);
    await db.pool.query('analyze leads');
    for (const [column, index] of [
      ['sms_hash', 'leads_sms_hash'],
      ['email_hash', 'leads_email_hash'],
    ] as const) {
      const { rows } = await db.tenants
        .at(ref.locationId)
        .query<Record<string, string>>(
          `explain select contact_id from leads where location_id = '${ref.locationId}' and ${column} = any(array['sms-7', 'mail-9'])`,
        );
      expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain(index);
    }
  });
});
