import type { LeadRef } from '../domain/glossary.ts';
import { type Deps, isoNow, later } from './deps.ts';

/** By then the event of a deadline is worked, unless it is parked; then there is one more. */
const WORKED_WITHIN_MS = 60 * 60_000;
/** A paused location gives nobody a lead; as its gate, it is looked at again after a while. */
const PAUSED_MS = 15 * 60_000;

/**
 * A deadline of the lead's assignment that has come is an event of the lead: what follows from it is decided like anything else. The
 * event is durable before the deadline is moved, and of one deadline there is one event however often this is called.
 */
export async function lookAfterAssignment(
  deps: Pick<Deps, 'assignments' | 'inbox' | 'locations' | 'now' | 'sha256'>,
  ref: LeadRef,
): Promise<string | null> {
  const now = isoNow(deps);
  const assignment = await deps.assignments.get(ref);
  const dueAt = assignment?.dueAt ?? null;
  if (dueAt === null || Date.parse(dueAt) > Date.parse(now)) return null;
  const location = await deps.locations.get(ref.locationId);
  if (location?.status !== 'active' || location.parked !== null) {
    await deps.assignments.postpone(ref, dueAt, later(now, PAUSED_MS));
    return 'the location is not active';
  }
  await deps.inbox.accept({
    source: 'internal',
    eventKey: `assignment:${ref.contactId}:${dueAt}`,
    bodyHash: deps.sha256('{}'),
    type: 'lead.assignment-due',
    // Worked like a fresh look at the contact that brought nothing new.
    kind: 'contact.snapshot',
    ...ref,
    occurredAt: now,
    body: new TextEncoder().encode('{}'),
    headers: {},
  });
  await deps.assignments.postpone(ref, dueAt, later(now, WORKED_WITHIN_MS));
  return 'the assignment is due';
}
