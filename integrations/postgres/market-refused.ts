import { isAppError } from '../../domain/errors.ts';
import type { Client } from './pool.ts';

/**
 * Stores rows at once; where the database refuses a value of theirs, by halves, so that the one row that no column can hold is found
 * and all others are stored. Inside a transaction.
 * @param store  answers the keys that it wrote. Errors: BAD_VALUE, after which the rows are tried again by halves
 */
export async function storeAllowed<Row>(
  client: Client,
  rows: readonly Row[],
  store: (some: readonly Row[]) => Promise<readonly string[]>,
): Promise<{ readonly done: readonly string[]; readonly refused: readonly Row[] }> {
  await client.query('savepoint rows');
  try {
    const done = await store(rows);
    await client.query('release savepoint rows');
    return { done, refused: [] };
  } catch (error) {
    if (!isAppError(error) || error.code !== 'BAD_VALUE') throw error;
    await client.query('rollback to savepoint rows');
    await client.query('release savepoint rows');
  }
  if (rows.length === 1) return { done: [], refused: rows };
  const middle = Math.ceil(rows.length / 2);
  const first = await storeAllowed(client, rows.slice(0, middle), store);
  const second = await storeAllowed(client, rows.slice(middle), store);
  return { done: [...first.done, ...second.done], refused: [...first.refused, ...second.refused] };
}
