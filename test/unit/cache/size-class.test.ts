import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { memoryOfField, memoryOfKey, memoryUsage, sizeClass } from '../../../domain/cache/size-class.ts';

describe('a size class', () => {
  it('is one of jemalloc’s', () => {
    const classes = [...new Set(Array.from({ length: 1024 }, (_, at) => sizeClass(at + 1)))];
    expect(classes).toStrictEqual([
      ...[8, 16, 32, 48, 64, 80, 96, 112, 128],
      ...[160, 192, 224, 256, 320, 384, 448, 512, 640, 768, 896, 1024],
    ]);
    expect([sizeClass(1025), sizeClass(70_010), sizeClass(2 ** 20 + 1)]).toStrictEqual([1280, 81_920, 1_310_720]);
  });

  it('holds what was asked for, and of large ones wastes less than a quarter', () => {
    fc.assert(
      fc.property(fc.integer({ min: 129, max: 2 ** 26 }), (bytes) => {
        const given = sizeClass(bytes);
        return given >= bytes && given < bytes * 1.25 && sizeClass(given) === given;
      }),
    );
  });
});

describe('a key with a string', () => {
  /** Asked of a Redis 7.0.15 of Debian: MEMORY USAGE, and the growth of used_memory for each of 16,384 keys (1,024 of the longest). */
  it.each([
    [20, 20, 104, 162],
    [20, 36, 120, 176],
    [20, 44, 120, 176],
    [20, 45, 136, 192],
    [20, 60, 136, 192],
    [20, 79, 168, 224],
    [20, 100, 184, 240],
    [31, 100, 200, 256],
    [53, 100, 216, 272],
    [40, 200, 312, 368],
    [24, 316, 456, 512],
    [24, 1150, 1352, 1408],
    [24, 3400, 3656, 3712],
    [24, 70_000, 81_992, 82_048],
  ])('of %i and %i bytes costs what a server says', (key, value, usage, used) => {
    expect(memoryUsage(key, value)).toBe(usage);
    // Those servers' tables were full: 16 bytes of slots for each key, and not 22 as on average.
    expect(Math.abs(memoryOfKey(key, value) - used)).toBeLessThanOrEqual(7);
  });

  /**
   * Means over many values of about these lengths, asked of a server: the model of the mean length is off by at most 6 %, for it rounds
   * one length up where the server rounded many.
   */
  it.each([
    [316, 431],
    [1150, 1353],
    [3400, 3737],
  ])('of %i bytes on average costs about %i', (value, measured) => {
    expect(Math.abs(memoryUsage(24, value) / measured - 1)).toBeLessThanOrEqual(0.06);
  });
});

describe('a field of a bucket', () => {
  it('costs far less than a key, and every byte counts', () => {
    expect(memoryOfField(15, 60)).toBeLessThan(memoryOfKey(20, 60) / 2);
    expect(memoryOfField(15, 70)).toBeGreaterThan(memoryOfField(15, 60));
    expect(memoryOfKey(20, 70)).toBe(memoryOfKey(20, 75));
  });
});
