import type { LeadRef, LeadState } from '../glossary.ts';

/** A person's act on the lead's workflow, started if it does not run. */
export interface LeadActs {
  /** `inboxId`: the act as already written down. Throws TEMPORAL_UNAVAILABLE when the workflow did not answer in time. */
  act(
    ref: LeadRef,
    action: 'pause' | 'resume' | 'stop' | 'takeOver' | 'enrol',
    input: { readonly inboxId: string; readonly sequence?: string; readonly by?: string },
  ): Promise<{ readonly state: LeadState }>;
}
