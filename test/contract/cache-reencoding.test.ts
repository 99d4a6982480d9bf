import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Kind } from '../../domain/cache/cache.ts';
import { syntheticValues } from '../../domain/cache/synthetic.ts';
import { createCodecs } from '../../integrations/cache/codecs.ts';
import { type Coder, createCoder } from '../../integrations/cache/coder.ts';
import { createGuardedRedis, type GuardedRedis } from '../../integrations/cache/guarded.ts';
import type { Recoder } from '../../integrations/cache/recoder.ts';
import { createReencoding, type Reencoding } from '../../integrations/cache/reencoding.ts';
import { storedKeys } from '../../integrations/cache/stored-keys.ts';
import { type OwnRedis, ownRedis } from '../support/cache-redis.ts';
import { type CacheWorld, cacheWorld, PATIENT_MS } from '../support/cache-world.ts';
import { until } from '../support/until.ts';

const HOUR = 3_600_000;
const talk: Kind = { name: 'conversation', ttlMs: 30 * 24 * HOUR, place: 'key' };
const pinned: Kind = { ...talk, name: 'listing', pin: { codec: 'lz4', level: 1, dictionary: false } };
const kinds = [talk, pinned];
const byName = new Map(kinds.map((kind) => [kind.name, kind]));
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const values = syntheticValues('conversation', { vocabulary: 'test', seed: 4, count: 4 });
const keyOf = (at: number) => ({ location: 'loc:1', id: `talk ${at}` });
const nameOf = (at: number): string => `lw:c:conversation:loc%003a1:talk ${at}`;
const LEASE = 'lw:d:!';

let redis: OwnRedis;
let guarded: GuardedRedis;
let coder: Coder;
let world: CacheWorld;
const open: Reencoding[] = [];
/** An hour from now, for whom what was written just now has stood for an hour. */
let later = 0;

/** What cold talks are worth storing slowly, it has learnt. */
async function learnt(): Promise<Coder> {
  const now = (): number => Date.now() + later;
  const one = createCoder({ kinds, codecs: await createCodecs(), tell: silent, now, pace: { lookedAt: 1 } });
  const ends = now() + talk.ttlMs;
  for (const kind of kinds) {
    for (const [at, value] of values.entries())
      await one.encode(kind, keyOf(at), { value, freshUntil: ends, until: ends });
  }
  await one.settled();
  return one;
}

beforeAll(async () => {
  redis = await ownRedis();
  guarded = createGuardedRedis({ redisUrl: redis.url, tell: silent, limitMs: PATIENT_MS });
  await until(() => guarded.healthy());
  coder = await learnt();
  later = HOUR;
});
afterAll(async () => {
  await coder.close();
  await guarded.close();
  await redis.close();
});
beforeEach(async () => {
  await redis.admin.flushall();
  world = cacheWorld(redis.url);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
  await world.close();
});

/** @param meanwhile  between the moment a value was read and the one in which it is replaced */
function reencoding(meanwhile: () => Promise<unknown> = () => Promise.resolve(), perSecond = 1000): Reencoding {
  const recoder: Recoder = {
    async recode(found) {
      const anew = await coder.recoder.recode(found);
      await meanwhile();
      return anew;
    },
  };
  const one = createReencoding({
    ...{ redis: guarded, stored: storedKeys({ redis: guarded, kinds: byName }), recoder, tell: silent, perSecond },
  });
  open.push(one);
  return one;
}

async function written(kind = 'conversation') {
  const cache = await world.cache({ kinds });
  await cache.setMany(
    values.map((value, at) => ({ key: keyOf(at), value })),
    { kind },
  );
  return cache;
}

const bytes = async (): Promise<number[]> =>
  Promise.all(values.map(async (_, at) => (await redis.admin.getBuffer(nameOf(at)))?.length ?? 0));
const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);

