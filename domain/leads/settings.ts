import type { Tier } from '../glossary.ts';

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
  /** Field keys of the two custom fields that we keep, e.g. `contact.lead_score`. */
  readonly customFields: { readonly score: string; readonly tier: string };
  /** Fact of the score → key of the custom field in which the team keeps it. Absent: the defaults. */
  readonly scoreFields?: Readonly<Partial<Record<ScoreField, string>>>;
  /** The team's own hours, HH:MM, narrowed by the law and never widening it. */
  readonly quietHours: { readonly from: string; readonly to: string };
  /** Solicitations per person in any rolling 24 hours. */
  readonly capPer24h: number;
}

export const defaultSettings: LocationSettings = {
  activationTags: ['Hit List', 'Need to Qualify', 'Needs Qualifying'],
  stopTags: ['AI-Off', 'Qualified', 'Stop-Bot'],
  tierTags: { hot: 'Hot-Lead', warm: 'Warm-Lead', cold: 'Cold-Lead' },
  consentTags: {},
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
  capPer24h: 3,
};

/** Some of the choices, each as a whole; what is not named stays as it is. */
export type SettingsChanges = { readonly [K in keyof LocationSettings]?: LocationSettings[K] | undefined };

export interface Location {
  readonly locationId: string;
  readonly companyId: string | null;
  readonly name: string;
  /** IANA zone of the office; never taken for a contact's zone. */
  readonly timezone: string | null;
  readonly status: 'active' | 'paused' | 'uninstalled';
  readonly settings: LocationSettings;
  readonly settingsVersion: number;
}
