import { AppError } from '../../domain/errors.ts';
import type { RawRecord } from '../../domain/market/feed.ts';
import { parseJson } from './digits.ts';

/** An OData collection as it came, nothing taken out. */
export interface Collection {
  readonly rows: readonly RawRecord[];
  /** The link to the next page as it was sent; null: the set is exhausted. */
  readonly link: string | null;
  /** How many rows the whole set has, if it was asked and said. */
  readonly count: number | null;
}

/** @throws AppError FEED_BROKEN where the text is no OData collection, or one with an error in its middle */
export function collectionOf(text: string, what: string): Collection {
  const body = objectOf(text, what);
  const { value } = body;
  if (!Array.isArray(value)) throw broken(what, 'an array `value`', 'has none');
  if (body['error'] !== undefined) throw broken(what, 'a whole page', 'holds an error besides its rows');
  if (!value.every(isObject)) throw broken(what, 'rows that are objects', 'has others');
  const link = body['@odata.nextLink'] ?? body['@nextLink'] ?? null;
  if (link !== null && typeof link !== 'string') throw broken(what, 'a link that is text', 'has another');
  const count = Number(body['@odata.count'] ?? body['@count'] ?? Number.NaN);
  return { rows: value, link: link === '' ? null : link, count: Number.isSafeInteger(count) ? count : null };
}

/** One entity: the object itself, or, with some servers, a collection of one. */
export function entityOf(text: string, what: string): RawRecord | null {
  const body = objectOf(text, what);
  const { value } = body;
  if (!Array.isArray(value)) return withoutControl(body);
  if (value.length > 1) throw broken(what, 'one record', 'has several');
  const only: unknown = value[0];
  if (only === undefined) return null;
  if (!isObject(only)) throw broken(what, 'a record that is an object', 'has another');
  return only;
}

/** A record's key as text, or null where the record has none. Some servers write keys as numbers. */
export function keyOf(record: RawRecord, field: string): string | null {
  const key = record[field];
  if (typeof key === 'string') return key === '' ? null : key;
  return typeof key === 'number' ? String(key) : null;
}

/** What the answer says of itself belongs to the answer, not to the record. */
function withoutControl(body: RawRecord): RawRecord {
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== '@odata.context' && name !== '@context'));
}

function objectOf(text: string, what: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    throw broken(what, 'JSON', 'is cut off or no JSON');
  }
  if (!isObject(value)) throw broken(what, 'an object', 'is none');
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function broken(what: string, expected: string, came: string): AppError {
  return new AppError('FEED_BROKEN', `${what}: expected ${expected}; the answer ${came}`);
}
