import { leadFeaturesAt, traceFeatures } from './features/lead-features.ts';
import type { FeatureValue } from './features/registry.ts';

/** What the numbers of a stored vector are. It is stored itself, so that a vector can be read when features are others by now. */
export interface FeatureSet {
  /** `name@version` of each feature. */
  readonly features: readonly string[];
  /** The words that a number stands for, by its place among them; null: a plain number. */
  readonly levels: readonly (readonly string[] | null)[];
}

const levelsByName = new Map(
  leadFeaturesAt('contact').map(({ name, version, levels }) => [`${name}@${version}`, levels ?? null]),
);

/** What is stored with a score today. */
export const traceSet: FeatureSet = {
  features: traceFeatures,
  levels: traceFeatures.map((feature) => levelsByName.get(feature) ?? null),
};

/** Values as float32: a word is its place among its levels, and what is not known is NaN. Numbers are float32 already. */
export function packed(values: readonly FeatureValue[], { levels }: FeatureSet = traceSet): Float32Array {
  if (values.length !== levels.length) throw new RangeError(`expected ${levels.length} values, got ${values.length}`);
  const vector = new Float32Array(values.length);
  values.forEach((value, i) => {
    vector[i] = value === null ? Number.NaN : typeof value === 'number' ? value : placeOf(value, levels[i] ?? null);
  });
  return vector;
}

function placeOf(word: string, levels: FeatureSet['levels'][number]): number {
  const place = levels?.indexOf(word) ?? -1;
  if (place >= 0) return place;
  throw new RangeError(`a value is none of the levels of ${levels === null ? 'a number' : 'its feature'}`);
}

/** @throws RangeError when the numbers cannot be of this set */
export function unpacked(vector: Float32Array, { features, levels }: FeatureSet = traceSet): readonly FeatureValue[] {
  if (vector.length !== features.length) {
    throw new RangeError(`the stored vector has ${vector.length} numbers, and its features are ${features.length}`);
  }
  return levels.map((_words, place) => unpackedAt(vector, place, { features, levels }));
}

/** The value at one place. @throws RangeError when the number there is none of its words */
export function unpackedAt(
  vector: Float32Array,
  place: number,
  { features, levels }: FeatureSet = traceSet,
): FeatureValue {
  const value = vector[place]!;
  if (Number.isNaN(value)) return null;
  const words = levels[place] ?? null;
  if (words === null) return value;
  const word = words[value];
  if (word === undefined) throw new RangeError(`the stored vector holds no word of ${features[place]}`);
  return word;
}
