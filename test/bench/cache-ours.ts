import { setTimeout as sleep } from 'node:timers/promises';
import type { Kind } from '../../domain/cache/cache.ts';
import { createCache, type RunningCache } from '../../integrations/cache/cache.ts';
import type { Codecs } from '../../integrations/cache/codecs.ts';
import { silent, type Store } from './cache-stores.ts';

/** As much as anybody needs here. */
const NEAR = { entries: 100_000, bytes: 256 * 1024 * 1024 };
/** Every value is asked of Redis. */
export const NOTHING_NEAR = { entries: 0, bytes: 0 };

/** The cache as the product has it, once its Redis answers. */
export async function openOurs(
  redisUrl: string,
  kinds: readonly Kind[],
  codecs: Codecs,
  near: typeof NEAR = NEAR,
): Promise<RunningCache> {
  const cache = createCache({ redisUrl, kinds, codecs, near, tell: silent });
  for (let waited = 0; !cache.healthy(); waited += 10) {
    if (waited > 5000) {
      await cache.close();
      throw new Error('The cache does not reach its Redis.');
    }
    await sleep(10);
  }
  return cache;
}

/** So few that a command with the longest values stays far below its time limit. */
const AT_ONCE = 20;

/** Through the cache, so that all counts which it keeps of a value. */
export function cacheStore(name: string, kind: Kind, codecs: Codecs): Store {
  return {
    name,
    async fill(url, values) {
      const cache = await openOurs(url, [kind], codecs, NOTHING_NEAR);
      try {
        for (let from = 0; from < values.length; from += AT_ONCE) {
          await cache.setMany(values.slice(from, from + AT_ONCE), { kind: kind.name });
        }
        const { stored = 0 } = cache.stats().kinds[kind.name] ?? {};
        if (stored !== values.length) throw new Error(`${name}: ${stored} of ${values.length} were stored.`);
      } finally {
        await cache.close();
      }
    },
  };
}
