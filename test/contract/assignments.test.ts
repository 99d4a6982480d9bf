import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { lookAfterAssignment } from '../../activities/assignment.ts';
import { claimed, type LeadAssignment } from '../../domain/crm/assignment.ts';
import type { DecidedAssignment } from '../../domain/crm/assignment-decision.ts';
import type { CrmPlan } from '../../domain/crm/plan.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import { defaultSettings } from '../../domain/leads/settings.ts';
import type { AssignmentStore } from '../../domain/ports/assignments.ts';
import type { OutboxDraft } from '../../domain/ports/outbox.ts';
import { createAssignmentStore } from '../../integrations/postgres/assignments.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import {
  decision,
  draft,
  inboxEvent,
  installLocation,
  later,
  newRef,
  NOW,
  record,
  verdictOf,
} from '../support/records.ts';
import { type Sends, sendsIn } from '../support/sends.ts';

const AGENTS = ['ann', 'bo', 'cy'];

let db: TestDatabase;
let sends: Sends;
let assignments: AssignmentStore;
let locationId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  sends = sendsIn(db.tenants);
  assignments = createAssignmentStore(db.tenants);
});
afterAll(() => db.drop());
beforeEach(async () => {
  locationId = newRef().locationId;
  await installLocation(sends.locations, locationId);
});

const fresh: LeadAssignment = {
  ...{ state: 'given', mode: 'round-robin', agentId: null, had: [], since: NOW, claimedBy: null, escalations: 0 },
  ...{ planned: true, dueAt: later(30) },
};
const giving: DecidedAssignment = { row: fresh, turn: AGENTS, seen: null, agents: AGENTS, task: null, told: null };
const offering: DecidedAssignment = {
  ...giving,
  row: { ...fresh, mode: 'claim', state: 'offered', planned: false },
  turn: null,
};
const plan = {
  ...{ addTags: ['Warm-Lead'], removeTags: [], fields: {}, ownFields: [], tier: 'warm', opportunity: null },
  ...{ workflows: [], dnd: [] },
} as CrmPlan;

async function decide(ref: LeadRef, assignment: DecidedAssignment | null): Promise<void> {
  const { inboxId } = await sends.inbox.accept(inboxEvent(ref));
  await sends.leads.commitDecision(record(ref, inboxId, { decision: decision({ plan, assignment }) }), verdictOf);
}

const taskOf = (content: OutboxDraft['content']): OutboxDraft =>
  draft('assignment:given:1', { channel: 'call-task', purpose: 'task', content });

describe('turns', () => {
  it('are shared evenly by a hundred leads that eight hands decide upon at once', async () => {
    const refs = Array.from({ length: 100 }, () => newRef(locationId));
    const left = [...refs];
    const hand = async (): Promise<void> => {
      for (let ref = left.pop(); ref !== undefined; ref = left.pop()) await decide(ref, giving);
    };
    await Promise.all(Array.from({ length: 8 }, hand));
    const count = new Map<string, number>();
    for (const ref of refs) {
      const agent = (await assignments.get(ref))?.agentId ?? 'nobody';
      count.set(agent, (count.get(agent) ?? 0) + 1);
    }
    expect([...count.values()].sort()).toEqual([33, 33, 34]);
    expect([...count.keys()].sort()).toEqual(AGENTS);
  });

  it('are the location’s own, are not lost by a decision that is repeated, and pass those who are not to choose from', async () => {
    const agentOf = async (assignment: DecidedAssignment): Promise<string | null | undefined> => {
      const ref = newRef(locationId);
      await decide(ref, assignment);
      return (await assignments.get(ref))?.agentId;
    };
    const other = newRef();
    await installLocation(sends.locations, other.locationId);
    await decide(other, giving);
    expect(await agentOf(giving)).toBe('ann');
    const ref = newRef(locationId);
    const { inboxId } = await sends.inbox.accept(inboxEvent(ref));
    const once = record(ref, inboxId, { decision: decision({ plan, assignment: giving }) });
    await Promise.all([1, 2, 3].map(() => sends.leads.commitDecision(once, verdictOf)));
    expect((await assignments.get(ref))?.agentId).toBe('bo');
    expect(await agentOf({ ...giving, turn: ['ann', 'bo'] })).toBe('ann');
    expect(await agentOf(giving)).toBe('bo');
  });
});

