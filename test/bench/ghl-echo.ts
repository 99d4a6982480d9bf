import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Call } from '../support/ghl-model-compare.ts';
import { control, furnishTeam, type Running } from '../support/ghl-model-world.ts';

/** So many writes after one event are a loop. Counted, not timed; the check ends when it has seen them, or when nothing comes any more. */
export const LOOP = 12;
const QUIET_MS = 8_000;
const LIMIT_MS = 120_000;

/**
 * Writes into one contact that follow from one event, in a location that shows the time of the last event in a field: whoever takes the
 * echo of such a write for news writes again.
 */
export async function writesAfterOneEvent(running: Running): Promise<number> {
  const team = await furnishTeam(running, {
    pipeline: null,
    rules: [
      { key: 'last-event', group: null, when: [], then: [{ field: 'contact.last_event', value: '{lastEventAt}' }] },
    ],
  });
  const { locationId, userId } = team;
  const email = `${randomUUID()}@example.com`;
  const made = await control<{ contact: { id: string } }>(running, 'POST', 'act', {
    ...{ userId, locationId, method: 'POST', path: '/contacts/' },
    body: { locationId, firstName: 'Sample', email, tags: ['Hit List'] },
  });
  const end = Date.now() + LIMIT_MS;
  let writes = 0;
  for (
    let quietSince = Date.now();
    Date.now() < end && writes < LOOP && (writes === 0 || Date.now() - quietSince < QUIET_MS);
  ) {
    await pause(200);
    const { calls } = await control<{ calls: Call[] }>(running, 'GET', 'ledger');
    const now = calls.filter(
      ({ method, path, by }) => by === undefined && method === 'PUT' && path === `/contacts/${made.contact.id}`,
    );
    if (now.length > writes) quietSince = Date.now();
    writes = now.length;
  }
  return writes;
}
