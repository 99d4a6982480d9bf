import {
  type Form,
  placed,
  PLACES,
  putByte,
  putNoise,
  putText,
  putVarint,
  takeByte,
  takeLetters,
  takeNoise,
  takeText,
  takeVarint,
} from './bytes.ts';
import { instantOf, isoOf } from './iso-instant.ts';
import { id } from './packed-ids.ts';

/**
 * id       20 letters and digits in 16 bytes, 24 hex digits in 13, a UUID in 17, in one where the row has had it, any other text as it is
 * label    a text that other fields of the value may have, too: in one byte where the row has had it
 * path     a label, whose part behind the last dot is written as an id: `customFields.0b5e…`
 * instant  ISO 8601 in UTC with milliseconds, in one byte where the row has had it, else in one more than the difference to the instant before it takes
 * phone    up to 12 digits with or without +, in 5 bytes
 * dollars  a decimal number in text with two digits after the point, `425000.00`
 */
export type ScalarType = 'id' | 'label' | 'path' | 'instant' | 'phone' | 'dollars' | 'text' | 'number' | 'boolean';

/** Its place, or its length above all places. */
const label: Form = {
  write(row, value) {
    if (typeof value !== 'string') return false;
    const place = row.labels.indexOf(value);
    if (place >= 0) {
      putByte(row, place);
      return true;
    }
    putVarint(row, PLACES + value.length);
    row.texts += value;
    if (row.labels.length < PLACES) row.labels.push(value);
    return true;
  },
  read(row) {
    const form = takeVarint(row);
    if (form < PLACES) return placed(row.labels, form);
    const text = takeLetters(row, form - PLACES);
    if (row.labels.length < PLACES) row.labels.push(text);
    return text;
  },
};

const path: Form = {
  write(row, value) {
    if (typeof value !== 'string') return false;
    const dot = value.lastIndexOf('.') + 1;
    label.write(row, dot === 0 ? value : value.slice(0, dot));
    return dot === 0 || id.write(row, value.slice(dot));
  },
  read(row) {
    const start = label.read(row) as string;
    return start.endsWith('.') ? start + (id.read(row) as string) : start;
  },
};

/** Eight thousand years. */
const MOST_DIFFERENCE_BYTES = 6;

/** Its place, or above all places how many bytes the difference takes, twice, and one more where it is below 0. */
const instant: Form = {
  write(row, value) {
    if (typeof value !== 'string') return false;
    const at = instantOf(value);
    if (at === undefined) return false;
    const place = row.instants.indexOf(at);
    if (place >= 0) {
      putByte(row, place);
      return true;
    }
    const difference = at - row.instant;
    const size = Math.abs(difference);
    let count = 0;
    for (let rest = size; rest >= 1; rest /= 0x100) count++;
    if (count > MOST_DIFFERENCE_BYTES) return false;
    putByte(row, PLACES + count * 2 + Number(difference < 0));
    putNoise(row, size, count);
    row.instant = at;
    if (row.instants.length < PLACES) row.instants.push(at);
    return true;
  },
  read(row) {
    const form = takeByte(row);
    if (form < PLACES) return isoOf(placed(row.instants, form));
    if (form > PLACES + 13) throw new RangeError('This is no difference of instants.');
    const size = takeNoise(row, (form - PLACES) >> 1);
    row.instant += form % 2 === 1 ? -size : size;
    if (row.instants.length < PLACES) row.instants.push(row.instant);
    return isoOf(row.instant);
  },
};

/** Twice the number, and one more for the +. */
const phone: Form = {
  write(row, value) {
    if (typeof value !== 'string' || value.length > 13) return false;
    const plus = value.charCodeAt(0) === 43;
    let number = 0;
    for (let at = Number(plus); at < value.length; at++) {
      const digit = value.charCodeAt(at) - 48;
      if (digit < 0 || digit > 9 || (number === 0 && digit === 0)) return false;
      number = number * 10 + digit;
    }
    if (number === 0 || number >= 2 ** 39) return false;
    putNoise(row, number * 2 + Number(plus), 5);
    return true;
  },
  read(row) {
    const packed = takeNoise(row, 5);
    return `${packed % 2 === 1 ? '+' : ''}${Math.floor(packed / 2)}`;
  },
};

