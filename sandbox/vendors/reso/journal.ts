import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What one request did, in one line: the changes, and the ledger's entry. */
export interface Line {
  readonly set?: readonly (readonly [kind: string, entry: Entry | string])[];
  readonly call?: Readonly<Record<string, unknown>>;
}

/** What is put under an id; an id alone is removed. */
export interface Entry {
  readonly id: string;
  readonly [field: string]: unknown;
}

export interface Journal {
  append(line: Line): void;
  empty(): void;
}

/**
 * The file `journal.jsonl` in `home`, read back line by line. A last line that was cut by a kill belongs to a request that was
 * never answered, and is dropped.
 */
export function openJournal(home: string, replay: (line: Line) => void): Journal {
  mkdirSync(home, { recursive: true });
  const path = join(home, 'journal.jsonl');
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole));
  for (const line of whole.split('\n')) if (line !== '') replay(JSON.parse(line) as Line);
  return {
    append: (line) => appendFileSync(path, `${JSON.stringify(line)}\n`),
    empty: () => writeFileSync(path, ''),
  };
}
