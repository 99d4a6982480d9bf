import type { Runner } from './pool.ts';

/** How much of an index is air. Only B-trees can be told; all others are not measured. */
export interface Bloat {
  readonly oid: number;
  /** Share of the index that a rebuild would give back, 0 to 1. */
  readonly share: number;
  /** `measured`: read page by page. `estimated`: rows times their average width, from the last analyze. */
  readonly how: 'measured' | 'estimated';
}

/**
 * By pgstattuple where that extension is installed and this role may use it, else estimated.
 * @param atLeast  bytes; smaller indexes are left out, since measuring reads every page
 */
export async function readBloat(runner: Runner, atLeast: number): Promise<Bloat[]> {
  const { rows: found } = await runner.query<{ name: string }>(MEASURE);
  const measure = found[0]?.name;
  const { rows } = await runner.query<Bloat>(measure === undefined ? ESTIMATED : measured(measure), [atLeast]);
  return rows;
}

/** The function with its schema, which is the extension's to choose. */
const MEASURE = `
select quote_ident(n.nspname) || '.pgstatindex' as name
from pg_extension e join pg_namespace n on n.oid = e.extnamespace join pg_proc p on p.pronamespace = n.oid
where e.extname = 'pgstattuple' and p.proname = 'pgstatindex' and p.proargtypes[0] = 'regclass'::regtype
  and has_function_privilege(p.oid, 'execute') and has_schema_privilege(n.oid, 'usage')`;

const TREES = `
from pg_index i join pg_class x on x.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
  join pg_namespace n on n.oid = t.relnamespace join pg_am m on m.oid = x.relam
  cross join lateral (select current_setting('block_size')::float8 as block, coalesce((
    select option_value::float8 from pg_options_to_table(x.reloptions) where option_name = 'fillfactor'), 90) as fill) c`;

const WHICH = `
where m.amname = 'btree' and x.relkind = 'i' and x.relpersistence <> 't' and i.indisvalid and i.indisready
  and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'`;

/** Leaf pages count as far as they are filled, against the fill that a rebuild gives them; inner pages and the first one count whole. */
const measured = (pgstatindex: string): string => `
select x.oid::int8 as oid, 'measured' as how,
  greatest(0, 1 - (1 + s.internal_pages + s.leaf_pages * least(1, s.avg_leaf_density / c.fill)) * c.block / s.index_size) as share
${TREES} cross join lateral ${pgstatindex}(x.oid::regclass) s
${WHICH} and pg_relation_size(x.oid) >= $1 and s.leaf_pages > 0`;

/**
 * An entry takes 8 bytes of head, its columns, filled up to 8, and 4 bytes of pointer; a page has 40 bytes of head and tail. Equal
 * keys are kept once, which this leaves out: an index of few values holds more air than it says. Gaps between columns and inner
 * pages are left out, too: on wide keys it says up to a tenth too much. Pages and rows are both those of the last vacuum or
 * analyze, so that rows added since do not look like air.
 */
const ESTIMATED = `
select x.oid::int8 as oid, 'estimated' as how,
  greatest(0, 1 - (1 + x.reltuples * (8 * ceil((8 + w.width) / 8.0) + 4) / ((c.block - 40) * c.fill / 100)) / x.relpages)::float8 as share
${TREES} cross join lateral (
  select sum(d.avg_width)::float8 as width, bool_and(d.avg_width is not null) as known
  from pg_attribute a
    left join pg_attribute o on o.attrelid = t.oid and o.attnum = i.indkey[a.attnum - 1] and o.attnum > 0
    left join pg_stats d on d.schemaname = n.nspname and d.attname = coalesce(o.attname, a.attname)
      and d.tablename = case when o.attname is null then x.relname else t.relname end and not d.inherited
  where a.attrelid = x.oid and a.attnum > 0) w
${WHICH} and x.relpages * c.block >= $1 and x.relpages > 1 and x.reltuples >= 0 and w.known`;
