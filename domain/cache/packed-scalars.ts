import type { Reader, Writer } from './bytes.ts';

/**
 * id       20 letters and digits in 15 bytes, 24 hex digits in 13, a UUID in 17, any other text as it is
 * instant  ISO 8601 in UTC with milliseconds, in 6 bytes
 * phone    up to 12 digits with or without +, in 5 bytes
 * dollars  a decimal number in text with two digits after the point, `425000.00`
 */
export type ScalarType = 'id' | 'instant' | 'phone' | 'dollars' | 'text' | 'number' | 'boolean';

/** One form of values: which values have it, and how these are written and read. */
interface Scalar {
  /** Only what `read` gives back to the letter may be said to fit. */
  fits(value: unknown): boolean;
  write(out: Writer, value: unknown): void;
  read(bytes: Reader): unknown;
}

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CODES = new Map(Array.from(LETTERS, (letter, code) => [letter.charCodeAt(0), code]));
/** Five letters are below 62^5 < 2^30, so the first byte of an id of 20 is at most 218: the bytes above tell the other forms. */
const FIVE_LETTERS = 62 ** 5;
const HEX = 0xfd;
const UUID = 0xfe;
const OTHER_ID = 0xff;
/** Instants are milliseconds above this, so that those up to the year 6429 are below 2^48; later ones are texts. */
const FIRST_INSTANT = -(2 ** 47);
/** Digits after the point that a number may have and still be written as a whole one: degrees and square metres do. */
const FRACTION = 1e6;

/** The first look is the quicker one: it finds whole pairs too, which few texts have. */
const isText = (value: unknown): value is string =>
  typeof value === 'string' && (!/[\ud800-\udfff]/.test(value) || !/\p{Surrogate}/u.test(value));

const id: Scalar = {
  fits: isText,
  write(out, value) {
    const text = value as string;
    if (/^[0-9A-Za-z]{20}$/.test(text)) {
      writeLetters(out, text);
      return;
    }
    const form = /^[0-9a-f]{24}$/.test(text) ? HEX : isUuid(text) ? UUID : OTHER_ID;
    out.byte(form);
    if (form === OTHER_ID) {
      out.text(text);
      return;
    }
    const digits = text.replaceAll('-', '');
    for (let at = 0; at < digits.length; at += 8) out.fixed(parseInt(digits.slice(at, at + 8), 16), 4);
  },
  read(bytes) {
    const first = bytes.byte();
    if (first < HEX) return readLetters(bytes, first);
    if (first === OTHER_ID) return bytes.text();
    const words = Array.from({ length: first === HEX ? 3 : 4 }, () => bytes.fixed(4).toString(16).padStart(8, '0'));
    const digits = words.join('');
    return first === HEX ? digits : digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  },
};

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

/** Four groups of five letters, 30 bits each. */
function writeLetters(out: Writer, text: string): void {
  const [a, b, c, d] = [0, 5, 10, 15].map((from) => fiveLetters(text, from)) as [number, number, number, number];
  out.fixed(a * 2 ** 18 + Math.floor(b / 2 ** 12), 6);
  out.fixed((b % 2 ** 12) * 2 ** 36 + c * 2 ** 6 + Math.floor(d / 2 ** 24), 6);
  out.fixed(d % 2 ** 24, 3);
}

function readLetters(bytes: Reader, first: number): string {
  const high = first * 2 ** 40 + bytes.fixed(5);
  const middle = bytes.fixed(6);
  const a = Math.floor(high / 2 ** 18);
  const b = (high % 2 ** 18) * 2 ** 12 + Math.floor(middle / 2 ** 36);
  const c = Math.floor(middle / 2 ** 6) % 2 ** 30;
  const d = (middle % 2 ** 6) * 2 ** 24 + bytes.fixed(3);
  return [a, b, c, d].map(lettersOf).join('');
}

function fiveLetters(text: string, from: number): number {
  let value = 0;
  for (let at = from; at < from + 5; at += 1) value = value * 62 + CODES.get(text.charCodeAt(at))!;
  return value;
}

function lettersOf(value: number): string {
  if (value >= FIVE_LETTERS) throw new RangeError('These are no five letters.');
  let letters = '';
  for (let rest = value; letters.length < 5; rest = Math.floor(rest / 62)) letters = LETTERS[rest % 62]! + letters;
  return letters;
}

const instant: Scalar = {
  fits(value) {
    if (typeof value !== 'string' || value.length !== 24) return false;
    const at = Date.parse(value);
    return at < -FIRST_INSTANT && new Date(at).toISOString() === value;
  },
  write: (out, value) => out.fixed(Date.parse(value as string) - FIRST_INSTANT, 6),
  read: (bytes) => new Date(bytes.fixed(6) + FIRST_INSTANT).toISOString(),
};

/** Twice the number, and one more for the +. */
const phone: Scalar = {
  fits: (value) => typeof value === 'string' && /^\+?[1-9]\d{0,11}$/.test(value) && Number(value) < 2 ** 39,
  write: (out, value) => out.fixed(Number(value) * 2 + Number((value as string).startsWith('+')), 5),
  read(bytes) {
    const packed = bytes.fixed(5);
    return `${packed % 2 === 1 ? '+' : ''}${Math.floor(packed / 2)}`;
  },
};

const dollars: Scalar = {
  fits: (value) => typeof value === 'string' && /^(0|[1-9]\d{0,12})\.\d\d$/.test(value),
  write: (out, value) => out.varint(Number((value as string).replace('.', ''))),
  read(bytes) {
    const cents = bytes.varint();
    return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
  },
};

const text: Scalar = {
  fits: isText,
  write: (out, value) => out.text(value as string),
  read: (bytes) => bytes.text(),
};

/** Whole numbers are even, numbers with up to six digits after the point odd, and 1 says that eight bytes of any number follow. */
const number: Scalar = {
  fits: (value) => typeof value === 'number' && Number.isFinite(value),
  write(out, value) {
    const given = value as number;
    const scaled = Math.round(given * FRACTION);
    if (isSmall(given)) {
      out.varint(unsigned(given) * 2);
      return;
    }
    if (isSmall(scaled) && Object.is(scaled / FRACTION, given)) {
      out.varint((unsigned(scaled) + 1) * 2 + 1);
      return;
    }
    out.varint(1);
    out.float(given);
  },
  read(bytes) {
    const packed = bytes.varint();
    const value = Math.floor(packed / 2);
    if (packed % 2 === 0) return signed(value);
    return value === 0 ? finite(bytes.float()) : signed(value - 1) / FRACTION;
  },
};

/** -0 is not: it would come back as 0. */
function isSmall(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 50 && !Object.is(value, -0);
}

/** Small numbers of either sign as small numbers: 0, -1, 1, -2, 2 … */
function unsigned(value: number): number {
  return value < 0 ? -value * 2 - 1 : value * 2;
}

function signed(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

/** JSON has no other numbers. */
function finite(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError('This is no number of JSON.');
  return value;
}

const boolean: Scalar = {
  fits: (value) => typeof value === 'boolean',
  write: (out, value) => out.byte(Number(value)),
  read: (bytes) => bytes.byte() !== 0,
};

export const scalars: Readonly<Record<ScalarType, Scalar>> = { id, instant, phone, dollars, text, number, boolean };
