import { shortKinds } from './cache-kinds.ts';
import { type SyntheticKind, syntheticKinds } from '../../domain/cache/synthetic.ts';
import { type CpuFigure, NATIVE, type Spread } from './cache-cpu.ts';
import type { HostileFigures } from './cache-hostile.ts';
import { BUCKETS, FAST, type MemoryFigure, NO_DICTIONARY, TEXT, WRONG_DICTIONARY } from './cache-memory.ts';
import type { MutationFigures } from './cache-mutations.ts';
import type { OperationFigure } from './cache-peers.ts';
import type { StampedeFigures } from './cache-stampede.ts';
import type { VocabularyFigure } from './cache-vocabulary.ts';
import type { Control, Table, Target } from './report.ts';
import { hundredths, summarise, type Summary } from './summary.ts';

/** All that a run has measured. */
export interface Measured {
  readonly vocabulary: readonly VocabularyFigure[];
  readonly memory: readonly MemoryFigure[];
  readonly cpu: readonly CpuFigure[];
  readonly mutations: MutationFigures;
  readonly hostile: HostileFigures;
  readonly stampede: StampedeFigures;
  readonly operations: readonly OperationFigure[];
}

/** Percent of the baseline's memory. */
const SAVED: Readonly<Record<SyntheticKind, number>> = { lead: 55, contact: 73, listing: 79, conversation: 80 };
const SAVED_IN_BUCKETS = { lead: 75, contact: 82 } as const;
/** Microseconds of processor time of a value up to 4 KB. */
const MICROS = { codec: { read: 6, write: 15 }, json: { read: 25, write: 40 } } as const;
const NOISE = 10;

/** Every figure that has a bar. Without native code the bars of its route are not asked for. */
export function targetsOf({ vocabulary, memory, cpu, mutations, stampede }: Measured): Target[] {
  const saved = memory.filter(({ values, way }) => values === 'made' && way === FAST);
  const packed = memory.filter(({ way }) => way === BUCKETS);
  const noise = memory.filter(({ values, way }) => values === 'noise' && way === FAST);
  const native = cpu.filter(({ way }) => way === NATIVE);
  return [
    ...saved.map(({ kind, savedPercent }) => atLeast(`saved_percent@${kind}`, savedPercent, SAVED[kind])),
    ...packed.map(({ kind, savedPercent }) =>
      atLeast(`saved_percent@${kind}-buckets`, savedPercent, SAVED_IN_BUCKETS[kind as 'lead' | 'contact']),
    ),
    ...native.flatMap(({ kind, of, read, write }) => [
      atMost(`${of}_read_us@${kind}`, read.median, MICROS[of].read),
      atMost(`${of}_write_us@${kind}`, write.median, MICROS[of].write),
    ]),
    atMost(`undetected_mutations@${mutations.n}`, mutations.undetected + mutations.threw, 0),
    atMost(`loader_runs@${stampede.asks}-in-${stampede.processes}`, Math.max(...stampede.loads), 1),
    ...noise.map(({ kind, savedPercent }) => atMost(`saved_percent@noise-${kind}`, savedPercent, NOISE)),
    ...vocabulary.map(({ kind, inDictionary, inMeasured }) =>
      atMost(`shared_with_training@${kind}`, inDictionary + inMeasured, 0),
    ),
  ];
}

function atMost(metric: string, value: number, max: number): Target {
  return { metric, max, value: hundredths(value), pass: value <= max };
}

function atLeast(metric: string, value: number, min: number): Target {
  return { metric, min, value: hundredths(value), pass: value >= min };
}

export function samplesOf({ stampede, operations }: Measured): Record<string, Summary> {
  return {
    [`stampede_ms@load-of-${stampede.loadMs}-ms`]: summarise(stampede.answeredMs),
    'stampede_ms@unguarded': summarise(stampede.unguarded.answeredMs),
    ...Object.fromEntries(
      operations.map(({ kind, way, operation, latency }) => [`us@${kind}: ${way}, ${operation}`, latency]),
    ),
  };
}

