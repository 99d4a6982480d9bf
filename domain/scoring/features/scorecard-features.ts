import { extractFeatures, type FeatureName, featureVersions } from '../features.ts';
import type { ScoreFacts } from '../score.ts';
import { type Feature, registryOf } from './registry.ts';

/** What may stand in for a protected class: the price looked for, the way of writing, the way of coming to us. */
const watched: readonly string[] = ['budgetMatch', 'communication', 'source'];

/** The eight as they are registered. Facts come as of one instant already, so there is nothing later in them. */
export const scorecardFeatures: readonly Feature<ScoreFacts>[] = registryOf([
  scorecard('engagement', 'contact', 'leads.snapshot, email_events, analytics_events', {
    topic: 'e-mail engagement',
    high: 'opens and clicks our e-mails',
    low: 'rarely opens our e-mails',
  }),
  scorecard('budgetMatch', 'contact', 'leads.qualification, leads.snapshot, analytics_events', {
    topic: 'budget against viewed prices',
    high: 'views homes near the stated budget',
    low: 'views homes far from the stated budget',
    ask: 'What price range do you have in mind?',
  }),
  scorecard('responseTime', 'contact', 'messages', {
    topic: 'response time',
    high: 'answers quickly',
    low: 'answers slowly',
  }),
  scorecard('timeline', 'contact', 'leads.qualification, leads.snapshot', {
    topic: 'timeline',
    high: 'wants to move within months',
    low: 'is in no hurry',
    ask: 'How soon would you like to move?',
  }),
  scorecard('pageViews', 'capture', 'leads.snapshot, analytics_events', {
    topic: 'page views',
    high: 'views many pages',
    low: 'views few pages',
  }),
  scorecard('communication', 'contact', 'messages', {
    topic: 'messages',
    high: 'writes at length, gives numbers or asks questions',
    low: 'writes little',
  }),
  scorecard('propertyMatches', 'contact', 'leads.snapshot, listing_matches', {
    topic: 'matching listings',
    high: 'many listings match',
    low: 'few listings match',
  }),
  scorecard('source', 'capture', 'leads.snapshot', {
    topic: 'lead source',
    high: 'came from a source that tends to close',
    low: 'came from a weaker source',
    ask: 'How did you hear of us?',
  }),
]);

function scorecard(
  name: FeatureName,
  knownAt: Feature<ScoreFacts>['knownAt'],
  from: string,
  {
    topic,
    high,
    low,
    ask,
  }: { readonly topic: string; readonly high: string; readonly low: string; readonly ask?: string },
): Feature<ScoreFacts> {
  return {
    ...{ name, knownAt, source: from },
    version: featureVersions[name],
    type: 'number',
    unit: '0 speaks against the lead, 1 for it',
    freshHours: null,
    fairHousing: watched.includes(name) ? 'watched' : 'allowed',
    owner: 'scoring',
    words: { topic, say: (value) => (Number(value) >= 0.5 ? high : low), ...(ask === undefined ? {} : { ask }) },
    read: (facts) => extractFeatures(facts)[name],
  };
}
