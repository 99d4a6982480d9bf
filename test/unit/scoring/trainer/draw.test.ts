import { describe, expect, it } from '@jest/globals';
import { drawToFront } from '../../../../domain/scoring/trainer/draw.ts';
import { createRandom } from '../../../../domain/scoring/trainer/random.ts';

describe('drawing to the front', () => {
  const random = createRandom(5);
  function draw(): number[] {
    const numbers = Int32Array.from({ length: 10 }, (_, index) => index);
    drawToFront(numbers, 3, random, new Int32Array(10));
    return [...numbers];
  }

  it('keeps every number, and both parts in order', () => {
    for (let round = 0; round < 50; round++) {
      const numbers = draw();
      const sorted = (part: readonly number[]): number[] => part.toSorted((a, b) => a - b);
      expect(numbers).toEqual([...sorted(numbers.slice(0, 3)), ...sorted(numbers.slice(3))]);
      expect(new Set(numbers).size).toBe(10);
    }
  });

  it('takes each as often as any other', () => {
    const drawn = new Int32Array(10);
    for (let round = 0; round < 4_000; round++) for (const number of draw().slice(0, 3)) drawn[number]!++;
    // Each is drawn 1,200 times on average, give or take 29.
    for (const times of drawn) expect(Math.abs(times - 1_200)).toBeLessThan(130);
  });
});
