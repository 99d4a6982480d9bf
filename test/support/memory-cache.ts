import type { Cache } from '../../domain/ports/cache.ts';

/** The cache port without a server; lifetimes are kept, for tests that ask. */
export function memoryCache(): Cache & { readonly lifetimes: ReadonlyMap<string, number> } {
  const values = new Map<string, string>();
  const lifetimes = new Map<string, number>();
  return {
    lifetimes,
    get: <T>(key: string) => {
      const text = values.get(key);
      return Promise.resolve(text === undefined ? undefined : (JSON.parse(text) as T));
    },
    set: (key, value, ttlMs) => {
      values.set(key, JSON.stringify(value));
      lifetimes.set(key, ttlMs);
      return Promise.resolve();
    },
    delete: (key) => {
      values.delete(key);
      return Promise.resolve();
    },
    healthy: () => true,
    close: () => Promise.resolve(),
  };
}
