import type { Score, ScoreFacts } from '../scoring/score.ts';

/** The one who scores. Same facts give the same score, one by one or in a batch. */
export interface ScoreModel {
  /** Name and version, e.g. `scorecard-1`. */
  readonly name: string;
  /** False when the rules had to stand in for a model that could not be loaded; said in /readyz and in each score. */
  readonly healthy: boolean;
  score(facts: readonly ScoreFacts[]): Promise<readonly Score[]>;
  close(): Promise<void>;
}
