import type { CostRow } from '../ports/model-ledger.ts';
import { cachedLayers, type CachedLayer } from './layers.ts';
import { savingOf } from './prices.ts';

/** What calls of a time cost, and what caching made of it. Nano-dollars. */
export interface CostReport {
  readonly rows: readonly (CostRow & { readonly saving: number | null })[];
  readonly total: CostTotal;
}

export interface CostTotal {
  readonly attempts: number;
  readonly answered: number;
  readonly open: number;
  readonly settled: number;
  readonly billed: number;
  readonly maybe: number;
  readonly counterfactual: number;
  /** What may be billed counts as paid. Null: nothing was answered. */
  readonly saving: number | null;
  /** Answered drafts, and what 1,000 of them cost with everything that led to them; null: there was none. */
  readonly replies: number;
  readonly perThousandReplies: number | null;
  /** The share of answers that found the layer in the cache; null: no prompt had it. */
  readonly hits: Readonly<Record<CachedLayer, number | null>>;
  readonly misses: Readonly<Record<string, number>>;
}

export function costReport(rows: readonly CostRow[]): CostReport {
  const sum = (of: (row: CostRow) => number): number => rows.reduce((all, row) => all + of(row), 0);
  const [billed, maybe] = [sum((row) => row.billed), sum((row) => row.maybe)];
  const counterfactual = sum((row) => row.counterfactual);
  const replies = sum(({ job, answered }) => (job === 'draft' ? answered : 0));
  return {
    rows: rows.map((row) => ({ ...row, saving: savingOf(row.billed + row.maybe, row.counterfactual) })),
    total: {
      ...{ attempts: sum((row) => row.attempts), answered: sum((row) => row.answered) },
      ...{ open: sum((row) => row.open), settled: sum((row) => row.settled), billed, maybe, counterfactual },
      saving: savingOf(billed + maybe, counterfactual),
      replies,
      perThousandReplies: replies === 0 ? null : Math.round(((billed + maybe) * 1_000) / replies),
      hits: hitsOf(rows),
      misses: missesOf(rows),
    },
  };
}

export function hitsOf(rows: readonly Pick<CostRow, 'layers'>[]): CostTotal['hits'] {
  const ratio = (layer: CachedLayer): number | null => {
    const calls = rows.reduce((all, { layers }) => all + layers[layer].calls, 0);
    return calls === 0 ? null : rows.reduce((all, { layers }) => all + layers[layer].read, 0) / calls;
  };
  return Object.fromEntries(cachedLayers.map((layer) => [layer, ratio(layer)])) as CostTotal['hits'];
}

function missesOf(rows: readonly CostRow[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const [why, times] of rows.flatMap(({ misses }) => Object.entries(misses))) {
    counts.set(why, (counts.get(why) ?? 0) + times);
  }
  return Object.fromEntries([...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));
}
