import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createAtOnce } from '../../activities/at-once.ts';
import { createLeadActivities } from '../../activities/leads.ts';
import { readyToApprove, replySend, wordOnDraft } from '../../domain/assistant/reply-tasks.ts';
import type { Understood } from '../../domain/assistant/understood.ts';
import { readMessage } from '../../domain/leads/read-message.ts';
import { defaultSettings } from '../../domain/leads/settings.ts';
import type { DraftStore, NewDraft } from '../../domain/ports/drafts.ts';
import { readEnvelope } from '../../domain/webhooks/envelope.ts';
import { UNDERSTOOD, understoodEvent } from '../../domain/webhooks/understood-event.ts';
import { createDraftStore } from '../../integrations/postgres/drafts.ts';
import type { Worked } from '../../workflows/activities.ts';
import { beginLead, closeParts, db, noAssistant, openParts, parts, ref, sends } from '../support/parts.ts';
import { inboxEvent } from '../support/records.ts';

let drafts: DraftStore;
beforeAll(async () => {
  await openParts();
  drafts = createDraftStore(db.tenants);
  // The rules are compiled with the first message that is read.
  readMessage('Hello', { optedOut: false });
});
afterAll(closeParts);
beforeEach(() => beginLead({ settings: { ...defaultSettings, budgets: { modelDollarsPerDay: 5 } } }));

const now = (): string => new Date().toISOString();
const key = { ...noAssistant, present: true };

/** One event through all levels of a product that has a key. */
async function work(inboxId: string, kind: string): Promise<Worked> {
  const deps = parts({ assistant: key });
  const activities = createLeadActivities(deps, createAtOnce(deps));
  return new MockActivityEnvironment().run(activities.work, { ...ref, inboxId, kind, at: now(), thenAct: false });
}

async function happens(type: string, fields: object): Promise<{ inboxId: string; worked: Worked }> {
  const body = { type, ...ref, id: ref.contactId, timestamp: now(), ...fields };
  const { kind } = readEnvelope('marketplace', body);
  const { inboxId } = await sends.inbox.accept(
    inboxEvent(ref, { type, kind, occurredAt: body.timestamp, body: Buffer.from(JSON.stringify(body)) }),
  );
  return { inboxId, worked: await work(inboxId, kind) };
}

const says = (words: string) =>
  happens('InboundMessage', {
    ...{ messageType: 'SMS', direction: 'inbound', body: words, messageId: randomUUID(), contactId: ref.contactId },
    dateAdded: now(),
  });

async function understood(of: string, what: Understood): Promise<Worked> {
  // As old as the message, where there is one.
  const at = (await sends.inbox.load(of))?.occurredAt ?? now();
  const event = understoodEvent(ref, { of, understood: what }, at, (text) => text);
  const { inboxId } = await sends.inbox.accept(event);
  return work(inboxId, UNDERSTOOD);
}

function draftFor(answers: string, change: Partial<NewDraft> = {}): NewDraft {
  return {
    ...{ answers, channel: 'sms', mode: 'draft', rung: 'draft', proposed: { text: 'x' }, text: 'Which part of town?' },
    ...{ question: 'location', facts: [], gates: [], callKeys: [`draft:${answers}`], cost: 7, why: null },
    ...{ createdAt: now(), expiresAt: new Date(Date.now() + 3_600_000).toISOString() },
    ...change,
  };
}

const approving = (draftId: string) => ({ outbox: [readyToApprove(draftId)], told: [], summary: false });
const approve = (text: string | null = null) => wordOnDraft({ verdict: 'approve', text, by: 'operator' }, now());

async function rows(sql: string): Promise<unknown[]> {
  return (await db.pool.query(sql, [ref.contactId])).rows;
}

describe('a message of a lead', () => {
  it('waits to be read and to be answered, from the decision on', async () => {
    const { inboxId, worked } = await says('We want a house');
    expect(worked.verdict?.assist).toMatchObject({ sentence: expect.stringContaining('what the lead wrote is read') });
    expect(await drafts.jobs(ref, 5)).toMatchObject([{ job: 'read', inboxId, attempts: 0 }]);
    const owed = await drafts.owed(ref);
    expect(owed).toMatchObject({ inboxId, channel: 'sms', attempts: 0 });
    expect(Date.parse(owed!.dueAt) - Date.parse(owed!.lastAt)).toBe(20_000);
    const { inboxId: second } = await says('With three bedrooms');
    expect(await drafts.owed(ref)).toMatchObject({ inboxId: second, firstAt: owed!.firstAt });
    expect(await drafts.jobs(ref, 5)).toHaveLength(2);
    for await (const lead of sends.leads.underWay()) if (lead.contactId === ref.contactId) return;
    throw new Error('nobody would resume this lead');
  });

  it('waits for nothing once the lead has opted out', async () => {
    await says('We want a house');
    const { worked } = await says('STOP');
    expect(await drafts.owed(ref)).toBeUndefined();
    expect(worked.verdict?.assist).toMatchObject({ sentence: expect.stringContaining('is read') });
  });
});

