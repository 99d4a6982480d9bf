import type { Lead } from '../../domain/leads/lead.ts';
import type { ScoreStore } from '../../domain/ports/scores.ts';
import type { Features } from '../../domain/scoring/features.ts';
import { extractFeatures } from '../../domain/scoring/features.ts';
import { rulesFeatures } from '../../domain/scoring/past-score.ts';
import { saidOf } from '../../domain/scoring/said.ts';
import type { Score, ScoreTrace } from '../../domain/scoring/score.ts';
import type { LeadDetail } from '../contract/leads.ts';

/**
 * A lead's score as it is shown: its numbers, and what they say to an agent.
 * @param stored what it was made of; null: that is not known any more
 */
export async function shownScore(
  scores: Pick<ScoreStore, 'evidence'>,
  { locationId, stage, qualification }: Lead,
  score: Score,
  { scoredAt, stored }: { readonly scoredAt: string | null; readonly stored: Stored | null },
): Promise<NonNullable<LeadDetail['score']>> {
  const { value, probability, confidence, model, unsure } = score;
  const evidence = probability === undefined ? await scores.evidence(locationId) : undefined;
  const said = saidOf(score, { stage, side: sideOf(qualification), features: featuresOf(stored) }, evidence);
  const { says, raises, lowers, unknown, recommendations, reasons } = said;
  return {
    value,
    ...(probability === undefined ? {} : { probability }),
    confidence,
    model,
    scoredAt,
    reasons: [...reasons],
    ...(unsure === undefined ? {} : { unsure }),
    says,
    raises: [...raises],
    lowers: [...lowers],
    unknown: [...unknown],
    recommendations: [...recommendations],
  };
}

type Stored = Pick<ScoreTrace, 'features' | 'values'>;

/** What advice depends on; nothing is known where it means something else by now. */
function featuresOf(stored: Stored | null): Features {
  try {
    if (stored !== null) return rulesFeatures(stored);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return extractFeatures({ asOf: '' });
}

function sideOf({ side }: Lead['qualification']): 'buy' | 'sell' | null {
  return side?.value === 'buy' || side?.value === 'sell' ? side.value : null;
}
