import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createFollowUpActivities } from '../../activities/follow-up.ts';
import type { SequenceDocument, SequenceStep } from '../../domain/follow-up/sequence.ts';
import { createUnsettledSends } from '../../integrations/postgres/unsettled-sends.ts';
import type { TouchResult } from '../../workflows/activities.ts';
import { control, ledger } from '../support/ghl-standin.ts';
import { beginLead, closeParts, db, openParts, parts, ref, sends, standIn } from '../support/parts.ts';
import { draft, inboxEvent, later, NOW, sequence } from '../support/records.ts';

/** Ten in the morning in New York, and so many minutes later. */
let now = NOW;
/** Happens while the CRM is asked whether a message went out. */
let meanwhile: () => Promise<unknown> = () => Promise.resolve();

beforeAll(openParts);
afterAll(closeParts);

beforeEach(async () => {
  now = NOW;
  meanwhile = () => Promise.resolve();
  await beginLead();
});

/** What is due now, once. */
function touch(minutes = 0): Promise<TouchResult> {
  now = later(minutes);
  const deps = parts({ now: () => new Date(now) });
  const crm = {
    ...deps.crm,
    findMessage: async (...asked: Parameters<typeof deps.crm.findMessage>) => {
      await meanwhile();
      return deps.crm.findMessage(...asked);
    },
  };
  const { touch: run } = createFollowUpActivities({ ...deps, crm });
  return new MockActivityEnvironment().run(run, ref);
}

function steps(...channels: ('sms' | 'email')[]): SequenceDocument {
  const step = (channel: 'sms' | 'email', at: number): SequenceStep => {
    const words = {
      key: `step-${at}`,
      offset: `PT${at}M`,
      anchor: 'enrolment',
      body: 'Hello {{contact.firstName}}',
    } as const;
    return channel === 'email' ? { ...words, channel, subject: 'Hello' } : { ...words, channel };
  };
  return { ...sequence('short'), steps: channels.map(step) };
}

async function sentTypes(): Promise<string[]> {
  const { calls } = (await ledger(standIn)) as unknown as {
    calls: { path: string; method: string; status: number; body?: { type?: string; contactId?: string } }[];
  };
  return calls
    .filter(({ path, method, status }) => path === '/conversations/messages' && method === 'POST' && status < 300)
    .filter(({ body }) => body?.contactId === ref.contactId)
    .map(({ body }) => body?.type ?? '');
}

/** As many messages as the contact has in the CRM, whatever its answer was. */
async function messagesSent(): Promise<number> {
  const { body } = await control(standIn, 'state', undefined, 'GET');
  const { messages } = body as unknown as { messages: { contactId: string }[] };
  return messages.filter(({ contactId }) => contactId === ref.contactId).length;
}

