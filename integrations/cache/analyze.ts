import { Redis } from 'ioredis';
import type { Kind } from '../../domain/cache/cache.ts';
import { isSame, type Prices } from '../../domain/cache/cost.ts';
import { HOURS_PER_MONTH } from '../../domain/cache/policies.ts';
import { type BandReport, bandsOf, type Told, toldOf } from './analyze-choices.ts';
import { countsOf, type KindFacts } from './analyze-facts.ts';
import { type Memory, memoryOf } from './analyze-memory.ts';
import { BESIDE, type Beside, type KindPopulation, scan } from './analyze-scan.ts';
import { COUNTS, TOLD } from './names.ts';

/** Of one kind. What nobody counted or measured is null. */
export interface KindAnalysis {
  readonly kind: string;
  readonly place: Kind['place'];
  readonly keys: number;
  readonly values: number;
  readonly ended: number;
  readonly unreadable: number;
  /** Before the codec: JSON, or packed by the kind's schema. */
  readonly plainBytes: number;
  readonly storedBytes: number;
  readonly savedShare: number | null;
  readonly codecs: Readonly<Record<string, number>>;
  /** Of what was written since counting began; here packing counts as saving. */
  readonly written: {
    readonly values: number;
    readonly jsonBytes: number;
    readonly storedBytes: number;
    readonly savedShare: number;
  } | null;
  /** Null also where it was not asked for. */
  readonly memory: (Memory & AsJson) | null;
  readonly reads: {
    readonly near: number;
    readonly shared: number;
    readonly missed: number;
    readonly hitRate: number;
    /** Of those that this process's own map did not answer. */
    readonly sharedHitRate: number | null;
    readonly unreadable: number | null;
  } | null;
  /** CPU of coding one value. */
  readonly micros: { readonly write: Micros | null; readonly read: Micros | null };
  readonly dollarsPerMonth: {
    readonly memory: number | null;
    readonly memoryAsJson: number | null;
    /** At the pace since counting began. */
    readonly cpu: number | null;
  };
  readonly bands: readonly BandReport[];
}

/**
 * timed: in passing, JSON or packing included; long values are not. tried: where nothing was timed, by the trials of what is in force, beyond
 * JSON.
 */
export interface Micros {
  readonly micros: number;
  readonly how: 'timed' | 'tried';
}

interface AsJson {
  /** What the values would take as plain JSON in keys of their own, by the allocator's size classes. */
  readonly asJsonBytes: number | null;
  readonly savedShare: number | null;
}

export interface Analysis {
  readonly at: string;
  readonly memoryUsage: 'asked' | 'refused' | 'not asked';
  readonly prices: Prices;
  readonly countedSince: string | null;
  /** Processes that said what they have in force. */
  readonly processes: number;
  readonly kinds: readonly KindAnalysis[];
  readonly beside: readonly { readonly what: Beside; readonly keys: number; readonly memory: Memory | null }[];
  readonly foreignKeys: number;
  /** Of the whole server, whatever else it holds. */
  readonly usedMemoryBytes: number | null;
}

export interface AnalyzeOptions {
  readonly redisUrl: string;
  readonly kinds: readonly Kind[];
  readonly prices: Prices;
  /** Ask the server what keys take. */
  readonly memoryUsage: boolean;
  /** Of how many keys of each sort; absent: 1000. */
  readonly sampled?: number;
  readonly random?: () => number;
  /** How long the server may take for one step; absent: five seconds. */
  readonly patienceMs?: number;
  /** Told how many keys were looked at. */
  readonly progress?: (keys: number) => void;
}

const SAMPLED = 1000;
const PATIENCE_MS = 5000;

/**
 * What lies in Redis and how it pays. It reads only, a little at a time. No key, location or value is in what it says.
 * @throws what the client says of a server that does not answer, or refuses
 */
export async function analyze(options: AnalyzeOptions): Promise<Analysis> {
  const redis = await connected(options.redisUrl, options.patienceMs ?? PATIENCE_MS);
  try {
    return await analysis(redis, options);
  } finally {
    redis.disconnect();
  }
}

