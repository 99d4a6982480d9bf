import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { memoryUsage } from '../../domain/cache/size-class.ts';
import { type Analysis, analyze, type AnalyzeOptions } from '../../integrations/cache/analyze.ts';
import { createCounters } from '../../integrations/cache/counters.ts';
import { createGuardedRedis } from '../../integrations/cache/guarded.ts';
import { createSharedClock } from '../../integrations/cache/shared-clock.ts';
import { createUpkeep } from '../../integrations/cache/upkeep.ts';
import { seeded } from '../support/cache-bytes.ts';
import {
  countedByHand,
  FRAME_BYTES,
  jsonBytes,
  NOTES,
  populate,
  POPULATED,
  SECRET_LOCATION,
  secretId,
  SMALL,
} from '../support/cache-population.ts';
import { type OwnRedis, ownRedis } from '../support/cache-redis.ts';
import { type CacheWorld, cacheWorld, PATIENT_MS, settled } from '../support/cache-world.ts';
import { until } from '../support/until.ts';

const prices = { dollarsPerGbHour: 0.1, dollarsPerCpuSecond: 0.04 / 3600 };
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const next = seeded(5);
const random = (): number => next(1_000_000) / 1_000_000;

const analyzed = ({ url: redisUrl }: { url: string }, options: Partial<AnalyzeOptions> = {}): Promise<Analysis> =>
  analyze({ redisUrl, kinds: POPULATED, prices, memoryUsage: true, random, ...options });
const ofKind = (analysis: Analysis, name: string) => analysis.kinds.find(({ kind }) => kind === name)!;

/** Which commands the server was asked since it last forgot them. */
async function commandsOf({ admin }: OwnRedis): Promise<string[]> {
  const stats = await admin.info('commandstats');
  return [...stats.matchAll(/^cmdstat_([a-z|]+):/gm)].map(([, name]) => name!.split('|')[0]!);
}

