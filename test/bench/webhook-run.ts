import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cpuShares, readCpu } from './cpu.ts';
import { loadAverage, type PromiseCheck } from './report.ts';
import { hundredths } from './summary.ts';
import { createStory, plan } from './webhook-events.ts';
import type { LoadJob, ShotResult } from './webhook-load.ts';
import { ledgerEnd, promiseKept, type Sample, samplesOf, settled } from './webhook-measure.ts';
import { CONTACTS, people, seedContacts } from './webhook-people.ts';
import { readTaskTimes, taskTimes } from './webhook-tasks.ts';
import type { BenchWorld } from './webhook-world.ts';

const generator = fileURLToPath(new URL('webhook-load.ts', import.meta.url));
/** From now until the first shot: the generator starts, reads its job and opens nothing yet. */
const LEAD_TIME_MS = 4_000;

export interface Load {
  readonly name: string;
  /** Events per second. */
  readonly rate: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

export interface Outcome {
  readonly load: Load;
  /** Without the warm-up. */
  readonly samples: readonly Sample[];
  readonly promise: PromiseCheck;
  /** How busy the machine was, others' work included: absolute figures of a busy machine say little. */
  readonly loadAverage: number;
  readonly parts: Readonly<Record<string, unknown>>;
}

/** Runs loads one after another against one world; the leads go on from where the last load left them. */
export type Runner = (load: Load) => Promise<Outcome>;

/** Makes all 200 leads run, so that what follows meets workflows that wait. */
export async function createRunner(world: BenchWorld, newContacts: number): Promise<Runner> {
  const running = people('runs', CONTACTS);
  const fresh = people('news', newContacts);
  await seedContacts(world.ghlUrl, [...running, ...fresh]);
  const story = createStory(running, fresh[Symbol.iterator]());
  const begin = { next: () => ({ kind: 'new' as const, person: beginning.next().value!, step: 0 }) };
  const beginning = running[Symbol.iterator]();
  await shoot(world, begin, { name: 'begin', rate: 20, warmUpSeconds: 0, seconds: CONTACTS / 20 });
  return (load) => shoot(world, story, load);
}

async function shoot(world: BenchWorld, story: ReturnType<typeof createStory>, load: Load): Promise<Outcome> {
  const { apiUrl, ghlUrl, db, appId, signingKey } = world;
  const folder = mkdtempSync(join(tmpdir(), 'leadwright-load-'));
  const ledgerFrom = await ledgerEnd(ghlUrl);
  const startAt = Date.now() + LEAD_TIME_MS;
  const { shots, aims } = plan({ ...load, story, appId, signingKey, startAt });
  const resultFile = join(folder, 'result.json');
  const job: LoadJob = { apiUrl, ghlUrl, startAt, shots, resultFile };
  writeFileSync(join(folder, 'job.json'), JSON.stringify(job));

  const child = spawn(process.execPath, ['--import', 'tsx', generator, join(folder, 'job.json')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exit = once(child, 'exit');
  const pids = { ...world.pids, load: child.pid!, bench: process.pid };
  const measuredFrom = startAt + 500 + load.warmUpSeconds * 1000;
  await Promise.race([exit, new Promise((resolve) => setTimeout(resolve, measuredFrom - Date.now()))]);
  const [cpuBefore, tasksBefore, flushBefore] = [readCpu(pids), await readTaskTimes(apiUrl), await flushes(db)];
  // Before the last shot: a generator that has ended is no longer to be asked what it used.
  const left = measuredFrom + load.seconds * 1000 - 2000 / load.rate - 100 - Date.now();
  await Promise.race([exit, new Promise((resolve) => setTimeout(resolve, left))]);
  const cpu = cpuShares(cpuBefore, readCpu(pids));
  const average = loadAverage();
  const [code] = (await exit) as [number | null];
  if (code !== 0) throw new Error(`the load generator ended with ${code}`);

  const results = JSON.parse(readFileSync(resultFile, 'utf8')) as ShotResult[];
  await settled(db);
  const samples = await samplesOf(db, ghlUrl, ledgerFrom, aims, results);
  return {
    load,
    samples: samples.filter(({ measured }) => measured),
    promise: await promiseKept(db, load.name, aims, results),
    loadAverage: average,
    parts: {
      loadAverage: average,
      coreShares: cpu,
      taskMeanMs: taskTimes(tasksBefore, await readTaskTimes(apiUrl)),
      walFlushMeanMs: meanFlush(flushBefore, await flushes(db)),
      sendLagMaxMs: hundredths(Math.max(...results.map(({ sentAt, dueAt }) => sentAt - dueAt))),
    },
  };
}

interface Flushes {
  readonly count: number;
  readonly ms: number;
}

/** What the log's flushes have cost so far; a commit waits for one. */
async function flushes(db: BenchWorld['db']): Promise<Flushes> {
  const { rows } = await db.query<Flushes>(
    `select coalesce(sum(fsyncs), 0)::double precision as count, coalesce(sum(fsync_time), 0)::double precision as ms
     from pg_stat_io where object = 'wal'`,
  );
  return rows[0]!;
}

function meanFlush(before: Flushes, after: Flushes): number | null {
  const count = after.count - before.count;
  return count === 0 ? null : hundredths((after.ms - before.ms) / count);
}
