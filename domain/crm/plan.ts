import type { Tier } from '../glossary.ts';

/** The state that we want in the CRM. Only what is named is ours: nothing else is ever touched. */
export interface CrmPlan {
  /** Tags to bear. */
  readonly addTags: readonly string[];
  /** Tags that are ours by the settings and not to be borne now, whoever put them there: the other tiers'. */
  readonly removeTags: readonly string[];
  /** By field key, e.g. `contact.lead_score`. */
  readonly fields: Readonly<Record<string, string | number>>;
  /** Keys of those fields that are ours by the settings. Another field that shows somebody else's value is left alone. */
  readonly ownFields: readonly string[];
  readonly tier: Tier | null;
  /** Where the lead stands in the team's pipeline; null: opportunities are left alone. */
  readonly opportunity: PlannedOpportunity | null;
  /** Ids of GHL workflows in which we may have put the contact and in which it may stay. */
  readonly workflows: readonly string[];
  /** Channels on which do-not-disturb is to be on. */
  readonly dnd: readonly DndChannel[];
  /** Absent: the assignment is left alone. */
  readonly assignedTo?: PlannedAssignment;
}

/** To whom the lead goes while it still is one of `from` (null: nobody's). Whoever else has it was given it by a person, and keeps it. */
export interface PlannedAssignment {
  readonly agentId: string;
  readonly from: readonly (string | null)[];
}

export interface PlannedOpportunity {
  readonly pipelineId: string;
  readonly stageId: string;
  /** False: it is only ever moved forward. */
  readonly backwards: boolean;
}

export const dndChannels = ['sms', 'email'] as const;
export type DndChannel = (typeof dndChannels)[number];

/** A plan as it was stored before it could name all that it can name now. */
export type StoredCrmPlan = Pick<CrmPlan, 'addTags' | 'removeTags' | 'fields' | 'tier'> & Partial<CrmPlan>;

/** Score and tier were all that the first plans set, in fields of our own. */
export function wholePlan(stored: StoredCrmPlan): CrmPlan {
  return { ownFields: Object.keys(stored.fields), opportunity: null, workflows: [], dnd: [], ...stored };
}
