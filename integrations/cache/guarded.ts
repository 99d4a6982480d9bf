import { type ChainableCommander, Redis } from 'ioredis';
import { type ScriptName, SCRIPTS, scriptText } from './scripts.ts';
import { type Tell, toTell } from './tell.ts';

/**
 * A connection whose absence costs little: a time limit per command and no queue while it is away; after three failures in a row it is
 * left alone for a while. No error reaches a caller. A server that answers that it will not (read-only, full) is there all the same.
 */
export interface GuardedRedis {
  /** `undefined` where there was no answer. */
  guarded<T>(command: (redis: Redis) => Promise<T>): Promise<T | undefined>;
  /** The answers of commands that are sent at once, each a value or why it was refused; `undefined` where there was no answer. */
  batch(fill: (batch: Batch) => void): Promise<readonly Reply[] | undefined>;
  healthy(): boolean;
  /** Told whenever a connection begins, before any command of others is sent. */
  onReady(listener: () => void): void;
  close(): Promise<void>;
}

export type Reply = { readonly value: unknown } | { readonly refused: string };

export interface Batch {
  mget(names: readonly string[]): void;
  script(name: ScriptName, args: readonly (string | number | Buffer)[]): void;
}

/** What a server says while it cannot be asked for anything. */
const AWAY = /^(LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|NOAUTH|TRYAGAIN)/;

/** What a command of many adds to the time they have. */
const EACH_MS = 2;

/** After a failover the name may lead to another server, which only a new connection finds. */
const RECONNECT_EVERY_MS = 10_000;

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
  limitMs?: number | undefined;
}): GuardedRedis {
  let patientSince: number | undefined;
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    enableOfflineQueue: false,
    connectTimeout: 1000,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 200, 5000),
    reconnectOnError(error) {
      if (!error.message.startsWith('READONLY')) return false;
      patientSince ??= now();
      if (now() < patientSince + RECONNECT_EVERY_MS) return false;
      patientSince = now();
      return true;
    },
  });
  for (const name of Object.keys(SCRIPTS) as ScriptName[]) {
    redis.defineCommand(name, { lua: scriptText(name), numberOfKeys: 0 });
  }
  const breaker = createBreaker(tell, now);
  // Without a listener the client would print each failed connection itself.
  redis.on('error', (error) => tell.debug({ err: toTell(error) }, 'redis connection'));
  redis.connect().catch((error: unknown) => breaker.failed(error));

  async function within<T>(ms: number, command: (redis: Redis) => Promise<T>): Promise<T | undefined> {
    if (redis.status !== 'ready' || !breaker.closed()) return undefined;
    try {
      const answer = await inTime(command(redis), ms);
      breaker.worked();
      return answer;
    } catch (error) {
      if (isRefusal(error)) breaker.worked();
      else breaker.failed(error);
      return undefined;
    }
  }

  return {
    guarded: (command) => within(limitMs, command),
    batch(fill) {
      const pipeline = redis.pipeline();
      fill(batchOf(pipeline));
      return within(limitMs + pipeline.length * EACH_MS, async () => {
        const answers = (await pipeline.exec()) ?? [];
        return answers.map(([error, value]): Reply => {
          if (error === null) return { value };
          if (!isRefusal(error)) throw error;
          return { refused: error.message };
        });
      });
    },
    healthy: () => redis.status === 'ready' && breaker.closed(),
    onReady(listener) {
      redis.on('ready', listener);
    },
    close: () => {
      redis.disconnect();
      return Promise.resolve();
    },
  };
}

function batchOf(pipeline: ChainableCommander): Batch {
  const scripts = pipeline as unknown as Record<`${ScriptName}Buffer`, (...args: readonly unknown[]) => unknown>;
  return {
    mget: (names) => void pipeline.mgetBuffer([...names]),
    script: (name, args) => void scripts[`${name}Buffer`](...args),
  };
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError' && !AWAY.test(error.message);
}

/**
 * A process that was busy for longer than the limit finds the time over and the answer there at once: what has come in is looked at before
 * anybody is said to be late.
 */
async function inTime<T>(answer: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => setImmediate(() => setImmediate(() => reject(new Error('redis was too slow')))), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
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
      // It was asked before the others failed: one stall is one failure, however many wait for it.
      if (now() < openUntil) return;
      failures += 1;
      if (failures < 3) return;
      openUntil = now() + Math.min(1000 * 2 ** (failures - 3), 30_000);
      if (failures === 3) tell.warn({ err: toTell(error) }, 'redis does not answer; this process goes on alone');
    },
  };
}
