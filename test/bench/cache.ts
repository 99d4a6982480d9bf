import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCodecs } from '../../integrations/cache/codecs.ts';
import { type CpuSize, measureCpu } from './cache-cpu.ts';
import { measureHostile } from './cache-hostile.ts';
import { fastMethod, slowMethod } from './cache-kinds.ts';
import { measureMemory, memoryCounts } from './cache-memory.ts';
import { measureMutations } from './cache-mutations.ts';
import { leastWaste } from './cache-noise.ts';
import { IN_FLIGHT, measurePeers } from './cache-peers.ts';
import { openBenchRedis } from './cache-redis.ts';
import { controlsOf, type Measured, samplesOf, tablesOf, targetsOf } from './cache-report.ts';
import { measureStampede } from './cache-stampede.ts';
import { measureVocabulary } from './cache-vocabulary.ts';
import { commit, loadAverage, machine, type Report } from './report.ts';
import { hundredths } from './summary.ts';

interface Size {
  readonly cpu: CpuSize;
  readonly mutations: number;
  readonly sealedNoise: number;
  readonly stampedes: number;
  readonly operations: number;
}

const full: Size = {
  cpu: { operations: 20_000, rounds: 9, slowOperations: 5000, slowRounds: 3 },
  mutations: 1_000_000,
  sealedNoise: 20_000,
  stampedes: 20,
  operations: 10_000,
};
const short: Size = {
  cpu: { operations: 5000, rounds: 3, slowOperations: 1000, slowRounds: 1 },
  mutations: 100_000,
  sealedNoise: 2000,
  stampedes: 5,
  operations: 1000,
};

/** What the cache saves and costs, what it does to bytes that nobody stored and to a crowd that wants one value, and others beside it. */
export async function cacheBench({ quick, say }: { quick: boolean; say: (line: string) => void }): Promise<Report> {
  const size = quick ? short : full;
  const counts = memoryCounts(quick);
  const loadBefore = loadAverage();
  const codecs = await createCodecs();
  const vocabulary = measureVocabulary();
  const cpu = await measureCpu(size.cpu, say);
  const redis = await openBenchRedis(say);
  let measured: Measured;
  try {
    measured = {
      ...{ vocabulary, cpu },
      memory: await measureMemory(redis, codecs, counts, say),
      stampede: await measureStampede(redis, size.stampedes, say),
      operations: await measurePeers(redis, codecs, size.operations, say),
      mutations: await measureMutations(codecs, size.mutations, say),
      hostile: await measureHostile(codecs, size.sealedNoise, say),
    };
  } finally {
    await redis.close();
  }
  const raw = join(mkdtempSync(join(tmpdir(), 'leadwright-bench-raw-')), 'cache.json');
  const { mutations, hostile, stampede } = measured;
  const report: Report = {
    bench: 'cache',
    at: new Date().toISOString(),
    commit: commit(),
    machine: machine(),
    config: {
      redis: redis.version,
      zstd: codecs.zstd ?? 'none',
      absent: codecs.absent,
      fast: Object.fromEntries(
        (Object.keys(counts) as (keyof typeof counts)[]).map((kind) => [kind, fastMethod(kind)]),
      ),
      slow: slowMethod,
      ...{ inFlight: IN_FLIGHT, leastWasteOfText: hundredths(100 * leastWaste) },
      loadAverage: { before: loadBefore, after: loadAverage() },
    },
    metrics: samplesOf(measured),
    targets: targetsOf(measured),
    control: controlsOf(measured),
    parts: { vocabulary, mutations, sealedNoise: hostile.sealedNoise, stampede },
    tables: tablesOf(measured),
    promises: { kept: true, checks: [] },
    raw,
  };
  writeFileSync(raw, JSON.stringify({ report, measured }));
  return report;
}
