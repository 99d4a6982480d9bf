import { logistic } from '../scorecard.ts';
import type { Calibrator } from './calibrator.ts';
import { checkedWeights, rarerRows, type WeightedMargins } from './evidence.ts';
import { fitSteps } from './isotonic.ts';
import { fitLine, fitShift } from './platt.ts';

/** So many rows of the rarer class allow a curve; with fewer a line is all that the evidence can tell. */
export const isotonicFrom = 1_000;

/**
 * Learns from margins that the model gave rows it was not trained on. By evidence: a rising curve (isotonic) from a thousand rows of the
 * rarer class, else a line (Platt). A line that would fall, and so turn the ranking round, is refused: the margins then are only moved,
 * all by the same amount, until their mean is the base rate. Labels of one class only move them as well: to (positives + 1) / (rows + 2).
 */
export function fitCalibrator(
  margins: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Calibrator {
  const rows: WeightedMargins = { margins, labels, weights: checkedWeights(margins.length, labels, weights) };
  for (let i = 0; i < margins.length; i += 1) {
    if (!Number.isFinite(margins[i])) throw new RangeError(`margin ${i} is no number`);
  }
  const { slope, intercept } = fitLine(rows);
  // Below this float32 cannot tell neighbours apart any more, and the ranking is lost as well.
  if (!(slope > 1e-3)) return { kind: 'platt', slope: 1, intercept: Math.fround(fitShift(rows)) };
  const platt = { kind: 'platt', slope: Math.fround(slope), intercept: Math.fround(intercept) } as const;
  return rarerRows(labels, rows.weights) >= isotonicFrom ? (fitSteps(rows, slope) ?? platt) : platt;
}

/** The probability that belongs to a margin. */
export function calibrated(calibrator: Calibrator, margin: number): number {
  if (calibrator.kind === 'platt') return logistic(calibrator.slope * margin + calibrator.intercept);
  if (Number.isNaN(margin)) return NaN;
  const { thresholds, values } = calibrator;
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (margin > thresholds[middle]!) low = middle + 1;
    else high = middle;
  }
  return values[low]!;
}
