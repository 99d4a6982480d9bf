import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createAtOnce } from '../../activities/at-once.ts';
import { createCrmActivities } from '../../activities/crm.ts';
import type { Deps } from '../../activities/deps.ts';
import { createFollowUpActivities } from '../../activities/follow-up.ts';
import { createLeadActivities } from '../../activities/leads.ts';
import { type Assignment, defaultSettings, weekdays } from '../../domain/leads/settings.ts';
import { readEnvelope } from '../../domain/webhooks/envelope.ts';
import type { TouchResult } from '../../workflows/activities.ts';
import { beginLead, closeParts, db, inCrm, install, openParts, parts, ref, sends } from '../support/parts.ts';
import { inboxEvent } from '../support/records.ts';

/** The assignment from the event to the CRM, on the stand-in. The clock is the machine's, moved ahead; the team works at all hours. */

const settings: Assignment = {
  ...{ mode: 'round-robin', agents: ['agentAnn', 'agentBo'], from: 'new', reactWithinMinutes: 30, escalateTo: null },
};
let deps: Deps;
let ahead = 0;

beforeAll(openParts);
afterAll(closeParts);

beforeEach(async () => {
  ahead = 0;
  await beginLead(gives({}), { tags: ['Hit List'] });
  deps = parts({ now: () => new Date(Date.now() + ahead * 60_000) });
});

/** What the location has of assignment, the rest as it comes. */
function gives(change: Partial<Assignment>) {
  const always = Object.fromEntries(weekdays.map((day) => [day, { from: '00:00', to: '23:59' }]));
  return {
    ...{ timezone: 'America/New_York', settings: defaultSettings },
    changes: { assignment: { ...settings, ...change }, teamHours: always },
  };
}

async function ownerInCrm(): Promise<unknown> {
  const read = await deps.crm.contact(ref);
  return read === 'gone' ? read : read.snapshot.assignedTo;
}

/** One event through the inbox and all levels, and the CRM brought to what follows. */
async function happens(type: string, fields: object): Promise<void> {
  const body = { type, ...ref, id: ref.contactId, timestamp: deps.now().toISOString(), ...fields };
  const { kind } = readEnvelope('marketplace', body);
  const event = { type, kind, occurredAt: body.timestamp, body: Buffer.from(JSON.stringify(body)) };
  const { inboxId } = await sends.inbox.accept(inboxEvent(ref, event));
  await workOne(inboxId, kind);
}

async function workOne(inboxId: string, kind: string): Promise<void> {
  await db.pool.query('update inbox set received_at = $2 where inbox_id = $1', [inboxId, deps.now()]);
  const atOnce = createAtOnce(deps);
  const { work } = createLeadActivities(deps, atOnce);
  await new MockActivityEnvironment().run(work, {
    ...ref,
    inboxId,
    kind,
    at: deps.now().toISOString(),
    thenAct: false,
  });
  await new MockActivityEnvironment().run(createCrmActivities(deps, atOnce).applyPlan, ref);
}

/** What is due now; then the events that came of it. */
async function touch(): Promise<TouchResult> {
  const result: TouchResult = await new MockActivityEnvironment().run(createFollowUpActivities(deps).touch, ref);
  const { rows } = await db.pool.query<{ inbox_id: string; kind: string }>(
    `select inbox_id, kind from inbox where contact_id = $1 and source = 'internal' and worked_at is null order by received_at`,
    [ref.contactId],
  );
  for (const { inbox_id: inboxId, kind } of rows) await workOne(inboxId, kind);
  return result;
}

const told = async () => (await sends.leads.timeline(ref, 50)).items.map(({ summary }) => summary);
const tasks = async () => (await sends.outbox.open(ref)).map(({ content }) => [content.title, content.target]);

