import { type CrmRule, defaultRules } from '../crm/rule.ts';
import type { HealthLimits } from '../consent/sending-health.ts';
import type { UsState } from '../consent/us-states.ts';
import type { Iso, Tier } from '../glossary.ts';
import type { Parked } from '../ports/tokens.ts';
import type { Stage } from './lead.ts';
import { defaultMarket, type MarketChoices } from './settings-market.ts';

export const scoreFieldNames = [
  'budget',
  'timeline',
  'pageViews',
  'emailsSent',
  'emailOpens',
  'emailClicks',
  'propertyMatches',
] as const;
export type ScoreField = (typeof scoreFieldNames)[number];

/** A location's choices; stored per location, defaults here. */
export interface LocationSettings {
  /** Act only on contacts with one of these tags … */
  readonly activationTags: readonly string[];
  /** … and none of these. Compared without case. */
  readonly stopTags: readonly string[];
  readonly tierTags: Readonly<Record<Tier, string>>;
  /** Tag → channels for which it records written consent. Empty: nobody is messaged. */
  readonly consentTags: Readonly<Record<string, readonly ('sms' | 'email')[]>>;
  /** What else in the CRM records a consent, and to which words; see docs/consent.md. */
  readonly consentSources: readonly ConsentMapping[];
  /** Tags, and sources of contacts, that mean a bought list: such a lead is called by people and never written to. */
  readonly boughtLeads: { readonly tags: readonly string[]; readonly sources: readonly string[] };
  /** Field keys of the two custom fields that we keep, e.g. `contact.lead_score`. */
  readonly customFields: { readonly score: string; readonly tier: string };
  /** What leads' answers show in the CRM. */
  readonly rules: readonly CrmRule[];
  /** Where leads stand in the team's pipeline; null: opportunities are not touched. A stage that is not named is left as it is. */
  readonly pipeline: {
    readonly pipelineId: string;
    readonly stages: Readonly<Partial<Record<Stage, string>>>;
    /** False: an opportunity is only ever moved forward. */
    readonly backwards: boolean;
  } | null;
  /** GHL workflows that rules may name, by what they are for: `notifyAgent` → workflow id. */
  readonly workflows: Readonly<Record<string, string>>;
  /** Calendars by what is booked: `showing` → calendar id. */
  readonly calendars: Readonly<Record<string, string>>;
  readonly assignment: Assignment;
  /** When the team works, in the office's zone; a day that is not named is off. */
  readonly teamHours: Readonly<Partial<Record<Weekday, { readonly from: string; readonly to: string }>>>;
  /** Days on which nobody works, `2026-12-25`. */
  readonly holidays: readonly string[];
  /** Numbers that texts go out from, E.164: one for all, or one for each agent's leads. Null: the CRM's choice. */
  readonly senderNumbers: { readonly standard: string | null; readonly byAgent: Readonly<Record<string, string>> };
  /** Where the location gets its post, on one line or several: the law wants it in every e-mail that solicits. Null: none goes out. */
  readonly postalAddress: string | null;
  /** How messages sign and sound. */
  readonly agentVoice: { readonly signature: string | null; readonly tone: 'plain' | 'warm' };
  /** Most that may be spent on language models, US dollars per day; 0: nothing. */
  readonly budgets: { readonly modelDollarsPerDay: number };
  /** `draft`: a person sends what was drafted; `auto`: it is sent; `off`: nothing is drafted. */
  readonly modes: { readonly replies: 'off' | 'draft' | 'auto' };
  readonly assistant: AssistantChoices;
  /** The MLS feeds of the location, and how leads hear of listings. */
  readonly market: MarketChoices;
  /** Records of GHL's custom objects that are behaviour of a lead: key of the object → what it means. */
  readonly activityObjects: Readonly<Record<string, ActivityObject>>;
  /** Fact of the score → key of the custom field in which the team keeps it. */
  readonly scoreFields: Readonly<Partial<Record<ScoreField, string>>>;
  /** The team's own hours, HH:MM, narrowed by the law and never widening it. */
  readonly quietHours: { readonly from: string; readonly to: string };
  /** Which sequences begin by themselves, by key; one that is not named does unless its document waits to be turned on. */
  readonly sequences: Readonly<Record<string, boolean>>;
  /** A human's takeover is over so long after the human last wrote, ISO 8601; null: only a person ends it. */
  readonly takeoverEndsAfter: string | null;
  /** Solicitations per person in any rolling 24 hours. */
  readonly capPer24h: number;
  /** Whether a message of theirs is answered outside the sending hours, too. */
  readonly answersAtNight: boolean;
  /** Above one of these shares of what was sent in 24 hours, sending on that channel pauses until a person lifts it. */
  readonly sendingHealth: Omit<HealthLimits, 'newNumberSince'>;
  /** First day of a number that carriers do not know yet: texts begin with few segments a day and become more. Null: none is new. */
  readonly newNumberSince: string | null;
  /** Messages that wait for the hours to open go out within so many seconds after it, each at its own instant. */
  readonly openingJitterSeconds: number;
}

