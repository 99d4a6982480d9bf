import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { GateFacts } from '../../domain/consent/facts.ts';
import type { SequenceDocument } from '../../domain/follow-up/sequence.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { OutboxDraft } from '../../domain/ports/outbox.ts';
import { readFacts } from '../../integrations/postgres/gate-facts.ts';
import type { Client } from '../../integrations/postgres/pool.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { decision, inboxEvent, later, message, NOW, record, sequence, verdictOf } from '../support/records.ts';
import { CLOSED, PERSON, type Sends, sendsIn } from '../support/sends.ts';

/** What the gate of a contact is told of another one that bears the same number or address. */
let db: TestDatabase;
let sends: Sends;
let ref: LeadRef;
let twin: LeadRef;

beforeAll(async () => {
  db = await createTestDatabase();
  sends = sendsIn(db.tenants);
});
afterAll(() => db.drop());
beforeEach(async () => {
  ref = await sends.lead();
  twin = await sends.lead(ref.locationId);
  await bears(twin, { sms_hash: 'phone-hash' });
});

async function bears({ contactId }: LeadRef, hashes: { sms_hash?: string; email_hash?: string }): Promise<void> {
  const { sms_hash = null, email_hash = null } = hashes;
  await db.pool.query('update leads set sms_hash = $2, email_hash = $3 where contact_id = $1', [
    contactId,
    sms_hash,
    email_hash,
  ]);
}

async function told(change: Partial<OutboxDraft> = {}, person = PERSON): Promise<GateFacts> {
  const row = await sends.claim(ref, randomUUID(), change);
  const { facts } = await sends.pass(row, { verdict: CLOSED, person });
  if (facts === undefined) throw new Error('the gate was not asked');
  return facts;
}

describe('a human who works another contact of the person', () => {
  const act = (action: 'takeOver' | 'pause' | 'resume' | 'stop') =>
    sends.leads.act(twin, randomUUID(), { action }, NOW);

  it('works the person: taken over or paused, of which the pause is the stricter', async () => {
    expect(await told()).not.toHaveProperty('elsewhere');
    await act('takeOver');
    expect(await told()).toMatchObject({ state: { value: 'active' }, elsewhere: 'taken-over' });
    const third = await sends.lead(ref.locationId);
    await bears(third, { email_hash: 'mail-hash' });
    await sends.leads.act(third, randomUUID(), { action: 'pause' }, NOW);
    expect(await told({ channel: 'ghl-workflow' })).toMatchObject({ elsewhere: 'paused' });
    expect(await told({}, ['phone-hash'])).toMatchObject({ elsewhere: 'taken-over' });
  });

  it('binds nobody by a stop, by a contact that is gone, and once the lead is handed back', async () => {
    await act('stop');
    expect(await told()).not.toHaveProperty('elsewhere');
    await act('resume');
    await act('takeOver');
    await db.pool.query('update leads set deleted_at = now() where contact_id = $1', [twin.contactId]);
    expect(await told()).not.toHaveProperty('elsewhere');
    await db.pool.query('update leads set deleted_at = null where contact_id = $1', [twin.contactId]);
    expect(await told()).toHaveProperty('elsewhere', 'taken-over');
    await act('resume');
    expect(await told()).not.toHaveProperty('elsewhere');
  });

  it('is nobody of a stranger, nor of another location', async () => {
    await act('takeOver');
    await bears(twin, { sms_hash: 'another' });
    const elsewhere = await sends.lead();
    await bears(elsewhere, { sms_hash: 'phone-hash' });
    await sends.leads.act(elsewhere, randomUUID(), { action: 'takeOver' }, NOW);
    expect(await told()).not.toHaveProperty('elsewhere');
  });

  it('holds from the receipt of what was written by hand, a text as well as an addition to a workflow', async () => {
    const byHand = Buffer.from('{"type":"OutboundMessage","source":"app"}');
    const { inboxId } = await sends.inbox.accept(inboxEvent(twin, { kind: 'message.outbound', body: byHand }));
    for (const channel of ['sms', 'ghl-workflow'] as const)
      expect((await told({ channel })).unworkedInbound).toEqual({ known: true, value: 1 });
    expect((await told({ channel: 'call-task', purpose: 'task' })).unworkedInbound).toEqual({ known: true, value: 0 });
    await sends.inbox.settle(inboxId, 'worked', null);
    expect((await told()).unworkedInbound).toEqual({ known: true, value: 0 });
  });
});

