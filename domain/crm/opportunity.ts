import type { Iso } from '../glossary.ts';
import type { CrmOpportunity } from '../ports/crm.ts';
import type { Mark } from './marks.ts';
import type { PlannedOpportunity } from './plan.ts';

export type OpportunityStep =
  /** The contact has none in this pipeline: making one is the outbox's. */
  | { readonly kind: 'none' }
  | { readonly kind: 'move'; readonly opportunityId: string; readonly from: string; readonly since: Iso | null }
  /** It stands where it should, or a person has decided otherwise. */
  | { readonly kind: 'leave'; readonly opportunityId: string | null; readonly why: StayReason };

export type StayReason = 'there' | 'closed' | 'further' | 'moved by a person' | 'order unknown';

/**
 * Which opportunity is moved, if any. Of several open ones in the pipeline the newest; a closed one is a person's last word and stays
 * as it is. Forward only, unless the settings allow more; and what a person moved after us stays until the lead's stage changes.
 * @param stages  ids in the order of the pipeline; undefined: it could not be read
 */
export function opportunityStep(
  wanted: PlannedOpportunity,
  found: readonly CrmOpportunity[],
  mark: Mark | undefined,
  stages: readonly string[] | undefined,
): OpportunityStep {
  const ofPipeline = found.filter(({ pipelineId }) => pipelineId === wanted.pipelineId);
  if (ofPipeline.length === 0) return { kind: 'none' };
  const open = ofPipeline.filter(({ status }) => status === 'open').toSorted(newestFirst);
  const [newest] = open;
  if (newest === undefined) return { kind: 'leave', opportunityId: null, why: 'closed' };
  const { opportunityId, stageId: from, stageSince: since } = newest;
  const leave = (why: StayReason): OpportunityStep => ({ kind: 'leave', opportunityId, why });
  if (from === wanted.stageId) return leave('there');
  const brought = mark?.state === 'ours' && mark.id === opportunityId && mark.value === wanted.stageId;
  if (brought || isMovedSince(mark, wanted, newest)) return leave('moved by a person');
  if (!wanted.backwards) {
    const [now, then] = [stages?.indexOf(from) ?? -1, stages?.indexOf(wanted.stageId) ?? -1];
    if (now < 0 || then < 0) return leave('order unknown');
    if (then < now) return leave('further');
  }
  return { kind: 'move', opportunityId, from, since };
}

/**
 * Was it moved after an attempt that did not come to its end had begun to bring it there? Then our call was made and somebody has moved it
 * back or elsewhere, or somebody was faster than our call: either way a person had the last word. One that has not been moved since is
 * where we found it, and our call never happened. Where the CRM tells no time nobody knows, and it is moved.
 */
function isMovedSince(mark: Mark | undefined, wanted: PlannedOpportunity, now: CrmOpportunity): boolean {
  if (mark?.state !== 'setting' || mark.id !== now.opportunityId || mark.value !== wanted.stageId) return false;
  return mark.stageSince !== undefined && now.stageSince !== null && mark.stageSince !== now.stageSince;
}

/** By the last change, which is all that the CRM tells; ties by id, so that everybody finds the same. */
function newestFirst(a: CrmOpportunity, b: CrmOpportunity): number {
  const [earlier, later] = [a, b].map(({ updatedAt }) => (updatedAt === null ? 0 : Date.parse(updatedAt))) as [
    number,
    number,
  ];
  return later - earlier || (a.opportunityId < b.opportunityId ? -1 : 1);
}
