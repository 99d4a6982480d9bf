import type { Tier } from '../glossary.ts';

/** The state that we want in the CRM. Only what is ours is named: other tags and fields are never touched. */
export interface CrmPlan {
  /** The one tier tag to bear, and the tier tags to take away. */
  readonly addTags: readonly string[];
  readonly removeTags: readonly string[];
  /** By field key, e.g. `contact.lead_score`. */
  readonly fields: Readonly<Record<string, string | number>>;
  readonly tier: Tier | null;
}

/** The calls that bring the CRM from what it is to the plan; empty when it is there already. */
export interface CrmDiff {
  readonly addTags: readonly string[];
  readonly removeTags: readonly string[];
  /** By field id. */
  readonly setFields: readonly { readonly id: string; readonly value: string | number }[];
  /** Field keys of the plan that the location does not have. */
  readonly unmapped: readonly string[];
}
