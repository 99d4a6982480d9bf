import { AppError } from '../../errors.ts';
import type { DatasetSchema } from './dataset-schema.ts';
import { readDate, readNumber, splitLine } from './ingest-cells.ts';
import { type FileRecord, whole } from './ingest-records.ts';
import { type LabelWords, labelWords } from './ingest-labels.ts';
import { withMadeFeatures } from './made-features.ts';
import { type IngestReport, newNotes, type Notes } from './ingest-report.ts';
import type { RawColumn, Table } from './table.ts';

/** What the rows are for: `score` needs no labels; `audit` is `train` with the columns that people are compared by. */
export type Purpose = 'train' | 'audit' | 'evaluate' | 'score';

export interface Ingestion {
  /** Takes the next record of the file. */
  readonly take: (record: FileRecord) => void;
  /** Rows taken since the last table. */
  readonly rows: () => number;
  /**
   * The rows since the last table, and begins the next one; `ids` name them. `more`: rows are still to come, so a column is not judged yet by
   * a few bad cells alone. @throws AppError DATASET_UNUSABLE
   */
  readonly table: (more?: boolean) => { readonly table: Table; readonly ids: readonly string[] };
  /** Of a yes or no: the words that counted as no. */
  readonly negatives: () => readonly string[];
  /** What was found so far, and what became of it. */
  readonly report: () => IngestReport;
}

/** What a spreadsheet takes for a formula, and runs. */
const formula = /^[=+\-@]/;

/** Bad cells from which on a column that also has good ones is judged. */
const ENOUGH = 20;

/**
 * Makes rows of a file into tables, column by column as the schema says. Whatever is not as it should be is repaired, left out or emptied
 * and counted by reason: nothing is guessed. In the tables the label is a column of numbers, 1 for the positive class and 0 for the others.
 * @param negatives of a trained model that is to be judged: the words that counted as no
 * @throws AppError DATASET_UNUSABLE when the file's columns are not the schema's
 */
export function beginIngestion(
  header: FileRecord,
  schema: DatasetSchema,
  purpose: Purpose,
  negatives?: readonly string[] | null,
): Ingestion {
  const names = headerNames(header);
  const words = labelWords(schema.label, schema.positive ?? '', negatives);
  const readers = readersOf(names, schema, purpose, words);
  const notes = newNotes();
  const place = schema.id === undefined ? -1 : names.indexOf(schema.id);
  const audited = schema.audit?.map(({ name }) => name) ?? [];
  const { label, id: named, group, weight } = schema;
  const used = new Set([...readers.map(({ name }) => name), ...audited, label, named, group, weight]);
  if (purpose === 'score' && schema.id !== undefined && place < 0) {
    notes.add('noticed', 'the file lacks it; rows are named by their number', header.line, schema.id);
  }
  const seen = new Set<number>();
  const emptied = new Map<string, { bad: number; filled: number }>();
  let [read, kept, ids]: [number, number, string[]] = [0, 0, []];
  let cells: (number | string | null)[][] = readers.map(() => []);

  const take = (record: FileRecord): void => {
    read += 1;
    const row = whole(record, names.length, notes);
    if (row === undefined) return;
    if (purpose !== 'score' && doubled(row, record.line, place >= 0, seen, notes)) return;
    const values: (number | string | null)[] = [];
    for (const reader of readers) {
      const text = row[reader.place]!.trim();
      const blank = text === '' || schema.missing.includes(text);
      const value = blank ? null : reader.read(text, record.line);
      if (!blank) tally(emptied, reader.name, value === undefined && reader.mistyped(text));
      if (reader.needed !== undefined && (value === null || value === undefined)) {
        const why = blank ? `${reader.needed} is blank` : faultOf(reader, text);
        return notes.add('dropped', why, record.line, reader.name);
      }
      if (value === undefined) notes.add('emptied', faultOf(reader, text), record.line, reader.name);
      values.push(value ?? null);
    }
    values.forEach((value, i) => cells[i]!.push(value));
    const own = place >= 0 ? row[place]!.trim() : '';
    const id = own === '' ? String(read) : own;
    if (purpose === 'score' && place >= 0 && own === '') {
      notes.add('noticed', 'blank; the row is named by its number', record.line, schema.id);
    }
    if (purpose === 'score' && formula.test(id) && readNumber(id) === undefined) {
      notes.add('noticed', 'begins as a formula does; it is written as it stands', record.line, schema.id);
    }
    ids.push(id);
    kept += 1;
  };

  const table = (more = false): { table: Table; ids: readonly string[] } => {
    refuseWrongTypes(emptied, more);
    if (purpose === 'evaluate' && kept === 0) throw nothingLeft('judge', read, notes);
    if (purpose === 'score' && kept === 0 && read > 0 && !more) throw nothingLeft('score', read, notes);
    const columns = readers.map(({ name, kind }, i) => [name, columnOf(kind, cells[i]!)] as const);
    const raw = { rows: ids.length, columns: Object.fromEntries(columns) };
    const made = { table: withMadeFeatures(raw, schema), ids };
    [cells, ids] = [readers.map(() => []), []];
    return made;
  };

  return {
    take,
    rows: () => ids.length,
    table,
    negatives: words.negatives,
    report: () => ({
      read,
      kept,
      columnsIgnored: names.filter((name) => !used.has(name)),
      notes: [...notes.list(), ...words.notes()],
    }),
  };
}