describe('values that stay', () => {
  it('are replaced by smaller ones that end when they did and are read as the same everywhere, once', async () => {
    const writer = await written();
    await redis.admin.pexpire(nameOf(0), 20 * 24 * HOUR);
    const before = await bytes();
    const one = reencoding();
    expect(await one.pass()).toBe(true);
    const after = await bytes();
    expect(sum(after)).toBeLessThan(sum(before));
    expect(one.counts()).toMatchObject({ values: values.length, bytesWon: sum(before) - sum(after) });
    const left = await redis.admin.pttl(nameOf(0));
    expect(left).toBeLessThanOrEqual(20 * 24 * HOUR);
    expect(left).toBeGreaterThan(20 * 24 * HOUR - HOUR);
    const reader = await world.cache({ kinds });
    for (const cache of [writer, reader]) {
      expect(
        await cache.getMany(
          values.map((_, at) => keyOf(at)),
          { kind: 'conversation' },
        ),
      ).toEqual(values);
    }
    expect(await one.pass()).toBe(true);
    expect(one.counts().values).toBe(values.length);
  });

  it('changed, deleted or expired while that is done stay changed, deleted and expired', async () => {
    const writer = await written();
    const one = reencoding(async () => {
      await writer.set(keyOf(0), { other: 1 }, { kind: 'conversation' });
      await writer.delete(keyOf(1), { kind: 'conversation' });
      await redis.admin.pexpire(nameOf(2), 0);
    });
    expect(await one.pass()).toBe(true);
    const reader = await world.cache({ kinds });
    const of = { kind: 'conversation' };
    expect(await reader.get(keyOf(0), of)).toEqual({ other: 1 });
    expect(await reader.get(keyOf(1), of)).toBeUndefined();
    expect(await reader.get(keyOf(2), of)).toBeUndefined();
    expect(await reader.get(keyOf(3), of)).toEqual(values[3]);
    expect(one.counts().values).toBe(values.length - 3);
  });

  it('that are wiped meanwhile do not come back', async () => {
    await written();
    const one = reencoding(() => redis.admin.flushall());
    expect(await one.pass()).toBe(false);
    expect(await redis.admin.dbsize()).toBe(0);
  });

  it('stay as they are where their kind is pinned', async () => {
    await written('listing');
    const name = (at: number): string => nameOf(at).replace('conversation', 'listing');
    const all = () => Promise.all(values.map((_, at) => redis.admin.getBuffer(name(at))));
    const before = await all();
    expect(await reencoding().pass()).toBe(true);
    expect(await all()).toEqual(before);
  });

  it('are replaced no faster than was asked', async () => {
    await written();
    const began = performance.now();
    const one = reencoding(undefined, 20);
    expect(await one.pass()).toBe(true);
    expect(performance.now() - began).toBeGreaterThanOrEqual((values.length / 20) * 1000 - 5);
  });
});

describe('the process that stores them anew', () => {
  it('is one at a time, and the next may when it is done', async () => {
    await written();
    const second = reencoding();
    let meanwhile: boolean | undefined;
    const first = reencoding(async () => {
      meanwhile ??= await second.pass();
    });
    expect(await first.pass()).toBe(true);
    expect(meanwhile).toBe(false);
    expect(second.counts().values).toBe(0);
    expect(await redis.admin.exists(LEASE)).toBe(0);
    expect(await second.pass()).toBe(true);
  });

  it('stops where another took its place, and leaves that one alone', async () => {
    await written();
    const one = reencoding(() => redis.admin.set(LEASE, 'another', 'PX', 60_000));
    expect(await one.pass()).toBe(false);
    expect(await redis.admin.get(LEASE)).toBe('another');
  });

  it('does nothing while Redis is away, and goes on when it is back', async () => {
    const one = reencoding();
    await redis.kill();
    await until(() => !guarded.healthy());
    expect(await one.pass()).toBe(false);
    await redis.start();
    await until(() => guarded.healthy());
    await written();
    expect(await one.pass()).toBe(true);
    expect(one.counts().values).toBe(values.length);
  });

  it('ends on close, with what is being computed, and holds nothing', async () => {
    await written();
    let recoding: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (recoding = resolve));
    const { recoder } = coder;
    const one = createReencoding({
      ...{ redis: guarded, stored: storedKeys({ redis: guarded, kinds: byName }), tell: silent },
      recoder: {
        recode(found) {
          recoding();
          return recoder.recode(found);
        },
      },
    });
    const passing = one.pass();
    await begun;
    await Promise.all([one.close(), coder.close()]);
    expect(await passing).toBe(false);
    expect(one.counts().values).toBe(0);
    expect(await redis.admin.exists(LEASE)).toBe(0);
  });
});
