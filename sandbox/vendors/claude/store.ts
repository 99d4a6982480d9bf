import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from './wire.ts';

const TABLES = ['cache', 'invoice', 'calls', 'batches', 'results', 'messages', 'keys', 'settings', 'texts'] as const;
type Table = (typeof TABLES)[number];

export interface Row {
  readonly id: string;
  readonly [field: string]: unknown;
}

/** Everything that the stand-in remembers. */
export interface Store {
  get(table: Table, id: string): Row | undefined;
  all(table: Table): IterableIterator<Row>;
  count(table: Table): number;
  put(table: Table, row: Row): void;
  remove(table: Table, id: string): void;
  /** Keeps a value that many rows repeat once, and answers what to put into the row instead. */
  keep(value: unknown): Json;
  /** The value that `keep` was given. */
  kept(reference: unknown): unknown;
  /** All changes since the last commit become one line of the journal, or none does. */
  commit(): void;
  clear(): void;
  close(): void;
}

type Change = readonly [table: Table, row: Row | string];

/** In memory; with a home folder also in `journal.jsonl` there, from which the next process reads it back. */
export function openStore(home: string | undefined): Store {
  const tables = new Map<Table, Map<string, Row>>(TABLES.map((table) => [table, new Map<string, Row>()]));
  let pending: Change[] = [];
  const of = (table: Table) => tables.get(table) ?? new Map<string, Row>();
  const apply = ([table, row]: Change): void => {
    if (typeof row === 'string') of(table).delete(row);
    else of(table).set(row.id, row);
  };
  let file = home === undefined ? undefined : openJournal(home, (changes) => changes.forEach(apply));
  const change = (table: Table, row: Row | string): void => {
    apply([table, row]);
    if (file !== undefined) pending.push([table, row]);
  };
  const store: Store = {
    get: (table, id) => of(table).get(id),
    all: (table) => of(table).values(),
    count: (table) => of(table).size,
    put: change,
    remove: change,
    keep: (value) => {
      const text = JSON.stringify(value);
      const id = createHash('sha256').update(text).digest('base64url');
      if (store.get('texts', id) === undefined) change('texts', { id, value });
      return { $text: id };
    },
    kept: (reference) => {
      const id = (reference as Json | undefined)?.['$text'];
      return typeof id === 'string' ? store.get('texts', id)?.['value'] : reference;
    },
    commit: () => {
      if (file === undefined || pending.length === 0) return;
      writeAll(file, Buffer.from(`${JSON.stringify(pending)}\n`));
      pending = [];
    },
    clear: () => {
      for (const table of TABLES) for (const id of [...of(table).keys()]) change(table, id);
      store.commit();
    },
    close: () => {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
  return store;
}

/** A last line that was cut by a kill belongs to a request that was never answered, and is dropped. */
function openJournal(home: string, replay: (changes: readonly Change[]) => void): number {
  mkdirSync(home, { recursive: true });
  const path = join(home, 'journal.jsonl');
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    replay(JSON.parse(bytes.toString('utf8', start, end)) as Change[]);
    start = end + 1;
  }
  if (start < bytes.length) truncateSync(path, start);
  return openSync(path, 'a');
}

/** A single `write` may take less than it was given. */
function writeAll(file: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}
