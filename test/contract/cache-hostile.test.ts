import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RunningCache } from '../../integrations/cache/cache.ts';
import { type OwnRedis, ownRedis } from '../support/cache-redis.ts';
import { mutated, seeded } from '../support/cache-bytes.ts';
import { type CacheWorld, cacheWorld, settled } from '../support/cache-world.ts';

let redis: OwnRedis;
let world: CacheWorld;
let one: RunningCache;
let other: RunningCache;
beforeAll(async () => {
  redis = await ownRedis();
  world = cacheWorld(redis.url);
  [one, other] = await Promise.all([world.cache(), world.cache()]);
});
afterAll(async () => {
  await world.close();
  await redis.close();
});
beforeEach(() => redis.admin.flushall());

let last = 0;
const newId = (): string => `id-${(last += 1)}`;
const at = (id: string) => ({ location: 'L', id });
const kind = 'note';
const value = { words: 'some words that say little, and say little again', n: [1, 2, 3] };

/** The key of the only bucket of small values, and the only field in it. */
async function onlyField(): Promise<{ bucket: string; field: Buffer; entry: Buffer }> {
  const keys = await redis.admin.keys('lw:c:@small:L:*');
  expect(keys).toHaveLength(1);
  const [field] = await redis.admin.hkeysBuffer(keys[0]!);
  const entry = await redis.admin.hgetBuffer(keys[0]!, field!);
  return { bucket: keys[0]!, field: field!, entry: entry! };
}

describe('bytes under our keys', () => {
  it('that are damaged in any way are no value', async () => {
    const next = seeded(7);
    const id = newId();
    await one.set(at(id), value, { kind });
    const stored = (await redis.admin.getBuffer(`lw:c:note:L:${id}`))!;
    for (let times = 0; times < 300; times += 1) {
      const bytes = mutated(stored, next);
      if (bytes === undefined) continue;
      await redis.admin.set(`lw:c:note:L:${id}`, bytes);
      expect(await other.get(at(id), { kind })).toBeUndefined();
    }
    await redis.admin.set(`lw:c:note:L:${id}`, stored);
    expect(await other.get(at(id), { kind })).toEqual(value);
  });

  it('that claim a gigabyte are no value', async () => {
    const id = newId();
    const claim = Buffer.from([0x12, 0, 0x80, 0x80, 0x80, 0x80, 0x04, 1, 2, 3, 4, 5, 6, 7, 8]);
    const long = Buffer.from([0x12, 0, 0xff, 0xff, 0xff, 0x7f, 1, 2, 3, 4, 5, 6, 7, 8]);
    for (const bytes of [claim, long]) {
      await redis.admin.set(`lw:c:note:L:${id}`, bytes);
      expect(await one.wrap(at(id), { kind }, async () => 'loaded')).toBe('loaded');
      await one.delete(at(id), { kind });
    }
  });

  it('of another location, kind or id are no value', async () => {
    const id = newId();
    await one.set(at(id), value, { kind });
    const stored = (await redis.admin.getBuffer(`lw:c:note:L:${id}`))!;
    await redis.admin.set(`lw:c:note:M:${id}`, stored);
    await redis.admin.set(`lw:c:note:L:${id}x`, stored);
    await redis.admin.set(`lw:c:@small:L:${id}`, stored);
    expect(await other.get({ location: 'M', id }, { kind })).toBeUndefined();
    expect(await other.get(at(`${id}x`), { kind })).toBeUndefined();
    expect(await other.get(at(id), { kind: 'small' })).toBeUndefined();
    expect(await other.get(at(id), { kind })).toEqual(value);
  });

  it('of another entry of a bucket are no value', async () => {
    const [id, elsewhere] = [newId(), newId()];
    await one.set(at(id), value, { kind: 'small' });
    const { bucket, field, entry } = await onlyField();
    await one.delete(at(id), { kind: 'small' });
    await one.set(at(elsewhere), 'short', { kind: 'small' });
    const second = await onlyField();
    await redis.admin.hset(bucket, second.field, entry, field, second.entry);
    await settled(other);
    expect(await other.get(at(id), { kind: 'small' })).toBeUndefined();
    expect(await other.get(at(elsewhere), { kind: 'small' })).toBeUndefined();
  });

  it('of another type give way', async () => {
    for (const each of [kind, 'small']) {
      const id = newId();
      await one.set(at(id), value, { kind: each, tags: ['t'] });
      const keys = await redis.admin.keys('lw:c:*');
      await redis.admin.del(...keys);
      const name = `${each === 'small' ? '@' : ''}${each}:L:${id}`;
      for (const key of [...keys, `lw:c:${name}`, `lw:c:!${name}`]) {
        await redis.admin.del(key);
        await redis.admin.rpush(key, 'not', 'ours');
      }
      await one.invalidateTags('L', ['none']);
      await one.delete(at(newId()), { kind: each });
      expect(await other.wrap(at(id), { kind: each, tags: ['t'] }, async () => 'loaded')).toBe('loaded');
      await one.set(at(id), 'set', { kind: each, tags: ['t'] });
      await settled(other);
      expect(await other.get(at(id), { kind: each })).toBe('set');
      await other.invalidateTags('L', ['t']);
      await settled(one);
      expect(await one.get(at(id), { kind: each })).toBeUndefined();
    }
  });
});

describe('messages', () => {
  it('that none of us sends are counted and do nothing', async () => {
    const id = newId();
    await one.set(at(id), value, { kind });
    const ignored = one.stats().messages.ignored;
    const hostile = [
      '',
      'x',
      '{}',
      '[]',
      '["s"]',
      '["s","tag"]',
      '["s","boom","L"]',
      '["s",1]',
      '[[["s"]]]',
      '["s","forget"]',
    ];
    for (const text of hostile) await redis.admin.publish('lw:c:~', text);
    await redis.admin.publish('lw:c:~', Buffer.from([0xff, 0xfe, 0]));
    await settled(one);
    expect(one.stats().messages.ignored - ignored).toBe(hostile.length + 1);
    expect(await one.get(at(id), { kind })).toEqual(value);
  });

  it('that name what nobody has do no harm', async () => {
    const id = newId();
    await one.set(at(id), value, { kind });
    for (const text of [
      '["s","changed","","x","lw:c:","@:"]',
      '["s","tag","L","none","x"]',
      '["s","owed","x"]',
      '["s","all"]',
    ]) {
      await redis.admin.publish('lw:c:~', text);
    }
    await settled(one);
    expect(await one.get(at(id), { kind })).toEqual(value);
  });
});

describe('a process whose clock is wrong by hours', () => {
  it.each([3, -3])('(%s) neither gives a value past its time nor misses those of others', async (hours) => {
    const wrong = await world.cache({ now: () => Date.now() + hours * 3600_000 });
    const id = newId();
    const keep = { kind, ttlMs: 3_000, staleMs: 60_000 };
    await one.set(at(id), 'by one', { ...keep, ttlMs: 60_000 });
    expect(await wrong.get(at(id), { kind })).toBe('by one');
    const [long, short] = [newId(), newId()];
    await wrong.set(at(long), 'by wrong', { ...keep, ttlMs: 60_000 });
    expect(await one.get(at(long), { kind })).toBe('by wrong');
    await wrong.set(at(short), 'by wrong', keep);
    // Into the map of its process.
    await one.get(at(short), { kind });
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    for (const cache of [one, wrong]) expect(await cache.get(at(short), { kind })).toBeUndefined();
    expect(await wrong.wrap(at(short), { ...keep, ttlMs: 60_000 }, async () => 'new')).toBe('by wrong');
  });
});
