import type { Rates } from './price-rows.ts';

/** How long the vendor keeps an entry of its cache after the call that wrote or last read it began. */
export const ttls = ['5m', '1h'] as const;
export type Ttl = (typeof ttls)[number];
export const ttlMs: Readonly<Record<Ttl, number>> = { '5m': 300_000, '1h': 3_600_000 };

/**
 * How calls that share a prefix follow one another: of `calls`, so many began more than five minutes and more than an hour after the one
 * before. Counts, or shares of them: only their proportion matters.
 */
export interface Gaps {
  readonly calls: number;
  readonly over5m: number;
  readonly over1h: number;
}

export const noGaps: Gaps = { calls: 0, over5m: 0, over1h: 0 };

/**
 * The gaps between calls that began at these instants (epoch ms, ascending).
 * @param first  what the first call counts for: `cold`, it finds nothing and writes all of a shared layer; `none`, it has nothing to find, as
 *               the first message of a talk has no talk before it
 */
export function gapsOf(starts: readonly number[], first: 'cold' | 'none'): Gaps {
  const gaps = starts.slice(1).map((start, at) => start - starts[at]!);
  const cold = first === 'cold' && starts.length > 0 ? 1 : 0;
  const over = (ttl: Ttl): number => cold + gaps.filter((gap) => gap > ttlMs[ttl]).length;
  return { calls: gaps.length + cold, over5m: over('5m'), over1h: over('1h') };
}

export function addGaps(a: Gaps, b: Gaps): Gaps {
  return { calls: a.calls + b.calls, over5m: a.over5m + b.over5m, over1h: a.over1h + b.over1h };
}

/** Calls that come by chance, this many minutes apart on average, until there are counts: the gaps are exponentially distributed. */
export function chanceGaps(meanMinutes: number): Gaps {
  return { calls: 1, over5m: Math.exp(-5 / meanMinutes), over1h: Math.exp(-60 / meanMinutes) };
}

/** The share of calls that find the entry gone. Without a call to judge by every call is taken for a first one. */
export function missShare({ calls, over5m, over1h }: Gaps, ttl: Ttl): number {
  if (calls === 0) return 1;
  return (ttl === '5m' ? over5m : over1h) / calls;
}

/** How often an entry is read before it is gone, on average; infinite where it never is. */
export function readsPerWrite(gaps: Gaps, ttl: Ttl): number {
  const miss = missShare(gaps, ttl);
  return miss === 0 ? Infinity : (1 - miss) / miss;
}

/**
 * Pico-dollars that a token of a prefix costs per call, in the long run: a write for every call that finds the entry gone, else a read. An
 * hour pays over five minutes where `over5m / over1h` exceeds `(write1h − read) / (write5m − read)`, and any time pays over none where the
 * result is below the input's rate.
 */
export function tokenCost(gaps: Gaps, ttl: Ttl | 'none', rates: Rates): number {
  if (ttl === 'none') return rates.input;
  const miss = missShare(gaps, ttl);
  return miss * writeRate(rates, ttl) + (1 - miss) * rates.read;
}

export function writeRate(rates: Rates, ttl: Ttl): number {
  return ttl === '5m' ? rates.write5m : rates.write1h;
}
