import { describe, expect, it } from '@jest/globals';
import {
  assign,
  type AssignmentFacts,
  claimed,
  type LeadAssignment,
  nextInTurn,
  stillPlanned,
  withAssignment,
} from '../../../domain/crm/assignment.ts';
import type { CrmPlan } from '../../../domain/crm/plan.ts';
import { defaultSettings } from '../../../domain/leads/settings.ts';

/** A Wednesday, ten in the morning in New York. */
const now = '2026-03-11T14:00:00.000Z';
const later = (minutes: number) => new Date(Date.parse(now) + minutes * 60_000).toISOString();
const { teamHours } = defaultSettings;

function facts(change: Partial<AssignmentFacts> = {}): AssignmentFacts {
  return {
    now,
    settings: {
      mode: 'round-robin',
      agents: ['ann', 'bo', 'cy'],
      from: 'warm',
      reactWithinMinutes: 30,
      escalateTo: null,
    },
    team: { teamHours, holidays: [], zone: 'America/New_York' },
    away: [],
    tier: 'warm',
    active: true,
    over: false,
    held: false,
    openSince: null,
    owner: null,
    ownerBefore: null,
    assignment: null,
    reactedAt: null,
    ...change,
  };
}

const given: LeadAssignment = {
  ...{ state: 'given', mode: 'round-robin', agentId: 'ann', had: ['ann'], since: now, claimedBy: null, escalations: 0 },
  ...{ planned: true, dueAt: later(30) },
};
const settings = facts().settings;

describe('a lead that is nobody’s', () => {
  it('is given in turn once it is warm, with a deadline in the team’s hours', () => {
    expect(assign(facts())).toMatchObject({
      row: { state: 'given', agentId: null, planned: true, dueAt: later(30) },
      turn: ['ann', 'bo', 'cy'],
    });
    expect(assign(facts({ tier: 'cold' }))).toBeNull();
    expect(assign(facts({ tier: null, settings: { ...settings, from: 'new' } }))).not.toBeNull();
    expect(assign(facts({ settings: { ...settings, from: 'hot' } }))).toBeNull();
  });

  it('stays so where we may not act, where nothing is assigned, and where no agent is there', () => {
    expect(assign(facts({ active: false }))).toBeNull();
    expect(assign(facts({ over: true }))).toBeNull();
    expect(assign(facts({ settings: { ...settings, mode: 'off' } }))).toBeNull();
    expect(assign(facts({ away: ['ann', 'bo', 'cy'] }))).toBeNull();
  });

  it('goes past an agent who has left', () => {
    expect(assign(facts({ away: ['bo'] }))?.turn).toEqual(['ann', 'cy']);
  });

  it('is offered to all in claim mode, with a task', () => {
    const offered = assign(facts({ settings: { ...settings, mode: 'claim' } }));
    expect(offered).toMatchObject({
      row: { state: 'offered', agentId: null, planned: false },
      turn: null,
      task: 'claim',
    });
    expect(claimed(offered!.row, 'bo', facts({ now: later(5) }))).toMatchObject({
      ...{
        state: 'given',
        agentId: 'bo',
        claimedBy: 'bo',
        had: ['bo'],
        since: later(5),
        dueAt: later(35),
        planned: true,
      },
    });
  });
});

describe('a lead of which nobody knows whose it is', () => {
  it('is not given away, and looked at again until it is known', () => {
    const wanted = assign(facts({ owner: undefined }))!;
    expect(wanted).toMatchObject({ row: { state: 'wanted', agentId: null, dueAt: later(5) }, turn: null });
    expect(assign(facts({ owner: undefined, assignment: wanted.row, now: later(1) }))).toBeNull();
    expect(assign(facts({ owner: undefined, assignment: wanted.row, now: later(5) }))?.row.dueAt).toBe(later(10));
    expect(assign(facts({ assignment: wanted.row, now: later(5) }))?.turn).toEqual(['ann', 'bo', 'cy']);
    expect(assign(facts({ owner: 'zoe', assignment: wanted.row, now: later(5) }))?.row.dueAt).toBeNull();
  });
});

