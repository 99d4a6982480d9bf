import type { DatasetSchema } from '../data/dataset-schema.ts';
import { extractFeatures } from '../features.ts';
import type { ScoreFacts } from '../score.ts';
import { answerFeatures } from './answer-features.ts';
import { type LeadHistory, seenAt, type SeenLead } from './lead-history.ts';
import {
  admissible,
  type Feature,
  type FeatureValue,
  registryOf,
  signatureOf,
  vectorHolds,
  vectorOf,
} from './registry.ts';
import { scorecardFeatures } from './scorecard-features.ts';
import { siteFeatures } from './site-features.ts';
import { talkFeatures } from './talk-features.ts';

const closed = ['won', 'lost', 'abandoned'];

/** Known when there is nothing left to decide. It is registered so that whoever asks for it is told why not. */
const outcomeFeatures: readonly Feature<SeenLead>[] = [
  {
    name: 'dealStatus',
    version: 1,
    type: 'category',
    levels: ['open', ...closed],
    unit: 'word',
    source: 'opportunities',
    freshHours: null,
    knownAt: 'outcome',
    fairHousing: 'allowed',
    owner: 'crm',
    words: { topic: 'the deal', say: (value) => `the deal is ${value}` },
    read: ({ deals }) => deals.at(-1)?.status ?? null,
  },
];

/** All that is registered of a lead, in the order in which models take it. */
export const leadFeatures: readonly Feature<SeenLead>[] = registryOf([
  ...siteFeatures,
  ...talkFeatures,
  ...answerFeatures,
  ...outcomeFeatures,
]);

/** What a model of leads takes that decides at this stage. */
export function leadFeaturesAt(stage: DatasetSchema['decisionStage']): readonly Feature<SeenLead>[] {
  return admissible(leadFeatures, stage);
}

/** Those that may stand in for a protected class: the proxy test asks what they tell. */
export const watchedFeatures: readonly string[] = leadFeatures
  .filter(({ fairHousing }) => fairHousing === 'watched')
  .map(({ name }) => name);

const traced = leadFeaturesAt('contact');

/** `name@version` of all that is stored with a score, whoever spoke: what the rules look at, then what models of leads may look at. */
export const traceFeatures: readonly string[] = [...signatureOf(scorecardFeatures), ...signatureOf(traced)];

/** For how many hours stored values may be used again while nothing new is heard of the lead. */
export const traceHolds: number | null = vectorHolds(traced);

/**
 * The values in that order, as of the instant of the facts. The same function fills a score's trace and, later, the rows of training.
 * @param known  answers that models of leads are told where the lead itself gave none: those that the team keeps in the CRM
 */
export function traceOf(
  facts: ScoreFacts,
  history: LeadHistory,
  known: SeenLead['fields'] = facts,
): readonly FeatureValue[] {
  const seen = { ...seenAt(history, facts.asOf), fields: known };
  return [...Object.values(extractFeatures(facts)), ...vectorOf(traced, seen)];
}

/**
 * Stored values by `name@version`.
 * @throws RangeError naming the features that are not there, or mean something else by now
 */
export function tracedLead(
  trace: { readonly features: readonly string[]; readonly values: readonly FeatureValue[] },
  wanted: readonly string[],
): Readonly<Record<string, FeatureValue>> {
  const at = new Map(trace.features.map((feature, i) => [feature, trace.values[i] ?? null]));
  const absent = wanted.filter((feature) => !at.has(feature));
  if (absent.length > 0) throw new RangeError(`the stored facts lack ${absent.join(', ')}`);
  return Object.fromEntries(wanted.map((feature) => [feature, at.get(feature) ?? null]));
}