describe('an analysis of the cache', () => {
  let redis: OwnRedis;
  let world: CacheWorld;

  beforeAll(async () => {
    redis = await ownRedis();
    world = cacheWorld(redis.url);
    const options = { kinds: POPULATED, random: () => 0 };
    const [writer, reader] = [await world.cache(options), await world.cache(options)];
    await populate(writer);
    await settled(writer, reader);
    const asked = (from: number) =>
      Array.from({ length: 20 }, (_, at) => ({ location: SECRET_LOCATION, id: secretId(from + at) }));
    // Twice: from Redis, then from the map of the process. Then what nobody has.
    for (const from of [0, 0, 1000, 2000]) await reader.getMany(asked(from), { kind: 'note' });
    await until(() => writer.choices().some(({ kind, reckoned }) => kind === 'note' && reckoned !== undefined));
    await until(() => writer.choices().some(({ kind, reckoned }) => kind === 'small' && reckoned !== undefined));
    await world.close();
  });
  afterAll(() => redis.close());

  it('counts keys, values, plain and stored bytes one by one', async () => {
    const analysis = await analyzed(redis);
    const by = await countedByHand(redis);
    expect([by.notes, by.smallValues]).toEqual([NOTES.length, SMALL.length]);
    expect(ofKind(analysis, 'note')).toMatchObject({
      ...{ place: 'key', keys: NOTES.length, values: NOTES.length, ended: 0, unreadable: 0 },
      plainBytes: jsonBytes(NOTES) + NOTES.length * FRAME_BYTES,
      storedBytes: by.noteBytes,
    });
    expect(ofKind(analysis, 'small')).toMatchObject({
      ...{ place: 'bucket', keys: by.buckets + 1, values: SMALL.length, ended: 0, unreadable: 0 },
      plainBytes: jsonBytes(SMALL) + SMALL.length * FRAME_BYTES,
      storedBytes: by.smallBytes,
    });
    const { savedShare, codecs } = ofKind(analysis, 'talk');
    expect(savedShare).toBeGreaterThan(0);
    expect(codecs).toEqual({ lz4: 5 });
    expect(ofKind(analysis, 'unused')).toMatchObject({ keys: 0, values: 0, savedShare: null, bands: [] });
    expect(analysis.beside.find(({ what }) => what === 'tags')).toMatchObject({ keys: 1 });
  });

  it('asks for the memory of every key where there is room for all in the sample', async () => {
    const analysis = await analyzed(redis);
    const by = await countedByHand(redis);
    const note = ofKind(analysis, 'note');
    expect(analysis.memoryUsage).toBe('asked');
    expect(note.memory).toMatchObject({ bytes: by.noteMemory, margin: 0, askedKeys: NOTES.length });
    expect(ofKind(analysis, 'small').memory).toMatchObject({ bytes: by.smallMemory, margin: 0 });
    expect(note.dollarsPerMonth.memory).toBeCloseTo((by.noteMemory / 1e9) * 0.1 * 730, 12);
    // Plain JSON in keys of their own, by the classes of the allocator.
    const asJson = NOTES.reduce((sum, note_, at) => {
      const key = `lw:c:note:${SECRET_LOCATION}:${secretId(at)}`;
      return sum + memoryUsage(key.length, Buffer.byteLength(JSON.stringify(note_)));
    }, 0);
    expect(Math.abs(note.memory!.asJsonBytes! / asJson - 1)).toBeLessThan(0.02);
    expect(note.memory!.savedShare).toBeCloseTo(1 - by.noteMemory / note.memory!.asJsonBytes!, 6);
    expect(ofKind(analysis, 'small').memory!.asJsonBytes).toBeGreaterThan(jsonBytes(SMALL));
  });

  it('says how far a sample may be from the truth', async () => {
    const { noteMemory } = await countedByHand(redis);
    const samples = [];
    for (let i = 0; i < 100; i += 1) samples.push(ofKind(await analyzed(redis, { sampled: 15 }), 'note').memory!);
    for (const { askedKeys, margin } of samples) {
      expect(askedKeys).toBe(15);
      expect(margin).toBeLessThan(noteMemory / 4);
    }
    // One of thousands is of keys that all take the same.
    expect(samples.filter(({ margin }) => margin > 0).length).toBeGreaterThan(95);
    // Of so few sizes that differ so little nine in ten are as near as that: not one in a million hundreds has less than 74.
    const near = samples.filter(({ bytes, margin }) => Math.abs(bytes - noteMemory) <= margin);
    expect(near.length).toBeGreaterThanOrEqual(74);
  });

  it('only reads, in steps, and asks for memory only where it shall', async () => {
    await redis.admin.config('RESETSTAT');
    const keys: number[] = [];
    const without = await analyzed(redis, { memoryUsage: false, progress: (seen) => keys.push(seen) });
    const reads = ['get', 'getrange', 'hgetall', 'hscan', 'mget', 'scan', 'strlen', 'type', 'zrangebyscore'];
    const known = [...reads, 'config', 'hello', 'info', 'ping', 'time'];
    expect((await commandsOf(redis)).filter((name) => !known.includes(name))).toEqual([]);
    expect(without.memoryUsage).toBe('not asked');
    expect(without.kinds.map(({ memory, dollarsPerMonth }) => [memory, dollarsPerMonth.memory])).toEqual(
      POPULATED.map(() => [null, null]),
    );
    expect(without.kinds.map(({ storedBytes }) => storedBytes)).toEqual(
      (await analyzed(redis)).kinds.map(({ storedBytes }) => storedBytes),
    );
    expect((await commandsOf(redis)).filter((name) => !known.includes(name))).toEqual(['memory']);
    expect(keys.at(-1)).toBe((await redis.admin.keys('lw:[cd]:*')).length);
  });

  it('tells hit rates, and what was written, of what all processes counted', async () => {
    const analysis = await analyzed(redis);
    const { reads, written, micros } = ofKind(analysis, 'note');
    expect(reads).toMatchObject({ near: 20, shared: 20, missed: 40, hitRate: 0.5, unreadable: 0 });
    expect(reads!.sharedHitRate).toBeCloseTo(1 / 3, 9);
    expect(written).toMatchObject({ values: NOTES.length, jsonBytes: jsonBytes(NOTES) });
    expect(written!.savedShare).toBeCloseTo(1 - written!.storedBytes / jsonBytes(NOTES), 9);
    expect(micros.write).toMatchObject({ how: 'timed' });
    expect(micros.write!.micros).toBeGreaterThan(0);
    expect(analysis.processes).toBe(1);
    expect(Date.parse(analysis.countedSince!)).toBeLessThanOrEqual(Date.parse(analysis.at));
    // Nobody read or wrote one.
    expect(ofKind(analysis, 'unused')).toMatchObject({
      ...{ reads: null, written: null, micros: { write: null, read: null } },
      dollarsPerMonth: { memory: 0, memoryAsJson: null, cpu: null },
    });
  });

  it('says what is in force and why, and what other ways would change at the stated prices', async () => {
    const band = (analysis: Analysis, name: string) => ofKind(analysis, name).bands.find(({ use }) => use !== null)!;
    const note = band(await analyzed(redis), 'note');
    const [inForce] = note.inForce;
    expect(['best', 'kept']).toContain(inForce!.why);
    expect(note.use).toMatchObject({ lifeHours: expect.any(Number), samples: expect.any(Number) });
    expect(note.policies!.map(({ method }) => method.codec)).toEqual(expect.arrayContaining(['none', 'lz4', 'brotli']));
    const own = note.policies!.find(({ method }) => JSON.stringify(method) === JSON.stringify(inForce!.method));
    expect(own).toMatchObject({ bytesMore: 0, dollarsMorePerMonth: 0 });
    const none = ({ policies }: typeof note) => policies!.find(({ method }) => method.codec === 'none')!;
    expect(none(note).bytesMore).toBeCloseTo((none(note).memoryBytes - own!.memoryBytes) * note.values, 6);
    expect(none(note).bytesMore).toBeGreaterThan(0);
    const dear = { dollarsPerGbHour: 1000, dollarsPerCpuSecond: 0 };
    const more = none(band(await analyzed(redis, { prices: dear }), 'note'));
    expect(more.dollarsMorePerMonth).toBeCloseTo((more.bytesMore! / 1e9) * 1000 * 730, 6);

    const [pinned] = ofKind(await analyzed(redis), 'talk').bands;
    expect(pinned).toMatchObject({ use: null, policies: null, values: 5 });
    expect(pinned!.inForce).toMatchObject([{ method: { codec: 'lz4', level: 1 }, why: 'pinned', processes: 1 }]);
  });

  it('names nobody, neither in what it says nor in what processes hand on', async () => {
    const { admin } = redis;
    const handedOn = await Promise.all([
      admin.hgetall('lw:c:='),
      ...(await admin.keys('lw:c:+?*')).map((key) => admin.get(key)),
    ]);
    expect(handedOn).toHaveLength(2);
    const said = JSON.stringify([await analyzed(redis), handedOn]);
    for (const word of [SECRET_LOCATION, 'person-', 'example.com', 'Anneliese', 'Besichtigung', 'ref'])
      expect(said).not.toContain(word);
    expect(await admin.pttl((await admin.keys('lw:c:+?*'))[0]!)).toBeGreaterThan(0);
  });
});

