import type { Kind } from '../../domain/cache/cache.ts';
import { type SyntheticKind, syntheticKinds } from '../../domain/cache/synthetic.ts';
import type { Codecs } from '../../integrations/cache/codecs.ts';
import {
  bucketKinds,
  fastKinds,
  fastMethod,
  slowKinds,
  slowMethod,
  textKinds,
  textWithoutDictionary,
} from './cache-kinds.ts';
import { withBase64, withNoise } from './cache-noise.ts';
import { cacheStore, learnedStore } from './cache-ours.ts';
import type { BenchRedis } from './cache-redis.ts';
import {
  codecStore,
  coderStore,
  emptyStore,
  knowingDictionary,
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
  const short = between(quick ? 11 : 13);
  return { lead: short, contact: short, listing: short, conversation: between(quick ? 7 : 9) };
};

const SAMPLED_KEYS = 500;

/** The name of the row that is compared with the bars. */
export const FAST = 'ours, fast level';
const SLOW = 'ours, slow level';
export const BUCKETS = 'ours, buckets and packing';
/** How the same dictionary does among words that it knows: what is between the two, strange words cost. */
const KNOWING = 'ours, dictionary of the same words';
export const TEXT = 'ours, fast level, JSON not packed';
export const NO_DICTIONARY = 'ours, JSON not packed, no dictionary';
export const WRONG_DICTIONARY = 'ours, JSON not packed, dictionary of another kind';

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
    figures.push(...(await ofValues(redis, { kind, values: 'made', made }, waysOf(kind, counts[kind], codecs))));
    const control = [plainStore(fastKinds[kind]), coderStore(FAST, fastKinds[kind], codecs)];
    for (const [values, without] of [['noise', withNoise(made)] as const, ['base64', withBase64(made)] as const]) {
      figures.push(...(await ofValues(redis, { kind, values, made: without }, control)));
    }
  }
  return figures;
}

/** The baseline first. */
function waysOf(kind: SyntheticKind, count: number, codecs: Codecs): Store[] {
  const lessons = () => madeValues(kind, count, { others: true });
  const [fast, text] = [fastKinds[kind], textKinds[kind]];
  const encoding = { codec: 'zstd', level: fastMethod(kind).level } as const;
  const other = textKinds[kind === 'listing' ? 'conversation' : 'listing'];
  return [
    plainStore(fast),
    emptyStore(fast),
    cacheStore(FAST, fast, codecs),
    cacheStore(SLOW, slowKinds[kind], codecs),
    codecStore(KNOWING, fast, codecs, { ...encoding, dictionary: knowingDictionary(fast) }),
    learnedStore('ours, fast level, own dictionaries', fast, codecs, lessons),
    ...(kind === 'lead' || kind === 'contact' ? inBuckets(bucketKinds[kind], codecs, lessons) : []),
    cacheStore(TEXT, text, codecs),
    coderStore(NO_DICTIONARY, textWithoutDictionary[kind], codecs),
    codecStore(WRONG_DICTIONARY, text, codecs, { ...encoding, dictionary: shippedDictionary(other) }),
    codecStore('deflate with dictionary', text, codecs, { codec: 'deflate', dictionary: shippedDictionary(text) }),
    codecStore('lz4', text, codecs, { codec: 'lz4' }),
    codecStore('brotli 5', text, codecs, { codec: 'brotli' }),
    ...keyvNames.map((name) => keyvStore(name, text)),
  ];
}

function inBuckets(kind: Kind, codecs: Codecs, lessons: () => readonly Made[]): Store[] {
  return [
    cacheStore(BUCKETS, kind, codecs),
    cacheStore(`${BUCKETS}, slow level`, { ...kind, pin: slowMethod }, codecs),
    // Pinned: what the cache finds by itself weighs processor time against memory, and this is a figure of memory.
    learnedStore(`${BUCKETS}, own dictionaries`, { ...kind, pin: fastMethod('lead') }, codecs, lessons),
  ];
}

async function ofValues(
  redis: BenchRedis,
  { kind, values, made }: { kind: SyntheticKind; values: MemoryFigure['values']; made: readonly Made[] },
  ways: readonly Store[],
): Promise<MemoryFigure[]> {
  const plainBytes = made.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) / made.length;
  const grown: Pick<MemoryFigure, 'way' | 'n' | 'usedBytes' | 'usageBytes'>[] = [];
  for (const { name, oneIn = 1, fill } of ways) {
    // A quarter of a count that stands between two doublings stands there as well.
    const some = made.filter((_, at) => at % oneIn === 0);
    const n = some.length;
    await redis.clear();
    const before = await redis.usedMemory();
    await fill(redis.url, some);
    const used = (await redis.usedMemory()) - before;
    const { bytes, keys } = await redis.sampledUsage(SAMPLED_KEYS);
    grown.push({ way: name, n, usedBytes: used / n, usageBytes: (bytes * keys) / n });
  }
  await redis.clear();
  const baseline = grown[0]!.usedBytes;
  return grown.map((one) => ({
    ...{ kind, values, plainBytes, ...one },
    savedPercent: 100 * (1 - one.usedBytes / baseline),
  }));
}
