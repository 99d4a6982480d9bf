import type { LeadRef, LeadState } from '../glossary.ts';
import type { DraftVerdict } from './drafts.ts';

/** A person's act on the lead's workflow, started if it does not run. */
export interface LeadActs {
  /** `inboxId`: the act as already written down. Throws TEMPORAL_UNAVAILABLE when the workflow did not answer in time. */
  act(
    ref: LeadRef,
    action: 'pause' | 'resume' | 'stop' | 'takeOver' | 'enrol',
    input: { readonly inboxId: string; readonly sequence?: string; readonly by?: string },
  ): Promise<{ readonly state: LeadState }>;
  /** A person's word on a drafted reply, as already written down. Errors as above. */
  draft(
    ref: LeadRef,
    verdict: DraftVerdict,
    input: { readonly draftId: string; readonly inboxId: string; readonly by?: string },
  ): Promise<void>;
}
