import type { Iso } from '../glossary.ts';
import type { RawRecord } from './feed.ts';
import type { Dollars } from './listing.ts';
import type { FieldProblem, ProblemReason } from './poison.ts';

/** Dearer than any home and most buildings: what is above it is a slip of a key or a generator's number. */
const MAX_DOLLARS = 5_000_000_000n;
/** C0 and C1 without tab and line breaks, marks that turn the direction of text, halves of surrogate pairs. */
const CONTROLS = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]|\p{Surrogate}/u;
const DECIMAL = /^([+-]?)(\d{1,18})(?:\.(\d{1,18}))?$/;
const INSTANT = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,12}))?)?(Z|[+-]\d{2}:\d{2})$/i;
const DAY = /^(\d{4}-\d{2}-\d{2})(?:$|T)/;
const EARLIEST = '1900-01-01';
const DAY_MS = 86_400_000;

export interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
  /** Zero is how the feed leaves it empty. */
  readonly zeroIsUnsaid?: boolean;
}

/** Reads fields of one record. What cannot be read is null, and a problem; what is null, absent, blank or frozen is null without one. */
export interface FieldReader {
  readonly problems: readonly FieldProblem[];
  /** One line: blanks at its ends are cut, line breaks and runs of blanks become one. */
  line(name: string, max: number): string | null;
  /** Several lines. */
  prose(name: string, max: number): string | null;
  number(name: string, bounds: Bounds): number | null;
  /** Digit for digit, with two decimals as they are stored: `425000` and `425000.0` are `425000.00`. */
  dollars(name: string, zero: 'problem' | 'unsaid'): Dollars | null;
  flag(name: string): boolean | null;
  /** A day; of an instant the day that it says itself. */
  day(name: string, latest: Iso): string | null;
  instant(name: string): Iso | null;
  /** The key of another record. */
  reference(name: string): string | null;
  /** A value of an enumeration in words as they came, `Active Under Contract` or `ActiveUnderContract`. */
  word(name: string): string | null;
  problem(name: string, reason: ProblemReason, detail: string): null;
}

export function fieldReader(raw: RawRecord, frozen: ReadonlySet<string>): FieldReader {
  const problems: FieldProblem[] = [];
  const problem = (field: string, reason: ProblemReason, detail: string): null => {
    if (!frozen.has(field)) problems.push({ field, reason, detail });
    return null;
  };
  const given = (name: string): unknown => {
    const value = frozen.has(name) ? null : own(raw, name);
    return typeof value === 'string' && value.trim() === '' ? null : value;
  };
  const text = (name: string, max: number): string | null => {
    const value = given(name);
    if (value == null) return null;
    if (typeof value !== 'string') return problem(name, 'wrong-type', `expected text, got ${kindOf(value)}`);
    if (value.length > max)
      return problem(name, 'too-long', `expected at most ${max} characters, got ${value.length} of them`);
    if (CONTROLS.test(value))
      return problem(name, 'control-characters', 'expected printable text, got control characters');
    return value.trim();
  };
  const decimal = (name: string): RegExpExecArray | null => {
    const value = given(name);
    if (value == null) return null;
    const digits = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
    const parts = DECIMAL.exec(digits);
    if (parts !== null) return parts;
    // A number that JSON could carry and eighteen digits on each side of the point cannot.
    if (typeof value === 'number')
      return problem(name, 'out-of-bounds', 'expected at most 18 digits before the point and after it, got more');
    return problem(name, 'wrong-type', `expected a decimal number, got ${kindOf(value)}`);
  };
  return {
    problems,
    problem,
    line: (name, max) => text(name, max)?.replace(/\s+/g, ' ') ?? null,
    prose: text,
    number(name, { min, max, whole = false, zeroIsUnsaid = false }) {
      const parts = decimal(name);
      if (parts === null) return null;
      const value = Number(parts[0]);
      if (value === 0 && zeroIsUnsaid) return null;
      if (value < min || value > max)
        return problem(name, 'out-of-bounds', `expected ${min} to ${max}, got ${value < min ? 'less' : 'more'}`);
      if (whole && !Number.isInteger(value))
        return problem(name, 'wrong-type', 'expected a whole number, got a fraction');
      return value;
    },
    dollars(name, zero) {
      const parts = decimal(name);
      if (parts === null) return null;
      const [, sign, whole = '', part = ''] = parts;
      if (/[1-9]/.test(part.slice(2))) return problem(name, 'out-of-bounds', 'expected whole cents, got a part of one');
      const price = `${BigInt(whole)}.${part.padEnd(2, '0').slice(0, 2)}`;
      if (price === '0.00')
        return zero === 'unsaid' ? null : problem(name, 'out-of-bounds', 'expected more than nothing, got zero');
      if (sign === '-' || BigInt(whole) >= MAX_DOLLARS)
        return problem(
          name,
          'out-of-bounds',
          `expected up to ${MAX_DOLLARS}, got ${sign === '-' ? 'less than nothing' : 'more'}`,
        );
      return price;
    },
    flag(name) {
      const value = given(name);
      if (value == null) return null;
      return flagOf(value) ?? problem(name, 'wrong-type', `expected yes or no, got ${kindOf(value)}`);
    },
    day(name, latest) {
      const value = given(name);
      if (value == null) return null;
      const day = typeof value === 'string' ? DAY.exec(value.trim())?.[1] : undefined;
      if (day === undefined || !isDay(day)) return problem(name, 'wrong-type', `expected a day, got ${kindOf(value)}`);
      if (day < EARLIEST || day > latest.slice(0, 10))
        return problem(
          name,
          'out-of-bounds',
          `expected a day of our time, got one ${day < EARLIEST ? 'before' : 'after'} it`,
        );
      return day;
    },
    instant(name) {
      const value = given(name);
      if (value == null) return null;
      return (
        instantOf(value) ?? problem(name, 'wrong-type', `expected an instant with its offset, got ${kindOf(value)}`)
      );
    },
    reference(name) {
      const value = given(name);
      if (value == null) return null;
      return keyOf(value) ?? problem(name, 'wrong-type', `expected a key, got ${kindOf(value)}`);
    },
    word(name) {
      const value = given(name);
      const [one, ...others] = Array.isArray(value) ? (value as unknown[]) : [value];
      if (one == null) return null;
      if (others.length > 0) return problem(name, 'wrong-type', 'expected one value, got several');
      if (typeof one === 'number') return problem(name, 'unknown-code', 'expected a word, got a number');
      if (typeof one !== 'string') return problem(name, 'wrong-type', `expected a word, got ${kindOf(one)}`);
      if (one.length > 200)
        return problem(name, 'too-long', `expected at most 200 characters, got ${one.length} of them`);
      if (CONTROLS.test(one)) return problem(name, 'control-characters', 'expected a word, got control characters');
      // An enumeration's member in full: org.reso.metadata.enums.StandardStatus'Active'.
      const word = (/^[\w.]+'(.*)'$/.exec(one.trim())?.[1] ?? one).trim();
      if (word === '') return null;
      return /^\d+$/.test(word) ? problem(name, 'unknown-code', 'expected a word, got a number') : word;
    },
  };
}