describe('a person’s choice', () => {
  it('is never overridden: a lead that is somebody’s is not given away', () => {
    expect(assign(facts({ owner: 'zoe' }))).toBeNull();
  });

  it('ends ours, whether it comes before the CRM has shown ours or after', () => {
    expect(assign(facts({ assignment: given, owner: 'zoe' }))?.row).toMatchObject({ state: 'settled', planned: false });
    expect(assign(facts({ assignment: given, owner: null, ownerBefore: 'ann' }))?.row).toMatchObject({
      state: 'settled',
    });
    const escalated = { ...given, agentId: 'bo', had: ['ann', 'bo'] };
    // Back to the agent before ours: by us it is not yet applied, once the CRM had shown ours it is a person's doing.
    expect(assign(facts({ assignment: escalated, owner: 'ann' }))).toBeNull();
    expect(assign(facts({ assignment: escalated, owner: 'ann', ownerBefore: 'bo' }))?.row).toMatchObject({
      ...{ state: 'settled', planned: false, dueAt: null },
    });
    expect(
      assign(facts({ assignment: { ...given, state: 'offered', agentId: null, had: [] }, owner: 'zoe' }))?.row.state,
    ).toBe('settled');
  });

  it('leaves the plan alone once the CRM has shown our agent', () => {
    const plan = { addTags: [], tier: null } as unknown as CrmPlan;
    expect(withAssignment(plan, { ...given, agentId: 'bo', had: ['ann', 'bo'] })?.assignedTo).toEqual({
      ...{ agentId: 'bo', from: [null, 'ann'] },
    });
    const shown = assign(facts({ assignment: given, owner: 'ann' }))!;
    expect(shown.row).toEqual({ ...given, planned: false });
    const planned = { ...plan, assignedTo: { agentId: 'ann', from: [null] } };
    expect(stillPlanned(planned, given)).toEqual(planned);
    expect(stillPlanned(planned, { ...given, planned: false })).toEqual(plan);
    expect(stillPlanned(planned, { ...given, agentId: 'bo' })).toEqual(plan);
    expect(stillPlanned(planned, undefined)).toEqual(plan);
    expect(withAssignment(planned, shown.row)).toEqual(plan);
  });
});

describe('an agent who does not react in time', () => {
  const due = later(30);

  it('loses the lead to the next in turn, who has not had it', () => {
    const moved = assign(facts({ assignment: given, now: due }))!;
    expect(moved).toMatchObject({
      row: { state: 'given', escalations: 1, since: due, dueAt: later(60) },
      task: 'given',
    });
    expect(moved.turn).toEqual(['bo', 'cy']);
  });

  it('loses it to whom leads are escalated to, who is the last', () => {
    const chief = { ...settings, escalateTo: 'chief' };
    const moved = assign(facts({ assignment: given, now: due, settings: chief }))!;
    expect(moved).toMatchObject({
      row: { agentId: 'chief', had: ['ann', 'chief'], dueAt: later(60) },
      turn: null,
      task: 'given',
    });
    expect(assign(facts({ assignment: moved.row, now: later(59), settings: chief }))).toBeNull();
    // The others in turn are not asked any more: the team is told, once.
    const end = assign(facts({ assignment: moved.row, now: later(60), settings: chief }))!;
    expect(end).toMatchObject({
      row: { state: 'settled', agentId: 'chief', dueAt: null, escalations: 1 },
      ...{ turn: null, task: 'nobody', said: expect.stringContaining('a task tells the team') },
    });
    expect(assign(facts({ assignment: end.row, now: later(6000), settings: chief }))).toBeNull();
    expect(
      assign(facts({ assignment: moved.row, now: later(60), settings: chief, reactedAt: later(50) })),
    ).toMatchObject({ row: { state: 'settled' }, task: null });
    expect(assign(facts({ assignment: given, now: due, settings: chief, away: ['chief'] }))?.turn).toEqual([
      'bo',
      'cy',
    ]);
  });

  it('is the last of all: the team is told by a task', () => {
    const last = { ...given, agentId: 'cy', had: ['ann', 'bo', 'cy'], escalations: 2 };
    expect(assign(facts({ assignment: last, now: due }))).toMatchObject({ row: { state: 'settled' }, task: 'nobody' });
  });

  it('keeps it after a reaction since it was given, and not for one before', () => {
    expect(assign(facts({ assignment: given, now: due, reactedAt: later(10) }))?.row).toMatchObject({
      ...{ state: 'settled', agentId: 'ann', planned: true, dueAt: null },
    });
    expect(assign(facts({ assignment: given, now: due, reactedAt: later(-1) }))?.task).toBe('given');
  });

  it('counts for an offered lead too: a colleague who is at it has not to claim it', () => {
    const offered: LeadAssignment = { ...given, state: 'offered', agentId: null, had: [], planned: false };
    expect(assign(facts({ assignment: offered, now: due, reactedAt: later(10) }))).toMatchObject({
      row: { state: 'settled', agentId: null, dueAt: null },
      ...{ turn: null, task: null, said: expect.stringContaining('Somebody of the team has reacted') },
    });
    expect(assign(facts({ assignment: offered, now: due, reactedAt: later(-1) }))?.turn).toEqual(['ann', 'bo', 'cy']);
  });

  it('is asked by the settings as they are now', () => {
    const patient = { ...settings, reactWithinMinutes: 90 };
    expect(assign(facts({ assignment: given, now: due, settings: patient }))?.row).toEqual({
      ...given,
      dueAt: later(90),
    });
    expect(assign(facts({ assignment: given, now: due, settings: { ...settings, mode: 'off' } }))?.row.state).toBe(
      'settled',
    );
    expect(assign(facts({ assignment: given, now: due, over: true }))?.row.state).toBe('settled');
  });

  it('is told on the timeline with the zone that was assumed where it is not known', () => {
    const team = { teamHours, holidays: [], zone: null };
    expect(assign(facts({ team }))?.said).toMatch(/latest US zone/);
    expect(assign(facts())?.said).not.toMatch(/zone/);
  });
});

