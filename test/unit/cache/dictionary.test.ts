import { readFileSync } from 'node:fs';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { buildDictionary } from '../../../domain/cache/dictionary.ts';
import { type SyntheticKind, syntheticKinds, syntheticValues } from '../../../domain/cache/synthetic.ts';
import type { VocabularyName } from '../../../domain/cache/synthetic-words.ts';
import { builtDictionaries } from '../../../integrations/cache/build-dictionaries.ts';
import { committedDictionaries } from '../../../integrations/cache/committed.ts';
import { dictionaryFile } from '../../../integrations/cache/dictionary-file.ts';

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const valuesOf = (kind: SyntheticKind, vocabulary: VocabularyName, seed: number, count: number): Uint8Array[] =>
  syntheticValues(kind, { vocabulary, seed, count }).map(bytes);
const total = (values: readonly Uint8Array[]): number => values.reduce((sum, { length }) => sum + length, 0);

/** Share of the bytes that deflate saves, in percent. */
function saved(values: readonly Uint8Array[], dictionary?: Uint8Array): number {
  const deflated = values.map((value) => deflateRawSync(value, dictionary === undefined ? {} : { dictionary }));
  return 100 * (1 - total(deflated) / total(values));
}

describe('a dictionary', () => {
  it.each([
    ['lead', 65],
    ['contact', 72],
    ['listing', 75],
  ] as const)('of 200 %ss saves %i % of others with other names, ids and words', (kind, least) => {
    const dictionary = buildDictionary(valuesOf(kind, 'training', 1, 200), { bytes: 32 * 1024 });
    const values = valuesOf(kind, 'test', 2, 200);
    expect(saved(values, dictionary)).toBeGreaterThanOrEqual(least);
    expect(saved(values, dictionary)).toBeGreaterThan(saved(values) + 8);
    const [value] = values;
    const again = inflateRawSync(deflateRawSync(value!, { dictionary }), { dictionary });
    expect(Buffer.compare(again, value!)).toBe(0);
  });

  it('has its best content last, where the shortest look back finds it', () => {
    const common = 'What each of them says at one time or another.';
    const samples = Array.from({ length: 40 }, (_, at) => {
      const own = String.fromCharCode(
        ...Array.from({ length: 60 }, (__, next) => 97 + (((at >> 1) * 7 + next * next) % 26)),
      );
      return new TextEncoder().encode(at % 3 === 0 ? `${own}${common}` : `${common}${own}`);
    });
    const dictionary = new TextDecoder().decode(buildDictionary(samples, { bytes: 1024 }));
    expect(dictionary.length).toBeGreaterThan(500);
    expect(dictionary.lastIndexOf(common.slice(0, 40))).toBeGreaterThan(dictionary.length - 140);
  });

  it('saves next to nothing of noise', () => {
    const dictionary = buildDictionary(valuesOf('lead', 'training', 1, 200), { bytes: 32 * 1024 });
    const noise = Uint8Array.from(
      { length: 3000 },
      (_, at) => (Math.imul(at + 1, 0x9e3779b1) ^ Math.imul(at, at)) >>> 11,
    );
    expect(saved([noise], dictionary)).toBeLessThan(10);
  });

  it('is the same for the same samples, and no longer than asked', () => {
    const samples = valuesOf('lead', 'training', 3, 60);
    const dictionary = buildDictionary(samples, { bytes: 2048 });
    expect(dictionary.length).toBeLessThanOrEqual(2048);
    expect(dictionary.length).toBeGreaterThan(2048 - 8);
    expect(buildDictionary(samples, { bytes: 2048 })).toStrictEqual(dictionary);
  });

  it.each([
    ['no samples', []],
    ['an empty one', [new Uint8Array(0)]],
    ['one alone', [new TextEncoder().encode('Nobody else says what is said here.')]],
    ['ones that are shorter than a sequence', [Uint8Array.of(1, 2), Uint8Array.of(1, 2)]],
  ])('of %s is empty', (_, samples) => {
    expect(buildDictionary(samples, { bytes: 1024 })).toHaveLength(0);
  });
});

describe('the dictionaries that ship with the product', () => {
  it('are written with by the form of the kind’s values, and read whichever they are', () => {
    const [json, packed] = [committedDictionaries('lead'), committedDictionaries('lead', true)];
    expect(json.map(({ number }) => number)).toEqual([2, 1]);
    expect(packed.map(({ number }) => number)).toEqual([1, 2]);
    expect(committedDictionaries('vector', true)).toEqual([]);
  });

  const built = builtDictionaries();

  it('are there for JSON and for packed values of each kind', () => {
    expect([...built.keys()].sort()).toEqual(syntheticKinds.flatMap((kind) => [kind, `${kind}-packed`]).sort());
  });

  it.each([...built.keys()])('are there for a %s, as their source makes them', (file) => {
    const made = built.get(file)!;
    expect(Buffer.compare(readFileSync(dictionaryFile(file)), made)).toBe(0);
    // Packed leads have little in common that is worth a place.
    expect(made.length).toBeGreaterThan(file === 'lead-packed' ? 4096 : 15 * 1024);
    // What Zstandard's fast levels search by their finer parameters, with the 513 bytes that it expects of a value.
    expect(made.length).toBeLessThan(16 * 1024 - 513);
  });
});