/** `Object.prototype` is never data. */
export function own(raw: RawRecord, name: string): unknown {
  return Object.hasOwn(raw, name) ? raw[name] : undefined;
}

/** The kind of a value, in words that carry nothing of it. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return value.trim() === '' ? 'blank text' : 'text';
  if (typeof value === 'number') return 'a number';
  return typeof value === 'boolean' ? 'true or false' : 'an object';
}

/** As long as RESO's keys may be, and as an index bears. */
export const MAX_KEY = 255;

/** Text that can be stored and asked for again, or a whole number; null: neither. */
export function keyOf(value: unknown): string | null {
  const key = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof key !== 'string' || key.trim() === '' || key.length > MAX_KEY) return null;
  return /[\u0000-\u001F\u007F-\u009F]|\p{Surrogate}/u.test(key) ? null : key;
}

/** true, "true", "Y", "Yes", 1, "1" and their opposites; undefined: neither. */
export function flagOf(value: unknown): boolean | undefined {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (word === true || word === 1 || word === 'true' || word === 'y' || word === 'yes' || word === '1') return true;
  if (word === false || word === 0 || word === 'false' || word === 'n' || word === 'no' || word === '0') return false;
  return undefined;
}

/**
 * An instant in the one form that is stored and compared: UTC with milliseconds; finer digits are cut, never rounded up. Without an offset
 * it is no instant, as nobody knows whose clock it was.
 */
export function instantOf(value: unknown): Iso | null {
  if (typeof value !== 'string') return null;
  const parts = INSTANT.exec(value.trim());
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second = '00', fraction = '', zone = 'Z'] = parts;
  if (!isDay(`${year}-${month}-${day}`)) return null;
  const at = new Date(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}${zone.toUpperCase()}`,
  );
  return Number.isNaN(at.getTime()) || at.getUTCFullYear() > 9_999 || at.getUTCFullYear() < 0 ? null : at.toISOString();
}

/** `at` so many milliseconds later. */
export function later(at: Iso, ms: number): Iso {
  return new Date(Date.parse(at) + ms).toISOString();
}

export function daysLater(at: Iso, days: number): Iso {
  return later(at, days * DAY_MS);
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The calendar has it: JavaScript takes 30 February for 2 March. Reckoned, since each record has several and making dates takes longer. */
function isDay(text: string): boolean {
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10))];
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const last = month === 2 && isLeap ? 29 : (DAYS[month - 1] ?? 0);
  return day >= 1 && day <= last;
}

/** Cents of a price as it is stored, to compare prices with. */
export function centsOf(price: Dollars): bigint {
  const [whole = '', part = ''] = price.split('.');
  return BigInt(whole + part.padEnd(2, '0'));
}
