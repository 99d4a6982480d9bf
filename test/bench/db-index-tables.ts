import type { Cost, IndexFindings, Loss, Paid } from './db-indexes.ts';
import type { Control, Table } from './report.ts';

/** Below so many rows a table is read from end to end as fast as through any index. */
const TOO_FEW_ROWS = 1_000;

export function allIndexesTable({ all }: IndexFindings): Table {
  return {
    title: 'Every query with primary keys and unique indexes only, and with all indexes (ms, pages touched)',
    head: ['query', 'origin', 'p90 before', 'p90 after', 'pages before', 'pages after', 'indexes used'],
    rows: all.map(({ query, without, withAll, uses }) => [
      query.name,
      query.origin === '' ? '–' : query.origin,
      time(without),
      time(withAll),
      without.buffers ?? '–',
      withAll.buffers ?? '–',
      uses.length === 0 ? 'key only' : uses.join(' '),
    ]),
  };
}

/** Who pays for the loss of one index: the query that pays most, and how many do. */
export function lossTable(losses: readonly Loss[]): Table {
  return {
    title: 'One index dropped, all others there: who pays most (p50 in ms, pages touched)',
    head: ['index', 'MiB', 'payers', 'most of all', 'p50 with', 'p50 without', 'pages with', 'pages without', ''],
    rows: losses.map(({ index, payers }) => {
      const [most] = payers;
      const felt = payers.filter((payer) => payer.felt).length;
      if (most === undefined) return [index.name, index.mebibytes, 0, '–', '–', '–', '–', '–', unusedWord(index.rows)];
      const { before, after, query } = most;
      const word = felt > 0 ? '' : index.rows < TOO_FEW_ROWS ? `${index.rows} rows: too few` : 'NOT FELT';
      return [
        index.name,
        index.mebibytes,
        felt,
        query,
        before.p50,
        after.cutOff > 0 ? `> ${after.p50}` : after.p50,
        before.buffers ?? '–',
        after.buffers ?? '–',
        word,
      ];
    }),
  };
}

/** The loss of each index as a control: a loss that does not show is either a blind bench or a useless index. */
export function lossControls(losses: readonly Loss[]): Record<string, Control> {
  return Object.fromEntries(
    losses
      .filter(({ index }) => index.rows >= TOO_FEW_ROWS)
      .map(({ index, payers }) => {
        const most = payers.find(({ felt }) => felt) ?? payers[0];
        const { before, after, query, felt } = most ?? NOBODY;
        const inPages = before.buffers !== null && after.buffers !== null && after.buffers > before.buffers;
        const control: Control = {
          what: `without ${index.name}`,
          metric: inPages ? `${query}, pages` : `${query}.p50`,
          normal: (inPages ? before.buffers : before.p50) ?? 0,
          value: (inPages ? after.buffers : after.p50) ?? 0,
          worse: felt,
        };
        return [index.name, control];
      }),
  );
}

const FREE: Cost = { n: 0, p50: 0, p90: 0, buffers: 0, cutOff: 0 };
const NOBODY: Paid = { query: 'no query uses it', before: FREE, after: FREE, felt: false };

function unusedWord(rows: number): string {
  return rows < TOO_FEW_ROWS ? `${rows} rows: too few` : 'NOT USED';
}

function time({ p90, cutOff }: Cost): string {
  return cutOff > 0 ? `> ${p90}` : String(p90);
}
