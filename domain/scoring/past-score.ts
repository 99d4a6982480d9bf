import type { Features } from './features.ts';
import { tracedLead } from './features/lead-features.ts';
import { plainName, signatureOf } from './features/registry.ts';
import { scorecardFeatures } from './features/scorecard-features.ts';
import { withReasons } from './reasons.ts';
import type { Score, ScoreTrace } from './score.ts';
import { scoreOfFeatures } from './scorecard.ts';
import { encodeRow, featuresOf } from './trainer/encoder.ts';
import { predictMargins } from './trainer/predict.ts';
import { scoreBy, type Voice } from './voice.ts';

/**
 * A score as it was, with its reasons, from what was stored with it: whoever speaks by now, and whatever is known of the lead by now.
 * @param voice the one that spoke; null: the rules did
 * @throws RangeError naming what the stored facts lack, or which model is wanted
 */
export function pastScore(trace: ScoreTrace, voice: Voice | null): Score {
  if (voice === null) return { ...scoreOfFeatures(rulesFeatures(trace)), model: trace.model };
  const { model } = voice;
  if (model.name !== trace.model) throw new RangeError(`${trace.model} spoke, and ${model.name} came to explain it`);
  const lead = tracedLead(trace, [...new Set(model.encoder.columns.flatMap(featuresOf))]);
  const row = encodeRow(model.encoder, lead);
  const [margin] = predictMargins(
    model.trees,
    Array.from(row, (cell) => Float32Array.of(cell)),
  );
  const answered = { lead, margin: margin! };
  return withReasons(model, answered, scoreBy(voice, answered));
}

function rulesFeatures(trace: ScoreTrace): Features {
  const values = tracedLead(trace, signatureOf(scorecardFeatures));
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [plainName(name), value])) as Features;
}
