import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildDictionary } from '../../domain/cache/dictionary.ts';
import { withTables } from '../../domain/cache/entropy.ts';
import { type SyntheticKind, syntheticKinds, syntheticValues } from '../../domain/cache/synthetic.ts';
import { dictionaryFile } from './dictionary-file.ts';

/**
 * Content and tables. Up to 16 KB, Zstandard's fast levels search a dictionary by the finer of their parameters, and Node's own route
 * digests it with every call; larger ones saved less than 1 % more.
 */
const CONTENT_BYTES = 15 * 1024;

interface Samples {
  readonly locations: number;
  readonly each: number;
}

/** Of several locations, so that the ids that one of them uses again and again count as little as they are worth elsewhere. */
const samplesOf = (kind: SyntheticKind): Samples =>
  kind === 'conversation' ? { locations: 4, each: 5 } : { locations: 10, each: 30 };

/** The dictionaries that ship with the product, from invented values alone; same source, same bytes. */
export function builtDictionaries(): ReadonlyMap<SyntheticKind, Uint8Array> {
  return new Map(
    syntheticKinds.map((kind) => {
      const content = buildDictionary(drawn(kind, 1), { bytes: CONTENT_BYTES });
      // Others than those that the content was taken from, which would look shorter than any value is.
      return [kind, withTables(content, drawn(kind, 101))];
    }),
  );
}

function drawn(kind: SyntheticKind, firstSeed: number): Uint8Array[] {
  const { locations, each } = samplesOf(kind);
  return Array.from({ length: locations }, (_, at) =>
    syntheticValues(kind, { vocabulary: 'training', seed: firstSeed + at, count: each }),
  )
    .flat()
    .map((value) => new TextEncoder().encode(JSON.stringify(value)));
}

// Run as a program: node --import tsx integrations/cache/build-dictionaries.ts
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(new URL('./dictionaries/', import.meta.url), { recursive: true });
  for (const [kind, bytes] of builtDictionaries()) writeFileSync(dictionaryFile(kind), bytes);
}