it('what a process hands on is added up once, and again where no server took it', async () => {
  const redis = await ownRedis();
  const guarded = createGuardedRedis({ redisUrl: redis.url, tell: silent, limitMs: PATIENT_MS });
  const counters = createCounters(['note']);
  let writes = 3;
  const stats = { kind: 'note', plainBytes: 0, storedBytes: 0, writeMicros: 0.4, reads: 0, readMicros: 0 };
  const upkeep = createUpkeep({
    ...{ redis: guarded, clock: createSharedClock(), counters, sender: 'one', choices: () => [] },
    coded: () => [{ ...stats, writes, timedWrites: 0, timedReads: 0, misses: { checksum: 2, expired: 7 }, codecs: {} }],
  });
  counters.count('note', 'near', 4);
  // There is no connection yet.
  await upkeep.close();
  await until(() => guarded.healthy());
  expect(await redis.admin.exists('lw:c:=')).toBe(0);
  await upkeep.close();
  writes = 5;
  await upkeep.close();
  await upkeep.close();
  const { ':since': since, ...counts } = await redis.admin.hgetall('lw:c:=');
  expect(counts).toEqual({ 'note:coded': '5', 'note:near': '4', 'note:unreadable': '2' });
  expect(Number(since)).toBeGreaterThan(Date.now() - 60_000);
  await guarded.close();
  await redis.close();
});

