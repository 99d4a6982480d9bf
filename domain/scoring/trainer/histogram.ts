import type { Binned } from './bins.ts';

/**
 * Gradients summed by feature and bin: sum of first derivatives and sum of second derivatives, side by side. The pair of bin b of
 * feature f lies at `offsets[f] + 2 * b`.
 */
export type Histogram = Float64Array;

/** Where each feature's pairs begin in a histogram, and last the histogram's length. */
export function histogramOffsets(binned: Binned): Int32Array {
  const offsets = new Int32Array(binned.thresholds.length + 1);
  // One pair for the rows without a value, and one per threshold.
  binned.thresholds.forEach((thresholds, i) => (offsets[i + 1] = offsets[i]! + 2 * (thresholds.length + 1)));
  return offsets;
}

/**
 * Fills the histogram with the rows `rows[begin]` to `rows[end - 1]`. This loop is most of the time of a training. Four features go
 * at once: each row's gradients are then read once for four sums, and the sums do not wait for each other.
 * @param pairs    the gradients of these rows, in their order: first and second derivative side by side
 * @param features which features are summed; the others' pairs are left as they are
 */
export function fillHistogram(
  histogram: Histogram,
  { codes }: Binned,
  offsets: Int32Array,
  features: Int32Array,
  rows: Int32Array,
  begin: number,
  end: number,
  pairs: Float64Array,
): void {
  for (const feature of features) histogram.fill(0, offsets[feature], offsets[feature + 1]);
  let i = 0;
  for (; i + 4 <= features.length; i += 4) {
    const [a, b, c, d] = [features[i]!, features[i + 1]!, features[i + 2]!, features[i + 3]!];
    const [atA, atB, atC, atD] = [offsets[a]!, offsets[b]!, offsets[c]!, offsets[d]!];
    addFour(histogram, atA, atB, atC, atD, codes[a]!, codes[b]!, codes[c]!, codes[d]!, rows, begin, end, pairs);
  }
  for (; i < features.length; i++) {
    addOne(histogram, offsets[features[i]!]!, codes[features[i]!]!, rows, begin, end, pairs);
  }
}

function addFour(
  histogram: Histogram,
  fromA: number,
  fromB: number,
  fromC: number,
  fromD: number,
  codesA: Uint8Array,
  codesB: Uint8Array,
  codesC: Uint8Array,
  codesD: Uint8Array,
  rows: Int32Array,
  begin: number,
  end: number,
  pairs: Float64Array,
): void {
  for (let i = begin, pair = 0; i < end; i++, pair += 2) {
    const row = rows[i]!;
    const first = pairs[pair]!;
    const second = pairs[pair + 1]!;
    const a = fromA + 2 * codesA[row]!;
    const b = fromB + 2 * codesB[row]!;
    const c = fromC + 2 * codesC[row]!;
    const d = fromD + 2 * codesD[row]!;
    histogram[a]! += first;
    histogram[a + 1]! += second;
    histogram[b]! += first;
    histogram[b + 1]! += second;
    histogram[c]! += first;
    histogram[c + 1]! += second;
    histogram[d]! += first;
    histogram[d + 1]! += second;
  }
}

function addOne(
  histogram: Histogram,
  from: number,
  codes: Uint8Array,
  rows: Int32Array,
  begin: number,
  end: number,
  pairs: Float64Array,
): void {
  for (let i = begin, pair = 0; i < end; i++, pair += 2) {
    const at = from + 2 * codes[rows[i]!]!;
    histogram[at]! += pairs[pair]!;
    histogram[at + 1]! += pairs[pair + 1]!;
  }
}

/** Takes one child's sums from its parent's: what remains is the other child's, without looking at its rows. */
export function subtractHistogram(from: Histogram, child: Histogram, offsets: Int32Array, features: Int32Array): void {
  for (const feature of features) {
    const end = offsets[feature + 1]!;
    for (let at = offsets[feature]!; at < end; at++) from[at]! -= child[at]!;
  }
}
