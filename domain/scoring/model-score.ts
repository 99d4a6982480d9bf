import type { FeatureValue } from './features/registry.ts';
import type { Score } from './score.ts';
import { logistic, tierOf } from './scorecard.ts';
import { calibrated } from './trainer/calibrate.ts';
import type { Calibrator } from './trainer/calibrator.ts';
import { type Encoder, featuresOf } from './trainer/encoder.ts';
import type { TreeModel } from './trainer/tree-model.ts';

/** A trained model of leads with all that its scores and their reasons are made of. */
export interface LeadModel {
  /** Name and version, as it stands in each score. */
  readonly name: string;
  readonly trees: TreeModel;
  readonly encoder: Encoder;
  readonly calibrator: Calibrator;
  /** Share of won leads among those that it learned from. */
  readonly baseRate: number;
}

/** What a model answered for one lead, and what it was told. */
export interface Answered {
  /** By what the model calls its features: `name@version`. */
  readonly lead: Readonly<Record<string, FeatureValue>>;
  readonly margin: number;
}

/**
 * A trained model's score, without its reasons.
 * value = 100 × logistic(logit(probability) − logit(base rate)): 50 is the chance that an average lead of this team has, and of two leads the
 * one with the higher probability has the higher value. 70 is 2.3 times the average odds, 80 four times. The probability itself would not do
 * as a value: where one lead in thirty is won, none would ever be hot.
 */
export function scoreByModel(model: LeadModel, { lead, margin }: Answered, weights: Weights): Score {
  let known = 0;
  for (const [feature, weight] of weights) if ((lead[feature] ?? null) !== null) known += weight;
  return scoreByMargin(model, margin, known);
}

/** The same from the margin alone. `known`: the weights of what is known of the lead, added up in their order. */
export function scoreByMargin(model: LeadModel, margin: number, known: number): Score {
  const probability = calibrated(model.calibrator, margin);
  const baseline = logit(probability) - logit(model.baseRate);
  const value = 100 * logistic(baseline);
  const confidence = confidenceOf(known);
  return { value, probability, confidence, tier: tierOf(value, confidence), model: model.name, baseline, reasons: [] };
}

/** How much of a model's judgement rests on each feature; together one. */
export type Weights = ReadonlyMap<string, number>;

/** By how far each split parts the margins of the rows that came by: the variance of the margin that a feature accounts for. */
export function weightsOf({ trees, encoder }: Pick<LeadModel, 'trees' | 'encoder'>): Weights {
  const variance = new Float64Array(encoder.columns.length);
  for (const { feature, left, right, cover, value } of trees.trees) {
    const means = Float64Array.from(value);
    for (let node = feature.length - 1; node >= 0; node -= 1) {
      if (feature[node]! < 0 || !(cover[node]! > 0)) continue;
      const [a, b] = [left[node]!, right[node]!];
      const share = cover[a]! / cover[node]!;
      means[node] = share * means[a]! + (1 - share) * means[b]!;
      variance[feature[node]!]! += cover[node]! * share * (1 - share) * (means[a]! - means[b]!) ** 2;
    }
  }
  const all = variance.reduce((sum, one) => sum + one, 0);
  const sums = new Map<string, number>();
  encoder.columns.forEach((encoding, column) => {
    const [feature] = featuresOf(encoding) as [string];
    sums.set(feature, (sums.get(feature) ?? 0) + (all > 0 ? variance[column]! / all : 0));
  });
  return sums;
}

/** 0.30 to 0.95, as of the scorecard: how much of what the judgement rests on is known of this lead. */
function confidenceOf(known: number): number {
  return Math.round((0.3 + 0.65 * Math.min(1, known)) * 1e4) / 1e4;
}

/** The log-odds that a margin stands for, against those of an average lead. */
export function scoreLogOdds(
  { calibrator, baseRate }: Pick<LeadModel, 'calibrator' | 'baseRate'>,
  margin: number,
): number {
  return logit(calibrated(calibrator, margin)) - logit(baseRate);
}

/** Kept within ±27.6, where float64 still tells neighbours apart. */
function logit(probability: number): number {
  const within = Math.min(1 - 1e-12, Math.max(1e-12, probability));
  return Math.log(within / (1 - within));
}
