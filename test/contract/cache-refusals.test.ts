import { afterEach, describe, expect, it } from '@jest/globals';
import { readingLoad } from '../support/cache-load.ts';
import { type OwnRedis, ownRedis } from '../support/cache-redis.ts';
import { cacheWorld, settled } from '../support/cache-world.ts';
import { until } from '../support/until.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Refusal {
  readonly why: string;
  readonly settings: readonly string[];
  begin(redis: OwnRedis): Promise<unknown>;
  end(redis: OwnRedis): Promise<unknown>;
  readonly says: RegExp;
}

const refusals: readonly Refusal[] = [
  {
    why: 'is read-only',
    settings: [],
    begin: ({ admin }) => admin.replicaof('127.0.0.1', 1),
    end: ({ admin }) => admin.replicaof('NO', 'ONE'),
    says: /^READONLY/,
  },
  {
    why: 'is full',
    settings: ['--maxmemory-policy', 'noeviction'],
    begin: ({ admin }) => admin.config('SET', 'maxmemory', '1mb'),
    end: ({ admin }) => admin.config('SET', 'maxmemory', '0'),
    says: /^OOM/,
  },
  {
    why: 'cannot write to its disk',
    settings: ['--dir', '/proc'],
    async begin({ admin }) {
      await admin.config('SET', 'save', '3600 1');
      await admin.bgsave();
      await until(async () => (await admin.info('persistence')).includes('rdb_last_bgsave_status:err'));
    },
    end: ({ admin }) => admin.config('SET', 'save', ''),
    says: /^MISCONF/,
  },
];

describe.each(refusals)('a Redis that $why', ({ settings, begin, end, says }) => {
  it('is still read, and gives nothing that was changed since', async () => {
    const redis = await ownRedis(settings);
    closing.push(redis.close);
    const world = cacheWorld(redis.url);
    closing.push(world.close);
    const [one, other] = [await world.cache(), await world.cache()];
    const key = (id: string) => ({ location: 'L', id });
    for (const kind of ['note', 'small']) {
      await one.set({ location: 'K', id: 'kept' }, 'old kept', { kind });
      for (const id of ['deleted', 'replaced', 'tagged']) {
        await one.set(key(id), `old ${id}`, { kind, ...(id === 'tagged' && { tags: ['t'] }) });
      }
    }
    await begin(redis);
    await expect(redis.admin.set('any', 'x'.repeat(2_000_000))).rejects.toThrow(says);

    for (const kind of ['note', 'small']) {
      await one.delete(key('deleted'), { kind });
      await one.set(key('replaced'), 'new', { kind });
    }
    await one.invalidateTags('L', ['t']);
    await settled(one, other);
    for (const kind of ['note', 'small']) {
      for (const cache of [one, other]) {
        expect(await cache.get(key('deleted'), { kind })).toBeUndefined();
        expect(await cache.get(key('tagged'), { kind })).toBeUndefined();
        expect(await cache.wrap({ location: 'K', id: 'kept' }, { kind }, async () => 'loaded')).toBe('old kept');
        expect(await cache.wrap(key('new'), { kind }, async () => 'loaded')).toBe('loaded');
      }
      expect(await one.get(key('replaced'), { kind })).toBe('new');
      expect(await other.get(key('replaced'), { kind })).toBeUndefined();
    }
    expect([one.healthy(), other.healthy()]).toEqual([true, true]);

    await end(redis);
    await until(() => one.stats().owed + other.stats().owed === 0);
    await one.set(key('deleted'), 'again', { kind: 'note' });
    expect(await other.get(key('deleted'), { kind: 'note' })).toBe('again');
  });

  it('costs no answer under load', async () => {
    const redis = await ownRedis(settings);
    closing.push(redis.close);
    const world = cacheWorld(redis.url);
    closing.push(world.close);
    const caches = [await world.cache(), await world.cache()];
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const load = readingLoad(caches, ids);
    const changing = async (times: number): Promise<void> => {
      for (let turn = 0; turn < times; turn += 1) await load.change(caches[turn % 2]!, ids[(turn * 3) % ids.length]!);
    };
    await changing(20);
    await begin(redis);
    await changing(40);
    await end(redis);
    await changing(20);
    await until(() => caches.every((cache) => cache.stats().owed === 0));
    await settled(...caches);
    await load.stop();
    expect(load.wrong).toEqual([]);
    for (const [got, truth] of await load.compare()) expect(got).toBe(truth);
  });
});
