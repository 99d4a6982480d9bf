import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { DatasetSchema } from '../domain/scoring/dataset-schema.ts';
import { beginIngestion, type FileRecord, type Ingestion, type Purpose } from '../domain/scoring/ingest.ts';
import { type IngestReport, reportLines } from '../domain/scoring/ingest-report.ts';
import type { Table } from '../domain/scoring/table.ts';
import { csvRecords } from './csv.ts';
import { Failure, usage } from './failure.ts';
import type { Io } from './output.ts';

export interface ReadData {
  readonly table: Table;
  readonly ids: readonly string[];
  readonly report: IngestReport;
  /** Of a yes or no: the words that counted as no. */
  readonly negatives: readonly string[];
  /** SHA-256 of the file's text, in hex: the same whether it was packed or not. */
  readonly hash: string;
}

/**
 * All rows of a CSV file, packed or not, as a table.
 * @param negatives of a trained model that is to be judged: the words that counted as no
 * @throws Failure or AppError that says what is wrong with the file
 */
export async function readData(
  io: Pick<Io, 'cwd'>,
  file: string,
  schema: DatasetSchema,
  purpose: Purpose,
  negatives?: readonly string[] | null,
): Promise<ReadData> {
  const hash = createHash('sha256');
  let ingestion: Ingestion | undefined;
  for await (const record of recordsOf(io, file, (text) => hash.update(text))) {
    if (ingestion === undefined) ingestion = beginIngestion(record, schema, purpose, negatives);
    else ingestion.take(record);
  }
  if (ingestion === undefined) throw empty(file);
  const { table, ids } = ingestion.table();
  return { table, ids, report: ingestion.report(), negatives: ingestion.negatives(), hash: hash.digest('hex') };
}

/** The rows of a file, some thousand at a time, so that a file of any length fits. `report` is whole once the last table is taken. */
export async function* tablesOf(
  io: Io,
  file: string,
  schema: DatasetSchema,
  rows: number,
): AsyncGenerator<{ readonly table: Table; readonly ids: readonly string[]; readonly report: () => IngestReport }> {
  let ingestion: Ingestion | undefined;
  for await (const record of recordsOf(io, file)) {
    if (ingestion === undefined) ingestion = beginIngestion(record, schema, 'score');
    else ingestion.take(record);
    if (ingestion.rows() === rows) yield { ...ingestion.table(true), report: ingestion.report };
  }
  if (ingestion === undefined) throw empty(file);
  yield { ...ingestion.table(), report: ingestion.report };
}

/** What the file had that is not as it should be, on stderr: an answer on stdout stays an answer. */
export function tellReport(io: Io, report: IngestReport): void {
  for (const line of reportLines(report)) io.err(`${line}\n`);
}

async function* recordsOf(
  io: Pick<Io, 'cwd'>,
  file: string,
  onText?: (text: string) => void,
): AsyncGenerator<FileRecord> {
  const raw = createReadStream(resolve(io.cwd, file));
  // `pipeline` hands a failure of the file on to whoever reads the text; the callback has nothing left to do.
  const text: Readable = /\.gz$/i.test(file) ? pipeline(raw, createGunzip(), () => {}) : raw;
  text.setEncoding('utf8');
  try {
    yield* csvRecords(tapped(text, onText));
  } catch (cause) {
    throw unreadable(file, cause);
  } finally {
    raw.destroy();
  }
}

async function* tapped(text: AsyncIterable<string>, onText?: (text: string) => void): AsyncGenerator<string> {
  for await (const piece of text) {
    onText?.(piece);
    yield piece;
  }
}

/** Only what reading itself throws; what is wrong with rows passes by here as it is. */
function unreadable(file: string, cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'Z_BUF_ERROR') return new Failure(`${basename(file)} is cut short.`, { code: 'DATA_UNREADABLE', cause });
  if (code.startsWith('Z_'))
    return new Failure(`${basename(file)} is not packed by gzip.`, { code: 'DATA_UNREADABLE', cause });
  if (/^E[A-Z]+$/.test(code)) return usage(`${file} cannot be read (${code}).`);
  return cause;
}

function empty(file: string): Failure {
  return new Failure(`${basename(file)} is empty: expected a first line that names the columns.`, {
    code: 'DATA_UNREADABLE',
  });
}
