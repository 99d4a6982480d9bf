import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createFollowUpActivities } from '../../activities/follow-up.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import { ledger } from '../support/ghl-standin.ts';
import { beginLead, closeParts, db, openParts, parts, PHONE, ref, sends, standIn } from '../support/parts.ts';
import { inboxEvent, later, message, NOW, record, sequence, verdictOf } from '../support/records.ts';
import type { SequenceDocument } from '../../domain/follow-up/sequence.ts';
import type { TouchResult } from '../../workflows/activities.ts';

/** Two contacts of the CRM with one number: whoever writes by the one, or is written to by a colleague there, is the person of both. */
let twin: LeadRef;

beforeAll(openParts);
afterAll(closeParts);
beforeEach(async () => {
  await beginLead();
  await sends.work(ref, { enrol: [talk] });
  twin = await sends.lead(ref.locationId);
  await db.pool.query('update leads set sms_hash = $2 where contact_id = $1', [twin.contactId, `hash of ${PHONE}`]);
});

const talk: SequenceDocument = {
  ...sequence('talk'),
  steps: [0, 30].map((at) => ({
    key: `step-${at}`,
    channel: 'sms',
    offset: `PT${at}M`,
    anchor: 'enrolment',
    body: 'Hello {{contact.firstName}}',
  })),
};

function touch(minutes = 0): Promise<TouchResult> {
  const { touch: run } = createFollowUpActivities(parts({ now: () => new Date(later(minutes)) }));
  return new MockActivityEnvironment().run(run, ref);
}

async function texts(): Promise<number> {
  const { calls } = (await ledger(standIn)) as unknown as {
    calls: { path: string; method: string; status: number; body?: { contactId?: string } }[];
  };
  return calls.filter(
    ({ path, method, status, body }) =>
      path === '/conversations/messages' && method === 'POST' && status < 300 && body?.contactId === ref.contactId,
  ).length;
}

const told = async () => (await sends.leads.timeline(ref, 20)).items.map(({ summary }) => summary);

describe('the sequence of a contact whose number another contact bears, too', () => {
  it('ends before its next message when the person writes by the other contact', async () => {
    await touch();
    expect(await texts()).toBe(1);
    const { inboxId } = await sends.inbox.accept(inboxEvent(twin, { kind: 'message.inbound' }));
    const said = { message: message({ at: later(5) }), personHashes: { sms: `hash of ${PHONE}` } };
    await sends.leads.commitDecision(record(twin, inboxId, { ...said, now: later(5) }), verdictOf);
    await sends.inbox.settle(inboxId, 'worked', null);
    expect((await touch(30)).next).toBeNull();
    expect(await texts()).toBe(1);
    expect((await sends.leads.allEnrolments(ref, 1))[0]).toMatchObject({ status: 'ended', endedReason: 'reply' });
    expect(await told()).toContain(
      'SMS step-30 does not go out, and its sequence ends: the person wrote to us by another contact',
    );
    expect(await sends.outbox.open(ref)).toEqual([]);
  });

  it('waits while a human works the other one, looks once an hour, and goes on once it is handed back', async () => {
    await sends.leads.act(twin, randomUUID(), { action: 'takeOver' }, NOW);
    expect((await touch()).next).toMatchObject({ at: later(60), stepKey: 'step-0' });
    await sends.leads.act(twin, randomUUID(), { action: 'resume' }, NOW);
    await touch(60);
    expect(await texts()).toBe(1);
  });
});