describe('a decision', () => {
  it('stores whom it gave the lead in the plan, in the task and on the timeline', async () => {
    const ref = newRef(locationId);
    const task = taskOf({ title: 'Yours', body: 'Please call' });
    const told = { at: NOW, kind: 'decision', summary: 'Given to the agent whose turn it is.', refs: {} } as const;
    await decide(ref, { ...giving, task, told });
    expect(await assignments.get(ref)).toEqual({ ...fresh, agentId: 'ann', had: ['ann'] });
    expect((await sends.leads.plan(ref))?.plan).toMatchObject({ assignedTo: { agentId: 'ann', from: [null] } });
    expect(await sends.outbox.open(ref)).toMatchObject([{ channel: 'call-task', content: { target: 'ann' } }]);
    const { items } = await sends.leads.timeline(ref, 5);
    expect(items).toMatchObject([{ summary: told.summary, refs: { agentId: 'ann' } }]);
    const { inboxId } = await sends.inbox.accept(inboxEvent(ref));
    const { team } = await sends.leads.standing(ref, inboxId, NOW);
    expect(team).toMatchObject({ assignment: { ...fresh, agentId: 'ann', had: ['ann'] }, away: [] });
  });

  it('gives way to a claim that was faster', async () => {
    const ref = newRef(locationId);
    await decide(ref, offering);
    const seen = (await assignments.get(ref)) ?? null;
    await claim(ref, 'bo');
    const task = taskOf({ body: 'x' });
    await decide(ref, { ...giving, seen, task });
    expect(await assignments.get(ref)).toMatchObject({ agentId: 'bo', claimedBy: 'bo' });
    expect(await sends.outbox.open(ref)).toEqual([]);
    expect((await sends.leads.plan(ref))?.plan).toMatchObject({ assignedTo: { agentId: 'bo', from: [null] } });
  });

  it('knows since when the location goes on, whatever held it', async () => {
    const ref = newRef(locationId);
    await decide(ref, giving);
    const openSince = async (): Promise<string | null> =>
      (await sends.leads.standing(ref, randomUUID(), NOW)).team.openSince;
    expect(await openSince()).toBeNull();
    const holder = { kind: 'location', id: locationId } as const;
    const moves = [
      [
        () => sends.locations.setStatus(locationId, 'paused', 'ann'),
        () => sends.locations.setStatus(locationId, 'active', 'ann'),
      ],
      [() => sends.locations.setAllStatus('paused', 'ann'), () => sends.locations.setAllStatus('active', 'ann')],
      [() => sends.credentials.suspend(holder, 1, NOW), () => sends.credentials.resume(holder)],
    ] as const;
    let last = '';
    for (const [hold, release] of moves) {
      const before = last;
      await hold();
      expect((await openSince()) ?? '').toBe(before);
      await release();
      last = (await openSince()) ?? '';
      expect(last > before).toBe(true);
    }
    // What changes nothing starts nothing anew.
    await sends.locations.setStatus(locationId, 'active', 'ann');
    await sends.locations.setAllStatus('active', 'ann');
    expect(await openSince()).toBe(last);
  });

  it('sees that somebody has reacted to a lead that is offered', async () => {
    const ref = newRef(locationId);
    await decide(ref, offering);
    await db.pool.query(
      `insert into messages (location_id, contact_id, message_key, direction, channel, body, origin, human, at)
       values ($1, $2, 'm1', 'outbound', 'sms', 'Hello', 'app', true, $3)`,
      [locationId, ref.contactId, later(10)],
    );
    expect((await sends.leads.standing(ref, randomUUID(), later(20))).team.reactedAt).toBe(later(10));
  });

  it('knows who has left the team', async () => {
    const ref = newRef(locationId);
    await db.pool.query(
      `insert into agent_profiles (location_id, agent_id, name, active, changed_at) values ($1, 'bo', 'B', false, now())`,
      [locationId],
    );
    const { inboxId } = await sends.inbox.accept(inboxEvent(ref));
    expect((await sends.leads.standing(ref, inboxId, NOW)).team).toMatchObject({ assignment: null, away: ['bo'] });
  });
});

const claim = (ref: LeadRef, agentId: string): Promise<LeadAssignment> =>
  assignments.claim(ref, agentId, (offered) =>
    claimed(offered, agentId, {
      now: later(5),
      settings: { ...defaultSettings.assignment, mode: 'claim', agents: AGENTS, reactWithinMinutes: 30 },
      team: { teamHours: defaultSettings.teamHours, holidays: [], zone: 'America/New_York' },
    }),
  );

