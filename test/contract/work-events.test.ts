import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createAtOnce } from '../../activities/at-once.ts';
import type { Deps } from '../../activities/deps.ts';
import { createLeadActivities } from '../../activities/leads.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { CrmRecordStore } from '../../domain/ports/crm-records.ts';
import { fallbackName, scoreByRules } from '../../domain/scoring/scorecard.ts';
import { readEnvelope } from '../../domain/webhooks/envelope.ts';
import { createAssignmentStore } from '../../integrations/postgres/assignments.ts';
import { createCrmActionStore } from '../../integrations/postgres/crm-actions.ts';
import { createCrmRecordStore } from '../../integrations/postgres/crm-records.ts';
import { createRestoreStore } from '../../integrations/postgres/restores.ts';
import { createSequenceStore } from '../../integrations/postgres/sequences.ts';
import { createLogger } from '../../platform/logger.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { createRelay, type Relay } from '../../workers/relay.ts';
import type { Worked } from '../../workflows/activities.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { crmMaker, recordingLog } from '../support/ghl-crm.ts';
import { inboxEvent, installLocation, newRef } from '../support/records.ts';
import { json, type RecordingVendor, startRecordingVendor } from '../support/recording-vendor.ts';
import { type Sends, sendsIn } from '../support/sends.ts';
import { until } from '../support/until.ts';

const log = recordingLog();
const { crmAt, closeAll } = crmMaker(log);
let db: TestDatabase;
let sends: Sends;
let records: CrmRecordStore;
let ref: LeadRef;
let clock: number;

beforeAll(async () => {
  db = await createTestDatabase();
  sends = sendsIn(db.tenants);
  records = createCrmRecordStore(db.tenants);
});
afterAll(async () => {
  await closeAll();
  await db.drop();
});
beforeEach(async () => {
  ref = newRef();
  clock = Date.now() - 60_000;
  await installLocation(sends.locations, ref.locationId);
});

/** No CRM answers here: whatever an event brings about must come from the event and the store. */
function depsOf(echoGuard = true): Deps {
  return {
    restores: createRestoreStore(db.tenants),
    actions: createCrmActionStore(db.tenants),
    assignments: createAssignmentStore(db.tenants),
    records,
    ...{ inbox: sends.inbox, leads: sends.leads, outbox: sends.outbox, locations: sends.locations, log },
    crm: crmAt('http://127.0.0.1:9'),
    sequences: createSequenceStore(db.tenants.house),
    model: {
      ...{ name: fallbackName, healthy: false, close: () => Promise.resolve() },
      score: (facts) => Promise.resolve(facts.map(scoreByRules)),
    },
    pauses: { at: () => Promise.resolve() },
    mode: 'sandbox',
    now: () => new Date(),
    newId: randomUUID,
    sha256: (text) => text,
    personHash: (address) => `hash of ${address}`,
    measure: () => undefined,
    bench: { taskDelayMs: 0, serial: false, echoGuard },
  };
}

/** A second later by the vendor's clock each time. */
function stamp(): string {
  clock += 1_000;
  return new Date(clock).toISOString();
}

async function accept(
  type: string,
  fields: object,
  to: Partial<LeadRef> = ref,
): Promise<{ inboxId: string; contactId: string | null }> {
  const body = { type, ...to, timestamp: stamp(), ...fields };
  const { kind, contactId = null } = readEnvelope('marketplace', body);
  const { inboxId } = await sends.inbox.accept(
    inboxEvent(ref, {
      ...{ type, kind, contactId, locationId: to.locationId ?? null, occurredAt: body.timestamp },
      body: Buffer.from(JSON.stringify(body)),
    }),
  );
  return { inboxId, contactId };
}

interface Outcome {
  readonly decided: boolean;
  readonly verdict: string | undefined;
  readonly reason: string | null | undefined;
}

