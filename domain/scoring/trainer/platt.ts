import { logistic } from '../scorecard.ts';
import { weightedMean, type WeightedMargins } from './evidence.ts';

/** Log-odds = slope × margin + intercept. */
export interface Line {
  readonly slope: number;
  readonly intercept: number;
}

/**
 * Platt's line, of either sign, by Newton's method with halved steps. Targets are his, (N₊ + 1) / (N₊ + 2) and 1 / (N₋ + 2): so perfectly
 * separated margins get a steep line and not an endless one. Margins that are all alike get slope 0.
 * @see Lin, Lin, Weng: A Note on Platt's Probabilistic Outputs for Support Vector Machines (2007)
 */
export function fitLine(rows: WeightedMargins): Line {
  const { mean, spread } = spreadOf(rows);
  if (spread === 0) return { slope: 0, intercept: 0 };
  const { weights } = rows;
  const targets = targetsOf(rows);
  const z = Float64Array.from(rows.margins, (margin) => (margin - mean) / spread);
  const base = weightedMean(targets, weights);
  let line: Line = { slope: 0, intercept: Math.log(base / (1 - base)) };
  let loss = lossOf(z, targets, weights, line);
  for (let round = 0; round < 100; round += 1) {
    const step = newtonStep(z, targets, weights, line);
    let share = 1;
    let next = moved(line, step, share);
    let better = lossOf(z, targets, weights, next);
    while (!(better < loss) && share > 1e-6) {
      share /= 2;
      next = moved(line, step, share);
      better = lossOf(z, targets, weights, next);
    }
    if (!(better < loss)) break;
    const gained = loss - better;
    line = next;
    loss = better;
    if (gained <= 1e-12 * loss) break;
  }
  return { slope: line.slope / spread, intercept: line.intercept - (line.slope * mean) / spread };
}

/** The shift of all margins that makes their mean probability the base rate. It rises with the shift, so halving an interval finds it. */
export function fitShift(rows: WeightedMargins): number {
  const { margins, weights } = rows;
  const base = weightedMean(targetsOf(rows), weights);
  const logOdds = Math.log(base / (1 - base));
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < margins.length; i += 1) {
    low = Math.min(low, logOdds - margins[i]!);
    high = Math.max(high, logOdds - margins[i]!);
  }
  const shifted = new Float64Array(margins.length);
  for (let round = 0; round < 60 && high > low; round += 1) {
    const middle = (low + high) / 2;
    for (let i = 0; i < shifted.length; i += 1) shifted[i] = logistic(margins[i]! + middle);
    if (weightedMean(shifted, weights) < base) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function moved(line: Line, step: Line, share: number): Line {
  return { slope: line.slope - share * step.slope, intercept: line.intercept - share * step.intercept };
}

function newtonStep(z: Float64Array, targets: Float64Array, weights: Float64Array, line: Line): Line {
  let [g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0];
  for (let i = 0; i < z.length; i += 1) {
    const probability = logistic(line.slope * z[i]! + line.intercept);
    const error = weights[i]! * (probability - targets[i]!);
    const bend = weights[i]! * Math.max(1e-12, probability * (1 - probability));
    g0 += error * z[i]!;
    g1 += error;
    h00 += bend * z[i]! * z[i]!;
    h01 += bend * z[i]!;
    h11 += bend;
  }
  const determinant = h00 * h11 - h01 * h01;
  return { slope: (h11 * g0 - h01 * g1) / determinant, intercept: (h00 * g1 - h01 * g0) / determinant };
}

function lossOf(z: Float64Array, targets: Float64Array, weights: Float64Array, { slope, intercept }: Line): number {
  let loss = 0;
  for (let i = 0; i < z.length; i += 1) {
    const logOdds = slope * z[i]! + intercept;
    // log(1 + e^x) − target × x, without overflow.
    const softplus = Math.max(0, logOdds) + Math.log1p(Math.exp(-Math.abs(logOdds)));
    loss += weights[i]! * (softplus - targets[i]! * logOdds);
  }
  return loss;
}

function targetsOf({ labels, weights }: WeightedMargins): Float64Array {
  let positives = 0;
  let negatives = 0;
  weights.forEach((weight, i) => {
    if (labels[i] === 1) positives += weight;
    else negatives += weight;
  });
  return weights.map((_, i) => (labels[i] === 1 ? (positives + 1) / (positives + 2) : 1 / (negatives + 2)));
}

function spreadOf({ margins, weights }: WeightedMargins): { readonly mean: number; readonly spread: number } {
  const values = Float64Array.from(margins);
  const mean = weightedMean(values, weights);
  const squares = values.map((value) => (value - mean) ** 2);
  const spread = Math.sqrt(weightedMean(squares, weights));
  // Rounding alone makes equal margins differ in their last bits.
  return { mean, spread: spread > 1e-9 * Math.abs(mean) ? spread : 0 };
}
