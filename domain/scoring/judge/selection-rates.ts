import { auditLevels, frequentLevels } from './audit-levels.ts';
import { effectiveCount, weightsOf, wilson, type DrawOptions, type Interval } from './intervals.ts';
import type { RawColumn } from '../data/table.ts';
import { groupNumbers } from '../trainer/groups.ts';

/** Below four fifths of the highest rate of selection a group counts as disadvantaged. @see 29 CFR 1607.4(D) */
export const fourFifths = 0.8;

/** How often leads of each group are put on top, against the group that is put there most often. */
export interface SelectionRates {
  readonly column: string;
  /** Share of leads that the working threshold selects. */
  readonly selected: number;
  readonly groups: readonly SelectionRate[];
  /** `unknown`: no two groups large enough to compare, or nobody was selected. */
  readonly verdict: 'clear' | 'alarm' | 'unknown';
}

/** What the ratio of one group says. */
export function verdictOn(ratio: number | null): SelectionRates['verdict'] {
  if (ratio === null) return 'unknown';
  return ratio < fourFifths ? 'alarm' : 'clear';
}

export interface SelectionRate {
  readonly level: string;
  readonly n: number;
  readonly rate: number;
  readonly interval: Interval;
  /** To the highest rate; null when nobody was selected. */
  readonly ratio: number | null;
  readonly ratioInterval: Interval | null;
}

/** At most so many groups are compared, the largest. */
const mostGroups = 12;

/** @param selected 1 for a lead above the threshold at which people work, else 0 */
export function selectionRates(
  column: string,
  barred: RawColumn,
  selected: ArrayLike<number>,
  options: Pick<DrawOptions, 'weights' | 'groups'> = {},
): SelectionRates {
  if (barred.values.length !== selected.length) throw new RangeError('one selection per row of the column');
  const levels = auditLevels(barred);
  const weights = weightsOf(options.weights, selected.length);
  const { numbers } = groupNumbers(options.groups, selected.length);
  const counts = frequentLevels(levels, mostGroups).map((level): Count => {
    let [rows, all, chosen] = [0, 0, 0];
    const byGroup = new Map<number, number>();
    levels.forEach((one, i) => {
      if (one !== level) return;
      rows += 1;
      all += weights[i]!;
      chosen += weights[i]! * selected[i]!;
      byGroup.set(numbers[i]!, (byGroup.get(numbers[i]!) ?? 0) + weights[i]!);
    });
    return { level, rows, rate: chosen / all, count: effectiveCount(byGroup.values()) };
  });
  const highest = counts.reduce<Count | null>(
    (best, count) => (best === null || count.rate > best.rate ? count : best),
    null,
  );
  const groups = counts.map((count): SelectionRate => {
    const known = highest !== null && highest.rate > 0;
    return {
      level: count.level,
      n: count.rows,
      rate: count.rate,
      interval: wilson(count.rate * count.count, count.count),
      ratio: known ? count.rate / highest.rate : null,
      ratioInterval: known && count !== highest ? ratioInterval(count, highest) : null,
    };
  });
  const comparable = groups.length >= 2 && groups.every(({ ratio }) => ratio !== null);
  const behind = groups.some(({ ratio }) => verdictOn(ratio) === 'alarm');
  let [all, chosen] = [0, 0];
  weights.forEach((weight, i) => {
    all += weight;
    chosen += weight * selected[i]!;
  });
  return {
    column,
    selected: all === 0 ? 0 : chosen / all,
    groups,
    verdict: comparable ? (behind ? 'alarm' : 'clear') : 'unknown',
  };
}

interface Count {
  readonly level: string;
  readonly rows: number;
  readonly rate: number;
  /** Independent rows that they count for. */
  readonly count: number;
}

/** Of a ratio of two shares, in logarithms (Katz and others, 1978); half a lead is added so that none selected has an interval too. */
function ratioInterval(a: Count, b: Count): Interval {
  const [x, y] = [a.rate * a.count + 0.5, b.rate * b.count + 0.5];
  const [n, m] = [a.count + 0.5, b.count + 0.5];
  const ratio = x / n / (y / m);
  const spread = Math.sqrt(1 / x - 1 / n + 1 / y - 1 / m);
  return { low: ratio * Math.exp(-1.96 * spread), high: ratio * Math.exp(1.96 * spread) };
}
