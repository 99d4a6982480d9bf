import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { freePort } from '../../sandbox/services/port.ts';
import { findRedis } from '../../sandbox/services/redis-programs.ts';
import { standStill } from './stand-still.ts';
import { testCache } from './world.ts';

/** A Redis of a test's own, which it may fill, stop and kill. */
export interface OwnRedis {
  readonly url: string;
  /** Another connection to it, for the test itself. */
  readonly admin: Redis;
  kill(): Promise<void>;
  /** Again on the same port, empty. */
  start(): Promise<void>;
  /** Takes connections and answers nothing. */
  hang(): Promise<void>;
  goOn(): void;
  close(): Promise<void>;
}

export async function ownRedis(settings: readonly string[] = []): Promise<OwnRedis> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'REDIS_URL'));
  const found = await findRedis({ home: '', cache: testCache(), env, progress: () => undefined });
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let server: ChildProcess | undefined;
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no'];
  // The older name is known to every version.
  const buckets = ['--hash-max-ziplist-value', '1024'];

  async function start(): Promise<void> {
    server = spawn(found.program, [...args, ...buckets, ...settings], { env: { ...env, ...found.env }, stdio: 'pipe' });
    const { stdout } = server;
    await new Promise<void>((resolve) => {
      let log = '';
      stdout!.on('data', (text) => {
        log = (log + String(text)).slice(-4096);
        if (/ready to accept connections/i.test(log)) resolve();
      });
    });
  }
  async function kill(): Promise<void> {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }

  await start();
  const admin = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  admin.on('error', () => undefined);
  return {
    ...{ url, admin, kill, start },
    hang: () => standStill(server!),
    goOn: () => server?.kill('SIGCONT'),
    async close() {
      admin.disconnect();
      await kill();
    },
  };
}
