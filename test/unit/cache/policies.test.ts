import { describe, expect, it } from '@jest/globals';
import type { Candidate, Use } from '../../../domain/cache/cost.ts';
import { policies } from '../../../domain/cache/policies.ts';
import { memoryOfKey } from '../../../domain/cache/size-class.ts';

const none = { codec: 'none', level: 0, dictionary: false };
const zstd = { codec: 'zstd', level: 3, dictionary: true };
const slow = { codec: 'zstd', level: 9, dictionary: true };

const candidates: readonly Candidate[] = [
  { ...none, storedBytes: [1000], writeMicros: 0, readMicros: 0 },
  { ...zstd, storedBytes: [200], writeMicros: 10, readMicros: 5 },
  { ...slow, storedBytes: [200], writeMicros: 90, readMicros: 5 },
];
const use: Use = { keyBytes: 30, place: 'key', plainBytes: [1000], lifeHours: 2, readsPerWrite: 4 };
const prices = { dollarsPerGbHour: 0.1, dollarsPerCpuSecond: 0.001 };
const asked = { use, prices, inForce: zstd, values: 1_000_000 };

describe('what another policy would change', () => {
  it('is told against what is in force, of all values that stand, for a month', () => {
    const [best, , plain] = policies(candidates, asked);
    expect(best).toMatchObject({ method: zstd, bytesMore: 0, dollarsMorePerMonth: 0, writeMicros: 10, readMicros: 5 });
    const more = (memoryOfKey(30, 1000) - memoryOfKey(30, 200)) * 1_000_000;
    expect(plain).toMatchObject({ method: none, memoryBytes: memoryOfKey(30, 1000), bytesMore: more });
    // Memory is paid for all the time; each value is written and read four times in its two hours.
    const memory = (more / 1e9) * 0.1 * 730;
    const cpu = 1_000_000 * (730 / 2) * ((10 + 4 * 5) / 1e6) * 0.001;
    expect(plain!.dollarsMorePerMonth).toBeCloseTo(memory - cpu, 9);
  });

  it('goes by the prices that are stated', () => {
    const free = policies(candidates, { ...asked, prices: { ...prices, dollarsPerCpuSecond: 0 } });
    const dear = policies(candidates, { ...asked, prices: { ...prices, dollarsPerCpuSecond: 1 } });
    expect(free.find(({ method }) => method.codec === 'none')!.dollarsMorePerMonth).toBeGreaterThan(0);
    expect(dear[0]).toMatchObject({ method: none });
    expect(dear[0]!.dollarsMorePerMonth).toBeLessThan(0);
  });

  it('names the lower level of the same size class', () => {
    const higher = policies(candidates, asked).find(({ method }) => method.level === 9)!;
    expect(higher).toMatchObject({ sameClassAs: zstd, bytesMore: 0 });
    expect(higher.dollarsMorePerMonth).toBeGreaterThan(0);
  });

  it('is unknown where what is in force was not tried, and in money where nothing is known to live', () => {
    const other = policies(candidates, { ...asked, inForce: { codec: 'lz4', level: 1, dictionary: false } });
    expect(other.map(({ bytesMore, dollarsMorePerMonth }) => [bytesMore, dollarsMorePerMonth])).toEqual(
      candidates.map(() => [null, null]),
    );
    const lifeless = policies(candidates, { ...asked, use: { ...use, lifeHours: 0 } });
    expect(lifeless.every(({ dollarsMorePerMonth }) => dollarsMorePerMonth === null)).toBe(true);
    expect(policies([], asked)).toEqual([]);
  });
});
