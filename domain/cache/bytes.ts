/**
 * A row has three parts: its texts, one after the other; small bytes, which are alike in rows of a kind; and noise, such as ids and the low
 * bytes of instants, in which no compressor finds anything. Each is kept apart, so that what is alike stands side by side.
 */

const encoder = new TextEncoder();
/** A byte order mark is part of the text; what is no UTF-8 throws. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What a row holds again is told by its place among the first of its kind: so many of each are known. */
export const PLACES = 64;

export interface RowWriter {
  small: Uint8Array;
  smallEnd: number;
  noise: Uint8Array;
  noiseEnd: number;
  /** All of it, in the end. */
  whole: Uint8Array;
  texts: string;
  /** What may come again, in the order in which it came. */
  readonly ids: string[];
  readonly labels: string[];
  readonly instants: number[];
  /** The instant that was written last: the next one is told by the difference. */
  instant: number;
}

/** From here on instants are told: the later it is, the shorter is the first of a row. */
const FIRST_INSTANT = Date.UTC(2024, 0, 1);

export const createRowWriter = (): RowWriter => ({
  small: new Uint8Array(1024),
  smallEnd: 0,
  noise: new Uint8Array(1024),
  noiseEnd: 0,
  whole: new Uint8Array(4096),
  texts: '',
  ids: [],
  labels: [],
  instants: [],
  instant: FIRST_INSTANT,
});

function grown(bytes: Uint8Array, least: number): Uint8Array {
  const larger = new Uint8Array(Math.max(least, bytes.length * 2));
  larger.set(bytes);
  return larger;
}

/** One form of values. */
export interface Form {
  /** False, and nothing written, where the value is none that `read` would give back to the letter. */
  write(row: RowWriter, value: unknown): boolean;
  read(row: RowReader): unknown;
}

export function putByte(row: RowWriter, value: number): void {
  if (row.smallEnd === row.small.length) row.small = grown(row.small, 0);
  row.small[row.smallEnd++] = value;
}

/** A whole number from 0 to 2^53 − 1, seven bits to a byte, the lowest first. */
export function putVarint(row: RowWriter, value: number): void {
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) putByte(row, (rest % 0x80) | 0x80);
  putByte(row, rest);
}

/** Room among the small bytes for `count` that are told later, filled with 0: where it starts. */
export function reserve(row: RowWriter, count: number): number {
  const at = row.smallEnd;
  row.smallEnd = at + count;
  if (row.smallEnd > row.small.length) row.small = grown(row.small, row.smallEnd);
  for (let place = at; place < row.smallEnd; place++) row.small[place] = 0;
  return at;
}

/** The lowest `count` bytes of a whole number below 2^53. Noise is read from the end of the row on: nobody has to know where it starts. */
export function putNoise(row: RowWriter, value: number, count: number): void {
  const end = row.noiseEnd + count;
  if (end > row.noise.length) row.noise = grown(row.noise, end);
  let place = row.noiseEnd;
  let rest = value;
  // By shifts as soon as it can be: a division takes many times as long.
  for (; rest >= 2 ** 31; rest = Math.floor(rest / 0x100)) row.noise[place++] = rest % 0x100;
  for (; place < end; rest >>= 8) row.noise[place++] = rest & 0xff;
  row.noiseEnd = end;
}

export function putText(row: RowWriter, text: string): void {
  putVarint(row, text.length);
  row.texts += text;
}

/** Cleared for the next row. */
export function clear(row: RowWriter): void {
  row.smallEnd = row.noiseEnd = row.ids.length = row.labels.length = row.instants.length = 0;
  row.instant = FIRST_INSTANT;
  row.texts = '';
}

/** Version and length of the texts take no more. */
const LONGEST_START = 6;

