import { Redis } from 'ioredis';
import type { Tell } from './tell.ts';

/**
 * A connection whose absence costs little: a time limit per command and no queue while it is away; after three failures in a row it is
 * left alone for a while. No error reaches a caller.
 */
export interface GuardedRedis {
  /** `undefined` where there was no answer. */
  guarded<T>(command: (redis: Redis) => Promise<T>): Promise<T | undefined>;
  healthy(): boolean;
  close(): Promise<void>;
}

export function createGuardedRedis({
  redisUrl,
  tell,
  now = Date.now,
  limitMs = 50,
}: {
  redisUrl: string;
  tell: Tell;
  now?: () => number;
  /** Per command. */
  limitMs?: number;
}): GuardedRedis {
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    enableOfflineQueue: false,
    commandTimeout: limitMs,
    connectTimeout: 1000,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 200, 5000),
  });
  const breaker = createBreaker(tell, now);
  // Without a listener the client would print each failed connection itself.
  redis.on('error', (error) => tell.debug({ err: error }, 'redis connection'));
  redis.connect().catch((error: unknown) => breaker.failed(error));

  return {
    async guarded(command) {
      if (redis.status !== 'ready' || !breaker.closed()) return undefined;
      try {
        const answer = await command(redis);
        breaker.worked();
        return answer;
      } catch (error) {
        breaker.failed(error);
        return undefined;
      }
    },
    healthy: () => redis.status === 'ready' && breaker.closed(),
    close: () => {
      redis.disconnect();
      return Promise.resolve();
    },
  };
}

/** Opens after three failures in a row, for one second, then two, up to thirty. */
function createBreaker(tell: Tell, now: () => number) {
  let failures = 0;
  let openUntil = 0;
  return {
    closed: () => now() >= openUntil,
    worked(): void {
      if (failures >= 3) tell.info({}, 'redis answers again');
      failures = 0;
    },
    failed(error: unknown): void {
      failures += 1;
      if (failures < 3) return;
      openUntil = now() + Math.min(1000 * 2 ** (failures - 3), 30_000);
      if (failures === 3) tell.warn({ err: error }, 'redis does not answer; this process goes on alone');
    },
  };
}