/** One event through inbox and levels. */
async function work(type: string, fields: object, { echoGuard = true } = {}): Promise<Outcome> {
  const { inboxId } = await accept(type, fields);
  const deps = depsOf(echoGuard);
  const { decided }: Worked = await new MockActivityEnvironment().run(
    createLeadActivities(deps, createAtOnce(deps)).work,
    { ...ref, inboxId, kind: type, at: stamp(), thenAct: false },
  );
  const row = await sends.inbox.load(inboxId);
  return { decided, verdict: row?.verdict, reason: row?.reason };
}

const worked: Outcome = { decided: true, verdict: 'worked', reason: null };
const twin: Outcome = { decided: false, verdict: 'ignored', reason: 'twin: nothing new' };
const nothingNew: Outcome = { decided: false, verdict: 'ignored', reason: 'echo: nothing new' };
const echo: Outcome = { decided: false, verdict: 'ignored', reason: 'echo: our own write' };

const opportunity = (change: object = {}) => ({
  ...{
    id: 'O1',
    pipelineId: 'P',
    pipelineStageId: 'S1',
    status: 'open',
    name: 'River home',
    monetaryValue: 5,
    assignedTo: null,
  },
  ...change,
});

async function told(): Promise<string[]> {
  const { items } = await sends.leads.timeline(ref, 50);
  return items
    .filter(({ kind }) => kind === 'event')
    .map(({ summary }) => summary)
    .toReversed();
}

describe('one change that comes as several events', () => {
  it('of an opportunity is worked once, whichever of them comes first, and its twins change nothing', async () => {
    expect(await work('OpportunityCreate', opportunity())).toEqual(worked);
    expect(await work('OpportunityUpdate', opportunity())).toEqual(twin);
    const moved = opportunity({ pipelineStageId: 'S2' });
    expect(await work('OpportunityUpdate', moved)).toEqual(worked);
    expect(await work('OpportunityStageUpdate', moved)).toEqual(twin);
    const given = opportunity({ pipelineStageId: 'S2', assignedTo: 'U1' });
    expect(await work('OpportunityAssignedToUpdate', given)).toEqual(worked);
    expect(await work('OpportunityDelete', given)).toEqual(worked);
    expect(await work('OpportunityUpdate', given)).toEqual(twin);
    expect(await told()).toEqual([
      'An opportunity was made.',
      'An opportunity moved to another stage.',
      'An opportunity was given to somebody else.',
      'An opportunity was deleted.',
    ]);
    expect(await records.get(ref.locationId, 'opportunity', 'O1')).toMatchObject({
      deletedAt: expect.any(String),
      facts: { stageId: 'S2', assignedTo: 'U1' },
    });
  }, 30_000);

  it('of an appointment, a task and a note is told in words without any of theirs', async () => {
    const appointment = { id: 'A1', contactId: ref.contactId, appointmentStatus: 'confirmed', title: 'Secret words' };
    expect(await work('AppointmentCreate', { appointment })).toEqual(worked);
    expect(
      await work('AppointmentUpdate', { appointment: { ...appointment, appointmentStatus: 'cancelled' } }),
    ).toEqual(worked);
    expect(await work('TaskCreate', { id: 'T1', title: 'Secret words' })).toEqual(worked);
    expect(await work('TaskComplete', { id: 'T1', title: 'Secret words' })).toEqual(worked);
    expect(await work('TaskComplete', { id: 'T1', title: 'Secret words' })).toEqual(twin);
    expect(await work('NoteCreate', { id: 'N1', body: 'Secret words' })).toEqual(worked);
    expect(await told()).toEqual([
      'An appointment was made.',
      'An appointment was cancelled.',
      'A task was made.',
      'A task was done.',
      'A note was made.',
    ]);
  }, 30_000);

  it('that comes late does not undo what came since', async () => {
    const late = stamp();
    await work('OpportunityUpdate', opportunity({ status: 'won' }));
    expect(await work('OpportunityUpdate', opportunity({ status: 'open', timestamp: late }))).toEqual(twin);
    expect((await records.get(ref.locationId, 'opportunity', 'O1'))?.facts).toMatchObject({ status: 'won' });
  }, 30_000);

  it('that is told again does not let older news of it count as newer', async () => {
    await work('OpportunityUpdate', opportunity());
    const late = stamp();
    expect(await work('OpportunityAssignedToUpdate', opportunity())).toEqual(twin);
    expect(await work('OpportunityUpdate', opportunity({ pipelineStageId: 'S2', timestamp: late }))).toEqual(twin);
    expect((await records.get(ref.locationId, 'opportunity', 'O1'))?.facts).toMatchObject({ stageId: 'S1' });
  }, 30_000);

  it('that goes over to another contact is told to both, once', async () => {
    await work('OpportunityCreate', opportunity());
    const before = ref;
    ref = newRef(ref.locationId);
    await work('OpportunityUpdate', opportunity({ contactId: ref.contactId }));
    expect(await work('OpportunityUpdate', opportunity({ contactId: ref.contactId }))).toEqual(twin);
    expect(await told()).toHaveLength(1);
    ref = before;
    expect(await told()).toEqual(['An opportunity was made.', 'An opportunity went over to another contact.']);
    const { rows } = await db.pool.query(
      `select contact_id as "contactId", type from inbox where location_id = $1 and source = 'internal'`,
      [ref.locationId],
    );
    expect(rows).toEqual([{ contactId: before.contactId, type: 'lead.resume' }]);
  }, 30_000);

  it('starts no follow-up: a record says nothing of consent', async () => {
    await work('OpportunityCreate', opportunity());
    expect(await sends.leads.load(ref)).toMatchObject({ activatedAt: null, snapshot: null, stage: 'new' });
    expect(await sends.leads.enrolments(ref)).toEqual([]);
  }, 30_000);
});

