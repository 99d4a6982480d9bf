import type { ActivityKind } from '../../webhooks/activity-kinds.ts';
import type { SeenBehaviour, SeenLead } from './lead-history.ts';
import type { Feature } from './registry.ts';
import { amount, counted, hours, minutes, percent } from './say.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

/** What most features of the site have in common. Each is unknown, not 0, while the team's site tells nothing. */
const ofSite = {
  version: 1,
  type: 'number',
  unit: 'count',
  source: 'analytics_events',
  freshHours: null,
  knownAt: 'capture',
  fairHousing: 'allowed',
  owner: 'scoring',
} as const;

/** How much a thing done says of how serious somebody is, against looking at one home. */
const weights: Readonly<Partial<Record<ActivityKind, number>>> = {
  'property.view': 1,
  'filter.applied': 1.2,
  'search.run': 1.5,
  'property.swipe': 2,
  'property.share': 2.5,
  'property.save': 3,
  'property.like': 3,
  'booking.requested': 5,
  'booking.completed': 7,
};

export const siteFeatures: readonly Feature<SeenLead>[] = [
  {
    ...ofSite,
    name: 'leadSource',
    type: 'category',
    levels: ['referral', 'past client', 'open house', 'portal', 'paid', 'social', 'organic', 'website'],
    unit: 'word',
    source: 'leads.snapshot',
    fairHousing: 'watched',
    words: {
      topic: 'lead source',
      say: (value) => sourceWords[value] ?? String(value),
      ask: 'How did you hear of us?',
    },
    read: ({ source }) => sourceGroup(source),
  },
  {
    ...ofSite,
    name: 'daysKnown',
    unit: 'days',
    source: 'leads.created_at',
    freshHours: 24,
    words: {
      topic: 'time since the lead came in',
      say: (value) => `came in ${hours(24 * Number(value))} ago`,
    },
    read: ({ asOf, createdAt }) => (createdAt > asOf ? null : (asOf - createdAt) / DAY_MS),
  },
  count('visits', ['session.start'], 'visits to the site', (n) => `visited the site ${counted(n, 'time')}`),
  count('pagesViewed', ['page.view'], 'pages viewed', (n) => `viewed ${counted(n, 'page')}`),
  count('homesViewed', ['property.view'], 'homes viewed', (n) => `viewed homes ${counted(n, 'time')}`),
  count(
    'homesLiked',
    ['property.save', 'property.like'],
    'homes saved',
    (n) => `saved or liked homes ${counted(n, 'time')}`,
  ),
  count('homesShared', ['property.share'], 'homes shared', (n) => `shared homes ${counted(n, 'time')}`),
  count('searches', ['search.run', 'filter.applied'], 'searches', (n) => `searched ${counted(n, 'time')}`),
  count(
    'calculatorUses',
    ['calculator.used'],
    'payment calculator',
    (n) => `worked out payments ${counted(n, 'time')}`,
  ),
  count('formsSent', ['form.submitted'], 'forms sent', (n) => `sent ${counted(n, 'form')}`),
  count(
    'visitsAsked',
    ['booking.requested'],
    'appointments asked for',
    (n) => `asked for ${counted(n, 'appointment')}`,
  ),
  {
    ...ofSite,
    name: 'activeDays',
    unit: 'days',
    words: { topic: 'days on the site', say: (value) => `was on the site on ${counted(Number(value), 'day')}` },
    read: site((all) => new Set(all.map(({ at }) => Math.floor(at / DAY_MS))).size),
  },
  {
    ...ofSite,
    name: 'mostViewsOfOneHome',
    words: { topic: 'a home looked at again', say: (value) => `looked at one home ${counted(Number(value), 'time')}` },
    read: site((all) => mostOfOne(all.filter(({ kind }) => kind === 'property.view'))),
  },
  {
    ...ofSite,
    name: 'secondsOnHomes',
    unit: 'seconds',
    words: {
      topic: 'time spent on homes',
      say: (value) => `spent ${minutes(Number(value))} on homes`,
    },
    read: site((all) => sumOf(views(all).flatMap(({ seconds }) => seconds ?? []))),
  },
  {
    ...ofSite,
    name: 'likingShare',
    unit: 'share',
    words: {
      topic: 'homes liked of those judged',
      say: (value) => `liked ${percent(Number(value))} of the homes judged`,
    },
    read: site((all) => likingShare(all)),
  },
  {
    ...ofSite,
    name: 'siteEngagement',
    unit: 'views of a home',
    words: {
      topic: 'what was done on the site',
      say: (value) => `did as much on the site as ${counted(Math.round(Number(value)), 'look')} at a home`,
    },
    read: site((all) => all.reduce((sum, { kind }) => sum + (kind === 'unknown' ? 0 : (weights[kind] ?? 0)), 0)),
  },
  {
    ...ofSite,
    name: 'viewedPrice',
    unit: 'dollars',
    fairHousing: 'watched',
    words: { topic: 'price of the homes viewed', say: (value) => `views homes around ${amount(Number(value))}` },
    read: site((all) => median(pricesOf(all))),
  },
  {
    ...ofSite,
    name: 'hoursSinceSite',
    unit: 'hours',
    freshHours: 24,
    words: { topic: 'last visit', say: (value) => `was on the site ${hours(Number(value))} ago` },
    read: site((all, { asOf }) => (all.length === 0 ? null : (asOf - all.at(-1)!.at) / 3_600_000)),
  },
  {
    ...ofSite,
    name: 'siteLastWeek',
    freshHours: 24,
    words: {
      topic: 'the last seven days on the site',
      say: (value) => `did ${value === 0 ? 'nothing' : counted(Number(value), 'thing')} on the site in seven days`,
    },
    read: site((all, { asOf }) => all.filter(({ at }) => at > asOf - WEEK_MS).length),
  },
];

