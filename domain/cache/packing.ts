import {
  atEnd,
  clear,
  createRowReader,
  createRowWriter,
  type Form,
  putByte,
  putText,
  putVarint,
  reserve,
  type RowReader,
  type RowWriter,
  skip,
  takeByte,
  takeCount,
  takeText,
  writtenRow,
} from './bytes.ts';
import { isPlain, type JsonObject, jsonText, setField } from './json-text.ts';
import { scalars, type ScalarType } from './packed-scalars.ts';

/** What a value is expected to be: a scalar, one of up to 256 words, an object, a list, or an object with any names. */
export type Packed =
  | ScalarType
  | { readonly words: readonly string[] }
  | { readonly fields: Fields }
  | { readonly list: Packed }
  | { readonly names: 'id' | 'path' | 'text'; readonly each: Packed };

export type Fields = Readonly<Record<string, Packed>>;

/** The fields of a kind. Whoever changes them, or their order, counts the version up, so that what was packed before is a miss. */
export interface PackingSchema {
  /** 0–255 */
  readonly version: number;
  readonly fields: Fields;
}

/**
 * Two bits for each field of an object and each element of a list tell which of these it is, four of them in a byte. What does not fit
 * the schema is kept as JSON text, so that nothing is ever lost.
 */
const ABSENT = 0;
const NULL = 1;
const FITS = 2;
const JSON_TEXT = 3;

/** A packed value. */
export interface Row {
  readonly bytes: Uint8Array;
  /** How many of the last bytes are noise, in which no compressor finds anything. */
  readonly noise: number;
}

/** The next row is written over the last one's memory; a getter that packs, too, finds none and has its own. */
let idle: RowWriter | undefined = createRowWriter();
/** Above this, memory is not kept. */
const KEPT_BYTES = 256 * 1024;

/**
 * A value as a row of its kind: without the names of its fields, each value in as few bytes as its type allows. Every value comes back as
 * it was; the fields of an object come back in the order of the schema, those that it does not know after them.
 * @returns  null: the value is no object, or holds half of a surrogate pair, or what JSON has no word for
 */
export function pack(value: unknown, schema: PackingSchema): Row | null {
  if (!isPlain(value)) return null;
  const row = idle ?? createRowWriter();
  idle = undefined;
  clear(row);
  try {
    formOf(schema).write(row, value);
    const bytes = writtenRow(row, schema.version);
    return bytes && { bytes, noise: row.noiseEnd };
  } catch {
    // A value that JSON cannot say, or one so deep that it cannot be walked.
    return null;
  } finally {
    if (row.small.length + row.noise.length <= KEPT_BYTES) idle = row;
  }
}

/** The packed value; undefined where the bytes are of another version of the schema, cut short, or nothing that was packed. */
export function unpack(bytes: Uint8Array, schema: PackingSchema): unknown {
  try {
    const row = createRowReader(bytes, schema.version);
    const value = formOf(schema).read(row);
    return atEnd(row) ? value : undefined;
  } catch {
    return undefined;
  }
}

const forms = new WeakMap<PackingSchema, Form>();

function formOf(schema: PackingSchema): Form {
  let form = forms.get(schema);
  if (form === undefined) forms.set(schema, (form = fieldsForm(schema.fields)));
  return form;
}

function formFor(type: Packed): Form {
  if (typeof type === 'string') return scalars[type];
  if ('words' in type) return wordsForm(type.words);
  if ('list' in type) return listForm(formFor(type.list));
  return 'fields' in type ? fieldsForm(type.fields) : namesForm(scalars[type.names], formFor(type.each));
}

interface Field {
  readonly name: string;
  readonly form: Form;
  /** Every object has something by this name, which is no field. */
  readonly inherited: boolean;
}

