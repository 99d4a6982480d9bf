import { seeded } from '../support/cache-bytes.ts';
import type { Made } from './cache-values.ts';

/** Characters that JSON writes as they are, by their bytes in UTF-8. */
const plainAscii = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).filter(
  (c) => !'"\\'.includes(c),
);
const COUNTS = [plainAscii.length, 0x800 - 0x80, 0x10000 - 0x800 - 0x800, 0x110000 - 0x10000] as const;
/** The first that takes so many. */
const FIRST = [0, 0x80, 0x800, 0x10000] as const;

/**
 * Of random text nothing can be saved but what its encoding wastes, and every encoding of text wastes something: letters of base64 could be
 * squeezed by a quarter without any structure in them. So this is the text that wastes least: of all texts of JSON of the same length in
 * bytes, each is equally likely. A character of n bytes has the chance xⁿ, where the chances of all sum up to 1.
 */
const x = solved();
export const leastWaste = 1 + Math.log2(x) / 8;

function solved(): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    const sum = COUNTS.reduce((total, count, at) => total + count * middle ** (at + 1), 0);
    if (sum < 1) low = middle;
    else high = middle;
  }
  return low;
}

/** Values of the same lengths and keys that have no structure and share nothing. */
export function withNoise(values: readonly Made[], seed = 5): Made[] {
  const next = seeded(seed);
  return values.map(({ key, text }) => {
    const value = noise(Buffer.byteLength(text) - 2, next);
    return { key, value, text: JSON.stringify(value) };
  });
}

function noise(bytes: number, next: (bound: number) => number): string {
  const parts: string[] = [];
  for (let left = bytes; left > 0;) {
    const width = Math.min(widthOf(next(2 ** 31) / 2 ** 31), left);
    parts.push(characterOf(width, next));
    left -= width;
  }
  return parts.join('');
}

function widthOf(chance: number): number {
  let rest = chance;
  for (const [at, count] of COUNTS.entries()) {
    rest -= count * x ** (at + 1);
    if (rest < 0) return at + 1;
  }
  return 1;
}

function characterOf(width: number, next: (bound: number) => number): string {
  const at = next(COUNTS[width - 1]!);
  if (width === 1) return plainAscii[at]!;
  const code = FIRST[width - 1]! + at;
  // Halves of pairs are no characters.
  return String.fromCodePoint(width === 3 && code >= 0xd800 ? code + 0x800 : code);
}

/** What random bytes are as base64: its alphabet alone lets a coder take a quarter off. */
export function withBase64(values: readonly Made[], seed = 5): Made[] {
  const next = seeded(seed);
  return values.map(({ key, text }) => {
    const bytes = Buffer.from(Array.from({ length: Math.ceil((text.length * 3) / 4) }, () => next(256)));
    const value = bytes.toString('base64').slice(0, Buffer.byteLength(text) - 2);
    return { key, value, text: JSON.stringify(value) };
  });
}
