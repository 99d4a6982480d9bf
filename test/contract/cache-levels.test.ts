import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RunningCache } from '../../integrations/cache/cache.ts';
import { type OwnRedis, ownRedis } from '../support/cache-redis.ts';
import { type CacheWorld, cacheWorld, LONG_LOCK_MS, settled, slowLoader } from '../support/cache-world.ts';
import { until } from '../support/until.ts';

let redis: OwnRedis;
let world: CacheWorld;
let one: RunningCache;
let other: RunningCache;

beforeAll(async () => {
  redis = await ownRedis();
  world = cacheWorld(redis.url);
  [one, other] = await Promise.all([world.cache({ lockMs: LONG_LOCK_MS }), world.cache({ lockMs: LONG_LOCK_MS })]);
});
afterAll(async () => {
  await world.close();
  await redis.close();
});
beforeEach(async () => {
  await one.invalidateTags('L', ['t', 'u']);
  await redis.admin.flushall();
});

const never = (): Promise<never> => Promise.reject(new Error('nobody should have loaded'));
let last = 0;
const newKey = () => ({ location: 'L', id: `id-${(last += 1)}` });

describe.each(['note', 'small'])('values of the kind %s', (kind) => {
  it('are read by another process as they were set, and by nobody once deleted', async () => {
    const key = newKey();
    const value = { name: 'a', list: [1, null, { deep: 'é' }], none: null };
    await one.set(key, value, { kind });
    expect(await other.get(key, { kind })).toEqual(value);
    await one.delete(key, { kind });
    await settled(other);
    expect(await other.get(key, { kind })).toBeUndefined();
    expect(await one.get(key, { kind })).toBeUndefined();
  });

  it('are replaced in the other process too', async () => {
    const key = newKey();
    await one.set(key, 1, { kind });
    expect(await other.get(key, { kind })).toBe(1);
    await one.set(key, 2, { kind });
    await settled(other);
    expect(await other.get(key, { kind })).toBe(2);
  });

  it('are loaded once for all who ask at the same time', async () => {
    const key = newKey();
    const loader = slowLoader({ n: 1 });
    const asked = Array.from({ length: 40 }, (_, index) => (index % 2 ? one : other).wrap(key, { kind }, loader.load));
    await until(() => loader.calls() > 0);
    loader.finish();
    expect(await Promise.all(asked)).toEqual(asked.map(() => ({ n: 1 })));
    expect(loader.calls()).toBe(1);
  });

  it('that somebody changed in his hands are given unchanged to the next', async () => {
    const key = newKey();
    const first = (await one.wrap(key, { kind }, async () => ({ list: [1] })))!;
    first.list.push(2);
    const second = (await one.get<{ list: number[] }>(key, { kind }))!;
    second.list.push(3);
    expect(await one.get(key, { kind })).toEqual({ list: [1] });
  });

  it('deleted or invalidated while they are loaded are given to who asked before, and not kept', async () => {
    for (const end of [
      (key: ReturnType<typeof newKey>) => one.delete(key, { kind }),
      (key: ReturnType<typeof newKey>) => other.delete(key, { kind }),
      () => one.invalidateTags('L', ['t']),
      () => other.invalidateTags('L', ['t']),
    ]) {
      const key = newKey();
      const loader = slowLoader('old');
      const asked = one.wrap(key, { kind, tags: ['t'] }, loader.load);
      await until(() => loader.calls() === 1);
      await end(key);
      await settled(one, other);
      const after = one.wrap(key, { kind, tags: ['t'] }, () => Promise.resolve('new'));
      loader.finish();
      expect(await asked).toBe('old');
      expect(await after).toBe('new');
      expect(await one.get(key, { kind })).toBe('new');
      expect(await other.get(key, { kind })).toBe('new');
    }
  });

  it('set while they are loaded stay as they were set', async () => {
    const key = newKey();
    const loader = slowLoader('loaded');
    const asked = one.wrap(key, { kind }, loader.load);
    await until(() => loader.calls() === 1);
    await other.set(key, 'set', { kind });
    loader.finish();
    expect(await asked).toBe('loaded');
    await settled(one, other);
    expect([await one.get(key, { kind }), await other.get(key, { kind })]).toEqual(['set', 'set']);
  });

  it('fail for all who asked where the loader fails, and are loaded anew by the next', async () => {
    const key = newKey();
    const loader = slowLoader(0);
    const asked = [one, one].map((cache) => cache.wrap(key, { kind }, loader.load));
    await until(() => loader.calls() === 1);
    const elsewhere = other.wrap(key, { kind }, () => Promise.resolve('by another'));
    loader.fail(new Error('no such service'));
    for (const answer of asked) await expect(answer).rejects.toThrow('no such service');
    expect(await elsewhere).toBe('by another');
    expect(await one.wrap(key, { kind }, never)).toBe('by another');
  });

  it('are given stale while one process loads them anew, and stay stale where that fails', async () => {
    const key = newKey();
    const keep = { kind, ttlMs: 1, staleMs: 60_000 };
    await one.set(key, 'old', keep);
    await pause(5);
    let calls = 0;
    const failing = (): Promise<string> => {
      calls += 1;
      return Promise.reject(new Error('down'));
    };
    expect(await one.wrap(key, keep, failing)).toBe('old');
    await until(() => calls === 1);
    expect(await other.wrap(key, keep, failing)).toBe('old');
    expect(await one.wrap(key, keep, failing)).toBe('old');
    expect(calls).toBe(1);
    expect(await one.get(key, { kind })).toBeUndefined();
    const fresh = { ...keep, ttlMs: 60_000 };
    await until(async () => (await other.wrap(key, fresh, () => Promise.resolve('new'))) === 'new');
    await settled(one);
    expect(await one.wrap(key, fresh, never)).toBe('new');
  });

  it('that are not there are known to be absent for as long as was asked', async () => {
    const key = newKey();
    expect(await one.wrap(key, { kind, absentMs: 60_000 }, async () => null)).toBeNull();
    expect(await other.wrap(key, { kind }, never)).toBeNull();
    expect(await other.get(key, { kind })).toBeNull();
    const unkept = newKey();
    expect(await one.wrap(unkept, { kind }, async () => null)).toBeNull();
    expect(await one.wrap(unkept, { kind }, async () => 1)).toBe(1);
  });

  it('go with any of their tags, within their location alone', async () => {
    const [both, single, untagged] = [newKey(), newKey(), newKey()];
    const abroad = { location: 'M', id: both.id };
    await one.set(both, 1, { kind, tags: ['t', 'u'] });
    await one.set(single, 2, { kind, tags: ['u'] });
    await one.set(untagged, 3, { kind });
    await one.set(abroad, 4, { kind, tags: ['t'] });
    expect(await other.getMany([both, single, untagged, abroad], { kind })).toEqual([1, 2, 3, 4]);
    await one.invalidateTags('L', ['t']);
    await settled(other);
    for (const cache of [one, other]) {
      expect(await cache.getMany([both, single, untagged, abroad], { kind })).toEqual([undefined, 2, 3, 4]);
    }
  });

  it('of a tag go even if the server has lost the tag', async () => {
    const key = newKey();
    await one.set(key, 1, { kind, tags: ['t'] });
    expect(await other.get(key, { kind })).toBe(1);
    await redis.admin.flushall();
    await one.invalidateTags('L', ['t']);
    await settled(other);
    expect([await one.get(key, { kind }), await other.get(key, { kind })]).toEqual([undefined, undefined]);
  });

  it('come and go many at a time, and only the missing are loaded, together', async () => {
    const keys = Array.from({ length: 500 }, newKey);
    await one.setMany(
      keys.slice(0, 300).map((key) => ({ key, value: key.id })),
      { kind, tags: ['t'] },
    );
    let asked: string[] = [];
    const values = await other.wrapMany([...keys, keys[0]!], { kind, tags: ['t'] }, async (missing) => {
      asked = missing.map(({ id }) => id);
      return asked;
    });
    expect(values).toEqual([...keys, keys[0]!].map(({ id }) => id));
    expect(asked).toEqual(keys.slice(300).map(({ id }) => id));
    expect(await one.getMany(keys, { kind })).toEqual(keys.map(({ id }) => id));
    await other.deleteMany(keys.slice(0, 100), { kind });
    await settled(one);
    expect((await one.getMany(keys, { kind })).filter((value) => value === undefined)).toHaveLength(100);
    await other.invalidateTags('L', ['t']);
    await settled(one);
    expect((await one.getMany(keys, { kind })).every((value) => value === undefined)).toBe(true);
  });

  it('are apart whatever characters their location and id hold', async () => {
    const keys = [
      { location: 'a:b', id: 'c' },
      { location: 'a', id: 'b:c' },
      { location: 'a\0b', id: 'c' },
      { location: 'a%003ab', id: 'c' },
      { location: 'a', id: '\ud800' },
      { location: 'a', id: '\udc00' },
      { location: 'a', id: '%d800' },
      { location: 'a', id: '' },
      { location: '', id: 'a' },
      { location: '@', id: '#\n!~' },
    ];
    await one.setMany(
      keys.map((key, index) => ({ key, value: index })),
      { kind },
    );
    expect(await other.getMany(keys, { kind })).toEqual(keys.map((_, index) => index));
  });
});
