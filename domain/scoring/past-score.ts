import type { Features } from './features.ts';
import { tracedLead } from './features/lead-features.ts';
import { plainName, signatureOf } from './features/registry.ts';
import { scorecardFeatures } from './features/scorecard-features.ts';
import type { Answered } from './model-score.ts';
import type { Score, ScoreTrace } from './score.ts';
import { scoreOfFeatures } from './scorecard.ts';
import { encodeRow } from './trainer/encoder.ts';
import { predictMargins } from './trainer/predict.ts';
import { spokenBy, spokenByRules, type Voice } from './voice.ts';

/** What a score is made again from. */
type Stored = Pick<ScoreTrace, 'features' | 'values'>;

/**
 * A score as it was, with its reasons, from what was stored with it: whoever speaks by now, and whatever is known of the lead by now.
 * @param voice the one that spoke; null: the rules did
 * @param speak how it is made to speak, where that was done before
 * @throws RangeError naming what the stored facts lack, or which model is wanted
 */
export function pastScore(
  trace: ScoreTrace,
  voice: Voice | null,
  speak: (voice: Voice, answered: Answered) => Score = spokenBy,
): Score {
  if (voice === null) {
    const score = { ...scoreOfFeatures(rulesFeatures(trace)), model: trace.model };
    return spokenByRules(score, budgetWouldTell(trace));
  }
  const { model } = voice;
  if (model.name !== trace.model) throw new RangeError(`${trace.model} spoke, and ${model.name} came to explain it`);
  const lead = tracedLead(trace, voice.features);
  const row = encodeRow(model.encoder, lead);
  const [margin] = predictMargins(
    model.trees,
    Array.from(row, (cell) => Float32Array.of(cell)),
  );
  return speak(voice, { lead, margin: margin! });
}

/** What the rules looked at. @throws RangeError naming what the stored facts lack */
export function rulesFeatures(stored: Stored): Features {
  const values = tracedLead(stored, signatureOf(scorecardFeatures));
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [plainName(name), value])) as Features;
}

/** Prices were viewed and no budget was told. */
function budgetWouldTell({ features, values }: Stored): boolean {
  const known = (plain: string): boolean =>
    features.some((feature, i) => plainName(feature) === plain && values[i] !== null);
  return known('viewedPrice') && !known('budget');
}
