/**
 * How a margin becomes a probability: logistic(slope × margin + intercept), in one straight piece (`platt`) or in several that join
 * (`isotonic`): piece `i` holds for margins above `thresholds[i - 1]` and at most `thresholds[i]`, so there is one piece more than thresholds.
 * Every slope is above 0: calibration never changes who ranks before whom. The pieces join, because at a step the last bit of a float32
 * margin would decide, and trainer and model file would differ by the whole step. Float32 numbers.
 */
export type Calibrator =
  | { readonly kind: 'platt'; readonly slope: number; readonly intercept: number }
  | {
      readonly kind: 'isotonic';
      readonly thresholds: readonly number[];
      readonly slopes: readonly number[];
      readonly intercepts: readonly number[];
    };
