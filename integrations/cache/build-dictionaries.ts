import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildDictionary } from '../../domain/cache/dictionary.ts';
import { withTablesOf } from '../../domain/cache/entropy.ts';
import { pack } from '../../domain/cache/packing.ts';
import { seenIn, together } from '../../domain/cache/sequences.ts';
import { type SyntheticKind, syntheticKinds, syntheticValues } from '../../domain/cache/synthetic.ts';
import { syntheticSchemas } from '../../domain/cache/synthetic-schemas.ts';
import type { VocabularyName } from '../../domain/cache/synthetic-words.ts';
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

/** What is compressed of a value. */
type Form = (kind: SyntheticKind, value: unknown) => Uint8Array;

const json: Form = (_, value) => new TextEncoder().encode(JSON.stringify(value));

/** Without the noise, which is stored as it is. */
const packed: Form = (kind, value) => {
  const { bytes, noise } = pack(value, syntheticSchemas[kind])!;
  return bytes.subarray(0, bytes.length - noise);
};

/** The dictionaries that ship with the product, by their file, from invented values alone; same source, same bytes. */
export function builtDictionaries(): ReadonlyMap<string, Uint8Array> {
  return new Map(
    syntheticKinds.flatMap((kind) => [
      [kind, built(kind, json)] as const,
      [`${kind}-packed`, built(kind, packed)] as const,
    ]),
  );
}

/**
 * The tables are of what a dictionary of one half of the words makes of values of the other half: those that the content was taken from
 * would look shorter than any value is, and the names and sentences of real ones are not in it.
 */
function built(kind: SyntheticKind, form: Form): Uint8Array {
  const content = (vocabulary: VocabularyName): Uint8Array =>
    buildDictionary(drawn(kind, { form, vocabulary, firstSeed: 1 }), { bytes: CONTENT_BYTES });
  const seen = (known: VocabularyName, unknown: VocabularyName) =>
    seenIn(content(known), drawn(kind, { form, vocabulary: unknown, firstSeed: 101 }));
  return withTablesOf(content('training'), together([seen('odd', 'even'), seen('even', 'odd')]));
}

interface Drawing {
  readonly form: Form;
  readonly vocabulary: VocabularyName;
  readonly firstSeed: number;
}

function drawn(kind: SyntheticKind, { form, vocabulary, firstSeed }: Drawing): Uint8Array[] {
  const { locations, each } = samplesOf(kind);
  return Array.from({ length: locations }, (_, at) =>
    syntheticValues(kind, { vocabulary, seed: firstSeed + at, count: each }),
  )
    .flat()
    .map((value) => form(kind, value));
}

// Run as a program: node --import tsx integrations/cache/build-dictionaries.ts
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(new URL('./dictionaries/', import.meta.url), { recursive: true });
  for (const [file, bytes] of builtDictionaries()) writeFileSync(dictionaryFile(file), bytes);
}
