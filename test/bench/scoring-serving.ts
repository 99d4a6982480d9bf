import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import type { InferenceSession as Session } from 'onnxruntime-node';
import type { TreeScorer } from '../../domain/ports/scoring.ts';
import type { TreeModel } from '../../domain/scoring/trainer/tree-model.ts';
import { treesOnnx } from '../../domain/scoring/onnx/trees-onnx.ts';
import { createRandom } from '../support/random.ts';
import { randomMatrix, randomMetadata, randomModel } from '../support/random-trees.ts';
import { openModel, watchedEngine } from '../support/scoring-engine.ts';
import { readCpu } from './cpu.ts';
import { summarise, type Summary } from './summary.ts';

const leads = 10_000;

/** A model, and rows that it is asked for. */
export interface Served {
  readonly trees: TreeModel;
  readonly matrix: Float32Array;
}

/** The worst case: each question of these trees is a coin flip to the processor, which guesses those of trained trees well. */
export function randomServed(): Served {
  const random = createRandom(1);
  const shape = { trees: 300, leaves: 31, features: 40 };
  return { trees: randomModel(random, 'logistic', shape), matrix: randomMatrix(random, leads, shape.features) };
}

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
 * The first 10,000 rows as a matrix that is there already, by one compute thread in the engine's process, against the two naive
 * ways. The ways take turns, so that a slow minute of the machine slows all of them.
 */
export async function measureServing({ trees, matrix: rows }: Served, quick: boolean): Promise<ServingFigures> {
  const width = trees.features;
  const matrix = rows.subarray(0, leads * width);
  const bytes = treesOnnx(trees, null, randomMetadata(width));
  const { engine, children } = watchedEngine();
  const session = await openSession(bytes);
  try {
    const scorer = await openModel(engine, trees);
    await scorer.score(matrix, leads);
    const [batch, loop, sessionPerLead]: [number[], number[], number[]] = [[], [], []];
    for (let repeat = 0; repeat < 5; repeat++) {
      batch.push(await timed(() => scorer.score(matrix, leads)));
      loop.push(await timed(() => leadByLead(session, matrix, width)));
      for (let i = 0; i < (quick ? 10 : 50); i++) {
        sessionPerLead.push(await timed(() => ownSession(bytes, rowAt(matrix, width, i))));
      }
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

/** One lead, and what others notice while very many are scored: the rows of the table, over and over. */
export async function measureSingles({ trees, matrix: rows }: Served, quick: boolean): Promise<SingleFigures> {
  const width = trees.features;
  const many = 100_000;
  const matrix = Float32Array.from({ length: many * width }, (_, i) => rows[i % rows.length]!);
  const { engine } = watchedEngine();
  const session = await openSession(treesOnnx(trees, null, randomMetadata(width)));
  try {
    const scorer = await openModel(engine, trees);
    const ask = (count: number): Promise<number[]> => timesOf(scorer, matrix, width, count);
    await ask(100);
    const idle = summarise(await ask(quick ? 500 : 5_000));
    const loopDelay = await delayWhile(() => scorer.score(matrix, many));
    const bulk = scorer.score(matrix, many);
    const ended = bulk.then(() => true);
    const besideMany: number[] = [];
    while (!(await Promise.race([ended, turn(false)]))) besideMany.push(...(await ask(1)));
    const loopDelayInThread = await delayWhile(async () => {
      for (let at = 0; at < many; at += leads) {
        await runRows(session, matrix.subarray(at * width, (at + leads) * width), leads);
      }
    });
    return { idle, besideMany: summarise(besideMany), loopDelay, loopDelayInThread };
  } finally {
    await session.release();
    await engine.close();
  }
}

async function timesOf(scorer: TreeScorer, matrix: Float32Array, width: number, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const row = rowAt(matrix, width, i);
    times.push(await timed(() => scorer.score(row, 1)));
  }
  return times;
}

function rowAt(matrix: Float32Array, width: number, row: number): Float32Array {
  return matrix.slice(row * width, (row + 1) * width);
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

async function runRows(session: Session, matrix: Float32Array, rows: number): Promise<void> {
  const { Tensor } = await import('onnxruntime-node');
  await session.run({ features: new Tensor('float32', matrix, [rows, matrix.length / rows]) });
}

async function leadByLead(session: Session, matrix: Float32Array, width: number): Promise<void> {
  const { Tensor } = await import('onnxruntime-node');
  for (let i = 0; i < leads; i++) {
    const row = matrix.subarray(i * width, (i + 1) * width);
    await session.run({ features: new Tensor('float32', row, [1, width]) });
  }
}

async function ownSession(bytes: Uint8Array, row: Float32Array): Promise<void> {
  const session = await openSession(bytes);
  await runRows(session, row, 1);
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
