import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Key } from '../../domain/cache/cache.ts';
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

const never = (): Promise<never> => Promise.reject(new Error('nobody should have loaded'));
let last = 0;
const newKey = (): Key => ({ location: 'L', id: `id-${(last += 1)}` });
/** So long that the thread pool codes it. */
const LONG = Array.from({ length: 40_000 }, (_, index) => `${index * 7919}`).join(' ');

it.each<[string, (key: Key) => Promise<void>]>([
  ['deleted', (key) => one.delete(key, { kind: 'note' })],
  ['invalidated', () => one.invalidateTags('L', ['t'])],
  ['erased', () => one.erase('L', ['t'])],
])('a value that is %s while it is coded is not stored after that', async (_, change) => {
  const key = newKey();
  const set = one.set(key, LONG, { kind: 'note', tags: ['t'] });
  await change(key);
  await set;
  await settled(other);
  for (const cache of [one, other]) expect((await cache.get(key, { kind: 'note' })) === undefined).toBe(true);
});

it('the later of two values that are set stands, whichever takes longer to be coded', async () => {
  const key = newKey();
  await Promise.all([one.set(key, LONG, { kind: 'note' }), one.set(key, 'short', { kind: 'note' })]);
  await settled(other);
  for (const cache of [one, other]) expect((await cache.get(key, { kind: 'note' })) === LONG).toBe(false);
});

it('that nothing is known is what a value of undefined says in both levels', async () => {
  const key = newKey();
  await one.set(key, undefined, { kind: 'note' });
  expect([await one.get(key, { kind: 'note' }), await other.get(key, { kind: 'note' })]).toEqual([null, null]);
});

it.each(['note', 'small'])(
  'a stale value of the kind %s is gone as soon as its loader says that there is none',
  async (kind) => {
    const key = newKey();
    const keep = { kind, ttlMs: 1, staleMs: 60_000 };
    await one.set(key, 'old', keep);
    await pause(5);
    expect(await other.wrap(key, keep, never)).toBe('old');
    const none = (): Promise<null> => Promise.resolve(null);
    await until(async () => (await one.wrap(key, keep, none)) === null);
    await settled(other);
    expect(await other.wrap(key, keep, none)).toBeNull();
  },
);

it('a value goes with a tag of which this process was told nothing', async () => {
  const key = newKey();
  await other.set(key, 1, { kind: 'note', tags: ['t'] });
  await settled(one);
  expect(await one.wrap(key, { kind: 'note', tags: [] }, never)).toBe(1);
  await one.invalidateTags('L', ['t']);
  expect(await one.get(key, { kind: 'note' })).toBeUndefined();
});

it('what is erased while it is loaded is not even coded, and its lock is free at once', async () => {
  const key = newKey();
  const loader = slowLoader('of somebody');
  const codedBefore = one.stats().coder.kinds[0]!.writes;
  const asked = one.wrap(key, { kind: 'note' }, loader.load);
  await until(() => loader.calls() === 1);
  await one.erase('L', ['t']);
  loader.finish();
  expect(await asked).toBe('of somebody');
  expect(one.stats().coder.kinds[0]!.writes).toBe(codedBefore);
  expect(await redis.admin.keys(`lw:c:!*${key.id}`)).toEqual([]);
});

it('where the server has no room for a value, nobody waits for the lock under which it was loaded', async () => {
  const key = newKey();
  const text = randomBytes(3_000_000).toString('base64');
  const [, used] = /used_memory:(\d+)/.exec(await redis.admin.info('memory'))!;
  await redis.admin.config('SET', 'maxmemory', Number(used) + 1_000_000);
  try {
    const before = one.stats().kinds['note']!.full;
    expect((await one.wrap(key, { kind: 'note' }, async () => text)) === text).toBe(true);
    expect(one.stats().kinds['note']!.full).toBe(before + 1);
    expect(await redis.admin.keys(`lw:c:!*${key.id}`)).toEqual([]);
  } finally {
    await redis.admin.config('SET', 'maxmemory', 0);
  }
});
