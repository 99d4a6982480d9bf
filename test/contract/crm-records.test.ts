import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mergeRecord } from '../../domain/crm/record-merge.ts';
import {
  type CrmRecord,
  leadRecordKinds,
  otherKinds,
  type RecordKind,
  type RecordNews,
} from '../../domain/crm/records.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { CrmRecordStore } from '../../domain/ports/crm-records.ts';
import { store as storeAgents } from '../../integrations/postgres/agents.ts';
import { createCrmRecordStore } from '../../integrations/postgres/crm-records.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { createRandom } from '../support/random.ts';
import { decision, inboxEvent, later, message, newRef, NOW, record, verdictOf } from '../support/records.ts';
import { type Sends, sendsIn } from '../support/sends.ts';

let db: TestDatabase;
let sends: Sends;
let records: CrmRecordStore;
let ref: LeadRef;

beforeAll(async () => {
  db = await createTestDatabase();
  sends = sendsIn(db.tenants);
  records = createCrmRecordStore(db.tenants);
});
afterAll(() => db.drop());
beforeEach(async () => {
  ref = await sends.lead();
});

const facts: Readonly<Partial<Record<RecordKind, RecordNews['facts']>>> = {
  opportunity: {
    pipelineId: 'P',
    stageId: 'S1',
    status: 'open',
    name: 'River home',
    value: 385000.5,
    assignedTo: null,
  },
  appointment: {
    calendarId: 'K',
    status: 'confirmed',
    users: ['U1', 'U2'],
    startsAt: later(60),
    source: 'booking_widget',
  },
  task: { title: 'Send the survey', body: 'text\nmore', dueAt: later(30), completed: false, createdAt: NOW },
  note: { body: 'Asked for the survey 🏡', createdAt: NOW },
  user: { name: 'Ines Brandt', email: 'ines@example.com' },
};

function news(kind: RecordKind, change: Partial<RecordNews> = {}): RecordNews {
  return {
    ...{ kind, recordId: 'R1', contactId: kind === 'user' ? undefined : ref.contactId, action: 'created' },
    ...{ at: NOW, timed: true, facts: facts[kind] ?? { 'property.street': 'Cooper Mews', owners: ['U1'], count: 3 } },
    ...change,
  };
}

const kinds: readonly RecordKind[] = [...leadRecordKinds, ...otherKinds, 'user'];

