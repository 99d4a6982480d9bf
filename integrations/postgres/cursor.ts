import { createHash } from 'node:crypto';
import { AppError } from '../../domain/errors.ts';

/**
 * A page's end as an opaque word: the query it belongs to and the sort values of its last row.
 * @param query  everything that makes the query what it is (name, filters, sort), never the page size
 */
export function encodeCursor(query: unknown, values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([fingerprint(query), ...values])).toString('base64url');
}

/** Its inverse. Throws BAD_CURSOR for a word that was not made for this query or was changed since. */
export function decodeCursor(
  query: unknown,
  cursor: string | undefined,
  shape: readonly ('text' | 'number' | 'instant' | 'date' | 'uuid')[],
): (string | number)[] | null {
  if (cursor === undefined) return null;
  const parts = parse(cursor);
  if (parts.length !== shape.length + 1 || parts[0] !== fingerprint(query)) throw badCursor();
  const values = parts.slice(1);
  return shape.map((kind, at) => {
    const value = values[at];
    if (kind === 'number' ? !Number.isFinite(value) : typeof value !== 'string') throw badCursor();
    if (FORMS[kind]?.test(String(value)) === false) throw badCursor();
    if (kind === 'text' && String(value).includes('\0')) throw badCursor();
    if ((kind === 'instant' || kind === 'date') && !isOfCalendar(String(value))) throw badCursor();
    return value as string | number;
  });
}

const FORMS: Partial<Record<string, RegExp>> = {
  instant: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  date: /^\d{4}-\d\d-\d\d$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
};

/** A thirtieth of February has the right form, too. */
function isOfCalendar(text: string): boolean {
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function parse(cursor: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parts) ? parts : [];
  } catch {
    throw badCursor();
  }
}

function fingerprint(query: unknown): string {
  return createHash('sha256').update(JSON.stringify(query)).digest('base64url').slice(0, 12);
}

function badCursor(): AppError {
  return new AppError('BAD_CURSOR', 'expected a nextCursor of this very query; start again without a cursor');
}
