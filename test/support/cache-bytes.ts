import { type Dictionary, dictionaryOf } from '../../integrations/cache/dictionary.ts';

/** A small seeded generator, answering whole numbers below `bound`. */
export function seeded(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

/** JSON of a made-up record; `rows` scales it: 1 is about 0.2 KB. */
export function sampleValue(seed: number, rows = 1): Buffer {
  const next = seeded(seed);
  const row = () => ({
    id: next(2 ** 31).toString(36) + next(2 ** 31).toString(36),
    stage: ['new', 'contacted', 'qualified'][next(3)],
    createdAt: `2026-0${1 + next(9)}-1${next(10)}T0${next(10)}:00:00.000Z`,
    note: ['asked for a viewing', 'wants a larger garden', 'sells first'][next(3)],
    price: 100_000 + next(900_000),
  });
  return Buffer.from(JSON.stringify(Array.from({ length: rows }, row)));
}

export function sampleDictionary(number: number, seed: number, bytes = 16 * 1024): Dictionary {
  const samples = Array.from({ length: Math.ceil(bytes / 150) }, (_, index) => sampleValue(seed + index));
  return dictionaryOf(number, Buffer.concat(samples).subarray(0, bytes));
}

/**
 * Stored bytes as they never were written: bits flipped, bytes set, cut off, added, taken out, swapped or overwritten.
 * @returns undefined where the change happened to change nothing
 */
export function mutated(stored: Buffer, next: (bound: number) => number): Buffer | undefined {
  const at = next(stored.length);
  const length = 1 + next(8);
  const foreign = Buffer.from(Array.from({ length }, () => next(256)));
  const changes: readonly (() => Buffer)[] = [
    () => withByte(stored, at, stored[at]! ^ (1 << next(8))),
    () => withByte(stored, at, next(256)),
    () => withByte(stored, next(Math.min(8, stored.length)), next(256)),
    () => stored.subarray(0, at),
    () => Buffer.concat([stored, foreign]),
    () => Buffer.concat([stored.subarray(0, at), foreign, stored.subarray(at)]),
    () => Buffer.concat([stored.subarray(0, at), stored.subarray(at + length)]),
    () => Buffer.concat([stored.subarray(0, at), foreign, stored.subarray(at + length)]),
    () => Buffer.concat([stored.subarray(at), stored.subarray(0, at)]),
    () => Buffer.from(stored).fill(0, at),
  ];
  const change = changes[next(changes.length)]!();
  return change.equals(stored) ? undefined : change;
}

function withByte(stored: Buffer, at: number, byte: number): Buffer {
  const copy = Buffer.from(stored);
  copy[at] = byte;
  return copy;
}
