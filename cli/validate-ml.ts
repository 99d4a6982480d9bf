import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAppError } from '../domain/errors.ts';
import type { Scoring, TreeScorer } from '../domain/ports/scoring.ts';
import { createLogger } from '../platform/logger.ts';
import { bundledModelProblem, openScoring } from '../platform/scoring.ts';
import { explanationsApart, rowsThatDiffer, servedAgainstTrained } from './model-agreement.ts';
import { type Io, paint, printJson, table } from './output.ts';
import { bundledSets, type TrialModel, trialModel } from './trial-models.ts';

/** One thing that must hold, and whether it does. */
export interface Verdict {
  readonly check: string;
  /** How many rows, batches or files it was asked of. */
  readonly n: number;
  readonly found: string;
  readonly bar: string;
  readonly holds: boolean;
}

/** Rows that are explained, spread over the set, and batches that are timed. */
const EXPLAINED = 500;
const BATCHES = 200;

/**
 * Judges the scoring engine of this installation on the bundled sets: batch against single, ONNX against trainer, explanations, the time of
 * batches, the model's file, and that nothing is reported to the maker of the runtime.
 * @returns whether everything holds
 */
export async function validateMl(io: Io, options: { batchSize: number; json?: true | undefined }): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'leadwright-validate-'));
  try {
    const verdicts = [await bundledModel(), ...(await served(io, folder, options.batchSize)), await traces(folder)];
    tell(io, verdicts, options);
    return verdicts.every(({ holds }) => holds);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function tell(
  io: Io,
  verdicts: readonly Verdict[],
  { batchSize, json }: { batchSize: number; json?: true | undefined },
) {
  const holds = verdicts.every((verdict) => verdict.holds);
  if (json) {
    printJson(io, { holds, batchSize, checks: verdicts });
    return;
  }
  io.out(
    table(verdicts, [
      { title: 'CHECK', of: ({ check }) => check },
      { title: 'N', of: ({ n }) => n, right: true },
      { title: 'FOUND', of: ({ found }) => found },
      { title: 'BAR', of: ({ bar }) => bar },
      { title: '', of: (verdict) => (verdict.holds ? 'holds' : 'FAILS') },
    ]),
  );
  const failed = verdicts.filter((verdict) => !verdict.holds).length;
  io.out(holds ? paint(io, 'green', 'everything holds\n') : paint(io, 'red', `${failed} of ${verdicts.length} fail\n`));
}

async function bundledModel(): Promise<Verdict> {
  const problem = await bundledModelProblem();
  const found = problem ?? 'as its manifest says';
  return { check: 'file of the bundled model', n: 1, found, bar: 'SHA-256 of its manifest', holds: problem === null };
}

/** The scoring process has the folder for its home, so that what it leaves behind is found there. */
async function served(io: Io, folder: string, batchSize: number): Promise<Verdict[]> {
  const [home, temporary] = [join(folder, 'home'), join(folder, 'tmp')];
  await Promise.all([home, temporary].map((path) => mkdir(path)));
  const scoring = openScoring(createLogger({ level: 'fatal' }), { ...io.env, HOME: home, TMPDIR: temporary });
  try {
    const verdicts: Verdict[] = [];
    for (const name of bundledSets) {
      io.err(`${name}: 300 trees of all its rows\n`);
      const model = await trialModel(name);
      const scorer = await scoring.open(model.bytes, model.expected);
      verdicts.push(...(await judged(model, scorer, batchSize)), await alteredFile(scoring, model));
      await scorer.close();
    }
    return verdicts;
  } finally {
    await scoring.close();
  }
}

async function judged(model: TrialModel, scorer: TreeScorer, batchSize: number): Promise<Verdict[]> {
  const { name, matrix, rows, calibrator } = model;
  const whole = await scorer.score(matrix, rows);
  const apart = servedAgainstTrained(model, whole);
  const least = calibrator === null ? 5e-6 : 1e-6;
  const unit = calibrator === null ? 'in log price' : 'in probability';
  const single = await rowsThatDiffer(model, scorer, { whole, chunk: 1, rows });
  const batch = await rowsThatDiffer(model, scorer, { whole, chunk: batchSize, rows });
  const additive = explanationsApart(model, whole, EXPLAINED);
  const verdict = (check: string, n: number, found: string, bar: string, holds: boolean): Verdict => ({
    check: `${check}, ${name}`,
    n,
    found,
    bar,
    holds,
  });
  const equal = (n: number): string => (n === 0 ? 'every bit equal' : `${n} rows differ`);
  return [
    verdict('ONNX against trainer', rows, `${apart.toExponential(1)} ${unit}`, `≤ ${least}`, apart <= least),
    verdict('one by one against all at once', rows, equal(single), 'every bit equal', single === 0),
    verdict(`batches of ${batchSize} against all at once`, rows, equal(batch), 'every bit equal', batch === 0),
    verdict('explanations add up', EXPLAINED, `${additive.toExponential(1)} in the margin`, '≤ 1e-6', additive <= 1e-6),
    await latency(model, scorer, batchSize),
  ];
}

/** The bar is what the first lead platform of this kind aimed at for one prediction. */
async function latency({ name, matrix, rows, trees }: TrialModel, scorer: TreeScorer, size: number): Promise<Verdict> {
  const times: number[] = [];
  for (let i = 0; i < BATCHES; i += 1) {
    const batch = new Float32Array(size * trees.features);
    for (let at = 0; at < size; at += 1) {
      const row = (i * size + at) % rows;
      batch.set(matrix.subarray(row * trees.features, (row + 1) * trees.features), at * trees.features);
    }
    const began = performance.now();
    await scorer.score(batch, size);
    times.push(performance.now() - began);
  }
  const sorted = times.toSorted((a, b) => a - b);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => sorted[Math.ceil(share * BATCHES) - 1]!);
  const found = `p50 ${p50!.toFixed(1)} ms, p95 ${p95!.toFixed(1)} ms, p99 ${p99!.toFixed(1)} ms`;
  const check = `time of a batch of ${size}, ${name}`;
  return { check, n: BATCHES, found, bar: 'p95 ≤ 200 ms', holds: p95! <= 200 };
}

/** One bit of the file turned: it must not be served. */
async function alteredFile(scoring: Scoring, { name, bytes, expected }: TrialModel): Promise<Verdict> {
  const altered = bytes.slice();
  altered[altered.length >> 1]! ^= 1;
  const check = `a file with one bit turned, ${name}`;
  const verdict = (found: string, holds: boolean): Verdict => ({ check, n: 1, found, bar: 'MODEL_DAMAGED', holds });
  try {
    await (await scoring.open(altered, expected)).close();
    return verdict('served', false);
  } catch (error) {
    return isAppError(error) ? verdict(error.code, error.code === 'MODEL_DAMAGED') : verdict('another error', false);
  }
}

/** What one session of onnxruntime leaves behind unless its telemetry is off. */
async function traces(folder: string): Promise<Verdict> {
  const left = await readdir(folder, { recursive: true });
  const marks = left.filter((path) => /microsoft|mat-debug|onnxruntime|\.ses$/i.test(path));
  const found = marks.length === 0 ? 'no trace' : marks.slice(0, 2).join(', ');
  return { check: "telemetry of the runtime's maker", n: 1, found, bar: 'no trace', holds: marks.length === 0 };
}
