import { resolve } from 'node:path';
import type { ImportVerdict } from '../domain/ports/consent.ts';
import { consentRows, type FileRow } from './consent-file.ts';
import type { Registry } from './main.ts';
import { printable, printJson } from './output.ts';
import { type LocationOptions, openLocation } from './the-location.ts';

/** Rows that go to the API in one call. */
const AT_ONCE = 200;

interface Imported {
  readonly applied: boolean;
  readonly new: number;
  readonly known: number;
  readonly bad: readonly { readonly line: number; readonly why: string }[];
}

/**
 * Sends a file row by row. A bad row is named and keeps no other out; the mended file is imported as a whole again, and what is known
 * already changes nothing. Killed anywhere, the next run goes on in the same way.
 */
export async function importFile(
  { io, exitWith }: Registry,
  file: string,
  options: LocationOptions & { readonly apply?: true },
): Promise<void> {
  const { client, path } = await openLocation(io, options);
  const applied = options.apply === true;
  const counts = { new: 0, known: 0 };
  const bad: { line: number; why: string }[] = [];
  for await (const rows of inParts(consentRows(resolve(io.cwd, file)))) {
    bad.push(...rows.flatMap(({ line, why }) => (why === undefined ? [] : [{ line, why }])));
    const readable = rows.filter(({ why }) => why === undefined).map(({ line, row }) => ({ line, row }));
    if (readable.length === 0) continue;
    const body = { apply: applied, rows: readable };
    const answer = await client.post<{ rows: ImportVerdict[] }>(`${path}/consent/import`, body);
    for (const { line, verdict, why = 'not taken' } of answer.rows) {
      if (verdict === 'bad') bad.push({ line, why });
      else counts[verdict] += 1;
    }
  }
  const done: Imported = { applied, ...counts, bad: bad.sort((a, b) => a.line - b.line) };
  if (done.bad.length > 0) exitWith(1);
  if (options.json) {
    printJson(io, done);
    return;
  }
  for (const { line, why } of done.bad) io.err(`line ${line}: ${printable(why)}\n`);
  io.out(
    `${done.new} ${applied ? 'written down' : 'to write down'}, ${done.known} known before, ${done.bad.length} bad\n`,
  );
  if (!applied && done.new > 0) io.out('nothing was written: --apply does it\n');
}

async function* inParts(rows: AsyncIterable<FileRow>): AsyncGenerator<FileRow[]> {
  let part: FileRow[] = [];
  for await (const row of rows) {
    part.push(row);
    if (part.length < AT_ONCE) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}
