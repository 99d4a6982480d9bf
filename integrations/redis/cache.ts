import type { Cache } from '../../domain/ports/cache.ts';
import type { Log } from '../../domain/ports/log.ts';
import { createGuardedRedis } from '../cache/guarded.ts';

/** Counts where reads were answered from; optional. */
export type ReadCounter = (outcome: 'near' | 'shared' | 'miss') => void;

/**
 * Two layers: a bounded map in this process, and Redis behind it where there is one. Redis gets 50 ms per command and no queue while
 * it is away; after three failures in a row it is left alone for a while, so that a dead or slow one costs nothing. No error
 * reaches a caller: a cache may always miss.
 * @param redisUrl  absent: only the map
 * @param entries   bound of the map
 */
export function createCache({
  redisUrl,
  log,
  count = () => undefined,
  entries = 5000,
  now = Date.now,
}: {
  redisUrl?: string | undefined;
  log: Log;
  count?: ReadCounter;
  entries?: number;
  now?: () => number;
}): Cache {
  const near = nearLayer(entries, now);
  const shared = redisUrl === undefined ? undefined : sharedLayer(redisUrl, log, now);

  return {
    async get<T>(key: string): Promise<T | undefined> {
      const here = near.get(key);
      if (here !== undefined) {
        count('near');
        return JSON.parse(here.json) as T;
      }
      const json = await shared?.get(key);
      const there = json === undefined ? undefined : parsed(json);
      count(there === undefined ? 'miss' : 'shared');
      if (json === undefined || there === undefined) return undefined;
      near.set(key, json, NEAR_LIMIT_MS);
      return there.value as T;
    },
    async set(key, value, ttlMs) {
      const json = JSON.stringify(value);
      near.set(key, json, shared === undefined ? ttlMs : Math.min(ttlMs, NEAR_LIMIT_MS));
      await shared?.set(key, json, ttlMs);
    },
    async delete(key) {
      near.delete(key);
      await shared?.delete(key);
    },
    healthy: () => shared?.healthy() ?? false,
    async close() {
      await shared?.close();
    },
  };
}

/** How long a value may live on here beside a shared store: another process may change it, and nobody tells us. */
const NEAR_LIMIT_MS = 5000;

/** What somebody else wrote under our key is a miss. */
function parsed(json: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(json) };
  } catch {
    return undefined;
  }
}

/** A map keeps insertion order, so its first key is the least recently used once every hit is inserted anew. */
function nearLayer(entries: number, now: () => number) {
  const map = new Map<string, { json: string; until: number }>();
  return {
    get(key: string): { json: string } | undefined {
      const entry = map.get(key);
      if (entry === undefined) return undefined;
      map.delete(key);
      if (entry.until <= now()) return undefined;
      map.set(key, entry);
      return entry;
    },
    set(key: string, json: string, ttlMs: number): void {
      map.delete(key);
      map.set(key, { json, until: now() + ttlMs });
      const oldest = map.keys().next();
      if (map.size > entries && !oldest.done) map.delete(oldest.value);
    },
    delete: (key: string): boolean => map.delete(key),
  };
}

function sharedLayer(redisUrl: string, log: Log, now: () => number) {
  const { guarded, healthy, close } = createGuardedRedis({ redisUrl, tell: log, now });
  return {
    get: async (key: string): Promise<string | undefined> => (await guarded((redis) => redis.get(key))) ?? undefined,
    set: (key: string, json: string, ttlMs: number) =>
      guarded((redis) => redis.set(key, json, 'PX', Math.max(1, Math.round(ttlMs)))),
    delete: (key: string) => guarded((redis) => redis.del(key)),
    healthy,
    close,
  };
}
