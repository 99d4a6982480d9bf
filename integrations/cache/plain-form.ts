import { pack, type PackingSchema, unpack } from '../../domain/cache/packing.ts';

/** A value with what the cache knows of it. */
export interface Entry {
  /** JSON; null: known absence. */
  readonly value: unknown;
  /** Epoch ms; from then on it is stale. */
  readonly freshUntil: number;
  /** Epoch ms; from then on it is nothing. */
  readonly until: number;
}

/**
 * What is compressed and sealed:
 *
 *   byte 0       what the body is (low two bits) and which of the times follow; a reader takes none that it does not know
 *   4 or 6 bytes `until`: seconds of the epoch, or milliseconds where a second is much of the value's life; absent: for ever
 *   4 or 6 bytes `freshUntil` alike; absent: the same as `until`
 *   the rest     JSON text, a packed value, or nothing
 *
 * Times are rounded down: nothing stands longer than it was meant to.
 */
const JSON_TEXT = 0;
const PACKED = 1;
const ABSENT = 2;
const BODY = 0b11;
const HAS_UNTIL = 0b100;
const HAS_FRESH = 0b1000;
const IN_MS = 0b10000;
/** It was stored anew by the slow level; that is not done twice. */
const SETTLED = 0b100000;
const KNOWN = 0b111111;

/** A value that stays fresh for less is told to the millisecond. */
const SHORT_LIFE_MS = 60_000;
const LAST_SECOND = 2 ** 32 - 1;
const LAST_MS = 2 ** 48 - 1;
const LONGEST_HEADER = 13;

/** Values of so many letters are written into memory that the next one takes again; each letter is at most three bytes. */
const SHORT_LETTERS = 16 * 1024;
const scratch = Buffer.allocUnsafeSlow(SHORT_LETTERS * 3 + LONGEST_HEADER);

export interface Plain {
  readonly bytes: Buffer;
  /** The next value is written over them: whoever keeps them makes a copy. */
  readonly borrowed: boolean;
  /** How many of the last bytes are noise. */
  readonly noise: number;
}

/** @throws TypeError for what JSON has no word for */
export function writePlain(entry: Entry, schema: PackingSchema | undefined, now: number): Plain {
  const { value } = entry;
  if (value === null) return framed(entry, now, ABSENT, undefined);
  const packed = schema === undefined ? null : pack(value, schema);
  if (packed !== null) return { ...framed(entry, now, PACKED, packed.bytes), noise: packed.noise };
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError('What is cached is a value of JSON.');
  return framed(entry, now, JSON_TEXT, text);
}

/** Undefined where the form is not known, or the bytes are none of the kind's. */
export function readPlain(bytes: Uint8Array, schema: PackingSchema | undefined): Entry | undefined {
  const plain = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const form = plain[0];
  if (form === undefined || form > KNOWN) return undefined;
  const width = (form & IN_MS) === 0 ? 4 : 6;
  const unit = width === 4 ? 1000 : 1;
  let at = 1;
  let until = Infinity;
  let freshUntil = Infinity;
  if (plain.length < 1 + width * (Number((form & HAS_UNTIL) !== 0) + Number((form & HAS_FRESH) !== 0)))
    return undefined;
  if ((form & HAS_UNTIL) !== 0) {
    until = freshUntil = plain.readUIntBE(at, width) * unit;
    at += width;
  }
  if ((form & HAS_FRESH) !== 0) {
    freshUntil = plain.readUIntBE(at, width) * unit;
    at += width;
  }
  const value = readBody(form & BODY, plain, at, schema);
  return value === undefined ? undefined : { value, freshUntil, until };
}

export const isSettled = (plain: Uint8Array): boolean => (plain[0]! & SETTLED) !== 0;

/** A copy that says so. */
export function settled(plain: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(plain);
  copy[0] = copy[0]! | SETTLED;
  return copy;
}

function readBody(body: number, plain: Buffer, at: number, schema: PackingSchema | undefined): unknown {
  switch (body) {
    case JSON_TEXT:
      try {
        return JSON.parse(plain.toString('utf8', at));
      } catch {
        return undefined;
      }
    case PACKED:
      return schema === undefined ? undefined : unpack(plain.subarray(at), schema);
    case ABSENT:
      return plain.length === at ? null : undefined;
    default:
      return undefined;
  }
}

function framed(entry: Entry, now: number, body: number, content: string | Uint8Array | undefined): Plain {
  const borrowed = content === undefined || content.length < SHORT_LETTERS;
  const bytes = borrowed
    ? scratch
    : Buffer.allocUnsafe(LONGEST_HEADER + (typeof content === 'string' ? Buffer.byteLength(content) : content.length));
  let end = writeTimes(bytes, entry, now, body);
  if (typeof content === 'string') end += bytes.write(content, end);
  else if (content !== undefined) {
    bytes.set(content, end);
    end += content.length;
  }
  return { bytes: bytes.subarray(0, end), borrowed, noise: 0 };
}

/** @returns where the body starts */
function writeTimes(target: Buffer, { until, freshUntil }: Entry, now: number, body: number): number {
  const fresh = Math.min(freshUntil, until);
  const inMs = (fresh > now && fresh - now < SHORT_LIFE_MS) || until - now < SHORT_LIFE_MS;
  const width = inMs ? 6 : 4;
  const bounded = (time: number): number =>
    inMs ? clamp(Math.floor(time), LAST_MS) : clamp(Math.floor(time / 1000), LAST_SECOND);
  let form = body | (inMs ? IN_MS : 0);
  let at = 1;
  if (until !== Infinity) {
    form |= HAS_UNTIL;
    at = target.writeUIntBE(bounded(until), at, width);
  }
  if (bounded(fresh) !== bounded(until)) {
    form |= HAS_FRESH;
    at = target.writeUIntBE(bounded(fresh), at, width);
  }
  target[0] = form;
  return at;
}

const clamp = (value: number, last: number): number => Math.min(Math.max(value, 0), last);
