import type { Histogram } from './histogram.ts';
import type { Nodes } from './nodes.ts';

export interface SplitRules {
  readonly l2: number;
  /** Least sum of second derivatives on either side. */
  readonly minLeafWeight: number;
  /** Per feature: 1 the value never falls with it, -1 never rises; null when no feature is constrained. */
  readonly monotone: readonly (-1 | 0 | 1)[] | null;
}

/** What a bin holds below this share of the whole tree's weight is what subtractions left by rounding, not rows. */
const NOTHING = 1e-10;

/** A later split must be better by more than rounding, so that of equal ones the first stays, in whatever order rows are summed. */
const SURELY = 1 + 1e-12;

/** The best split so far: score of both sides together, and the sums of the left side. One for all scans, which come one at a time. */
const best = new Float64Array(3);

/**
 * Writes into `nodes` the best split of a node: the one that makes the loss, to second order, smallest.
 * A side with gradient G and hessian H gives its best value −G / (H + l2) the score G² / (H + l2), and a split gains what both sides
 * score beyond the node itself (Chen and Guestrin 2016, equation 7). Where rows lack the feature, both sides are tried for them; where
 * none does, they follow the heavier side, should they come later.
 */
export function findSplit(
  nodes: Nodes,
  node: number,
  histogram: Histogram,
  offsets: Int32Array,
  features: Int32Array,
  rules: SplitRules,
): void {
  const nothing = NOTHING * nodes.hessian[0]!;
  const own = ownScore(nodes, node, rules.l2);
  best[0] = own * (1 + NOTHING);
  nodes.gain[node] = 0;
  for (const feature of features) {
    const missing = offsets[feature]!;
    const from = missing + 2;
    const to = offsets[feature + 1]!;
    if (histogram[missing + 1]! <= nothing) {
      const bin = scan(histogram, from, to - 2, 0, 0, nodes, node, rules, feature);
      if (bin > 0) keep(nodes, node, feature, bin, own, best[2]! > nodes.hessian[node]! / 2);
      continue;
    }
    // Without a value to the right: then all values may go left, and the split asks whether there is one.
    const right = scan(histogram, from, to, 0, 0, nodes, node, rules, feature);
    if (right > 0) keep(nodes, node, feature, right, own, false);
    const left = scan(
      histogram,
      from,
      to - 2,
      histogram[missing]!,
      histogram[missing + 1]!,
      nodes,
      node,
      rules,
      feature,
    );
    if (left > 0) keep(nodes, node, feature, left, own, true);
  }
}

function ownScore(nodes: Nodes, node: number, l2: number): number {
  const gradient = nodes.gradient[node]!;
  const hessian = nodes.hessian[node]!;
  return scoreOf(gradient, hessian, valueOf(gradient, hessian, l2, nodes.low[node]!, nodes.high[node]!), l2);
}

function keep(nodes: Nodes, node: number, feature: number, bin: number, own: number, missingLeft: boolean): void {
  nodes.gain[node] = best[0]! - own;
  nodes.feature[node] = feature;
  nodes.bin[node] = bin;
  nodes.missingLeft[node] = missingLeft ? 1 : 0;
  nodes.leftGradient[node] = best[1]!;
  nodes.leftHessian[node] = best[2]!;
}

/** Goes through a feature's bins, what lies left being given; answers the bin after which to split, or 0 when none beats `best`. */
function scan(
  histogram: Histogram,
  from: number,
  to: number,
  leftGradient: number,
  leftHessian: number,
  nodes: Nodes,
  node: number,
  rules: SplitRules,
  feature: number,
): number {
  const { l2, monotone } = rules;
  const gradient = nodes.gradient[node]!;
  const hessian = nodes.hessian[node]!;
  const nothing = NOTHING * nodes.hessian[0]!;
  const least = Math.max(rules.minLeafWeight, nothing);
  if (monotone === null) {
    return scanFree(histogram, from, to, leftGradient, leftHessian, gradient, hessian, l2, least, nothing);
  }
  const [low, high, sign] = [nodes.low[node]!, nodes.high[node]!, monotone[feature]!];
  let bin = 0;
  for (let at = from; at < to; at += 2) {
    const inBin = histogram[at + 1]!;
    if (inBin <= nothing) continue;
    leftGradient += histogram[at]!;
    leftHessian += inBin;
    const rightGradient = gradient - leftGradient;
    const rightHessian = hessian - leftHessian;
    if (leftHessian < least) continue;
    if (rightHessian < least) break;
    const left = valueOf(leftGradient, leftHessian, l2, low, high);
    const right = valueOf(rightGradient, rightHessian, l2, low, high);
    if (sign * (right - left) < 0) continue;
    const score = scoreOf(leftGradient, leftHessian, left, l2) + scoreOf(rightGradient, rightHessian, right, l2);
    if (score > best[0]!) {
      bin = 1 + (at - from) / 2;
      best[0] = score * SURELY;
      best[1] = leftGradient;
      best[2] = leftHessian;
    }
  }
  return bin;
}

/** The same for values that nothing bounds, which needs no division until a better split is found: the usual case, and a hot one. */
function scanFree(
  histogram: Histogram,
  from: number,
  to: number,
  leftGradient: number,
  leftHessian: number,
  gradient: number,
  hessian: number,
  l2: number,
  least: number,
  nothing: number,
): number {
  let score = best[0]!;
  let bin = 0;
  for (let at = from; at < to; at += 2) {
    const inBin = histogram[at + 1]!;
    if (inBin <= nothing) continue;
    leftGradient += histogram[at]!;
    leftHessian += inBin;
    const rightHessian = hessian - leftHessian;
    if (leftHessian < least) continue;
    if (rightHessian < least) break;
    const rightGradient = gradient - leftGradient;
    const leftWeight = leftHessian + l2;
    const rightWeight = rightHessian + l2;
    // Both sides' fractions over one denominator.
    const above = leftGradient * leftGradient * rightWeight + rightGradient * rightGradient * leftWeight;
    const below = leftWeight * rightWeight;
    if (above > score * below) {
      score = (above / below) * SURELY;
      bin = 1 + (at - from) / 2;
      best[1] = leftGradient;
      best[2] = leftHessian;
    }
  }
  best[0] = score;
  return bin;
}

/** The value that lowers the loss most, within its bounds. */
export function valueOf(gradient: number, hessian: number, l2: number, low: number, high: number): number {
  const weight = hessian + l2;
  return Math.min(Math.max(weight > 0 ? -gradient / weight : 0, low), high);
}

/** By how much a value lowers the loss, twice; G² / (H + l2) when it is the best one. */
function scoreOf(gradient: number, hessian: number, value: number, l2: number): number {
  return -(2 * gradient + (hessian + l2) * value) * value;
}
