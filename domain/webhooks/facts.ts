import type { Fact } from '../crm/records.ts';
import { isoAt, own, type Json } from './payload.ts';

/** Reads one value of a body: undefined leaves the fact out, null says that it is empty. */
export type ReadFact = (body: Json, key: string) => Fact | undefined;

/**
 * Facts of a body, by our own names. Absent is not empty: a key that was not sent is no fact, an empty or null one is null, one of a
 * type that cannot be right is none either.
 */
export function factsFrom(
  body: Json,
  names: readonly (readonly [ours: string, theirs: string, read: ReadFact])[],
): Readonly<Record<string, Fact>> {
  const facts: Record<string, Fact> = {};
  for (const [ours, theirs, read] of names) {
    const value = own(body, theirs) === null ? null : read(body, theirs);
    if (value !== undefined) facts[ours] = value;
  }
  return facts;
}

/** Longest text that is kept of a fact; a note may be long, a name is not. */
const LONGEST = 20_000;

export const text: ReadFact = (body, key) => {
  const value = own(body, key);
  if (typeof value !== 'string') return undefined;
  const trimmed = value.trim().slice(0, LONGEST);
  return trimmed === '' ? null : trimmed;
};

/** An id that we compare with and hand back; one that no vendor makes is not kept. */
export const id: ReadFact = (body, key) => {
  const value = own(body, key);
  if (typeof value !== 'string') return undefined;
  if (value.trim() === '') return null;
  return /^[\w.:@-]{1,128}$/.test(value.trim()) ? value.trim() : undefined;
};

export const word: ReadFact = (body, key) => {
  const value = own(body, key);
  if (typeof value !== 'string') return undefined;
  return value.trim() === '' ? null : value.trim().toLowerCase().slice(0, 64);
};

/** Dollars; vendors send numbers, and now and then numbers as text. */
export const money: ReadFact = (body, key) => {
  const value = own(body, key);
  if (value === '') return null;
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
  // As much as its column holds, in whole cents.
  return Number.isFinite(number) && Math.abs(number) < 1e12 ? Math.round(number * 100) / 100 : undefined;
};

export const count: ReadFact = (body, key) => {
  const value = own(body, key);
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
};

export const flag: ReadFact = (body, key) => {
  const value = own(body, key);
  return typeof value === 'boolean' ? value : undefined;
};

/** With whatever offset it came, in UTC and milliseconds, as the store gives it back. */
export const time: ReadFact = (body, key) => {
  if (own(body, key) === '') return null;
  const at = isoAt(body, key);
  return at === undefined ? undefined : new Date(at).toISOString();
};

export const ids: ReadFact = (body, key) => {
  const value = own(body, key);
  if (!Array.isArray(value)) return undefined;
  const found = value.flatMap((item) => id({ item }, 'item') ?? []);
  return [...new Set(found.filter((item) => typeof item === 'string'))].toSorted().slice(0, 200);
};
