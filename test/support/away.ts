import type { Pool } from '../../integrations/postgres/pool.ts';

/**
 * The database goes away with whatever is written to this table, for as long as `work` takes, and is back afterwards. What is written to
 * other tables before that stays, if it was committed.
 * @param which  which rows, of `new`; all unless told
 */
export async function whileAway<T>(pool: Pool, table: string, work: () => Promise<T>, which = 'true'): Promise<T> {
  await pool.query(`create or replace function away() returns trigger language plpgsql as
    $$ begin raise exception 'away' using errcode = '57P01'; end $$`);
  await pool.query(
    `create trigger away before insert or update on ${table} for each row when (${which}) execute function away()`,
  );
  try {
    return await work();
  } finally {
    await pool.query(`drop trigger away on ${table}`);
  }
}
