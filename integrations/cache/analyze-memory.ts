import type { Redis } from 'ioredis';
import type { Stratum } from './analyze-tally.ts';

/** What keys take on the server, by `MEMORY USAGE` of some of them. */
export interface Memory {
  readonly bytes: number;
  /** The true sum lies within so many bytes with 95 % certainty; 0 where every key was asked for. */
  readonly margin: number;
  readonly askedKeys: number;
}

const KEYS_AT_ONCE = 100;

/**
 * @param nested  how many parts of a hash or set are looked at for their size; 0: all
 * @returns undefined where the server does not take the question, or answers for none of a sort
 */
export async function memoryOf(redis: Redis, strata: readonly Stratum[], nested: number): Promise<Memory | undefined> {
  let [bytes, variance, askedKeys] = [0, 0, 0];
  for (const { keys, sample } of strata) {
    if (keys === 0) continue;
    const sizes = await sizesOf(redis, sample, nested);
    if (sizes === undefined || sizes.length === 0) return undefined;
    const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    const squares = sizes.reduce((sum, size) => sum + (size - mean) ** 2, 0);
    bytes += mean * keys;
    askedKeys += sizes.length;
    if (sizes.length < keys) {
      const ofOne = sizes.length > 1 ? squares / (sizes.length - 1) : Infinity;
      variance += (keys ** 2 * (1 - sizes.length / keys) * ofOne) / sizes.length;
    }
  }
  if (!Number.isFinite(variance)) return undefined;
  return { bytes: Math.round(bytes), margin: Math.round(1.96 * Math.sqrt(variance)), askedKeys };
}

/** Of those that still stand. */
async function sizesOf(redis: Redis, keys: readonly Buffer[], nested: number): Promise<number[] | undefined> {
  const sizes: number[] = [];
  for (let from = 0; from < keys.length; from += KEYS_AT_ONCE) {
    const pipeline = redis.pipeline();
    for (const key of keys.slice(from, from + KEYS_AT_ONCE)) pipeline.memory('USAGE', key, 'SAMPLES', nested);
    for (const [error, size] of (await pipeline.exec()) ?? []) {
      if (error !== null) {
        if (error.name === 'ReplyError') return undefined;
        throw error;
      }
      if (typeof size === 'number') sizes.push(size);
    }
  }
  return sizes;
}
