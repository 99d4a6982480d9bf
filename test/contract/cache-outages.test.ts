import { afterEach, describe, expect, it } from '@jest/globals';
import type { RunningCache } from '../../integrations/cache/cache.ts';
import { type ReadingLoad, readingLoad } from '../support/cache-load.ts';
import { type OwnRedis, ownRedis } from '../support/cache-redis.ts';
import { cacheWorld } from '../support/cache-world.ts';
import { until } from '../support/until.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const ids = Array.from({ length: 20 }, (_, index) => `id-${index}`);

async function start(): Promise<{ redis: OwnRedis; caches: RunningCache[]; load: ReadingLoad }> {
  const redis = await ownRedis();
  closing.push(redis.close);
  const world = cacheWorld(redis.url);
  closing.push(world.close);
  // So soon one that hangs is left alone.
  const soon = { limitMs: 1000 };
  const caches = [await world.cache(soon), await world.cache(soon)];
  return { redis, caches, load: readingLoad(caches, ids) };
}

/** Changes now here, now there, as long as it takes to answer so many questions. */
async function changing(
  { caches, load }: { caches: RunningCache[]; load: ReadingLoad },
  questions: number,
): Promise<void> {
  const enough = load.asked() + questions;
  for (let turn = 0; load.asked() < enough; turn += 1) {
    await load.change(caches[turn % 2]!, ids[(turn * 7) % ids.length]!);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function agrees({ caches, load }: { caches: RunningCache[]; load: ReadingLoad }): Promise<void> {
  await until(() => caches.every((cache) => cache.healthy() && cache.stats().owed === 0));
  for (const cache of caches) await until(() => cache.caughtUp());
  await load.stop();
  expect(load.wrong).toEqual([]);
  for (const [got, truth] of await load.compare()) expect(got).toBe(truth);
}

describe('a Redis under load', () => {
  it('that is killed and comes back empty costs time and no answer', async () => {
    const all = await start();
    await changing(all, 200);
    await all.redis.kill();
    await changing(all, 200);
    await all.redis.start();
    await changing(all, 200);
    await agrees(all);
  });

  it('that is wiped again and again costs loads and no answer', async () => {
    const all = await start();
    for (let times = 0; times < 5; times += 1) {
      await changing(all, 60);
      await all.redis.admin.flushall();
    }
    await changing(all, 60);
    await agrees(all);
  });

  it('that hangs is left alone, and told afterwards what it did not hear', async () => {
    const all = await start();
    await changing(all, 200);
    await all.redis.hang();
    await changing(all, 200);
    await until(() => !all.caches[0]!.healthy());
    all.redis.goOn();
    await changing(all, 200);
    await agrees(all);
  });
});

it('a Redis that is not there yet is used once it is', async () => {
  const redis = await ownRedis();
  closing.push(redis.close);
  await redis.kill();
  const world = cacheWorld();
  closing.push(world.close);
  const [one, other] = [await world.cache({ redisUrl: redis.url }), await world.cache({ redisUrl: redis.url })];
  const key = { location: 'L', id: 'a' };
  const kind = 'note';
  expect(await one.wrap(key, { kind }, async () => 1)).toBe(1);
  await one.delete(key, { kind });
  expect(await one.wrap(key, { kind }, async () => 2)).toBe(2);
  await one.set(key, 3, { kind });
  expect(await one.get(key, { kind })).toBe(3);
  await redis.start();
  await until(() => one.healthy() && other.healthy() && one.stats().owed === 0);
  await one.set(key, 4, { kind });
  expect(await other.get(key, { kind })).toBe(4);
});
