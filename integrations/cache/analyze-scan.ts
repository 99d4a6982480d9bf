import type { Redis } from 'ioredis';
import { type Collecting, type Counting, createCounting, createStratum } from './analyze-tally.ts';
import type { KnownOfValues, Stratum, Tally } from './analyze-tally.ts';
import { HEADER_BYTES } from './envelope.ts';
import { PREFIX } from './names.ts';

/** What lies there that is no value. */
export const BESIDE = ['tags', 'locks', 'dictionaries', 'bookkeeping'] as const;
export type Beside = (typeof BESIDE)[number];

export interface KindPopulation {
  readonly tally: Tally;
  /** Values with a key of their own; buckets; how many buckets there are, by location. */
  readonly strata: readonly Stratum[];
}

export interface Population {
  readonly kinds: ReadonlyMap<string, KindPopulation>;
  readonly beside: Readonly<Record<Beside, Stratum>>;
  /** Keys under the module's prefixes of which it knows nothing. */
  readonly foreign: number;
}

interface OfKind {
  readonly counting: Counting;
  readonly own: Collecting;
  readonly buckets: Collecting;
  readonly homes: Collecting;
}

/** A key that holds a value, or a bucket of them. */
interface ValueKey extends Pick<Place, 'home'> {
  readonly of: OfKind;
  readonly key: Buffer;
  readonly rest: string;
}

const KEYS_AT_ONCE = 500;
/** A bucket may hold a hundred values of a kilobyte. */
const BUCKETS_AT_ONCE = 20;
const FIELDS_AT_ONCE = 200;
/** In front of a value in a bucket: when it ends. */
const EXPIRY_BYTES = 4;

/**
 * Looks at every key of the module, in small steps, and at the first bytes of each value. What comes or goes meanwhile may be missed, or
 * be met twice while the server's table grows.
 * @param sampled   how many keys of each sort are put aside
 * @param progress  told how many keys were looked at
 */
export async function scan({
  redis,
  kinds,
  known,
  sampled,
  random,
  progress,
}: {
  redis: Redis;
  kinds: readonly string[];
  known: KnownOfValues;
  sampled: number;
  random: () => number;
  progress: (keys: number) => void;
}): Promise<Population> {
  const stratum = (): Collecting => createStratum(sampled, random);
  const byKind = new Map(
    kinds.map((kind): [string, OfKind] => [
      kind,
      { counting: createCounting(kind, known), own: stratum(), buckets: stratum(), homes: stratum() },
    ]),
  );
  const beside = Object.fromEntries(BESIDE.map((what) => [what, stratum()])) as Record<Beside, Collecting>;
  let foreign = 0;
  let seen = 0;

  async function look(keys: readonly Buffer[]): Promise<void> {
    const values: ValueKey[] = [];
    for (const key of keys) {
      const place = placeOf(key);
      const of = place.kind === undefined ? undefined : byKind.get(place.kind);
      if (place.beside !== undefined) beside[place.beside].put(key);
      else if (of === undefined) foreign += 1;
      else if (place.rest === undefined) of.homes.put(key);
      else values.push({ ...place, of, key, rest: place.rest });
    }
    const buckets = await lookAtValues(redis, values);
    for (let from = 0; from < buckets.length; from += BUCKETS_AT_ONCE) {
      const second = Number((await redis.time())[0]);
      const part = buckets.slice(from, from + BUCKETS_AT_ONCE);
      await Promise.all(part.map((bucket) => lookAtBucket(redis, bucket, second)));
    }
    seen += keys.length;
    progress(seen);
  }

  let cursor = '0';
  do {
    const [next, found] = await redis.scanBuffer(cursor, 'MATCH', 'lw:[cd]:*', 'COUNT', KEYS_AT_ONCE);
    cursor = next.toString();
    // Within one answer nothing is counted twice.
    await look([...new Map(found.map((key) => [key.toString('latin1'), key])).values()]);
  } while (cursor !== '0');

  const populations = [...byKind].map(([kind, { counting, own, buckets, homes }]) => {
    return [kind, { tally: counting.tally, strata: [own, buckets, homes] }] as const;
  });
  return { kinds: new Map(populations), beside, foreign };
}

