import type { Iso, LeadRef } from '../glossary.ts';
import type { Lead } from './lead.ts';

/** A lead that nothing was ever decided about. `stateSince` equals `createdAt`: nobody has set its state yet. */
export function newLead(ref: LeadRef, now: Iso): Lead {
  return {
    locationId: ref.locationId,
    contactId: ref.contactId,
    state: 'active',
    stateSince: now,
    stage: 'new',
    tier: null,
    score: null,
    scoredAt: null,
    qualification: {},
    snapshot: null,
    snapshotAt: null,
    activatedAt: null,
    deletedAt: null,
    lastInboundAt: null,
    lastHumanAt: null,
    createdAt: now,
  };
}