describe('a new lead that is nobody’s', () => {
  it('is given in turn, and when nobody reacts goes on to the next with a task, and then to the team', async () => {
    await happens('ContactTagUpdate', { tags: ['Hit List'] });
    expect(await ownerInCrm()).toBe('agentAnn');
    expect(await sends.leads.next(ref)).toMatchObject({
      what: 'looking whether the agent has reacted',
      sentence: expect.stringMatching(/^\w+day \d\d:\d\d .*: looking whether the agent has reacted$/),
    });
    ahead = 20;
    expect(await touch()).toMatchObject({ outcome: 'nothing was due' });
    ahead = 40;
    expect(await touch()).toMatchObject({ outcome: expect.stringContaining('the assignment is due') });
    expect(await ownerInCrm()).toBe('agentBo');
    expect(await tasks()).toEqual([['This lead is yours now: please call', 'agentBo']]);
    expect(await told()).toContain('The agent has not reacted in time; given to the next in turn.');
    await touch();
    expect(await deps.crm.tasks(ref)).toMatchObject([{ title: 'This lead is yours now: please call' }]);
    ahead = 80;
    await touch();
    expect(await ownerInCrm()).toBe('agentBo');
    expect(await tasks()).toEqual([['Nobody of the team has reacted to this lead', '']]);
    expect((await deps.assignments.get(ref))?.state).toBe('settled');
  });

  it('stays with the agent who has written to it, by the agent’s own message', async () => {
    await happens('ContactTagUpdate', { tags: ['Hit List'] });
    ahead = 10;
    await happens('OutboundMessage', {
      ...{ messageType: 'SMS', direction: 'outbound', body: 'Hello', source: 'app', userId: 'agentAnn' },
      ...{ messageId: randomUUID(), contactId: ref.contactId, dateAdded: deps.now().toISOString() },
    });
    expect(await deps.assignments.get(ref)).toMatchObject({ state: 'settled', agentId: 'agentAnn', dueAt: null });
    ahead = 40;
    expect(await touch()).toMatchObject({ next: null });
    expect(await ownerInCrm()).toBe('agentAnn');
  });
});

describe('a lead of a location that is paused', () => {
  it('is given once the location goes on, and not taken from its agent before, whatever is heard of it', async () => {
    await sends.locations.setStatus(ref.locationId, 'paused', 'operator');
    await happens('ContactTagUpdate', { tags: ['Hit List'] });
    expect(await deps.assignments.get(ref)).toMatchObject({ state: 'wanted', agentId: null });
    await sends.locations.setStatus(ref.locationId, 'active', 'operator');
    ahead = 20;
    await touch();
    expect(await ownerInCrm()).toBe('agentAnn');
    await sends.locations.setStatus(ref.locationId, 'paused', 'operator');
    ahead = 100;
    await happens('ContactUpdate', { firstName: 'Robina' });
    await touch();
    expect(await deps.assignments.get(ref)).toMatchObject({ state: 'given', agentId: 'agentAnn', escalations: 0 });
    await sends.locations.setStatus(ref.locationId, 'active', 'operator');
    ahead = 120;
    await touch();
    expect(await ownerInCrm()).toBe('agentBo');
  });
});

describe('a lead whose time ran out while its location was paused', () => {
  it.each(['one', 'all'])('is its agent’s for the whole time after the resumption of %s', async (which) => {
    const turn = (status: 'active' | 'paused') =>
      which === 'one'
        ? sends.locations.setStatus(ref.locationId, status, 'operator')
        : sends.locations.setAllStatus(status, 'operator');
    await happens('ContactTagUpdate', { tags: ['Hit List'] });
    await turn('paused');
    // Two days pass.
    await db.pool.query(
      `update assignments set since = since - interval '2 days', due_at = due_at - interval '2 days' where location_id = $1`,
      [ref.locationId],
    );
    await touch();
    await turn('active');
    ahead = 16;
    expect(await touch()).toMatchObject({ outcome: 'the assignment is due' });
    expect(await deps.assignments.get(ref)).toMatchObject({ agentId: 'agentAnn', escalations: 0 });
    ahead = 29;
    await touch();
    expect(await ownerInCrm()).toBe('agentAnn');
    ahead = 32;
    await touch();
    expect(await ownerInCrm()).toBe('agentBo');
  });
});

describe('an offered lead', () => {
  it('goes to nobody else once a colleague writes to it, claimed or not', async () => {
    await install(gives({ mode: 'claim' }));
    await happens('ContactTagUpdate', { tags: ['Hit List'] });
    expect(await deps.assignments.get(ref)).toMatchObject({ state: 'offered' });
    ahead = 10;
    await happens('OutboundMessage', {
      ...{ messageType: 'SMS', direction: 'outbound', body: 'Hello', source: 'app', userId: 'agentAnn' },
      ...{ messageId: randomUUID(), contactId: ref.contactId, dateAdded: deps.now().toISOString() },
    });
    ahead = 40;
    await touch();
    expect([await ownerInCrm(), await deps.assignments.get(ref)]).toMatchObject([null, { state: 'settled' }]);
    expect(await told()).toContain('Somebody of the team has reacted; the lead is not offered any more.');
  });
});

