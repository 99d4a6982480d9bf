import type { Iso, LeadRef, LeadState, Tier } from '../glossary.ts';
import type { CrmPlan } from '../crm/plan.ts';
import type { Score } from '../scoring/score.ts';
import type { ContactSnapshot } from './contact.ts';

/** new: not heard from · engaged: has written · qualifying: some questions answered · qualified: all that apply. */
export type Stage = 'new' | 'engaged' | 'qualifying' | 'qualified' | 'opted-out' | 'gone';

/** The seven questions. `condition` applies to sellers only. */
export const questions = [
  'budget',
  'location',
  'timeline',
  'property',
  'financing',
  'motivation',
  'condition',
] as const;
export type Question = (typeof questions)[number];

export interface Answer {
  /** What was said, reduced to a value: dollars for budget, immediate|soon|exploring for timeline, else short words. */
  readonly value: string | number | boolean;
  readonly at: Iso;
  /** Inbox id of the message that said so. */
  readonly from: string;
}
/**
 * What a message says beyond its answers of how they bind: the least that a home may cost and the most, in dollars; its least living area, in square feet; that close
 * to the place will do as well.
 */
export const bounds = ['priceFrom', 'priceTo', 'minSqft', 'near'] as const;
export type Bound = (typeof bounds)[number];
/** Besides the questions and bounds: which side of a sale the lead has said to be on, `buy` or `sell`. */
export type Qualification = Readonly<Partial<Record<Question | Bound | 'side', Answer>>>;

/** A lead as stored. */
export interface Lead extends LeadRef {
  readonly state: LeadState;
  readonly stateSince: Iso;
  readonly stage: Stage;
  readonly tier: Tier | null;
  readonly score: Score | null;
  readonly scoredAt: Iso | null;
  readonly qualification: Qualification;
  readonly snapshot: ContactSnapshot | null;
  /** Vendor's time of the snapshot: older news never overwrites newer. */
  readonly snapshotAt: Iso | null;
  /** When the location's tags first allowed us to act; null while they do not. */
  readonly activatedAt: Iso | null;
  readonly deletedAt: Iso | null;
  readonly lastInboundAt: Iso | null;
  readonly lastHumanAt: Iso | null;
  readonly createdAt: Iso;
  /** When it was last heard of, by an event that was decided upon or a person's act; absent: not read. */
  readonly lastActivityAt?: Iso | null;
  /** What was last wanted in the CRM; absent: not read. */
  readonly plan?: CrmPlan | null;
}

/** A message of the talk, oldest first wherever lists of it are handed around. */
export interface TalkMessage {
  readonly direction: 'inbound' | 'outbound';
  readonly channel: string;
  readonly body: string;
  readonly at: Iso;
  /** True when a human of the team wrote it. */
  readonly human: boolean;
}

export interface TimelineEntry {
  readonly at: Iso;
  readonly kind: 'event' | 'decision' | 'send' | 'wait' | 'action';
  /** Plain words, free of names, numbers and message text. */
  readonly summary: string;
  readonly refs: Readonly<Record<string, string | number | null>>;
}
