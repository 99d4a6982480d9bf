/**
 * Solves A x = b for a symmetric A above zero, of which the lower triangle is given (Cholesky). Where rounding leaves a pivot at or
 * below zero, the direction is left out: its part of x is 0.
 */
export function solve(lower: readonly Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  const factor = lower.map((row) => row.slice());
  for (let j = 0; j < size; j += 1) {
    const row = factor[j]!;
    for (let k = 0; k <= j; k += 1) {
      let sum = row[k]!;
      for (let m = 0; m < k; m += 1) sum -= row[m]! * factor[k]![m]!;
      if (k === j) row[j] = sum > 1e-14 * lower[j]![j]! ? Math.sqrt(sum) : Infinity;
      else row[k] = sum / factor[k]![k]!;
    }
  }
  const x = right.slice();
  for (let j = 0; j < size; j += 1) {
    for (let k = 0; k < j; k += 1) x[j]! -= factor[j]![k]! * x[k]!;
    x[j]! /= factor[j]![j]!;
  }
  for (let j = size - 1; j >= 0; j -= 1) {
    for (let k = j + 1; k < size; k += 1) x[j]! -= factor[k]![j]! * x[k]!;
    x[j]! /= factor[j]![j]!;
  }
  return x;
}
