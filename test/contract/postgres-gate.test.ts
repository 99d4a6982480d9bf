import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { GateFacts, GateVerdict } from '../../domain/consent/facts.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { InboxStore } from '../../domain/ports/inbox.ts';
import type { LeadStore } from '../../domain/ports/leads.ts';
import type { LocationStore } from '../../domain/ports/locations.ts';
import type { OutboxDraft, OutboxRow, OutboxStore, Settlement } from '../../domain/ports/outbox.ts';
import { createInboxStore } from '../../integrations/postgres/inbox.ts';
import { personLocks, takeLocks } from '../../integrations/postgres/locks.ts';
import { createLeadStore } from '../../integrations/postgres/leads.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { createOutboxStore } from '../../integrations/postgres/outbox.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import {
  decision,
  draft,
  inboxEvent,
  installLocation,
  later,
  leadRules,
  newRef,
  NOW,
  record,
  sequence,
  verdictOf,
} from '../support/records.ts';

let db: TestDatabase;
let inbox: InboxStore;
let leads: LeadStore;
let outbox: OutboxStore;
let locations: LocationStore;
let ref: LeadRef;

beforeAll(async () => {
  db = await createTestDatabase();
  inbox = createInboxStore(db.pool);
  leads = createLeadStore(db.pool, leadRules);
  outbox = createOutboxStore(db.pool);
  locations = createLocationStore(db.pool, {
    seal: (plain) => Buffer.from(plain),
    open: (sealed) => sealed.toString(),
  });
});
afterAll(() => db.drop());
beforeEach(async () => {
  ref = newRef();
  await installLocation(locations, ref.locationId);
  await work(ref);
});

const PERSON = ['phone-hash', 'mail-hash'];
const vendor: Pick<GateFacts, 'contact' | 'consent' | 'activated'> = {
  contact: { known: false, why: 'not read in this test' },
  consent: { known: true, value: 'granted' },
  activated: { known: true, value: true },
};
const OPEN: GateVerdict = { open: true, checks: [] };
const CLOSED: GateVerdict = { open: false, checks: [], closedBy: 'cap', then: 'wait', opensAt: later(60) };

async function work(lead: LeadRef, change: Parameters<typeof decision>[0] = {}): Promise<void> {
  const { inboxId } = await inbox.accept(inboxEvent(lead));
  await leads.commitDecision(record(lead, inboxId, { decision: decision(change) }), verdictOf);
}

const claim = (key: string, change: Partial<OutboxDraft> = {}, lead = ref): Promise<OutboxRow> =>
  outbox.claim(lead, draft(key, change), NOW);

interface Pass {
  readonly facts: GateFacts | undefined;
  readonly verdict: GateVerdict | undefined;
}

async function pass(
  row: OutboxRow,
  options: { verdict?: GateVerdict; person?: string[]; now?: string } = {},
): Promise<Pass> {
  let facts: GateFacts | undefined;
  const verdict = await outbox.pass(
    row.sendId,
    row,
    vendor,
    options.person ?? PERSON,
    options.now ?? NOW,
    (read) => {
      facts = read;
      return options.verdict ?? OPEN;
    },
    { body: 'Hello Ann' },
  );
  return { facts, verdict };
}

async function sent(
  key: string,
  at: string,
  settlement: Settlement,
  options: { lead?: LeadRef; person?: string[] } = {},
): Promise<void> {
  const row = await claim(key, {}, options.lead ?? ref);
  await pass(row, { now: at, ...(options.person ? { person: options.person } : {}) });
  await outbox.settle(row.sendId, row, settlement, at);
}

const factsNow = async (now = NOW, person = PERSON): Promise<GateFacts> => {
  const row = await claim(`probe:${Math.random()}`);
  const { facts } = await pass(row, { verdict: CLOSED, now, person });
  if (facts === undefined) throw new Error('the gate was not asked');
  return facts;
};

