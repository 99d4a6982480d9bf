import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type LeadRef, leadStates } from '../../domain/glossary.ts';
import { stateSetByAct } from '../../domain/leads/state-after-act.ts';
import { wholePlan } from '../../domain/crm/plan.ts';
import type { InboxStore } from '../../domain/ports/inbox.ts';
import type { DecideVerdict, DecisionRecord, LeadStore } from '../../domain/ports/leads.ts';
import type { OutboxStore } from '../../domain/ports/outbox.ts';
import { createInboxStore } from '../../integrations/postgres/inbox.ts';
import { createLeadStore } from '../../integrations/postgres/leads.ts';
import { createOutboxStore } from '../../integrations/postgres/outbox.ts';
import { leadActions, stateAfter } from '../../workflows/contract.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import {
  decision,
  draft,
  inboxEvent,
  later,
  leadRules,
  message,
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
const one = async (
  text: string,
  values: unknown[] = [ref.locationId, ref.contactId],
): Promise<Record<string, unknown>> => (await db.pool.query(text, values)).rows[0];

describe('a decision', () => {
  it('stores everything it is told in one go and marks the event worked', async () => {
    const inboxId = await event();
    const score = {
      value: 61.23456789,
      confidence: 0.7,
      tier: 'warm' as const,
      model: 'scorecard-1',
      baseline: -1,
      reasons: [{ feature: 'budget', value: null, contribution: 0 }],
    };
    const qualification = { budget: { value: 450_000, at: NOW, from: inboxId } };
    await commit(
      {
        decision: decision({
          score,
          qualification,
          timeline: [{ at: NOW, kind: 'decision', summary: 'Warm', refs: { inboxId } }],
        }),
        patch: {
          snapshot: { firstName: 'Ann', lastName: 'Example', phone: '+15125550123', email: 'Ann@Example.com' },
          at: NOW,
        },
        consents: [
          {
            channel: 'sms',
            state: 'granted',
            source: 'tag',
            basis: 'tag:sms-consent',
            textVersion: null,
            givenAt: null,
          },
        ],
      },
      inboxId,
    );
    expect(await leads.load(ref)).toMatchObject({
      ...ref,
      state: 'active',
      stage: 'engaged',
      tier: 'warm',
      score,
      scoredAt: NOW,
      qualification,
      snapshotAt: NOW,
      activatedAt: NOW,
      deletedAt: null,
    });
    expect(await one('select name, phone, email from leads where location_id = $1 and contact_id = $2')).toEqual({
      name: 'Ann Example',
      phone: '+15125550123',
      email: 'ann@example.com',
    });
    expect(await inbox.load(inboxId)).toMatchObject({ verdict: 'worked', workedAt: expect.any(String) });
    expect(await leads.consent(ref)).toMatchObject({
      sms: { state: 'granted', since: NOW },
      email: { state: 'unknown' },
    });
    expect((await leads.timeline(ref, 10)).items).toEqual([
      { at: NOW, kind: 'decision', summary: 'Warm', refs: { inboxId } },
    ]);
  });

  it('is made once per event: twenty at the same time answer one verdict and leave one effect', async () => {
    const inboxId = await event();
    const change = {
      decision: decision({
        enrol: [sequence('welcome')],
        tasks: [draft('hot:1', { channel: 'call-task', purpose: 'task' })],
        timeline: [{ at: NOW, kind: 'decision', summary: 'Enrolled', refs: {} }],
      }),
      message: message(),
    };
    let asked = 0;
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        leads.commitDecision(record(ref, inboxId, change), (after) => ({
          ...verdictOf(after),
          summary: `asked ${++asked}`,
        })),
      ),
    );
    expect(asked).toBe(1);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await leads.enrolments(ref)).toHaveLength(1);
    expect(await outbox.open(ref)).toHaveLength(1);
    expect(await leads.talk(ref, 10)).toHaveLength(1);
    expect((await leads.timeline(ref, 10)).items).toHaveLength(1);
    expect((await leads.standing(ref, inboxId, NOW)).verdict).toEqual(answers[0]);
  });

  it('leaves nothing behind when its verdict cannot be made', async () => {
    const inboxId = await event();
    const failing = leads.commitDecision(record(ref, inboxId, { message: message() }), () => {
      throw new Error('no verdict');
    });
    await expect(failing).rejects.toThrow('no verdict');
    expect(await leads.load(ref)).toBeUndefined();
    expect(await leads.talk(ref, 10)).toEqual([]);
    expect(await inbox.load(inboxId)).toMatchObject({ verdict: 'received' });
  });

  it('is made anew for a reopened event, without enrolling or creating again', async () => {
    const inboxId = await event();
    const change = { decision: decision({ enrol: [sequence('welcome')], tasks: [draft('hot:1')] }) };
    await commit(change, inboxId);
    const [first] = await leads.enrolments(ref);
    await leads.endEnrolment(ref, first?.enrolmentId ?? '', 'test');
    await inbox.reopen(inboxId);
    expect((await leads.standing(ref, inboxId, NOW)).verdict).toBeUndefined();
    await commit(change, inboxId);
    expect(await leads.enrolments(ref)).toEqual([]);
    expect(await one('select count(*)::int as n from outbox where location_id = $1 and contact_id = $2')).toEqual({
      n: 1,
    });
    expect(await one('select count(*)::int as n from decisions where location_id = $1 and contact_id = $2')).toEqual({
      n: 2,
    });
  });

  it('takes words that the database cannot hold', async () => {
    await commit({
      message: message({ body: 'nul \0 and half \uD83D' }),
      patch: { snapshot: { firstName: 'A\0\uDC00', customFields: { 'a\0': 'b\0' } }, at: NOW },
    });
    expect((await leads.talk(ref, 1))[0]?.body).toBe('nul \uFFFD and half \uFFFD');
    expect((await leads.load(ref))?.snapshot?.firstName).toBe('A\uFFFD\uFFFD');
  });
});

