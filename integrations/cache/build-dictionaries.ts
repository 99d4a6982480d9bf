import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildDictionary } from '../../domain/cache/dictionary.ts';
import { type SyntheticKind, syntheticKinds, syntheticValues } from '../../domain/cache/synthetic.ts';
import { dictionaryFile } from './dictionary-file.ts';

/**
 * Larger ones take longer to digest, and of leads there is no more in common. A conversation has so much of its own to point back at that
 * a dictionary is worth little to it.
 */
const SIZES: Readonly<Record<SyntheticKind, number>> = {
  lead: 16 * 1024,
  contact: 32 * 1024,
  listing: 32 * 1024,
  conversation: 32 * 1024,
};

/** The dictionaries that ship with the product, from invented values alone; same source, same bytes. */
export function builtDictionaries(): ReadonlyMap<SyntheticKind, Uint8Array> {
  return new Map(
    syntheticKinds.map((kind) => {
      const count = kind === 'conversation' ? 20 : 200;
      const values = syntheticValues(kind, { vocabulary: 'training', seed: 1, count });
      const samples = values.map((value) => new TextEncoder().encode(JSON.stringify(value)));
      return [kind, buildDictionary(samples, { bytes: SIZES[kind] })];
    }),
  );
}

// Run as a program: node --import tsx integrations/cache/build-dictionaries.ts
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(new URL('./dictionaries/', import.meta.url), { recursive: true });
  for (const [kind, bytes] of builtDictionaries()) writeFileSync(dictionaryFile(kind), bytes);
}
