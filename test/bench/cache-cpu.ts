import type { Key, Kind } from '../../domain/cache/cache.ts';
import type { Method } from '../../domain/cache/cost.ts';
import { type Codecs, createCodecs, type Encoding } from '../../integrations/cache/codecs.ts';
import { type Coder, createCoder } from '../../integrations/cache/coder.ts';
import { slotOf } from '../../integrations/cache/names.ts';
import { createValues } from '../../integrations/cache/values.ts';
import type { ZstdRouteName } from '../../integrations/cache/zstd.ts';
import { fastKinds, fastMethod, shortKinds, slowMethod, textKinds, TTL_MS } from './cache-kinds.ts';
import { bytesOf, keyOf, shippedDictionary, silent } from './cache-stores.ts';
import { madeValues, type Made } from './cache-values.ts';

type ShortKind = (typeof shortKinds)[number];

/** Processor time of one value, microseconds, of all threads of the process: the median of the rounds, and the least and the most of them. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export interface CpuFigure {
  readonly kind: ShortKind;
  readonly way: string;
  /** `codec`: packed bytes, or JSON, to sealed bytes and back. `json`: a value to sealed bytes and back, as the cache does it. */
  readonly of: 'codec' | 'json';
  readonly write: Spread;
  readonly read: Spread;
  /** Operations of a round, of each. */
  readonly n: number;
  readonly rounds: number;
}

export interface CpuSize {
  readonly operations: number;
  readonly rounds: number;
  /** For what is reported without a bar. */
  readonly slowOperations: number;
  readonly slowRounds: number;
}

/** As many different values are taken in turn: what is told holds for values that the processor has not just seen. */
const VALUES = 2000;

/** The way that the bars are for. */
export const NATIVE = 'zstd-napi with dictionary, fast level';

interface Work {
  readonly kind: ShortKind;
  readonly way: string;
  readonly of: CpuFigure['of'];
  readonly slow: boolean;
  write(at: number): unknown;
  /** Whether it was read. */
  read(at: number): boolean;
}

export async function measureCpu(size: CpuSize, say: (line: string) => void): Promise<CpuFigure[]> {
  const works = await allWorks();
  say(`processor time: ${works.length} ways of writing and reading`);
  return works.map(({ kind, way, of, slow, write, read }) => {
    const [n, rounds] = slow ? [size.slowOperations, size.slowRounds] : [size.operations, size.rounds];
    const reading = (at: number): void => {
      if (!read(at)) throw new Error(`${way}: a ${kind} was not read.`);
    };
    return { kind, way, of, n, rounds, write: spread(write, n, rounds), read: spread(reading, n, rounds) };
  });
}

function spread(work: (at: number) => unknown, n: number, rounds: number): Spread {
  for (let at = 0; at < VALUES; at += 1) work(at);
  const micros = Array.from({ length: rounds }, () => {
    const before = process.cpuUsage();
    for (let at = 0; at < n; at += 1) work(at % VALUES);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / n;
  }).toSorted((a, b) => a - b);
  return { median: micros[rounds >> 1]!, low: micros[0]!, high: micros.at(-1)! };
}

/** Routes that are not on this machine are left out. */
async function allWorks(): Promise<Work[]> {
  const routes = await Promise.all(
    (['napi', 'wasm', 'node'] as const).map(async (route) => ({ route, codecs: await createCodecs({ zstd: route }) })),
  );
  const there = routes.filter(({ route, codecs }) => codecs.zstd === route);
  return shortKinds.flatMap((kind) => {
    const made = madeValues(kind, VALUES);
    const native = there.find(({ route }) => route === 'napi')?.codecs;
    const text = { kind: textKinds[kind], codecs: native ?? routes[0]!.codecs, slow: true };
    return [
      ...there.flatMap(({ route, codecs }) => {
        const packed = { kind: fastKinds[kind], codecs, slow: route !== 'napi' };
        const way = routeName(route, 'fast level');
        return [codecWork(way, made, packed, fastMethod(kind)), coderWork(way, made, packed)];
      }),
      ...(native === undefined
        ? []
        : [
            codecWork(routeName('napi', 'slow level'), made, { ...text, kind: fastKinds[kind] }, slowMethod),
            codecWork(`${routeName('napi', 'fast level')}, JSON not packed`, made, text, fastMethod(kind)),
            coderWork(`${routeName('napi', 'fast level')}, JSON not packed`, made, text),
          ]),
      codecWork('deflate with dictionary', made, text, { codec: 'deflate', level: 6, dictionary: true }),
      codecWork('lz4', made, text, { codec: 'lz4', level: 1, dictionary: false }),
      codecWork('brotli 5', made, text, { codec: 'brotli', level: 5, dictionary: false }),
      jsonWork(kind, made),
    ];
  });
}

const routeName = (route: ZstdRouteName, level: string): string =>
  `${{ napi: 'zstd-napi', wasm: 'WebAssembly', node: 'Node’s own zstd' }[route]} with dictionary, ${level}`;

interface Where {
  readonly kind: Kind;
  readonly codecs: Codecs;
  readonly slow: boolean;
}

function codecWork(way: string, made: readonly Made[], { kind, codecs, slow }: Where, method: Method): Work {
  const values = createValues({ codecs });
  const dictionary = shippedDictionary(kind);
  const encoding: Encoding = {
    codec: method.codec as Encoding['codec'],
    level: method.level,
    ...(method.dictionary && { dictionary }),
  };
  const plain = made.map(({ value }) => bytesOf(kind, value));
  const scopes = made.map((one) => keyOf(kind, one));
  const write = (at: number): Buffer => {
    const { bytes, noise } = plain[at]!;
    return values.write(bytes, scopes[at]!, { ...encoding, noise });
  };
  const stored = made.map((_, at) => write(at));
  const dictionaries = (number: number) => (number === dictionary.number ? dictionary : undefined);
  return {
    ...{ kind: kind.name as ShortKind, way, of: 'codec', slow, write },
    read: (at) => 'bytes' in values.read(stored[at]!, scopes[at]!, dictionaries),
  };
}

function coderWork(way: string, made: readonly Made[], { kind, codecs, slow }: Where): Work {
  const coder: Coder = createCoder({ kinds: [kind], codecs, tell: silent, learns: false });
  const keys: Key[] = made.map(({ key }) => slotOf(kind, key).key);
  const encode = (at: number): Buffer => {
    const until = Date.now() + TTL_MS;
    return atOnce(coder.encode(kind, keys[at]!, { value: made[at]!.value, freshUntil: until, until }));
  };
  const stored = made.map((_, at) => encode(at));
  return {
    ...{ kind: kind.name as ShortKind, way, of: 'json', slow },
    write: encode,
    read: (at) => atOnce(coder.decode(kind, keys[at]!, stored[at]!)) !== undefined,
  };
}

/** Short values are never put off: a promise would not be counted. */
function atOnce<T>(answer: T | Promise<T>): T {
  if (answer instanceof Promise) throw new Error('A short value was put off.');
  return answer;
}

/** What reading and writing JSON takes in any case. */
function jsonWork(kind: ShortKind, made: readonly Made[]): Work {
  const stored = made.map(({ text }) => Buffer.from(text));
  return {
    ...{ kind, way: 'JSON alone', of: 'json', slow: true },
    write: (at) => Buffer.from(JSON.stringify(made[at]!.value)),
    read: (at) => JSON.parse(stored[at]!.toString()) !== undefined,
  };
}
