import type { FeatureValue } from './features/registry.ts';
import type { RawColumn } from './data/table.ts';
import { type Encoder, type Encoding, encodeColumn, featuresOf } from './trainer/encoder.ts';
import { type FeatureSet, traceSet, unpackedAt } from './vector.ts';

/** What a model takes, straight from stored vectors: of thousands of leads none is unpacked. */
export interface VectorColumns {
  /** One lead after another, as the engine takes them. */
  matrix(vectors: readonly Float32Array[]): Float32Array;
  /** What the model looks at, by `name@version`: its answer is explained by this. */
  lead(vector: Float32Array): Readonly<Record<string, FeatureValue>>;
  /** How much of these weights of the model's features is known of the lead. */
  known(weights: ReadonlyMap<string, number>): (vector: Float32Array) => number;
}

/** @throws RangeError naming the features that the vectors lack */
export function vectorColumns(encoder: Encoder, set: FeatureSet = traceSet): VectorColumns {
  const placeOf = new Map(set.features.map((feature, place) => [feature, place]));
  const features = [...new Set(encoder.columns.flatMap(featuresOf))];
  const absent = features.filter((feature) => !placeOf.has(feature));
  if (absent.length > 0) throw new RangeError(`the stored facts lack ${absent.join(', ')}`);
  const places = features.map((feature) => [feature, placeOf.get(feature)!] as const);
  const columns = encoder.columns.map((encoding) => columnOf(encoding, placeOf, set));
  return {
    matrix(vectors) {
      const matrix = new Float32Array(vectors.length * columns.length);
      columns.forEach((cell, column) => {
        for (let row = 0; row < vectors.length; row += 1) matrix[row * columns.length + column] = cell(vectors[row]!);
      });
      return matrix;
    },
    lead: (vector) => Object.fromEntries(places.map(([feature, place]) => [feature, unpackedAt(vector, place, set)])),
    known: (weights) => knownOf([...weights].map(([feature, weight]) => [placeOf.get(feature)!, weight] as const)),
  };
}

type Cell = (vector: Float32Array) => number;

/** One column of a model. What a word becomes is worked out once for each word. */
function columnOf(encoding: Encoding, placeOf: ReadonlyMap<string, number>, set: FeatureSet): Cell {
  const place = placeOf.get(encoding.feature)!;
  const levels = set.levels[place] ?? null;
  if (levels === null) {
    if (encoding.kind === 'number') return (vector) => vector[place]!;
    return (vector) => encodeColumn(encoding, { rows: 1, columns: numbersOf(encoding, placeOf, vector) })[0]!;
  }
  const values = [...levels, null];
  const raw = { [encoding.feature]: { kind: 'category', values } as const };
  const coded = encodeColumn(encoding, { rows: values.length, columns: raw });
  return (vector) => {
    const word = vector[place]!;
    if (Number.isNaN(word)) return coded[levels.length]!;
    if (levels[word] === undefined) throw new RangeError(`the stored vector holds no word of ${encoding.feature}`);
    return coded[word]!;
  };
}

function numbersOf(
  encoding: Encoding,
  placeOf: ReadonlyMap<string, number>,
  vector: Float32Array,
): Readonly<Record<string, RawColumn>> {
  return Object.fromEntries(
    featuresOf(encoding).map((feature) => {
      return [feature, { kind: 'number', values: Float64Array.of(vector[placeOf.get(feature)!]!) }];
    }),
  );
}

function knownOf(weights: readonly (readonly [place: number, weight: number])[]): Cell {
  return (vector) => {
    let sum = 0;
    for (const [place, weight] of weights) if (!Number.isNaN(vector[place]!)) sum += weight;
    return sum;
  };
}