async function analysis(
  redis: Redis,
  { kinds, prices, memoryUsage, sampled = SAMPLED, random = Math.random, progress = () => undefined }: AnalyzeOptions,
): Promise<Analysis> {
  const names = new Set(kinds.map(({ name }) => name));
  const [second, micros] = await redis.time();
  const at = Number(second) * 1000 + Math.floor(Number(micros) / 1000);
  const counts = countsOf(await ignoring(redis.hgetall(COUNTS), {}), names);
  const told = toldOf(await toldTexts(redis, at), names);
  const facts = (kind: string): KindFacts => counts.kinds.get(kind) ?? {};
  const known = {
    jsonBytes: (kind: string, plainBytes: number) => times(plainBytes, jsonPerPlain(facts(kind))),
    keyBytes: told.keyBytes,
  };
  const population = await scan({ redis, kinds: [...names], known, sampled, random, progress });
  const measured = async (of: Parameters<typeof memoryOf>[1], nested: number): Promise<Memory | null> =>
    memoryUsage ? ((await memoryOf(redis, of, nested)) ?? null) : null;

  const reports: KindAnalysis[] = [];
  for (const kind of kinds) {
    const found = population.kinds.get(kind.name)!;
    const memory = await measured(found.strata, 0);
    const terms = { memory, facts: facts(kind.name), told, prices, hours: hoursSince(counts.since, at) };
    reports.push(reportOf(kind, found, terms));
  }
  const beside = [];
  for (const what of BESIDE) {
    const stratum = population.beside[what];
    beside.push({ what, keys: stratum.keys, memory: await measured([stratum], NESTED) });
  }
  const refused = [...reports, ...beside].some(({ keys, memory }) => keys > 0 && memory === null);
  return {
    at: new Date(at).toISOString(),
    memoryUsage: memoryUsage ? (refused ? 'refused' : 'asked') : 'not asked',
    prices,
    countedSince: counts.since === undefined ? null : new Date(counts.since).toISOString(),
    processes: told.processes,
    kinds: reports,
    ...{ beside, foreignKeys: population.foreign },
    usedMemoryBytes: await usedMemory(redis),
  };
}

/** Tags can have very many members: of so many the size is asked. */
const NESTED = 20;

interface Terms {
  readonly memory: Memory | null;
  readonly facts: KindFacts;
  readonly told: Told;
  readonly prices: Prices;
  readonly hours: number | undefined;
}

function reportOf({ name, place }: Kind, { tally, strata }: KindPopulation, terms: Terms): KindAnalysis {
  const { memory, facts, told, prices, hours } = terms;
  const { values, ended, unreadable, plainBytes, storedBytes } = tally;
  const asJsonBytes = values === 0 ? null : (tally.asJsonBytes ?? null);
  const bands = bandsOf(name, { tally, told, prices });
  const micros = {
    write: microsOf(per(facts['timedWriteMicros'], facts['timedWrites']), bands, 'writeMicros'),
    read: microsOf(per(facts['timedReadMicros'], facts['timedReads']), bands, 'readMicros'),
  };
  const memoryDollars = (bytes: number | null | undefined): number | null =>
    bytes === null || bytes === undefined ? null : (bytes / 1e9) * prices.dollarsPerGbHour * HOURS_PER_MONTH;
  return {
    ...{ kind: name, place, keys: strata.reduce((sum, { keys }) => sum + keys, 0) },
    ...{ values, ended, unreadable, plainBytes, storedBytes, savedShare: saved(storedBytes, plainBytes) },
    codecs: Object.fromEntries(tally.codecs),
    written: writtenOf(facts),
    memory: memory && { ...memory, asJsonBytes, savedShare: asJsonBytes && saved(memory.bytes, asJsonBytes) },
    reads: readsOf(facts),
    micros,
    dollarsPerMonth: {
      memory: memoryDollars(memory?.bytes),
      memoryAsJson: memoryDollars(asJsonBytes),
      cpu: cpuDollars(facts, micros, hours, prices),
    },
    bands,
  };
}