describe('what a model has read', () => {
  it('fills what the rules left open, as the message’s own words, once', async () => {
    const { inboxId } = await says('Our budget is $450,000, and we would rather be somewhere leafy');
    const said: Understood = {
      intent: 'buy',
      answers: {
        budget: { value: 1, quote: '$450,000' },
        motivation: { value: 'a move to the green', quote: 'we would rather be somewhere leafy' },
      },
    };
    const before = await sends.leads.load(ref);
    const { decided, verdict } = await understood(inboxId, said);
    expect(decided).toBe(true);
    const after = await sends.leads.load(ref);
    // What the rules read stands.
    expect(after?.qualification.budget).toEqual(before?.qualification.budget);
    expect(after?.qualification.motivation).toMatchObject({ value: 'a move to the green', from: inboxId });
    expect(verdict?.state).toBe('active');
    expect(after?.lastInboundAt).toBe(before?.lastInboundAt);
    expect(await understood(inboxId, said)).toMatchObject({ decided: false });
    expect(await rows(`select from messages where contact_id = $1`)).toHaveLength(1);
  });

  it('opts nobody out and begins no sequence', async () => {
    const { inboxId } = await says('Please stop by tomorrow, we want to see a house');
    const enrolments = await rows(`select sequence_key from enrolments where contact_id = $1`);
    await understood(inboxId, { intent: 'viewing', answers: {} });
    expect(await rows(`select sequence_key from enrolments where contact_id = $1`)).toEqual(enrolments);
    expect(await rows(`select channel from suppressions where person_hash = 'contact:' || $1`)).toEqual([]);
  });

  it('of a message that is not this lead’s changes nothing', async () => {
    const before = (await says('Hello')) && (await sends.leads.load(ref));
    await understood(randomUUID(), { intent: 'sell', answers: { budget: { value: 5, quote: 'x' } } });
    expect((await sends.leads.load(ref))?.qualification).toEqual(before?.qualification);
  });
});

describe('a job', () => {
  it('ends once, with what came of it', async () => {
    const { inboxId } = await says('We want a house');
    const job = { job: 'read', inboxId } as const;
    await drafts.settleJob(ref, job, { state: 'waiting', dueAt: '2099-01-01T00:00:00.000Z' }, [], now());
    expect(await drafts.jobs(ref, 5)).toMatchObject([{ attempts: 1, dueAt: '2099-01-01T00:00:00.000Z' }]);
    const result: Understood = { intent: 'buy', answers: {} };
    const done = {
      state: 'done',
      model: 'm',
      cost: 5,
      result,
      dropped: [{ field: 'budget', why: 'no-quote' }],
    } as const;
    await drafts.settleJob(ref, job, done, [], now());
    await drafts.settleJob(ref, job, { state: 'absent', why: 'provider', cost: 0 }, [readyToApprove('x')], now());
    expect(await drafts.understood(ref, [inboxId])).toEqual({ [inboxId]: result });
    expect(await rows(`select state, why, cost, dropped, due_at from assist_jobs where contact_id = $1`)).toEqual([
      { state: 'done', why: null, cost: 5, dropped: done.dropped, due_at: null },
    ]);
    expect(await rows(`select once_key from outbox where contact_id = $1 and once_key like 'approve:%'`)).toEqual([]);
  });
});

