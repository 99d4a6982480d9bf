import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LeadRef } from '../../domain/glossary.ts';
import type { InboxStore } from '../../domain/ports/inbox.ts';
import type { DecideVerdict, DecisionRecord, LeadStore } from '../../domain/ports/leads.ts';
import type { OutboxStore } from '../../domain/ports/outbox.ts';
import { createInboxStore } from '../../integrations/postgres/inbox.ts';
import { createLeadStore } from '../../integrations/postgres/leads.ts';
import { createOutboxStore } from '../../integrations/postgres/outbox.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import {
  decision,
  draft,
  inboxEvent,
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
let ref: LeadRef;

beforeAll(async () => {
  db = await createTestDatabase();
  inbox = createInboxStore(db.tenants);
  leads = createLeadStore(db.tenants, leadRules);
  outbox = createOutboxStore(db.tenants);
});
afterAll(() => db.drop());
beforeEach(() => {
  ref = newRef();
});

const event = async (change = {}): Promise<string> => (await inbox.accept(inboxEvent(ref, change))).inboxId;
const commit = async (change: Partial<DecisionRecord> = {}, inboxId?: string): Promise<DecideVerdict> =>
  leads.commitDecision(record(ref, inboxId ?? (await event()), change), verdictOf);
const decide = (change: Parameters<typeof decision>[0], rest: Partial<DecisionRecord> = {}): Promise<DecideVerdict> =>
  commit({ decision: decision(change), ...rest });

describe('enrolments', () => {
  it('are active once per sequence and pinned to their document', async () => {
    await decide({ enrol: [sequence('welcome')] });
    await decide({ enrol: [sequence('welcome', 2), sequence('other')] });
    expect((await leads.enrolments(ref)).map(({ document }) => [document.key, document.version]).sort()).toEqual([
      ['other', 1],
      ['welcome', 1],
    ]);
    const standing = await leads.standing(ref, '', NOW);
    expect(standing.began).toEqual({ other: NOW, welcome: NOW });
    expect(standing.enrolments).toEqual(await leads.enrolments(ref));
  });

  it('make way within one decision: the old run ends before the new one begins', async () => {
    await decide({ enrol: [sequence('welcome')] });
    const [old] = await leads.enrolments(ref);
    const end = [{ enrolmentId: old?.enrolmentId ?? '', reason: 'again' }];
    const verdict = await decide({ end, enrol: [sequence('welcome', 2)] });
    expect(verdict.summary).toBe('1 enrolments, 0 open sends');
    expect((await leads.enrolments(ref)).map(({ document }) => document.version)).toEqual([2]);
  });

  it('take their open sends with them, save one that may be on its way', async () => {
    await decide({ enrol: [sequence('welcome')] });
    const enrolmentId = (await leads.enrolments(ref))[0]?.enrolmentId ?? '';
    const rows = await Promise.all(
      ['claimed', 'sending', 'not-sent', 'unknown', 'sent'].map(async (state) => {
        const row = await outbox.claim(ref, draft(`e:${state}`, { enrolmentId, stepKey: state }), NOW);
        await db.pool.query('update outbox set state = $2 where send_id = $1', [row.sendId, state]);
        return row.sendId;
      }),
    );
    const verdict = await decide({ end: [{ enrolmentId, reason: 'reply' }] });
    const states = await Promise.all(rows.map(async (sendId) => (await outbox.get(sendId, ref))?.state));
    expect(states).toEqual(['cancelled', 'sending', 'cancelled', 'unknown', 'sent']);
    expect(verdict.summary).toBe('0 enrolments, 2 open sends');
  });

  it('keep the first outcome of a step and end when told', async () => {
    await decide({ enrol: [sequence('welcome')] });
    const enrolmentId = (await leads.enrolments(ref))[0]?.enrolmentId ?? '';
    await leads.postpone(ref, enrolmentId, later(60));
    expect((await leads.enrolments(ref))[0]?.notBefore).toBe(later(60));
    await leads.recordStep(ref, enrolmentId, 'hello', 'sent', later(1));
    await leads.recordStep(ref, enrolmentId, 'hello', 'skipped', later(2));
    expect((await leads.enrolments(ref))[0]).toMatchObject({
      done: { hello: { outcome: 'sent', at: later(1) } },
      notBefore: null,
    });
    await leads.recordStep(ref, enrolmentId, 'bye', 'task', later(3), 'through');
    expect(await leads.enrolments(ref)).toEqual([]);
  });
});

describe('suppressions of a decision', () => {
  const personHashes = { sms: 'phone-hash', email: 'mail-hash' };
  const said = (at: string, change: object): Promise<DecideVerdict> =>
    event({ occurredAt: at }).then((inboxId) => commit({ decision: decision(change), personHashes }, inboxId));

  it('count by when the person spoke, in whatever order the words are worked', async () => {
    await said(later(10), { suppress: ['sms'] });
    expect((await leads.consent(ref)).sms).toEqual({ state: 'withdrawn', since: later(10), basis: 'opt-out' });
    await said(later(5), { release: ['sms'] });
    expect((await leads.consent(ref)).sms.state).toBe('withdrawn');
    await said(later(20), { release: ['sms'] });
    expect((await leads.consent(ref)).sms.state).toBe('unknown');
    await said(later(15), { suppress: ['sms'] });
    expect((await leads.consent(ref)).sms.state).toBe('unknown');
    await said(later(30), { suppress: ['sms', 'email'] });
    expect(await leads.consent(ref)).toMatchObject({ sms: { state: 'withdrawn' }, email: { state: 'withdrawn' } });
  });

  it('are lifted on the channel that is opened and on no other', async () => {
    for (const [opened, closed] of [['sms', 'email'] as const, ['email', 'sms'] as const]) {
      ref = newRef();
      await said(later(10), { suppress: ['sms', 'email'] });
      await said(later(20), { release: [opened] });
      expect(await leads.consent(ref)).toMatchObject({
        [opened]: { state: 'unknown', basis: null },
        [closed]: { state: 'withdrawn', since: later(10), basis: 'opt-out' },
      });
    }
  });

  it('bind another contact of the same person, and nobody in another location', async () => {
    await said(later(1), { suppress: ['sms'] });
    const [twin, stranger] = [newRef(ref.locationId), newRef()];
    for (ref of [twin, stranger]) await commit({ personHashes });
    expect((await leads.consent(twin)).sms.state).toBe('withdrawn');
    expect((await leads.consent(stranger)).sms.state).toBe('unknown');
  });
});

describe('leads under way', () => {
  it('are those with an active enrolment, an open send or an unapplied plan, each once, across pages', async () => {
    const locationId = newRef().locationId;
    await db.pool.query(
      `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, plan, plan_version)
       select $1, 'p-' || i, now(), now(), now(), '{}', 1 from generate_series(1, 1200) i`,
      [locationId],
    );
    ref = { locationId, contactId: 'p-7' };
    await decide({ enrol: [sequence('welcome')], plan: null });
    await outbox.claim({ locationId, contactId: 'sending' }, draft('x'), NOW);
    await db.pool.query(`update leads set plan_applied = 1 where location_id = $1 and contact_id = 'p-9'`, [
      locationId,
    ]);
    const found: string[] = [];
    for await (const lead of leads.underWay()) if (lead.locationId === locationId) found.push(lead.contactId);
    expect(found).toHaveLength(1200);
    expect(new Set(found).size).toBe(1200);
    expect(found).toEqual(expect.arrayContaining(['p-7', 'sending']));
    expect(found).not.toContain('p-9');
  });
});