const MOST_DOLLARS = 16;

/** Cents without the zeros that they end with, and how many these are. */
const dollars: Form = {
  write(row, value) {
    let cents = typeof value === 'string' ? centsOf(value) : undefined;
    if (cents === undefined) return false;
    let zeros = 0;
    for (; cents > 0 && cents % 10 === 0; zeros++) cents /= 10;
    putByte(row, zeros);
    putVarint(row, cents);
    return true;
  },
  read(row) {
    const zeros = takeByte(row);
    const cents = takeVarint(row) * 10 ** Math.min(zeros, MOST_DOLLARS);
    if (!Number.isSafeInteger(cents)) throw new RangeError('These are no dollars.');
    return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
  },
};

/** Undefined for what has not two digits after its point, or more zeros in front than it needs. */
function centsOf(text: string): number | undefined {
  const point = text.length - 3;
  if (point < 1 || text.length > MOST_DOLLARS || text.charCodeAt(point) !== POINT) return undefined;
  if (point > 1 && text.charCodeAt(0) === ZERO) return undefined;
  let cents = 0;
  for (let at = 0; at < text.length; at++) {
    if (at === point) continue;
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    cents = cents * 10 + digit;
  }
  return cents;
}

const POINT = 46;
const ZERO = 48;

const text: Form = {
  write(row, value) {
    if (typeof value !== 'string') return false;
    putText(row, value);
    return true;
  },
  read: takeText,
};

/**
 * Whole numbers below this are a byte. What stands above it is how many digits are behind the point, twice, and one more where the number is
 * below 0; the digits follow. The last one stands for eight bytes of any number.
 */
const SMALL_NUMBERS = 0xf0;
const ANY_NUMBER = 0xff;
const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6] as const;

const view = new DataView(new ArrayBuffer(8));

const number: Form = {
  write(row, value) {
    if (typeof value !== 'number' || !Number.isFinite(value)) return false;
    // -0 is below nothing, and would come back as 0.
    const isMinusZero = Object.is(value, -0);
    if (value >= 0 && value < SMALL_NUMBERS && Number.isInteger(value) && !isMinusZero) {
      putByte(row, value);
      return true;
    }
    const size = Math.abs(value);
    for (let places = 0; places < POWERS.length; places++) {
      const scaled = Math.round(size * POWERS[places]!);
      if (scaled >= 2 ** 48 || isMinusZero) break;
      if (scaled / POWERS[places]! !== size) continue;
      putByte(row, SMALL_NUMBERS + places * 2 + Number(value < 0));
      putVarint(row, scaled);
      return true;
    }
    putByte(row, ANY_NUMBER);
    view.setFloat64(0, value);
    putNoise(row, view.getUint32(0), 4);
    putNoise(row, view.getUint32(4), 4);
    return true;
  },
  read(row) {
    const form = takeByte(row);
    if (form < SMALL_NUMBERS) return form;
    if (form === ANY_NUMBER) {
      view.setUint32(0, takeNoise(row, 4));
      view.setUint32(4, takeNoise(row, 4));
      return finite(view.getFloat64(0));
    }
    const power = POWERS[(form - SMALL_NUMBERS) >> 1];
    if (power === undefined) throw new RangeError('There are no such numbers.');
    const size = takeVarint(row) / power;
    return form % 2 === 1 ? -size : size;
  },
};

/** JSON has no other numbers. */
function finite(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError('This is no number of JSON.');
  return value;
}

const boolean: Form = {
  write(row, value) {
    if (typeof value !== 'boolean') return false;
    putByte(row, Number(value));
    return true;
  },
  read: (row) => takeByte(row) !== 0,
};

export const scalars: Readonly<Record<ScalarType, Form>> = {
  id,
  label,
  path,
  instant,
  phone,
  dollars,
  text,
  number,
  boolean,
};