describe('a draft', () => {
  it('pays what is owed in one transaction with what follows from it, once', async () => {
    const { inboxId } = await says('We want a house');
    const [first, second] = await Promise.all([
      drafts.store(ref, draftFor(inboxId), approving),
      drafts.store(ref, draftFor(inboxId), approving),
    ]);
    expect(first).toMatchObject({ state: 'proposed', text: 'Which part of town?', cost: 7 });
    expect(second?.draftId).toBe(first?.draftId);
    expect(await drafts.owed(ref)).toBeUndefined();
    expect(await rows(`select once_key from outbox where contact_id = $1 and once_key like 'approve:%'`)).toHaveLength(
      1,
    );
  });

  it.each([
    ['a newer message came', () => says('And a garden')],
    ['a person took over', () => sends.leads.act(ref, randomUUID(), { action: 'takeOver' }, now())],
    ['the lead is paused', () => sends.leads.act(ref, randomUUID(), { action: 'pause' }, now())],
    ['the lead opted out', () => says('STOP')],
  ])('is kept and not used when %s between', async (_name, comes) => {
    const { inboxId } = await says('We want a house');
    await comes();
    expect(await drafts.store(ref, draftFor(inboxId), approving)).toBeUndefined();
    expect(await rows(`select state from reply_drafts where contact_id = $1`)).toEqual([{ state: 'superseded' }]);
    expect(await rows(`select once_key from outbox where contact_id = $1 and once_key like 'approve:%'`)).toEqual([]);
  });

  it('is not kept of a lead that was deleted meanwhile', async () => {
    const { inboxId } = await says('We want a house');
    await happens('ContactDelete', {});
    expect(await drafts.store(ref, draftFor(inboxId), approving)).toBeUndefined();
    expect(await rows(`select state from reply_drafts where contact_id = $1`)).toEqual([]);
  });

  it('stands when its message, or one before it, is worked anew', async () => {
    const { inboxId: before } = await says('We want a house');
    await drafts.store(ref, draftFor(before), approving);
    const { inboxId } = await says('And a garden');
    const draft = await drafts.store(ref, draftFor(inboxId), approving);
    for (const again of [before, inboxId]) {
      await db.pool.query(
        `update inbox set verdict = 'received', worked_at = null, dispatched_at = null, reopened_at = now(), round = round + 1
          where inbox_id = $1`,
        [again],
      );
      expect(await work(again, 'message.inbound')).toMatchObject({ decided: true });
      expect(await drafts.owed(ref)).toBeUndefined();
      expect(await drafts.get(ref, draft!.draftId, now())).toMatchObject({ state: 'proposed' });
    }
  });

  it('is approved or rejected by whoever is first', async () => {
    const { inboxId } = await says('We want a house');
    const draft = await drafts.store(ref, draftFor(inboxId), approving);
    const no = wordOnDraft({ verdict: 'reject', text: null, by: 'operator' }, now());
    const words = await Promise.all([
      drafts.decide(ref, draft!.draftId, approve(), now()),
      drafts.decide(ref, draft!.draftId, no, now()),
    ]);
    expect(words.map(({ kind }) => kind).sort()).toEqual(['done', 'not-open']);
    const sent = await rows(`select state from outbox where contact_id = $1 and once_key like 'reply:%'`);
    expect(sent).toHaveLength(words[0].kind === 'done' ? 1 : 0);
    expect(await drafts.decide(ref, randomUUID(), approve(), now())).toEqual({ kind: 'unknown' });
    expect(await drafts.decide(ref, 'no id', approve(), now())).toEqual({ kind: 'unknown' });
  });

  it('tells that an assistant writes only where its own words go out', async () => {
    const { inboxId } = await says('We want a house');
    const { draftId } = (await drafts.store(ref, draftFor(inboxId), approving))!;
    await drafts.decide(ref, draftId, approve('Words of a person'), now());
    expect(await drafts.talked(ref)).toMatchObject({ replied: false });
    await drafts.followSend(ref, draftId, 'sent', null);
    expect(await drafts.talked(ref)).toMatchObject({ replied: false, asked: null });
  });

  it('that is on its way is stopped by a newer message, unless it may have left', async () => {
    const outboxOf = (draftId: string) => ({
      outbox: [replySend(draftId, 'sms', 'Which part of town?', { wroteAt: now(), now: now() })],
      told: [],
      summary: true,
    });
    const { inboxId } = await says('We want a house');
    const draft = await drafts.store(ref, draftFor(inboxId, { mode: 'auto' }), outboxOf);
    expect(draft).toMatchObject({ state: 'approved', decidedBy: 'assistant' });
    expect(await drafts.jobs(ref, 5)).toEqual(
      expect.arrayContaining([expect.objectContaining({ job: 'summary', inboxId })]),
    );
    await says('And a garden');
    expect(await rows(`select state from outbox where contact_id = $1 and once_key like 'reply:%'`)).toEqual([
      { state: 'cancelled' },
    ]);
    const [again] = (await rows(`select inbox_id as id from replies_due where contact_id = $1`)) as { id: string }[];
    const second = await drafts.store(ref, draftFor(again!.id, { mode: 'auto' }), outboxOf);
    await db.pool.query(`update outbox set state = 'sending', sending_at = now() where once_key = $1`, [
      `reply:${second!.draftId}`,
    ]);
    await says('And a pool');
    await drafts.followSend(ref, second!.draftId, 'sent', null);
    expect(await rows(`select state from reply_drafts where contact_id = $1 order by created_at`)).toEqual([
      { state: 'superseded' },
      { state: 'sent' },
    ]);
    expect(await drafts.talked(ref)).toMatchObject({ messages: 3, replied: true, asked: 'location' });
  });

  it('of another location is not there', async () => {
    const { inboxId } = await says('We want a house');
    const draft = await drafts.store(ref, draftFor(inboxId), approving);
    const other = { ...ref, locationId: 'somewhere-else' };
    expect(await drafts.get(other, draft!.draftId, now())).toBeUndefined();
    expect(await drafts.find('somewhere-else', draft!.draftId, now())).toBeUndefined();
    expect(await drafts.decide(other, draft!.draftId, approve(), now())).toEqual({ kind: 'unknown' });
    expect(await drafts.list('somewhere-else', { limit: 5 }, now())).toEqual({ items: [], nextCursor: null });
  });
});
