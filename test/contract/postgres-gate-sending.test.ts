import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { GateFacts, GateVerdict } from '../../domain/consent/facts.ts';
import { judge } from '../../domain/consent/gate.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import { defaultSettings, type LocationSettings } from '../../domain/leads/settings.ts';
import type { OutboxDraft } from '../../domain/ports/outbox.ts';
import type { SendingPauses } from '../../domain/ports/sending-pauses.ts';
import { createSendingPauses } from '../../integrations/postgres/sending-pauses.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { later, newRef, NOW, sequence } from '../support/records.ts';
import { CLOSED, freshConsent, PERSON, type Sends, sendsIn } from '../support/sends.ts';

let db: TestDatabase;
let sends: Sends;
let pauses: SendingPauses;
let ref: LeadRef;

beforeAll(async () => {
  db = await createTestDatabase();
  sends = sendsIn(db.tenants);
  pauses = createSendingPauses(db.tenants);
});
afterAll(() => db.drop());
beforeEach(async () => {
  ref = await sends.lead();
});

const facts = (now = NOW): Promise<GateFacts> => sends.facts(ref, now);

/** The gate as it is, towards a person of New York who agreed to texts. */
async function ask(change: Partial<OutboxDraft> = {}, now = NOW): Promise<GateVerdict | undefined> {
  const row = await sends.claim(ref, randomUUID(), change);
  const contact = {
    ...({ exists: true, hasPhone: true, hasEmail: true, dnd: false, dndChannel: 'off', tags: [] } as const),
    ...({ timezone: 'America/New_York', addressStates: ['NY'] } as const),
  };
  const basis = 'tag:sms-consent';
  const shown = [{ channel: 'sms', state: 'granted', source: 'tag', basis, textVersion: null, givenAt: null }] as const;
  const passed = await sends.outbox.pass(row.sendId, ref, {
    vendor: {
      contact: { known: true, value: contact },
      consent: { known: true, value: { ...freshConsent, shown } },
      activated: { known: true, value: true },
    },
    ...{ personHashes: PERSON, now, judge, content: { ...row.content, body: 'Hello Ann' } },
  });
  return passed?.verdict;
}

async function choose(change: Partial<LocationSettings>): Promise<void> {
  const settings = JSON.stringify({ ...defaultSettings, ...change });
  await db.pool.query('update locations set settings = $2 where location_id = $1', [ref.locationId, settings]);
}

/** Texts of the location that were told of: `failed` of them did not arrive. */
async function texts(count: number, failed: number, at = later(-60)): Promise<void> {
  await db.pool.query(
    `insert into messages (location_id, contact_id, message_key, direction, channel, body, status, origin, at)
     select $1, 'others', gen_random_uuid(), 'outbound', 'sms', '', case when n <= $3 then 'failed' else 'delivered' end, 'api', $4
     from generate_series(1, $2::integer) as n`,
    [ref.locationId, count, failed, at],
  );
}

describe('the first text to a person', () => {
  it('names the sender and says how to opt out, in the words that are kept; the next one does not', async () => {
    const first = await sends.claim(ref, 'first');
    expect((await sends.pass(first)).content?.body).toBe('Example Realty: Hello Ann\nReply STOP to opt out.');
    const [kept] = (await db.pool.query('select content, segments from outbox where send_id = $1', [first.sendId]))
      .rows;
    expect(kept).toMatchObject({ content: { body: 'Example Realty: Hello Ann\nReply STOP to opt out.' }, segments: 1 });
    await sends.outbox.settle(first.sendId, ref, { state: 'sent', vendorId: 'first' }, NOW);
    expect((await sends.pass(await sends.claim(ref, 'second'))).content?.body).toBe('Hello Ann');
  });

  it('is the first of all contacts that bear one of the addresses, and none that did not go out', async () => {
    const twin = await sends.lead(ref.locationId);
    const refused = await sends.claim(twin, 'refused');
    await sends.pass(refused);
    await sends.outbox.settle(refused.sendId, twin, { state: 'refused', reason: 'no' }, NOW);
    expect((await facts()).words).toMatchObject({ first: true });
    await sends.sent(twin, later(-3 * 24 * 60), { state: 'sent', vendorId: 'twin' });
    expect((await facts()).words).toMatchObject({ first: false });
    expect((await sends.facts(ref, NOW, ['another'])).words).toMatchObject({ first: true });
  });

  it('leaves e-mails as they are', async () => {
    const mail = await sends.claim(ref, 'mail', { channel: 'email', content: { body: '', subject: 'Hello' } });
    const { content, facts: told } = await sends.pass(mail);
    expect(content).toEqual({ body: 'Hello Ann', subject: 'Hello' });
    expect(told?.words).toMatchObject({ first: false, segments: 0 });
  });
});

