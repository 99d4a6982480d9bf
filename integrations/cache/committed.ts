import { readFileSync } from 'node:fs';
import { dictionaryFile } from './dictionary-file.ts';
import { type Dictionary, dictionaryOf } from './dictionary.ts';

/** Numbers up to here are those of dictionaries that ship with the product; a location's own have higher ones. */
export const LAST_COMMITTED = 15;

interface Shipped {
  readonly number: number;
  readonly file: string;
  /** It is for packed values; the others are for JSON. */
  readonly packed?: true;
}

/**
 * The dictionaries that ship with the product: the last one of a kind and form is written with, the others are for what was written before.
 * A file with new content is a new file with a number of its own, 1 to 15; the old one stays for as long as values of it may be about.
 */
const ofKind = (kind: string): readonly Shipped[] => [
  { number: 1, file: kind },
  { number: 2, file: `${kind}-packed`, packed: true },
];
const FILES: Readonly<Record<string, readonly Shipped[]>> = {
  lead: ofKind('lead'),
  contact: ofKind('contact'),
  listing: ofKind('listing'),
  conversation: ofKind('conversation'),
};

/** Those of the other form first, then the oldest; none where nothing ships for the kind. */
export function committedDictionaries(kind: string, packed = false): readonly Dictionary[] {
  const files = Object.hasOwn(FILES, kind) ? FILES[kind]! : [];
  const ofForm = (shipped: Shipped): number => Number((shipped.packed ?? false) === packed);
  return [...files]
    .sort((a, b) => ofForm(a) - ofForm(b))
    .map(({ number, file }) => dictionaryOf(number, readFileSync(dictionaryFile(file))));
}
