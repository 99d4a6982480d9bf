import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type OwnRedis, ownRedis } from '../support/cache-redis.ts';
import { cacheWorld, LONG_LOCK_MS } from '../support/cache-world.ts';
import { until } from '../support/until.ts';

let redis: OwnRedis;
beforeAll(async () => {
  redis = await ownRedis();
});
afterAll(() => redis.close());

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await redis.admin.flushall();
});

const file = fileURLToPath(new URL('../support/cache-child.ts', import.meta.url));

async function childOf(asks: {
  kind: string;
  id: string;
  times: number;
  loadMs?: number;
  lockMs?: number;
}): Promise<ChildProcess> {
  const child = fork(file, [JSON.stringify({ redisUrl: redis.url, ...asks })], { execArgv: ['--import', 'tsx'] });
  children.push(child);
  expect(await once(child, 'message')).toEqual(['ready', undefined]);
  return child;
}

async function answersOf(child: ChildProcess): Promise<string[]> {
  const [{ answers }] = (await once(child, 'message')) as [{ answers: string[] }];
  return answers;
}

const loads = async (): Promise<number> => Number(await redis.admin.get('test:loads'));

describe('processes that miss at the same time', () => {
  it('load once for five hundred who ask in four of them', async () => {
    for (const kind of ['note', 'small']) {
      const asks = { kind, id: 'stampede', times: 125, loadMs: 300, lockMs: LONG_LOCK_MS };
      const four = await Promise.all(Array.from({ length: 4 }, () => childOf(asks)));
      const answers = four.map(answersOf);
      for (const child of four) child.send('go');
      const got = (await Promise.all(answers)).flat();
      expect(got).toHaveLength(500);
      expect(new Set(got)).toEqual(new Set(['load 1']));
      expect(await loads()).toBe(1);
      await redis.admin.flushall();
    }
  });

  it('load once though the loader takes longer than a lock lasts', async () => {
    const asks = { kind: 'note', id: 'slow', times: 5, loadMs: LONG_LOCK_MS + 5_000, lockMs: LONG_LOCK_MS };
    const two = await Promise.all([childOf(asks), childOf(asks)]);
    const answers = two.map(answersOf);
    for (const child of two) child.send('go');
    expect(new Set((await Promise.all(answers)).flat())).toEqual(new Set(['load 1']));
    expect(await loads()).toBe(1);
  });

  it('go on without the one who was killed while he loaded', async () => {
    const child = await childOf({ kind: 'note', id: 'killed', times: 1 });
    child.send('go');
    await until(async () => (await loads()) === 1);
    const world = cacheWorld(redis.url);
    try {
      const cache = await world.cache();
      const asked = cache.wrap({ location: 'L', id: 'killed' }, { kind: 'note' }, async () => 'by another');
      child.kill('SIGKILL');
      expect(await asked).toBe('by another');
      expect(await redis.admin.exists('lw:c:note:L:killed')).toBe(1);
    } finally {
      await world.close();
    }
  });
});

it('whoever waits too long for another loads himself, and keeps nothing that the other is about to store', async () => {
  const world = cacheWorld(redis.url);
  try {
    const [holder, waiter] = [await world.cache({ lockMs: LONG_LOCK_MS }), await world.cache({ waitMs: 200 })];
    const key = { location: 'L', id: 'endless' };
    let finish: (value: string) => void = () => undefined;
    const held = holder.wrap(key, { kind: 'note' }, () => new Promise<string>((resolve) => (finish = resolve)));
    await until(async () => (await redis.admin.exists('lw:c:!note:L:endless')) === 1);
    expect(await waiter.wrap(key, { kind: 'note' }, async () => 'alone')).toBe('alone');
    expect(await redis.admin.exists('lw:c:note:L:endless')).toBe(0);
    finish('stored');
    expect(await held).toBe('stored');
    expect(await redis.admin.exists('lw:c:note:L:endless')).toBe(1);
  } finally {
    await world.close();
  }
});

it('a load that never ends costs others its value for a while, and no longer', async () => {
  const world = cacheWorld(redis.url);
  try {
    const [stuck, other] = [await world.cache({ waitMs: 100 }), await world.cache({ waitMs: 100 })];
    const key = { location: 'L', id: 'stuck' };
    void stuck.wrap(key, { kind: 'note' }, () => new Promise<string>(() => undefined));
    await until(async () => (await redis.admin.exists('lw:c:!note:L:stuck')) === 1);
    await until(async () => (await redis.admin.exists('lw:c:!note:L:stuck')) === 0);
    expect(await other.wrap(key, { kind: 'note' }, async () => 'loaded')).toBe('loaded');
    expect(await redis.admin.exists('lw:c:note:L:stuck')).toBe(1);
  } finally {
    await world.close();
  }
});

it('a loader that asks for its own value waits for itself no longer than anybody may wait', async () => {
  const world = cacheWorld(redis.url);
  try {
    for (const cache of [await world.cache({ waitMs: 200 }), await world.cache({ waitMs: 200, redisUrl: undefined })]) {
      const key = { location: 'L', id: 'itself' };
      const inner = () => cache.wrap(key, { kind: 'note' }, async () => 'inner');
      expect(await cache.wrap(key, { kind: 'note' }, async () => `outer of ${await inner()}`)).toBe('outer of inner');
    }
  } finally {
    await world.close();
  }
});
