import type { Random } from './random.ts';

/**
 * Draws `count` of the numbers in `from` without repeats and moves them to its front; the others follow. Both parts keep their order, so
 * that memory is read forwards. Every choice of `count` is equally likely (Knuth, The Art of Computer Programming 2, algorithm S).
 * @param spare room for as many numbers as `from` holds
 */
export function drawToFront(from: Int32Array, count: number, random: Random, spare: Int32Array): void {
  let drawn = 0;
  let left = 0;
  for (let i = 0; i < from.length; i++) {
    if (random.next() * (from.length - i) < count - drawn) from[drawn++] = from[i]!;
    else spare[left++] = from[i]!;
  }
  from.set(spare.subarray(0, left), drawn);
}
