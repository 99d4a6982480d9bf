import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { startRedis } from '../../sandbox/services/redis.ts';
import { freePort } from '../../sandbox/services/port.ts';
import { testCache } from '../support/world.ts';

/** A Redis that nobody else uses, with nothing on a disk, no bound on its memory, and the settings that buckets need. */
export interface BenchRedis {
  readonly url: string;
  readonly version: string;
  /**
   * Allocated by the server once it has come to rest and its tables are no longer moved, without the buffers of its clients, which come and go,
   * and the scripts that it knows, which are as many whatever is stored.
   */
  usedMemory(): Promise<number>;
  /** Processor time of the server so far, microseconds. */
  processorMicros(): Promise<number>;
  /** Mean of `MEMORY USAGE` over up to so many keys, and how many keys there are. */
  sampledUsage(keys: number): Promise<{ readonly bytes: number; readonly keys: number; readonly sampled: number }>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Looks at the memory until so many in a row agree to this many bytes. */
const CALM = { looks: 4, everyMs: 150, within: 512, atMost: 100 } as const;

export async function openBenchRedis(say: (line: string) => void): Promise<BenchRedis> {
  const home = mkdtempSync(join(tmpdir(), 'leadwright-bench-cache-'));
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'REDIS_URL'));
  const service = await startRedis({ home, cache: testCache(), env, port: await freePort(), progress: say });
  if (!('url' in service)) throw new Error(`The bench of the cache needs a Redis: ${service.reason}`);
  const admin = new Redis(service.url);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= (async () => {
      admin.disconnect();
      await service.stop();
      rmSync(home, { recursive: true, force: true });
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    })();
    return closing;
  };
  const interrupted = (): void => void close().finally(() => process.exit(1));
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);

  const section = async (name: string): Promise<ReadonlyMap<string, string>> => {
    const lines = (await admin.info(name)).split('\r\n').filter((line) => line.includes(':'));
    return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
  };
  const figures = async (name: string): Promise<(figure: string) => number> => {
    const told = await section(name);
    return (figure) => {
      if (!told.has(figure)) throw new Error(`Redis tells no ${figure}.`);
      return Number(told.get(figure));
    };
  };

  try {
    await admin.config('SET', 'maxmemory', '0');
    // A histogram for each command that was ever used is memory of the server, and none of the values.
    await admin.config('SET', 'latency-tracking', 'no');
    // Buckets are told to be packs as long as their values may be; nothing else here is a hash.
    await admin.config('SET', 'hash-max-listpack-value', '1024');
    const version = (await section('server')).get('redis_version') ?? 'unknown';
    return {
      ...{ url: service.url, version, close },
      async usedMemory() {
        const seen: number[] = [];
        for (let look = 0; look < CALM.atMost; look += 1) {
          const of = await figures('memory');
          seen.push(of('used_memory') - of('mem_clients_normal') - of('used_memory_scripts'));
          const last = seen.slice(-CALM.looks);
          if (last.length === CALM.looks && Math.max(...last) - Math.min(...last) <= CALM.within) return last.at(-1)!;
          await sleep(CALM.everyMs);
        }
        throw new Error(`The server's memory does not come to rest: ${seen.slice(-5).join(', ')}.`);
      },
      async processorMicros() {
        const of = await figures('cpu');
        return (of('used_cpu_user') + of('used_cpu_sys')) * 1e6;
      },
      async sampledUsage(most) {
        const keys = await admin.dbsize();
        const sample = new Set<string>();
        const asked = Math.min(most, keys);
        for (let tries = 0; sample.size < asked && tries < 20; tries += 1) {
          const names = admin.pipeline();
          for (let at = 0; at < asked; at += 1) names.randomkey();
          for (const [, name] of (await names.exec()) ?? []) if (sample.size < asked) sample.add(String(name));
        }
        const usages = admin.pipeline();
        for (const key of sample) usages.memory('USAGE', key, 'SAMPLES', 0);
        const sum = ((await usages.exec()) ?? []).reduce((total, [, bytes]) => total + Number(bytes), 0);
        return { bytes: sum / sample.size, keys, sampled: sample.size };
      },
      async clear() {
        await admin.flushall('SYNC');
        await admin.script('FLUSH', 'SYNC');
        await admin.memory('PURGE');
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
