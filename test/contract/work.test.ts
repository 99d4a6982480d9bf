import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createAtOnce } from '../../activities/at-once.ts';
import { createCrmActivities } from '../../activities/crm.ts';
import { createLeadActivities } from '../../activities/leads.ts';
import { optOutAtTheDoor } from '../../api/door-opt-out.ts';
import { readEnvelope } from '../../domain/webhooks/envelope.ts';
import type { ApplyResult, Worked } from '../../workflows/activities.ts';
import { control, ledger } from '../support/ghl-standin.ts';
import { beginLead, closeParts, db, openParts, parts, ref, sends, standIn } from '../support/parts.ts';
import { inboxEvent } from '../support/records.ts';

beforeAll(openParts);
afterAll(closeParts);

beforeEach(() => beginLead());

/** One event through the door's rule of opt-outs, the inbox and all levels. */
async function work(type: string, fields: object): Promise<string> {
  const body = { type, ...ref, id: ref.contactId, timestamp: new Date().toISOString(), ...fields };
  const envelope = readEnvelope('marketplace', body);
  const deps = parts();
  const optOut = await optOutAtTheDoor(
    { leads: sends.leads, hashPerson: deps.personHash },
    'marketplace',
    envelope,
    body,
  );
  const { inboxId } = await sends.inbox.accept(
    inboxEvent(ref, {
      ...{ type, kind: envelope.kind, occurredAt: body.timestamp, body: Buffer.from(JSON.stringify(body)) },
      ...(optOut === undefined ? {} : { optOut }),
    }),
  );
  const activities = createLeadActivities(deps, createAtOnce(deps));
  const { decided }: Worked = await new MockActivityEnvironment().run(activities.work, {
    ...{ ...ref, inboxId, kind: envelope.kind, at: body.timestamp, thenAct: false },
  });
  expect(decided).toBe(true);
  return inboxId;
}

const says = (messageType: 'SMS' | 'Email', words: string) =>
  work('InboundMessage', {
    ...{ messageType, direction: 'inbound', body: words, messageId: randomUUID(), contactId: ref.contactId },
    dateAdded: new Date().toISOString(),
  });
const tagged = (tags: readonly string[]) => work('ContactTagUpdate', { tags });

async function absentOf(inboxId: string): Promise<unknown> {
  const { rows } = await db.pool.query(`select decision -> 'absent' as absent from decisions where inbox_id = $1`, [
    inboxId,
  ]);
  return rows[0]?.absent;
}

async function told(): Promise<string> {
  return (await sends.leads.timeline(ref, 50)).items.map(({ summary }) => summary).join(' ');
}

describe('a decision without the CRM', () => {
  it('says so where it is stored and on the timeline, with the code of why; the next one with it does not', async () => {
    await control(standIn, 'faults', { match: { method: 'GET', path: '/contacts' }, times: 50, status: 503 });
    const without = await says('SMS', 'Is the house still for sale?');
    const code = expect.stringMatching(/^[A-Z_]+$/) as unknown;
    expect(await absentOf(without)).toEqual([{ what: 'crm-snapshot', why: code }]);
    const { items } = await sends.leads.timeline(ref, 20);
    expect(items.filter(({ refs }) => refs['absent'] === 'crm-snapshot')).toMatchObject([
      {
        kind: 'decision',
        summary: expect.stringContaining('without a fresh look'),
        refs: { inboxId: without, why: code },
      },
    ]);
    await control(standIn, 'faults', undefined, 'DELETE');
    expect(await absentOf(await says('SMS', 'Hello?'))).toEqual([]);
  });
});

