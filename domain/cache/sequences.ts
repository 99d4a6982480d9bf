import { highBit } from './fse.ts';

/** How often what was seen, where samples are written as literals and matches against a dictionary's content. */
export interface Seen {
  readonly literals: number[];
  /** By the codes of RFC 8878, 3.1.1.3.2.1.1. */
  readonly literalLengths: number[];
  readonly matchLengths: number[];
  readonly offsets: number[];
}

const LITERAL_LENGTH_CODES = 36;
const MATCH_LENGTH_CODES = 53;
/** Up to 128 KB behind content of as much again. */
const OFFSET_CODES = 18;
/** Offsets that stand for themselves before any was used. */
export const FIRST_OFFSETS = [1, 4, 8] as const;

const SHORTEST = 5;
const SHORTEST_AGAIN = 4;
const HASH_BITS = 17;
/** Places of the same four bytes that are looked at, the latest first. */
const TRIES = 8;
/** From larger samples: what comes later is like what came before. */
const SAMPLE_LIMIT = 16_384;

/** What a compressor that takes the longest match at each place would write. */
export function seenIn(content: Uint8Array, samples: readonly Uint8Array[]): Seen {
  const zeros = (length: number): number[] => Array.from({ length }, () => 0);
  const seen: Seen = {
    literals: zeros(256),
    literalLengths: zeros(LITERAL_LENGTH_CODES),
    matchLengths: zeros(MATCH_LENGTH_CODES),
    offsets: zeros(OFFSET_CODES),
  };
  const heads = new Int32Array(2 ** HASH_BITS).fill(-1);
  const links = new Int32Array(content.length + SAMPLE_LIMIT);
  const text = new Uint8Array(content.length + SAMPLE_LIMIT);
  text.set(content);
  const places = { text, heads, links };
  for (let at = 0; at + 4 <= content.length; at++) note(places, at);
  const before = heads.slice();
  for (const sample of samples) {
    const taken = sample.subarray(0, SAMPLE_LIMIT);
    text.set(taken, content.length);
    heads.set(before);
    parse(places, content.length, content.length + taken.length, seen);
  }
  return seen;
}

/** What was seen in several goes. */
export function together(all: readonly Seen[]): Seen {
  const sum = (of: keyof Seen): number[] =>
    all.map((seen) => seen[of]).reduce((counts, more) => counts.map((count, at) => count + more[at]!));
  return {
    literals: sum('literals'),
    literalLengths: sum('literalLengths'),
    matchLengths: sum('matchLengths'),
    offsets: sum('offsets'),
  };
}

interface Places {
  readonly text: Uint8Array;
  readonly heads: Int32Array;
  readonly links: Int32Array;
}

function hashAt(text: Uint8Array, at: number): number {
  const word = text[at]! | (text[at + 1]! << 8) | (text[at + 2]! << 16) | (text[at + 3]! << 24);
  return Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
}

function note({ text, heads, links }: Places, at: number): void {
  const hash = hashAt(text, at);
  links[at] = heads[hash]!;
  heads[hash] = at;
}

function parse(places: Places, from: number, end: number, seen: Seen): void {
  const { text } = places;
  let recent: readonly [number, number, number] = FIRST_OFFSETS;
  let anchor = from;
  for (let at = from; at + SHORTEST <= end;) {
    const match = longestMatch(places, at, end, recent);
    if (match === undefined) {
      note(places, at++);
      continue;
    }
    const literals = at - anchor;
    for (let place = anchor; place < at; place++) add(seen.literals, text[place]!);
    add(seen.literalLengths, literalLengthCode(literals));
    add(seen.matchLengths, matchLengthCode(match.length));
    const { value, next } = told(match.offset, recent, literals === 0);
    add(seen.offsets, highBit(value));
    recent = next;
    for (const stop = at + match.length; at < stop; at++) if (at + 4 <= end) note(places, at);
    anchor = at;
  }
  for (let place = anchor; place < end; place++) add(seen.literals, text[place]!);
}

function longestMatch({ text, heads, links }: Places, at: number, end: number, recent: readonly number[]) {
  let [length, offset] = [0, 0];
  const lengthAt = (place: number): number => {
    let same = 0;
    while (at + same < end && text[place + same] === text[at + same]) same++;
    return same;
  };
  for (const again of recent) {
    if (again > at) continue;
    const same = lengthAt(at - again);
    if (same >= SHORTEST_AGAIN && same > length) [length, offset] = [same, again];
  }
  let place = heads[hashAt(text, at)]!;
  for (let tries = 0; place >= 0 && tries < TRIES; tries++, place = links[place]!) {
    const same = lengthAt(place);
    if (same >= SHORTEST && same > length) [length, offset] = [same, at - place];
  }
  return length === 0 ? undefined : { length, offset };
}

/** As what an offset is written, and which three were used last after it. @see RFC 8878, 3.1.1.5 */
function told(offset: number, [a, b, c]: readonly [number, number, number], noLiterals: boolean) {
  const choices = noLiterals ? [b, c, a - 1] : [a, b, c];
  const place = choices.indexOf(offset);
  const next = offset === a ? ([a, b, c] as const) : offset === b ? ([b, a, c] as const) : ([offset, a, b] as const);
  return { value: place < 0 ? offset + 3 : place + 1, next };
}

function add(counts: number[], place: number): void {
  counts[place] = counts[place]! + 1;
}

/** Lengths up to 15 stand for themselves; above, each code stands for twice as many as some codes before. */
function literalLengthCode(length: number): number {
  if (length < 16) return length;
  if (length < 24) return 16 + ((length - 16) >> 1);
  if (length < 32) return 20 + ((length - 24) >> 2);
  if (length < 48) return 22 + ((length - 32) >> 3);
  return length < 64 ? 24 : highBit(length) + 19;
}

function matchLengthCode(length: number): number {
  const above = length - 3;
  if (above < 32) return above;
  if (above < 40) return 32 + ((above - 32) >> 1);
  if (above < 48) return 36 + ((above - 40) >> 2);
  if (above < 64) return 38 + ((above - 48) >> 3);
  if (above < 96) return 40 + ((above - 64) >> 4);
  return above < 128 ? 42 : highBit(above) + 36;
}
