import { type FeatureValue, type FeatureWords, plainName } from './features/registry.ts';
import { tellsBarred } from './features/fair-housing.ts';
import { leadFeatures } from './features/lead-features.ts';
import { scorecardFeatures } from './features/scorecard-features.ts';
import type { Reason, Score } from './score.ts';
import { type Answered, type LeadModel, scoreLogOdds } from './model-score.ts';
import { type Encoder, encodeRow, featuresOf } from './trainer/encoder.ts';
import { treeShap } from './trainer/shap.ts';

/**
 * A trained model's score with its reasons: exact Shapley values of the margin, added up from columns to features, strongest first. A line of
 * calibration stretches them by its slope, which is above 0; what steps of calibration correct stands in the baseline. So baseline and
 * contributions are the log-odds of the score, and no sign or order is other than the model's.
 * @throws RangeError when the model looks at something that a score of leads must not know
 */
export function withReasons(model: LeadModel, { lead, margin }: Answered, score: Score): Score {
  const { contributions } = treeShap(model.trees, encodeRow(model.encoder, lead));
  const stretch = model.calibrator.kind === 'platt' ? model.calibrator.slope : 1;
  const reasons = byFeature(model.encoder, contributions)
    .map(([feature, sum]) => ({
      feature: plainName(feature),
      value: lead[feature] ?? null,
      contribution: stretch * sum,
    }))
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  const told = reasons.reduce((sum, { contribution }) => sum + contribution, 0);
  return { ...score, baseline: scoreLogOdds(model, margin) - told, reasons };
}

/** Contributions of a model's columns, added up by the feature that each is made of. */
function byFeature(encoder: Encoder, contributions: ArrayLike<number>): readonly (readonly [string, number])[] {
  const sums = new Map<string, number>();
  encoder.columns.forEach((encoding, column) => {
    const [feature] = featuresOf(encoding) as [string];
    const tells = tellsBarred(feature);
    if (tells !== undefined) throw new RangeError(`the model looks at ${feature}, which would tell ${tells}`);
    sums.set(feature, (sums.get(feature) ?? 0) + contributions[column]!);
  });
  return [...sums];
}

/** A score in an agent's words, strongest first. Free of names and of what the lead wrote, so it may stand in a timeline. */
export interface Explanation {
  readonly raises: readonly string[];
  readonly lowers: readonly string[];
  /** What is not known, the most telling first. */
  readonly unknown: readonly string[];
}

/** Below this a reason moves a value by less than a tenth of a point and is not worth an agent's time. */
const leastContribution = 0.004;

export function explain(score: Pick<Score, 'reasons'>): Explanation {
  const byForce = score.reasons.toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  const said = (sign: 1 | -1): string[] =>
    byForce.filter(({ contribution }) => sign * contribution > leastContribution).map((reason) => saying(reason));
  const missing = byForce.filter(({ value }) => value === null);
  return { raises: said(1), lowers: said(-1), unknown: missing.map(({ feature }) => wordsFor(feature).topic) };
}

/** What is known and speaks for the lead, strongest first, for whoever is to call it: that something is not known or was not done is nothing to talk about. */
export function speaksFor({ reasons }: Pick<Score, 'reasons'>): readonly string[] {
  return explain({ reasons: reasons.filter(({ value }) => value !== null && value !== 0) }).raises;
}

/** To a trained model it may speak for or against somebody that a thing is not known. */
export function saying({ feature, value }: Reason): string {
  const { topic, say } = wordsFor(feature);
  return value === null ? `not known: ${topic}` : say(value);
}

/** A stored score may come from a model with other features: those speak under their own name. */
export function wordsFor(feature: string): FeatureWords {
  return words.get(feature) ?? { topic: feature, say: (value) => `${feature}: ${value}` };
}

/** No feature of leads is called as one of the scorecard's. */
const words: ReadonlyMap<string, FeatureWords> = new Map(
  [...scorecardFeatures, ...leadFeatures].map((feature) => [feature.name, feature.words]),
);

/**
 * What an explanation may be kept under: the same model and the same facts have the same one, whenever it is asked for.
 * @param modelHash SHA-256 of the model's file
 */
export function explanationKey(modelHash: string, values: readonly FeatureValue[]): string {
  return `${modelHash} ${JSON.stringify(values)}`;
}
