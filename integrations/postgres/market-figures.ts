import { AppError } from '../../domain/errors.ts';
import type { Figure, FigureSource } from '../../domain/market/figures.ts';
import type {
  FigureBatch,
  FigureFilter,
  FileName,
  MarketFigureStore,
  ReadFile,
  StoredFigure,
} from '../../domain/ports/market-figures.ts';
import type { Page } from '../../domain/ports/page.ts';
import { ask, pageOf } from './ask.ts';
import { decodeCursor } from './cursor.ts';
import { filters } from './filters.ts';
import { type Client, type Place, stored, transaction } from './pool.ts';
import { clean, instant, toJsonb } from './values.ts';

/** Figures of public files in Postgres; see `MarketFigureStore` for what each function promises. @param house  of all locations */
export function createMarketFigureStore(house: Place): MarketFigureStore {
  return {
    read: (file) => read(house, file),
    begin: (file) => begin(house, file),
    add: (file, batch) => stored(() => add(house, file, batch)),
    known: (source, figures) => known(house, source, figures),
    newest: (source, series) => newest(house, source, series),
    list: (filter) => list(house, filter),
    lastRead: (files) => lastRead(house, files),
    files: () =>
      ask<ReadFile>(house, { text: `select ${FILE} from market_files order by read_at desc limit 200`, values: [] }),
  };
}

const FILE = `source, file, file_hash as hash, as_of as "asOf", read_at as "readAt", rows, changed, dead, problems, at_row as "atRow"`;

const named = ({ source, file, hash }: FileName): string[] => [source, clean(file), hash];

async function lastRead(
  place: Place,
  files: readonly Pick<FileName, 'source' | 'file'>[],
): Promise<readonly ReadFile[]> {
  return ask<ReadFile>(place, {
    text: `select distinct on (source, file) ${FILE} from market_files join unnest($1::text[], $2::text[]) as given (source, file)
      using (source, file) where at_row is null order by source, file, read_at desc`,
    values: [files.map(({ source }) => source), files.map(({ file }) => clean(file))],
  });
}

async function begin(place: Place, file: Parameters<MarketFigureStore['begin']>[0]): Promise<ReadFile> {
  await ask(place, {
    text: `insert into market_files (source, file, file_hash, as_of, read_at, rows, changed, dead, at_row)
      values ($1, $2, $3, $4, $5, 0, 0, 0, 0) on conflict do nothing`,
    values: [...named(file), instant(file.asOf), instant(file.readAt)],
  });
  return (await read(place, file))!;
}

async function read(place: Place, file: FileName): Promise<ReadFile | undefined> {
  const rows = await ask<ReadFile>(place, {
    text: `select ${FILE} from market_files where source = $1 and file = $2 and file_hash = $3`,
    values: named(file),
  });
  return rows[0];
}

/**
 * $1 source, $2 file hash, $3 as of, $4 figures. What this same file has said before, in this batch or in one before, it says again:
 * the first time counts. Each is compared with what stood there when the statement began.
 */
const ADD = `
with given as (
  select g.series, g.region_type, g.region, g.region_name, g.period::date, g.value::numeric, g.unit,
    coalesce(g.as_of, $3::timestamptz(3)) as as_of, row_number() over (partition by series, region_type, region, period order by nth) as time
  from rows from (jsonb_to_recordset($4::jsonb) as (
      series text, "regionType" text, region text, "regionName" text, period text, value text, unit text, "asOf" timestamptz(3)
    )) with ordinality as g (series, region_type, region, region_name, period, value, unit, as_of, nth)
), judged as (
  select g.*, g.time = 1 and b.file_hash is distinct from $2 as first, coalesce(g.as_of >= b.as_of, true) as newer,
    g.value is distinct from b.value as other
  from given g left join market_figures b on b.source = $1 and b.series = g.series and b.region_type = g.region_type
    and b.region = g.region and b.period = g.period
), written as (
  insert into market_figures as f (source, series, region_type, region, region_name, period, value, unit, as_of, file_hash)
  select $1, series, region_type, region, region_name, period, value, unit, as_of, $2 from judged where first and newer
  on conflict (source, series, region_type, region, period) do update set
    region_name = excluded.region_name, value = excluded.value, unit = excluded.unit, as_of = excluded.as_of, file_hash = excluded.file_hash
  where excluded.as_of >= f.as_of
)
select count(*) filter (where first and newer and other) as changed, count(*) filter (where not first) as repeated from judged`;

