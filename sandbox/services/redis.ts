import { join } from 'node:path';
import { ensureServer, stopServer } from './daemon.ts';
import { messageOf, serviceError } from './errors.ts';
import type { ServiceOptions } from './postgres.ts';
import { redisAnswers } from './probe.ts';
import type { Ending } from './process.ts';
import { findRedis } from './redis-programs.ts';

export type RedisService =
  | {
      /** Which source was taken, for the banner: `REDIS_URL`, `system`, `cache`, `debian package`. */
      readonly kind: string;
      readonly url: string;
      /** Absent when it is not ours. */
      readonly pid?: number;
      readonly reused: boolean;
      stop(): Promise<void>;
    }
  /** The product works without: an in-process cache takes its place. To be said loudly. */
  | { readonly kind: 'none'; readonly reason: string; stop(): Promise<void> };

/** It holds nothing that is not elsewhere, so it is ended without writing anything down. */
const ENDING: Ending = [
  ['SIGTERM', 5_000],
  ['SIGKILL', 5_000],
];

/** A cache, nothing else: no files, a bound on memory, the least used go first. */
const SETTINGS = [
  ...['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
  ...['--maxmemory', '256mb', '--maxmemory-policy', 'allkeys-lfu', '--daemonize', 'no'],
  // Small values share hashes, which stay compact up to this. The older name is known to every version.
  ...['--hash-max-ziplist-value', '1024'],
] as const;

/**
 * A Redis (or Valkey) that answers, or `none` with the reason when no local one can be had: nothing but speed depends on it.
 * @throws when `REDIS_URL` is given but nothing answers there: what was asked for by name must not be left out quietly
 */
export async function startRedis(options: ServiceOptions): Promise<RedisService> {
  const external = options.env.REDIS_URL;
  if (external) return useExternal(external);
  try {
    return await startLocal(options);
  } catch (error) {
    return { kind: 'none', reason: messageOf(error), stop: async () => undefined };
  }
}

async function startLocal(options: ServiceOptions): Promise<RedisService> {
  const found = await findRedis(options);
  const folder = redisFolder(options.home);
  const server = await ensureServer({
    name: 'redis',
    folder,
    kind: found.kind,
    fingerprint: JSON.stringify([found.program, SETTINGS]),
    ports: { redis: options.port },
    launch: (ports) => ({
      command: found.program,
      args: ['--port', String(ports.redis), ...SETTINGS],
      env: { ...options.env, ...found.env },
      cwd: folder,
    }),
    answers: (ports) => redisAnswers(`redis://127.0.0.1:${ports.redis}`),
    readyWithinMs: 60_000,
    ending: ENDING,
    progress: options.progress,
  });
  const url = `redis://127.0.0.1:${server.ports.redis}`;
  return { kind: found.kind, url, pid: server.pid, reused: server.reused, stop: server.stop };
}

/** Ends the Redis of a home folder, whoever started it. */
export async function stopRedis(home: string): Promise<void> {
  await stopServer(redisFolder(home), ENDING);
}

async function useExternal(url: string): Promise<RedisService> {
  if (!(await redisAnswers(url))) {
    throw serviceError(`REDIS_URL names ${new URL(url).host}, where no Redis answers.`, [
      'start that server, or correct REDIS_URL',
      'unset REDIS_URL: a local server is started then, or the in-process cache used',
    ]);
  }
  return { kind: 'REDIS_URL', url, reused: true, stop: async () => undefined };
}

const redisFolder = (home: string) => join(home, 'services', 'redis');
