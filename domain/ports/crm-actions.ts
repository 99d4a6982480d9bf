import type { CrmAction, NewCrmAction } from '../crm/actions.ts';
import type { Marks } from '../crm/marks.ts';
import type { Iso, LeadRef } from '../glossary.ts';

/** What we did in the CRM, for ever, and what of it we still have there. */
export interface CrmActionStore {
  /**
   * One transaction: actions added, marks set and dropped. Marks of what is about to be written come before the calls: whoever goes on
   * after us finds out what became of them.
   */
  record(
    ref: LeadRef,
    done: { readonly actions: readonly NewCrmAction[]; readonly marks: Marks; readonly drop: readonly string[] },
  ): Promise<void>;
  /** Newest first. Throws BAD_CURSOR for a cursor of another lead. */
  list(
    ref: LeadRef,
    limit: number,
    cursor?: string,
  ): Promise<{ readonly items: readonly CrmAction[]; readonly nextCursor: string | null }>;
  get(ref: LeadRef, actionId: string): Promise<CrmAction | undefined>;
  /**
   * Makes it due: the applier does it with its next run, for which the plan gets a new version. Asked once: a second wish changes
   * nothing.
   */
  askUndo(ref: LeadRef, actionId: string, by: string, now: Iso): Promise<void>;
  settleUndo(
    ref: LeadRef,
    actionId: string,
    outcome: { readonly state: 'done' | 'refused'; readonly reason: string | null },
    now: Iso,
  ): Promise<void>;
}
