import { readNumber, sameLabel } from './ingest-cells.ts';
import type { IngestNote } from './ingest-report.ts';

/** What the labels of a yes or no are read by. */
export interface LabelWords {
  /** 1 for the positive word, 0 for any other; undefined for a word that says neither yes nor no to the model. */
  readonly read: (text: string, line: number) => number | undefined;
  /** Words that counted as no, each once. */
  readonly negatives: () => readonly string[];
  /** Told where several words count as no: it may be that one of them is a yes written otherwise. */
  readonly notes: () => readonly IngestNote[];
}

/** Lines that a note names. */
const NAMED = 5;

/**
 * While training any word but the positive one is a no, and is remembered.
 * @param known the words that were a no in training; a row with another one was never learned from and cannot be judged
 */
export function labelWords(label: string, positive: string, known?: readonly string[] | null): LabelWords {
  const learned = known == null ? null : new Set(known);
  const seen = new Map<string, { count: number; readonly line: number }>();
  const read = (text: string, line: number): number | undefined => {
    if (sameLabel(text, positive)) return 1;
    const word = wordOf(text);
    if (learned !== null && !learned.has(word)) return undefined;
    const one = seen.get(word) ?? { count: 0, line };
    one.count += 1;
    seen.set(word, one);
    return 0;
  };
  const notes = (): readonly IngestNote[] => {
    // What training has told of already is not told again of each file that is judged.
    if (learned !== null || seen.size < 2) return [];
    const all = [...seen.values()];
    const counts = all.map(({ count }) => count);
    return [
      {
        what: 'noticed',
        why: `${seen.size} different words count as no, in ${list(counts)} rows`,
        column: label,
        count: counts.reduce((sum, count) => sum + count, 0),
        lines: all.slice(0, NAMED).map(({ line }) => line),
      },
    ];
  };
  return { read, negatives: () => [...seen.keys()].sort(), notes };
}

/** One spelling for all that `sameLabel` takes for the same. */
function wordOf(text: string): string {
  const word = text.trim().toLowerCase();
  const number = readNumber(word);
  return number === undefined ? word : String(number);
}

function list(counts: readonly number[]): string {
  const shown = counts.slice(0, NAMED).join(', ');
  return counts.length > NAMED ? `${shown} …` : shown;
}
