import { afterEach, describe, expect, it } from '@jest/globals';
import { type OwnRedis, ownRedis } from '../support/cache-redis.ts';
import { type CacheWorld, cacheWorld, settled } from '../support/cache-world.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(settings?: readonly string[]): Promise<{ redis: OwnRedis; world: CacheWorld }> {
  const redis = await ownRedis(settings);
  closing.push(redis.close);
  const world = cacheWorld(redis.url);
  closing.push(world.close);
  return { redis, world };
}

const kind = 'small';
const keyOf = (index: number) => ({ location: 'L', id: `id-${index}` });
const upTo = (count: number) => Array.from({ length: count }, (_, index) => keyOf(index));
const bucketsOf = async ({ admin }: OwnRedis): Promise<string[]> =>
  (await admin.keys('lw:c:@small:L:??????[0-9]*')).sort();
const fieldsOf = async (redis: OwnRedis): Promise<number[]> =>
  Promise.all((await bucketsOf(redis)).map((key) => redis.admin.hlen(key)));
const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

describe('small values', () => {
  it('share hashes that stay compact, and whose number follows theirs, without one being lost', async () => {
    const { redis, world } = await start();
    const [writer, reader] = [await world.cache(), await world.cache({ near: { entries: 0, bytes: 0 } })];
    for (let from = 0; from < 3000; from += 250) {
      const part = upTo(from + 250).slice(from);
      await writer.setMany(
        part.map((key) => ({ key, value: { id: key.id } })),
        { kind },
      );
      const known = upTo(from + 250);
      expect(await reader.getMany(known, { kind })).toEqual(known.map(({ id }) => ({ id })));
    }
    const fields = await fieldsOf(redis);
    expect(sum(fields)).toBe(3000);
    expect(sum(fields) / fields.length).toBeGreaterThan(24);
    expect(sum(fields) / fields.length).toBeLessThan(64);
    expect(Math.max(...fields)).toBeLessThanOrEqual(128);
    for (const bucket of await bucketsOf(redis)) expect(await redis.admin.object('ENCODING', bucket)).toBe('listpack');

    await writer.deleteMany(upTo(3000), { kind });
    expect(await reader.getMany(upTo(3000), { kind })).toEqual(upTo(3000).map(() => undefined));
    expect(sum(await fieldsOf(redis))).toBe(0);
  });

  it('end one by one, are swept away, and a bucket ends with its last', async () => {
    const { redis, world } = await start();
    const [writer, reader] = [await world.cache({ random: () => 0 }), await world.cache()];
    await writer.set(keyOf(0), 'short', { kind, ttlMs: 1000 });
    await writer.set(keyOf(1), 'long', { kind, ttlMs: 100_000 });
    const [bucket] = await bucketsOf(redis);
    expect(await redis.admin.pttl(bucket!)).toBeGreaterThan(90_000);
    await writer.set(keyOf(2), 'short', { kind, ttlMs: 1000 });
    expect(await redis.admin.pttl(bucket!)).toBeGreaterThan(90_000);
    expect(await redis.admin.pttl('lw:c:@small:L')).toBeGreaterThan(90_000);
    await new Promise((resolve) => setTimeout(resolve, 2100));
    expect(await reader.getMany([keyOf(0), keyOf(1)], { kind })).toEqual([undefined, 'long']);
    expect(await redis.admin.hlen(bucket!)).toBe(3);
    await writer.set(keyOf(3), 'another', { kind });
    expect(await redis.admin.hlen(bucket!)).toBe(2);
  });

  it('that are not so small have keys of their own, and there is never more than one of them', async () => {
    const { redis, world } = await start();
    const cache = await world.cache({ near: { entries: 0, bytes: 0 } });
    const noise = (length: number) =>
      Array.from({ length }, (_, index) => Math.imul(index + 1, 2654435761) >>> 0).join('');
    for (const [value, own, fields] of [
      ['little', 0, 1],
      [noise(400), 1, 0],
      ['little again', 0, 1],
    ] as const) {
      await cache.set(keyOf(0), value, { kind });
      expect(await cache.get(keyOf(0), { kind })).toBe(value);
      expect(await redis.admin.exists('lw:c:@small:L:id-0')).toBe(own);
      expect(sum(await fieldsOf(redis))).toBe(fields);
    }
    await cache.set(keyOf(0), noise(400), { kind });
    await cache.delete(keyOf(0), { kind });
    expect(await cache.get(keyOf(0), { kind })).toBeUndefined();
  });

  it('lost with the number of their buckets never come back', async () => {
    const { redis, world } = await start();
    const cache = await world.cache({ near: { entries: 0, bytes: 0 } });
    await cache.set(keyOf(0), 'old', { kind });
    await redis.admin.del('lw:c:@small:L');
    expect(await cache.get(keyOf(0), { kind })).toBeUndefined();
    await cache.set(keyOf(1), 'other', { kind });
    expect(await cache.get(keyOf(0), { kind })).toBeUndefined();
  });
});

describe("a server's settings", () => {
  it('that buckets need are found to be there', async () => {
    const { world } = await start();
    const settings = await (await world.cache()).serverSettings();
    expect(settings.map(({ name, good }) => [name, good])).toEqual([
      ['hash-max-listpack-value', true],
      ['hash-max-listpack-entries', true],
      ['maxmemory-policy', true],
    ]);
    expect(world.warnings).toEqual([]);
  });

  it('that are missing are said once, with what is to be done, and values then keep to themselves', async () => {
    const { redis, world } = await start(['--hash-max-ziplist-value', '64']);
    const cache = await world.cache();
    const [value, entries] = await cache.serverSettings();
    expect(value).toEqual({
      name: 'hash-max-listpack-value',
      needed: 'at least 1024',
      found: '64',
      good: false,
      todo: 'CONFIG SET hash-max-listpack-value 1024, and the same in redis.conf',
    });
    expect(entries).toMatchObject({ good: true });
    await cache.serverSettings();
    expect(world.warnings).toHaveLength(1);
    const long = Array.from({ length: 60 }, (_, index) => String.fromCharCode(33 + ((index * 37) % 90))).join('');
    await cache.set(keyOf(0), long, { kind });
    expect(await redis.admin.exists('lw:c:@small:L:id-0')).toBe(1);
    expect(await cache.get(keyOf(0), { kind })).toBe(long);
  });

  it('of a server that does not let itself be asked are tried', async () => {
    for (const [settings, good] of [
      [[], true],
      [['--hash-max-ziplist-value', '64'], false],
    ] as const) {
      const { world } = await start([...settings, '--rename-command', 'CONFIG', '']);
      const [value, , policy] = await (await world.cache()).serverSettings();
      expect(value).toMatchObject({ good });
      expect(value).not.toHaveProperty('found');
      expect(policy).not.toHaveProperty('good');
      expect(world.warnings).toHaveLength(good ? 0 : 1);
    }
  });
});

it('what the processes counted is added up on the server', async () => {
  const { redis, world } = await start();
  const [one, other] = [await world.cache(), await world.cache()];
  await one.set(keyOf(0), 1, { kind });
  await settled(other);
  await other.get(keyOf(0), { kind });
  await other.get(keyOf(0), { kind });
  await one.get(keyOf(1), { kind });
  await settled(one, other);
  await world.close();
  expect(await redis.admin.hgetall('lw:c:=')).toMatchObject({
    'small:stored': '1',
    'small:shared': '1',
    'small:near': '1',
    'small:missed': '1',
  });
  expect(await redis.admin.ttl('lw:c:=')).toBeGreaterThan(3600);
});