describe('what is known of the contact', () => {
  const patched = (snapshot: object, at: string): Promise<DecideVerdict> => commit({ patch: { snapshot, at } });

  it('ends the same whatever the order in which news comes', async () => {
    await patched({ email: 'a@example.com', phone: '+15125550100' }, later(0));
    await patched({ email: 'c@example.com' }, later(20));
    await patched({ phone: '+15125550111', email: 'b@example.com' }, later(10));
    expect((await leads.load(ref))?.snapshot).toMatchObject({ email: 'c@example.com', phone: '+15125550111' });
    expect((await leads.load(ref))?.snapshotAt).toBe(later(20));
  });

  it('loses nothing when decisions and fresh reads of one lead meet', async () => {
    const fields = Array.from({ length: 12 }, (_none, n) => ({ customFields: { [`f${n}`]: n } }));
    const read = (news: object, n: number) => leads.refreshSnapshot(ref, news, later(n));
    await Promise.all(fields.map((news, n) => (n % 3 === 0 ? patched(news, later(n)) : read(news, n))));
    expect(Object.keys((await leads.load(ref))?.snapshot?.customFields ?? {})).toHaveLength(12);
  });

  it('tells whether a fresh read was news', async () => {
    const read = { firstName: 'Ann', tags: ['Hit List'] };
    expect(await leads.refreshSnapshot(ref, read, later(0))).toBe(true);
    expect(await leads.refreshSnapshot(ref, read, later(1))).toBe(false);
    expect(await leads.refreshSnapshot(ref, { ...read, tags: [] }, later(2))).toBe(true);
    expect(await leads.refreshSnapshot(ref, { ...read, tags: ['old'] }, later(1))).toBe(false);
    expect((await leads.load(ref))?.snapshot?.tags).toEqual([]);
  });

  it('remembers when they wrote and when a human did, and never goes back in time', async () => {
    await commit({ message: message({ at: later(10) }) });
    await commit({ message: message({ at: later(5) }) });
    await commit({ message: message({ direction: 'outbound', origin: 'app', userId: 'u1', at: later(7) }) });
    await commit({ message: message({ direction: 'outbound', origin: 'api', at: later(9) }) });
    expect(await leads.load(ref)).toMatchObject({ lastInboundAt: later(10), lastHumanAt: later(7) });
    expect((await leads.talk(ref, 3)).map((said) => said.at)).toEqual([later(7), later(9), later(10)]);
  });

  it('keeps one message per key, its text where a later report brings none', async () => {
    const messageId = 'm-1';
    await commit({ message: message({ messageId, direction: 'outbound', body: 'Hello', status: 'pending' }) });
    await commit({ message: message({ messageId, direction: 'outbound', body: '', status: 'delivered' }) });
    expect(await leads.talk(ref, 10)).toMatchObject([{ body: 'Hello' }]);
    expect(await one('select status from messages where location_id = $1 and contact_id = $2')).toEqual({
      status: 'delivered',
    });
  });

  it('knows a deleted contact, and one that is there again', async () => {
    await decide({ stage: 'gone', deletedAt: NOW, active: { yes: false, reason: 'deleted', by: 'unknown' } });
    expect(await leads.load(ref)).toMatchObject({ deletedAt: NOW, activatedAt: null });
    await decide({ stage: 'new' });
    expect(await leads.load(ref)).toMatchObject({ deletedAt: null, activatedAt: NOW });
  });

  it('leaves nothing to be begun for a contact that is gone, and what may have been to be settled', async () => {
    const tasks = ['claimed', 'not-sent', 'sending', 'unknown'].map((key) => draft(key));
    const states = async (): Promise<unknown> => {
      const { rows } = await db.pool.query(
        'select once_key as key, state from outbox where location_id = $1 and contact_id = $2 order by once_key',
        [ref.locationId, ref.contactId],
      );
      return rows.map(({ key, state }) => `${key} → ${state}`);
    };
    await decide({ tasks });
    await db.pool.query('update outbox set state = once_key where location_id = $1', [ref.locationId]);
    await outbox.cancelOpen(ref, later(1));
    expect(await states()).toEqual([
      'claimed → claimed',
      'not-sent → not-sent',
      'sending → sending',
      'unknown → unknown',
    ]);
    await decide({ stage: 'gone', deletedAt: later(2) });
    const left = ['claimed → cancelled', 'not-sent → cancelled', 'sending → sending', 'unknown → unknown'];
    expect(await states()).toEqual(left);
    // A touch that was under way may put off what it could not send.
    const begun = (await outbox.open(ref)).find(({ state }) => state === 'sending');
    const putOff = { state: 'not-sent', reason: 'no call was free', checkAt: later(9) } as const;
    await outbox.settle(begun!.sendId, ref, putOff, later(3));
    await outbox.cancelOpen(ref, later(4));
    expect(await states()).toEqual(left.with(2, 'sending → cancelled'));
  });

  it('keeps the last score with its time when there was none to be had', async () => {
    const score = { value: 50, confidence: 0.5, tier: 'warm' as const, model: 'm', baseline: 0, reasons: [] };
    await decide({ score });
    await decide({ score: null }, { now: later(5) });
    expect(await leads.load(ref)).toMatchObject({ score, scoredAt: NOW });
    expect(
      await one('select score from decisions where location_id = $1 and contact_id = $2 order by at desc limit 1'),
    ).toEqual({ score: null });
  });
});

