import type { Kind } from '../../domain/cache/cache.ts';
import type { RunningCache } from '../../integrations/cache/cache.ts';
import { ownWords } from './cache-own-words.ts';
import type { OwnRedis } from './cache-redis.ts';

/** Values with keys of their own, some in buckets, and some that an operator has pinned. */
export const POPULATED: readonly Kind[] = [
  { name: 'note', ttlMs: 3_600_000, place: 'key' },
  { name: 'small', ttlMs: 3_600_000, place: 'bucket' },
  { name: 'talk', ttlMs: 3_600_000, place: 'key', pin: { codec: 'lz4', level: 1, dictionary: false } },
  { name: 'unused', ttlMs: 3_600_000, place: 'key' },
];

/** A location and an id that nobody should find in a report. */
export const SECRET_LOCATION = 'loc-Zwickau';
export const secretId = (at: number): string => `person-${at}@example.com`;

export const NOTES = ownWords(1, 60);
export const SMALL = ownWords(2, 100);
const TALKS = ownWords(3, 5);

/** What is kept in front of the JSON of a value that is fresh until it ends: its form, and when that is. */
export const FRAME_BYTES = 5;
export const jsonBytes = (values: readonly unknown[]): number =>
  values.reduce<number>((sum, value) => sum + Buffer.byteLength(JSON.stringify(value)), 0);

export async function populate(cache: RunningCache): Promise<void> {
  const entries = (values: readonly unknown[]) =>
    values.map((value, at) => ({ key: { location: SECRET_LOCATION, id: secretId(at) }, value }));
  await cache.setMany(entries(NOTES), { kind: 'note', tags: ['of-Anneliese'] });
  await cache.setMany(entries(SMALL), { kind: 'small' });
  await cache.setMany(entries(TALKS), { kind: 'talk' });
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** The same figures by other ways: everything is read at once. */
export async function countedByHand({ admin }: OwnRedis) {
  const notes = await admin.keys('lw:c:note:*');
  const buckets = await admin.keys('lw:c:@small:*:??????[0-9]*');
  const home = await admin.keys(`lw:c:@small:${SECRET_LOCATION}`);
  const fields = (await Promise.all(buckets.map((bucket) => admin.hvalsBuffer(bucket)))).flat();
  const usage = async (keys: readonly string[]): Promise<number> =>
    sum(await Promise.all(keys.map(async (key) => (await admin.memory('USAGE', key, 'SAMPLES', 0)) ?? 0)));
  return {
    notes: notes.length,
    noteBytes: sum(await Promise.all(notes.map((key) => admin.strlen(key)))),
    noteMemory: await usage(notes),
    buckets: buckets.length,
    smallValues: fields.length,
    smallBytes: sum(fields.map(({ length }) => length - 4)),
    smallMemory: await usage([...buckets, ...home]),
  };
}
