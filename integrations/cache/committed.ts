import { readFileSync } from 'node:fs';
import { dictionaryFile } from './dictionary-file.ts';
import { type Dictionary, dictionaryOf } from './dictionary.ts';

/** Numbers up to here are those of dictionaries that ship with the product; a location's own have higher ones. */
export const LAST_COMMITTED = 15;

/**
 * The dictionaries that ship with the product: the last one of a kind is written with, the others are for what was written before.
 * A file with new content is a new file with a number of its own, 1 to 15; the old one stays for as long as values of it may be about.
 */
const FILES: Readonly<Record<string, readonly { readonly number: number; readonly file: string }[]>> = {
  lead: [{ number: 1, file: 'lead' }],
  contact: [{ number: 1, file: 'contact' }],
  listing: [{ number: 1, file: 'listing' }],
  conversation: [{ number: 1, file: 'conversation' }],
};

/** Oldest first; none where nothing ships for the kind. */
export function committedDictionaries(kind: string): readonly Dictionary[] {
  const files = Object.hasOwn(FILES, kind) ? FILES[kind]! : [];
  return files.map(({ number, file }) => dictionaryOf(number, readFileSync(dictionaryFile(file))));
}
