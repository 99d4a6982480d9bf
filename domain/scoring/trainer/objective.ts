import type { TreeModel } from './tree-model.ts';

type Objective = TreeModel['objective'];

/**
 * The power of two of which the base and every leaf are whole multiples. A float32 number keeps 24 bits, so sums below 2^24 steps are
 * exact in float32 in whatever order they are added: the model file's answer depends neither on threads nor on the size of a batch, and
 * equals ours to the last bit. For log-odds that is up to ±16; for a target, up to twice its greatest amount.
 */
export function leafStep(objective: Objective, labels: Float32Array, rows: Int32Array): number {
  if (objective === 'logistic') return 2 ** -20;
  let greatest = 0;
  for (const row of rows) greatest = Math.max(greatest, Math.abs(labels[row]!));
  return greatest === 0 ? 2 ** -24 : 2 ** (Math.ceil(Math.log2(greatest)) + 1 - 24);
}

/** The best constant margin: the mean target, or the log-odds of the share of positives. */
export function bestConstant(
  objective: Objective,
  labels: Float32Array,
  weights: Float32Array | undefined,
  rows: Int32Array,
  step: number,
): number {
  let sum = 0;
  let total = 0;
  for (const row of rows) {
    const weight = weights === undefined ? 1 : weights[row]!;
    sum += weight * labels[row]!;
    total += weight;
  }
  return toStep(objective === 'logistic' ? Math.log(sum / (total - sum)) : sum / total, step);
}

/** Writes each row's first and second derivative of its loss by its margin, side by side. */
export function fillGradients(
  objective: Objective,
  margins: Float64Array,
  labels: Float32Array,
  weights: Float32Array | undefined,
  rows: Int32Array,
  into: Float64Array,
): void {
  for (const row of rows) {
    const weight = weights === undefined ? 1 : weights[row]!;
    if (objective === 'squared') {
      into[2 * row] = weight * (margins[row]! - labels[row]!);
      into[2 * row + 1] = weight;
      continue;
    }
    const probability = 1 / (1 + Math.exp(-margins[row]!));
    into[2 * row] = weight * (probability - labels[row]!);
    into[2 * row + 1] = weight * Math.max(probability * (1 - probability), 1e-16);
  }
}

/** Weighted mean loss: log loss, or half the squared error. */
export function meanLoss(
  objective: Objective,
  margins: Float64Array,
  labels: Float32Array,
  weights: Float32Array | undefined,
): number {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    const weight = weights === undefined ? 1 : weights[row]!;
    const margin = margins[row]!;
    const label = labels[row]!;
    total += weight;
    // log(1 + e^m) − y·m, written so that e^|m| cannot overflow.
    if (objective === 'logistic') {
      sum += weight * (Math.max(margin, 0) + Math.log1p(Math.exp(-Math.abs(margin))) - label * margin);
    } else sum += (weight * (margin - label) ** 2) / 2;
  }
  return sum / total;
}

/** The nearest whole multiple of a power of two; the zero that is added makes −0 a plain 0, which JSON keeps. */
export function toStep(value: number, step: number): number {
  return Math.round(value / step) * step + 0;
}
