import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { realpath, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { TreeScorer } from '../domain/ports/scoring.ts';
import type { IngestReport } from '../domain/scoring/data/ingest-report.ts';
import { daysOf, matrixOf, type Said, saidOf } from '../domain/scoring/data/score-rows.ts';
import { type Chunk, scoreStream } from '../domain/scoring/data/score-stream.ts';
import { featureOrder } from '../domain/scoring/onnx/trained-file.ts';
import { encode } from '../domain/scoring/trainer/encoder.ts';
import { unknownWords } from '../domain/scoring/data/unknown-words.ts';
import { createLogger } from '../platform/logger.ts';
import { openScoring } from '../platform/scoring.ts';
import { type Failure, usage } from './failure.ts';
import { readData, tablesOf } from './model-data.ts';
import { type ModelDir, sha256 } from './model-dir.ts';
import type { Io } from './output.ts';

/** Rows that are read, scored and written together. */
const CHUNK = 4_096;
/** Rows between two words of progress. */
const TELL = 102_400;

/** The session of a directory's model, while `work` lasts. */
async function withScorer<T>(dir: ModelDir, work: (scorer: TreeScorer) => Promise<T>): Promise<T> {
  const scoring = openScoring(createLogger({ level: 'warn' }));
  try {
    const { about, encoder } = dir.model;
    const expected = { sha256: sha256(dir.bytes), schemaHash: about.schemaHash, featureOrder: featureOrder(encoder) };
    return await work(await scoring.open(dir.bytes, expected));
  } finally {
    await scoring.close();
  }
}

/** What the model says of a file whose labels are known. */
export async function saidOfFile(io: Io, dir: ModelDir, file: string) {
  const read = await readData(io, file, dir.schema, 'evaluate', dir.model.negatives);
  const words = unknownWords(dir.model.encoder);
  words.take(read.table);
  tellUnknown(io, words);
  const matrix = matrixOf(encode(dir.model.encoder, read.table));
  const scored = await withScorer(dir, (scorer) => scorer.score(matrix, read.table.rows));
  return { ...read, said: saidOf(dir.model, scored, daysOf(read.table, dir.schema)) };
}

/**
 * Writes a score for each row of a file, however long it is: rows are read no faster than their scores are written. The file appears when
 * all of it is there.
 */
export async function scoreToFile(io: Io, dir: ModelDir, order: ScoreOrder): Promise<IngestReport> {
  const { data: file, out } = order;
  const target = await targetOf(io, order);
  // Of this process alone: two that write to one place do not mix their rows.
  const part = `${target}.${process.pid}.part`;
  const stream = createWriteStream(part, { flush: true });
  const failed = once(stream, 'error').then(([cause]) => Promise.reject(unwritable(out, cause as Error)));
  failed.catch(() => {});
  const write = async (text: string): Promise<void> => {
    if (!stream.write(text)) await Promise.race([once(stream, 'drain'), failed]);
  };
  try {
    const report = await withScorer(dir, (scorer) => writeScores(io, dir, { file, scorer, write }));
    stream.end();
    await Promise.race([once(stream, 'close'), failed]);
    await rename(part, target);
    return report;
  } catch (cause) {
    stream.destroy();
    await rm(part, { force: true });
    throw cause;
  }
}

/** Where the scores go, through links. @throws usage failure where that is what they are made of, by whatever name */
async function targetOf(io: Io, { model, data, out }: ScoreOrder): Promise<string> {
  const target = resolve(io.cwd, out);
  const there = await stat(target).catch(() => undefined);
  if (there === undefined) return target;
  if (!there.isFile()) throw usage(`--out: expected a file, got ${out}, which is none.`, ['Name a file.']);
  const sources = ['model.onnx', 'schema.json', 'card.json'].map((name) => join(model, name));
  for (const source of [data, ...sources]) {
    const one = await stat(resolve(io.cwd, source)).catch(() => undefined);
    if (one?.ino === there.ino && one.dev === there.dev) {
      throw usage(`--out: ${out} is ${source} itself, which is read: its scores would replace it.`, [
        'Name another file for the scores.',
      ]);
    }
  }
  return realpath(target);
}

function unwritable(out: string, cause: NodeJS.ErrnoException): Failure {
  return usage(`--out: ${out} cannot be written (${cause.code ?? cause.message}).`, [
    'Name a file in a directory that is there and may be written to.',
  ]);
}

export interface ScoreOrder {
  /** Directory of the model. */
  readonly model: string;
  readonly data: string;
  readonly out: string;
}

interface Writing {
  readonly file: string;
  readonly scorer: TreeScorer;
  readonly write: (text: string) => Promise<void>;
}

async function writeScores(io: Io, dir: ModelDir, { file, scorer, write }: Writing): Promise<IngestReport> {
  /** Ids and days of the chunks whose scores are under way, in their order. */
  const underWay: { readonly ids: readonly string[]; readonly days: Float64Array | undefined }[] = [];
  let reportOf: (() => IngestReport) | undefined;
  const words = unknownWords(dir.model.encoder);
  async function* chunks(): AsyncGenerator<Chunk> {
    for await (const { table, ids: own, report } of tablesOf(io, file, dir.schema, CHUNK)) {
      reportOf = report;
      if (table.rows === 0) continue;
      words.take(table);
      underWay.push({ ids: own, days: daysOf(table, dir.schema) });
      yield { matrix: matrixOf(encode(dir.model.encoder, table)), rows: table.rows };
    }
  }
  await write(dir.schema.task === 'classify' ? 'id,score\n' : 'id,score,low,high\n');
  let done = 0;
  for await (const scored of scoreStream(scorer, chunks())) {
    const { ids: own, days } = underWay.shift()!;
    await write(
      saidOf(dir.model, scored, days)
        .map((said, i) => line(own[i]!, said, dir.schema.task))
        .join(''),
    );
    done += own.length;
    if (done % TELL === 0) io.err(io.terminal ? `\r\u001b[K${done} rows` : `${done} rows\n`);
  }
  if (io.terminal && done >= TELL) io.err('\n');
  tellUnknown(io, words);
  return reportOf!();
}

function tellUnknown(io: Io, words: ReturnType<typeof unknownWords>): void {
  for (const { feature, count } of words.list()) {
    io.err(`noticed ${count}: ${feature}: words that the model has not learned; they count as missing\n`);
  }
}

function line(id: string, { score, low, high }: Said, task: 'classify' | 'value'): string {
  const named = /[",\r\n]/.test(id) ? `"${id.replaceAll('"', '""')}"` : id;
  return task === 'classify' ? `${named},${score}\n` : `${named},${score},${low ?? ''},${high ?? ''}\n`;
}
