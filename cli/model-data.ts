import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { DatasetSchema } from '../domain/scoring/data/dataset-schema.ts';
import { beginIngestion, type Ingestion, type Purpose } from '../domain/scoring/data/ingest.ts';
import type { FileRecord } from '../domain/scoring/data/ingest-records.ts';
import { type IngestReport, reportLines } from '../domain/scoring/data/ingest-report.ts';
import type { Table } from '../domain/scoring/data/table.ts';
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
  const bytes: Readable = /\.gz$/i.test(file) ? pipeline(raw, createGunzip(), () => {}) : raw;
  try {
    yield* csvRecords(textOf(file, bytes, onText));
  } catch (cause) {
    throw unreadable(file, cause);
  } finally {
    raw.destroy();
  }
}

/**
 * The text of a file in pieces.
 * @throws Failure where it is none: what is no UTF-8 would be other words than those that were written
 */
async function* textOf(
  file: string,
  bytes: AsyncIterable<Buffer>,
  onText?: (text: string) => void,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const text = (piece?: Buffer): string => {
    try {
      return decoder.decode(piece, { stream: piece !== undefined });
    } catch (cause) {
      throw noText(file, 'expected text in UTF-8, got something else', cause);
    }
  };
  let first = true;
  for await (const piece of bytes) {
    if (first && piece[0] === 0x1f && piece[1] === 0x8b) {
      throw noText(file, 'expected text, got what is packed by gzip: then its name must end in .gz');
    }
    first = false;
    const read = text(piece);
    if (read.includes('\0')) throw noText(file, 'expected text in UTF-8, got bytes that no text has');
    onText?.(read);
    yield read;
  }
  yield text();
}

function noText(file: string, what: string, cause?: unknown): Failure {
  const ways = ['Save it as CSV in UTF-8: spreadsheets call that “CSV UTF-8”.'];
  return new Failure(`${basename(file)}: ${what}.`, { code: 'DATA_UNREADABLE', ways, cause });
}

/** Only what reading itself throws; what is wrong with rows passes by here as it is. */
function unreadable(file: string, cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'Z_BUF_ERROR') return packed(file, 'is cut short', cause);
  if (code.startsWith('Z_')) return packed(file, 'is not packed by gzip, or is damaged', cause);
  if (/^E[A-Z]+$/.test(code)) {
    return usage(`--data: ${file} cannot be read (${code}).`, ['Name a CSV file that is there and may be read.']);
  }
  return cause;
}

function packed(file: string, what: string, cause: unknown): Failure {
  const ways = ['Pack it anew by gzip, or give the file that is not packed under a name without .gz.'];
  return new Failure(`${basename(file)} ${what}.`, { code: 'DATA_UNREADABLE', ways, cause });
}

function empty(file: string): Failure {
  return new Failure(`${basename(file)} is empty: expected a first line that names the columns.`, {
    code: 'DATA_UNREADABLE',
    ways: ['Give the file a first line with the names that the schema has for its columns.'],
  });
}
