import type { Cache, Keep, Key } from '../../domain/cache/cache.ts';

/**
 * In SQL, the state that a value is in. The transaction that last wrote a row (`xmin`) tells the row's states apart. A database that was
 * restored from a backup counts on from there and may come to the same numbers again; that it was restored is written down before anything
 * is done in it.
 */
export const versionOf = (...states: string[]): string =>
  `concat_ws(' ', ${states.join(', ')}, (select max(id) from restores))`;

/** A value as it was read before, if it was. */
export interface Recalled<T> {
  /** The state in which it is known; null: it is not. */
  readonly known: string | null;
  /**
   * What it is, once the database has said in which state: as known, or what was read now, which then is kept.
   * @param version  of two states that differ never the same
   * @param read     what was read now; looked at only where the version is not the known one
   */
  now(version: string, read: () => T): Promise<T>;
}

/**
 * For values that the database is asked for each time, but gives out only where they are not as they were read before: exact as any read, and
 * cheaper where they are large. No invalidation is needed, so none can be lost.
 */
export async function recall<T>(cache: Pick<Cache, 'get' | 'set'>, key: Key, keep: Keep): Promise<Recalled<T>> {
  const kept = await cache.get<{ readonly version: string; readonly value: T }>(key, keep);
  return {
    known: kept?.version ?? null,
    async now(version, read) {
      if (kept?.version === version) return kept.value;
      const value = read();
      await cache.set(key, { version, value }, keep);
      return value;
    },
  };
}
