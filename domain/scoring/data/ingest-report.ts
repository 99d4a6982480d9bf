/** What was not as it should be, and what became of it. No cell is quoted: it may be somebody's name. */
export interface IngestNote {
  /** `dropped` rows are left out, `repaired` ones made whole; `emptied` cells count as missing; `noticed` is told only. */
  readonly what: 'dropped' | 'repaired' | 'emptied' | 'noticed';
  readonly why: string;
  readonly column?: string;
  readonly count: number;
  /** The first lines of the file on which it stands. */
  readonly lines: readonly number[];
}

export interface IngestReport {
  /** Records in the file, the first line apart. */
  readonly read: number;
  readonly kept: number;
  /** Columns that the schema does not name. */
  readonly columnsIgnored: readonly string[];
  readonly notes: readonly IngestNote[];
}

export interface Notes {
  readonly add: (what: IngestNote['what'], why: string, line: number, column?: string, times?: number) => void;
  readonly list: () => readonly IngestNote[];
}

/** Lines that a note names. */
const NAMED = 5;

export function newNotes(): Notes {
  const notes = new Map<string, IngestNote & { count: number; lines: number[] }>();
  return {
    add: (what, why, line, column, times = 1) => {
      const key = JSON.stringify([what, why, column]);
      const note = notes.get(key) ?? { what, why, ...(column === undefined ? {} : { column }), count: 0, lines: [] };
      note.count += times;
      if (note.lines.length < NAMED) note.lines.push(line);
      notes.set(key, note);
    },
    list: () => [...notes.values()],
  };
}

/** A line per note, for people. */
export function reportLines({ read, kept, columnsIgnored, notes }: IngestReport): string[] {
  const ignored = columnsIgnored.length === 0 ? [] : [`columns not in the schema: ${columnsIgnored.join(', ')}`];
  const told = notes.map(({ what, why, column, count, lines }) => {
    const where = `${lines.length < count ? 'first on ' : ''}line${lines.length > 1 ? 's' : ''} ${lines.join(', ')}`;
    return `${what} ${count}: ${column === undefined ? '' : `${column}: `}${why} (${where})`;
  });
  return [`${kept} of ${read} rows`, ...ignored, ...told];
}
