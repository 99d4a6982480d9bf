import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Candidate, choose, isSame, type Method, sizeBand, type Use } from '../../../domain/cache/cost.ts';

/** $0.086 for a gigabyte-hour of a hosted Redis, $0.04 for an hour of a processor. */
const prices = { dollarsPerGbHour: 0.086, dollarsPerCpuSecond: 0.04 / 3600 };

function candidate(
  codec: string,
  level: number,
  stored: number,
  writeMicros: number,
  readMicros: number,
  dictionary = false,
): Candidate {
  return { codec, level, dictionary, storedBytes: [stored], writeMicros, readMicros };
}

/** A conversation of 69 KB, from the ratios and relative speeds that were measured of each codec. */
const large = [
  candidate('none', 0, 69_000, 0, 0),
  candidate('lz4', 0, 20_700, 87, 29),
  candidate('zstd', 3, 12_400, 240, 55, true),
  candidate('zstd', 3, 14_500, 155, 40),
  candidate('brotli', 5, 13_100, 1450, 153),
  candidate('brotli', 11, 10_700, 90_000, 153),
];
const withoutDictionary = large.filter(({ dictionary }) => !dictionary);
/** A contact of 1.1 KB. */
const small = [
  candidate('none', 0, 1150, 0, 0),
  candidate('lz4', 0, 908, 2, 0.5),
  candidate('zstd', 3, 700, 9, 3),
  candidate('zstd', 3, 218, 5.4, 3.3, true),
  candidate('brotli', 11, 590, 900, 11),
];
const use = (plain: number, more: Partial<Use> = {}): Use => ({
  ...{ keyBytes: 28, place: 'key', plainBytes: [plain], lifeHours: 1, readsPerWrite: 10 },
  ...more,
});
const chosen = (candidates: readonly Candidate[], of: Use): Method => choose(candidates, { use: of, prices }).method;

describe('the choice', () => {
  it('stores a hot large value so that it is read fastest', () => {
    const hot = use(69_000, { lifeHours: 0.1, readsPerWrite: 800 });
    expect(chosen(large, hot)).toMatchObject({ codec: 'lz4' });
    expect(chosen(large, { ...hot, readsPerWrite: 10_000 })).toMatchObject({ codec: 'none' });
  });

  it('stores a small value with a dictionary', () => {
    expect(chosen(small, use(1150))).toStrictEqual({ codec: 'zstd', level: 3, dictionary: true });
  });

  it('stores a cold large value as small as it can, and without a dictionary that is Brotli', () => {
    const cold = use(69_000, { lifeHours: 24 * 30, readsPerWrite: 2 });
    expect(chosen(withoutDictionary, cold)).toMatchObject({ codec: 'brotli', level: 11 });
  });

  it('stores a warm large value in between', () => {
    const warm = use(69_000, { lifeHours: 2, readsPerWrite: 50 });
    expect(chosen(large, warm)).toStrictEqual({ codec: 'zstd', level: 3, dictionary: true });
  });

  it('leaves a value alone that does not get smaller', () => {
    const random = [
      candidate('none', 0, 3000, 0, 0),
      candidate('lz4', 0, 3010, 3, 1),
      candidate('zstd', 3, 3005, 20, 5),
    ];
    expect(chosen(random, use(3000))).toMatchObject({ codec: 'none' });
  });

  it('pays for no level that ends in the same size class, even where it was measured to be quicker', () => {
    const levels = [candidate('zstd', 3, 76, 5, 2, true), candidate('zstd', 19, 70, 4, 2, true)];
    const { method, reckoned } = choose(levels, { use: use(316, { lifeHours: 1e6 }), prices });
    expect(method.level).toBe(3);
    expect(reckoned.find((one) => one.method.level === 19)?.sameClassAs).toStrictEqual(method);
    expect(chosen([levels[0]!, candidate('zstd', 19, 60, 400, 2, true)], use(316, { lifeHours: 1e6 })).level).toBe(19);
  });

  it('counts every byte in a bucket', () => {
    const levels = [candidate('zstd', 3, 76, 5, 2, true), candidate('zstd', 19, 70, 100, 2, true)];
    expect(chosen(levels, use(316, { place: 'bucket', lifeHours: 1000, readsPerWrite: 1 })).level).toBe(19);
  });

  it('shows the terms of each candidate, and the best first', () => {
    const { reckoned } = choose(large, { use: use(69_000), prices });
    expect(reckoned).toHaveLength(large.length);
    for (const { dollarsSaved, writeDollars, readDollars, netDollars } of reckoned) {
      expect(netDollars).toBeCloseTo(dollarsSaved - writeDollars - readDollars, 15);
    }
    const lz4 = reckoned.find(({ method }) => method.codec === 'lz4')!;
    // 81,920 and 20,480 + 4,096 bytes are the classes of the two texts.
    expect(lz4.bytesSaved).toBe(81_920 - 24_576);
    expect(lz4.dollarsSaved).toBeCloseTo((lz4.bytesSaved / 1e9) * 0.086, 12);
    expect(lz4.readDollars).toBeCloseTo(10 * 29e-6 * (0.04 / 3600), 15);
    const net = reckoned.map(({ netDollars }) => netDollars);
    expect(net).toStrictEqual([...net].sort((a, b) => b - a));
  });

  it('takes the mean over the samples, each in its own class', () => {
    const two: Candidate = { ...candidate('lz4', 0, 0, 1, 1), storedBytes: [100, 1000] };
    const { reckoned } = choose([two], { use: use(0, { plainBytes: [200, 2000] }), prices });
    expect(reckoned[0]!.bytesSaved).toBe((224 - 112 + (2048 - 1024)) / 2);
  });
});

