import type { Runner } from './pool.ts';

/** What the catalogue and the statistics say of one index. Names are as SQL writes them: quoted where needed, `public` left out. */
export interface IndexFacts {
  readonly oid: number;
  readonly name: string;
  readonly table: string;
  /** `btree`, `gin` … */
  readonly method: string;
  readonly keys: readonly IndexKey[];
  /** Columns that are only carried along (INCLUDE). */
  readonly includes: readonly string[];
  /** Condition of a partial index. */
  readonly predicate: string | null;
  /** Storage options, as they are kept. */
  readonly options: string | null;
  readonly definition: string;
  readonly unique: boolean;
  readonly nullsNotDistinct: boolean;
  /** False for a deferrable constraint, which no `on conflict` may name. */
  readonly immediate: boolean;
  /** Something stands on it: a primary key, a constraint, a foreign key of another table, replica identity, CLUSTER. */
  readonly needed: boolean;
  /** `building`: a build is under way now. `dropped`: a broken concurrent drop. */
  readonly state: 'valid' | 'building' | 'invalid' | 'dropped';
  /** The index of a partitioned table, which has no storage of its own; its figures are those of its parts together. */
  readonly partitioned: boolean;
  /** Part of such an index: it cannot be dropped alone. */
  readonly attached: boolean;
  /** Of an invalid partitioned one: partitions that have no valid part of it. */
  readonly lacking: readonly string[];
  readonly bytes: number;
  /** Scans since the statistics began. */
  readonly scans: number;
  /** Unknown before Postgres 16, and where there was none. */
  readonly lastScan: string | null;
  /** Writing transactions of the whole server since the index became what it is: the only age of an index that is kept. */
  readonly transactions: number;
}

/** Two keys serve the same searches only when all of it is equal. */
export interface IndexKey {
  readonly text: string;
  readonly opclass: number;
  readonly collation: number;
  /** Bits for descending and for nulls first. */
  readonly order: number;
  readonly options: string | null;
}

export interface TableFacts {
  readonly name: string;
  /** Its bare name, or that of the partitioned table it belongs to: what statements call it. */
  readonly called: string;
  readonly partitioned: boolean;
  /** As last estimated by vacuum or analyze, at least what the statistics count. */
  readonly rows: number;
  readonly pages: number;
  readonly sequentialScans: number;
  readonly sequentialRows: number;
  /** Scans of any kind, its partitions' included. */
  readonly reads: number;
  readonly columns: readonly ColumnFacts[];
}

export interface ColumnFacts {
  /** As SQL writes it. */
  readonly name: string;
  /** Different values; null where the table was never analyzed. */
  readonly distinct: number | null;
}

export interface ForeignKeyFacts {
  readonly name: string;
  readonly table: string;
  readonly partitioned: boolean;
  readonly columns: readonly string[];
  readonly references: string;
}

/** Every index of the database, its own and not those of extensions or of other sessions' temporary tables. */
export async function readIndexes(runner: Runner): Promise<IndexFacts[]> {
  const { rows } = await runner.query<IndexFacts>(INDEXES);
  return rows;
}

export async function readTables(runner: Runner): Promise<TableFacts[]> {
  const { rows } = await runner.query<TableFacts>(TABLES);
  return rows;
}

export async function readForeignKeys(runner: Runner): Promise<ForeignKeyFacts[]> {
  const { rows } = await runner.query<ForeignKeyFacts>(FOREIGN_KEYS);
  return rows;
}

/** Sends what this session has counted, so that it reads at least its own use: counters reach the others with a delay. */
export async function flushOwnStatistics(runner: Runner): Promise<void> {
  await runner.query('select pg_stat_force_next_flush()');
}

export interface StatisticsAge {
  readonly database: string;
  readonly now: string;
  /** Since when uses are counted; null where this role cannot find out. */
  readonly since: string | null;
}

/**
 * Since when this database counts. A database whose statistics were never reset does not say; then it is the younger of the server's
 * own statistics (a crash discards all) and the database's folder, which only roles that may look at files can see.
 */
export async function readStatisticsAge(runner: Runner): Promise<StatisticsAge> {
  const { rows } = await runner.query<StatisticsAge & { mayLook: boolean }>(AGE);
  const { mayLook, ...age } = rows[0]!;
  if (age.since !== null || !mayLook) return age;
  const files = await runner.query<{ since: string | null }>(AGE_BY_FILE);
  return { ...age, since: files.rows[0]?.since ?? null };
}

const named = (schema: string, name: string): string =>
  `concat(case when ${schema} <> 'public' then quote_ident(${schema}) || '.' end, quote_ident(${name}))`;

/** Rows of catalogues below that belong to this database's own tables. */
const OWN = `n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
    and not exists (select from pg_depend e where e.classid = 'pg_class'::regclass and e.objid = t.oid and e.deptype = 'e')`;

