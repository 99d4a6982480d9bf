/**
 * Rows in the order of their probabilities, sorted once: every figure of ranking or calibration is then one pass, for the rows as they
 * are and for each of hundreds of bootstrap draws.
 */
export interface Ranked {
  readonly n: number;
  /** Row numbers, lowest probability first. */
  readonly order: Uint32Array;
  /** From here on in that order. */
  readonly probabilities: Float64Array;
  readonly labels: Uint8Array;
  /** 1 where a row is the last of those with its probability: tied rows are taken together. */
  readonly tieEnds: Uint8Array;
  /** Positions in the order above, the surest first: farthest from even odds. */
  readonly bySureness: Uint32Array;
  readonly surenessTieEnds: Uint8Array;
}

/** Throws RangeError where labels are not 0 or 1, probabilities not within 0 and 1, or the two not equally many. */
export function rankRows(labels: ArrayLike<number>, probabilities: ArrayLike<number>): Ranked {
  const n = labels.length;
  if (probabilities.length !== n) throw new RangeError(`${n} labels, but ${probabilities.length} probabilities`);
  for (let i = 0; i < n; i += 1) {
    const probability = probabilities[i]!;
    if (labels[i] !== 0 && labels[i] !== 1) throw new RangeError(`label ${i} is neither 0 nor 1`);
    if (!(probability >= 0 && probability <= 1)) throw new RangeError(`probability ${i} is not within 0 and 1`);
  }
  const order = ascending(probabilities);
  const sorted = Float64Array.from(order, (row) => probabilities[row]!);
  const bySureness = surestFirst(sorted);
  return {
    n,
    order,
    probabilities: sorted,
    labels: Uint8Array.from(order, (row) => labels[row]!),
    tieEnds: tieEndsOf(sorted),
    bySureness,
    surenessTieEnds: tieEndsOf(Float64Array.from(bySureness, (at) => sureness(sorted[at]!))),
  };
}

/** Weights of rows, put into the order of the ranking; 1 each where there are none. */
export function weightsInOrder(ranked: Ranked, weights: ArrayLike<number> | undefined): Float64Array {
  if (weights === undefined) return new Float64Array(ranked.n).fill(1);
  if (weights.length !== ranked.n) throw new RangeError(`${ranked.n} rows, but ${weights.length} weights`);
  const result = new Float64Array(ranked.n);
  for (let i = 0; i < ranked.n; i += 1) result[i] = weights[ranked.order[i]!]!;
  return result;
}

/** Row numbers by rising value; equal values keep the order of their rows. */
export function ascending(values: ArrayLike<number>): Uint32Array {
  const order = new Uint32Array(values.length);
  for (let i = 0; i < order.length; i += 1) order[i] = i;
  return order.sort((a, b) => values[a]! - values[b]! || a - b);
}

/** The chance that the likelier of yes and no is true. */
export function sureness(probability: number): number {
  return Math.max(probability, 1 - probability);
}

/** The surest stand at both ends of rising probabilities: the two ends are merged. */
function surestFirst(rising: Float64Array): Uint32Array {
  const result = new Uint32Array(rising.length);
  let low = 0;
  let high = rising.length - 1;
  for (let i = 0; i < result.length; i += 1) {
    const takeLow = sureness(rising[low]!) >= sureness(rising[high]!);
    result[i] = takeLow ? low : high;
    if (takeLow) low += 1;
    else high -= 1;
  }
  return result;
}

function tieEndsOf(sorted: Float64Array): Uint8Array {
  const ends = new Uint8Array(sorted.length);
  for (let i = 0; i < ends.length; i += 1) ends[i] = i + 1 === sorted.length || sorted[i] !== sorted[i + 1] ? 1 : 0;
  return ends;
}
