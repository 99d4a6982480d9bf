import { type Candidate, choose, isSame, type Method, type Prices, type Reckoning, type Use } from './cost.ts';

/** What it would change if the values of a kind and size band were stored by this method. */
export interface Policy {
  readonly method: Method;
  /** On the server, of one value; the mean of the samples. */
  readonly memoryBytes: number;
  /** CPU of one value, beyond what reading and writing JSON takes. */
  readonly writeMicros: number;
  readonly readMicros: number;
  /** Against the method in force, of all values that stand; unknown where that one was not tried. */
  readonly bytesMore: number | null;
  /** Memory and CPU in a month, against the method in force; less than nothing is saved. */
  readonly dollarsMorePerMonth: number | null;
  readonly sameClassAs: Method | null;
}

export const HOURS_PER_MONTH = 730;

/**
 * All that were tried, the cheapest first. As many values are written anew as end, so each of those that stand is written, read and kept
 * once in its life.
 * @param values  how many of the band stand now
 * @param prices  as stated; not those by which the choice was made
 */
export function policies(
  candidates: readonly Candidate[],
  { use, prices, inForce, values }: { use: Use; prices: Prices; inForce: Method; values: number },
): Policy[] {
  if (candidates.length === 0) return [];
  const { reckoned } = choose(candidates, { use, prices });
  const now = reckoned.find(({ method }) => isSame(method, inForce));
  const livesPerMonth = use.lifeHours > 0 ? (values * HOURS_PER_MONTH) / use.lifeHours : null;
  return reckoned.map(({ method, memoryBytes, netDollars, sameClassAs }: Reckoning): Policy => {
    const { writeMicros, readMicros } = candidates.find((one) => isSame(one, method))!;
    return {
      ...{ method, memoryBytes, writeMicros, readMicros },
      bytesMore: now === undefined ? null : (memoryBytes - now.memoryBytes) * values,
      dollarsMorePerMonth:
        now === undefined || livesPerMonth === null ? null : (now.netDollars - netDollars) * livesPerMonth,
      sameClassAs: sameClassAs ?? null,
    };
  });
}