async function add(place: Place, file: FileName & Pick<ReadFile, 'asOf'>, batch: FigureBatch): Promise<ReadFile> {
  return transaction(place, async (client) => {
    const before = await held(client, file);
    if (before.atRow !== batch.after) {
      const stands = before.atRow ?? 'its end';
      throw new AppError(
        'MARKET_FILE_BUSY',
        `expected the file to stand at row ${batch.after}, it stands at ${stands}`,
      );
    }
    const { rows } = await client.query<{ changed: number; repeated: number }>({
      text: ADD,
      values: [file.source, file.hash, instant(file.asOf), toJsonb(batch.figures)],
    });
    return noted(client, file, before, batch, rows[0]!);
  });
}

async function held(client: Client, file: FileName): Promise<ReadFile> {
  const { rows } = await client.query<ReadFile>({
    text: `select ${FILE} from market_files where source = $1 and file = $2 and file_hash = $3 for update`,
    values: named(file),
  });
  return rows[0]!;
}

async function noted(
  client: Client,
  file: FileName,
  before: ReadFile,
  { rows: done, problems, last }: FigureBatch,
  { changed, repeated }: { readonly changed: number; readonly repeated: number },
): Promise<ReadFile> {
  const counts: Record<string, number> = { ...problems.reasons };
  if (repeated > 0) counts['repeated'] = (counts['repeated'] ?? 0) + repeated;
  const reasons = { ...before.problems.reasons };
  for (const [reason, n] of Object.entries(counts)) reasons[reason] = (reasons[reason] ?? 0) + n;
  const dead = Object.values(reasons).reduce((sum, n) => sum + n, 0);
  const all = { reasons, rows: [...before.problems.rows, ...problems.rows].slice(0, 100) };
  const { rows } = await client.query<ReadFile>({
    text: `update market_files set rows = $4, changed = changed + $5, dead = $6, problems = $7, at_row = case when $8 then null else $4::bigint end
      where source = $1 and file = $2 and file_hash = $3 returning ${FILE}`,
    values: [...named(file), done, changed, dead, toJsonb(all), last],
  });
  return rows[0]!;
}

async function known(
  place: Place,
  source: FigureSource,
  figures: readonly Figure[],
): Promise<readonly (string | null)[]> {
  const rows = await ask<{ value: string | null }>(place, {
    text: `select f.value::text as value
      from rows from (jsonb_to_recordset($2::jsonb) as (series text, "regionType" text, region text, period text)) with ordinality
        as g (series, region_type, region, period, nth)
      left join market_figures f on f.source = $1 and f.series = g.series and f.region_type = g.region_type and f.region = g.region
        and f.period = g.period::date
      order by g.nth`,
    values: [source, toJsonb(figures)],
  });
  return rows.map(({ value }) => value);
}

async function newest(place: Place, source: FigureSource, series: readonly string[]): Promise<string | null> {
  const rows = await ask<{ period: string | null }>(place, {
    text: `select max(period)::text as period from market_figures where source = $1 and series = any($2::text[])`,
    values: [source, series.map(clean)],
  });
  return rows[0]?.period ?? null;
}

async function list(place: Place, filter: FigureFilter): Promise<Page<StoredFigure>> {
  const { source, region, series, from, to, limit, cursor } = filter;
  const query = ['figures', source, region, series ?? null, from ?? null, to ?? null];
  const after = decodeCursor(query, cursor, ['text', 'text', 'text', 'date']);
  const wanted = filters();
  wanted.add('source = ?', source);
  wanted.add('(region = ? or lower(region_name) = lower(?))', clean(region), clean(region));
  if (series !== undefined) wanted.add('series = ?', clean(series));
  if (from !== undefined) wanted.add('period >= ?', from);
  if (to !== undefined) wanted.add('period <= ?', to);
  if (after !== null) {
    const [afterSeries, afterType, afterRegion, afterPeriod] = after;
    wanted.add(
      '((series, region_type, region) > (?, ?, ?) or ((series, region_type, region) = (?, ?, ?) and period < ?))',
      ...[afterSeries, afterType, afterRegion, afterSeries, afterType, afterRegion, afterPeriod],
    );
  }
  const rows = await ask<StoredFigure>(place, {
    text: `select source, series, region_type as "regionType", region, region_name as "regionName", period::text as period, value::text as value,
        unit, as_of as "asOf", file_hash as "fileHash"
      from market_figures ${wanted.where()} order by series, region_type, region, market_figures.period desc limit ${wanted.value(limit + 1)}`,
    values: [...wanted.values],
  });
  return pageOf(query, rows, limit, (row) => [row.series, row.regionType, row.region, row.period]);
}
