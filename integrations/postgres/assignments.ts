import { type LeadAssignment, nextInTurn } from '../../domain/crm/assignment.ts';
import type { DecidedAssignment } from '../../domain/crm/assignment-decision.ts';
import { AppError } from '../../domain/errors.ts';
import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { AssignmentStore } from '../../domain/ports/assignments.ts';
import type { OutboxDraft } from '../../domain/ports/outbox.ts';
import { addDrafts, storeTimeline } from './decision-parts.ts';
import { leadLock, takeLocks } from './locks.ts';
import { type Client, type Place, type Runner, stored, transaction } from './pool.ts';
import type { Tenants } from './tenants.ts';
import { instant } from './values.ts';

/** Assignments in Postgres; see `AssignmentStore` for what each function promises. */
export function createAssignmentStore(tenants: Tenants): AssignmentStore {
  const at = (ref: LeadRef) => tenants.at(ref.locationId);
  return {
    get: (ref) => stored(() => get(at(ref), ref)),
    claim: (ref, agentId, claimed) => stored(() => claim(at(ref), ref, agentId, claimed)),
    shown: (ref, agentId) => stored(() => shown(at(ref), ref, agentId)),
    postpone: (ref, dueAt, to) => stored(() => postpone(at(ref), ref, dueAt, to)),
  };
}

export const ASSIGNMENT_COLUMNS = `state, mode, agent_id as "agentId", had, since, claimed_by as "claimedBy", escalations, planned, due_at as "dueAt"`;

export async function get(runner: Runner, ref: LeadRef): Promise<LeadAssignment | undefined> {
  const { rows } = await runner.query<LeadAssignment>({
    name: 'assignment-get',
    text: `select ${ASSIGNMENT_COLUMNS} from assignments where location_id = $1 and contact_id = $2`,
    values: [ref.locationId, ref.contactId],
  });
  return rows[0];
}

/**
 * Part of a decision's transaction, which holds the lead's lock. A turn is taken under the lock of the location's row of turns, and given
 * back by a rollback: of many decisions at once each takes the next.
 * @returns the assignment as it now is; whatever was decided of it counts only if it still is what the decision saw
 */
export async function commitAssignment(
  client: Client,
  ref: LeadRef,
  { seen, row, turn, agents, task, told }: DecidedAssignment,
  now: Iso,
): Promise<LeadAssignment> {
  const found = (await get(client, ref)) ?? null;
  if (found !== null && !isSame(found, seen)) return found;
  const agentId = turn === null ? row.agentId : await takeTurn(client, ref.locationId, agents, turn);
  const given = turn === null || agentId === null ? row : { ...row, agentId, had: [...row.had, agentId] };
  const whom = agentId === null ? {} : { agentId };
  await Promise.all([
    write(client, ref, given),
    ...(told === null ? [] : [storeTimeline(client, ref, [{ ...told, refs: { ...told.refs, ...whom } }])]),
    ...(task === null ? [] : [addDrafts(client, ref, [forHolder(task, given)], now)]),
  ]);
  return given;
}

/** Has nobody claimed it, and has the CRM not shown it, since the decision looked? */
function isSame(found: LeadAssignment, seen: LeadAssignment | null): boolean {
  return found.state === seen?.state && found.since === seen.since && found.planned === seen.planned;
}

/** Whoever has the lead; nobody in particular where it is the team's. */
function forHolder(task: OutboxDraft, { state, agentId }: LeadAssignment): OutboxDraft {
  return { ...task, content: { ...task.content, target: state === 'given' ? (agentId ?? '') : '' } };
}

/** Two statements: the second reads what the first, having waited for the lock, found there. */
async function takeTurn(
  client: Client,
  locationId: string,
  agents: readonly string[],
  among: readonly string[],
): Promise<string | null> {
  const { rows } = await client.query<{ last: string }>({
    name: 'turn-hold',
    text: `insert into assignment_turns as t (location_id, last_agent) values ($1, '')
      on conflict (location_id) do update set last_agent = t.last_agent returning last_agent as last`,
    values: [locationId],
  });
  const agent = nextInTurn(agents, among, rows[0]?.last || null);
  if (agent === undefined) return null;
  await client.query({
    name: 'turn-take',
    text: 'update assignment_turns set last_agent = $2 where location_id = $1',
    values: [locationId, agent],
  });
  return agent;
}

async function write(runner: Runner, ref: LeadRef, row: LeadAssignment): Promise<void> {
  await runner.query({
    name: 'assignment-write',
    text: `insert into assignments as a
        (location_id, contact_id, state, mode, agent_id, had, since, claimed_by, escalations, planned, due_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      on conflict (location_id, contact_id) do update set
        state = excluded.state, mode = excluded.mode, agent_id = excluded.agent_id, had = excluded.had, since = excluded.since,
        claimed_by = excluded.claimed_by, escalations = excluded.escalations, planned = excluded.planned, due_at = excluded.due_at`,
    values: [
      ...[ref.locationId, ref.contactId, row.state, row.mode, row.agentId, row.had, instant(row.since), row.claimedBy],
      ...[row.escalations, row.planned, row.dueAt === null ? null : instant(row.dueAt)],
    ],
  });
}

async function claim(
  place: Place,
  ref: LeadRef,
  agentId: string,
  claimed: Parameters<AssignmentStore['claim']>[2],
): Promise<LeadAssignment> {
  return transaction(place, async (client) => {
    const [, row, left] = await Promise.all([
      takeLocks(client, [leadLock(ref)]),
      get(client, ref),
      hasLeft(client, ref.locationId, agentId),
    ]);
    if (row?.claimedBy === agentId) return row;
    if (row !== undefined && row.claimedBy !== null) {
      throw new AppError('CLAIM_TAKEN', 'expected a lead that nobody has claimed yet');
    }
    if (row?.state !== 'offered')
      throw new AppError('CLAIM_NOT_OFFERED', 'expected a lead that is offered to the team');
    // Settings may name an agent for long after the CRM has told that there is none.
    if (left) throw new AppError('AGENT_UNKNOWN', 'expected an agent who is with the team');
    const now = claimed(row);
    const refs = { agentId };
    await Promise.all([
      write(client, ref, now),
      storeTimeline(client, ref, [{ at: now.since, kind: 'action', summary: 'An agent claimed the lead.', refs }]),
    ]);
    return now;
  });
}

async function hasLeft(client: Client, locationId: string, agentId: string): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'assignment-agent-left',
    text: 'select from agent_profiles where location_id = $1 and agent_id = $2 and not active',
    values: [locationId, agentId],
  });
  return rowCount === 1;
}

async function shown(place: Place, ref: LeadRef, agentId: string): Promise<void> {
  await place.query({
    name: 'assignment-shown',
    text: 'update assignments set planned = false where location_id = $1 and contact_id = $2 and agent_id = $3 and planned',
    values: [ref.locationId, ref.contactId, agentId],
  });
}

async function postpone(place: Place, ref: LeadRef, dueAt: string, to: string): Promise<void> {
  await place.query({
    name: 'assignment-postpone',
    text: 'update assignments set due_at = $4 where location_id = $1 and contact_id = $2 and due_at = $3',
    values: [ref.locationId, ref.contactId, instant(dueAt), instant(to)],
  });
}