describe('a touch', () => {
  it('counts texts and e-mails of a person together: the fourth in 24 hours waits until the first is a day old', async () => {
    await sends.work(ref, { enrol: [steps('sms', 'email', 'sms', 'email')] });
    for (const minutes of [0, 1, 2, 3]) await touch(minutes);
    expect(await sentTypes()).toEqual(['SMS', 'Email', 'SMS']);
    expect(await sends.leads.next(ref)).toMatchObject({ at: later(24 * 60 + 1), stepKey: 'step-3' });
    await touch(24 * 60 + 1);
    expect(await sentTypes()).toEqual(['SMS', 'Email', 'SMS', 'Email']);
  });

  it('waits for a CRM that does not answer, although it lacks a name without it', async () => {
    await sends.work(ref, { enrol: [steps('sms')] });
    await control(standIn, 'faults', { match: { method: 'GET', path: '/contacts' }, times: 1, status: 500 });
    const { next } = await touch();
    expect(await sentTypes()).toEqual([]);
    expect(next).toMatchObject({ stepKey: 'step-0' });
    await touch(10);
    expect(await sentTypes()).toEqual(['SMS']);
  });

  it('of a parked location asks nothing of the CRM, sends nothing and fails nothing, and goes on with its next token', async () => {
    await sends.work(ref, { enrol: [steps('sms')] });
    const holder = { kind: 'location', id: ref.locationId } as const;
    await sends.credentials.refuse(holder, 1, 'token-refused', NOW);
    const asked = async (): Promise<number> =>
      ((await ledger(standIn)) as unknown as { calls: { locationId?: string; path: string }[] }).calls.filter(
        ({ locationId, path }) => locationId === ref.locationId || path.includes(ref.contactId),
      ).length;
    const before = await asked();
    const { outcome, next } = await touch(1);
    expect(outcome).toBe('the location is parked');
    expect(next).toMatchObject({ stepKey: 'step-0', at: later(16) });
    expect(next?.sentence).toContain('Held');
    expect(await asked()).toBe(before);
    await sends.credentials.install(holder, 'private', { access: `pit-${ref.locationId}`, lifeMs: null }, NOW);
    await touch(2);
    expect(await sentTypes()).toEqual(['SMS']);
  });

  it('judges consent by the tags as they are now, except where the person withdrew it in another way', async () => {
    for (const [source, basis, sent] of [
      ['tag', 'tag:sms-consent', ['SMS']],
      ['operator', 'opt-out form', []],
    ] as const) {
      await db.pool.query(
        `insert into consent_records (location_id, contact_id, channel, state, written, source, basis, given_at, recorded_by, once_key)
         values ($1, $2, 'sms', 'withdrawn', true, $3, $4, now(), 'a test', $4)`,
        [ref.locationId, ref.contactId, source, basis],
      );
      await sends.work(ref, { enrol: [{ ...steps('sms'), key: basis.slice(0, 3) }] });
      await touch();
      expect((await sentTypes()).slice(basis === 'opt-out form' ? 1 : 0)).toEqual(sent);
    }
  });

  it('makes the task to look at a doubtful message, although the lead is paused until somebody has looked', async () => {
    const task = draft('optout-check:1', {
      channel: 'call-task',
      purpose: 'task',
      content: { body: 'Look', title: 'Look' },
    });
    await sends.work(ref, { enrol: [steps('sms')], state: 'paused', tasks: [task] });
    expect(await touch()).toMatchObject({ next: null });
    const { calls } = (await ledger(standIn)) as unknown as { calls: { path: string; method: string }[] };
    const mine = calls.filter(({ path, method }) => method === 'POST' && path === `/contacts/${ref.contactId}/tasks`);
    expect(mine).toHaveLength(1);
    expect(await sentTypes()).toEqual([]);
  });

  it('holds back beside a message of the team that is not worked yet, and not beside the echo of our own', async () => {
    await sends.work(ref, { enrol: [steps('sms', 'sms')] });
    const outbound = (source: string): Promise<unknown> =>
      sends.inbox.accept(inboxEvent(ref, { kind: 'message.outbound', body: Buffer.from(JSON.stringify({ source })) }));
    await outbound('api');
    await touch();
    expect(await sentTypes()).toEqual(['SMS']);
    await outbound('app');
    const { next } = await touch(1);
    expect(await sentTypes()).toEqual(['SMS']);
    expect(next).toMatchObject({ stepKey: 'step-1' });
  });

  it.each([
    ['went out', { dropAfterHandling: true }],
    ['did not', { status: 500 }],
  ])('sends once what a person wants tried again while the CRM is asked about it: it %s', async (_what, fault) => {
    await sends.work(ref, { enrol: [steps('sms')] });
    await control(standIn, 'faults', {
      match: { method: 'POST', path: '/conversations/messages' },
      ...{ times: 1, ...fault },
    });
    await touch();
    const [row] = await sends.outbox.open(ref);
    expect(row).toMatchObject({ state: 'unknown' });
    meanwhile = () =>
      createUnsettledSends(db.tenants).resolve(ref, row!.sendId, { what: 'not-sent', again: true }, 'robin', now);
    // Its own step is looked at after the read-back, in the same touch.
    await touch(2);
    expect(await messagesSent()).toBe(1);
    meanwhile = () => Promise.resolve();
    await touch(3);
    expect(await sends.outbox.get(row!.sendId, ref)).toMatchObject({ state: 'sent' });
    expect(await messagesSent()).toBe(1);
  });

  it('cancels a send whose enrolment ended between claim and gate, and has nothing to come back for', async () => {
    const row = await sends.claim(ref, 'late', { enrolmentId: randomUUID(), stepKey: 'hello' });
    await sends.work(ref);
    expect(await touch()).toMatchObject({ next: null });
    expect(await sends.outbox.get(row.sendId, ref)).toMatchObject({ state: 'cancelled' });
    expect(await sentTypes()).toEqual([]);
  });
});
