import type { Iso, Tier } from '../glossary.ts';
import type { FeatureValue } from './features/registry.ts';

/** One feature's part in a score: its value (null: missing) and its signed contribution in log-odds. */
export interface Reason {
  readonly feature: string;
  readonly value: FeatureValue;
  readonly contribution: number;
}

/**
 * 0–100 with everything needed to explain it: `logOdds = baseline + Σ contributions`, `value = 100 · logistic(logOdds)`.
 * A trained model's reasons may be left out, for they cost more than the score: the baseline is then the whole log-odds.
 */
export interface Score {
  /** By the rules 50 is neither way; by a trained model it is the chance that an average lead has. */
  readonly value: number;
  /** Calibrated probability; only a trained model has one. */
  readonly probability?: number;
  /** 0–1; missing features lower it. */
  readonly confidence: number;
  readonly tier: Tier;
  /** Name and version of who spoke, e.g. `scorecard-1`, or `rules-fallback` when the model could not be loaded. */
  readonly model: string;
  readonly baseline: number;
  readonly reasons: readonly Reason[];
  /** It abstains: too little is known. `ask`: the question whose answer would tell most; null: none that can be asked would, or none was looked for, as in a pass over a location. Absent: it tells. */
  readonly unsure?: { readonly ask: string | null };
}

/**
 * What is stored with a score so that it can be explained when another model speaks: who spoke, and what it was told. With the model's file
 * and this the score and its reasons can be made again.
 */
export interface ScoreTrace {
  readonly model: string;
  /** SHA-256 of the model's file, in hex; null: the rules spoke. */
  readonly modelHash: string | null;
  readonly asOf: Iso;
  /** `name@version` of each feature. */
  readonly features: readonly string[];
  /** The value of each, in the same order. */
  readonly values: readonly FeatureValue[];
}

/** Facts a score is made of, as of one instant. A missing key is unknown and is recorded as missing. */
export interface ScoreFacts {
  readonly asOf: Iso;
  readonly emailsSent?: number;
  readonly emailOpens?: number;
  readonly emailClicks?: number;
  /** Hours between each of our messages and the contact's answer to it. */
  readonly responseHours?: readonly number[];
  readonly pageViews?: number;
  /** Dollars. */
  readonly budget?: number;
  readonly viewedPrices?: readonly number[];
  readonly timeline?: string;
  readonly propertyMatches?: number;
  /** Texts that the contact wrote. */
  readonly messages?: readonly string[];
  readonly source?: string;
}
