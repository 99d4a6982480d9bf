/**
 * Rules as data: what a location wants to see in its CRM as leads answer. A rule looks at facts of the lead and names tags, fields and
 * GHL workflows; of the rules of one group the first that fits holds, and what another of the group had set before is taken away.
 */
export const ruleFacts = [
  'budget',
  'location',
  'timeline',
  'property',
  'financing',
  'motivation',
  'condition',
  'side',
  'tier',
  'score',
  'stage',
  /** How many of the seven questions are answered. */
  'answered',
  /** Instant of the last event that was decided upon, ISO 8601; an echo of our own writes is none. */
  'lastEventAt',
] as const;
export type RuleFact = (typeof ruleFacts)[number];

/** Every condition that is named must hold. A fact that is not known fits no condition but `known: false`. */
export interface RuleTest {
  readonly fact: RuleFact;
  readonly known?: boolean;
  readonly equals?: string | number;
  /** Inclusive. */
  readonly from?: number;
  /** Exclusive. */
  readonly below?: number;
}

/** `{budget}` and the like in a tag or a value stand for the fact; an action whose fact is not known does nothing. */
export type RuleAction =
  | { readonly tag: string }
  /** By field key, e.g. `contact.budget`. */
  | { readonly field: string; readonly value: string }
  /** Name of one of the settings' `workflows`; added once per lead and per time that the rule begins to hold. */
  | { readonly workflow: string };

export interface CrmRule {
  readonly key: string;
  readonly group: string | null;
  /** All of them. */
  readonly when: readonly RuleTest[];
  readonly then: readonly RuleAction[];
}

/** The rules that a location begins with. A field that the location does not have is left out, and `doctor` names it. */
export const defaultRules: readonly CrmRule[] = [
  {
    key: 'budget-low',
    group: 'budget',
    when: [{ fact: 'budget', below: 300_000 }],
    then: [{ tag: 'Budget-Under-300K' }],
  },
  {
    key: 'budget-middle',
    group: 'budget',
    when: [{ fact: 'budget', from: 300_000, below: 500_000 }],
    then: [{ tag: 'Budget-300K-500K' }],
  },
  {
    key: 'budget-high',
    group: 'budget',
    when: [{ fact: 'budget', from: 500_000 }],
    then: [{ tag: 'Budget-Over-500K' }],
  },
  { key: 'budget-field', group: null, when: [], then: [{ field: 'contact.budget', value: '{budget}' }] },
  {
    key: 'location',
    group: 'location',
    when: [],
    then: [{ tag: 'Location-{location}' }, { field: 'contact.preferred_location', value: '{location}' }],
  },
  {
    key: 'urgent',
    group: 'timeline',
    when: [{ fact: 'timeline', equals: 'immediate' }],
    then: [{ tag: 'Timeline-Urgent' }],
  },
  { key: 'timeline-field', group: null, when: [], then: [{ field: 'contact.timeline', value: '{timeline}' }] },
  { key: 'ready', group: 'readiness', when: [{ fact: 'answered', from: 5 }], then: [{ tag: 'AI-Qualified' }] },
  { key: 'engaged', group: 'readiness', when: [{ fact: 'answered', from: 2 }], then: [{ tag: 'AI-Engaged' }] },
  { key: 'notify-agent', group: null, when: [{ fact: 'tier', equals: 'hot' }], then: [{ workflow: 'notifyAgent' }] },
];
