import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import pg from 'pg';
import { messageOf } from '../../sandbox/services/errors.ts';
import { startPostgres } from '../../sandbox/services/postgres.ts';
import { startRedis } from '../../sandbox/services/redis.ts';
import { startTemporal } from '../../sandbox/services/temporal.ts';
import { startWorld, stopHome } from '../../sandbox/services/world.ts';
import type { World } from '../../sandbox/services/world.ts';
import { identify, until } from '../../sandbox/services/process.ts';
import { testCache } from '../support/world.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const vendorEntry = join(root, 'test', 'support', 'idle-vendor', 'main.ts');
const elsewhere = /^(DATABASE_URL|REDIS_URL|TEMPORAL_)/;
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !elsewhere.test(name)));
const searchAttributes = { LocationId: 'Keyword' };

let home: string;
let lines: string[];
const options = () => ({ home, cache: testCache(), env, progress: (line: string) => void lines.push(line) });
const worldOptions = () => ({
  ...options(),
  searchAttributes,
  vendors: [{ name: 'idle', entry: vendorEntry, root }],
});

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'leadwright-services-'));
  // As a home folder is: open to pass through, so that Postgres' own user gets to its data when this runs as root.
  await chmod(home, 0o755);
  lines = [];
});

afterEach(async () => {
  await stopHome(home);
  await rm(home, { recursive: true, force: true });
});

describe('a local world whose parent is killed', () => {
  it('is reused by the next start, with everything that was written', async () => {
    const { parent, told } = await startInParent();
    await sql(told.postgres.url, 'CREATE TABLE kept (word text)', "INSERT INTO kept VALUES ('here')");
    await kill(parent);

    const world = await startWorld(worldOptions());
    expect(pidsOf(world)).toEqual(pidsOf(told));
    expect(world.postgres.reused && world.temporal.reused && world.vendors.idle?.reused).toBe(true);
    expect(await sql(world.postgres.url, 'SELECT word FROM kept')).toEqual([{ word: 'here' }]);

    await world.stop();
    expect(await alive(pidsOf(world))).toEqual([]);
  });

  it('starts again from its data when the servers were killed too', async () => {
    const { parent, told } = await startInParent();
    await sql(told.postgres.url, 'CREATE TABLE kept (word text)', "INSERT INTO kept VALUES ('here')");
    await kill(parent);
    for (const pid of pidsOf(told)) process.kill(pid, 'SIGKILL');
    await until(async () => (await alive(pidsOf(told))).length === 0, 120_000);

    const world = await startWorld(worldOptions());
    expect(pidsOf(world).some((pid) => pidsOf(told).includes(pid))).toBe(false);
    expect(world.postgres.url).toBe(told.postgres.url);
    expect(await sql(world.postgres.url, 'SELECT word FROM kept')).toEqual([{ word: 'here' }]);
    expect(await (await fetch(`${world.vendors.idle?.url}/_sandbox/state`)).json()).toEqual({ starts: 2 });
    await world.stop();
  });

  it('refuses a second owner of the home folder while the first lives, and says who it is', async () => {
    const { parent, told } = await startInParent();
    await expect(startWorld(worldOptions())).rejects.toThrow(String(parent.pid));
    expect(await alive(pidsOf(told))).toEqual(pidsOf(told));
    await kill(parent);
  });
});

