import { AppError } from '../domain/errors.ts';
import { type FeatureValue, plainName } from '../domain/scoring/features/registry.ts';
import type { Answered } from '../domain/scoring/model-score.ts';
import type { RawColumn } from '../domain/scoring/table.ts';
import { encode } from '../domain/scoring/trainer/encoder.ts';
import { traceSet } from '../domain/scoring/vector.ts';
import type { OwnVoice } from './own-models.ts';

/** Places of features in the values that are stored with a score. */
export const placeOf = new Map(traceSet.features.map((feature, i) => [feature, i]));

/** @throws AppError SCORING_LOST; MODEL_DAMAGED, also when it looks at what is not stored with a score */
export async function ask(own: OwnVoice, many: readonly (readonly FeatureValue[])[]): Promise<readonly Answered[]> {
  const places = own.features.map((feature) => {
    const place = placeOf.get(feature);
    if (place === undefined) {
      const detail = `the stored facts lack ${plainName(feature)}, as ${feature}`;
      throw new AppError('MODEL_DAMAGED', `The model cannot be used: ${detail}.`);
    }
    return [feature, place] as const;
  });
  const { margin } = await own.scorer.score(matrixOf(own, places, many), many.length);
  return many.map((values, row) => {
    const lead: Record<string, FeatureValue> = {};
    for (const [feature, place] of places) lead[feature] = values[place] ?? null;
    return { lead, margin: margin[row]! };
  });
}

/** Column by column, and then one lead after another, as the engine takes them. */
function matrixOf(
  { voice }: OwnVoice,
  places: readonly (readonly [string, number])[],
  many: readonly (readonly FeatureValue[])[],
): Float32Array {
  const raw = places.map(([feature, place]) => [feature, rawColumn(place, many)] as const);
  const columns = encode(voice.model.encoder, { rows: many.length, columns: Object.fromEntries(raw) });
  const matrix = new Float32Array(many.length * columns.length);
  columns.forEach((column, i) => {
    for (let row = 0; row < many.length; row += 1) matrix[row * columns.length + i] = column[row]!;
  });
  return matrix;
}

function rawColumn(place: number, many: readonly (readonly FeatureValue[])[]): RawColumn {
  if (traceSet.levels[place] === null) {
    return { kind: 'number', values: Float64Array.from(many, (values) => (values[place] ?? Number.NaN) as number) };
  }
  return { kind: 'category', values: many.map((values) => (values[place] ?? null) as string | null) };
}
