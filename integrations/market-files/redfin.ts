import {
  type Figure,
  type FigureProblem,
  type FigureUnit,
  figureValue,
  isPeriod,
} from '../../domain/market/figures.ts';
import { type RowRead, type Shape, deadRow, wrongShape } from './shape.ts';

/** What is taken of a row; changes over a month and a year can be reckoned and are left where they are. */
const METRICS: Readonly<Record<string, FigureUnit>> = {
  median_sale_price: 'USD',
  median_list_price: 'USD',
  median_ppsf: 'USD/sqft',
  homes_sold: 'homes',
  pending_sales: 'homes',
  new_listings: 'homes',
  inventory: 'homes',
  months_of_supply: 'months',
  median_dom: 'days',
  avg_sale_to_list: 'ratio',
  sold_above_list: 'share',
  price_drops: 'share',
  off_market_in_two_weeks: 'share',
};
const PLACE = ['period_begin', 'period_end', 'period_duration', 'region_type', 'table_id', 'region', 'property_type'];
const OTHERS = ['is_seasonally_adjusted', 'last_updated'];

/**
 * Redfin's market tracker: a row per region, kind of home and period; headings in capitals or not, every text in quotes, empty or `NA`
 * where nothing was measured. Headings that are new are passed over, one that is gone is not.
 * @see https://www.redfin.com/news/data-center/
 */
export const redfin: Shape = {
  source: 'redfin',
  delimiter: '\t',
  begin(first, { today }) {
    const columns = new Map(first.map((name, at) => [name.trim().toLowerCase(), at]));
    const missing = [...PLACE, ...OTHERS, ...Object.keys(METRICS)].filter((name) => !columns.has(name));
    if (missing.length > 0) throw wrongShape('redfin', `the headings ${missing.join(', ')}`, first.join(' '));
    return { heading: true, read: (cells) => rowOf(cells, columns, today) };
  },
};

function rowOf(cells: readonly string[], columns: ReadonlyMap<string, number>, today: string): RowRead {
  if (cells.length !== columns.size) return deadRow('cells', null, `expected ${columns.size} cells`);
  const of = (name: string): string => cells[columns.get(name)!]!.trim();
  const place = placeOf(of, today);
  if ('problems' in place) return place;
  const asOf = madeAt(of('last_updated'));
  if (asOf === undefined) return deadRow('period', 'last_updated', 'expected an instant, like 2026-11-16 14:35:13 Z');
  if (asOf.slice(0, 10) > today) return deadRow('period', 'last_updated', `expected a day up to ${today}`);
  const { kind, ...where } = place;
  const figures: Figure[] = [];
  const problems: FigureProblem[] = [];
  for (const [metric, unit] of Object.entries(METRICS)) {
    const text = of(metric);
    if (text === '' || text === 'NA') continue;
    const read = figureValue(text, unit, metric);
    if ('problem' in read) problems.push(read.problem);
    else figures.push({ ...where, series: `${metric}/${kind}`, value: read.value, unit, asOf });
  }
  return { figures, problems };
}

type Place = Pick<Figure, 'regionType' | 'region' | 'regionName' | 'period'> & { readonly kind: string };

function placeOf(of: (name: string) => string, today: string): Place | RowRead {
  const [begin, period, days] = [of('period_begin'), of('period_end'), of('period_duration')];
  if (!isPeriod(period, today)) return deadRow('period', 'period_end', `expected a day up to ${today}`);
  if (!isPeriod(begin, period)) return deadRow('period', 'period_begin', 'expected a day before the end of the period');
  const length = (Date.parse(period) - Date.parse(begin)) / 86_400_000 + 1;
  // Months and quarters are told as 30 and 90 days.
  if (!/^\d{1,3}$/.test(days) || Math.abs(length - Number(days)) > 3) {
    return deadRow('period', 'period_duration', 'expected the days from the begin to the end of the period');
  }
  const [region, regionName, regionType] = [of('table_id'), of('region'), of('region_type')];
  if (!/^\d{1,12}$/.test(region)) return deadRow('region', 'table_id', 'expected a number');
  if (!/[A-Za-z0-9]/.test(regionName)) return deadRow('region', 'region', 'expected a name');
  if (!/^[A-Za-z][A-Za-z ]{1,30}$/.test(regionType)) return deadRow('region', 'region_type', 'expected a word');
  const property = of('property_type');
  if (!/^[A-Za-z]/.test(property)) return deadRow('region', 'property_type', 'expected a kind of home');
  const adjusted = /^(?:t|true)$/i.test(of('is_seasonally_adjusted')) ? '/adjusted' : '';
  return { regionType, region, regionName, period, kind: `${property}/${days}d${adjusted}` };
}

/** `2026-11-16 14:35:13.279 Z`, in UTC. */
function madeAt(text: string): string | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)? ?Z?$/.exec(text);
  const date = new Date(parts === null ? Number.NaN : `${parts[1]}T${parts[2]}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
