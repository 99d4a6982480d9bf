import { Redis } from 'ioredis';
import type { Kind } from '../../domain/cache/cache.ts';
import type { Codecs } from '../../integrations/cache/codecs.ts';
import { bucketKinds, fastKinds, shortKinds, TTL_MS } from './cache-kinds.ts';
import { cacheStore, NOTHING_NEAR, openOurs } from './cache-ours.ts';
import type { BenchRedis } from './cache-redis.ts';
import { keyOf, type KeyvName, keyvNames, keyvs, openKeyv } from './cache-stores.ts';
import { madeValues, type Made } from './cache-values.ts';
import { summarise, type Summary } from './summary.ts';

/** A whole operation, from the call to the answer. */
export interface OperationFigure {
  readonly kind: (typeof shortKinds)[number];
  readonly way: string;
  readonly operation: string;
  readonly n: number;
  /** How many had none: the cache waits for its Redis for 50 ms, and goes on without it. */
  readonly unanswered: number;
  /** Processor time of this process, all threads, microseconds each. */
  readonly clientMicros: number;
  /** Of the server. */
  readonly serverMicros: number;
  /** From call to answer, microseconds. */
  readonly latency: Summary;
}

/** So many are under way at any time, and the next one begins when one has ended. */
export const IN_FLIGHT = 16;

interface Operation {
  readonly way: string;
  readonly operation: string;
  /** As of a store: so few have to do. */
  readonly oneIn?: number;
  run(made: Made, at: number): Promise<unknown>;
}

/** @param n  operations of each; those of keyv with brotli are fewer */
export async function measurePeers(
  redis: BenchRedis,
  codecs: Codecs,
  n: number,
  say: (line: string) => void,
): Promise<OperationFigure[]> {
  const figures: OperationFigure[] = [];
  for (const kind of shortKinds) {
    say(`whole operations: ${kind}`);
    await redis.clear();
    const made = madeValues(kind, 1000);
    const bucketed = kind === 'listing' ? [] : [ofBuckets(codecs, made, bucketKinds[kind])];
    for (const open of [ofIoredis, ...keyvNames.map(ofKeyv), ofNear(codecs), ofFar(codecs, made), ...bucketed]) {
      const { operations, close } = await open(fastKinds[kind], redis.url);
      try {
        for (const operation of operations) {
          figures.push(await measured(redis, { kind, made, n: Math.round(n / (operation.oneIn ?? 1)) }, operation));
        }
      } finally {
        await close();
      }
    }
  }
  return figures;
}

/** One client at a time: whoever has the cache open hears of each change. */
interface Opened {
  readonly operations: readonly Operation[];
  readonly close: () => Promise<unknown>;
}

type Open = (kind: Kind, url: string) => Promise<Opened>;

const ofIoredis: Open = (kind, url) => {
  const redis = new Redis(url);
  const way = 'plain ioredis';
  const operations: Operation[] = [
    { way, operation: 'set', run: (made) => redis.set(keyOf(kind, made), JSON.stringify(made.value), 'PX', TTL_MS) },
    { way, operation: 'get', run: async (made) => JSON.parse((await redis.get(keyOf(kind, made)))!) as unknown },
  ];
  return Promise.resolve({ operations, close: () => redis.quit() });
};

const ofKeyv =
  (name: KeyvName): Open =>
  (kind, url) => {
    const { compression, ofJson, oneIn } = keyvs[name];
    const { keyv, close } = openKeyv(url, compression());
    const given = ({ value }: Made): unknown => (ofJson ? JSON.stringify(value) : value);
    const taken = (value: unknown): unknown => (ofJson ? JSON.parse(value as string) : value);
    const operations: Operation[] = [
      { way: name, operation: 'set', oneIn, run: (made) => keyv.set(keyOf(kind, made), given(made), TTL_MS) },
      { way: name, operation: 'get', oneIn, run: async (made) => taken(await keyv.get(keyOf(kind, made))) },
    ];
    return Promise.resolve({ operations, close });
  };

const OURS = 'ours';

const ofNear =
  (codecs: Codecs): Open =>
  async (kind, url) => {
    const cache = await openOurs(url, [kind], codecs);
    const keep = { kind: kind.name };
    const operations: Operation[] = [
      { way: OURS, operation: 'set', run: ({ key, value }) => cache.set(key, value, keep) },
      { way: OURS, operation: 'get, near', run: ({ key }) => cache.get(key, keep) },
      {
        ...{ way: OURS, operation: 'wrap, near' },
        run: ({ key, value }) => cache.wrap(key, keep, () => Promise.resolve(value)),
      },
      {
        ...{ way: OURS, operation: 'wrap, loaded and kept' },
        run: ({ key, value }, at) => cache.wrap({ ...key, id: `${key.id}-${at}` }, keep, () => Promise.resolve(value)),
      },
    ];
    return { operations, close: () => cache.close() };
  };

const ofFar =
  (codecs: Codecs, made: readonly Made[]): Open =>
  async (kind, url) => {
    await cacheStore(OURS, kind, codecs).fill(url, made);
    const cache = await openOurs(url, [kind], codecs, { near: NOTHING_NEAR });
    const run = ({ key }: Made) => cache.get(key, { kind: kind.name });
    return { operations: [{ way: OURS, operation: 'get, from Redis', run }], close: () => cache.close() };
  };

const ofBuckets =
  (codecs: Codecs, made: readonly Made[], bucketKind: Kind): Open =>
  async (_, url) => {
    await cacheStore(OURS, bucketKind, codecs).fill(url, made);
    const cache = await openOurs(url, [bucketKind], codecs, { near: NOTHING_NEAR });
    const keep = { kind: bucketKind.name };
    const way = 'ours, buckets';
    const operations: Operation[] = [
      { way, operation: 'set', run: ({ key, value }) => cache.set(key, value, keep) },
      { way, operation: 'get, from Redis', run: ({ key }) => cache.get(key, keep) },
    ];
    return { operations, close: () => cache.close() };
  };

async function measured(
  redis: BenchRedis,
  { kind, made, n }: { kind: OperationFigure['kind']; made: readonly Made[]; n: number },
  { way, operation, run }: Operation,
): Promise<OperationFigure> {
  const one = async (at: number): Promise<boolean> => {
    const answer = await run(made[at % made.length]!, at);
    return operation === 'set' ? answer !== false : answer !== undefined && answer !== null;
  };
  // What is loaded and kept must not be known from the warm-up.
  await inFlight(made.length, async (at) => {
    await one(n + at);
  });
  const server = await redis.processorMicros();
  const client = process.cpuUsage();
  const latencies: number[] = [];
  let unanswered = 0;
  await inFlight(n, async (at) => {
    const began = performance.now();
    if (!(await one(at))) unanswered += 1;
    latencies.push((performance.now() - began) * 1000);
  });
  const { user, system } = process.cpuUsage(client);
  const serverMicros = ((await redis.processorMicros()) - server) / n;
  const clientMicros = (user + system) / n;
  return { kind, way, operation, n, unanswered, clientMicros, serverMicros, latency: summarise(latencies) };
}

async function inFlight(n: number, one: (at: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < n) {
      next += 1;
      await one(next - 1);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
}
