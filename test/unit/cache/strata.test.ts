import { expect, it } from '@jest/globals';
import { createStratum } from '../../../integrations/cache/analyze-tally.ts';
import { seeded } from '../../support/cache-bytes.ts';

it('a sample of keys is as large as it may be, and takes each of them as often as any other', () => {
  const next = seeded(3);
  const taken = new Array<number>(40).fill(0);
  for (let round = 0; round < 2000; round += 1) {
    const stratum = createStratum(10, () => next(1_000_000) / 1_000_000);
    taken.forEach((_, key) => stratum.put(Buffer.from([key])));
    expect([stratum.keys, stratum.sample.length]).toEqual([40, 10]);
    for (const [key] of stratum.sample) taken[key!] = taken[key!]! + 1;
  }
  // 500 of each are expected, and their standard deviation is 19.
  expect(Math.min(...taken)).toBeGreaterThan(500 - 5 * 19);
  expect(Math.max(...taken)).toBeLessThan(500 + 5 * 19);
});
