import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  beginEvents,
  closeEvents,
  db,
  echo,
  nothingNew,
  openEvents,
  opportunity,
  records,
  ref,
  sends,
  stamp,
  told,
  turnTo,
  twin,
  work,
  worked,
} from '../support/crm-events.ts';
import { newRef } from '../support/records.ts';

beforeAll(openEvents);
afterAll(closeEvents);
beforeEach(beginEvents);

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
  });

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
  });

  it('that comes late does not undo what came since', async () => {
    const late = stamp();
    await work('OpportunityUpdate', opportunity({ status: 'won' }));
    expect(await work('OpportunityUpdate', opportunity({ status: 'open', timestamp: late }))).toEqual(twin);
    expect((await records.get(ref.locationId, 'opportunity', 'O1'))?.facts).toMatchObject({ status: 'won' });
  });

  it('that is told again does not let older news of it count as newer', async () => {
    await work('OpportunityUpdate', opportunity());
    const late = stamp();
    expect(await work('OpportunityAssignedToUpdate', opportunity())).toEqual(twin);
    expect(await work('OpportunityUpdate', opportunity({ pipelineStageId: 'S2', timestamp: late }))).toEqual(twin);
    expect((await records.get(ref.locationId, 'opportunity', 'O1'))?.facts).toMatchObject({ stageId: 'S1' });
  });

  it('that goes over to another contact is told to both, once', async () => {
    await work('OpportunityCreate', opportunity());
    const before = ref;
    turnTo(newRef(ref.locationId));
    await work('OpportunityUpdate', opportunity({ contactId: ref.contactId }));
    expect(await work('OpportunityUpdate', opportunity({ contactId: ref.contactId }))).toEqual(twin);
    expect(await told()).toHaveLength(1);
    turnTo(before);
    expect(await told()).toEqual(['An opportunity was made.', 'An opportunity went over to another contact.']);
    const { rows } = await db.pool.query(
      `select contact_id as "contactId", type from inbox where location_id = $1 and source = 'internal'`,
      [ref.locationId],
    );
    expect(rows).toEqual([{ contactId: before.contactId, type: 'lead.resume' }]);
  });

  it('starts no follow-up: a record says nothing of consent', async () => {
    await work('OpportunityCreate', opportunity());
    expect(await sends.leads.load(ref)).toMatchObject({ activatedAt: null, snapshot: null, stage: 'new' });
    expect(await sends.leads.enrolments(ref)).toEqual([]);
  });
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
  });

  it('is worked like news with the guard off: the control', async () => {
    await records.expect(ref, { key: 'c', kind: 'opportunity', recordId: 'O1', facts: { stageId: 'S1' } }, stamp());
    expect(await work('OpportunityUpdate', opportunity(), { echoGuard: false })).toEqual(worked);
    expect(await work('OpportunityUpdate', opportunity(), { echoGuard: false })).toEqual(worked);
  });

  it('of a contact is known while it is under way, and stored', async () => {
    await work('ContactCreate', { id: ref.contactId, firstName: 'Robin', tags: ['Hit List'] });
    const write = { key: 'plan:1', kind: 'contact', recordId: null, facts: { tagsAdded: ['Hot-Lead'] } } as const;
    await records.announce(ref, write, new Date().toISOString());
    expect(await work('ContactTagUpdate', { id: ref.contactId, tags: ['Hit List', 'hot-lead'] })).toEqual(echo);
    expect((await sends.leads.load(ref))?.snapshot?.tags).toEqual(['Hit List', 'hot-lead']);
    expect(await work('ContactTagUpdate', { id: ref.contactId, tags: ['hot-lead'] })).toEqual(worked);
    expect((await told()).at(-1)).toBe('The tags of the contact were changed in the CRM: one tag removed.');
  });

  it('comes back after somebody has undone it, hours late: what is known stays', async () => {
    await work('ContactCreate', { id: ref.contactId, tags: ['Hit List'] });
    const late = stamp();
    await work('ContactTagUpdate', { id: ref.contactId, tags: ['Hit List', 'Hot-Lead'] });
    await work('ContactTagUpdate', { id: ref.contactId, tags: ['Hit List'] });
    const again = { id: ref.contactId, tags: ['Hit List', 'Hot-Lead'], timestamp: late };
    expect(await work('ContactTagUpdate', again)).toEqual(nothingNew);
    expect((await sends.leads.load(ref))?.snapshot?.tags).toEqual(['Hit List']);
  });

  /** The words as they left: the gate tells in the first text how to opt out. */
  const left = async ({ sendId }: { readonly sendId: string }): Promise<string> =>
    (await sends.outbox.get(sendId, ref))!.content.body;

  it('as a text under way is no news when it is reported, and its delivery is kept without deciding anew', async () => {
    await sends.work(ref);
    const row = await sends.claim(ref, 'hello');
    await sends.pass(row);
    const reported = { messageType: 'SMS', messageId: 'm1', body: await left(row), source: 'api', status: 'pending' };
    expect(await work('OutboundMessage', reported)).toEqual(echo);
    await sends.outbox.settle(row.sendId, ref, { state: 'sent', vendorId: 'm1' }, stamp());
    const kept = { decided: false, verdict: 'worked', reason: null };
    expect(await work('OutboundMessage', { ...reported, status: 'delivered' })).toEqual(kept);
    expect(await work('OutboundMessage', { ...reported, status: 'sent' })).toEqual(twin);
    expect(await work('OutboundMessage', { ...reported, status: 'failed' })).toEqual(kept);
    expect(await told()).toEqual(['A message by SMS is now delivered.', 'A message by SMS did not arrive.']);
  });

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
        body: (await left(row)).replace(' ', '  '),
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
  });

  it('end nothing, where a deletion before the creation is heard of last', async () => {
    const before = stamp();
    await work('ContactCreate', { id: ref.contactId, tags: ['Hit List'] });
    await work('ContactDelete', { id: ref.contactId, timestamp: before });
    expect(await sends.leads.load(ref)).toMatchObject({ stage: 'new', deletedAt: null });
    await work('ContactDelete', { id: ref.contactId });
    expect(await sends.leads.load(ref)).toMatchObject({ stage: 'gone', deletedAt: expect.any(String) });
  });

  it('do not bring back what was so before it was told again', async () => {
    await work('ContactCreate', { id: ref.contactId, tags: [], dndSettings: { SMS: { status: 'inactive' } } });
    const late = stamp();
    const now = { id: ref.contactId, tags: [], dndSettings: { SMS: { status: 'inactive' } } };
    expect(await work('ContactUpdate', now)).toEqual(nothingNew);
    const before = { id: ref.contactId, tags: ['Hit List'], dndSettings: { SMS: { status: 'active' } } };
    expect(await work('ContactDndUpdate', { ...before, timestamp: late })).toEqual(nothingNew);
    expect((await sends.leads.load(ref))?.snapshot).toMatchObject({ tags: [], dndChannels: { sms: 'off' } });
  });

  it('end with a contact that was restored after it was deleted, however late both are heard of', async () => {
    await work('ContactCreate', { id: ref.contactId });
    await work('ContactDelete', { id: ref.contactId });
    expect(await sends.leads.load(ref)).toMatchObject({ stage: 'gone' });
    await work('ContactUpdate', { id: ref.contactId, firstName: 'Robin' });
    expect(await sends.leads.load(ref)).toMatchObject({ stage: 'gone' });
    await work('ContactCreate', { id: ref.contactId });
    expect(await sends.leads.load(ref)).toMatchObject({ stage: 'new', deletedAt: null });
  });
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
  });

  it('takes it over when only a later report says who wrote', async () => {
    const bare = { messageType: 'SMS', messageId: 'h2', body: 'Hi', status: 'sent' };
    await work('OutboundMessage', bare);
    expect(await sends.leads.load(ref)).toMatchObject({ state: 'active' });
    const told = { ...bare, status: 'delivered', source: 'app', userId: 'U1' };
    expect(await work('OutboundMessage', told)).toEqual(worked);
    expect(await sends.leads.load(ref)).toMatchObject({ state: 'taken-over' });
    await work('OutboundMessage', { ...told, status: 'read' });
    expect((await records.lastHumanReaction(ref, new Date(0).toISOString()))?.what).toBe('message');
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
  });
});
