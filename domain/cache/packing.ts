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
 * A bit for each field of an object and each element of a list tells whether it fits. In place of what does not, there is a byte that tells
 * which of these it is; and as JSON text nothing is ever lost.
 */
const ABSENT = 0;
const NULL = 1;
const JSON_TEXT = 2;

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
    if (row.small.length + row.noise.length + row.whole.length <= KEPT_BYTES) idle = row;
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
  const flagBytes = Math.ceil((count + 1) / 8);
  return {
    write(row, value) {
      if (!isPlain(value)) return false;
      const flags = reserve(row, flagBytes);
      let present = 0;
      for (let at = 0; at < count; at++) {
        const { name, form, inherited } = fields[at]!;
        const field = inherited && !Object.hasOwn(value, name) ? undefined : value[name];
        if (field !== undefined) present += 1;
        writeOne(row, field, form, flags, at);
      }
      if (Object.keys(value).length !== present) writeOthers(row, value, types, flags, count);
      return true;
    },
    read(row) {
      const flags = skip(row, flagBytes);
      const value: Record<string, unknown> = {};
      for (let at = 0; at < count; at++) {
        const { name, form, inherited } = fields[at]!;
        const field = readOne(row, form, flags, at);
        if (field === undefined) continue;
        if (inherited) setField(value, name, field);
        else value[name] = field;
      }
      if (isFlagged(row, flags, count)) readOthers(row, value);
      return value;
    },
  };
}

/** Fields that the schema does not know; those that are undefined are none. */
function writeOthers(row: RowWriter, value: JsonObject, types: Fields, flags: number, at: number): void {
  const others = Object.entries(value).filter(([name, other]) => !Object.hasOwn(types, name) && other !== undefined);
  if (others.length === 0) return;
  putText(row, jsonText(Object.fromEntries(others)));
  setFlag(row, flags, at);
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
      const flags = reserve(row, Math.ceil(list.length / 8));
      for (let at = 0; at < list.length; at++) writeElement(row, list[at], element, flags, at);
      return true;
    },
    read(row) {
      // A flag, and at least a byte of the element.
      const count = takeCount(row, 9);
      const flags = skip(row, Math.ceil(count / 8));
      const list: unknown[] = [];
      for (let at = 0; at < count; at++) list.push(readElement(row, element, flags, at));
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
      const flags = reserve(row, Math.ceil(present.length / 8));
      for (let at = 0; at < present.length; at++) {
        names.write(row, present[at]);
        writeOne(row, value[present[at]!], each, flags, at);
      }
      return true;
    },
    read(row) {
      const count = takeCount(row, 17);
      const flags = skip(row, Math.ceil(count / 8));
      const value: Record<string, unknown> = {};
      for (let at = 0; at < count; at++) {
        const name = names.read(row) as string;
        setField(value, name, readElement(row, each, flags, at));
      }
      return value;
    },
  };
}

/** Writes what stands for one value, and flags it where it fits. */
function writeOne(row: RowWriter, value: unknown, form: Form, flags: number, at: number): void {
  if (value === undefined) putByte(row, ABSENT);
  else if (value === null) putByte(row, NULL);
  else if (form.write(row, value)) setFlag(row, flags, at);
  else {
    putByte(row, JSON_TEXT);
    putText(row, jsonText(value));
  }
}

/** Undefined where it is absent. */
function readOne(row: RowReader, form: Form, flags: number, at: number): unknown {
  if (isFlagged(row, flags, at)) return form.read(row);
  switch (takeByte(row)) {
    case ABSENT:
      return undefined;
    case NULL:
      return null;
    case JSON_TEXT:
      return JSON.parse(takeText(row));
    default:
      throw new RangeError('There are no such values.');
  }
}

/** A list has no holes: what cannot be said in JSON throws. */
function writeElement(row: RowWriter, value: unknown, form: Form, flags: number, at: number): void {
  if (value === undefined) throw new TypeError('This is no value of JSON.');
  writeOne(row, value, form, flags, at);
}

function readElement(row: RowReader, form: Form, flags: number, at: number): unknown {
  const element = readOne(row, form, flags, at);
  if (element === undefined) throw new RangeError('Expected an element.');
  return element;
}

function setFlag(row: RowWriter, flags: number, at: number): void {
  const place = flags + (at >> 3);
  row.small[place] = row.small[place]! | (1 << (at & 7));
}

function isFlagged({ bytes }: RowReader, flags: number, at: number): boolean {
  return ((bytes[flags + (at >> 3)]! >> (at & 7)) & 1) === 1;
}
