/** Numbers in [0, 1) that come out the same for the same seed (Tommy Ettinger's mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** An id of the API's look: `msg_01` and 22 letters and digits. */
export function newId(prefix: string, random: () => number): string {
  let id = `${prefix}_01`;
  for (let n = 0; n < 22; n += 1) id += ALPHABET.charAt(Math.floor(random() * ALPHABET.length));
  return id;
}
