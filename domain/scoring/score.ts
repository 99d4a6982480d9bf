import type { Iso, Tier } from '../glossary.ts';

/** One feature's part in a score: its value (null: missing) and its signed contribution in log-odds. */
export interface Reason {
  readonly feature: string;
  readonly value: number | null;
  readonly contribution: number;
}

/** 0–100 with everything needed to explain it: `logOdds = baseline + Σ contributions`, `value = 100 · logistic(logOdds)`. */
export interface Score {
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