describe('what ends a sequence by its exits', () => {
  const begun = (exits: SequenceDocument['exits'], enrolledAt = NOW) =>
    enrol({ ...sequence('talk'), exits }, enrolledAt);

  async function enrol(document: SequenceDocument, now: string): Promise<void> {
    const { inboxId } = await sends.inbox.accept(inboxEvent(ref));
    const enrols = decision({ enrol: [document] });
    await sends.leads.commitDecision(record(ref, inboxId, { decision: enrols, now }), verdictOf);
  }

  async function wrote(change: Parameters<typeof message>[0] = {}): Promise<void> {
    const { inboxId } = await sends.inbox.accept(inboxEvent(twin, { kind: 'message.inbound' }));
    const said = { message: message(change), personHashes: { sms: 'phone-hash' } };
    await sends.leads.commitDecision(record(twin, inboxId, said), verdictOf);
    await sends.inbox.settle(inboxId, 'worked', null);
  }

  const booked = (change: { status?: string; startsAt?: string } = {}) =>
    db.pool.query(
      `insert into appointments (location_id, contact_id, appointment_id, status, starts_at, facts_at, known_at)
       values ($1, $2, $3, $4, $5, '{}', $6)`,
      [ref.locationId, twin.contactId, randomUUID(), change.status ?? 'confirmed', change.startsAt ?? later(60), NOW],
    );

  async function wanted(channel: OutboxDraft['channel'] = 'sms'): Promise<unknown> {
    const [enrolment] = await sends.leads.enrolments(ref);
    const facts = await told({ channel, enrolmentId: enrolment!.enrolmentId, stepKey: 'hello' });
    return facts.wanted.known && facts.wanted.value;
  }

  it('is a reply by another contact, by whichever channel, since it began', async () => {
    await begun(['reply']);
    await wrote({ at: later(-1) });
    expect(await wanted()).toBe(true);
    await wrote({ at: later(1), channel: 'email' });
    for (const channel of ['sms', 'email', 'call-task', 'ghl-workflow'] as const)
      expect(await wanted(channel)).toBe('reply');
  });

  it('is a reply only where the document names it, and ours is none', async () => {
    await begun(['takeover']);
    await wrote();
    expect(await wanted()).toBe(true);
    await sends.leads.endEnrolment(ref, (await sends.leads.enrolments(ref))[0]!.enrolmentId, 'a test');
    await begun(['reply'], later(1));
    await wrote({ at: later(2), direction: 'outbound', origin: 'api' });
    expect(await wanted()).toBe(true);
  });

  it('is an appointment of another contact that is to come', async () => {
    await begun(['booking']);
    await booked({ status: 'Cancelled' });
    await booked({ startsAt: later(-60) });
    expect(await wanted()).toBe(true);
    await booked();
    expect(await wanted()).toBe('booking');
  });
});

describe('what is asked of other contacts', () => {
  it('is found by indexes, under the walls too, however many leads the location has', async () => {
    const many = `from generate_series(1, 20000) as n`;
    // Triggers sleep meanwhile: what they keep is not asked about here.
    await db.pool.query(`begin; set local session_replication_role = replica;
      insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, sms_hash, email_hash)
      select '${ref.locationId}', 'many-' || n, now(), now(), now(), 'sms-' || n, 'mail-' || n ${many};
      insert into messages (location_id, contact_id, message_key, direction, channel, body, at)
      select '${ref.locationId}', 'many-' || n, 'm-' || n, 'outbound', 'sms', '', now() ${many};
      insert into appointments (location_id, contact_id, appointment_id, facts_at, known_at)
      select '${ref.locationId}', 'many-' || n, 'a-' || n, '{}', now() ${many};
      commit`);
    await db.pool.query('analyze leads, messages, appointments');
    const { sendId } = await sends.claim(ref, 'explained');
    let plan = '';
    const explaining = {
      query: async ({ text, values }: { text: string; values: unknown[] }) => {
        const place = db.tenants.at(ref.locationId);
        const { rows } = await place.query<Record<string, string>>({ text: `explain ${text}`, values });
        plan = rows.map((row) => row['QUERY PLAN']).join('\n');
        return { rows: [] };
      },
    } as unknown as Client;
    await readFacts(explaining, { sendId, ref, personHashes: ['sms-7', 'mail-9'], now: NOW });
    for (const index of ['leads_sms_hash', 'leads_email_hash', 'messages_pkey', 'appointments_of_contact'])
      expect(plan).toContain(index);
    expect(plan).not.toMatch(/Seq Scan on (leads|messages|appointments)/);
  });
});