describe('a record', () => {
  it.each(kinds)('of kind %s comes back as it was told, and the same news again is none', async (kind) => {
    const told = news(kind);
    expect(await records.keep(ref.locationId, told)).toMatchObject({ what: 'created' });
    expect(await records.get(ref.locationId, kind, 'R1')).toEqual(mergeRecord(null, told).record);
    expect(await records.keep(ref.locationId, { ...told, at: later(1), action: 'changed' })).toMatchObject({
      what: 'none',
    });
    expect(await records.get(ref.locationId, kind, 'R1')).toMatchObject({ knownAt: later(1), facts: told.facts });
    await records.keep(ref.locationId, news(kind, { action: 'deleted', facts: {}, at: later(2) }));
    expect(await records.get(ref.locationId, kind, 'R1')).toMatchObject({ deletedAt: later(2) });
    expect(await records.keep(ref.locationId, news(kind, { action: 'changed', at: later(3) }))).toMatchObject({
      what: 'none',
    });
  });

  it('is its location’s alone', async () => {
    await records.keep(ref.locationId, news('note'));
    expect(await records.get(newRef().locationId, 'note', 'R1')).toBeUndefined();
    expect(await records.ofLead(ref, 'note')).toHaveLength(1);
    expect(await records.ofLead({ ...ref, contactId: 'other' }, 'note')).toEqual([]);
  });

  it('settles its event in the same transaction: worked where it was news, ignored where it was none', async () => {
    const event = async () => (await sends.inbox.accept(inboxEvent(ref, { kind: 'other' }))).inboxId;
    const verdicts: unknown[] = [];
    for (const [one, echo] of [
      [news('campaign')],
      [news('campaign')],
      [news('campaign', { facts: { x: 1 } }), 'echo: ours'],
    ] as const) {
      const inboxId = await event();
      await records.keep(ref.locationId, one, { inboxId, ...(echo === undefined ? {} : { echo }) });
      const { verdict, reason } = (await sends.inbox.load(inboxId)) ?? {};
      verdicts.push([verdict, reason]);
    }
    expect(verdicts).toEqual([
      ['worked', null],
      ['ignored', 'twin: nothing new'],
      ['ignored', 'echo: ours'],
    ]);
  });

  it('of a user goes by the newest news, whichever way it came, and is on the list while the user is there', async () => {
    const profile = { agentId: 'R1', name: 'Older', email: null, active: true, changedAt: NOW };
    await storeAgents(db.tenants.at(ref.locationId), ref.locationId, [profile]);
    await records.keep(
      ref.locationId,
      news('user', { at: later(-5), facts: { name: 'Oldest', email: 'late@example.com' } }),
    );
    expect(await records.get(ref.locationId, 'user', 'R1')).toMatchObject({ facts: { name: 'Older', email: null } });
    await records.keep(ref.locationId, news('user', { at: later(1), action: 'changed', facts: { name: 'Newer' } }));
    await storeAgents(db.tenants.at(ref.locationId), ref.locationId, [
      { ...profile, changedAt: later(-1), active: false },
    ]);
    const { rows } = await db.pool.query('select name, active from agent_profiles where location_id = $1', [
      ref.locationId,
    ]);
    expect(rows).toEqual([{ name: 'Newer', active: true }]);
    await records.keep(ref.locationId, news('user', { at: later(2), action: 'deleted', facts: {} }));
    await storeAgents(db.tenants.at(ref.locationId), ref.locationId, [
      { ...profile, name: 'Back', changedAt: later(3) },
    ]);
    expect(await records.get(ref.locationId, 'user', 'R1')).toMatchObject({ deletedAt: null, facts: { name: 'Back' } });
  });
});

describe('shuffled news from many writers at once', () => {
  it('ends in the state that one writer reaches in order', async () => {
    const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
    const random = createRandom(seed);
    const all: RecordNews[] = Array.from({ length: 240 }, () =>
      news(random.pick(kinds), {
        recordId: random.pick(['R1', 'R2']),
        action: random.pick(['created', 'changed', 'changed', 'deleted'] as const),
        at: later(random.below(6)),
        timed: random.chance(0.8),
        facts: { status: random.pick(['open', 'won', 'confirmed', 'showed']), name: random.pick(['a', 'b', null]) },
      }),
    ).map((one) => ({
      ...one,
      facts: Object.fromEntries(Object.entries(one.facts).filter(([key]) => holds(one.kind, key))),
    }));
    const expected = new Map<string, CrmRecord>();
    for (const one of all) {
      const key = `${one.kind} ${one.recordId}`;
      expected.set(key, mergeRecord(expected.get(key) ?? null, one).record);
    }
    const twice = [...all, ...all]
      .map((one) => ({ one, place: random.below(1e6) }))
      .toSorted((a, b) => a.place - b.place);
    await Promise.all(twice.map(({ one }) => records.keep(ref.locationId, one)));
    for (const [key, record] of expected) {
      expect([seed, await records.get(ref.locationId, record.kind, record.recordId)]).toEqual([seed, record]);
      expect(key).toContain(record.recordId);
    }
  });
});

/** Facts that a kind's table has a column for. */
function holds(kind: RecordKind, fact: string): boolean {
  if (kind === 'task' || kind === 'note') return false;
  return fact === 'status' ? kind !== 'user' : kind !== 'appointment';
}

