import type { Page, PageRequest } from '../../domain/ports/page.ts';
import type { CoachingSession } from '../../domain/ports/people.ts';
import { type Asked, ask, pageOf, tell } from './ask.ts';
import { decodeCursor } from './cursor.ts';
import { clean, toJsonb } from './values.ts';

/**
 * Stores coaching sessions; one that is stored already is replaced.
 * @returns how many are new or changed
 * Errors: BAD_VALUE, STORE_AWAY.
 */
export async function store(place: Asked, locationId: string, sessions: readonly CoachingSession[]): Promise<number> {
  return tell(place, { name: 'coaching-store', text: STORE, values: [locationId, toJsonb(sessions)] });
}

const STORE = `
insert into coaching_sessions as s (location_id, session_id, agent_id, held_on, score, notes)
select distinct on ("sessionId") $1, "sessionId", "agentId", "heldOn", score, notes
from rows from (jsonb_to_recordset($2::jsonb)
  as ("sessionId" uuid, "agentId" text, "heldOn" date, score double precision, notes jsonb)) with ordinality as given
order by "sessionId", ordinality desc
on conflict (location_id, session_id) do update set
  agent_id = excluded.agent_id, held_on = excluded.held_on, score = excluded.score, notes = excluded.notes
where s is distinct from excluded`;

/** An agent's coaching sessions, newest first. Errors: BAD_CURSOR, STORE_AWAY. */
export async function ofAgent(
  place: Asked,
  locationId: string,
  agentId: string,
  page: PageRequest,
): Promise<Page<CoachingSession>> {
  const query = ['coaching', locationId, agentId];
  const [day, session] = decodeCursor(query, page.cursor, ['date', 'uuid']) ?? ['infinity', NO_UUID];
  const rows = await ask<CoachingSession>(place, {
    name: 'coaching-of-agent',
    // As text: the driver would make a day an instant of this machine's own zone.
    text: `select session_id as "sessionId", agent_id as "agentId", to_char(held_on, 'YYYY-MM-DD') as "heldOn", score, notes
      from coaching_sessions where location_id = $1 and agent_id = $2 and (held_on, session_id) < ($3, $4)
      order by held_on desc, session_id desc limit $5`,
    values: [locationId, clean(agentId), day, session, page.limit + 1],
  });
  return pageOf(query, rows, page.limit, (row) => [row.heldOn, row.sessionId]);
}

/** Beside a day that never comes, any would do. */
const NO_UUID = '00000000-0000-0000-0000-000000000000';