describe('claiming', () => {
  it('makes one row of any number of simultaneous claims of a key', async () => {
    const rows = await Promise.all(Array.from({ length: 30 }, () => claim('once')));
    expect(new Set(rows.map((row) => row.sendId)).size).toBe(1);
    expect(await outbox.open(ref)).toHaveLength(1);
  });

  it('takes a send that did not happen up again, once its time has come', async () => {
    const row = await claim('once');
    await pass(row);
    await outbox.settle(row.sendId, ref, { state: 'not-sent', reason: '429', checkAt: later(10) }, NOW);
    expect((await outbox.claim(ref, draft('once'), later(9))).state).toBe('not-sent');
    expect(await outbox.claim(ref, draft('once'), later(10))).toMatchObject({
      state: 'claimed',
      reason: null,
      sendId: row.sendId,
    });
  });
});

describe('the gate', () => {
  it('lets one of many through, and the others learn that somebody else has it', async () => {
    const row = await claim('once');
    const passes = await Promise.all(Array.from({ length: 10 }, () => pass(row)));
    expect(passes.filter((one) => one.verdict?.open === true)).toHaveLength(1);
    expect(passes.filter((one) => one.verdict === undefined)).toHaveLength(9);
    expect(await outbox.get(row.sendId, ref)).toMatchObject({
      state: 'sending',
      sendingAt: NOW,
      content: { body: 'Hello Ann' },
    });
  });

  it('stores inputs and findings of every verdict, and leaves the row claimed when closed', async () => {
    const row = await claim('once');
    const { facts } = await pass(row, { verdict: CLOSED });
    await pass(row);
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
    expect(await factsNow()).toEqual({
      now: NOW,
      channel: 'sms',
      purpose: 'solicitation',
      ...vendor,
      suppressed: { known: true, value: false },
      sentIn24h: { known: true, value: { count: 0, oldestAt: null } },
      state: { known: true, value: 'active' },
      location: { known: true, value: 'active' },
      unworkedInbound: { known: true, value: 0 },
      wanted: { known: true, value: true },
      quietHours: { from: '08:00', to: '21:00' },
      capPer24h: 3,
    });
  });

  it('knows nothing of a lead and a location that are not stored, nor of a person without an address', async () => {
    ref = newRef();
    const facts = await factsNow(NOW, []);
    for (const fact of [facts.state, facts.location, facts.suppressed, facts.sentIn24h]) expect(fact.known).toBe(false);
    expect(facts.capPer24h).toBe(0);
  });

  it('does not open when its judge fails, and can be asked again', async () => {
    const row = await claim('once');
    const failing = outbox.pass(
      row.sendId,
      ref,
      vendor,
      PERSON,
      NOW,
      () => {
        throw new Error('no judgement');
      },
      row.content,
    );
    await expect(failing).rejects.toThrow('no judgement');
    expect((await pass(row)).verdict).toEqual(OPEN);
  });
});

describe('what the gate counts', () => {
  const done: Settlement[] = [
    { state: 'sent', vendorId: 'v1' },
    { state: 'recorded' },
    { state: 'unknown', reason: 'time-out', checkAt: later(1) },
    { state: 'parked', reason: 'no answer found' },
  ];

  it('is every send that may have reached the person, by any contact of the location', async () => {
    const twin = newRef(ref.locationId);
    await work(twin);
    for (const [at, settlement] of done.entries()) {
      await sent(`s${at}`, later(at), settlement, {
        lead: at % 2 ? twin : ref,
        person: at % 2 ? ['mail-hash'] : PERSON,
      });
    }
    await pass(await claim('on its way'), { now: later(9) });
    expect((await factsNow(later(10))).sentIn24h).toEqual({ known: true, value: { count: 5, oldestAt: later(0) } });
  });

  it('is not what failed for certain, what was never tried, what others got, nor what another location sent', async () => {
    await sent('refused', NOW, { state: 'refused', reason: 'DND' });
    await sent('not-sent', NOW, { state: 'not-sent', reason: '429', checkAt: later(1) });
    await sent('other person', NOW, { state: 'sent', vendorId: 'v' }, { person: ['somebody-else'] });
    await claim('only claimed');
    const parked = await claim('parked before the gate');
    await outbox.settle(parked.sendId, ref, { state: 'parked', reason: 'poison' }, NOW);
    const elsewhere = newRef();
    await sent('elsewhere', NOW, { state: 'sent', vendorId: 'v' }, { lead: elsewhere });
    await pass(await claim('answer', { purpose: 'answer' }));
    await pass(await claim('task', { channel: 'call-task' }));
    expect((await factsNow(later(1))).sentIn24h).toEqual({ known: true, value: { count: 0, oldestAt: null } });
  });

  it('leaves the window after 24 hours to the millisecond', async () => {
    await sent('s', NOW, { state: 'sent', vendorId: 'v' });
    const count = async (now: string): Promise<unknown> => (await factsNow(now)).sentIn24h;
    expect(await count('2026-03-03T14:59:59.999Z')).toMatchObject({ value: { count: 1 } });
    expect(await count('2026-03-03T15:00:00.000Z')).toMatchObject({ value: { count: 0 } });
  });

  it('never lets two contacts of one person pass a cap of one together', async () => {
    const lone = [`person-${ref.contactId}`];
    const rows = await Promise.all(
      Array.from({ length: 12 }, async (_one, at) => {
        const lead = newRef(ref.locationId);
        await work(lead);
        return claim(`race:${at}`, {}, lead);
      }),
    );
    const verdicts = await Promise.all(
      rows.map((row) =>
        outbox.pass(
          row.sendId,
          row,
          vendor,
          lone,
          NOW,
          (facts) => (facts.sentIn24h.known && facts.sentIn24h.value.count < 1 ? OPEN : CLOSED),
          row.content,
        ),
      ),
    );
    expect(verdicts.filter((verdict) => verdict?.open)).toHaveLength(1);
  });
});

