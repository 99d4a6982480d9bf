import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { sizeClass } from '../../domain/cache/size-class.ts';
import type { GuardedRedis } from './guarded.ts';
import type { Found, Recoder } from './recoder.ts';
import { type Tell, toTell } from './tell.ts';

/** Where values lie and how they are replaced there, for whoever knows the layout. `undefined`, and false, where there was no answer. */
export interface StoredValues {
  /** @param cursor  '0' to begin, and again at the end */
  next(cursor: string): Promise<{ readonly cursor: string; readonly found: readonly Found[] } | undefined>;
  /** In one step, and only if it is still what was found; how long it stands stays as it is. */
  replace(found: Found, by: Buffer): Promise<boolean>;
}

export interface ReencodeCounts {
  readonly values: number;
  /** As strings. */
  readonly bytesWon: number;
  /** As the allocator of the server rounds them. */
  readonly memoryWon: number;
}

/** Values that stay are stored anew, by a level that would be too slow for whoever waits. */
export interface Reencoding {
  counts(): ReencodeCounts;
  /** One pass over everything, now. False where another process is about it, or there was no answer. */
  pass(): Promise<boolean>;
  close(): Promise<void>;
}

const PASS_EVERY_MS = 10 * 60_000;
/** Held by the one process that is about it, and longer than it takes between two signs of life. */
const LEASE = 'lw:d:!';
const LEASE_MS = 60_000;
const PER_SECOND = 50;

const EXTEND = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`;
const RELEASE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`;

/** @param perSecond  how many values it replaces at most */
export function createReencoding({
  redis,
  stored,
  recoder,
  tell,
  perSecond = PER_SECOND,
  everyMs = PASS_EVERY_MS,
}: {
  redis: GuardedRedis;
  stored: StoredValues;
  recoder: Recoder;
  tell: Tell;
  perSecond?: number;
  everyMs?: number;
}): Reencoding {
  const counts = { values: 0, bytesWon: 0, memoryWon: 0 };
  const ending = new AbortController();
  let running: Promise<boolean> | undefined;

  async function replaceAll(found: readonly Found[]): Promise<number> {
    const anew = await recoder.recode(found);
    let replaced = 0;
    for (const [at, by] of anew.entries()) {
      const was = found[at]!;
      if (by === undefined || ending.signal.aborted || !(await stored.replace(was, by))) continue;
      replaced += 1;
      counts.values += 1;
      counts.bytesWon += was.stored.length - by.length;
      counts.memoryWon += sizeClass(was.stored.length) - sizeClass(by.length);
    }
    return replaced;
  }

  async function whole(token: string): Promise<boolean> {
    let cursor = '0';
    do {
      const part = await stored.next(cursor);
      if (part === undefined) return false;
      cursor = part.cursor;
      const began = performance.now();
      const replaced = part.found.length === 0 ? 0 : await replaceAll(part.found);
      const kept = await redis.guarded((connection) => connection.eval(EXTEND, 1, LEASE, token, LEASE_MS));
      if (kept !== 1) return false;
      // A part without work costs a look; one with work is paid for in time.
      const restMs = Math.max(PAUSE_MS, (replaced / perSecond) * 1000 - (performance.now() - began));
      await pause(restMs, undefined, { signal: ending.signal, ref: false });
    } while (cursor !== '0');
    return true;
  }

  async function pass(): Promise<boolean> {
    const token = randomBytes(9).toString('base64url');
    const ours = await redis.guarded((connection) => connection.set(LEASE, token, 'PX', LEASE_MS, 'NX'));
    if (ours !== 'OK') return false;
    try {
      return await whole(token);
    } catch (error) {
      if (!ending.signal.aborted) tell.debug({ err: toTell(error) }, 'values could not be stored anew');
      return false;
    } finally {
      await redis.guarded((connection) => connection.eval(RELEASE, 1, LEASE, token));
    }
  }

  const once = (): Promise<boolean> => (running ??= pass().finally(() => (running = undefined)));
  const timer = setInterval(() => void once(), everyMs);
  timer.unref();

  return {
    counts: () => ({ ...counts }),
    pass: once,
    async close() {
      clearInterval(timer);
      ending.abort();
      await running;
    },
  };
}

/** Between two looks. */
const PAUSE_MS = 20;