describe('an answer', () => {
  const wrote = (at: string, channel = 'sms', direction = 'inbound') =>
    db.pool.query(
      `insert into messages (location_id, contact_id, message_key, direction, channel, body, at) values ($1, $2, $3, $4, $5, 'x', $6)`,
      [ref.locationId, ref.contactId, randomUUID(), direction, channel, at],
    );

  it('is one only to a message of theirs, on its channel, of the last hour', async () => {
    const answer = { purpose: 'answer' } as const;
    expect(await ask(answer)).toMatchObject({ open: false, closedBy: 'purpose' });
    await wrote(later(-5), 'email');
    await wrote(later(-5), 'sms', 'outbound');
    await wrote(later(-61));
    expect(await ask(answer)).toMatchObject({ open: false, closedBy: 'purpose' });
    await wrote(later(-60));
    expect(await ask(answer)).toMatchObject({ open: true });
    expect((await facts()).wroteAt).toEqual({ known: true, value: later(-60) });
  });
});

describe('what is asked only of the person', () => {
  it('is found by an index that the person leads, whichever place the address has', async () => {
    await db.pool.query(
      `insert into outbox (location_id, contact_id, once_key, channel, purpose, content, state, claimed_at, sending_at, person_hashes)
       select $1, 'c' || n, 'k', 'sms', 'solicitation', '{}', 'sent', $2, $2, array['p' || n, 'm' || n] from generate_series(1, 3000) as n`,
      [ref.locationId, later(-10)],
    );
    await db.pool.query('analyze outbox');
    for (const place of [1, 2]) {
      const { rows } = await db.tenants.at(ref.locationId).query<{ 'QUERY PLAN': string }>(
        `explain select from outbox h where h.location_id = '${ref.locationId}' and h.sending_at is not null
           and h.channel in ('sms', 'email') and h.person_hashes[${place}] = any('{p1,m1}'::text[])`,
      );
      expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/outbox_of_person/);
    }
    expect((await sends.facts(ref, NOW, ['m7'])).sentIn24h).toMatchObject({ value: { count: 1 } });
  });
});

describe('an enrolment that a person paused', () => {
  it('holds its steps, and they are wanted again afterwards', async () => {
    await sends.work(ref, { enrol: [sequence('welcome')] });
    const enrolmentId = (await sends.leads.enrolments(ref))[0]?.enrolmentId ?? '';
    const wanted = async () => {
      const row = await sends.claim(ref, randomUUID(), { enrolmentId, stepKey: 'hello' });
      return (await sends.pass(row, { verdict: CLOSED })).facts?.wanted;
    };
    const pause = (at: string | null) =>
      db.pool.query('update enrolments set paused_at = $2 where enrolment_id = $1', [enrolmentId, at]);
    await pause(NOW);
    expect(await wanted()).toEqual({ known: true, value: 'paused' });
    await pause(null);
    expect(await wanted()).toEqual({ known: true, value: true });
  });
});