describe('what we did ourselves', () => {
  it('of an opportunity is known before it comes back, and what a person makes of it afterwards is news', async () => {
    const write = {
      key: 'create:1',
      kind: 'opportunity',
      recordId: null,
      facts: { pipelineId: 'P', stageId: 'S1' },
    } as const;
    await records.announce(ref, write, new Date().toISOString());
    expect(await work('OpportunityCreate', opportunity())).toEqual(echo);
    await records.expect(ref, { ...write, recordId: 'O1' }, stamp());
    expect(await work('OpportunityUpdate', opportunity())).toEqual(twin);
    expect(await work('OpportunityUpdate', opportunity({ status: 'lost' }))).toEqual(worked);
    expect(await told()).toEqual(['An opportunity was lost.']);
  }, 30_000);

  it('is worked like news with the guard off: the control', async () => {
    await records.expect(ref, { key: 'c', kind: 'opportunity', recordId: 'O1', facts: { stageId: 'S1' } }, stamp());
    expect(await work('OpportunityUpdate', opportunity(), { echoGuard: false })).toEqual(worked);
    expect(await work('OpportunityUpdate', opportunity(), { echoGuard: false })).toEqual(worked);
  }, 30_000);

  it('of a contact is known while it is under way, and stored', async () => {
    await work('ContactCreate', { id: ref.contactId, firstName: 'Robin', tags: ['Hit List'] });
    const write = { key: 'plan:1', kind: 'contact', recordId: null, facts: { tagsAdded: ['Hot-Lead'] } } as const;
    await records.announce(ref, write, new Date().toISOString());
    expect(await work('ContactTagUpdate', { id: ref.contactId, tags: ['Hit List', 'hot-lead'] })).toEqual(echo);
    expect((await sends.leads.load(ref))?.snapshot?.tags).toEqual(['Hit List', 'hot-lead']);
    expect(await work('ContactTagUpdate', { id: ref.contactId, tags: ['hot-lead'] })).toEqual(worked);
    expect((await told()).at(-1)).toBe('The tags of the contact were changed in the CRM: one tag removed.');
  }, 30_000);

  it('comes back after somebody has undone it, hours late: what is known stays', async () => {
    await work('ContactCreate', { id: ref.contactId, tags: ['Hit List'] });
    const late = stamp();
    await work('ContactTagUpdate', { id: ref.contactId, tags: ['Hit List', 'Hot-Lead'] });
    await work('ContactTagUpdate', { id: ref.contactId, tags: ['Hit List'] });
    const again = { id: ref.contactId, tags: ['Hit List', 'Hot-Lead'], timestamp: late };
    expect(await work('ContactTagUpdate', again)).toEqual(nothingNew);
    expect((await sends.leads.load(ref))?.snapshot?.tags).toEqual(['Hit List']);
  }, 30_000);

  it('as a text under way is no news when it is reported, and its delivery is kept without deciding anew', async () => {
    await sends.work(ref);
    const row = await sends.claim(ref, 'hello');
    await sends.pass(row);
    const reported = { messageType: 'SMS', messageId: 'm1', body: 'Hello Ann', source: 'api', status: 'pending' };
    expect(await work('OutboundMessage', reported)).toEqual(echo);
    await sends.outbox.settle(row.sendId, ref, { state: 'sent', vendorId: 'm1' }, stamp());
    const kept = { decided: false, verdict: 'worked', reason: null };
    expect(await work('OutboundMessage', { ...reported, status: 'delivered' })).toEqual(kept);
    expect(await work('OutboundMessage', { ...reported, status: 'sent' })).toEqual(twin);
    expect(await work('OutboundMessage', { ...reported, status: 'failed' })).toEqual(kept);
    expect(await told()).toEqual(['A message by SMS is now delivered.', 'A message by SMS did not arrive.']);
  }, 30_000);

  it.each(['unknown', 'parked', 'not-sent'] as const)(
    'as a send whose outcome is %s is settled by its echo, which is nobody else’s message, and told once',
    async (state) => {
      const now = new Date().toISOString();
      const row = await sends.claim(ref, 'hello');
      await sends.pass(row, { now });
      const checkAt = new Date(Date.now() + 60_000).toISOString();
      await sends.outbox.settle(row.sendId, ref, { state: 'unknown', reason: 'timed out', checkAt }, now);
      if (state !== 'unknown') {
        await sends.outbox.settle(row.sendId, ref, { state: 'parked', reason: 'not found' }, now);
      }
      if (state === 'not-sent') {
        await db.pool.query(`update outbox set state = 'not-sent' where location_id = $1`, [ref.locationId]);
      }
      const text = {
        ...{ messageId: 'm-late', direction: 'outbound', messageType: 'SMS', source: 'api', contactId: ref.contactId },
        body: 'Hello  Ann',
      };
      const foreign = { ...text, messageId: 'm-other', body: 'Something else' };
      expect(await work('OutboundMessage', foreign)).toEqual(worked);
      expect(await sends.outbox.get(row.sendId, ref)).toMatchObject({ state, vendorId: null });
      const older = { ...text, messageId: 'm-old', dateAdded: new Date(Date.parse(now) - 3_600_000).toISOString() };
      await work('OutboundMessage', older);
      expect(await sends.outbox.get(row.sendId, ref)).toMatchObject({ state, vendorId: null });
      expect(await work('OutboundMessage', { ...text, dateAdded: now })).toEqual(echo);
      expect(await sends.outbox.get(row.sendId, ref)).toMatchObject({ state: 'sent', vendorId: 'm-late' });
      expect(await work('OutboundMessage', { ...text, dateAdded: now })).toEqual(twin);
      const { items } = await sends.leads.timeline(ref, 50);
      expect(items.filter(({ kind }) => kind === 'send')).toHaveLength(1);
      const { rows } = await db.pool.query('select origin from messages where location_id = $1 and message_key = $2', [
        ref.locationId,
        'm-late',
      ]);
      expect(rows).toEqual([{ origin: 'api' }]);
    },
    30_000,
  );
});

