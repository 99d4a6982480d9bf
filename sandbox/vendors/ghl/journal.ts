import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** One request's doing: rows written (`[table, row]`), rows removed (`[table, id]`) and the ledger's entry, in one line. */
export interface Entry {
  readonly set?: readonly (readonly [table: string, row: Row | string])[];
  readonly call?: Readonly<Record<string, unknown>>;
}

export interface Row {
  readonly id: string;
  readonly [field: string]: unknown;
}

export interface Journal {
  /** Returns when the kernel has the line: it survives `kill -9` of this process, though not a power cut. */
  append(entry: Entry): void;
  /** Replaces the whole file by these entries, atomically. */
  rewrite(entries: readonly Entry[]): void;
  close(): void;
}

/**
 * Opens the append-only file `journal.jsonl` in `home` and replays it.
 * One line holds both the change and the ledger's entry of a request, so that a kill between the two is impossible; a last
 * line that was cut by a kill belongs to a request that was never answered, and is dropped.
 */
export function openJournal(home: string, replay: (entry: Entry) => void): Journal {
  mkdirSync(home, { recursive: true });
  const path = join(home, 'journal.jsonl');
  if (existsSync(path)) replayFile(path, replay);
  let file = openSync(path, 'a');
  return {
    append: (entry) => writeAll(file, Buffer.from(JSON.stringify(entry) + '\n')),
    rewrite: (entries) => {
      const next = openSync(`${path}.next`, 'w');
      for (const entry of entries) writeAll(next, Buffer.from(JSON.stringify(entry) + '\n'));
      renameSync(`${path}.next`, path);
      closeSync(file);
      closeSync(next);
      file = openSync(path, 'a');
    },
    close: () => closeSync(file),
  };
}

function replayFile(path: string, replay: (entry: Entry) => void): void {
  const bytes = readFileSync(path);
  let start = 0;
  for (let end = bytes.indexOf(10, start); end !== -1; end = bytes.indexOf(10, start)) {
    replay(JSON.parse(bytes.toString('utf8', start, end)) as Entry);
    start = end + 1;
  }
  if (start < bytes.length) truncateSync(path, start);
}

/** A single `write` may take less than it was given. */
function writeAll(file: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}
