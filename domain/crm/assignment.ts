import { knownZone } from '../consent/zone-clock.ts';
import type { Iso, Tier } from '../glossary.ts';
import type { Assignment } from '../leads/settings.ts';
import { afterTeamMinutes, type TeamTime } from './assignment-hours.ts';
import type { CrmPlan } from './plan.ts';

/** Where a lead stands with us who give it away; there is none of a lead that we never gave. */
export interface LeadAssignment {
  /**
   * wanted: to be given, once it is known whose it is · offered: to be claimed · given: an agent has it, and is looked after ·
   * settled: the agent has reacted, or it is not ours to give any more.
   */
  readonly state: 'wanted' | 'offered' | 'given' | 'settled';
  readonly mode: 'round-robin' | 'claim';
  readonly agentId: string | null;
  /** Who had it by us, in turn; the last one is who has it. */
  readonly had: readonly string[];
  readonly since: Iso;
  readonly claimedBy: string | null;
  readonly escalations: number;
  /** The CRM has not been seen to show it yet; what a person does there later is the person's. */
  readonly planned: boolean;
  /** When to look again; null: never. */
  readonly dueAt: Iso | null;
}

export interface AssignmentFacts {
  readonly now: Iso;
  readonly settings: Assignment;
  readonly team: TeamTime;
  /** Agents who are not with the team any more. */
  readonly away: readonly string[];
  readonly tier: Tier | null;
  /** May and should we act on this lead? */
  readonly active: boolean;
  /** The contact is gone or the lead was stopped: nobody is looked after any more. */
  readonly over: boolean;
  /** The location is paused or parked: nobody is given a lead, and no deadline takes one away, until it goes on. */
  readonly held: boolean;
  /** When the location last went on after that: time before it counts for no deadline. Null: it was never held. */
  readonly openSince: Iso | null;
  /** Whose the contact is in the CRM, now and before this event; undefined: not known. */
  readonly owner: string | null | undefined;
  readonly ownerBefore: string | null | undefined;
  readonly assignment: LeadAssignment | null;
  /** When somebody of the team last wrote, called, noted something or closed a task. */
  readonly reactedAt: Iso | null;
}

/** What changes. `turn`: the store takes the next of these in turn, as the agent who has it. */
export interface AssignmentMove {
  readonly row: LeadAssignment;
  readonly turn: readonly string[] | null;
  /** For the timeline; free of names. */
  readonly said: string | null;
  readonly task: 'claim' | 'given' | 'nobody' | null;
}

/** Until it is known whose the lead is, and the location goes on, it is asked again after this. */
const ASK_AGAIN_MS = 5 * 60_000;

/**
 * What to do about a lead's assignment; null: nothing. Only leads that are nobody's are given away, and whoever a person chose keeps
 * it. Pure, and asked at every event: a deadline is nothing but an event that comes by itself.
 */
export function assign(facts: AssignmentFacts): AssignmentMove | null {
  const { assignment } = facts;
  if (assignment === null || assignment.state === 'wanted') return begin(facts);
  const seen = asSeen(assignment, facts);
  if (seen.state === 'settled') return seen === assignment ? null : move(seen, whySettled(assignment));
  if (facts.over || facts.settings.mode === 'off') return move(settled(seen));
  if (hasReacted(seen, facts)) {
    const offer = 'Somebody of the team has reacted; the lead is not offered any more.';
    return move(settled(seen), seen.state === 'offered' ? offer : 'The agent has reacted.');
  }
  const dueAt = deadline(seen, facts);
  if (dueAt !== null && Date.parse(dueAt) <= Date.parse(facts.now)) {
    if (!facts.held) return escalate(seen, facts);
    return seen === assignment ? null : move(seen);
  }
  return seen === assignment && dueAt === assignment.dueAt ? null : move({ ...seen, dueAt });
}

function begin(facts: AssignmentFacts): AssignmentMove | null {
  const { assignment, settings, owner, now } = facts;
  const agents = present(settings.agents, facts);
  if (!facts.active || facts.over || !isRipe(facts) || agents.length === 0 || typeof owner === 'string') {
    return assignment === null || assignment.dueAt === null ? null : move({ ...assignment, dueAt: null });
  }
  const mode = settings.mode === 'claim' ? 'claim' : 'round-robin';
  const fresh: LeadAssignment = {
    ...{ state: 'wanted', mode, agentId: null, had: [], since: now, claimedBy: null, escalations: 0 },
    ...{ planned: false, dueAt: null },
  };
  if (owner === undefined || facts.held) {
    if (assignment?.dueAt != null && Date.parse(assignment.dueAt) > Date.parse(now)) return null;
    const dueAt = new Date(Date.parse(now) + ASK_AGAIN_MS).toISOString();
    return move({ ...fresh, dueAt });
  }
  const dueAt = reactBy(now, facts);
  if (mode === 'claim') {
    const said = `Offered to the team: whoever claims it first has it.${aboutZone(dueAt, facts)}`;
    return { ...move({ ...fresh, state: 'offered', dueAt }, said), task: 'claim' };
  }
  const said = `Given to the agent whose turn it is.${aboutZone(dueAt, facts)}`;
  return { ...move({ ...fresh, state: 'given', planned: true, dueAt }, said), turn: agents };
}

function isRipe({ settings: { mode, from }, tier }: AssignmentFacts): boolean {
  if (mode === 'off') return false;
  return from === 'new' || tier === 'hot' || (from === 'warm' && tier === 'warm');
}

/**
 * The assignment in the light of what the CRM shows: once it has shown our agent, whatever else it shows is a person's doing; until
 * then whoever is none of ours was put there by a person.
 */