describe('the health of a location’s sending', () => {
  const limits = { failureRate: 0.1, optOutRate: 0.05, complaintRate: 0.003, leastSent: 50 };
  beforeEach(() => choose({ sendingHealth: limits }));

  it('pauses it above the limit, tells why, and stays paused until a person lifts it; what was before counts no more', async () => {
    await texts(89, 9);
    expect(await ask()).toMatchObject({
      open: false,
      closedBy: 'health',
      then: 'hold',
      pause: expect.stringMatching(/^9 of 89 /),
    });
    expect(await pauses.of(ref.locationId)).toMatchObject([
      { channel: 'sms', why: '9 of 89 messages of 24 hours failed, and 10 % are allowed', since: NOW, liftedAt: null },
    ]);
    // The failures have left the window, and nobody has looked.
    expect(await ask({}, later(3 * 24 * 60))).toMatchObject({ open: false, closedBy: 'health' });
    expect(await pauses.of(ref.locationId)).toHaveLength(1);
    expect((await pauses.standing()).map(({ locationId }) => locationId)).toContain(ref.locationId);
    expect(await pauses.lift(ref.locationId, 'ann', 'email')).toBe(0);
    expect(await pauses.lift(ref.locationId, 'ann', undefined)).toBe(1);
    expect(await pauses.lift(ref.locationId, 'ann', undefined)).toBe(0);
    await db.pool.query('update sending_pauses set lifted_at = $2 where location_id = $1', [ref.locationId, later(-1)]);
    expect(await ask()).toMatchObject({ open: true });
  });

  it('holds neither e-mails nor other locations, nor what the team does', async () => {
    await texts(60, 30);
    expect(await ask()).toMatchObject({ open: false, closedBy: 'health' });
    const mail = await sends.claim(ref, 'mail', { channel: 'email' });
    expect((await sends.pass(mail, { verdict: CLOSED })).facts?.sending).toMatchObject({ value: { paused: null } });
    expect(await ask({ channel: 'note', purpose: 'task' })).toMatchObject({ open: true });
    ref = await sends.lead();
    expect(await ask()).toMatchObject({ open: true });
  });

  it('lets few failures pass, and many of long ago', async () => {
    await texts(89, 8);
    await texts(300, 300, later(-25 * 60));
    expect(await ask()).toMatchObject({ open: true });
  });

  it('counts who opted out, each person once, and not who took part in nothing', async () => {
    await choose({ sendingHealth: { ...limits, leastSent: 20 } });
    await texts(40, 0);
    const inbox = [randomUUID(), randomUUID(), randomUUID()];
    for (const [at, id] of inbox.entries()) {
      for (const hash of [`p${at}`, `m${at}`]) {
        await db.pool.query(
          `insert into suppressions (location_id, person_hash, channel, reason, inbox_id, at) values ($1, $2, 'sms', 'opt-out', $3, $4)`,
          [ref.locationId, hash, id, later(-30)],
        );
      }
    }
    expect((await facts()).sending).toMatchObject({ value: { optedOut: 3, sent: 40 } });
    expect(await ask()).toMatchObject({ closedBy: 'health', pause: expect.stringContaining('opt-out') });
  });

  it('counts complaints about e-mails and addresses that take none, of those that were told of', async () => {
    const report = (event: string, count: number, failure: string | null = null) =>
      db.pool.query(
        `insert into email_events (location_id, event_key, recipient_hash, event, failure, message_id, at)
         select $1, gen_random_uuid(), 'r', $2, $3, gen_random_uuid(), $5 from generate_series(1, $4::integer)`,
        [ref.locationId, event, failure, count, later(-30)],
      );
    await report('delivered', 57);
    await report('complained', 3);
    await report('failed', 3, 'address');
    await report('failed', 9, 'temporary');
    const mail = await sends.claim(ref, 'mail', { channel: 'email' });
    const { facts: told } = await sends.pass(mail, { verdict: CLOSED });
    expect(told?.sending).toMatchObject({ value: { sent: 60, failed: 3, complained: 3, optedOut: 0 } });
  });
});

describe('a new number', () => {
  it('counts the segments of 24 hours where it has a ramp, and only then', async () => {
    await sends.sent(ref, later(-90), { state: 'sent', vendorId: 'a' });
    await sends.sent(newRef(ref.locationId), later(-25 * 60), { state: 'sent', vendorId: 'b' });
    expect((await facts()).sending).toMatchObject({ value: { segments: 0, oldestAt: null } });
    await choose({ newNumberSince: '2026-03-01' });
    expect((await facts()).sending).toMatchObject({ value: { segments: 1, oldestAt: later(-90) } });
    await db.pool.query('update outbox set segments = 100 where location_id = $1', [ref.locationId]);
    expect(await ask()).toMatchObject({ open: false, closedBy: 'ramp', then: 'wait', opensAt: later(24 * 60 - 89) });
  });
});

describe('a task to call', () => {
  const call = (registry: 'listed' | 'clear' | 'unknown') => ({
    channel: 'call-task' as const,
    purpose: 'task' as const,
    content: { title: 'Call', body: registry, call: true as const },
  });

  it('says that the registries were not asked lately', async () => {
    const { content, facts: told } = await sends.pass(await sends.claim(ref, 'call', call('unknown')));
    expect(told).toMatchObject({ calls: true, consent: { value: { registry: 'unknown' } } });
    expect(content?.body).toMatch(/Do-Not-Call registry is not known: look before you call\.$/);
    const look = await sends.claim(ref, 'look', { ...call('unknown'), content: { body: '', title: 'Read' } });
    expect((await sends.pass(look)).content?.body).toBe('Hello Ann');
  });
});