describe('news of a contact that come in another order', () => {
  it('are decided upon, of a channel that a read has shown closed; not of one that we have closed ourselves', async () => {
    await work('ContactCreate', { id: ref.contactId, tags: ['Hit List'] });
    await sends.leads.refreshSnapshot(ref, { dndChannels: { sms: 'on' } }, stamp());
    const dnd = { id: ref.contactId, dndSettings: { SMS: { status: 'active' } } };
    expect(await work('ContactDndUpdate', dnd)).toEqual(worked);
    const marks = { 'dnd:sms': { state: 'ours', at: stamp() } };
    await db.pool.query('update leads set crm_marks = $2 where location_id = $1', [ref.locationId, marks]);
    expect(await work('ContactDndUpdate', dnd)).toEqual(nothingNew);
  }, 30_000);

  it('end nothing, where a deletion before the creation is heard of last', async () => {
    const before = stamp();
    await work('ContactCreate', { id: ref.contactId, tags: ['Hit List'] });
    await work('ContactDelete', { id: ref.contactId, timestamp: before });
    expect(await sends.leads.load(ref)).toMatchObject({ stage: 'new', deletedAt: null });
    await work('ContactDelete', { id: ref.contactId });
    expect(await sends.leads.load(ref)).toMatchObject({ stage: 'gone', deletedAt: expect.any(String) });
  }, 30_000);

  it('do not bring back what was so before it was told again', async () => {
    await work('ContactCreate', { id: ref.contactId, tags: [], dndSettings: { SMS: { status: 'inactive' } } });
    const late = stamp();
    const now = { id: ref.contactId, tags: [], dndSettings: { SMS: { status: 'inactive' } } };
    expect(await work('ContactUpdate', now)).toEqual(nothingNew);
    const before = { id: ref.contactId, tags: ['Hit List'], dndSettings: { SMS: { status: 'active' } } };
    expect(await work('ContactDndUpdate', { ...before, timestamp: late })).toEqual(nothingNew);
    expect((await sends.leads.load(ref))?.snapshot).toMatchObject({ tags: [], dndChannels: { sms: 'off' } });
  }, 30_000);

  it('end with a contact that was restored after it was deleted, however late both are heard of', async () => {
    await work('ContactCreate', { id: ref.contactId });
    await work('ContactDelete', { id: ref.contactId });
    expect(await sends.leads.load(ref)).toMatchObject({ stage: 'gone' });
    await work('ContactUpdate', { id: ref.contactId, firstName: 'Robin' });
    expect(await sends.leads.load(ref)).toMatchObject({ stage: 'gone' });
    await work('ContactCreate', { id: ref.contactId });
    expect(await sends.leads.load(ref)).toMatchObject({ stage: 'new', deletedAt: null });
  }, 30_000);
});

