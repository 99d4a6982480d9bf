import { readTimeline, type Timeline } from '../leads/read-timeline.ts';
import type { ScoreFacts } from './score.ts';

/** The scorecard's features, in the order in which a model takes them. */
export const featureNames = [
  'engagement',
  'budgetMatch',
  'responseTime',
  'timeline',
  'pageViews',
  'communication',
  'propertyMatches',
  'source',
] as const;
export type FeatureName = (typeof featureNames)[number];

/** 0 speaks against the lead, 0.5 is neutral, 1 speaks for it; null is missing. */
export type Features = Readonly<Record<FeatureName, number | null>>;

/** Rises when the meaning of a feature does, or what its facts are taken from. */
export const featureVersions: Readonly<Record<FeatureName, number>> = {
  engagement: 2,
  budgetMatch: 2,
  responseTime: 1,
  timeline: 1,
  pageViews: 2,
  communication: 2,
  propertyMatches: 2,
  source: 1,
};

/** What a model must agree with before it may be asked; its hash stands in every model file, so that none reads numbers made another way. */
export const featureSchema = JSON.stringify({
  features: featureNames.map((name) => ({ name, version: featureVersions[name] })),
  type: 'float32',
  range: [0, 1],
  missing: 'NaN',
});

/**
 * Facts to features, each 0–1 or null. A fact that is absent or impossible (negative, not finite) is missing: it is never
 * replaced by a middling value, because a made-up 0.5 looks exactly like a measured one to whoever reads the reasons.
 * Numbers are rounded to float32, the type in which models compute, so that every scorer sees the same bits.
 */
export function extractFeatures(facts: ScoreFacts): Features {
  const raw: Features = {
    engagement: engagement(facts),
    budgetMatch: budgetMatch(facts),
    responseTime: responseTime(facts.responseHours),
    timeline: timeline(facts.timeline),
    pageViews: share(facts.pageViews, 20),
    communication: communication(facts.messages),
    propertyMatches: share(facts.propertyMatches, 10),
    source: source(facts.source),
  };
  const rounded = featureNames.map((name) => [name, raw[name] === null ? null : Math.fround(clamp(raw[name]))]);
  return Object.fromEntries(rounded) as Features;
}

/** 0.6 × opened + 0.4 × clicked, each a share of the e-mails sent and clamped: mail programs open one letter many times. */
function engagement({ emailsSent, emailOpens, emailClicks }: ScoreFacts): number | null {
  if (!known(emailsSent) || emailsSent === 0 || !known(emailOpens) || !known(emailClicks)) return null;
  return 0.6 * clamp(emailOpens / emailsSent) + 0.4 * clamp(emailClicks / emailsSent);
}

/** How near the budget is to the mean price of what was viewed: smaller over larger. */
function budgetMatch({ budget, viewedPrices }: ScoreFacts): number | null {
  const viewed = mean((viewedPrices ?? []).filter((price) => known(price) && price > 0));
  if (!known(budget) || budget === 0 || viewed === null) return null;
  return Math.min(budget, viewed) / Math.max(budget, viewed);
}

/** Mean hours to an answer: under one hour 1, over two days 0, evenly in between. */
function responseTime(responseHours: readonly number[] | undefined): number | null {
  const hours = mean((responseHours ?? []).filter(known));
  if (hours === null) return null;
  return hours < 1 ? 1 : clamp(1 - hours / 48);
}

const timelines: Readonly<Record<Timeline, number>> = { immediate: 1, soon: 0.7, exploring: 0.3 };

function timeline(text: string | undefined): number | null {
  if (text === undefined) return null;
  // Mostly it is one of the words already, and reading a text takes long.
  const read = Object.hasOwn(timelines, text) ? (text as Timeline) : readTimeline(text);
  return read === null ? null : timelines[read];
}

/** In whatever script a question mark is written. */
export function questionsIn(text: string): number {
  return text.split(/[?？؟]/u).length - 1;
}

/** In digits, which are the same in most languages; a word of any language would tell which one somebody writes. */
export function holdsNumber(text: string): boolean {
  return /\p{Nd}/u.test(text);
}

/** Mean over the contact's texts: 0.3 for length (200 characters), 0.4 for questions (three), 0.3 for a number. */
function communication(messages: readonly string[] | undefined): number | null {
  const texts = (messages ?? []).map((text) => text.trim()).filter((text) => text !== '');
  return mean(
    texts.map((text) => {
      const length = 0.3 * clamp(text.length / 200);
      return length + 0.4 * clamp(questionsIn(text) / 3) + (holdsNumber(text) ? 0.3 : 0);
    }),
  );
}

/** Only sources that the scorecard knows; any other is missing, not middling. */
function source(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/\breferr(?:al|ed)\b/i.test(text)) return 1;
  if (/\borganic\b/i.test(text)) return 0.9;
  if (/\b(?:paid|ppc|cpc|ads?)\b/i.test(text)) return 0.6;
  return null;
}

function share(count: number | undefined, full: number): number | null {
  return known(count) ? clamp(count / full) : null;
}

function known(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value) && value >= 0;
}

/** Divides before it adds: the sum of many large numbers would overflow to Infinity. */
function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return values.reduce((sum, value) => sum + value / values.length, 0);
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