/** Version, length of the texts, texts, small bytes, and the noise, its last byte first; null where a text holds half of a surrogate pair. */
export function writtenRow(row: RowWriter, version: number): Uint8Array | null {
  const { texts, small, smallEnd, noise, noiseEnd } = row;
  const most = LONGEST_START + texts.length * 3 + smallEnd + noiseEnd;
  if (most > row.whole.length) row.whole = grown(row.whole, most);
  const { whole } = row;
  const { written } = encoder.encodeInto(texts, whole.subarray(LONGEST_START));
  if (written !== texts.length && /\p{Surrogate}/u.test(texts)) return null;
  const start = setStart(whole, version, written);
  let end = LONGEST_START + written;
  for (let from = 0; from < smallEnd; from++) whole[end++] = small[from]!;
  for (let from = noiseEnd - 1; from >= 0; from--) whole[end++] = noise[from]!;
  return whole.slice(start, end);
}

/** Right before the texts: where it starts. */
function setStart(bytes: Uint8Array, version: number, length: number): number {
  let start = LONGEST_START - 1;
  for (let rest = length; rest >= 0x80; rest = Math.floor(rest / 0x80)) start--;
  let at = start;
  let rest = length;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes[at++] = (rest % 0x80) | 0x80;
  bytes[at] = rest;
  bytes[start - 1] = version;
  return start - 1;
}

/** Everything that reads from it throws where the bytes end too early or cannot have been written. */
export interface RowReader {
  readonly bytes: Uint8Array;
  /** Small bytes are read forwards from here, */
  at: number;
  /** noise backwards from here: where both meet, the row is read. */
  end: number;
  texts: string;
  textAt: number;
  readonly ids: string[];
  readonly labels: string[];
  readonly instants: number[];
  instant: number;
}

export function createRowReader(bytes: Uint8Array, version: number): RowReader {
  const row: RowReader = {
    bytes,
    at: 1,
    end: bytes.length,
    texts: '',
    textAt: 0,
    ids: [],
    labels: [],
    instants: [],
    instant: FIRST_INSTANT,
  };
  if (bytes[0] !== version) throw new RangeError('The row is of another version.');
  const length = takeVarint(row);
  const from = skip(row, length);
  row.texts = decoder.decode(bytes.subarray(from, from + length));
  return row;
}

export function takeByte(row: RowReader): number {
  if (row.at >= row.end) throw new RangeError('The bytes end too early.');
  return row.bytes[row.at++]!;
}

export function takeVarint(row: RowReader): number {
  let value = 0;
  for (let scale = 1; scale <= 2 ** 49; scale *= 0x80) {
    const byte = takeByte(row);
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return whole(value);
  }
  throw new RangeError('A number goes on for too long.');
}

function whole(value: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError('A number is too large.');
  return value;
}

/** Skips `count` small bytes: where they start. */
export function skip(row: RowReader, count: number): number {
  const at = row.at;
  if (count > row.end - at) throw new RangeError('The bytes end too early.');
  row.at = at + count;
  return at;
}

/** A varint that counts things of at least `bits` bits each: more than the rest could hold is refused before any is made. */
export function takeCount(row: RowReader, bits: number): number {
  const count = takeVarint(row);
  if (count * bits > (row.end - row.at) * 8) throw new RangeError('The bytes are too few for what they claim.');
  return count;
}

export function takeNoise(row: RowReader, count: number): number {
  const end = row.end - count;
  if (end < row.at) throw new RangeError('The bytes end too early.');
  let value = 0;
  for (let place = end; place < row.end; place++) value = value * 0x100 + row.bytes[place]!;
  row.end = end;
  return value;
}

export function takeText(row: RowReader): string {
  return takeLetters(row, takeVarint(row));
}

/** So many units of the texts. */
export function takeLetters(row: RowReader, length: number): string {
  const from = row.textAt;
  row.textAt = from + length;
  if (row.textAt > row.texts.length) throw new RangeError('The bytes end too early.');
  return row.texts.slice(from, row.textAt);
}

export function atEnd({ at, end, texts, textAt }: RowReader): boolean {
  return at === end && textAt === texts.length;
}

/** What stands in one of the places that are known so far. */
export function placed<T>(before: readonly T[], place: number): T {
  const one = before[place];
  if (one === undefined) throw new RangeError('There is no such place before it.');
  return one;
}