describe('a score of a decision', () => {
  const scoreOf = (value: number, tier: 'hot' | 'cold') => ({
    ...{ value, confidence: 0.5, tier, model: 'm', baseline: 0, reasons: [] },
  });

  it('yields to one that was given since it was made', async () => {
    await decide({ score: scoreOf(90, 'hot'), tier: 'hot' }, { now: later(5) });
    await decide({ score: scoreOf(10, 'cold'), tier: 'cold' });
    expect(await leads.load(ref)).toMatchObject({
      ...{ score: scoreOf(90, 'hot'), tier: 'hot', scoredAt: later(5) },
    });
  });

  it('takes the place of one of the same moment, and of an older one', async () => {
    for (const [value, now] of [
      [90, NOW],
      [10, NOW],
      [20, later(5)],
    ] as const) {
      await decide({ score: scoreOf(value, 'cold'), tier: 'cold' }, { now });
      expect(await leads.load(ref)).toMatchObject({ score: { value }, scoredAt: now });
    }
  });
});

describe('the state of a lead', () => {
  it('follows the decision that saw it, and stays where somebody else set it since', async () => {
    await decide({ state: 'active' });
    await leads.act(ref, 'act-1', { action: 'pause' }, later(1));
    expect((await decide({ state: 'active' }, { stateBefore: 'active' })).state).toBe('paused');
    const seen = { stateBefore: 'paused', inboxId: await event({ occurredAt: later(2) }) } as const;
    expect((await decide({ state: 'taken-over' }, seen)).state).toBe('taken-over');
  });

  it('stays where a person took the lead over anew at the instant at which the last takeover was found to be over', async () => {
    await decide({ state: 'active' });
    await leads.act(ref, 'act-1', { action: 'takeOver' }, later(1));
    await leads.act(ref, 'act-2', { action: 'takeOver' }, later(3));
    expect((await decide({ state: 'active' }, { stateBefore: 'taken-over' })).state).toBe('taken-over');
  });

  it('has its beginning by the clock that is ahead, whoever acts last', async () => {
    await leads.act(ref, 'ahead', { action: 'resume' }, later(5));
    expect(await leads.act(ref, 'behind', { action: 'stop' }, later(3))).toBe('stopped');
    expect(await leads.load(ref)).toMatchObject({ state: 'stopped', stateSince: later(5) });
  });

  it('changes once per act, and an act repeated late does not undo what came after', async () => {
    expect(await leads.act(ref, 'a', { action: 'pause' }, NOW)).toBe('paused');
    expect(await leads.act(ref, 'b', { action: 'resume' }, later(1))).toBe('active');
    expect(await leads.act(ref, 'a', { action: 'pause' }, later(2))).toBe('active');
    expect((await leads.timeline(ref, 10)).items.map((entry) => entry.summary)).toEqual([
      'Resumed by a person',
      'Paused by a person',
    ]);
  });

  it('is stopped for good by a pause, and not changed by an enrolment', async () => {
    await leads.act(ref, 'a', { action: 'stop' }, NOW);
    expect(await leads.act(ref, 'b', { action: 'pause' }, later(1))).toBe('stopped');
    expect(await leads.act(ref, 'c', { action: 'enrol', sequence: 'welcome' }, later(2))).toBe('stopped');
    expect(await leads.load(ref)).toMatchObject({ stateSince: NOW });
  });

  it('is after every act what the workflow answers, from every state, and keeps its beginning where nothing is set', async () => {
    for (const state of leadStates) {
      for (const action of leadActions) {
        ref = newRef();
        await decide({ state });
        const before = await leads.load(ref);
        const answered = await leads.act(ref, 'a', { action }, later(1));
        const after = await leads.load(ref);
        expect([action, state, answered, after?.state]).toEqual([
          action,
          state,
          stateAfter(action, state),
          stateAfter(action, state),
        ]);
        expect(after?.stateSince).toBe(stateSetByAct(action, state) === null ? before?.stateSince : later(1));
      }
    }
    for (const action of leadActions) {
      ref = newRef();
      expect(await leads.act(ref, 'a', { action }, NOW)).toBe(stateAfter(action, 'active'));
    }
  });

  it('answers the same to ten simultaneous deliveries of one act', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => leads.act(ref, 'a', { action: 'takeOver' }, NOW)),
    );
    expect(new Set(answers)).toEqual(new Set(['taken-over']));
    expect((await leads.timeline(ref, 10)).items).toHaveLength(1);
  });
});

