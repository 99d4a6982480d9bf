import type { Answered } from '../domain/scoring/model-score.ts';
import { explanationKey } from '../domain/scoring/reasons.ts';
import type { Score } from '../domain/scoring/score.ts';
import { scoreBy, spokenBy, type Voice } from '../domain/scoring/voice.ts';

/** So many are kept, some kilobytes each; the one that was not asked for the longest time goes first. */
const KEPT = 1_024;

/** A trained model's score with all that can be said of it. */
export type Explain = (modelHash: string, voice: Voice, answered: Answered) => Score;

/**
 * Explanations by the model's file and what it was told: the same are worked out once. What is kept names neither lead nor location.
 * @param work how one is worked out
 */
export function createExplanations(work: typeof spokenBy = spokenBy, most = KEPT): Explain {
  const kept = new Map<string, Pick<Score, 'baseline' | 'reasons' | 'unsure'>>();
  return (modelHash, voice, answered) => {
    const key = explanationKey(
      modelHash,
      voice.features.map((feature) => answered.lead[feature] ?? null),
    );
    const explained = kept.get(key) ?? partsOf(work(voice, answered));
    kept.delete(key);
    kept.set(key, explained);
    const [oldest] = kept.keys();
    if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    return { ...scoreBy(voice, answered), ...explained };
  };
}

function partsOf({ baseline, reasons, unsure }: Score): Pick<Score, 'baseline' | 'reasons' | 'unsure'> {
  return { baseline, reasons, ...(unsure === undefined ? {} : { unsure }) };
}