describe('what closes the gate', () => {
  it('is an opt-out acknowledged at the door, at whatever moment it comes', async () => {
    for (let round = 0; round < 15; round++) {
      const person = [`opt-out-${ref.contactId}-${round}`];
      const row = await claim(`round:${round}`);
      const optOut = { personHashes: person, channels: ['sms'] as const };
      let acknowledged = false;
      const door = inbox.accept(inboxEvent(newRef(ref.locationId), { optOut })).then(() => (acknowledged = true));
      let judgedAfter = false;
      const gate = outbox.pass(
        row.sendId,
        ref,
        vendor,
        person,
        NOW,
        (facts) => {
          judgedAfter = acknowledged;
          return facts.suppressed.known && !facts.suppressed.value ? OPEN : CLOSED;
        },
        row.content,
      );
      const [verdict] = await Promise.all([gate, door]);
      if (judgedAfter) expect(verdict?.open).toBe(false);
      const { facts } = await pass(await claim(`after:${round}`), { person, verdict: CLOSED });
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
    const door = inbox.accept(inboxEvent(newRef(ref.locationId), { optOut })).finally(() => (acknowledged = true));
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
    expect((await factsNow()).suppressed).toEqual({ known: true, value: true });
    expect((await factsNow(NOW, ['phone-hash'])).suppressed).toEqual({ known: true, value: false });
    await db.pool.query('update suppressions set lifted_at = now()');
    expect((await factsNow()).suppressed).toEqual({ known: true, value: false });
  });

  it('is an opt-out of the contact while its address is unknown', async () => {
    await inbox.accept(inboxEvent(ref, { optOut: { personHashes: [], channels: ['sms'] } }));
    expect((await factsNow(NOW, ['never-seen'])).suppressed).toEqual({ known: true, value: true });
  });

  it('is something they wrote that is not worked yet, and nothing else in the inbox', async () => {
    await inbox.accept(inboxEvent(ref, { kind: 'contact.updated' }));
    await inbox.accept(inboxEvent(newRef(ref.locationId), { kind: 'message.inbound' }));
    expect((await factsNow()).unworkedInbound).toEqual({ known: true, value: 0 });
    const { inboxId } = await inbox.accept(inboxEvent(ref, { kind: 'message.inbound' }));
    await inbox.accept(inboxEvent(ref, { kind: 'contact.dnd' }));
    await inbox.markDispatched([inboxId]);
    expect((await factsNow()).unworkedInbound).toEqual({ known: true, value: 2 });
    await inbox.settle(inboxId, 'worked', null);
    expect((await factsNow()).unworkedInbound).toEqual({ known: true, value: 1 });
  });

  it('is a pause, of the lead or of all locations, from the moment it is answered', async () => {
    await leads.act(ref, 'act', { action: 'takeOver' }, NOW);
    expect((await factsNow()).state).toEqual({ known: true, value: 'taken-over' });
    await locations.setAllStatus('paused');
    expect((await factsNow()).location).toEqual({ known: true, value: 'paused' });
    await locations.setAllStatus('active');
    expect((await factsNow()).location).toEqual({ known: true, value: 'active' });
  });

  it('is a step that is done, and an enrolment that has ended', async () => {
    await work(ref, { enrol: [sequence('welcome')] });
    const enrolmentId = (await leads.enrolments(ref))[0]?.enrolmentId ?? '';
    const wanted = async (stepKey: string): Promise<unknown> => {
      const row = await claim(`w:${Math.random()}`, { enrolmentId, stepKey });
      return (await pass(row, { verdict: CLOSED })).facts?.wanted;
    };
    expect(await wanted('hello')).toEqual({ known: true, value: true });
    await leads.recordStep(ref, enrolmentId, 'hello', 'sent', NOW);
    expect(await wanted('hello')).toEqual({ known: true, value: false });
    expect(await wanted('bye')).toEqual({ known: true, value: true });
    const last = await claim('last', { enrolmentId, stepKey: 'bye' });
    await leads.endEnrolment(ref, enrolmentId, 'reply');
    expect(await outbox.get(last.sendId, ref)).toMatchObject({ state: 'cancelled' });
    expect(await pass(last)).toEqual({ facts: undefined, verdict: undefined });
  });
});

describe('settling', () => {
  const row = async (key = 'once'): Promise<OutboxRow> => {
    const claimed = await claim(key);
    await pass(claimed);
    return claimed;
  };

  it('adds what went out to the talk, once, whether we or the vendor tell of it first', async () => {
    const first = await row();
    await outbox.settle(first.sendId, ref, { state: 'sent', vendorId: 'm-1' }, later(1));
    await outbox.settle(first.sendId, ref, { state: 'sent', vendorId: 'm-1' }, later(2));
    expect(await leads.talk(ref, 10)).toEqual([
      { direction: 'outbound', channel: 'sms', body: 'Hello Ann', at: NOW, human: false },
    ]);
  });

  it('counts read-backs, and one that is reported twice once', async () => {
    const { sendId } = await row();
    const unknown = (minutes: number): Settlement => ({
      state: 'unknown',
      reason: 'time-out',
      checkAt: later(minutes),
    });
    const checks: (number | undefined)[] = [];
    for (const minutes of [1, 5, 5, 15]) {
      await outbox.settle(sendId, ref, unknown(minutes), NOW);
      checks.push((await outbox.get(sendId, ref))?.checks);
    }
    expect(checks).toEqual([0, 1, 1, 2]);
    await outbox.settle(sendId, ref, { state: 'parked', reason: 'not found' }, NOW);
    expect(await outbox.parked(ref)).toMatchObject([{ sendId, state: 'parked', reason: 'not found' }]);
    expect(await outbox.open(ref)).toEqual([]);
  });

  it('never leads back from the end, and never cancels what may be on its way', async () => {
    const { sendId } = await row();
    const cancel: Settlement = { state: 'cancelled', reason: 'not wanted' };
    await expect(outbox.settle(sendId, ref, cancel, NOW)).rejects.toMatchObject({ code: 'SEND_STATE' });
    await outbox.settle(sendId, ref, { state: 'refused', reason: 'DND' }, NOW);
    for (const settlement of [
      cancel,
      { state: 'sent', vendorId: 'v' },
      { state: 'unknown', reason: 'x', checkAt: NOW },
    ] as const) {
      await expect(outbox.settle(sendId, ref, settlement, NOW)).rejects.toMatchObject({ code: 'SEND_STATE' });
    }
    expect(await outbox.get(sendId, ref)).toMatchObject({ state: 'refused', reason: 'DND' });
  });

  it('knows no send of another lead', async () => {
    const { sendId } = await row();
    const stranger = newRef();
    expect(await outbox.get(sendId, stranger)).toBeUndefined();
    await expect(outbox.settle(sendId, stranger, { state: 'recorded' }, NOW)).rejects.toMatchObject({
      code: 'SEND_STATE',
    });
    expect(await outbox.pass(sendId, stranger, vendor, PERSON, NOW, () => OPEN, { body: '' })).toBeUndefined();
  });
});
