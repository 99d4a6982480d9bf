/** Numbers that a seed repeats on every machine: sampling, folds and bootstrap draws of one training run can be done again. */
export interface Random {
  /** From 0 up to, and without, 1. */
  next(): number;
  /** A whole number from 0 up to, and without, `limit`. */
  below(limit: number): number;
}

/** sfc32 by Chris Doty-Humphrey (public domain): 128 bits of state, so draws of millions of rows do not come round again. */
export function createRandom(seed: number): Random {
  let a = seed | 0;
  let b = Math.imul(seed, 0x9e3779b9) | 0;
  let c = Math.floor(seed / 2 ** 32) | 0;
  let counter = 1;
  function bits(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
  // The first numbers still resemble the seed.
  for (let i = 0; i < 16; i += 1) bits();
  const next = (): number => bits() / 2 ** 32;
  return { next, below: (limit) => Math.floor(next() * limit) };
}