describe('consent by a tag', () => {
  it('is withdrawn when the tag goes, kept while nobody speaks of tags, and granted again with the tag', async () => {
    const basis = 'tag:sms-consent';
    await tagged(['Hit List', 'SMS-Consent']);
    expect(await sends.leads.consent(ref)).toMatchObject({ sms: { state: 'granted', basis } });
    await work('ContactUpdate', { firstName: 'Robina' });
    expect(await sends.leads.consent(ref)).toMatchObject({ sms: { state: 'granted' }, email: { state: 'granted' } });
    await tagged(['Hit List']);
    const withdrawn = { state: 'withdrawn', since: expect.any(String), basis };
    expect(await sends.leads.consent(ref)).toMatchObject({ sms: withdrawn, email: withdrawn });
    expect(await told()).toContain('Consent for e-mail is withdrawn: the tag sms-consent, which recorded it, is gone.');
    await tagged(['sms-consent']);
    expect(await sends.leads.consent(ref)).toMatchObject({ sms: { state: 'granted' }, email: { state: 'granted' } });
  });
});

describe('an opt-in', () => {
  it.each([
    ['SMS', 'SMS', 'sms', 'email'],
    ['Email', 'SMS', 'sms', 'email'],
    ['SMS', 'Email', 'email', 'sms'],
    ['Email', 'Email', 'email', 'sms'],
  ] as const)('after STOP by %s, START by %s opens %s, and %s stays closed', async (stop, start, opened, closed) => {
    await tagged(['Hit List', 'sms-consent']);
    await says(stop, 'STOP');
    const barred = { state: 'withdrawn', basis: 'opt-out' };
    expect(await sends.leads.consent(ref)).toMatchObject({ sms: barred, email: barred });
    await says(start, 'START');
    expect(await sends.leads.consent(ref)).toMatchObject({ [opened]: { state: 'granted' }, [closed]: barred });
    expect(await sends.leads.load(ref)).toMatchObject({ stage: 'engaged' });
    expect(await told()).toContain('stays as it was.');
    const { rows } = await db.pool.query(
      'select distinct channel from suppressions where location_id = $1 and lifted_at is null',
      [ref.locationId],
    );
    expect(rows).toEqual([{ channel: closed }]);
  });
});

describe('level 4, tried at once', () => {
  it('that the CRM refuses for good tells of its news once, however often it is tried', async () => {
    await tagged(['Hit List', 'sms-consent']);
    await control(standIn, 'faults', {
      match: { method: 'POST', path: `/contacts/${ref.contactId}/tags` },
      times: 50,
      status: 422,
    });
    const atOnce = createAtOnce(parts(), 60_000);
    for (let tries = 0; tries < 3; tries += 1) {
      expect(await atOnce.apply(ref)).toEqual({ applied: 0, event: null });
    }
    expect(await newsOfTheCrm()).toBe(1);
    expect((await sends.leads.load(ref))?.snapshot).toMatchObject({ firstName: 'Robin' });
  });

  it('that is late is left to the applier, which waits for its last call and repeats nothing', async () => {
    await tagged(['Hit List', 'sms-consent']);
    await control(standIn, 'faults', {
      match: { method: 'POST', path: `/contacts/${ref.contactId}/tags` },
      times: 1,
      delayMs: 1_500,
    });
    const deps = parts();
    const atOnce = createAtOnce(deps);
    expect(await atOnce.apply(ref)).toBeUndefined();
    const { applyPlan } = createCrmActivities(deps, atOnce);
    const { applied }: ApplyResult = await new MockActivityEnvironment().run(applyPlan, ref);
    expect(applied).toBe(1);
    const { calls } = (await ledger(standIn)) as unknown as { calls: { method: string; path: string }[] };
    const ours = calls.filter(({ path }) => path.includes(ref.contactId));
    expect(ours.filter(({ method, path }) => method === 'POST' && path.endsWith('/tags'))).toHaveLength(1);
    // Its location rests: the next plan goes to the applier without asking the CRM.
    expect(await atOnce.apply(ref)).toBeUndefined();
  });
});

async function newsOfTheCrm(): Promise<number> {
  const { rowCount } = await db.pool.query(`select from inbox where contact_id = $1 and type = 'contact.snapshot'`, [
    ref.contactId,
  ]);
  return rowCount ?? 0;
}