function headerNames({ cells }: FileRecord): string[] {
  const names = (cells.length === 1 ? splitLine(cells[0]!) : [...cells]).map((cell) => cell.trim());
  const twice = names.find((name, i) => name !== '' && names.indexOf(name) !== i);
  if (twice !== undefined) throw unusable(`expected each column once in the first line; ${twice} stands there twice`);
  if (names.length === 1 && /[;\t]/.test(names[0]!)) {
    throw unusable('expected commas between the columns of the first line; it has semicolons or tabs');
  }
  return names;
}

interface Reader {
  readonly name: string;
  readonly place: number;
  readonly kind: RawColumn['kind'];
  /** Undefined when the text is not what the column holds. */
  readonly read: (text: string, line: number) => number | string | undefined;
  readonly fault: string | ((text: string) => string);
  /** Is a text that cannot be read of another type, rather than beyond some bound? */
  readonly mistyped: (text: string) => boolean;
  /** What the column is, where a row cannot be without it. */
  readonly needed?: string;
}

const always = (): boolean => true;
const never = (): boolean => false;
const noNumber = (text: string): boolean => readNumber(text) === undefined;

function readersOf(names: readonly string[], schema: DatasetSchema, purpose: Purpose, words: LabelWords): Reader[] {
  const date = (text: string): number | undefined => readDate(text, schema.dateOrder);
  const kinds = {
    number: { kind: 'number', read: readNumber, fault: 'not a number', mistyped: always },
    date: { kind: 'number', read: date, fault: 'not a date', mistyped: always },
    category: { kind: 'category', read: (text: string) => text, fault: '', mistyped: never },
  } as const;
  const wanted: Omit<Reader, 'place'>[] = schema.features
    .filter(({ of }) => of === undefined)
    .map(({ name, type }) => ({ name, ...kinds[type] }));
  const add = (name: string | undefined, reader: Omit<Reader, 'place' | 'name'>): void => {
    if (name !== undefined && !wanted.some((one) => one.name === name)) wanted.push({ name, ...reader });
  };
  if (purpose !== 'score') {
    add(schema.weight, weightReader);
    // After the weight: the word of a row that is left out was not learned.
    add(schema.label, labelReader(schema, words));
  }
  // A row without a date has no place in time, but its label teaches all the same, and it can be scored.
  add(schema.time, kinds.date);
  if (purpose !== 'score') for (const name of [schema.group, schema.id]) add(name, kinds.category);
  if (purpose === 'audit') for (const { name, type } of schema.audit ?? []) add(name, kinds[type]);
  const learns = purpose === 'train' || purpose === 'audit';
  // What is judged needs no date, and where it has no groups each row stands for itself.
  const spared = learns ? [] : [schema.time, schema.group, schema.id];
  const absent = wanted.filter(({ name }) => !names.includes(name) && !spared.includes(name));
  if (absent.length > 0) {
    throw unusable(`the file lacks ${absent.map(({ name }) => name).join(', ')}; it has ${names.length} columns`);
  }
  return wanted.map((one) => ({ ...one, place: names.indexOf(one.name) })).filter(({ place }) => place >= 0);
}

