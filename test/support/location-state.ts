import type { Pool } from '../../integrations/postgres/pool.ts';

/** What every table holds of a location, as a hash per table: equal before and after means that nothing was touched. */
export async function stateOf(pool: Pick<Pool, 'query'>, locationId: string): Promise<Record<string, string>> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'location_id'
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and not a.attisdropped order by 1`,
  );
  const state: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await pool.query<{ hash: string }>(
      `select count(*) || ' rows, ' || md5(coalesce(string_agg(t::text, ',' order by t::text), '')) as hash
        from ${name} as t where location_id = $1`,
      [locationId],
    );
    state[name] = rows[0]?.hash ?? '';
  }
  return state;
}

/** Names and columns of all tables. */
export async function shapeOf(pool: Pick<Pool, 'query'>): Promise<string> {
  const { rows } = await pool.query<{ shape: string }>(
    `select string_agg(table_name || '.' || column_name || ' ' || data_type, ', ' order by table_name, ordinal_position) as shape
      from information_schema.columns where table_schema = 'public'`,
  );
  return rows[0]?.shape ?? '';
}
