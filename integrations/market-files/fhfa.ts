import { type Figure, type FigureProblem, figureValue, isPeriod, monthEnd } from '../../domain/market/figures.ts';
import { type About, type RowRead, type Shape, deadRow, wrongShape } from './shape.ts';

/** No heading says so; these are the names in FHFA's description. */
const COLUMNS = ['metro', 'cbsa', 'yr', 'qtr', 'index', 'stderr'] as const;

/**
 * FHFA's house price index of metropolitan areas: no heading, a row per area and quarter, `-` where nothing was measured, the standard
 * error in parentheses.
 * @see https://www.fhfa.gov/data/hpi
 */
export const fhfa: Shape = {
  source: 'fhfa',
  delimiter: ',',
  begin(first, about) {
    const series = seriesOf(about);
    const shaped = first.length === COLUMNS.length && /^\d{5}$/.test(first[1] ?? '') && /^\d{4}$/.test(first[2] ?? '');
    if (!shaped) throw wrongShape('fhfa', `${COLUMNS.join(',')} without a heading`, first.join(','));
    return { heading: false, read: (cells) => rowOf(cells, series, about.today) };
  },
};

function seriesOf({ name, series }: About): string {
  if (series !== undefined) return series;
  if (/HPI_AT_/i.test(name)) return 'all-transactions';
  throw wrongShape('fhfa', 'the name HPI_AT_metro.csv, or --series', name);
}

function rowOf(cells: readonly string[], series: string, today: string): RowRead {
  if (cells.length !== COLUMNS.length) return deadRow('cells', null, `expected ${COLUMNS.length} cells`);
  const [metro, region, year, quarter, index, error] = cells.map((cell) => cell.trim()) as [
    ...[string, string, string, string, string, string],
  ];
  const regionName = metro.replace(/\s+/g, ' ');
  if (!/[A-Za-z]/.test(regionName)) return deadRow('region', 'metro', 'expected a name');
  if (!/^\d{5}$/.test(region)) return deadRow('region', 'cbsa', 'expected five digits');
  if (!/^\d{4}$/.test(year)) return deadRow('period', 'yr', 'expected a year of four digits');
  if (!/^[1-4]$/.test(quarter)) return deadRow('period', 'qtr', 'expected 1 to 4');
  const period = monthEnd(Number(year), Number(quarter) * 3);
  if (!isPeriod(period, today)) return deadRow('period', 'yr', `expected a quarter up to ${today}`);
  const place = { regionType: 'metro', region, regionName, period, asOf: null };
  const figures: Figure[] = [];
  const problems: FigureProblem[] = [];
  const take = (text: string, as: Pick<Figure, 'series' | 'unit'>, field: string): void => {
    if (text === '-' || text === '') return;
    const read = figureValue(text, as.unit, field);
    if ('problem' in read) problems.push(read.problem);
    else figures.push({ ...place, ...as, value: read.value });
  };
  take(index, { series, unit: 'index' }, 'index');
  take(error.replace(/^\(\s*|\s*\)$/g, ''), { series: `${series}/standard error`, unit: 'points' }, 'stderr');
  return { figures, problems };
}
