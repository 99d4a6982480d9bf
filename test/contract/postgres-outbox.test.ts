import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { GateFacts } from '../../domain/consent/facts.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { OutboxDraft, OutboxRow, Settlement } from '../../domain/ports/outbox.ts';
import { createCrmActionStore } from '../../integrations/postgres/crm-actions.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { draft, later, newRef, NOW } from '../support/records.ts';
import { CLOSED, OPEN, PERSON, vendor, type Sends, sendsIn } from '../support/sends.ts';

let db: TestDatabase;
let sends: Sends;
let ref: LeadRef;

beforeAll(async () => {
  db = await createTestDatabase();
  sends = sendsIn(db.tenants);
});
afterAll(() => db.drop());
beforeEach(async () => {
  ref = await sends.lead();
});

const claim = (key: string, change: Partial<OutboxDraft> = {}): Promise<OutboxRow> => sends.claim(ref, key, change);
const facts = (now?: string, person?: string[]): Promise<GateFacts> => sends.facts(ref, now, person);

describe('claiming', () => {
  it('makes one row of any number of simultaneous claims of a key', async () => {
    const rows = await Promise.all(Array.from({ length: 30 }, () => claim('once')));
    expect(new Set(rows.map((row) => row.sendId)).size).toBe(1);
    expect(await sends.outbox.open(ref)).toHaveLength(1);
  });

  it('takes a send that did not happen up again, once its time has come', async () => {
    const row = await claim('once');
    await sends.pass(row);
    await sends.outbox.settle(row.sendId, ref, { state: 'not-sent', reason: '429', checkAt: later(10) }, NOW);
    expect((await sends.outbox.claim(ref, draft('once'), later(9))).state).toBe('not-sent');
    expect(await sends.outbox.claim(ref, draft('once'), later(10))).toMatchObject({
      state: 'claimed',
      reason: null,
      sendId: row.sendId,
    });
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
    const twin = await sends.lead(ref.locationId);
    for (const [at, settlement] of done.entries()) {
      await sends.sent(at % 2 ? twin : ref, later(at), settlement, at % 2 ? ['mail-hash'] : PERSON);
    }
    await sends.pass(await claim('on its way'), { now: later(9) });
    expect((await facts(later(10))).sentIn24h).toEqual({ known: true, value: { count: 5, oldestAt: later(0) } });
  });

  it('is not what failed for certain, what was never tried, what others got, nor what another location sent', async () => {
    await sends.sent(ref, NOW, { state: 'refused', reason: 'DND' });
    await sends.sent(ref, NOW, { state: 'not-sent', reason: '429', checkAt: later(1) });
    await sends.sent(ref, NOW, { state: 'sent', vendorId: 'v' }, ['somebody-else']);
    await claim('only claimed');
    const parked = await claim('parked before the gate');
    await sends.outbox.settle(parked.sendId, ref, { state: 'parked', reason: 'poison' }, NOW);
    await sends.sent(await sends.lead(), NOW, { state: 'sent', vendorId: 'v' });
    await sends.pass(await claim('answer', { purpose: 'answer' }));
    await sends.pass(await claim('task', { channel: 'call-task' }));
    expect((await facts(later(1))).sentIn24h).toEqual({ known: true, value: { count: 0, oldestAt: null } });
  });

  it('leaves the window after 24 hours and a minute to the millisecond', async () => {
    await sends.sent(ref, NOW, { state: 'sent', vendorId: 'v' });
    const count = async (now: string): Promise<unknown> => (await facts(now)).sentIn24h;
    expect(await count('2026-03-03T15:00:59.999Z')).toMatchObject({ value: { count: 1 } });
    expect(await count('2026-03-03T15:01:00.000Z')).toMatchObject({ value: { count: 0 } });
  });

  it('never lets two contacts of one person pass a cap of one together', async () => {
    const lone = [`person-${ref.contactId}`];
    const rows = await Promise.all(
      Array.from({ length: 12 }, async (_one, at) => {
        const lead = await sends.lead(ref.locationId);
        return sends.claim(lead, `race:${at}`);
      }),
    );
    const verdicts = await Promise.all(
      rows.map((row) =>
        sends.outbox.pass(row.sendId, row, {
          ...{ vendor, personHashes: lone, now: NOW, content: row.content },
          judge: (facts) => (facts.sentIn24h.known && facts.sentIn24h.value.count < 1 ? OPEN : CLOSED),
        }),
      ),
    );
    expect(verdicts.filter((passed) => passed?.verdict.open)).toHaveLength(1);
  });
});

