import pg from 'pg';
import { bareText } from './split-statements.ts';

/**
 * What a broken concurrent build leaves behind: an index that costs writes and serves no reads, under the name that the build
 * wanted or, after a broken REINDEX, with the endings `_ccnew` and `_ccold`. `create index concurrently if not exists` keeps such an
 * index and says nothing, so names are looked up before and after.
 */
export type IndexState = 'absent' | 'valid' | 'invalid';

/** Name of the index that a statement builds or drops concurrently; undefined for all other statements. */
export function concurrentIndex(statement: string): { verb: 'create' | 'drop'; name: string } | undefined {
  const text = bareText(statement);
  const created = /^create (?:unique )?index concurrently (?:if not exists )?("(?:[^"]|"")+"|[\w$]+) on /i.exec(text);
  if (created?.[1] !== undefined) return { verb: 'create', name: plainName(created[1]) };
  const dropped =
    /^drop index concurrently (?:if exists )?(?:public\.)?("(?:[^"]|"")+"|[\w$]+)\s*(?:cascade|restrict)?$/i.exec(text);
  if (dropped?.[1] !== undefined) return { verb: 'drop', name: plainName(dropped[1]) };
  return undefined;
}

/** Does Postgres refuse this statement inside a transaction? All others commit together with the record of their progress. */
export function refusesTransaction(statement: string): boolean {
  return /^(create (unique )?index concurrently|drop index concurrently|reindex\b.*\bconcurrently\b|vacuum|alter system|alter table\b.*\bdetach partition\b.*\bconcurrently\b|create database|drop database)/i.test(
    bareText(statement),
  );
}

export async function indexState(client: pg.Client, name: string): Promise<IndexState> {
  const { rows } = await client.query<{ fine: boolean }>(
    `select i.indisvalid and i.indisready as fine
       from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relname = $1`,
    [name],
  );
  const row = rows[0];
  return row === undefined ? 'absent' : row.fine ? 'valid' : 'invalid';
}

/** Drops the index of that name if it is invalid. A valid one is never touched. */
export async function dropIfInvalid(client: pg.Client, name: string): Promise<boolean> {
  if ((await indexState(client, name)) !== 'invalid') return false;
  await client.query(`drop index concurrently if exists public.${pg.escapeIdentifier(name)}`);
  return true;
}

/** Leftovers of broken rebuilds; Postgres numbers them when there are several. Answers the names it dropped. */
export async function dropRebuildLeftovers(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name
       from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and not i.indisvalid and c.relname ~ '_cc(new|old)[0-9]*$' and c.relkind = 'i'
      order by 1`,
  );
  for (const { name } of rows)
    await client.query(`drop index concurrently if exists public.${pg.escapeIdentifier(name)}`);
  return rows.map((row) => row.name);
}

/** As Postgres keeps it: folded to lower case unless it was quoted. */
function plainName(written: string): string {
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written.toLowerCase();
}
