import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Kind } from '../../domain/cache/cache.ts';
import { createCodecs } from '../../integrations/cache/codecs.ts';
import { type Coder, createCoder } from '../../integrations/cache/coder.ts';
import { createDictionaryStore } from '../../integrations/cache/dictionary-store.ts';
import { createGuardedRedis, type GuardedRedis } from '../../integrations/cache/guarded.ts';
import { ownWords } from '../support/cache-own-words.ts';
import { type OwnRedis, ownRedis } from '../support/cache-redis.ts';
import { PATIENT_MS } from '../support/cache-world.ts';
import { until } from '../support/until.ts';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const codecs = await createCodecs();
const HOUR = 3_600_000;
const kind: Kind = { name: 'lead', ttlMs: HOUR, place: 'key' };
const SAMPLES = 60;

let redis: OwnRedis;
const open: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  redis = await ownRedis();
});
beforeEach(() => redis.admin.flushall());
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});
afterAll(() => redis.close());

/** As another process would have it. */
async function coderOf(more: Partial<Parameters<typeof createCoder>[0]> = {}, limitMs = PATIENT_MS): Promise<Coder> {
  const connection: GuardedRedis = createGuardedRedis({ redisUrl: redis.url, tell: silent, limitMs });
  await until(() => connection.healthy());
  const pace = { lookedAt: 1, retrainOf: SAMPLES, lookEveryMs: 50, soonMs: 50 };
  const coder = createCoder({ kinds: [kind], codecs, redis: connection, tell: silent, pace, ...more });
  open.push(connection, coder);
  return coder;
}

const key = (id: string, location = 'loc-1') => ({ location, id });
const entryOf = (value: unknown, ttlMs = HOUR) => {
  const end = Math.floor(Date.now() / 1000) * 1000 + ttlMs;
  return { value, freshUntil: end, until: end };
};
/** What is written over at once is worth no compression: each of many tries is another value. */
let tries = 0;
const anew = (location?: string) => key(`anew${tries++}`, location);
const [value] = ownWords(1, 1);
const numberOf = (stored: Buffer): number => stored[1]!;
const isOwn = (stored: Buffer): boolean => numberOf(stored) >= 16;
const missesOf = (coder: Coder) => coder.stats().kinds[0]!.misses;

async function taught(coder: Coder, location = 'loc-1', seed = 5): Promise<void> {
  for (const [at, one] of ownWords(seed, SAMPLES).entries()) {
    await coder.encode(kind, key(`t${at}`, location), entryOf(one));
  }
  await coder.settled();
}

