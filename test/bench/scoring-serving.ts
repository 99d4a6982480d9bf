import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import type { InferenceSession as Session } from 'onnxruntime-node';
import type { TreeScorer } from '../../domain/ports/scoring.ts';
import { treesOnnx } from '../../domain/scoring/trees-onnx.ts';
import { createRandom } from '../support/random.ts';
import { randomMatrix, randomMetadata, randomModel } from '../support/random-trees.ts';
import { openModel, watchedEngine } from '../support/scoring-engine.ts';
import { readCpu } from './cpu.ts';
import { summarise, type Summary } from './summary.ts';

/** The model of the promises: 300 trees of 31 leaves over 40 columns. */
const shape = { trees: 300, leaves: 31, features: 40 };
const leads = 10_000;

export interface ServingFigures {
  /** Milliseconds for 10,000 leads, one sample per repeat: through the engine, and lead by lead on one session in this process. */
  readonly batch: Summary;
  readonly loop: Summary;
  /** Milliseconds for one lead that gets a session of its own. */
  readonly sessionPerLead: Summary;
  /** How many times as fast as the loop, and as a session per lead, the batch is; by medians. */
  readonly timesLoop: number;
  readonly timesSessionPerLead: number;
  /** By the clock, of the one compute thread that the engine has here. */
  readonly rowsPerSecond: number;
  /** By processor time, of this process and the engine's together; null where the machine does not tell it. */
  readonly rowsPerCoreSecond: number | null;
}

/**
 * 10,000 leads as matrices that are there already, by one compute thread in the engine's process, against the two naive ways.
 * The ways take turns, so that a slow minute of the machine slows all of them.
 */
export async function measureServing(quick: boolean): Promise<ServingFigures> {
  const random = createRandom(1);
  const model = randomModel(random, 'logistic', shape);
  const matrix = randomMatrix(random, leads, shape.features);
  const bytes = treesOnnx(model, null, randomMetadata(shape.features));
  const { engine, children } = watchedEngine();
  const session = await openSession(bytes);
  try {
    const scorer = await openModel(engine, model);
    await scorer.score(matrix, leads);
    const [batch, loop, sessionPerLead]: [number[], number[], number[]] = [[], [], []];
    for (let repeat = 0; repeat < 5; repeat++) {
      batch.push(await timed(() => scorer.score(matrix, leads)));
      loop.push(await timed(() => leadByLead(session, matrix)));
      for (let i = 0; i < (quick ? 10 : 50); i++) sessionPerLead.push(await timed(() => ownSession(bytes, matrix, i)));
    }
    const [together, single, own] = [batch, loop, sessionPerLead].map(median) as [number, number, number];
    const processorTime = (): number =>
      (readCpu({ engine: children[0]!.pid! }).ticks['engine'] ?? Number.NaN) / 100 + ownSeconds();
    const before = processorTime();
    for (let i = 0; i < 20; i++) await scorer.score(matrix, leads);
    const seconds = processorTime() - before;
    return {
      batch: summarise(batch),
      loop: summarise(loop),
      sessionPerLead: summarise(sessionPerLead),
      timesLoop: single / together,
      timesSessionPerLead: (own * leads) / together,
      rowsPerSecond: (leads / together) * 1_000,
      rowsPerCoreSecond: Number.isNaN(seconds) ? null : (20 * leads) / seconds,
    };
  } finally {
    await session.release();
    await engine.close();
  }
}

export interface SingleFigures {
  /** Milliseconds for one lead, asked one after another. */
  readonly idle: Summary;
  /** The same while 100,000 leads are scored. */
  readonly besideMany: Summary;
  /** Milliseconds that this process's event loop was held up while 100,000 leads were scored. */
  readonly loopDelay: Summary;
  /** The control: the same 100,000 leads in this thread. */
  readonly loopDelayInThread: Summary;
}

/** One lead, and what others notice while very many are scored. */
export async function measureSingles(quick: boolean): Promise<SingleFigures> {
  const random = createRandom(2);
  const model = randomModel(random, 'logistic', shape);
  const many = 100_000;
  const matrix = randomMatrix(random, many, shape.features);
  const { engine } = watchedEngine();
  const session = await openSession(treesOnnx(model, null, randomMetadata(shape.features)));
  try {
    const scorer = await openModel(engine, model);
    const idle = await singles(scorer, matrix, quick ? 500 : 5_000);
    const loopDelay = await delayWhile(() => scorer.score(matrix, many));
    const bulk = scorer.score(matrix, many);
    const ended = bulk.then(() => true);
    const besideMany: number[] = [];
    while (!(await Promise.race([ended, turn(false)]))) besideMany.push(...(await timesOf(scorer, matrix, 1)));
    const loopDelayInThread = await delayWhile(async () => {
      for (let at = 0; at < many; at += leads) await runRows(session, matrix, at, leads);
    });
    return { idle, besideMany: summarise(besideMany), loopDelay, loopDelayInThread };
  } finally {
    await session.release();
    await engine.close();
  }
}

async function singles(scorer: TreeScorer, matrix: Float32Array, count: number): Promise<Summary> {
  await timesOf(scorer, matrix, 100);
  return summarise(await timesOf(scorer, matrix, count));
}

async function timesOf(scorer: TreeScorer, matrix: Float32Array, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const row = matrix.slice(i * shape.features, (i + 1) * shape.features);
    times.push(await timed(() => scorer.score(row, 1)));
  }
  return times;
}

/** How late a timer of one millisecond fires while something is done. */
async function delayWhile(act: () => Promise<unknown>): Promise<Summary> {
  const monitor = monitorEventLoopDelay({ resolution: 1 });
  monitor.enable();
  await act();
  monitor.disable();
  const ms = (nanoseconds: number): number => nanoseconds / 1e6;
  return {
    n: monitor.count,
    p50: ms(monitor.percentile(50)),
    p90: ms(monitor.percentile(90)),
    p95: ms(monitor.percentile(95)),
    p99: ms(monitor.percentile(99)),
    max: ms(monitor.max),
  };
}

async function openSession(bytes: Uint8Array): Promise<Session> {
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  const { InferenceSession } = await import('onnxruntime-node');
  return InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 });
}

async function runRows(session: Session, matrix: Float32Array, from: number, rows: number): Promise<void> {
  const { Tensor } = await import('onnxruntime-node');
  const part = matrix.subarray(from * shape.features, (from + rows) * shape.features);
  await session.run({ features: new Tensor('float32', part, [rows, shape.features]) });
}

async function leadByLead(session: Session, matrix: Float32Array): Promise<void> {
  const { Tensor } = await import('onnxruntime-node');
  for (let i = 0; i < leads; i++) {
    const row = matrix.subarray(i * shape.features, (i + 1) * shape.features);
    await session.run({ features: new Tensor('float32', row, [1, shape.features]) });
  }
}

async function ownSession(bytes: Uint8Array, matrix: Float32Array, row: number): Promise<void> {
  const session = await openSession(bytes);
  await runRows(session, matrix, row, 1);
  await session.release();
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await act();
  return performance.now() - began;
}

/** Processor time of this process. */
function ownSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[samples.length >> 1]!;
}
