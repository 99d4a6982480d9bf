import type { Tier } from '../glossary.ts';
import { extractFeatures, featureNames, type FeatureName, type Features } from './features.ts';
import type { Reason, Score, ScoreFacts } from './score.ts';

/** How much each feature counts; the weights add up to one. */
export const weights: Readonly<Record<FeatureName, number>> = {
  engagement: 0.2,
  budgetMatch: 0.2,
  responseTime: 0.15,
  timeline: 0.15,
  pageViews: 0.1,
  communication: 0.1,
  propertyMatches: 0.08,
  source: 0.02,
};

/** Log-odds of a lead of whom nothing is known: even odds, a value of 50. */
export const baseline = 0;
export const steepness = 10;
export const neutral = 0.5;

/** Confidence runs from `least` (nothing known) to `least + span` (everything known). */
export const confidenceRange = { least: 0.3, span: 0.65 } as const;

/** The name under which the rules speak when the model cannot. */
export const fallbackName = 'rules-fallback';

/**
 * The scorecard in plain TypeScript: the reference that every model file is compared with, and the documented fallback.
 * log-odds = baseline + Σ 10 · weight · (feature − 0.5) over the features that are present; a missing one contributes nothing.
 */
export function scoreByRules(facts: ScoreFacts): Score {
  return scoreOfFeatures(extractFeatures(facts));
}

/** The same from the features themselves, as they are stored with a score. */
export function scoreOfFeatures(features: Features): Score {
  return scoreFrom(
    fallbackName,
    features,
    featureNames.map((name) => contribution(name, features[name])),
    confidenceOf(features),
  );
}

/**
 * A score from a scorer's contributions, in the order of `featureNames`. Log-odds and value are summed here, in float64 and in
 * one order, whoever computed the contributions: so they add up exactly and do not depend on the size of a batch.
 */
export function scoreFrom(
  model: string,
  features: Features,
  contributions: ArrayLike<number>,
  confidence: number,
): Score {
  const reasons = featureNames.map((feature, i): Reason => ({
    feature,
    value: features[feature],
    contribution: contributions[i]!,
  }));
  const value = 100 * logistic(logOddsOf({ baseline, reasons }));
  // Four decimals hold every value exactly (steps of 0.0065), so the last bits of float32 cannot move a tier.
  const rounded = Math.round(confidence * 1e4) / 1e4;
  return { value, confidence: rounded, tier: tierOf(value, rounded), model, baseline, reasons };
}

/** Baseline plus contributions, added up in the order of the reasons. */
export function logOddsOf(score: Pick<Score, 'baseline' | 'reasons'>): number {
  return score.reasons.reduce((sum, reason) => sum + reason.contribution, score.baseline);
}

/** Hot from 70, warm from 50; where less than half is sure, the bar is higher: 80 and 60. */
export function tierOf(value: number, confidence: number): Tier {
  const unsure = confidence < 0.5 ? 10 : 0;
  if (value >= 70 + unsure) return 'hot';
  return value >= 50 + unsure ? 'warm' : 'cold';
}

/**
 * How much of the evidence is in: 0.30 + 0.65 × (weight of the features present / weight of all), so 0.30 to 0.95, and every
 * missing feature lowers it by its share. It says how complete the picture is, not how often the score is right.
 */
export function confidenceOf(features: Features): number {
  const present = featureNames.reduce((sum, name) => sum + (features[name] === null ? 0 : weights[name]), 0);
  const all = featureNames.reduce((sum, name) => sum + weights[name], 0);
  return confidenceRange.least + confidenceRange.span * (present / all);
}

export function logistic(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

/** Rounded to float32 after each step, as a model file computes it. */
function contribution(name: FeatureName, value: number | null): number {
  if (value === null) return 0;
  return Math.fround(Math.fround(value - neutral) * Math.fround(steepness * weights[name]));
}
