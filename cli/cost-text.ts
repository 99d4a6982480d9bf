import { type CostReport, hitsOf } from '../domain/assistant/cost-report.ts';
import { type Column, type Io, paint, table } from './output.ts';

export interface CostAnswer extends CostReport {
  readonly locationId: string | null;
  readonly days: number;
}

type Row = CostReport['rows'][number];

/** Days, models and jobs with what they cost, and under them what it comes to. */
export function costText(io: Pick<Io, 'colour'>, { rows, total, locationId, days }: CostAnswer): string {
  const of = locationId === null ? 'all locations' : locationId;
  const span = days === 1 ? 'today' : `${days} days up to today`;
  if (rows.length === 0) return `no call of a language model: ${of}, ${span} (UTC)\n`;
  const perThousand =
    total.perThousandReplies === null ? '' : `, ${money(total.perThousandReplies, 2)} per 1,000 replies`;
  const doubt = total.maybe > 0 ? `, and up to ${money(total.maybe)} that may be billed beside it` : '';
  const { global, location, conversation } = total.hits;
  return [
    paint(io, 'bold', `What the assistant cost: ${of}, ${span} (UTC)\n\n`),
    table(rows, columnsFor(rows)),
    `\npaid ${money(total.billed)}${doubt}; without caching ${money(total.counterfactual)}: saved ${percent(total.saving)}\n`,
    `${count(total.answered)} of ${count(total.attempts)} attempts were answered, ${count(total.replies)} of them replies${perThousand}\n`,
    `found in the cache: global ${percent(global)}, location ${percent(location)}, conversation ${percent(conversation)}\n`,
    missesText(total.misses),
    total.open > 0 ? `attempts under way, whose cost is in no figure above: ${count(total.open)}\n` : '',
    total.settled > 0 ? `attempts that the vendor's usage report settled: ${count(total.settled)}\n` : '',
  ].join('');
}

const ALWAYS: readonly Column<Row>[] = [
  { title: 'DAY', of: ({ day }) => day },
  { title: 'MODEL', of: ({ model }) => model },
  { title: 'JOB', of: ({ job, batch }) => (batch ? `${job} (batch)` : job) },
  { title: 'CALLS', of: ({ attempts }) => count(attempts), right: true },
  { title: 'ANSWERED', of: ({ answered }) => count(answered), right: true },
  { title: 'INPUT', of: ({ tokens }) => count(tokens.input), right: true },
  { title: 'READ', of: ({ tokens }) => count(tokens.read), right: true },
  { title: 'WRITTEN', of: ({ tokens }) => count(tokens.write5m + tokens.write1h), right: true },
  { title: 'OUTPUT', of: ({ tokens }) => count(tokens.output), right: true },
  { title: 'HITS', of: hits, right: true },
  { title: 'PAID', of: ({ billed }) => money(billed), right: true },
];
const DOUBT: Column<Row> = { title: 'MAYBE', of: ({ maybe }) => (maybe === 0 ? '-' : money(maybe)), right: true };
const CACHING: readonly Column<Row>[] = [
  { title: 'UNCACHED', of: ({ counterfactual }) => money(counterfactual), right: true },
  { title: 'SAVED', of: ({ saving }) => percent(saving), right: true },
];

/** What may be billed is rare, and has its column where there is some. */
function columnsFor(rows: readonly Row[]): readonly Column<Row>[] {
  return [...ALWAYS, ...(rows.some(({ maybe }) => maybe > 0) ? [DOUBT] : []), ...CACHING];
}

/** Of the global layer, the location's and the talk's. */
function hits(row: Row): string {
  const { global, location, conversation } = hitsOf([row]);
  return [global, location, conversation].map((one) => (one === null ? '-' : `${Math.round(one * 100)}`)).join('/');
}

function missesText(misses: Readonly<Record<string, number>>): string {
  const said = Object.entries(misses).map(([why, times]) => `${why} ${count(times)}`);
  return said.length === 0 ? '' : `not found, because: ${said.join(', ')}\n`;
}

function money(nano: number, digits = 4): string {
  return `$${(nano / 1e9).toFixed(digits)}`;
}

function percent(share: number | null): string {
  return share === null ? '-' : `${(share * 100).toFixed(1)} %`;
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}