describe('settling', () => {
  const row = async (key = 'once'): Promise<OutboxRow> => {
    const claimed = await claim(key);
    await sends.pass(claimed);
    return claimed;
  };

  it('adds what went out to the talk, once, whether we or the vendor tell of it first', async () => {
    const first = await row();
    await sends.outbox.settle(first.sendId, ref, { state: 'sent', vendorId: 'm-1' }, later(1));
    await sends.outbox.settle(first.sendId, ref, { state: 'sent', vendorId: 'm-1' }, later(2));
    expect(await sends.leads.talk(ref, 10)).toEqual([
      {
        ...{ direction: 'outbound', channel: 'sms', at: NOW, human: false },
        body: 'Example Realty: Hello Ann\nReply STOP to opt out.',
      },
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
      await sends.outbox.settle(sendId, ref, unknown(minutes), NOW);
      checks.push((await sends.outbox.get(sendId, ref))?.checks);
    }
    expect(checks).toEqual([0, 1, 1, 2]);
    await sends.outbox.settle(sendId, ref, { state: 'parked', reason: 'not found' }, NOW);
    expect(await sends.outbox.parked(ref)).toMatchObject([{ sendId, state: 'parked', reason: 'not found' }]);
    expect(await sends.outbox.open(ref)).toEqual([]);
  });

  it('never leads back from the end, and never cancels what may be on its way', async () => {
    const { sendId } = await row();
    const cancel: Settlement = { state: 'cancelled', reason: 'not wanted' };
    await expect(sends.outbox.settle(sendId, ref, cancel, NOW)).rejects.toMatchObject({ code: 'SEND_STATE' });
    await sends.outbox.settle(sendId, ref, { state: 'refused', reason: 'DND' }, NOW);
    for (const settlement of [
      cancel,
      { state: 'sent', vendorId: 'v' },
      { state: 'unknown', reason: 'x', checkAt: NOW },
    ] as const) {
      await expect(sends.outbox.settle(sendId, ref, settlement, NOW)).rejects.toMatchObject({ code: 'SEND_STATE' });
    }
    expect(await sends.outbox.get(sendId, ref)).toMatchObject({ state: 'refused', reason: 'DND' });
  });

  it('writes down what was made as an action, once, and what of it is ours in the CRM', async () => {
    const pipeline = {
      channel: 'opportunity',
      purpose: 'task',
      content: { body: '', target: 'pipe', stage: 'new' },
    } as const;
    const made = await sends.claim(ref, 'opportunity:pipe', pipeline);
    const asked = { vendor, personHashes: [], now: NOW, judge: () => OPEN };
    await sends.outbox.pass(made.sendId, ref, { ...asked, content: pipeline.content });
    for (const minutes of [1, 2])
      await sends.outbox.settle(made.sendId, ref, { state: 'sent', vendorId: 'o-1' }, later(minutes));
    const flow = { channel: 'ghl-workflow', purpose: 'task', content: { body: '', target: 'flow' } } as const;
    const begun = await sends.claim(ref, 'workflow:flow', flow);
    await sends.outbox.pass(begun.sendId, ref, { ...asked, content: flow.content });
    await sends.outbox.settle(begun.sendId, ref, { state: 'parked', reason: 'nobody knows' }, later(3));
    const { items } = await createCrmActionStore(db.tenants).list(ref, 10);
    expect(items).toMatchObject([
      { kind: 'opportunity.create', target: 'o-1', after: 'new', sendId: made.sendId, at: later(1) },
    ]);
    expect((await sends.leads.plan(ref))?.marks).toMatchObject({
      opportunity: { state: 'ours', id: 'o-1', value: 'new' },
      // It may have been entered: it has to be left once nobody wants it.
      'workflow:flow': { state: 'ours' },
    });
  });

  it('tells the gate that nobody wants a workflow or an opportunity which the plan does not name', async () => {
    for (const [channel, plan, wanted] of [
      ['ghl-workflow', { workflows: ['x'] }, true],
      ['ghl-workflow', { workflows: [] }, false],
      ['opportunity', { opportunity: { pipelineId: 'x' } }, true],
      ['opportunity', { opportunity: null }, false],
      ['note', {}, true],
    ] as const) {
      await db.pool.query('update leads set plan = $3 where location_id = $1 and contact_id = $2', [
        ...[ref.locationId, ref.contactId, plan],
      ]);
      const content = { body: '', target: 'x' };
      const row = await sends.claim(ref, randomUUID(), { channel, purpose: 'task', content });
      const { facts } = await sends.pass(row, { verdict: CLOSED, person: [] });
      expect([channel, facts?.wanted, facts?.suppressed.known]).toEqual([
        channel,
        { known: true, value: wanted },
        true,
      ]);
    }
  });

  it('knows no send of another lead', async () => {
    const { sendId } = await row();
    const stranger = newRef();
    expect(await sends.outbox.get(sendId, stranger)).toBeUndefined();
    await expect(sends.outbox.settle(sendId, stranger, { state: 'recorded' }, NOW)).rejects.toMatchObject({
      code: 'SEND_STATE',
    });
    const asked = { vendor, personHashes: PERSON, now: NOW, judge: () => OPEN, content: { body: '' } };
    expect(await sends.outbox.pass(sendId, stranger, asked)).toBeUndefined();
  });
});