describe('a dictionary of a location’s own', () => {
  it('is made of its values where that is clearly better, and read by every process; what was written before stays readable', async () => {
    const [one, other] = [await coderOf(), await coderOf()];
    const before = await one.encode(kind, key('a'), entryOf(value));
    await taught(one);
    expect(one.stats().dictionaries).toEqual({ adopted: 1, rejected: 0, own: 1 });
    const after = await one.encode(kind, key('a'), entryOf(value));
    expect([isOwn(before), isOwn(after)]).toEqual([false, true]);
    expect(after.length).toBeLessThan(before.length * 0.7);
    for (const reader of [one, other]) {
      expect((await reader.decode(kind, key('a'), before))?.value).toEqual(value);
      expect((await reader.decode(kind, key('a'), after))?.value).toEqual(value);
    }
    // It belongs to that location alone.
    expect(isOwn(await one.encode(kind, key('a', 'loc-2'), entryOf(value)))).toBe(false);
    await until(async () => isOwn(await other.encode(kind, anew(), entryOf(value))));
  });

  it('is not made of values that the product’s own knows as well', async () => {
    const coder = await coderOf();
    const { syntheticValues } = await import('../../domain/cache/synthetic.ts');
    for (const [at, one] of syntheticValues('lead', { vocabulary: 'training', seed: 1, count: SAMPLES }).entries()) {
      await coder.encode(kind, key(String(at)), entryOf(one));
    }
    await coder.settled();
    expect(coder.stats().dictionaries).toEqual({ adopted: 0, rejected: 1, own: 0 });
  });

  it('is one even where two processes make it at once', async () => {
    const file = join(import.meta.dirname, '../support/cache-retrain-child.ts');
    const given = JSON.stringify({ redisUrl: redis.url, location: 'loc-1' });
    const children = [0, 1].map(() => fork(file, [given], { execArgv: ['--import', 'tsx'] }));
    await Promise.all(children.map((child) => once(child, 'message')));
    const said = children.map((child) => once(child, 'message'));
    for (const child of children) child.send('go');
    const results = (await Promise.all(said)).map(
      ([result]) => result as { counts: { adopted: number; own: number }; id: string; stored: string },
    );
    expect(results.map(({ counts }) => counts.adopted).sort()).toEqual([0, 1]);
    const stored = results.map((result) => Buffer.from(result.stored, 'base64'));
    expect(stored.every(isOwn)).toBe(true);
    expect(new Set(stored.map(numberOf)).size).toBe(1);
    const reader = await coderOf();
    for (const [at, one] of stored.entries()) {
      expect((await reader.decode(kind, key(results[at]!.id), one))?.value).toEqual(value);
    }
  });

  it('is kept in Redis for longer than any value that needs it', async () => {
    const coder = await coderOf();
    await taught(coder);
    const [content] = (await redis.admin.keys('lw:d:*')).filter((name) => !/[@=!]/.test(name));
    expect(await redis.admin.pttl(content!)).toBeGreaterThan(HOUR);
    // A value that would outlive it is written without it, until it is kept for longer.
    expect(isOwn(await coder.encode(kind, key('long'), entryOf(value, 48 * HOUR)))).toBe(false);
    let now = Date.now();
    const later = await coderOf({ now: () => now });
    await until(async () => isOwn(await later.encode(kind, anew(), entryOf(value))));
    await later.encode(kind, key('long'), entryOf(value, 48 * HOUR));
    now += 60_000;
    await until(async () => isOwn(await later.encode(kind, anew(), entryOf(value, 48 * HOUR))));
    expect(await redis.admin.pttl(content!)).toBeGreaterThan(48 * HOUR);
  });

  it('is a miss, counted, where it is gone, and refused where it is not what its hash says', async () => {
    const coder = await coderOf();
    await taught(coder);
    const stored = await coder.encode(kind, key('a'), entryOf(value));
    const [content] = (await redis.admin.keys('lw:d:*')).filter((name) => !/[@=!]/.test(name));
    await redis.admin.set(content!, Buffer.from('words of somebody else '.repeat(50)), 'PX', HOUR);
    const deceived = await coderOf();
    expect(await deceived.decode(kind, key('a'), stored)).toBeUndefined();
    expect(missesOf(deceived)).toEqual({ 'dictionary-absent': 1 });
    await redis.admin.del(content!);
    const late = await coderOf();
    expect(await late.decode(kind, key('a'), stored)).toBeUndefined();
    expect(missesOf(late)).toEqual({ 'dictionary-absent': 1 });
    // Whoever writes with it gives it again.
    expect((await coder.decode(kind, key('a'), stored))?.value).toEqual(value);
  });

  it('is fetched once, however many values wait for it', async () => {
    // Who looks for what is new asks Redis as well.
    const unhurried = { pace: { lookedAt: 1, retrainOf: SAMPLES, lookEveryMs: HOUR, soonMs: 50 } };
    const coder = await coderOf(unhurried);
    await taught(coder);
    const stored = await coder.encode(kind, key('a'), entryOf(value));
    const reader = await coderOf(unhurried);
    const commands = async (): Promise<number> =>
      Number(/cmdstat_eval:calls=(\d+)/.exec(await redis.admin.info('commandstats'))![1]);
    const before = await commands();
    const read = await Promise.all(Array.from({ length: 50 }, async () => reader.decode(kind, key('a'), stored)));
    expect(read.every((entry) => entry?.value !== undefined)).toBe(true);
    expect((await commands()) - before).toBe(1);
  });

  it('stays in memory for as long as a value may need it, and is fetched for one that still does', async () => {
    const connection = createGuardedRedis({ redisUrl: redis.url, tell: silent, limitMs: PATIENT_MS });
    await until(() => connection.healthy());
    let ahead = 0;
    const forgotten: number[] = [];
    const store = createDictionaryStore({
      ...{ redis: connection, tell: silent, now: () => Date.now() + ahead, random: () => 0, lookEveryMs: 20 },
      onForgotten: ({ number }) => void forgotten.push(number),
      onLearned: () => undefined,
      onErased: () => undefined,
    });
    open.push(connection, {
      close: async () => {
        store.close();
      },
    });
    const adopted = async (text: string) => {
      const lock = await store.lock(kind, 'loc-1');
      return (await store.adopt(kind, 'loc-1', lock!, Buffer.from(text)))!.number;
    };
    const [first, second] = [await adopted('one'), await adopted('two')];
    expect([store.at(kind, 'loc-1', first), store.at(kind, 'loc-1', second)]).not.toContain(undefined);
    ahead = 3 * HOUR;
    await until(() => store.size() === 1);
    expect(forgotten).toEqual([first]);
    ahead = 0;
    expect(String((await store.fetch(kind, 'loc-1', first))!.bytes)).toBe('one');
  });

  it('is no more after a wipe: values are written without it, and none is read as something else', async () => {
    const [one, other] = [await coderOf(), await coderOf()];
    await taught(one);
    const stored = await one.encode(kind, key('a'), entryOf(value));
    await redis.admin.flushall();
    await until(async () => !isOwn(await one.encode(kind, key('b'), entryOf(value))));
    expect(one.stats().dictionaries.own).toBe(0);
    const after = await one.encode(kind, key('b'), entryOf(value));
    expect((await other.decode(kind, key('b'), after))?.value).toEqual(value);
    expect(await other.decode(kind, key('a'), stored)).toBeUndefined();
  });
});

