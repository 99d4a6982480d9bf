import type { Iso, Tier } from '../glossary.ts';
import type { Situation } from '../leads/decision.ts';
import type { Settled } from '../leads/endings.ts';
import type { TimelineEntry } from '../leads/lead.ts';
import { isHumanTouch } from '../leads/state-after.ts';
import type { OutboxDraft } from '../ports/outbox.ts';
import { assign, type AssignmentMove, type LeadAssignment } from './assignment.ts';

/** What a decision knows of the team and of whose the lead is. */
export interface TeamSituation {
  readonly assignment: LeadAssignment | null;
  /** Whose the contact was in the CRM as far as known when the assignment was read; undefined: not known. */
  readonly owner: string | null | undefined;
  /** Agents who are known to have left. */
  readonly away: readonly string[];
  /** IANA zone of the office; null when unknown. */
  readonly zone: string | null;
  /** Is the location paused or parked? */
  readonly held: boolean;
  /** When it last went on after it was paused or parked; null: it never was. */
  readonly openSince: Iso | null;
  /** Since the lead was given away: when somebody of the team last did something about it by hand. */
  readonly reactedAt: Iso | null;
}

/** What a decision changes of the assignment. The store drops it as a whole where `seen` is not what it finds any more: a claim was faster. */
export interface DecidedAssignment extends Pick<AssignmentMove, 'row' | 'turn'> {
  readonly seen: LeadAssignment | null;
  /** All agents of the location, in turn. */
  readonly agents: readonly string[];
  /** Its `target`, whom the task is for, is whoever has the lead then. */
  readonly task: OutboxDraft | null;
  readonly told: TimelineEntry | null;
}

/** Old news changes state only: it gives nobody a lead, and leaves one that waits to be given to its look-out. */
export function decideAssignment(
  { now, event, stale, lead, snapshot, settings, team }: Situation,
  { state, stage, active }: Settled,
  tier: Tier | null,
): DecidedAssignment | null {
  if (stale && team.assignment?.state === 'wanted') return null;
  const over = stage === 'gone' || stage === 'opted-out' || state === 'stopped';
  const moved = assign({
    now,
    settings: settings.assignment,
    team: { teamHours: settings.teamHours, holidays: settings.holidays, zone: team.zone },
    away: team.away,
    tier,
    active: active.yes && state === 'active' && !stale,
    over,
    held: team.held,
    openSince: team.openSince,
    // The assignment and what was known with it belong together; only what the event itself brought is newer.
    owner: snapshot?.assignedTo === lead.snapshot?.assignedTo ? team.owner : snapshot?.assignedTo,
    ownerBefore: team.owner,
    assignment: team.assignment,
    reactedAt: latest(team.reactedAt, lead.lastHumanAt, isHumanTouch(event) ? event.occurredAt : null),
  });
  if (moved === null) return null;
  const { row, turn, said, task } = moved;
  const refs = { inboxId: event.inboxId, ...(row.agentId === null ? {} : { agentId: row.agentId }) };
  return {
    ...{ row, turn, seen: team.assignment, agents: settings.assignment.agents },
    task: task === null ? null : draft(task, event),
    told: said === null ? null : { at: now, kind: 'decision', summary: said, refs },
  };
}

function latest(...instants: readonly (Iso | null)[]): Iso | null {
  const known = instants.filter((at) => at !== null);
  return known.length === 0 ? null : new Date(Math.max(...known.map((at) => Date.parse(at)))).toISOString();
}

const DUE_MINUTES = 60;

function draft(task: NonNullable<AssignmentMove['task']>, event: Situation['event']): OutboxDraft {
  const content = { ...words(task, event), dueInMinutes: DUE_MINUTES };
  const onceKey = `assignment:${task}:${event.inboxId}`;
  return { onceKey, channel: 'call-task', purpose: 'task', enrolmentId: null, stepKey: null, content };
}

/** No word of the lead and no address. */
function words(
  task: NonNullable<AssignmentMove['task']>,
  { locationId, contactId }: Situation['event'],
): { readonly title: string; readonly body: string } {
  switch (task) {
    case 'claim':
      return {
        title: 'Claim this lead: whoever is first has it',
        body: `Assign the contact to yourself, or: leadwright leads claim ${locationId}/${contactId} --agent YOUR-USER-ID`,
      };
    case 'given':
      return {
        title: 'This lead is yours now: please call',
        body: 'Nobody has reacted to this lead in time, so it was given to you. A call, a message or a note counts as a reaction.',
      };
    case 'nobody':
      return {
        title: 'Nobody of the team has reacted to this lead',
        body: 'Every agent in turn let the time go by. Please decide who works this lead, and assign the contact.',
      };
  }
}