function writtenOf({ stored, jsonBytes, storedBytes }: KindFacts): KindAnalysis['written'] {
  if (stored === undefined || jsonBytes === undefined || storedBytes === undefined || jsonBytes === 0) return null;
  return { values: stored, jsonBytes, storedBytes, savedShare: 1 - storedBytes / jsonBytes };
}

function readsOf({ near = 0, shared = 0, missed = 0, decoded, unreadable }: KindFacts): KindAnalysis['reads'] {
  const reads = near + shared + missed;
  if (reads === 0) return null;
  return {
    ...{ near, shared, missed, hitRate: (near + shared) / reads, sharedHitRate: per(shared, shared + missed) },
    unreadable: unreadable ?? (decoded === undefined ? null : 0),
  };
}

function microsOf(timed: number | null, bands: readonly BandReport[], of: 'writeMicros' | 'readMicros'): Micros | null {
  if (timed !== null) return { micros: timed, how: 'timed' };
  let [sum, values] = [0, 0];
  for (const band of bands.filter((one) => one.values > 0)) {
    const method = band.inForce[0]?.method;
    const tried = method && band.policies?.find((policy) => isSame(policy.method, method));
    if (tried === undefined) return null;
    sum += tried[of] * band.values;
    values += band.values;
  }
  return values === 0 ? null : { micros: sum / values, how: 'tried' };
}

function cpuDollars(
  { coded = 0, decoded = 0 }: KindFacts,
  micros: KindAnalysis['micros'],
  hours: number | undefined,
  prices: Prices,
): number | null {
  if (hours === undefined || coded + decoded === 0) return null;
  if ((coded > 0 && micros.write === null) || (decoded > 0 && micros.read === null)) return null;
  const seconds = (coded * (micros.write?.micros ?? 0) + decoded * (micros.read?.micros ?? 0)) / 1e6;
  return (seconds / hours) * HOURS_PER_MONTH * prices.dollarsPerCpuSecond;
}

/** What was written lately is to its plain bytes as the rest is. */
function jsonPerPlain({ stored, jsonBytes, coded, codedPlainBytes }: KindFacts): number | undefined {
  if (!stored || !jsonBytes || !coded || !codedPlainBytes) return undefined;
  return jsonBytes / stored / (codedPlainBytes / coded);
}

const times = (a: number, b: number | undefined): number | undefined => (b === undefined ? undefined : a * b);
const saved = (now: number, before: number): number | null => (before > 0 ? 1 - now / before : null);
const per = (sum: number | undefined, count: number | undefined): number | null =>
  sum === undefined || !count ? null : sum / count;
const hoursSince = (since: number | undefined, at: number): number | undefined =>
  since !== undefined && at > since ? (at - since) / 3_600_000 : undefined;

async function toldTexts(redis: Redis, now: number): Promise<string[]> {
  const processes = await ignoring(redis.zrangebyscore(TOLD, now, '+inf', 'LIMIT', 0, MOST_PROCESSES), []);
  const texts = processes.length === 0 ? [] : await redis.mget(processes.map((process) => TOLD + process));
  return texts.filter((text) => text !== null);
}

const MOST_PROCESSES = 1000;

/** What lies where our own should and is of another type says nothing. */
async function ignoring<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return otherwise;
    throw error;
  }
}

/** Absent where the server does not say. */
async function usedMemory(redis: Redis): Promise<number | null> {
  const info = await redis.info('memory').catch(() => '');
  const found = /^used_memory:(\d+)/m.exec(info);
  return found === null ? null : Number(found[1]);
}

async function connected(redisUrl: string, patienceMs: number): Promise<Redis> {
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    connectTimeout: patienceMs,
    commandTimeout: patienceMs,
    disconnectTimeout: 100,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    enableReadyCheck: false,
  });
  let last: Error | undefined;
  redis.on('error', (error: Error) => (last = error));
  try {
    await redis.connect();
    await redis.ping();
    return redis;
  } catch (error) {
    redis.disconnect();
    throw last ?? error;
  }
}
