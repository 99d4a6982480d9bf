import { effectiveCount, wilson, type DrawOptions, type Interval } from './intervals.ts';
import { rankRows, weightsInOrder, type Ranked } from './ranked.ts';
import { groupNumbers } from '../trainer/groups.ts';

/** How many equally wide bins of probability the calibration error and the reliability curve are read in. */
const reliabilityBins = 10;

/** Of the rows with about this probability: what was said, and what came true. */
export interface ReliabilityBin {
  readonly from: number;
  /** Belongs to the next bin, except 1. */
  readonly to: number;
  readonly n: number;
  /** Mean probability. */
  readonly predicted: number;
  /** Share of positives. */
  readonly observed: number;
  /** 95 % interval of that share (Wilson, by the independent rows that those of the bin count for). */
  readonly interval: Interval;
}

/** Equally wide bins; those without rows are left out. */
export function reliability(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  { weights, groups }: Pick<DrawOptions, 'weights' | 'groups'> = {},
): readonly ReliabilityBin[] {
  const bins = reliabilityBins;
  const ranked = rankRows(labels, probabilities);
  const inOrder = weightsInOrder(ranked, weights);
  const sums = sumsByBin(ranked, inOrder, bins);
  const { numbers } = groupNumbers(groups, ranked.n);
  const rows = Array.from({ length: bins }, () => ({ n: 0, byGroup: new Map<number, number>() }));
  ranked.order.forEach((row, i) => {
    const bin = rows[binOf(ranked.probabilities[i]!, bins)]!;
    bin.n += 1;
    bin.byGroup.set(numbers[row]!, (bin.byGroup.get(numbers[row]!) ?? 0) + inOrder[i]!);
  });
  return rows.flatMap(({ n, byGroup }, bin) => {
    const weight = sums.rows[bin]!;
    if (weight === 0) return [];
    const observed = sums.positives[bin]! / weight;
    const count = effectiveCount(byGroup.values());
    return {
      from: bin / bins,
      to: (bin + 1) / bins,
      n,
      predicted: sums.predicted[bin]! / weight,
      observed,
      interval: wilson(observed * count, count),
    };
  });
}

function binOf(probability: number, bins: number): number {
  return Math.min(bins - 1, Math.floor(probability * bins));
}

/** Expected calibration error: |said − came true| per bin, weighted by its rows. Weights stand in the order of the ranking. */
export function calibrationError(ranked: Ranked, weights: Float64Array, bins: number = reliabilityBins): number | null {
  const { rows, predicted, positives } = sumsByBin(ranked, weights, bins);
  let all = 0;
  let error = 0;
  for (let bin = 0; bin < bins; bin += 1) {
    all += rows[bin]!;
    error += Math.abs(predicted[bin]! - positives[bin]!);
  }
  return all > 0 ? error / all : null;
}

interface BinSums {
  readonly rows: Float64Array;
  readonly predicted: Float64Array;
  readonly positives: Float64Array;
}

function sumsByBin({ n, probabilities, labels }: Ranked, weights: Float64Array, bins: number): BinSums {
  const sums = {
    rows: new Float64Array(bins),
    predicted: new Float64Array(bins),
    positives: new Float64Array(bins),
  };
  for (let i = 0; i < n; i += 1) {
    const bin = binOf(probabilities[i]!, bins);
    const weight = weights[i]!;
    sums.rows[bin]! += weight;
    sums.predicted[bin]! += weight * probabilities[i]!;
    sums.positives[bin]! += weight * labels[i]!;
  }
  return sums;
}