function fieldsForm(types: Fields): Form {
  const fields = Object.entries(types).map(([name, type]): Field => ({
    name,
    form: formFor(type),
    inherited: name in Object.prototype,
  }));
  const count = fields.length;
  const stateBytes = Math.ceil((count + 1) / 4);
  return {
    write(row, value) {
      if (!isPlain(value)) return false;
      const states = reserve(row, stateBytes);
      let present = 0;
      for (let at = 0; at < count; at++) {
        const { name, form, inherited } = fields[at]!;
        const field = inherited && !Object.hasOwn(value, name) ? undefined : value[name];
        if (field === undefined) continue;
        present += 1;
        setState(row, states, at, writeOne(row, field, form));
      }
      if (Object.keys(value).length !== present) writeOthers(row, value, types, states, count);
      return true;
    },
    read(row) {
      const states = skip(row, stateBytes);
      const value: Record<string, unknown> = {};
      for (let at = 0; at < count; at++) {
        const state = stateAt(row, states, at);
        if (state === ABSENT) continue;
        const { name, form, inherited } = fields[at]!;
        if (inherited) setField(value, name, readOne(row, state, form));
        else value[name] = readOne(row, state, form);
      }
      if (stateAt(row, states, count) !== ABSENT) readOthers(row, value);
      return value;
    },
  };
}

/** Fields that the schema does not know; those that are undefined are none. */
function writeOthers(row: RowWriter, value: JsonObject, types: Fields, states: number, at: number): void {
  const others = Object.entries(value).filter(([name, other]) => !Object.hasOwn(types, name) && other !== undefined);
  if (others.length === 0) return;
  putText(row, jsonText(Object.fromEntries(others)));
  setState(row, states, at, JSON_TEXT);
}

function readOthers(row: RowReader, value: Record<string, unknown>): void {
  for (const [name, other] of Object.entries(JSON.parse(takeText(row)) as JsonObject)) setField(value, name, other);
}

function wordsForm(words: readonly string[]): Form {
  return {
    write(row, value) {
      const index = words.indexOf(value as string);
      if (index >= 0) putByte(row, index);
      return index >= 0;
    },
    read(row) {
      const word = words[takeByte(row)];
      if (word === undefined) throw new RangeError('There is no such word.');
      return word;
    },
  };
}

function listForm(element: Form): Form {
  return {
    write(row, list) {
      if (!Array.isArray(list)) return false;
      putVarint(row, list.length);
      const states = reserve(row, Math.ceil(list.length / 4));
      for (let at = 0; at < list.length; at++) setState(row, states, at, writeOne(row, list[at], element));
      return true;
    },
    read(row) {
      const count = takeCount(row, 2);
      const states = skip(row, Math.ceil(count / 4));
      const list: unknown[] = [];
      for (let at = 0; at < count; at++) list.push(readOne(row, stateAt(row, states, at), element));
      return list;
    },
  };
}

function namesForm(names: Form, each: Form): Form {
  return {
    write(row, value) {
      if (!isPlain(value)) return false;
      const present = Object.keys(value).filter((name) => value[name] !== undefined);
      putVarint(row, present.length);
      const states = reserve(row, Math.ceil(present.length / 4));
      for (let at = 0; at < present.length; at++) {
        names.write(row, present[at]);
        setState(row, states, at, writeOne(row, value[present[at]!], each));
      }
      return true;
    },
    read(row) {
      // A state, and at least a byte of the name.
      const count = takeCount(row, 10);
      const states = skip(row, Math.ceil(count / 4));
      const value: Record<string, unknown> = {};
      for (let at = 0; at < count; at++) {
        const name = names.read(row) as string;
        setField(value, name, readOne(row, stateAt(row, states, at), each));
      }
      return value;
    },
  };
}

/** Writes what stands for one value, and says how. */
function writeOne(row: RowWriter, value: unknown, form: Form): number {
  if (value === null) return NULL;
  if (form.write(row, value)) return FITS;
  putText(row, jsonText(value));
  return JSON_TEXT;
}

function readOne(row: RowReader, state: number, form: Form): unknown {
  if (state === NULL) return null;
  return state === FITS ? form.read(row) : JSON.parse(takeText(row));
}

function setState(row: RowWriter, states: number, index: number, state: number): void {
  const at = states + (index >> 2);
  row.small[at] = row.small[at]! | (state << ((index & 3) * 2));
}

function stateAt({ bytes }: RowReader, states: number, index: number): number {
  return (bytes[states + (index >> 2)]! >> ((index & 3) * 2)) & 3;
}
