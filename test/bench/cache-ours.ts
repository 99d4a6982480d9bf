import { setTimeout as sleep } from 'node:timers/promises';
import type { Kind } from '../../domain/cache/cache.ts';
import { createCache, type RunningCache } from '../../integrations/cache/cache.ts';
import type { Codecs } from '../../integrations/cache/codecs.ts';
import { silent, type Store } from './cache-stores.ts';
import type { Made } from './cache-values.ts';

/** As much as anybody needs here. */
const NEAR = { entries: 100_000, bytes: 256 * 1024 * 1024 };
/** Every value is asked of Redis. */
export const NOTHING_NEAR = { entries: 0, bytes: 0 };

/**
 * For whoever stores many long values at once, on a machine that does other work as well: a command that takes longer than the product
 * waits for one leaves its value out, and memory is measured of all of them. Where time is measured the product's own limit holds.
 */
const PATIENT_MS = 10_000;

/** What the cache looks at by chance, it never looks at: the shipped dictionaries stay, and the method that it begins with. */
const never = (): number => 1 - 2 ** -32;

interface Opening {
  readonly near?: typeof NEAR;
  readonly learns?: boolean;
  readonly limitMs?: number;
}

/** The cache as the product has it, once its Redis answers. */
export async function openOurs(
  redisUrl: string,
  kinds: readonly Kind[],
  codecs: Codecs,
  { near = NEAR, learns = false, limitMs }: Opening = {},
): Promise<RunningCache> {
  const cache = createCache({
    ...{ redisUrl, kinds, codecs, near, tell: silent },
    ...(limitMs !== undefined && { limitMs }),
    ...(!learns && { random: never }),
  });
  for (let waited = 0; !cache.healthy(); waited += 10) {
    if (waited > 5000) {
      await cache.close();
      throw new Error('The cache does not reach its Redis.');
    }
    await sleep(10);
  }
  return cache;
}

/** As many as the cache sends at once. */
const AT_ONCE = 100;

/** Through the cache, so that all counts which it keeps of a value. */
export function cacheStore(name: string, kind: Kind, codecs: Codecs): Store {
  return {
    name,
    async fill(url, values) {
      const cache = await openOurs(url, [kind], codecs, { near: NOTHING_NEAR, limitMs: PATIENT_MS });
      try {
        await fillOnce(cache, kind, values);
      } finally {
        await cache.close();
      }
    },
  };
}

/**
 * The same after the cache has learned of other values of the same locations: each has a dictionary of its own, where that wins enough. They
 * lie in Redis and are counted.
 */
export function learnedStore(name: string, kind: Kind, codecs: Codecs, lessons: () => readonly Made[]): Store {
  return {
    name,
    async fill(url, values) {
      const cache = await openOurs(url, [kind], codecs, { near: NOTHING_NEAR, limitMs: PATIENT_MS, learns: true });
      try {
        const others = lessons();
        // Of each location enough has to be seen, and few writes are looked at.
        for (let pass = 0; pass < LEARNING_PASSES; pass += 1) await fillOnce(cache, kind, others);
        await calm(() => {
          const { adopted, rejected } = cache.stats().coder.dictionaries;
          return adopted + rejected;
        });
        for (let from = 0; from < others.length; from += AT_ONCE) {
          const keys = others.slice(from, from + AT_ONCE).map(({ key }) => key);
          await cache.deleteMany(keys, { kind: kind.name });
        }
        await fillOnce(cache, kind, values);
      } finally {
        await cache.close();
      }
    },
  };
}

const LEARNING_PASSES = 4;

async function fillOnce(cache: RunningCache, kind: Kind, values: readonly Made[]): Promise<void> {
  const stored = (): number => cache.stats().kinds[kind.name]!.stored;
  const before = stored();
  for (let from = 0; from < values.length; from += AT_ONCE) {
    await cache.setMany(values.slice(from, from + AT_ONCE), { kind: kind.name });
  }
  if (stored() - before !== values.length) throw new Error(`${stored() - before} of ${values.length} were stored.`);
}

/** Until something is counted and has been the same for a while; not for ever. */
async function calm(count: () => number): Promise<void> {
  let last = count();
  for (let same = 0, looks = 0; (same < 30 || last === 0) && looks < 300; looks += 1) {
    await sleep(150);
    same = count() === last ? same + 1 : 0;
    last = count();
  }
}
