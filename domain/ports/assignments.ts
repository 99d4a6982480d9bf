import type { LeadAssignment } from '../crm/assignment.ts';
import type { Iso, LeadRef } from '../glossary.ts';

export interface AssignmentStore {
  get(ref: LeadRef): Promise<LeadAssignment | undefined>;
  /**
   * The first agent to claim an offered lead has it; the same one again changes nothing.
   * @param claimed  pure; what becomes of the row
   * Errors: CLAIM_TAKEN, CLAIM_NOT_OFFERED; AGENT_UNKNOWN when the agent has left the team.
   */
  claim(ref: LeadRef, agentId: string, claimed: (offered: LeadAssignment) => LeadAssignment): Promise<LeadAssignment>;
  /** The CRM shows that this agent has the lead; the plan need not name it any more. */
  shown(ref: LeadRef, agentId: string): Promise<void>;
  /** Moves a look-out that is due now to later, unless something else has moved it meanwhile. */
  postpone(ref: LeadRef, dueAt: Iso, to: Iso): Promise<void>;
}