describe('a claim', () => {
  it('is won by the first of many, who may ask again; nobody else gets it', async () => {
    const ref = newRef(locationId);
    await decide(ref, offering);
    const raced = await Promise.allSettled(AGENTS.flatMap((agent) => [claim(ref, agent), claim(ref, agent)]));
    const won = raced.flatMap((one) => (one.status === 'fulfilled' ? [one.value.claimedBy] : []));
    expect(won).toHaveLength(2);
    expect(new Set(won).size).toBe(1);
    for (const one of raced) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'CLAIM_TAKEN' });
    expect(await assignments.get(ref)).toMatchObject({ state: 'given', agentId: won[0], dueAt: later(35) });
    const { items } = await sends.leads.timeline(ref, 5);
    expect(items.filter(({ summary }) => summary === 'An agent claimed the lead.')).toHaveLength(1);
  });

  it('is refused to an agent who has left the team, and open to the others', async () => {
    const ref = newRef(locationId);
    await decide(ref, offering);
    await db.pool.query(
      `insert into agent_profiles (location_id, agent_id, name, active, changed_at) values ($1, 'bo', 'B', false, now())`,
      [locationId],
    );
    await expect(claim(ref, 'bo')).rejects.toMatchObject({ code: 'AGENT_UNKNOWN' });
    expect(await claim(ref, 'ann')).toMatchObject({ claimedBy: 'ann' });
  });

  it('is refused where nothing is offered', async () => {
    const ref = newRef(locationId);
    await expect(claim(ref, 'ann')).rejects.toMatchObject({ code: 'CLAIM_NOT_OFFERED' });
    await decide(ref, giving);
    await expect(claim(ref, 'ann')).rejects.toMatchObject({ code: 'CLAIM_NOT_OFFERED' });
  });
});

describe('a deadline', () => {
  const look = (ref: LeadRef, now: string) =>
    lookAfterAssignment(
      { assignments, inbox: sends.inbox, locations: sends.locations, now: () => new Date(now), sha256: (text) => text },
      ref,
    );
  const events = async (ref: LeadRef): Promise<number> => {
    const text = `select from inbox where location_id = $1 and contact_id = $2 and type = 'lead.assignment-due'`;
    return (await db.pool.query(text, [ref.locationId, ref.contactId])).rowCount ?? 0;
  };

  it('that has come is one event of the lead, and is looked at again should that not be worked', async () => {
    const ref = newRef(locationId);
    expect(await look(ref, later(31))).toBeNull();
    await decide(ref, giving);
    expect(await look(ref, later(29))).toBeNull();
    expect(await look(ref, later(31))).toBe('the assignment is due');
    expect(await look(ref, later(31))).toBeNull();
    expect(await events(ref)).toBe(1);
    expect((await assignments.get(ref))?.dueAt).toBe(later(91));
    await look(ref, later(91));
    expect(await events(ref)).toBe(2);
  });

  it('waits while the location is paused', async () => {
    const ref = newRef(locationId);
    await decide(ref, giving);
    await sends.locations.setStatus(locationId, 'paused', 'ann');
    expect(await look(ref, later(31))).toBe('the location is not active');
    expect([await events(ref), (await assignments.get(ref))?.dueAt]).toEqual([0, later(46)]);
  });

  it('waits while all locations are paused', async () => {
    const ref = newRef(locationId);
    await decide(ref, giving);
    await sends.locations.setAllStatus('paused', 'ann');
    expect(await look(ref, later(31))).toBe('the location is not active');
    expect(await events(ref)).toBe(0);
    await sends.locations.setAllStatus('active', 'ann');
    expect(await look(ref, later(46))).toBe('the assignment is due');
  });

  it('keeps its lead among those under way', async () => {
    const ref = newRef(locationId);
    await decide(ref, giving);
    await db.pool.query('update leads set plan_applied = plan_version where location_id = $1', [locationId]);
    const all: string[] = [];
    for await (const one of sends.leads.underWay()) all.push(one.contactId);
    expect(all).toContain(ref.contactId);
  });
});

describe('an assignment', () => {
  it('is none where the lead was never given', async () => {
    expect(await assignments.get({ locationId, contactId: randomUUID() })).toBeUndefined();
  });
});