const INDEXES = `
select x.oid::int8 as oid, ${named('n.nspname', 'x.relname')} as name, ${named('n.nspname', 't.relname')} as "table",
  m.amname as method,
  (select json_agg(json_build_object('text', pg_get_indexdef(x.oid, k, true), 'opclass', i.indclass[k - 1]::int8,
       'collation', i.indcollation[k - 1]::int8, 'order', i.indoption[k - 1], 'options', a.attoptions::text) order by k)
     from generate_series(1, i.indnkeyatts) k join pg_attribute a on a.attrelid = x.oid and a.attnum = k) as keys,
  (select coalesce(json_agg(pg_get_indexdef(x.oid, k, true) order by k), '[]')
     from generate_series(i.indnkeyatts + 1, i.indnatts) k) as includes,
  pg_get_expr(i.indpred, i.indrelid) as predicate, x.reloptions::text as options, pg_get_indexdef(x.oid) as definition,
  i.indisunique as "unique", coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) as "nullsNotDistinct",
  i.indimmediate as immediate,
  i.indisprimary or i.indisexclusion or i.indisreplident or i.indisclustered
    or exists (select from pg_constraint k where k.conindid = x.oid) as needed,
  case when exists (select from pg_stat_progress_create_index p where p.index_relid = x.oid) then 'building'
       when not i.indislive then 'dropped'
       when not (i.indisvalid and i.indisready) then 'invalid' else 'valid' end as state,
  x.relkind = 'I' as partitioned, x.relispartition as attached,
  (select coalesce(json_agg(${named('pn.nspname', 'p.relname')} order by p.relname), '[]')
     from pg_inherits h join pg_class p on p.oid = h.inhrelid join pg_namespace pn on pn.oid = p.relnamespace
    where x.relkind = 'I' and not i.indisvalid and h.inhparent = t.oid and not exists (
      select from pg_inherits o join pg_index oi on oi.indexrelid = o.inhrelid
       where o.inhparent = x.oid and oi.indrelid = p.oid and oi.indisvalid)) as lacking,
  u.bytes, u.scans, u.last as "lastScan",
  case when age(i.xmin) < 0 then 2147483647 else age(i.xmin) end as transactions
from pg_index i join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam
  join pg_class t on t.oid = i.indrelid join pg_namespace n on n.oid = t.relnamespace
  cross join lateral (
    select coalesce(sum(pg_relation_size(part.oid)), 0)::int8 as bytes, coalesce(sum(s.idx_scan), 0)::int8 as scans,
      max((to_jsonb(s) ->> 'last_idx_scan')::timestamptz) as last
    from (select x.oid union select relid::oid from pg_partition_tree(x.oid)) part
      left join pg_stat_all_indexes s on s.indexrelid = part.oid) u
where ${OWN}
order by n.nspname <> 'public', n.nspname, t.relname collate "C", x.relname collate "C"`;

const TABLES = `
select ${named('n.nspname', 't.relname')} as name, root.relname as called, t.relkind = 'p' as partitioned,
  greatest(t.reltuples, s.n_live_tup, 0)::float8 as rows, greatest(t.relpages, 0) as pages,
  coalesce(s.seq_scan, 0) as "sequentialScans", coalesce(s.seq_tup_read, 0) as "sequentialRows", u.reads,
  (select json_agg(json_build_object('name', quote_ident(a.attname), 'distinct',
       case when d.n_distinct < 0 then -d.n_distinct * greatest(t.reltuples, 0) else nullif(d.n_distinct, 0) end) order by a.attnum)
     from pg_attribute a
       left join pg_stats d on d.schemaname = n.nspname and d.tablename = t.relname and d.attname = a.attname
         and d.inherited = (t.relkind = 'p')
    where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped) as columns
from pg_class t join pg_namespace n on n.oid = t.relnamespace
  join pg_class root on root.oid = coalesce(pg_partition_root(t.oid), t.oid)
  left join pg_stat_all_tables s on s.relid = t.oid
  cross join lateral (
    select coalesce(sum(coalesce(p.seq_scan, 0) + coalesce(p.idx_scan, 0)), 0)::int8 as reads
    from (select t.oid union select relid::oid from pg_partition_tree(t.oid)) part
      join pg_stat_all_tables p on p.relid = part.oid) u
where t.relkind in ('r', 'p', 'm') and ${OWN}
order by n.nspname <> 'public', n.nspname, t.relname collate "C"`;

/** Of a partitioned table once, not again for each partition. */
const FOREIGN_KEYS = `
select quote_ident(k.conname) as name, ${named('n.nspname', 't.relname')} as "table", t.relkind = 'p' as partitioned,
  (select json_agg(quote_ident(a.attname) order by c.place) from unnest(k.conkey) with ordinality c (attnum, place)
     join pg_attribute a on a.attrelid = t.oid and a.attnum = c.attnum) as columns,
  ${named('rn.nspname', 'r.relname')} as "references"
from pg_constraint k join pg_class t on t.oid = k.conrelid join pg_namespace n on n.oid = t.relnamespace
  join pg_class r on r.oid = k.confrelid join pg_namespace rn on rn.oid = r.relnamespace
where k.contype = 'f' and k.conparentid = 0 and ${OWN}
order by t.relname collate "C", k.conname collate "C"`;

const AGE = `
select d.datname as database, now() as now, d.stats_reset as since,
  has_function_privilege('pg_stat_file(text,boolean)', 'execute') as "mayLook"
from pg_stat_database d where d.datname = current_database()`;

const AGE_BY_FILE = `
select greatest(f.modification, w.stats_reset) as since
from pg_stat_bgwriter w, pg_database d,
  lateral pg_stat_file('base/' || d.oid || '/PG_VERSION', true) f
where d.datname = current_database() and f.modification is not null and w.stats_reset is not null`;
