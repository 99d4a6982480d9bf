import type { Page, PageRequest } from '../../domain/ports/page.ts';
import type { AgentProfile } from '../../domain/ports/people.ts';
import { type Asked, ask, pageOf, tell } from './ask.ts';
import { decodeCursor } from './cursor.ts';
import { instant, toJsonb } from './values.ts';

/**
 * Stores what is known of agents. What is older than what is stored changes nothing.
 * @returns how many are new or changed
 * Errors: BAD_VALUE, STORE_AWAY.
 */
export async function store(place: Asked, locationId: string, agents: readonly AgentProfile[]): Promise<number> {
  const given = agents.map((agent) => ({ ...agent, changedAt: instant(agent.changedAt) }));
  return tell(place, { name: 'agents-store', text: STORE, values: [locationId, toJsonb(given)] });
}

const STORE = `
insert into agent_profiles as a (location_id, agent_id, name, email, active, changed_at)
select distinct on ("agentId") $1, "agentId", name, email, active, "changedAt"
from jsonb_to_recordset($2::jsonb) as given ("agentId" text, name text, email text, active boolean, "changedAt" timestamptz)
order by "agentId", "changedAt" desc
on conflict (location_id, agent_id) do update set
  name = excluded.name, email = excluded.email, active = excluded.active, changed_at = excluded.changed_at, facts_at = '{}', deleted_at = null
where excluded.changed_at >= a.changed_at
  and (a.name, a.email, a.active, a.changed_at) is distinct from (excluded.name, excluded.email, excluded.active, excluded.changed_at)`;

/** Agents who are with the team, the last changed first. Errors: BAD_CURSOR, STORE_AWAY. */
export async function active(place: Asked, locationId: string, page: PageRequest): Promise<Page<AgentProfile>> {
  const query = ['agents-active', locationId];
  const [at, agent] = decodeCursor(query, page.cursor, ['instant', 'text']) ?? ['infinity', ''];
  const rows = await ask<AgentProfile>(place, {
    name: 'agents-active',
    text: `select agent_id as "agentId", name, email, active, changed_at as "changedAt" from agent_profiles
      where location_id = $1 and active and name is not null and (changed_at, agent_id) < ($2, $3)
      order by changed_at desc, agent_id desc limit $4`,
    values: [locationId, at, agent, page.limit + 1],
  });
  return pageOf(query, rows, page.limit, (row) => [row.changedAt, row.agentId]);
}
