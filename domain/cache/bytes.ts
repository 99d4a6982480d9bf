const encoder = new TextEncoder();
/** A byte order mark is part of the text; what is no UTF-8 throws. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Up to this length a loop over plain letters is quicker than a call of the decoder. */
const SHORT = 48;

/** Bytes that grow as they are written. */
export interface Writer {
  byte(value: number): void;
  /** A whole number from 0 to 2^53 − 1, seven bits to a byte, the lowest first. */
  varint(value: number): void;
  /** `count` bytes of a whole number below 2^48, the highest first. */
  fixed(value: number, count: number): void;
  float(value: number): void;
  /** Its length in UTF-8, then its bytes; the text has no half of a surrogate pair. */
  text(value: string): void;
  /** Room for `count` bytes that are told later, filled with 0: where it starts. */
  reserve(count: number): number;
  /** Sets bits of a reserved byte. */
  mark(at: number, bits: number): void;
  written(): Uint8Array;
}

export function createWriter(): Writer {
  let bytes = new Uint8Array(256);
  let view = new DataView(bytes.buffer);
  let end = 0;

  function room(count: number): number {
    const at = end;
    end += count;
    if (end > bytes.length) {
      const larger = new Uint8Array(Math.max(end, bytes.length * 2));
      larger.set(bytes);
      bytes = larger;
      view = new DataView(bytes.buffer);
    }
    return at;
  }

  /** Room first: it may move the bytes elsewhere. */
  function byte(value: number): void {
    const at = room(1);
    bytes[at] = value;
  }

  function varint(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) byte((rest % 0x80) | 0x80);
    byte(rest);
  }

  return {
    byte,
    varint,
    fixed(value, count) {
      const at = room(count);
      let rest = value;
      for (let place = count - 1; place >= 0; place -= 1) {
        bytes[at + place] = rest % 0x100;
        rest = Math.floor(rest / 0x100);
      }
    },
    float(value) {
      const at = room(8);
      view.setFloat64(at, value);
    },
    text(value) {
      if (value.length <= SHORT && isPlain(value)) {
        byte(value.length);
        let at = room(value.length);
        for (let index = 0; index < value.length; index += 1, at += 1) bytes[at] = value.charCodeAt(index);
        return;
      }
      const encoded = encoder.encode(value);
      varint(encoded.length);
      const at = room(encoded.length);
      bytes.set(encoded, at);
    },
    reserve: (count) => room(count),
    mark: (at, bits) => (bytes[at] = bytes[at]! | bits),
    written: () => bytes.slice(0, end),
  };
}

/** Reads what a writer wrote. Everything throws where the bytes end too early or cannot have been written. */
export interface Reader {
  byte(): number;
  varint(): number;
  fixed(count: number): number;
  float(): number;
  text(): string;
  /** A varint that counts things of at least `bits` bits each: more than the rest could hold is refused before any is made. */
  count(bits: number): number;
  atEnd(): boolean;
}

export function createReader(bytes: Uint8Array): Reader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let next = 0;

  /** Where the next `count` bytes start. */
  function take(count: number): number {
    if (count > bytes.length - next) throw new RangeError('The bytes end too early.');
    next += count;
    return next - count;
  }

  function varint(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 49; scale *= 0x80) {
      const byte = bytes[take(1)]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return whole(value);
    }
    throw new RangeError('A number goes on for too long.');
  }

  return {
    byte: () => bytes[take(1)]!,
    varint,
    fixed(count) {
      let at = take(count);
      let value = 0;
      for (; at < next; at += 1) value = value * 0x100 + bytes[at]!;
      return value;
    },
    float: () => view.getFloat64(take(8)),
    text() {
      const length = varint();
      const at = take(length);
      const end = at + length;
      return (length <= SHORT ? plainLetters(bytes, at, end) : undefined) ?? decoder.decode(bytes.subarray(at, end));
    },
    count(bits) {
      const count = varint();
      if (count * bits > (bytes.length - next) * 8) throw new RangeError('The bytes are too few for what they claim.');
      return count;
    },
    atEnd: () => next === bytes.length,
  };
}

function whole(value: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError('A number is too large.');
  return value;
}

/** Only letters of ASCII. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) >= 0x80) return false;
  return true;
}

/** Undefined where there are others than those of ASCII. */
function plainLetters(bytes: Uint8Array, from: number, end: number): string | undefined {
  let text = '';
  for (let at = from; at < end; at += 1) {
    if (bytes[at]! >= 0x80) return undefined;
    text += String.fromCharCode(bytes[at]!);
  }
  return text;
}