describe('a lead that was escalated to an agent who does not react either', () => {
  it('is told to the team, once, by a task and on the timeline', async () => {
    await install(gives({ escalateTo: 'agentZoe' }));
    await happens('ContactTagUpdate', { tags: ['Hit List'] });
    ahead = 40;
    await touch();
    expect(await ownerInCrm()).toBe('agentZoe');
    await touch();
    ahead = 80;
    await touch();
    expect(await tasks()).toEqual([['Nobody of the team has reacted to this lead', '']]);
    ahead = 200;
    await touch();
    await happens('ContactUpdate', { firstName: 'Robina' });
    const said = 'Nor has the agent to whom such leads go reacted in time; a task tells the team.';
    expect((await told()).filter((summary) => summary === said)).toHaveLength(1);
    expect(await ownerInCrm()).toBe('agentZoe');
  });
});

describe('a lead that a person has assigned', () => {
  it('is not given away, although the news of it did not tell whose it is', async () => {
    await inCrm({ tags: ['Hit List'], assignedTo: 'agentZoe' });
    await happens('ContactTagUpdate', { tags: ['Hit List'] });
    expect(await ownerInCrm()).toBe('agentZoe');
    expect(await deps.assignments.get(ref)).toBeUndefined();
  });

  it('in the moment in which we do keeps the person’s agent', async () => {
    const { work } = createLeadActivities(deps, createAtOnce(deps));
    const at = deps.now().toISOString();
    const { inboxId } = await sends.inbox.accept(inboxEvent(ref, { occurredAt: at }));
    await new MockActivityEnvironment().run(work, { ...ref, inboxId, kind: 'contact.updated', at, thenAct: false });
    expect((await sends.leads.plan(ref))?.plan?.assignedTo).toEqual({ agentId: 'agentAnn', from: [null] });
    await inCrm({ tags: ['Hit List'], assignedTo: 'agentZoe' });
    await new MockActivityEnvironment().run(createCrmActivities(deps, createAtOnce(deps)).applyPlan, ref);
    expect(await ownerInCrm()).toBe('agentZoe');
    await touch();
    expect(await deps.assignments.get(ref)).toMatchObject({ state: 'settled', planned: false });
  });

  it.each([['agentZoe'], [null]])('after we gave it, to %s, is left so', async (owner) => {
    await happens('ContactTagUpdate', { tags: ['Hit List'] });
    expect(await ownerInCrm()).toBe('agentAnn');
    await inCrm({ tags: ['Hit List'], ...(owner === null ? {} : { assignedTo: owner }) });
    // Heard of by the applier's own read, before any news of it.
    await db.pool.query('update leads set plan_version = plan_version + 1 where contact_id = $1', [ref.contactId]);
    await new MockActivityEnvironment().run(createCrmActivities(deps, createAtOnce(deps)).applyPlan, ref);
    expect(await ownerInCrm()).toBe(owner);
    await touch();
    expect(await deps.assignments.get(ref)).toMatchObject({ state: 'settled', dueAt: null });
    ahead = 40;
    await touch();
    expect(await ownerInCrm()).toBe(owner);
  });
});

describe('a lead that is offered', () => {
  it('is put to the team by a task; a claim brings the CRM to the agent, who is then looked after', async () => {
    await install(gives({ mode: 'claim' }));
    await happens('ContactTagUpdate', { tags: ['Hit List'] });
    expect(await ownerInCrm()).toBeNull();
    expect(await tasks()).toEqual([['Claim this lead: whoever is first has it', '']]);
    await deps.assignments.claim(ref, 'agentBo', (offered) => ({
      ...{ ...offered, state: 'given', agentId: 'agentBo', had: ['agentBo'], claimedBy: 'agentBo', planned: true },
      since: deps.now().toISOString(),
    }));
    await happens('ContactUpdate', { firstName: 'Robina' });
    expect(await ownerInCrm()).toBe('agentBo');
    ahead = 40;
    await touch();
    expect(await ownerInCrm()).toBe('agentAnn');
  });

  it('goes to the next in turn when nobody claims it', async () => {
    await install(gives({ mode: 'claim' }));
    await happens('ContactTagUpdate', { tags: ['Hit List'] });
    ahead = 40;
    await touch();
    expect(await ownerInCrm()).toBe('agentAnn');
    expect(await told()).toContain('Nobody has claimed the lead in time; given to the next in turn.');
  });
});
