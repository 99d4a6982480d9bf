/** Margins of rows, their labels (0 or 1) and weights. */
export interface WeightedMargins {
  readonly margins: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
  readonly weights: Float64Array;
}

/** The weights of rows, 1 each where none came. Throws RangeError where labels or weights are not what every fit expects. */
export function checkedWeights(
  rows: number,
  labels: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
): Float64Array {
  if (labels.length !== rows) throw new RangeError(`${rows} rows, but ${labels.length} labels`);
  if (weights !== undefined && weights.length !== rows) {
    throw new RangeError(`${rows} rows, but ${weights.length} weights`);
  }
  const checked = new Float64Array(rows);
  let all = 0;
  for (let i = 0; i < rows; i += 1) {
    if (labels[i] !== 0 && labels[i] !== 1) throw new RangeError(`label ${i} is neither 0 nor 1`);
    const weight = weights === undefined ? 1 : weights[i]!;
    if (!(weight >= 0 && weight < Infinity)) throw new RangeError(`weight ${i} is not a number from 0 up`);
    checked[i] = weight;
    all += weight;
  }
  if (all === 0) throw new RangeError('no row has a weight: there is nothing to learn from');
  return checked;
}

/** How many rows with a weight the rarer class has. */
export function rarerRows(labels: ArrayLike<number>, weights: Float64Array): number {
  const count: [number, number] = [0, 0];
  weights.forEach((weight, i) => {
    if (weight > 0) count[labels[i] === 1 ? 1 : 0] += 1;
  });
  return Math.min(...count);
}

/** NaN where nothing has a weight. */
export function weightedMean(values: Float64Array, weights: Float64Array): number {
  let all = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) {
    all += weights[i]!;
    sum += weights[i]! * values[i]!;
  }
  return sum / all;
}
