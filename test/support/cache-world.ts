import type { Kind } from '../../domain/cache/cache.ts';
import { createCache, type RunningCache } from '../../integrations/cache/cache.ts';
import { createCodecs } from '../../integrations/cache/codecs.ts';
import type { Tell } from '../../integrations/cache/tell.ts';
import { until } from './until.ts';

/** One kind for each place. */
export const KINDS: readonly Kind[] = [
  { name: 'note', ttlMs: 60_000, place: 'key' },
  { name: 'small', ttlMs: 60_000, place: 'bucket' },
];

/** A server that shares its machine with others' tests is late, and not away. */
export const PATIENT_MS = 20_000;
/** A lock that outlasts a process which stands still for a while. */
export const LONG_LOCK_MS = 15_000;

export interface CacheWorld {
  /** A cache as another process would have it, once it hears the others; with a server of its own, at once. */
  cache(options?: Partial<Parameters<typeof createCache>[0]>): Promise<RunningCache>;
  /** What the caches found worth a warning. */
  readonly warnings: string[];
  close(): Promise<void>;
}

export function cacheWorld(redisUrl?: string): CacheWorld {
  const caches: RunningCache[] = [];
  const warnings: string[] = [];
  const tell: Tell = {
    debug: () => undefined,
    info: () => undefined,
    warn: (_, message) => void warnings.push(message),
  };
  return {
    warnings,
    async cache(options) {
      const cache = createCache({
        redisUrl,
        kinds: KINDS,
        codecs: await createCodecs(),
        tell,
        limitMs: PATIENT_MS,
        ...options,
      });
      caches.push(cache);
      const waits = redisUrl !== undefined && !('redisUrl' in (options ?? {}));
      if (waits) await until(() => cache.healthy() && cache.stats().messages.hears);
      return cache;
    },
    async close() {
      await Promise.all(caches.splice(0).map((cache) => cache.close()));
    },
  };
}

/** Nothing that one of them said is still on its way to the other. */
export async function settled(...caches: readonly RunningCache[]): Promise<void> {
  await Promise.all(caches.map((cache) => until(() => cache.caughtUp())));
}

/** A loader that counts its calls and answers when it is told to. */
export function slowLoader<T>(value: T): {
  readonly load: () => Promise<T>;
  readonly calls: () => number;
  finish(): void;
  fail(error: Error): void;
} {
  let calls = 0;
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const answer = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  answer.catch(() => undefined);
  return {
    load: () => {
      calls += 1;
      return answer;
    },
    calls: () => calls,
    finish: () => resolve(value),
    fail: reject,
  };
}