function asSeen(row: LeadAssignment, { owner, ownerBefore }: AssignmentFacts): LeadAssignment {
  const shown = row.agentId !== null && (owner === row.agentId || ownerBefore === row.agentId);
  const planned = row.planned && !shown;
  const byPerson =
    owner !== undefined &&
    owner !== row.agentId &&
    (row.agentId !== null && !planned ? true : owner !== null && !row.had.includes(owner));
  if (byPerson && row.state !== 'settled') return { ...settled(row), planned: false };
  return planned === row.planned && !(byPerson && row.planned) ? row : { ...row, planned: planned && !byPerson };
}

function whySettled(before: LeadAssignment): string | null {
  return before.state === 'settled' ? null : 'A person of the team has decided whose lead it is.';
}

/** Also to an offered lead: somebody of the team is at it, claimed or not. */
function hasReacted({ since }: LeadAssignment, { reactedAt }: AssignmentFacts): boolean {
  return reactedAt !== null && Date.parse(reactedAt) >= Date.parse(since);
}

/** By the settings as they are now. A location that was held begins anew when it goes on. */
function deadline({ since }: LeadAssignment, facts: AssignmentFacts): Iso | null {
  const { openSince } = facts;
  const anew = openSince !== null && Date.parse(openSince) > Date.parse(since);
  return reactBy(anew ? openSince : since, facts);
}

function reactBy(
  since: Iso,
  { settings: { reactWithinMinutes }, team }: Pick<AssignmentFacts, 'settings' | 'team'>,
): Iso | null {
  return reactWithinMinutes === null ? null : afterTeamMinutes(since, reactWithinMinutes, team);
}

/** An offered lead as the first agent who claims it has it. */
export function claimed(
  offered: LeadAssignment,
  agentId: string,
  { now, settings, team }: Pick<AssignmentFacts, 'now' | 'settings' | 'team'>,
): LeadAssignment {
  const dueAt = reactBy(now, { settings, team });
  const had = [...offered.had, agentId];
  return { ...offered, state: 'given', agentId, had, claimedBy: agentId, since: now, planned: true, dueAt };
}

function escalate(row: LeadAssignment, facts: AssignmentFacts): AssignmentMove {
  const { now, settings } = facts;
  const late = row.state === 'offered' ? 'Nobody has claimed the lead in time' : 'The agent has not reacted in time';
  // Whoever leads are escalated to is the last one.
  if (row.escalations > 0 && row.agentId !== null && row.agentId === settings.escalateTo) {
    const said = 'Nor has the agent to whom such leads go reacted in time; a task tells the team.';
    return { ...move(settled(row), said), task: 'nobody' };
  }
  const fresh = (id: string | null): boolean => id !== null && !row.had.includes(id);
  const next: LeadAssignment = {
    ...row,
    ...{ state: 'given', since: now, escalations: row.escalations + 1, planned: true, dueAt: reactBy(now, facts) },
  };
  const [chief] = present(settings.escalateTo === null ? [] : [settings.escalateTo], facts).filter(fresh);
  if (chief !== undefined) {
    const given = { ...next, agentId: chief, had: [...row.had, chief] };
    return { ...move(given, `${late}; given to whom such leads go.${aboutZone(next.dueAt, facts)}`), task: 'given' };
  }
  const rest = present(settings.agents, facts).filter(fresh);
  if (rest.length === 0)
    return { ...move(settled(row), `${late}, and nobody is left; a task tells the team.`), task: 'nobody' };
  const said = `${late}; given to the next in turn.${aboutZone(next.dueAt, facts)}`;
  return { ...move({ ...next, agentId: null }, said), turn: rest, task: 'given' };
}

function present(agents: readonly string[], { away }: AssignmentFacts): readonly string[] {
  return agents.filter((agent) => !away.includes(agent));
}

function aboutZone(dueAt: Iso | null, { team }: AssignmentFacts): string {
  if (dueAt === null || knownZone(team.zone) !== undefined) return '';
  return ' The zone of the office is not known: the deadline is that of the latest US zone.';
}

function settled(row: LeadAssignment): LeadAssignment {
  return { ...row, state: 'settled', dueAt: null };
}

function move(row: LeadAssignment, said: string | null = null): AssignmentMove {
  return { row, turn: null, said, task: null };
}

/** Whose turn is next: in the order of the agents the first after the last one who is among those to choose from. */
export function nextInTurn(
  agents: readonly string[],
  among: readonly string[],
  last: string | null,
): string | undefined {
  const after = last === null ? 0 : agents.indexOf(last) + 1;
  return [...agents.slice(after), ...agents.slice(0, after)].find((agent) => among.includes(agent)) ?? among[0];
}

/** The plan names the agent only until the CRM has shown it, so that a person's later choice stands. */
export function withAssignment(plan: CrmPlan | null, row: LeadAssignment | null): CrmPlan | null {
  if (plan === null) return null;
  const { assignedTo: _, ...rest } = plan;
  if (row === null || !row.planned || row.agentId === null) return rest;
  const from = [null, ...row.had.filter((agent) => agent !== row.agentId)];
  return { ...rest, assignedTo: { agentId: row.agentId, from } };
}

/** A plan that is older than the news: what the CRM has shown once is not set again, since whatever it shows later is a person's choice. */
export function stillPlanned(plan: CrmPlan, row: LeadAssignment | undefined): CrmPlan {
  const { assignedTo, ...rest } = plan;
  return row?.planned === true && row.agentId === assignedTo?.agentId ? plan : rest;
}

/** What a lead waits for, as its timer's summary says it. */
export function assignmentWords({ state }: Pick<LeadAssignment, 'state'>): string {
  if (state === 'offered') return 'looking whether somebody has claimed the lead';
  return state === 'given' ? 'looking whether the agent has reacted' : 'looking whose lead it is';
}