/** What must come out badly, each of it with the same measuring. */
export function controlsOf({ vocabulary, memory, mutations, stampede }: Measured): Record<string, Control> {
  const of = (kind: SyntheticKind, way: string, values: MemoryFigure['values'] = 'made') =>
    memory.find((one) => one.kind === kind && one.way === way && one.values === values)!.savedPercent;
  const less = (kind: SyntheticKind, what: string, value: number, way = FAST): Control => {
    const normal = of(kind, way);
    return {
      what,
      metric: `saved_percent@${kind}`,
      normal: hundredths(normal),
      value: hundredths(value),
      worse: value < normal,
    };
  };
  return {
    ...Object.fromEntries(
      syntheticKinds.map((kind) => [
        `noise-${kind}`,
        less(kind, 'random text of the same lengths', of(kind, FAST, 'noise')),
      ]),
    ),
    // A conversation has so much of its own to point back at that a dictionary is worth next to nothing to it.
    ...Object.fromEntries(
      shortKinds.flatMap((kind) => [
        [`no-dictionary-${kind}`, less(kind, 'JSON without a dictionary', of(kind, NO_DICTIONARY), TEXT)],
        [
          `wrong-dictionary-${kind}`,
          less(kind, 'JSON with the dictionary of another kind', of(kind, WRONG_DICTIONARY), TEXT),
        ],
      ]),
    ),
    plainMutations: {
      what: `the same changes to plain JSON, ${mutations.plain.n} of them`,
      metric: 'undetected_mutations',
      normal: mutations.undetected,
      value: mutations.plain.undetected,
      worse: mutations.plain.undetected > mutations.undetected,
    },
    sealedAnew: {
      what: `payloads changed under a checksum that is right, ${mutations.sealedAnew.n} of them`,
      metric: 'undetected_mutations',
      normal: mutations.undetected,
      value: mutations.sealedAnew.undetected,
      worse: mutations.sealedAnew.undetected > mutations.undetected,
    },
    ...Object.fromEntries(
      vocabulary.map(({ kind, inDictionary, inMeasured, trainedOn, ownInDictionary }) => [
        `vocabulary-${kind}`,
        {
          what: `the dictionary's own words, ${trainedOn} of them`,
          metric: `shared_with_training@${kind}`,
          normal: inDictionary + inMeasured,
          value: ownInDictionary,
          worse: ownInDictionary > 0,
        },
      ]),
    ),
    unguarded: {
      what: 'whoever finds nothing loads',
      metric: 'loader_runs',
      normal: Math.max(...stampede.loads),
      value: Math.max(...stampede.unguarded.loads),
      worse: Math.max(...stampede.unguarded.loads) > 1,
    },
  };
}

export function tablesOf(measured: Measured): Table[] {
  return [memoryTable(measured), cpuTable(measured), operationsTable(measured), hostileTable(measured)];
}

const VALUES = { made: '', noise: ' (random text)', base64: ' (random letters of base64)' } as const;

function memoryTable({ memory }: Measured): Table {
  return {
    title: 'memory: growth of used_memory by value, every key with a TTL; saved of plain JSON under the same keys',
    head: ['kind', 'stored as', 'n', 'JSON bytes', 'used_memory', 'MEMORY USAGE', 'saved %'],
    rows: memory.map(({ kind, way, values, n, plainBytes, usedBytes, usageBytes, savedPercent }) => [
      kind,
      `${way}${VALUES[values]}`,
      n,
      Math.round(plainBytes),
      usedBytes.toFixed(1),
      usageBytes.toFixed(1),
      savedPercent.toFixed(1),
    ]),
  };
}

function cpuTable({ cpu }: Measured): Table {
  const told = ({ median, low, high }: Spread): string => `${median.toFixed(1)} (${low.toFixed(1)}–${high.toFixed(1)})`;
  return {
    title: 'processor time of one value, microseconds: median of the rounds (least and most)',
    head: ['kind', 'of', 'way', 'write', 'read', 'n a round', 'rounds'],
    rows: cpu.map(({ kind, of, way, write, read, n, rounds }) => [kind, of, way, told(write), told(read), n, rounds]),
  };
}

function operationsTable({ operations }: Measured): Table {
  return {
    title:
      'whole operations, 16 under way: processor time here and at the server, time from call to answer; microseconds',
    head: ['kind', 'way', 'operation', 'n', 'client', 'server', 'p50', 'p95', 'p99', 'no answer'],
    rows: operations.map(({ kind, way, operation, n, unanswered, clientMicros, serverMicros, latency }) => [
      ...[kind, way, operation, n, clientMicros.toFixed(1), serverMicros.toFixed(1)],
      ...[latency.p50, latency.p95, latency.p99].map(Math.round),
      unanswered,
    ]),
  };
}

function hostileTable({ hostile: { envelopes } }: Measured): Table {
  return {
    title: 'hostile envelopes under a right checksum, each read 20 times',
    head: ['what', 'stored bytes', 'outcome', 'memory grew, MiB', 'ms each'],
    rows: envelopes.map(({ what, storedBytes, outcome, grownMiB, ms }) => [
      ...[what, storedBytes, outcome],
      ...[grownMiB === undefined ? '–' : grownMiB.toFixed(1), ms.toFixed(2)],
    ]),
  };
}
