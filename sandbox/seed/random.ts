/**
 * Random choices that a seed repeats. A source stands at a place: the same seed, family and numbers give the same choices, whatever
 * was asked before, so that one table can be made without the others.
 */
export interface Dice {
  /** Stands at another place from now on, e.g. `at('lead', 17)`; answers itself. */
  at(family: string, index: number, part?: number): Dice;
  /** From 0 up to, and without, 1. */
  unit(): number;
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** Normally distributed, mean 0, deviation 1. */
  normal(): number;
  /** Exponentially distributed. */
  wait(mean: number): number;
  /** Twenty letters and digits, like the ids of GoHighLevel. */
  id(): string;
  /** A version 4 UUID. */
  uuid(): string;
  hex(length: number): string;
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** sfc32 by Chris Doty-Humphrey (public domain): 128 bits of state, four 32-bit words, fast where there are no 64-bit integers. */
export function createDice(seed: number): Dice {
  let a = 0;
  let b = 0;
  let c = 0;
  let count = 1;

  function next(): number {
    const sum = (a + b + count) | 0;
    count = (count + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
  const unit = (): number => next() / 2 ** 32;

  const dice: Dice = {
    at(family, index, part = 0) {
      a = seed | 0;
      b = (index ^ hash(family)) | 0;
      c = Math.imul(part + 1, 0x9e3779b1) ^ Math.floor(index / 2 ** 32);
      count = 1;
      // So many rounds until every bit of the place has reached every bit of the state.
      for (let round = 0; round < 12; round += 1) next();
      return dice;
    },
    unit,
    between: (least, most) => least + Math.floor(unit() * (most - least + 1)),
    chance: (probability) => unit() < probability,
    pick: (from) => from[Math.floor(unit() * from.length)]!,
    // Box and Muller's transform; the second of its two numbers is not kept, so that no choice depends on an earlier one.
    normal: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
    wait: (mean) => -mean * Math.log(1 - unit()),
    id() {
      let text = '';
      for (let word = 0; word < 4; word += 1) {
        let rest = next();
        for (let place = 0; place < 5; place += 1) {
          text += ALPHABET.charAt(rest % 62);
          rest = Math.floor(rest / 62);
        }
      }
      return text;
    },
    uuid() {
      const [first, second, third, fourth] = [word(next()), word(next()), word(next()), word(next())];
      const variant = ((next() & 3) | 8).toString(16);
      return `${first}-${second.slice(0, 4)}-4${second.slice(5)}-${variant}${third.slice(0, 3)}-${third.slice(3)}${fourth.slice(1)}`;
    },
    hex(length) {
      let text = '';
      while (text.length < length) text += word(next());
      return text.slice(0, length);
    },
  };
  return dice;
}

function word(value: number): string {
  return value.toString(16).padStart(8, '0');
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value;
}

/** Some values of which some come more often. */
export type Skewed<T> = (dice: Dice) => T;

/** Picks in proportion to weights, in constant time. */
export function weighted<T>(pairs: readonly (readonly [value: T, weight: number])[]): Skewed<T> {
  const total = pairs.reduce((sum, [, weight]) => sum + weight, 0);
  const bounds = new Float64Array(pairs.length);
  let sum = 0;
  pairs.forEach(([, weight], i) => {
    sum += weight / total;
    bounds[i] = sum;
  });
  // A first guess by table leaves one or two steps to go.
  const guesses = new Uint32Array(1024);
  for (let i = 0, at = 0; i < guesses.length; i += 1) {
    while (at < pairs.length - 1 && bounds[at]! <= i / guesses.length) at += 1;
    guesses[i] = at;
  }
  return (dice) => {
    const roll = dice.unit();
    let at = guesses[Math.floor(roll * guesses.length)]!;
    while (at < pairs.length - 1 && bounds[at]! <= roll) at += 1;
    return pairs[at]![0];
  };
}

/** The first is the most frequent; the n-th comes 1/n^exponent as often (Zipf's law). */
export function zipf<T>(values: readonly T[], exponent = 1): Skewed<T> {
  return weighted(values.map((value, i) => [value, (i + 1) ** -exponent] as const));
}
