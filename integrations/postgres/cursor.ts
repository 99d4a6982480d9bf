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
  shape: readonly ('text' | 'number' | 'instant' | 'uuid')[],
): (string | number)[] | null {
  if (cursor === undefined) return null;
  const parts = parse(cursor);
  if (parts.length !== shape.length + 1 || parts[0] !== fingerprint(query)) throw badCursor();
  const values = parts.slice(1);
  return shape.map((kind, at) => {
    const value = values[at];
    if (kind === 'number' ? !Number.isFinite(value) : typeof value !== 'string') throw badCursor();
    if (kind === 'instant' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(String(value))) throw badCursor();
    if (kind === 'uuid' && !/^[0-9a-f-]{36}$/.test(String(value))) throw badCursor();
    if (kind === 'text' && String(value).includes('\0')) throw badCursor();
    return value as string | number;
  });
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