describe('a choice in force', () => {
  const near = [candidate('lz4', 0, 1500, 2, 1), candidate('zstd', 3, 1250, 2, 1)];
  const lz4: Method = { codec: 'lz4', level: 0, dictionary: false };

  it('is kept while nothing is clearly better', () => {
    expect(choose(near, { use: use(3000), prices })).toMatchObject({ method: { codec: 'zstd' }, why: 'best' });
    const barely = [candidate('lz4', 0, 1500, 2, 1), candidate('zstd', 3, 1500, 1.9, 1)];
    expect(choose(barely, { use: use(3000), prices, current: lz4 })).toMatchObject({ method: lz4, why: 'kept' });
    const clearly = [near[0]!, candidate('zstd', 3, 700, 2, 1)];
    expect(choose(clearly, { use: use(3000), prices, current: lz4 })).toMatchObject({
      method: { codec: 'zstd' },
      why: 'best',
    });
  });

  it('is given up when it is not among the candidates any more', () => {
    expect(choose(near, { use: use(3000), prices, current: { ...lz4, codec: 'gone' } }).why).toBe('best');
  });

  it('does not flap, however the measurements of two that are alike scatter', () => {
    const times = fc.double({ min: 1, max: 30, noNaN: true });
    fc.assert(
      fc.property(times, times, times, times, (a, b, c, d) => {
        const measured = [candidate('lz4', 0, 1500, a, b), candidate('zstd', 3, 1500, c, d)];
        return isSame(choose(measured, { use: use(3000), prices, current: lz4 }).method, lz4);
      }),
    );
  });

  it('gives way to a pin, even to one that is worse', () => {
    const pin: Method = { codec: 'none', level: 0, dictionary: false };
    expect(choose(large, { use: use(69_000), prices, current: lz4, pin })).toMatchObject({
      method: pin,
      why: 'pinned',
    });
    expect(() => choose(large, { use: use(69_000), prices, pin: { ...pin, level: 9 } })).toThrow(RangeError);
  });

  it('needs candidates and samples', () => {
    expect(() => choose([], { use: use(10), prices })).toThrow(RangeError);
    expect(() => choose(near, { use: use(0, { plainBytes: [] }), prices })).toThrow(RangeError);
  });
});

it('a size band holds four times the size of the one before', () => {
  expect([0, 63, 64, 255, 256, 1023, 1024, 4096, 16_384, 65_536].map(sizeBand)).toStrictEqual([
    0, 0, 1, 1, 2, 2, 3, 4, 5, 6,
  ]);
});
