import { fileURLToPath } from 'node:url';

/** Where the dictionary of a kind lies that ships with the product; only kinds of invented values have one. */
export function dictionaryFile(kind: string): string {
  return fileURLToPath(new URL(`./dictionaries/${kind}.dict`, import.meta.url).href);
}
