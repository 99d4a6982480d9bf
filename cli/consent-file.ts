import { createReadStream, readFileSync } from 'node:fs';
import { csvRecords } from './csv.ts';
import { usage } from './failure.ts';

/** A row of an import, as text by column, and where it stands: a line of a CSV file, or the place in a list. */
export interface FileRow {
  readonly line: number;
  readonly row: Readonly<Record<string, string>>;
  /** What the file's own shape makes of it impossible. */
  readonly why?: string;
}

/**
 * Rows of a CSV file whose first line names its columns, or of a JSON list of objects.
 * @throws usage failure where the file as a whole cannot be read
 */
export async function* consentRows(path: string): AsyncGenerator<FileRow> {
  if (/\.json$/i.test(path)) yield* jsonRows(path);
  else yield* csvRows(path);
}

async function* csvRows(path: string): AsyncGenerator<FileRow> {
  let columns: readonly string[] | undefined;
  for await (const { line, cells } of csvRecords(createReadStream(path, 'utf8'))) {
    if (columns === undefined) {
      columns = cells.map((name) => name.trim().toLowerCase());
      if (new Set(columns).size < columns.length) throw usage('expected each column once in the first line');
      continue;
    }
    const named = columns;
    const row = Object.fromEntries(named.map((name, place) => [name, cells[place] ?? '']));
    if (cells.length === named.length) yield { line, row };
    else yield { line, row, why: `expected ${named.length} cells, got ${cells.length}` };
  }
  if (columns === undefined) throw usage('expected a first line that names the columns');
}

function* jsonRows(path: string): Generator<FileRow> {
  const list = jsonOf(path);
  if (!Array.isArray(list)) throw usage('expected a JSON list of objects');
  for (const [place, item] of list.entries()) {
    const line = place + 1;
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      yield { line, row: {}, why: 'expected an object' };
      continue;
    }
    const entries = Object.entries(item as Record<string, unknown>).map(
      ([name, value]) => [name, textOf(value)] as const,
    );
    const odd = entries.find(([, text]) => text === undefined)?.[0];
    const row = Object.fromEntries(entries.map(([name, text]) => [name, text ?? '']));
    yield odd === undefined ? { line, row } : { line, row, why: `${odd}: expected text` };
  }
}

function jsonOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw usage('expected JSON, or a file whose name ends in .csv');
    throw cause;
  }
}

/** A list of words is written with blanks between them; null says nothing. */
function textOf(value: unknown): string | undefined {
  if (value === null) return '';
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value.join(' ') : undefined;
}