describe('writes of our own', () => {
  it('are known before they come back: announced, then stored, then no more under way', async () => {
    const write = { key: 'move:1', kind: 'opportunity', recordId: 'O1', facts: { stageId: 'S2' } } as const;
    const asked = { record: news('opportunity', { recordId: 'O1' }) };
    await records.announce(ref, write, new Date().toISOString());
    await records.announce(ref, write, new Date().toISOString());
    expect(await records.prior(ref, asked)).toEqual({ record: null, message: null, writes: [write], unsettled: [] });
    await records.expect(ref, write, NOW);
    const { record: stored, writes } = await records.prior(ref, asked);
    expect(writes).toEqual([]);
    expect(stored).toMatchObject({ ownAt: NOW, contactId: ref.contactId, facts: { stageId: 'S2' } });
    await records.expect(ref, { ...write, facts: { deleted: true } }, later(1));
    expect(await records.get(ref.locationId, 'opportunity', 'O1')).toMatchObject({
      deletedAt: later(1),
      ownAt: later(1),
    });
  });

  it('whose time nobody told stand only where nobody has told anything', async () => {
    const write = { key: 'm', kind: 'opportunity', recordId: 'O7' } as const;
    await records.keep(ref.locationId, news('opportunity', { recordId: 'O7', facts: { stageId: 'S9' }, at: NOW }));
    await records.expect(ref, { ...write, facts: { stageId: 'S2', name: 'ours' } }, undefined);
    expect(await records.get(ref.locationId, 'opportunity', 'O7')).toMatchObject({
      ...{ ownAt: expect.any(String), knownAt: NOW, contactId: ref.contactId },
      facts: { stageId: 'S9', name: 'ours' },
    });
    const { what } = await records.keep(
      ref.locationId,
      news('opportunity', { recordId: 'O7', facts: { name: 'theirs' }, at: later(-60) }),
    );
    expect(what).toBe('changed');
  });

  it('that are withdrawn, or older than an hour, explain nothing', async () => {
    const write = { key: 'w', kind: 'contact', recordId: null, facts: { tagsAdded: ['Hot-Lead'] } } as const;
    await records.announce(ref, write, new Date().toISOString());
    await records.withdraw(ref, 'w');
    await records.announce(ref, { ...write, key: 'old' }, new Date(Date.now() - 2 * 3_600_000).toISOString());
    expect((await records.prior(ref, {})).writes).toEqual([]);
  });

  it('show as sends that are under way or have made the record, each for its own lead', async () => {
    const row = await sends.claim(ref, 'hot', {
      channel: 'call-task',
      purpose: 'task',
      content: { body: 'x', title: 'Call' },
    });
    const asked = { record: news('task', { recordId: 'T1' }) };
    expect((await records.prior(ref, asked)).writes).toEqual([]);
    await sends.pass(row);
    expect((await records.prior(ref, asked)).writes).toMatchObject([{ kind: 'task', recordId: null }]);
    expect((await records.prior(newRef(ref.locationId), asked)).writes).toEqual([]);
    const checkAt = later(1);
    await sends.outbox.settle(row.sendId, ref, { state: 'unknown', reason: 'timed out', checkAt }, NOW);
    expect((await records.prior(ref, asked)).writes).toMatchObject([{ kind: 'task', recordId: null }]);
    await sends.outbox.settle(row.sendId, ref, { state: 'sent', vendorId: 'T1' }, NOW);
    expect((await records.prior(ref, asked)).writes).toMatchObject([{ kind: 'task', recordId: 'T1' }]);
    expect(await records.contactOf(ref.locationId, 'task', 'T1')).toBe(ref.contactId);
    expect(await records.contactOf(ref.locationId, 'task', 'T2')).toBeUndefined();
  });
});