describe('a person’s message', () => {
  it('takes the lead over once: the report of its delivery does not undo a resume', async () => {
    const byHand = { messageType: 'SMS', messageId: 'h1', body: 'Hi', source: 'app', userId: 'U1' };
    expect(await work('OutboundMessage', { ...byHand, status: 'sent' })).toEqual(worked);
    expect(await sends.leads.load(ref)).toMatchObject({ state: 'taken-over' });
    await sends.leads.act(ref, randomUUID(), { action: 'resume' }, stamp());
    await work('OutboundMessage', { ...byHand, status: 'delivered' });
    expect(await sends.leads.load(ref)).toMatchObject({ state: 'active' });
    expect(await records.lastHumanReaction(ref, new Date(0).toISOString())).toMatchObject({
      what: 'message',
      userId: 'U1',
    });
  }, 30_000);

  it('takes it over when only a later report says who wrote', async () => {
    const bare = { messageType: 'SMS', messageId: 'h2', body: 'Hi', status: 'sent' };
    await work('OutboundMessage', bare);
    expect(await sends.leads.load(ref)).toMatchObject({ state: 'active' });
    const told = { ...bare, status: 'delivered', source: 'app', userId: 'U1' };
    expect(await work('OutboundMessage', told)).toEqual(worked);
    expect(await sends.leads.load(ref)).toMatchObject({ state: 'taken-over' });
    await work('OutboundMessage', { ...told, status: 'read' });
    expect((await records.lastHumanReaction(ref, new Date(0).toISOString()))?.what).toBe('message');
  }, 30_000);
});