describe('an erased location', () => {
  it('has no dictionary any more, in Redis or in any process, and others keep theirs', async () => {
    const [one, other] = [await coderOf(), await coderOf()];
    await taught(one);
    await taught(one, 'loc-2', 6);
    await until(async () => isOwn(await other.encode(kind, anew(), entryOf(value))));
    await until(async () => isOwn(await other.encode(kind, anew('loc-2'), entryOf(value))));
    const stored = await other.encode(kind, key('a'), entryOf(value));
    await one.forgetLocation('loc-1');
    expect(isOwn(await one.encode(kind, key('a'), entryOf(value)))).toBe(false);
    await until(() => other.stats().dictionaries.own === 1);
    for (const coder of [one, other]) {
      expect(await coder.decode(kind, key('a'), stored)).toBeUndefined();
      expect(isOwn(await coder.encode(kind, key('a', 'loc-2'), entryOf(value)))).toBe(true);
    }
    const contents = (await redis.admin.keys('lw:d:*')).filter((name) => !/[@=!]/.test(name));
    expect(contents).toHaveLength(1);
    for (const name of contents) expect(await redis.admin.getBuffer(name)).not.toBeNull();
  });

  it('gets none of values of before, from a process that never heard of the erasure', async () => {
    const deaf = await coderOf({ pace: { lookedAt: 1, retrainOf: SAMPLES, lookEveryMs: 1_000_000 } });
    const words = ownWords(5, SAMPLES);
    for (const [at, one] of words.slice(1).entries()) await deaf.encode(kind, key(`t${at}`), entryOf(one));
    await (await coderOf()).forgetLocation('loc-1');
    await deaf.encode(kind, key('t-last'), entryOf(words[0]));
    await deaf.settled();
    expect(deaf.stats().dictionaries).toEqual({ adopted: 0, rejected: 0, own: 0 });
    // Of what it hears afterwards it may learn again.
    expect((await redis.admin.keys('lw:d:*')).filter((name) => !/[@=!]/.test(name))).toEqual([]);
  });

  it('is told to Redis as soon as it answers again', async () => {
    const [teacher, coder] = [await coderOf(), await coderOf({}, 1000)];
    await taught(teacher);
    await until(async () => isOwn(await coder.encode(kind, anew(), entryOf(value))));
    const contents = async () => (await redis.admin.keys('lw:d:*')).filter((name) => !/[@=!]/.test(name)).length;
    expect(await contents()).toBe(1);
    await redis.hang();
    const away = coder.forgetLocation('loc-1');
    expect(isOwn(await coder.encode(kind, key('a'), entryOf(value)))).toBe(false);
    await away;
    redis.goOn();
    await until(async () => (await contents()) === 0);
  });
});

it('a coder without Redis has the dictionaries of the product', async () => {
  const coder = createCoder({ kinds: [kind], codecs, tell: silent, pace: { lookedAt: 1, retrainOf: SAMPLES } });
  open.push(coder);
  await taught(coder);
  expect(coder.stats().dictionaries).toEqual({ adopted: 0, rejected: 0, own: 0 });
  const stored = await coder.encode(kind, key('a'), entryOf(value));
  expect([numberOf(stored), (await coder.decode(kind, key('a'), stored))?.value]).toEqual([1, value]);
});