describe('reports of a message', () => {
  async function told(change: Parameters<typeof message>[0]): Promise<string> {
    const { inboxId } = await sends.inbox.accept(inboxEvent(ref, { kind: 'message.outbound' }));
    await sends.leads.commitDecision(record(ref, inboxId, { message: message(change) }), verdictOf);
    return inboxId;
  }
  const status = async () => (await db.pool.query('select status from messages where message_key = $1', ['m1'])).rows;

  it('move its status on by rank, whichever way they come, and are seen by what came before them', async () => {
    await db.pool.query('delete from messages');
    const first = await told({ messageId: 'm1', direction: 'outbound', status: 'delivered' });
    await told({ messageId: 'm1', direction: 'outbound', status: 'sent', body: '' });
    expect(await status()).toEqual([{ status: 'delivered' }]);
    const move = (to: string, inboxId: string) =>
      records.keepStatus(
        ref,
        { id: 'm1', status: to, userId: null, told: 'A message by SMS did not arrive.', at: NOW },
        inboxId,
        NOW,
      );
    const event = async () => (await sends.inbox.accept(inboxEvent(ref, { kind: 'message.outbound' }))).inboxId;
    expect([await move('queued', await event()), await move('failed', await event())]).toEqual([false, true]);
    expect(await status()).toEqual([{ status: 'failed' }]);
    const { items } = await sends.leads.timeline(ref, 10);
    expect(items.filter(({ summary }) => summary.includes('did not arrive'))).toHaveLength(1);
    const known = { status: 'failed', body: expect.any(String), origin: null };
    expect((await records.prior(ref, { message: { id: 'm1', inboxId: randomUUID() } })).message).toEqual(known);
    expect((await records.prior(ref, { message: { id: 'm1', inboxId: first } })).message).toBeNull();
  });
});

describe('what became of an e-mail', () => {
  const stat = (change: object = {}) => ({
    ...{ key: randomUUID(), event: 'complained', recipientHash: 'mail-hash', messageId: null, code: null, at: NOW },
    ...{ failure: null, suppress: 'complaint' as const },
    ...change,
  });
  const suppression = async () =>
    (
      await db.pool.query('select reason, lifted_at from suppressions where location_id = $1 order by reason', [
        ref.locationId,
      ])
    ).rows;

  it('suppresses the address for good, for each of its reasons, whether a lead is known or not', async () => {
    const inboxId = randomUUID();
    for (const suppress of ['unsubscribe', 'complaint', 'bounce'] as const) {
      await records.keepEmailStat(ref.locationId, stat({ suppress }), inboxId, NOW);
    }
    const three = ['bounce', 'complaint', 'unsubscribe'].map((reason) => ({ reason, lifted_at: null }));
    expect(await suppression()).toEqual(three);
    expect((await sends.facts(ref)).suppressed).toEqual({ known: true, value: false });
    const mail = await sends.claim(ref, 'mail', { channel: 'email' });
    expect((await sends.pass(mail)).facts?.suppressed).toEqual({ known: true, value: true });
    const { inboxId: start } = await sends.inbox.accept(inboxEvent(ref, { occurredAt: later(60) }));
    await sends.leads.commitDecision(
      record(ref, start, { decision: decision({ release: ['email'] }), personHashes: { email: 'mail-hash' } }),
      verdictOf,
    );
    expect(await suppression()).toEqual(three);
  });

  it('stands beside an opt-out that was lifted, tells the leads that bear the address, and is one report however often it comes', async () => {
    await db.pool.query(
      `insert into suppressions (location_id, person_hash, channel, reason, at, lifted_at) values ($1, 'mail-hash', 'email', 'opt-out', $2, $3)`,
      [ref.locationId, later(-9), later(9)],
    );
    await db.pool.query(`update leads set email_hash = 'mail-hash' where location_id = $1`, [ref.locationId]);
    const report = stat();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => records.keepEmailStat(ref.locationId, report, randomUUID(), NOW)),
    );
    expect(answers.filter(({ fresh }) => fresh)).toEqual([{ fresh: true, contactIds: [ref.contactId] }]);
    expect(await suppression()).toEqual([
      { reason: 'complaint', lifted_at: null },
      { reason: 'opt-out', lifted_at: later(9) },
    ]);
    // Whoever died before the leads were woken asks again whose address it is.
    const inboxId = randomUUID();
    const asked = () => records.keepEmailStat(ref.locationId, stat({ key: 'again' }), inboxId, NOW);
    expect([await asked(), await asked()]).toEqual([1, 2].map(() => ({ fresh: true, contactIds: [ref.contactId] })));
    const { items } = await sends.leads.timeline(ref, 10);
    expect(items.filter(({ summary }) => summary.includes('reported an e-mail as unwanted'))).toHaveLength(2);
  });

  it('that only tells of a delivery suppresses nobody', async () => {
    const { fresh, contactIds } = await records.keepEmailStat(
      ref.locationId,
      stat({ event: 'opened', suppress: null }),
      randomUUID(),
      NOW,
    );
    expect([fresh, contactIds, await suppression()]).toEqual([true, [], []]);
  });
});