function count(
  name: string,
  kinds: readonly ActivityKind[],
  topic: string,
  say: (value: number) => string,
): Feature<SeenLead> {
  const read = site((all) => all.filter(({ kind }) => (kinds as readonly string[]).includes(kind)).length);
  return { ...ofSite, name, words: { topic, say: (value) => say(Number(value)) }, read };
}

function site(of: (all: readonly SeenBehaviour[], seen: SeenLead) => number | null): (seen: SeenLead) => number | null {
  return (seen) => (seen.has.site ? of(seen.onSite, seen) : null);
}

function views(all: readonly SeenBehaviour[]): readonly SeenBehaviour[] {
  return all.filter(({ kind }) => kind === 'property.view');
}

function mostOfOne(all: readonly SeenBehaviour[]): number {
  const times = new Map<string, number>();
  for (const { listing } of all) if (listing !== undefined) times.set(listing, (times.get(listing) ?? 0) + 1);
  return Math.max(0, ...times.values());
}

/** Null while nothing was judged. */
function likingShare(all: readonly SeenBehaviour[]): number | null {
  const liked = all.filter(({ kind }) => kind === 'property.save' || kind === 'property.like').length;
  const passed = all.filter(({ kind }) => kind === 'property.dislike' || kind === 'property.swipe').length;
  return liked + passed === 0 ? null : liked / (liked + passed);
}

function pricesOf(all: readonly SeenBehaviour[]): number[] {
  return views(all)
    .flatMap(({ price }) => (price !== undefined && price > 0 ? [price] : []))
    .sort((a, b) => a - b);
}

/** Of sorted numbers; null of none. */
export function median(sorted: readonly number[]): number | null {
  if (sorted.length === 0) return null;
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** The median of prices of homes that were looked at; null when none is known. */
export function viewedPriceOf({ behaviour, has }: SeenLead): number | null {
  return has.site ? median(pricesOf(behaviour)) : null;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + Math.max(0, one), 0);
}

const sources: readonly (readonly [string, RegExp])[] = [
  ['referral', /\breferr(?:al|ed)\b/i],
  ['past client', /\b(?:past|former|repeat) client\b/i],
  ['open house', /\bopen house\b/i],
  ['paid', /\b(?:paid|ppc|cpc|ads?|adwords|lsa)\b/i],
  ['portal', /\b(?:zillow|realtor\.com|redfin|trulia|homes\.com|homesnap|portal)\b/i],
  ['social', /\b(?:facebook|instagram|tiktok|youtube|linkedin|social)\b/i],
  ['organic', /\b(?:organic|seo|search)\b/i],
  ['website', /\b(?:web ?site|landing page|idx|form|chat)\b/i],
];

const sourceWords: Readonly<Record<string, string>> = {
  referral: 'was referred to us',
  'past client': 'has been a client before',
  'open house': 'came by an open house',
  portal: 'came by a portal',
  paid: 'came by an ad',
  social: 'came by social media',
  organic: 'found us by a search',
  website: 'came by our website',
};

/** One of few words. What a team writes there may name a radio station or a parish, so anything else is not known. */
function sourceGroup(source: string | null): string | null {
  return source === null ? null : (sources.find(([, pattern]) => pattern.test(source))?.[0] ?? null);
}