/** What the assistant knows of the location, and how it answers. */
export interface AssistantChoices {
  /** Sentences that it may say as they stand, in its own language or another's. */
  readonly facts: readonly string[];
  /** Where the team works, as it spells the places. */
  readonly areas: readonly string[];
  /** Where the team is licensed: what those states protect besides the federal law is kept to. Empty: what any state protects. */
  readonly states: readonly UsState[];
  /** Messages that come within so many seconds of one another get one answer … */
  readonly debounceSeconds: number;
  /** … at the latest so long after the first of them. */
  readonly longestWaitSeconds: number;
  /** What is said while a person is asked, instead of our own words; null: ours. */
  readonly holdingText: string | null;
  /** Most that may be spent on models for one lead in 30 days, US dollars. */
  readonly leadDollarsPer30Days: number;
}

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** Who of the team a lead is given to. Only leads that are nobody's are given away. */
export interface Assignment {
  /** `round-robin`: each agent in turn. `claim`: a task for all, and whoever claims first has the lead. */
  readonly mode: 'off' | 'round-robin' | 'claim';
  /** The CRM's user ids, in turn. */
  readonly agents: readonly string[];
  /** From when on a lead is given away: as soon as it is new, or once it is warm, or hot. */
  readonly from: 'new' | 'warm' | 'hot';
  /** An agent who has not written, called or closed the task after so many minutes of team hours has not reacted; null: never asked. */
  readonly reactWithinMinutes: number | null;
  /** Who gets the lead then; null: the next in turn. */
  readonly escalateTo: string | null;
}

/** A tag, a form (the contact's source) or the value of a custom field that records consent to a version of the location's texts. */
export type ConsentMapping = (
  { readonly tag: string } | { readonly form: string } | { readonly field: string; readonly equals: string }
) & { readonly text: string; readonly channels: readonly ('sms' | 'email' | 'call')[] };

/** How a record of a custom object is read as behaviour. Names are property keys of the object. */
export interface ActivityObject {
  /** One of the behaviour kinds, e.g. `property.view`. */
  readonly kind: string;
  /** Property that holds the contact's id, e-mail address or phone number. */
  readonly contact: string;
  /** Property that holds the listing's key, if one does. */
  readonly listing?: string;
}

export const defaultSettings: LocationSettings = {
  activationTags: ['Hit List', 'Need to Qualify', 'Needs Qualifying'],
  stopTags: ['AI-Off', 'Qualified', 'Stop-Bot'],
  tierTags: { hot: 'Hot-Lead', warm: 'Warm-Lead', cold: 'Cold-Lead' },
  consentTags: {},
  consentSources: [],
  boughtLeads: { tags: [], sources: [] },
  customFields: { score: 'contact.lead_score', tier: 'contact.lead_tier' },
  scoreFields: {
    budget: 'contact.budget',
    timeline: 'contact.timeline',
    pageViews: 'contact.page_views',
    emailsSent: 'contact.emails_sent',
    emailOpens: 'contact.email_opens',
    emailClicks: 'contact.email_clicks',
    propertyMatches: 'contact.property_matches',
  },
  quietHours: { from: '08:00', to: '21:00' },
  sequences: {},
  takeoverEndsAfter: null,
  capPer24h: 3,
  answersAtNight: false,
  sendingHealth: { failureRate: 0.06, optOutRate: 0.008, complaintRate: 0.003, leastSent: 125 },
  newNumberSince: null,
  openingJitterSeconds: 600,
  rules: defaultRules,
  pipeline: null,
  workflows: {},
  calendars: {},
  assignment: { mode: 'off', agents: [], from: 'warm', reactWithinMinutes: null, escalateTo: null },
  teamHours: {
    mon: { from: '09:00', to: '18:00' },
    tue: { from: '09:00', to: '18:00' },
    wed: { from: '09:00', to: '18:00' },
    thu: { from: '09:00', to: '18:00' },
    fri: { from: '09:00', to: '18:00' },
  },
  holidays: [],
  senderNumbers: { standard: null, byAgent: {} },
  postalAddress: null,
  agentVoice: { signature: null, tone: 'plain' },
  budgets: { modelDollarsPerDay: 0 },
  modes: { replies: 'draft' },
  assistant: {
    ...{ facts: [], areas: [], states: [], holdingText: null },
    ...{ debounceSeconds: 20, longestWaitSeconds: 90, leadDollarsPer30Days: 2 },
  },
  market: defaultMarket,
  activityObjects: {},
};

export const choiceNames = Object.keys(defaultSettings) as readonly (keyof LocationSettings)[];

/** What is stored, as it is meant: a choice that came later than what is stored has its default, one that is no more is left out. */
export function settingsOf(stored: Readonly<Record<string, unknown>>): LocationSettings {
  const known = choiceNames.filter((name) => stored[name] !== undefined);
  return { ...defaultSettings, ...Object.fromEntries(known.map((name) => [name, stored[name]])) };
}

/** The choices in which two settings differ. */
export function changedChoices(before: LocationSettings, after: LocationSettings): readonly (keyof LocationSettings)[] {
  return choiceNames.filter((name) => !sameJson(before[name], after[name]));
}

function sameJson(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  return (
    Array.isArray(a) === Array.isArray(b) &&
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameJson(Reflect.get(a, key), Reflect.get(b, key)))
  );
}

/** Some of the choices, each as a whole; what is not named stays as it is. */
export type SettingsChanges = { readonly [K in keyof LocationSettings]?: LocationSettings[K] | undefined };

/** While the kill switch of all locations stands: who set it, and when. */
export interface AllPaused {
  readonly by: string;
  readonly since: Iso;
}

export interface Location {
  readonly locationId: string;
  readonly companyId: string | null;
  readonly name: string;
  /** IANA zone of the office; never taken for a contact's zone. */
  readonly timezone: string | null;
  /** `paused` also while all locations are. */
  readonly status: 'active' | 'paused' | 'uninstalled';
  /** Which switches keep it paused: its own, or that of all. */
  readonly pausedBy: readonly ('location' | 'all')[];
  /** Null: we can talk to the CRM. Else nothing is asked or written for it, its leads wait, and an operator is told. */
  readonly parked: Parked | null;
  readonly settings: LocationSettings;
  readonly settingsVersion: number;
}