describe('news of a location', () => {
  it('renames it and gives it a zone, each by its newest news', async () => {
    const told = (name: string, minutes: number, timezone?: string) =>
      records.keepLocation(ref.locationId, { name, ...(timezone === undefined ? {} : { timezone }) }, later(minutes));
    expect([
      await told('Bayline', 1),
      await told('Bayline', 1),
      await told('Older', 0, 'America/Denver'),
      await told('Bayline', 5),
      await told('Newest', 9),
    ]).toEqual([true, false, true, false, true]);
    expect(await sends.locations.get(ref.locationId)).toMatchObject({ name: 'Newest', timezone: 'America/Denver' });
    expect(await records.keepLocation('nowhere', { name: 'x' }, NOW)).toBe(false);
  });
});

describe('the last reaction of the team', () => {
  const at = (minutes: number) => ({ createdAt: later(minutes) });

  it('is a note, a task that was done, an appointment made by hand or a call, whichever came last', async () => {
    expect(await records.lastHumanReaction(ref, NOW)).toBeUndefined();
    await records.keep(ref.locationId, news('note', { facts: at(1) }));
    expect(await records.lastHumanReaction(ref, NOW)).toEqual({ at: later(1), what: 'note', userId: null });
    await records.keep(
      ref.locationId,
      news('task', { action: 'changed', at: later(2), facts: { completed: true, assignedTo: 'U1' } }),
    );
    expect(await records.lastHumanReaction(ref, NOW)).toEqual({ at: later(2), what: 'task', userId: 'U1' });
    await records.keep(
      ref.locationId,
      news('appointment', { facts: { ...at(3), source: 'calendar', assignedTo: 'U2' } }),
    );
    expect(await records.lastHumanReaction(ref, NOW)).toMatchObject({ what: 'appointment', userId: 'U2' });
    const { inboxId } = await sends.inbox.accept(inboxEvent(ref, { kind: 'message.outbound' }));
    const call = message({ direction: 'outbound', channel: 'call', body: '', userId: 'U3', at: later(4) });
    await sends.leads.commitDecision(record(ref, inboxId, { message: call }), verdictOf);
    expect(await records.lastHumanReaction(ref, NOW)).toEqual({ at: later(4), what: 'call', userId: 'U3' });
    expect(await records.lastHumanReaction(ref, later(5))).toBeUndefined();
  });

  it('is nothing that we wrote, nor what the lead booked by itself', async () => {
    await records.expect(ref, { key: 'n', kind: 'note', recordId: 'N1', facts: { body: 'ours' } }, later(1));
    const row = await sends.claim(ref, 'note', { channel: 'call-task', purpose: 'task' });
    await sends.pass(row);
    await sends.outbox.settle(row.sendId, ref, { state: 'sent', vendorId: 'N2' }, NOW);
    await records.keep(ref.locationId, news('note', { recordId: 'N2', facts: at(2) }));
    await records.keep(ref.locationId, news('appointment', { facts: { ...at(3), source: 'booking_widget' } }));
    const { inboxId } = await sends.inbox.accept(inboxEvent(ref, { kind: 'message.outbound' }));
    const call = message({ direction: 'outbound', channel: 'call', userId: 'U3', origin: 'workflow', at: later(4) });
    await sends.leads.commitDecision(record(ref, inboxId, { message: call }), verdictOf);
    expect(await records.lastHumanReaction(ref, NOW)).toBeUndefined();
  });
});