describe('what the cache does not know', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function start(settings?: readonly string[]): Promise<OwnRedis> {
    const redis = await ownRedis(settings);
    closing.push(redis.close);
    return redis;
  }

  /** One value that can be read, as another process wrote it. */
  async function withOne(redis: OwnRedis, kind: string): Promise<void> {
    const world = cacheWorld(redis.url);
    const cache = await world.cache({ kinds: POPULATED });
    await cache.set({ location: 'L', id: 'one' }, NOTES[0], { kind });
    await world.close();
  }

  it('is counted as unreadable or foreign, beside what can be read', async () => {
    const redis = await start();
    const { admin } = redis;
    await withOne(redis, 'note');
    await admin.mset({ 'lw:c:note:L:json': '{"name":"Jo"}', 'lw:c:note:L:': '', 'lw:c:note:L:cut': '\x12' });
    await admin.set('lw:c:note:L:long', Buffer.from([0x10, 0, 0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0]));
    await admin.rpush('lw:c:note:L:list', 'Jo');
    await admin.hset('lw:c:note:L:hash', 'name', 'Jo');
    await admin.set('lw:c:person:L:Jo', 'Jo');
    await admin.set('lw:c:note', 'Jo');
    await admin.set('lw:c:Jo', 'Jo');
    await admin.set('other:note:L:1', 'Jo');
    const analysis = await analyzed(redis);
    expect(ofKind(analysis, 'note')).toMatchObject({ keys: 7, values: 1, unreadable: 6 });
    expect(analysis.foreignKeys).toBe(3);
    expect(JSON.stringify(analysis)).not.toContain('Jo');
  });

  it('in a bucket is told apart by what ended, what nobody can reach and what is broken', async () => {
    const redis = await start();
    const { admin } = redis;
    await withOne(redis, 'small');
    const bucket = (await admin.keys('lw:c:@small:L:*'))[0]!;
    const entry = (await admin.hvalsBuffer(bucket))[0]!;
    const ended = Buffer.from(entry);
    ended.writeUInt32BE(Math.floor(Date.now() / 1000) - 1);
    await admin.hset(bucket, { ended, 'too-short': 'ab', foreign: Buffer.concat([entry.subarray(0, 4), ended]) });
    await admin.hset('lw:c:@small:L:abcdef0', { lost: entry });
    await admin.hset('lw:c:@small:nowhere:abcdef0', { lost: entry });
    await admin.set('lw:c:@small:of-another-type', 'none');
    await admin.hset('lw:c:@small:of-another-type:abcdef0', { lost: entry });
    expect(ofKind(await analyzed(redis), 'small')).toMatchObject({ keys: 6, values: 1, ended: 4, unreadable: 2 });
  });

  it('is unknown where what processes hand on is damaged, of another type or invented', async () => {
    const redis = await start();
    const { admin } = redis;
    await withOne(redis, 'note');
    const [told] = await admin.keys('lw:c:+?*');
    const whole = await admin.get(told!);
    await admin.hset('lw:c:=', { 'note:near': 'Jo', 'note:shared': '-3', 'note:missed': '9e99', 'Jo:near': '1' });
    const method = { codec: 'Jo, 555 0100', level: 1, dictionary: false };
    const choice = { kind: 'note', band: 2, method, why: 'best' };
    for (const text of [
      ...['', '{', 'null', '[]', '{"at":1e300,"choices":[]}', whole!.replace(/"why":"\w+"/g, '"why":"Jo"')],
      JSON.stringify({ at: 1, choices: [choice, null, { ...choice, band: 1e9 }] }),
    ]) {
      await admin.set(told!, text);
      const analysis = await analyzed(redis);
      expect(analysis.processes).toBe(0);
      expect(ofKind(analysis, 'note')).toMatchObject({ reads: null, bands: [{ inForce: [], policies: null }] });
      expect(JSON.stringify(analysis)).not.toContain('Jo');
    }
    await admin.del('lw:c:=', 'lw:c:+');
    await admin.mset({ 'lw:c:=': 'x', 'lw:c:+': 'x' });
    expect(await analyzed(redis)).toMatchObject({ countedSince: null, processes: 0 });
    expect(ofKind(await analyzed(redis), 'note').memory!.asJsonBytes).toBeNull();
  });

  it('is what keys take on a server that does not say', async () => {
    const redis = await start(['--rename-command', 'MEMORY', '']);
    await withOne(redis, 'note');
    const analysis = await analyzed(redis);
    expect(analysis.memoryUsage).toBe('refused');
    expect(ofKind(analysis, 'note')).toMatchObject({ values: 1, memory: null, dollarsPerMonth: { memory: null } });
  });

  it('on an empty server is nothing, and known to be nothing', async () => {
    const analysis = await analyzed(await start());
    expect(analysis).toMatchObject({ memoryUsage: 'asked', foreignKeys: 0, countedSince: null, processes: 0 });
    expect(analysis.kinds.map(({ keys, values, memory }) => [keys, values, memory?.bytes])).toEqual(
      POPULATED.map(() => [0, 0, 0]),
    );
  });

  it('is asked for no longer than patience lasts', async () => {
    const redis = await start();
    await redis.hang();
    await expect(analyzed(redis, { patienceMs: 200 })).rejects.toThrow(/timed out/i);
    redis.goOn();
  });
});
