import { Router } from 'express';
import type { LeadRef } from '../../domain/glossary.ts';
import type { AssignmentStore } from '../../domain/ports/assignments.ts';
import type { Dispatchable, InboxStore } from '../../domain/ports/inbox.ts';
import type { LeadStore } from '../../domain/ports/leads.ts';
import type { LocationStore } from '../../domain/ports/locations.ts';
import { claimed } from '../../domain/crm/assignment.ts';
import { AppError } from '../../domain/errors.ts';
import { sha256 } from '../../platform/secrets.ts';
import { claimLead } from '../contract/assignment.ts';
import { mount, ok, type Reply } from '../mount.ts';
import { knownLead } from './leads.ts';

export interface AssignmentRouteDeps {
  readonly assignments: AssignmentStore;
  readonly inbox: Pick<InboxStore, 'accept'>;
  readonly leads: Pick<LeadStore, 'load'>;
  readonly locations: Pick<LocationStore, 'get'>;
  readonly onCommitted: (row: Dispatchable) => void;
  readonly now: () => Date;
}

export function assignmentRoutes(deps: AssignmentRouteDeps): Router {
  const router = Router();
  mount(router, claimLead, ({ params, body }) => claim(deps, params, body.agentId));
  return router;
}

/**
 * Stored first, which settles who was first; then an event has the lead's workflow bring the CRM to it. Should the event be lost with
 * this process, the agent who asks again makes it.
 */
async function claim(deps: AssignmentRouteDeps, ref: LeadRef, agentId: string): Promise<Reply> {
  await knownLead(deps.leads, ref);
  const location = await deps.locations.get(ref.locationId);
  if (location === undefined || location.status === 'uninstalled') {
    throw new AppError('LOCATION_NOT_FOUND', `expected an installed location, got ${ref.locationId}`);
  }
  const { assignment: settings, teamHours, holidays } = location.settings;
  if (!settings.agents.includes(agentId) && settings.escalateTo !== agentId) {
    throw new AppError('AGENT_UNKNOWN', 'expected one of the agents whom leads of this location are assigned to');
  }
  const now = deps.now().toISOString();
  const team = { teamHours, holidays, zone: location.timezone };
  const row = await deps.assignments.claim(ref, agentId, (offered) =>
    claimed(offered, agentId, { now, settings, team }),
  );
  await tell(deps, ref, row.since);
  return ok({ agentId, since: row.since });
}

async function tell(deps: AssignmentRouteDeps, ref: LeadRef, since: string): Promise<void> {
  const event = {
    source: 'internal',
    eventKey: `claim:${ref.contactId}:${since}`,
    bodyHash: sha256('{}'),
    type: 'lead.claimed',
    // Worked like a fresh look at the contact that brought nothing new.
    kind: 'contact.snapshot',
    ...{ locationId: ref.locationId, contactId: ref.contactId },
    occurredAt: since,
    body: Buffer.from('{}'),
    headers: {},
  } as const;
  const acceptance = await deps.inbox.accept(event);
  if (acceptance.kind !== 'accepted') return;
  const { type, kind, locationId, contactId } = event;
  deps.onCommitted({ ...acceptance, type, kind, locationId, contactId });
}
