import { savingOf } from '../../domain/assistant/prices.ts';
import type { Usage } from '../../domain/assistant/prices.ts';
import { interval, type Interval } from '../../domain/scoring/judge/intervals.ts';

/** One call as it was billed. */
export interface Metered {
  readonly job: 'read' | 'draft' | 'warm';
  /** Of which talk; null: of none, as a ping is. */
  readonly talk: string | null;
  /** Epoch ms. */
  readonly at: number;
  readonly model: string;
  readonly usage: Usage;
  /** Nano-dollars; what may be billed counted. */
  readonly paid: number;
  /** Whole; what broke on its way is paid for, and is no answer. */
  readonly answered: boolean;
  /** What the same answer would have cost without caching; 0 where nobody asked for an answer. */
  readonly counterfactual: number;
  /** Of each layer that is cached: was it read? */
  readonly layers: readonly { readonly layer: string; readonly read: boolean; readonly why?: string }[];
}

export interface Figures {
  readonly talks: number;
  readonly replies: number;
  readonly saving: number;
  readonly interval: Interval | null;
  /** Dollars for 1,000 replies: all that was paid, pings and readings too. */
  readonly perThousand: number;
  /** Of it, by job. */
  readonly byJob: Readonly<Record<Metered['job'], number>>;
  readonly uncachedPerThousand: number;
  /** Share of the calls that read a layer, of those in which it stood. */
  readonly hits: Readonly<Record<string, number>>;
  /** Why the others did not. */
  readonly misses: Readonly<Record<string, number>>;
  readonly tokens: Usage;
  readonly pings: number;
}

/** What came out of a run: savings over all calls, intervals over talks that were drawn anew. Pings belong to no talk, and are paid in each draw. */
export function figuresOf(calls: readonly Metered[]): Figures {
  const replies = calls.filter(({ job, answered }) => job === 'draft' && answered).length;
  const sum = (of: (call: Metered) => number, some = calls): number =>
    some.reduce((total, call) => total + of(call), 0);
  const paid = sum((call) => call.paid);
  const perThousand = (nano: number): number => nano / 1e6 / replies;
  const job = (name: Metered['job']): number =>
    perThousand(
      sum(
        (call) => call.paid,
        calls.filter((call) => call.job === name),
      ),
    );
  const named = calls.filter(({ job: what }) => what !== 'warm');
  const layers = named.flatMap((call) =>
    call.layers.map((layer) => ({ ...layer, what: `${call.job} ${layer.layer}` })),
  );
  return {
    talks: new Set(named.map(({ talk }) => talk)).size,
    replies,
    saving:
      savingOf(
        paid,
        sum((call) => call.counterfactual),
      ) ?? Number.NaN,
    interval: overTalks(calls),
    perThousand: perThousand(paid),
    byJob: { read: job('read'), draft: job('draft'), warm: job('warm') },
    uncachedPerThousand: perThousand(sum((call) => call.counterfactual)),
    hits: shares(
      layers,
      ({ what }) => what,
      ({ read }) => read,
    ),
    misses: counts(layers.filter(({ read }) => !read).map(({ what, why }) => `${what}: ${why ?? 'unexplained'}`)),
    tokens: {
      input: sum(({ usage }) => usage.input),
      read: sum(({ usage }) => usage.read),
      write5m: sum(({ usage }) => usage.write5m),
      write1h: sum(({ usage }) => usage.write1h),
      output: sum(({ usage }) => usage.output),
    },
    pings: calls.length - named.length,
  };
}

function overTalks(calls: readonly Metered[]): Interval | null {
  const talks = new Map<string, { paid: number; counterfactual: number }>();
  let pings = 0;
  for (const { talk, paid, counterfactual } of calls) {
    if (talk === null) pings += paid;
    else {
      const so = talks.get(talk) ?? { paid: 0, counterfactual: 0 };
      talks.set(talk, { paid: so.paid + paid, counterfactual: so.counterfactual + counterfactual });
    }
  }
  const rows = [...talks.values()];
  const saved = (weights: Float64Array): number | null => {
    let [paid, counterfactual] = [pings, 0];
    rows.forEach((row, at) => {
      paid += weights[at]! * row.paid;
      counterfactual += weights[at]! * row.counterfactual;
    });
    return savingOf(paid, counterfactual);
  };
  return interval(rows.length, saved, { seed: 11, draws: 1_000 });
}

function shares<T>(all: readonly T[], of: (one: T) => string, is: (one: T) => boolean): Record<string, number> {
  const [among, hits] = [counts(all.map(of)), counts(all.filter(is).map(of))];
  return Object.fromEntries(Object.entries(among).map(([name, n]) => [name, (hits[name] ?? 0) / n]));
}

function counts(names: readonly string[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const name of names) found[name] = (found[name] ?? 0) + 1;
  return found;
}