describe('the plan', () => {
  const plan = wholePlan({
    ...{ addTags: ['Hot-Lead'], removeTags: [], fields: { 'contact.lead_score': 80 }, tier: 'hot' as const },
  });

  it('gets a new version only when it changes, whatever the order of its keys', async () => {
    expect((await decide({ plan })).dirty).toBe(true);
    const turned = Object.fromEntries(Object.entries(plan).toReversed()) as unknown as typeof plan;
    await decide({ plan: turned });
    expect(await leads.plan(ref)).toMatchObject({ plan, version: 1, applied: 0 });
    await leads.markApplied(ref, 1, { at: NOW, kind: 'action', summary: 'Applied', refs: {} });
    expect((await decide({ plan })).dirty).toBe(false);
    await decide({ plan: { ...plan, fields: {} } });
    expect(await leads.plan(ref)).toMatchObject({ version: 2, applied: 1 });
  });

  it('wants nothing while we may not act', async () => {
    await decide({ plan });
    expect((await decide({ plan: null })).dirty).toBe(false);
  });

  it('is not marked back by an applier that was overtaken, nor marked twice', async () => {
    await decide({ plan });
    await decide({ plan: { ...plan, fields: {} } });
    const entry = { at: NOW, kind: 'action' as const, summary: 'Applied', refs: {} };
    await leads.markApplied(ref, 2, entry);
    await leads.markApplied(ref, 1, entry);
    await leads.markApplied(ref, 2, null);
    expect(await leads.plan(ref)).toMatchObject({ applied: 2 });
    expect((await leads.timeline(ref, 10)).items).toHaveLength(1);
  });
});