/** Those with keys of their own are counted; buckets are handed back. */
async function lookAtValues(redis: Redis, values: readonly ValueKey[]): Promise<ValueKey[]> {
  if (values.length === 0) return [];
  const pipeline = redis.pipeline();
  for (const { key } of values)
    pipeline
      .type(key)
      .strlen(key)
      .getrangeBuffer(key, 0, HEADER_BYTES - 1);
  const replies = (await pipeline.exec()) ?? [];
  return values.filter(({ of: { counting, own }, key, home }, at) => {
    const type = answerOf(replies[3 * at]);
    if (type === 'hash' && home !== undefined) return true;
    // It went meanwhile.
    if (type === 'none') return false;
    own.put(key);
    if (type !== 'string') counting.unreadable();
    else {
      counting.value(answerOf(replies[3 * at + 2]) as Buffer, answerOf(replies[3 * at + 1]) as number, key.length);
    }
    return false;
  });
}

function answerOf(reply: readonly [error: Error | null, answer: unknown] | undefined): unknown {
  if (reply === undefined) throw new Error('Connection is closed.');
  if (reply[0] !== null) throw reply[0];
  return reply[1];
}

async function lookAtBucket(redis: Redis, { of, key, home, rest }: ValueKey, second: number): Promise<void> {
  const isInUse = await bucketsInUse(redis, home!);
  let cursor = '0';
  let any = false;
  do {
    const [next, fields] = await redis.hscanBuffer(key, cursor, 'COUNT', FIELDS_AT_ONCE);
    cursor = next.toString();
    for (let at = 1; at < fields.length; at += 2) {
      any = true;
      const entry = fields[at]!;
      if (entry.length <= EXPIRY_BYTES) of.counting.unreadable();
      else if (!isInUse(rest) || entry.readUInt32BE(0) <= second) of.counting.ended();
      else of.counting.value(entry.subarray(EXPIRY_BYTES), entry.length - EXPIRY_BYTES);
    }
  } while (cursor !== '0');
  if (any) of.buckets.put(key);
}

/** Which buckets of a kind and location are read: of the generation that is told, and as many as there are. */
async function bucketsInUse(redis: Redis, home: Buffer): Promise<(rest: string) => boolean> {
  const told = await redis.get(home).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'ReplyError') return null;
    throw error;
  });
  const [, generation, count] = /^(\w{6}):(\d{1,7})$/.exec(told ?? '') ?? [];
  return (rest) =>
    generation !== undefined && rest.startsWith(generation) && Number(rest.slice(generation.length)) < Number(count);
}

interface Place {
  readonly beside?: Beside;
  /** Absent: nothing that the module writes. */
  readonly kind?: string | undefined;
  /** The key that says how many buckets there are, of one that may be a bucket. */
  readonly home?: Buffer;
  /** Behind it; absent where it is that key. */
  readonly rest?: string | undefined;
}

const SIGNS: Readonly<Record<string, Beside>> = {
  '#': 'tags',
  '!': 'locks',
  '=': 'bookkeeping',
  '+': 'bookkeeping',
  '?': 'bookkeeping',
};

function placeOf(key: Buffer): Place {
  // A letter for each byte.
  const text = key.toString('latin1');
  if (!text.startsWith(PREFIX)) return { beside: 'dictionaries' };
  const name = text.slice(PREFIX.length);
  const sign = SIGNS[name.charAt(0)];
  if (sign !== undefined) return { beside: sign };
  const [, home = '', kind, rest] = /^(@?([^:]+):[^:]*)(?::(.*))?$/s.exec(name) ?? [];
  if (!home.startsWith('@')) return rest === undefined ? {} : { kind, rest };
  return { kind, rest, home: key.subarray(0, PREFIX.length + home.length) };
}