describe('a location that is paused or parked', () => {
  const held = true;

  it('gives nobody a lead, and looks again until it goes on', () => {
    for (const mode of ['round-robin', 'claim'] as const) {
      const asked = { settings: { ...settings, mode } };
      const waits = assign(facts({ ...asked, held }))!;
      expect(waits).toMatchObject({ row: { state: 'wanted', dueAt: later(5) }, turn: null, task: null, said: null });
      expect(assign(facts({ ...asked, held, assignment: waits.row, now: later(1) }))).toBeNull();
      expect(assign(facts({ ...asked, assignment: waits.row, now: later(5) }))?.row.state).not.toBe('wanted');
    }
    expect(assign(facts({ held, owner: 'zoe' }))).toBeNull();
  });

  it('takes no lead from anybody, however late it is, and still sees what people do', () => {
    const late = { held, now: later(600) };
    expect(assign(facts({ ...late, assignment: given }))).toBeNull();
    expect(assign(facts({ ...late, assignment: given, owner: 'ann' }))?.row).toEqual({ ...given, planned: false });
    expect(assign(facts({ ...late, assignment: given, owner: 'zoe' }))?.row.state).toBe('settled');
    expect(assign(facts({ ...late, assignment: given, reactedAt: later(10) }))?.row.state).toBe('settled');
    expect(assign(facts({ assignment: given, now: later(600) }))?.row.escalations).toBe(1);
  });
});

describe('a location that goes on', () => {
  const openSince = later(600);
  const evening = { teamHours: { wed: { from: '00:00', to: '24:00' }, thu: { from: '00:00', to: '24:00' } } };
  const team = { ...evening, holidays: [], zone: 'America/New_York' };

  it('gives whoever had to react meanwhile the whole time from then on', () => {
    for (const state of ['given', 'offered'] as const) {
      const row: LeadAssignment = { ...given, state };
      expect(assign(facts({ team, assignment: row, now: later(601), openSince }))).toMatchObject({
        row: { state, since: now, dueAt: later(630), escalations: 0 },
        task: null,
      });
      const late = { team, assignment: { ...row, dueAt: later(630) }, openSince };
      expect(assign(facts({ ...late, now: later(629) }))).toBeNull();
      expect(assign(facts({ ...late, now: later(630) }))?.row.escalations).toBe(1);
    }
  });

  it('changes nothing for a lead that was given since', () => {
    const row = { ...given, since: later(610), dueAt: later(640) };
    expect(assign(facts({ team, assignment: row, now: later(620), openSince }))).toBeNull();
  });

  it('takes what was done meanwhile for a reaction', () => {
    const asked = { team, assignment: given, now: later(601), openSince, reactedAt: later(10) };
    expect(assign(facts(asked))?.row.state).toBe('settled');
  });
});

describe('the same facts again', () => {
  it('move nothing', () => {
    for (const assignment of [given, { ...given, state: 'settled', dueAt: null, planned: false }] as const) {
      expect(assign(facts({ assignment, now: later(1) }))).toBeNull();
    }
  });
});

describe('turns', () => {
  it('go round, from the one after the last, past those who are not among the choices', () => {
    const agents = ['ann', 'bo', 'cy'];
    expect(nextInTurn(agents, agents, null)).toBe('ann');
    expect(nextInTurn(agents, agents, 'ann')).toBe('bo');
    expect(nextInTurn(agents, agents, 'cy')).toBe('ann');
    expect(nextInTurn(agents, ['ann', 'cy'], 'ann')).toBe('cy');
    expect(nextInTurn(agents, agents, 'gone')).toBe('ann');
    expect(nextInTurn(agents, [], 'ann')).toBeUndefined();
  });
});