describe('local Postgres', () => {
  it('commits to disk, speaks UTF-8, wants its password and keeps statistics of statements', async () => {
    const { url } = await startPostgres(options());
    const [settings] = await sql(
      url,
      `SELECT current_setting('fsync') fsync, current_setting('server_encoding') encoding,
       current_setting('shared_preload_libraries') libraries, current_setting('listen_addresses') addresses`,
    );
    expect(settings).toEqual({
      fsync: 'on',
      encoding: 'UTF8',
      libraries: 'pg_stat_statements',
      addresses: '127.0.0.1',
    });
    const wrong = new URL(url);
    wrong.password = 'guess';
    await expect(sql(wrong.href, 'SELECT 1')).rejects.toThrow(/password/);
  });

  it('is one server when two ask for it at once', async () => {
    const [one, other] = await Promise.all([startPostgres(options()), startPostgres(options())]);
    expect(one.pid).toBe(other.pid);
    expect([one.reused, other.reused].sort()).toEqual([false, true]);
  });

  it('is taken over when it runs and its record is lost', async () => {
    const first = await startPostgres(options());
    await rm(join(home, 'services', 'postgres', 'server.json'));
    const second = await startPostgres(options());
    expect([second.pid, second.url, second.reused]).toEqual([first.pid, first.url, true]);
  });

  it('is not held up by the pid file of a dead server whose number now belongs to another process', async () => {
    const first = await startPostgres(options());
    process.kill(first.pid as number, 'SIGKILL');
    await until(async () => (await alive([first.pid as number])).length === 0, 120_000);
    const file = join(home, 'services', 'postgres', 'data', 'postmaster.pid');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/^\d+/, String(process.pid)));
    const second = await startPostgres(options());
    expect(await sql(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('refuses data of another major version by naming both', async () => {
    const data = join(home, 'services', 'postgres', 'data');
    await mkdir(data, { recursive: true });
    await writeFile(join(data, 'PG_VERSION'), '9\n');
    await expect(startPostgres(options())).rejects.toThrow(/written by Postgres 9; this machine has .*18/);
  });

  it('takes the port it is given, and refuses one that is taken', async () => {
    const first = await startPostgres(options());
    const taken = Number(new URL(first.url).port);
    const other = { ...options(), home: join(home, 'other'), port: taken };
    await expect(startPostgres(other)).rejects.toThrow(`Port ${taken}`);
  });
});

describe('servers that are named', () => {
  it('are not replaced by local ones when they do not answer, and no password is shown', async () => {
    const nobody = '127.0.0.1:1';
    const named = { ...env, DATABASE_URL: `postgres://u:secret@${nobody}/x`, REDIS_URL: `redis://u:secret@${nobody}` };
    for (const starting of [
      startPostgres({ ...options(), env: named }),
      startRedis({ ...options(), env: named }),
      startTemporal({ ...options(), env: { ...env, TEMPORAL_ADDRESS: nobody }, searchAttributes }),
    ]) {
      const message = await starting.then(String, (error: unknown) => messageOf(error));
      expect(message).toContain(nobody);
      expect(message).toContain('Ways out');
      expect(message).not.toContain('secret');
    }
  });

  it('are used when they answer', async () => {
    const local = await startPostgres(options());
    const named = await startPostgres({
      ...options(),
      home: join(home, 'none'),
      env: { ...env, DATABASE_URL: local.url },
    });
    expect(named.kind).toBe('DATABASE_URL');
    expect(named.pid).toBeUndefined();
    await named.stop();
    expect(await sql(local.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('local Redis', () => {
  it('is none, with the reason, on a machine without one and without a way to fetch it', async () => {
    const bare = { ...options(), cache: join(home, 'cache'), env: { PATH: '' } };
    await mkdir(bare.cache);
    const redis = await startRedis(bare);
    expect(redis).toMatchObject({ kind: 'none', reason: expect.stringContaining('Debian') });
  });

  it('is a bounded cache that writes nothing down', async () => {
    const started = await startRedis(options());
    if (!('url' in started)) throw new Error(`this test needs Redis: ${started.reason}`);
    const redis = new Redis(started.url);
    try {
      const wanted = ['maxmemory', 'maxmemory-policy', 'save', 'appendonly'];
      const config = Object.fromEntries(
        await Promise.all(wanted.map(async (name) => (await redis.config('GET', name)).slice(0, 2))),
      ) as Record<string, string>;
      expect(config).toEqual({
        maxmemory: String(256 * 1024 * 1024),
        'maxmemory-policy': 'allkeys-lfu',
        save: '',
        appendonly: 'no',
      });
    } finally {
      redis.disconnect();
    }
  });
});

describe('local Temporal', () => {
  it('is started anew when it was left with other settings, and knows its search attributes after every restart', async () => {
    const slow = { 'history.transferProcessorMaxPollRPS': undefined, 'history.timerProcessorMaxPollRPS': undefined };
    const first = await startTemporal({ ...options(), searchAttributes, dynamicConfig: slow });
    const second = await startTemporal({ ...options(), searchAttributes });
    expect(second.reused).toBe(false);
    expect(await alive([first.pid as number])).toEqual([]);
    expect(second.address).toBe(first.address);
    const third = await startTemporal({ ...options(), searchAttributes: { ...searchAttributes, Paused: 'Bool' } });
    // The web page's server finds its way to the new process a moment later than others do.
    let known: string[] = [];
    await until(async () => (known = await searchAttributesBy(third.uiUrl)).length > 0, 120_000);
    expect(known.sort()).toEqual(['LocationId', 'Paused']);
  });
});

async function searchAttributesBy(uiUrl: string | undefined): Promise<string[]> {
  const page = await fetch(`${uiUrl}/api/v1/namespaces/default/search-attributes`);
  const body = (await page.json()) as { customAttributes?: Record<string, string> };
  return Object.keys(body.customAttributes ?? {});
}

type Told = Pick<World, 'postgres' | 'redis' | 'temporal' | 'vendors'>;

/** Starts a world in a process of its own and waits until that says it is ready. */
async function startInParent(): Promise<{ parent: ChildProcess; told: Told }> {
  const script = join(root, 'test', 'support', 'world-parent.ts');
  const parent = spawn(process.execPath, ['--import', 'tsx', script, home, root, vendorEntry], {
    cwd: root,
    env: { ...env, WORLD_ENV: JSON.stringify(env) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  parent.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  parent.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  await until(async () => output.includes('\n') || parent.exitCode !== null, 280_000);
  if (!output.includes('\n')) throw new Error(`the parent did not get ready: ${errors}`);
  return { parent, told: JSON.parse(output) as Told };
}

async function kill(parent: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => parent.once('exit', resolve));
  parent.kill('SIGKILL');
  await gone;
}

function pidsOf({ postgres, redis, temporal, vendors }: Told): number[] {
  const servers = [postgres, redis, temporal, ...Object.values(vendors)];
  return servers.flatMap((server) => ('pid' in server && server.pid !== undefined ? [server.pid] : []));
}

async function alive(pids: number[]): Promise<number[]> {
  const found = await Promise.all(pids.map(async (pid) => ((await identify(pid)) ? [pid] : [])));
  return found.flat();
}

async function sql(connectionString: string, ...statements: string[]): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    let rows: unknown[] = [];
    for (const statement of statements) rows = (await client.query(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}
