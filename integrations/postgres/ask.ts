import type { QueryResultRow } from 'pg';
import { AppError } from '../../domain/errors.ts';
import type { Page } from '../../domain/ports/page.ts';
import { encodeCursor } from './cursor.ts';
import { type Place, stored } from './pool.ts';

/** Whatever can run a statement: a place, or a client in the middle of a transaction. */
export type Asked = Pick<Place, 'query'>;

interface Statement {
  /** Prepared under this name, once per connection: one name, one text. */
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
}

/** The rows of one statement. Errors: STORE_AWAY, BAD_VALUE for a value that no column can hold or that its table does not allow. */
export async function ask<Row extends QueryResultRow>(place: Asked, statement: Statement): Promise<Row[]> {
  return allowed(async () => (await place.query<Row>(statement)).rows);
}

/** How many rows the statement wrote. Errors as of `ask`. */
export async function tell(place: Asked, statement: Statement): Promise<number> {
  return allowed(async () => (await place.query(statement)).rowCount ?? 0);
}

/** Not null, and checks; a month of events that is not kept refuses with the latter. */
const REFUSED = new Set(['23502', '23514']);

async function allowed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await stored(work);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (!REFUSED.has(code)) throw cause;
    throw new AppError('BAD_VALUE', `the table does not allow a value (SQLSTATE ${code})`, { cause });
  }
}

/**
 * @param query  as in `encodeCursor`
 * @param rows   one more than `limit` where there is a next page
 * @param end    sort values of a row
 */
export function pageOf<Row>(
  query: unknown,
  rows: readonly Row[],
  limit: number,
  end: (row: Row) => (string | number)[],
): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items, nextCursor: more ? encodeCursor(query, end(last)) : null };
}
