/**
 * How a margin becomes a probability. `platt`: logistic(slope × margin + intercept), slope > 0. `isotonic`: a step function of the margin;
 * `values[i]` holds for margins above `thresholds[i - 1]` and at most `thresholds[i]` (there is one value more than thresholds). Float32 numbers.
 */
export type Calibrator =
  | { readonly kind: 'platt'; readonly slope: number; readonly intercept: number }
  | { readonly kind: 'isotonic'; readonly thresholds: readonly number[]; readonly values: readonly number[] };