describe('events that no lead decides upon', () => {
  let relay: Relay;
  let delivered: { ref: LeadRef; inboxId: string }[];
  let vendor: RecordingVendor;
  beforeAll(async () => {
    vendor = await startRecordingVendor();
  });
  afterAll(() => vendor.close());
  beforeEach(() => {
    delivered = [];
    vendor.answer(json(200, { tasks: [] }));
    relay = createRelay(
      {
        ...{ inbox: sends.inbox, leads: sends.leads, locations: sends.locations, records },
        crm: crmAt(vendor.url),
        hashPerson: (address) => `hash of ${address}`,
        // Nothing here is about tokens, or behaviour on a site.
        ...({} as Pick<Parameters<typeof createRelay>[0], 'activity' | 'installs' | 'credentials' | 'refresher'>),
        mailbox: { deliver: (to, { inboxId }) => Promise.resolve(void delivered.push({ ref: to, inboxId })) },
        log: createLogger({ level: 'silent' }),
        metrics: createMetrics(),
        pauses: { at: () => Promise.resolve() },
      },
      { bootId: randomUUID(), everyMs: 20 },
    );
  });

  /** @param ageMs  it came so long ago */
  async function relayed(
    type: string,
    fields: object,
    to: Partial<LeadRef> = { locationId: ref.locationId },
    ageMs = 0,
  ) {
    const { inboxId, contactId } = await accept(type, fields, to);
    const row = await sends.inbox.load(inboxId);
    if (row === undefined) throw new Error('not stored');
    const receivedAt = new Date(Date.parse(row.receivedAt) - ageMs).toISOString();
    relay.kick({ ...row, contactId, receivedAt });
    await until(
      async () =>
        ['worked', 'ignored', 'dispatched'].includes((await sends.inbox.load(inboxId))?.verdict ?? '') ||
        delivered.some((one) => one.inboxId === inboxId),
    );
    const { verdict, reason } = (await sends.inbox.load(inboxId)) ?? {};
    await relay.stop();
    return { inboxId, verdict, reason };
  }

  it('are stored: a record without a type, known by its shape', async () => {
    const record = { id: 'R1', owners: [], followers: [], properties: [{ key: 'street', valueString: 'Cooper Mews' }] };
    expect(await relayed('unknown', { ...record, type: undefined })).toMatchObject({ verdict: 'worked' });
    expect(await records.get(ref.locationId, 'record', 'R1')).toMatchObject({
      facts: { 'property.street': 'Cooper Mews' },
    });
  });

  it('are a lead’s after all, where the record is known to be the lead’s', async () => {
    await work('TaskCreate', { id: 'T1', title: 'Call' });
    const { inboxId } = await relayed('TaskComplete', { id: 'T1' });
    expect(delivered).toEqual([{ ref, inboxId }]);
    expect(await sends.inbox.load(inboxId)).toMatchObject({ contactId: ref.contactId });
  });

  it('are a lead’s after all, where only the CRM knows whose the task is', async () => {
    const others = Array.from({ length: 25 }, (_, n) => ({ _id: `T-${n}`, contactId: 'somebody-else' }));
    vendor.answer(json(200, { tasks: others }), json(200, { tasks: [{ _id: 'T8', contactId: ref.contactId }] }));
    const before = vendor.calls.length;
    const { inboxId } = await relayed('TaskCreate', { id: 'T8', title: 'Call' });
    expect(delivered).toEqual([{ ref, inboxId }]);
    expect(await sends.inbox.load(inboxId)).toMatchObject({ contactId: ref.contactId });
    expect(vendor.calls.slice(before)).toMatchObject([
      { operation: 'task-search', faults: [], body: { query: 'Call', limit: 25, skip: 0 } },
      { operation: 'task-search', faults: [], body: { query: 'Call', limit: 25, skip: 25 } },
    ]);
  });

  it.each([
    ['that the CRM does not show yet', 0, json(200, { tasks: [] })],
    ['that a CRM which does not answer knows', 3_600_000, json(500, {})],
  ])('wait to be asked about again: a task %s', async (_title, ageMs, answer) => {
    vendor.answer(answer);
    const task = relayed('TaskCreate', { id: 'T5', title: 'Call' }, undefined, ageMs);
    expect(await task).toMatchObject({ verdict: 'dispatched' });
    expect(delivered).toEqual([]);
  });

  it('wait for a location that stands still, and ask nothing meanwhile', async () => {
    await sends.locations.setStatus(ref.locationId, 'paused');
    const before = vendor.calls.length;
    const task = relayed('TaskCreate', { id: 'T7' }, undefined, 30 * 3_600_000);
    expect(await task).toMatchObject({ verdict: 'dispatched' });
    expect([vendor.calls.length, delivered]).toEqual([before, []]);
  });

  it.each([
    ['that the CRM does not show', 10 * 60_000, json(200, { tasks: [] })],
    ['that we may not ask about', 0, json(403, { message: 'Forbidden' })],
    ['that a CRM which never answers knows', 25 * 3_600_000, json(500, {})],
  ])('are kept for the location: a task %s', async (_title, ageMs, answer) => {
    vendor.answer(answer);
    const task = relayed('TaskCreate', { id: 'T9', title: 'Call' }, undefined, ageMs);
    expect(await task).toMatchObject({ verdict: 'worked' });
    expect(delivered).toEqual([]);
    expect(await records.get(ref.locationId, 'task', 'T9')).toMatchObject({
      contactId: null,
      facts: { title: 'Call' },
    });
  });

  it('make an agent of a user, only where the user’s agency is installed', async () => {
    const user = { id: 'U1', firstName: 'Ines', lastName: 'Brandt', email: 'ines@example.com' };
    expect(await relayed('UserCreate', user)).toMatchObject({ verdict: 'worked' });
    expect(await records.get(ref.locationId, 'user', 'U1')).toMatchObject({ facts: { name: 'Ines Brandt' } });
  });

  it('of another agency change nobody’s team', async () => {
    const user = { id: 'U2', firstName: 'Ines', companyId: 'another', locations: [ref.locationId] };
    expect(await relayed('UserCreate', user, {})).toMatchObject({ verdict: 'ignored' });
    expect(await records.get(ref.locationId, 'user', 'U2')).toBeUndefined();
  });

  it('bar an address that complained, whose leads ask anew what is next', async () => {
    await sends.work(ref);
    await db.pool.query(`update leads set email_hash = 'hash of robin@example.com' where contact_id = $1`, [
      ref.contactId,
    ]);
    const webhookPayload = { event: 'complained', id: 'e1', timestamp: 1777892461, recipient: 'Robin@Example.com' };
    expect(await relayed('LCEmailStats', { webhookPayload })).toMatchObject({ verdict: 'worked' });
    const woken = await db.pool.query(`select from inbox where contact_id = $1 and type = 'lead.resume'`, [
      ref.contactId,
    ]);
    expect(woken.rowCount).toBe(1);
    const mail = await sends.claim(ref, 'mail', { channel: 'email' });
    const { facts } = await sends.pass(mail, { person: ['hash of robin@example.com'] });
    expect(facts?.suppressed).toEqual({ known: true, value: true });
  });

  it('rename their location', async () => {
    expect(await relayed('LocationUpdate', { id: ref.locationId, name: 'Bayline' })).toMatchObject({
      verdict: 'worked',
    });
    expect(await sends.locations.get(ref.locationId)).toMatchObject({ name: 'Bayline' });
  });
});

describe('conversations and campaigns of a contact', () => {
  it('are stored and decide nothing', async () => {
    const kept = { decided: false, verdict: 'worked', reason: null };
    expect(await work('ConversationUnreadUpdate', { id: 'V1', unreadCount: 2 })).toEqual(kept);
    expect(await work('ConversationUnreadUpdate', { id: 'V1', unreadCount: 2 })).toEqual(twin);
    expect(await work('CampaignStatusUpdate', { id: 'G1', status: 'paused', replied: 'Yes please' })).toEqual(kept);
    expect(await records.ofLead(ref, 'campaign')).toMatchObject([{ facts: { status: 'paused' } }]);
    expect(await sends.leads.load(ref)).toBeUndefined();
  }, 30_000);
});
