import type { Kind } from '../../domain/cache/cache.ts';
import { type SyntheticKind, syntheticKinds } from '../../domain/cache/synthetic.ts';
import type { Codecs } from '../../integrations/cache/codecs.ts';
import { bucketKinds, fastKinds, fastMethod, slowKinds, slowMethod, withoutDictionary } from './cache-kinds.ts';
import { withBase64, withNoise } from './cache-noise.ts';
import { cacheStore, learnedStore } from './cache-ours.ts';
import type { BenchRedis } from './cache-redis.ts';
import {
  codecStore,
  coderStore,
  keyvNames,
  keyvStore,
  plainStore,
  shippedDictionary,
  type Store,
} from './cache-stores.ts';
import { madeValues, type Made } from './cache-values.ts';

/** What a way of storing takes at the server. */
export interface MemoryFigure {
  readonly kind: SyntheticKind;
  readonly way: string;
  readonly values: 'made' | 'noise' | 'base64';
  readonly n: number;
  /** Of JSON, on average. */
  readonly plainBytes: number;
  /** By how much `used_memory` grew, over n. */
  readonly usedBytes: number;
  /** The sampled mean of `MEMORY USAGE` of a key, times the keys, over n. */
  readonly usageBytes: number;
  /** Of the baseline's growth, percent. */
  readonly savedPercent: number;
}

/**
 * The tables of a server have between one and two slots for each key, and those of n keys are as large whatever is stored. So n stands in
 * the middle between two doublings, on the scale of doublings: 2^k / √2.
 */
export const memoryCounts = (quick: boolean): Readonly<Record<SyntheticKind, number>> => {
  const between = (power: number): number => Math.round(2 ** power / Math.SQRT2);
  const short = between(quick ? 12 : 14);
  return { lead: short, contact: short, listing: short, conversation: between(quick ? 8 : 10) };
};

const SAMPLED_KEYS = 500;

/** The name of the row that is compared with the bars. */
export const FAST = 'ours, fast level';
const SLOW = 'ours, slow level';
export const BUCKETS = 'ours, buckets and packing';
export const NO_DICTIONARY = 'ours, no dictionary';
export const WRONG_DICTIONARY = 'ours, dictionary of another kind';

/** Every way, one after the other, in a Redis that was emptied before. */
export async function measureMemory(
  redis: BenchRedis,
  codecs: Codecs,
  counts: Readonly<Record<SyntheticKind, number>>,
  say: (line: string) => void,
): Promise<MemoryFigure[]> {
  const figures: MemoryFigure[] = [];
  for (const kind of syntheticKinds) {
    const made = madeValues(kind, counts[kind]);
    say(`memory: ${made.length} × ${kind}`);
    figures.push(...(await ofValues(redis, { kind, values: 'made', made }, waysOf(kind, codecs))));
    const control = [plainStore(fastKinds[kind]), coderStore(FAST, fastKinds[kind], codecs)];
    for (const [values, without] of [['noise', withNoise(made)] as const, ['base64', withBase64(made)] as const]) {
      figures.push(...(await ofValues(redis, { kind, values, made: without }, control)));
    }
  }
  return figures;
}

/** The baseline first. */
function waysOf(kind: SyntheticKind, codecs: Codecs): Store[] {
  const plain = fastKinds[kind];
  const fast = fastMethod(kind);
  const encoding = { codec: 'zstd', level: fast.level } as const;
  const other = kind === 'listing' ? 'conversation' : 'listing';
  return [
    plainStore(plain),
    cacheStore(FAST, plain, codecs),
    cacheStore(SLOW, slowKinds[kind], codecs),
    learnedStore('ours, fast level, own dictionaries', plain, codecs),
    ...(kind === 'lead' || kind === 'contact' ? inBuckets(bucketKinds[kind], codecs) : []),
    coderStore(NO_DICTIONARY, withoutDictionary[kind], codecs),
    codecStore(WRONG_DICTIONARY, plain, codecs, { ...encoding, dictionary: shippedDictionary(other) }),
    codecStore('deflate with dictionary', plain, codecs, { codec: 'deflate', dictionary: shippedDictionary(kind) }),
    codecStore('lz4', plain, codecs, { codec: 'lz4' }),
    codecStore('brotli 5', plain, codecs, { codec: 'brotli' }),
    ...keyvNames.map((name) => keyvStore(name, plain)),
  ];
}

function inBuckets(kind: Kind, codecs: Codecs): Store[] {
  return [
    cacheStore(BUCKETS, kind, codecs),
    cacheStore(`${BUCKETS}, slow level`, { ...kind, pin: slowMethod }, codecs),
    // Pinned: what the cache finds by itself weighs processor time against memory, and this is a figure of memory.
    learnedStore(`${BUCKETS}, own dictionaries`, { ...kind, pin: fastMethod('lead') }, codecs),
  ];
}

async function ofValues(
  redis: BenchRedis,
  { kind, values, made }: { kind: SyntheticKind; values: MemoryFigure['values']; made: readonly Made[] },
  ways: readonly Store[],
): Promise<MemoryFigure[]> {
  const n = made.length;
  const plainBytes = made.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) / n;
  const grown: { way: string; used: number; usage: number }[] = [];
  for (const way of ways) {
    await redis.clear();
    const before = await redis.usedMemory();
    await way.fill(redis.url, made);
    const used = (await redis.usedMemory()) - before;
    const { bytes, keys } = await redis.sampledUsage(SAMPLED_KEYS);
    grown.push({ way: way.name, used, usage: bytes * keys });
  }
  await redis.clear();
  const baseline = grown[0]!.used;
  return grown.map(({ way, used, usage }) => ({
    ...{ kind, way, values, n, plainBytes },
    usedBytes: used / n,
    usageBytes: usage / n,
    savedPercent: 100 * (1 - used / baseline),
  }));
}
