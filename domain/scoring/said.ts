import { inWords, type Speaker, speakerFor, type Evidence } from './cold-start.ts';
import { explain, type Explanation, saying } from './reasons.ts';
import { type AdvisedLead, type Recommendation, recommendationsFor } from './recommendations.ts';
import type { Reason, Score } from './score.ts';

/** What an agent is told of a score beside its numbers. */
export interface Said extends Explanation {
  /** Who speaks, and how sure it is. */
  readonly says: string;
  readonly reasons: readonly WordedReason[];
  /** Most urgent first. */
  readonly recommendations: readonly Recommendation[];
}

/** A reason with its words, such as `viewed 14 homes`. */
export type WordedReason = Reason & { readonly words: string };

export function saidOf(
  score: Score,
  lead: Pick<AdvisedLead, 'stage' | 'side' | 'features'>,
  evidence: Evidence | undefined,
): Said {
  return {
    says: inWords(score, speakerBy(evidence)),
    reasons: worded(score.reasons),
    ...explain(score),
    recommendations: recommendationsFor({ ...lead, tier: score.tier, unsure: score.unsure }),
  };
}

export function worded(reasons: readonly Reason[]): readonly WordedReason[] {
  return reasons.map((reason) => ({ ...reason, words: saying(reason) }));
}

/** Without a model that was tried nobody has counted what is lacking. */
function speakerBy(evidence: Evidence | undefined): Speaker {
  return evidence === undefined ? { speaks: 'rules', why: 'not-tried' } : speakerFor(evidence);
}