function labelReader({ task, transform, least }: DatasetSchema, words: LabelWords): Omit<Reader, 'place' | 'name'> {
  const needed = 'the label';
  if (task === 'classify') {
    const fault = 'the label is none that the model has learned';
    return { kind: 'number', read: words.read, fault, mistyped: never, needed };
  }
  const read = (text: string): number | undefined => {
    const value = readNumber(text);
    if (value === undefined || value < (least ?? -Infinity)) return undefined;
    return transform === 'log' && value <= 0 ? undefined : value;
  };
  const bound = least !== undefined ? ` from ${least}` : transform === 'log' ? ' above 0' : '';
  return { kind: 'number', read, fault: `the label is no number${bound}`, mistyped: noNumber, needed };
}

function faultOf({ fault }: Reader, text: string): string {
  return typeof fault === 'string' ? fault : fault(text);
}

/** A weight of 0 is the row left out. */
const weightReader: Omit<Reader, 'place' | 'name'> = {
  kind: 'number',
  read: (text) => {
    const weight = readNumber(text);
    return weight !== undefined && weight > 0 ? weight : undefined;
  },
  fault: (text) => (readNumber(text) === 0 ? 'the weight is 0' : 'the weight is no number above 0'),
  mistyped: noNumber,
  needed: 'the weight',
};

/**
 * Did a row with all the same cells come before? With ids it is one row that came twice. Without, two rows alike may well be two leads
 * alike: they stay, and are told of.
 */
function doubled(row: readonly string[], line: number, named: boolean, seen: Set<number>, notes: Notes): boolean {
  const key = fingerprint(row);
  if (!seen.has(key)) {
    seen.add(key);
    return false;
  }
  if (named) notes.add('dropped', 'the same row stands in the file before', line);
  else notes.add('noticed', 'the same row stands in the file before; kept, as no id tells rows apart', line);
  return named;
}

/** 53 bits of the cells: among a million rows two that differ share them once in twenty thousand files. */
function fingerprint(row: readonly string[]): number {
  let [high, low] = [0x811c9dc5, 0x9e3779b9];
  for (const cell of row) {
    for (let i = 0; i < cell.length; i += 1) {
      const code = cell.charCodeAt(i);
      high = Math.imul(high ^ code, 0x01000193);
      low = Math.imul(low ^ code, 0x85ebca6b);
      low ^= low >>> 13;
    }
    high = Math.imul(high ^ 0x1f, 0x01000193);
    low = Math.imul(low ^ 0x1f, 0xc2b2ae35);
  }
  return (high >>> 11) * 0x1_0000_0000 + (low >>> 0);
}

function tally(emptied: Map<string, { bad: number; filled: number }>, name: string, bad: boolean): void {
  const count = emptied.get(name) ?? { bad: 0, filled: 0 };
  count.filled += 1;
  if (bad) count.bad += 1;
  emptied.set(name, count);
}

/** A few slips are emptied; a column that is mostly slips, or nothing else, is another column than the schema means. */
function refuseWrongTypes(emptied: ReadonlyMap<string, { bad: number; filled: number }>, more: boolean): void {
  for (const [name, { bad, filled }] of emptied) {
    const throughout = bad > 0 && bad === filled && !more;
    if (throughout || (bad >= ENOUGH && bad * 2 > filled)) {
      throw unusable(`${name}: ${bad} of ${filled} filled cells are not of the type that the schema says`);
    }
  }
}

function columnOf(kind: RawColumn['kind'], values: readonly (number | string | null)[]): RawColumn {
  if (kind === 'category') return { kind, values: values as (string | null)[] };
  return { kind, values: Float64Array.from(values, (value) => (typeof value === 'number' ? value : Number.NaN)) };
}

function nothingLeft(to: 'judge' | 'score', read: number, notes: Notes): AppError {
  const dropped = notes.list().filter(({ what }) => what === 'dropped');
  const why = dropped.map((note) => `${note.count}: ${note.why}`).join('; ');
  return unusable(`expected rows to ${to}, got none of ${read}${why === '' ? '' : ` (${why})`}`);
}

function unusable(detail: string): AppError {
  return new AppError('DATASET_UNUSABLE', detail);
}
