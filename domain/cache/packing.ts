import { createReader, createWriter, type Reader, type Writer } from './bytes.ts';
import { isPlain, type JsonObject, jsonText, setField } from './json-text.ts';
import { scalars, type ScalarType } from './packed-scalars.ts';

/** What a value is expected to be: a scalar, one of up to 256 words, an object, a list, or an object with any names. */
export type Packed =
  | ScalarType
  | { readonly words: readonly string[] }
  | { readonly fields: Fields }
  | { readonly list: Packed }
  | { readonly names: 'id' | 'text'; readonly each: Packed };

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

/**
 * A value as a row of its kind: without the names of its fields, each value in as few bytes as its type allows. Every value comes back as
 * it was; the fields of an object come back in the order of the schema, those that it does not know after them.
 * @returns  null: the value is no object, or holds what JSON has no word for
 */
export function pack(value: unknown, schema: PackingSchema): Uint8Array | null {
  if (!isPlain(value)) return null;
  const out = createWriter();
  out.byte(schema.version);
  try {
    writeFields(out, value, schema.fields);
  } catch {
    // A value that JSON cannot say, or one so deep that it cannot be walked.
    return null;
  }
  return out.written();
}

/** The packed value; undefined where the bytes are of another version of the schema, cut short, or nothing that was packed. */
export function unpack(bytes: Uint8Array, schema: PackingSchema): unknown {
  try {
    const reader = createReader(bytes);
    if (reader.byte() !== schema.version) return undefined;
    const value = readFields(reader, schema.fields);
    return reader.atEnd() ? value : undefined;
  } catch {
    return undefined;
  }
}

function writeFields(out: Writer, value: JsonObject, fields: Fields): void {
  const names = Object.keys(fields);
  const states = stateWriter(out, names.length + 1);
  for (const name of names) {
    const field = Object.hasOwn(value, name) ? value[name] : undefined;
    states.push(field === undefined ? ABSENT : writeOne(out, field, fields[name]!));
  }
  const others = Object.entries(value).filter(([name, other]) => !Object.hasOwn(fields, name) && other !== undefined);
  if (others.length > 0) out.text(jsonText(Object.fromEntries(others)));
  states.push(others.length > 0 ? JSON_TEXT : ABSENT);
}

function readFields(bytes: Reader, fields: Fields): JsonObject {
  const names = Object.keys(fields);
  const stateAt = stateReader(bytes, names.length + 1);
  const value: Record<string, unknown> = {};
  names.forEach((name, index) => {
    const state = stateAt(index);
    if (state !== ABSENT) setField(value, name, readOne(bytes, state, fields[name]!));
  });
  const others = stateAt(names.length) === ABSENT ? {} : (JSON.parse(bytes.text()) as JsonObject);
  for (const [name, other] of Object.entries(others)) setField(value, name, other);
  return value;
}

/** Writes what stands for one value, and says how. */
function writeOne(out: Writer, value: unknown, type: Packed): number {
  if (value === null) return NULL;
  if (writeTyped(out, value, type)) return FITS;
  out.text(jsonText(value));
  return JSON_TEXT;
}

function readOne(bytes: Reader, state: number, type: Packed): unknown {
  if (state === NULL) return null;
  return state === FITS ? readTyped(bytes, type) : JSON.parse(bytes.text());
}

/** False, and nothing written, where the value is not of the type. */
function writeTyped(out: Writer, value: unknown, type: Packed): boolean {
  if (typeof type === 'string') {
    const fits = scalars[type].fits(value);
    if (fits) scalars[type].write(out, value);
    return fits;
  }
  if ('words' in type) {
    const index = type.words.indexOf(value as string);
    if (index >= 0) out.byte(index);
    return index >= 0;
  }
  if ('list' in type) return Array.isArray(value) && writeList(out, value, type.list);
  if (!isPlain(value)) return false;
  if ('fields' in type) writeFields(out, value, type.fields);
  else return writeNamed(out, value, scalars[type.names], type.each);
  return true;
}

function readTyped(bytes: Reader, type: Packed): unknown {
  if (typeof type === 'string') return scalars[type].read(bytes);
  if ('words' in type) return wordAt(type.words, bytes.byte());
  if ('list' in type) {
    const count = bytes.count(2);
    const stateAt = stateReader(bytes, count);
    return Array.from({ length: count }, (_, index) => readOne(bytes, stateAt(index), type.list));
  }
  if ('fields' in type) return readFields(bytes, type.fields);
  const count = bytes.count(10);
  const stateAt = stateReader(bytes, count);
  const value: Record<string, unknown> = {};
  for (let index = 0; index < count; index += 1) {
    const name = scalars[type.names].read(bytes) as string;
    setField(value, name, readOne(bytes, stateAt(index), type.each));
  }
  return value;
}

function writeList(out: Writer, list: readonly unknown[], type: Packed): boolean {
  out.varint(list.length);
  const states = stateWriter(out, list.length);
  for (const element of list) states.push(writeOne(out, element, type));
  return true;
}

/** False, and nothing written, where a name holds half of a surrogate pair. */
function writeNamed(out: Writer, value: JsonObject, names: (typeof scalars)['id'], type: Packed): boolean {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  if (!entries.every(([name]) => names.fits(name))) return false;
  out.varint(entries.length);
  const states = stateWriter(out, entries.length);
  for (const [name, field] of entries) {
    names.write(out, name);
    states.push(writeOne(out, field, type));
  }
  return true;
}

function wordAt(words: readonly string[], index: number): string {
  const word = words[index];
  if (word === undefined) throw new RangeError('There is no such word.');
  return word;
}

function stateWriter(out: Writer, count: number): { push(state: number): void } {
  const at = out.reserve(Math.ceil(count / 4));
  let pushed = 0;
  return {
    push(state) {
      out.mark(at + (pushed >> 2), state << ((pushed & 3) * 2));
      pushed += 1;
    },
  };
}

function stateReader(bytes: Reader, count: number): (index: number) => number {
  const states = Array.from({ length: Math.ceil(count / 4) }, () => bytes.byte());
  return (index) => (states[index >> 2]! >> ((index & 3) * 2)) & 3;
}
