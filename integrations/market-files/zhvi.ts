import { type Figure, type FigureProblem, figureValue, isPeriod, monthEnd } from '../../domain/market/figures.ts';
import { type About, type RowRead, type Shape, deadRow, wrongShape } from './shape.ts';

/** What every file has first; files of small regions say between these and the months where a region lies. */
const FIRST = ['RegionID', 'SizeRank', 'RegionName', 'RegionType', 'StateName'];
const BETWEEN = ['State', 'City', 'Metro', 'CountyName', 'StateCodeFIPS', 'MunicipalCodeFIPS'];
const TYPES = ['country', 'state', 'msa', 'county', 'city', 'zip', 'neighborhood'];

/**
 * Zillow's home value index: a row per region, a column per month end, empty where the region was not covered.
 * What it counts stands in its name alone: `Metro_zhvi_uc_sfrcondo_tier_0.33_0.67_sm_sa_month.csv`.
 * @see https://www.zillow.com/research/data/
 */
export const zhvi: Shape = {
  source: 'zhvi',
  delimiter: ',',
  begin(first, about) {
    const series = seriesOf(about);
    const months = monthsOf(first, about.today);
    return { heading: true, read: (cells) => rowOf(cells, first.length, series, months) };
  },
};

function seriesOf({ name, series }: About): string {
  const said = series ?? /_zhvi_([\w.]+?)\.csv/i.exec(name)?.[1];
  if (said !== undefined) return said;
  throw wrongShape('zhvi', 'a name like Metro_zhvi_uc_sfrcondo_tier_0.33_0.67_sm_sa_month.csv, or --series', name);
}

/** Column → month. Each month follows the one before: headings that were moved or mixed do not. */
function monthsOf(heading: readonly string[], today: string): readonly [column: number, month: string][] {
  const wrong = FIRST.findIndex((name, at) => heading[at] !== name);
  if (wrong >= 0) throw wrongShape('zhvi', `the heading ${FIRST[wrong]} in column ${wrong + 1}`, heading[wrong] ?? '');
  const begins = heading.findIndex((name) => /^\d{4}-/.test(name));
  if (begins < 0) throw wrongShape('zhvi', 'months from 2000-01-31 on', heading.at(-1) ?? '');
  const stranger = heading.slice(FIRST.length, begins).find((name) => !BETWEEN.includes(name));
  if (stranger !== undefined) throw wrongShape('zhvi', `one of the headings ${BETWEEN.join(', ')}`, stranger);
  const months = heading.slice(begins);
  const [year = 0, month = 0] = months[0]!.split('-').map(Number);
  return months.map((text, at) => {
    const end = monthEnd(year, month + at);
    if (text !== end || !isPeriod(end, today)) throw wrongShape('zhvi', `the month ${end} up to ${today}`, text);
    return [begins + at, end];
  });
}

function rowOf(
  cells: readonly string[],
  columns: number,
  series: string,
  months: readonly [column: number, month: string][],
): RowRead {
  if (cells.length !== columns) return deadRow('cells', null, `expected ${columns} cells`);
  const [region = '', rank = '', regionName = '', regionType = '', state = ''] = cells;
  if (!/^\d{1,12}$/.test(region)) return deadRow('region', 'RegionID', 'expected a number');
  if (!/^\d{1,9}$/.test(rank)) return deadRow('region', 'SizeRank', 'expected a whole number');
  if (regionName.trim() === '') return deadRow('region', 'RegionName', 'expected a name');
  if (!TYPES.includes(regionType)) return deadRow('region', 'RegionType', `expected one of ${TYPES.join(', ')}`);
  // The whole country's is empty; a state's own row has its name in some files.
  if (regionType !== 'state' && !/^(?:[A-Z]{2})?$/.test(state)) {
    return deadRow('region', 'StateName', 'expected two letters or nothing');
  }
  const figures: Figure[] = [];
  const problems: FigureProblem[] = [];
  for (const [column, period] of months) {
    const text = cells[column]!;
    if (text === '') continue;
    const read = figureValue(text, 'USD', period);
    if ('problem' in read) problems.push(read.problem);
    else {
      figures.push({ series, regionType, region, regionName, period, value: read.value, unit: 'USD', asOf: null });
    }
  }
  return { figures, problems };
}
