import { checkedWeights } from './evidence.ts';
import { solve } from './solve.ts';
import type { Columns } from './tree-model.ts';

/** Logistic regression: margin (log-odds) = intercept + Σ terms. Plain JSON. */
export interface LogisticModel {
  readonly intercept: number;
  /** One per column, in their order. */
  readonly terms: readonly LogisticTerm[];
}

/** Adds weight × (x − mean) / scale, or `missing` where x is absent. */
export interface LogisticTerm {
  readonly mean: number;
  readonly scale: number;
  readonly weight: number;
  readonly missing: number;
}

export interface LogisticOptions {
  /** Penalty l2 / 2 × Σ weight² on standardised columns, beside the summed log loss. Above 0: it keeps separable data bounded. */
  readonly l2: number;
  readonly weights?: ArrayLike<number>;
}

/**
 * Fits by Newton's method (iteratively reweighted least squares). A column that does not vary weighs nothing; one with gaps gets a second
 * term for being absent; what is not finite is absent. Labels of one class only say nothing about columns: the model then is the
 * base rate alone, (positives + ½) / (rows + 1). Same input, same numbers.
 */
export function fitLogistic(columns: Columns, labels: ArrayLike<number>, options: LogisticOptions): LogisticModel {
  if (!(options.l2 > 0)) throw new RangeError('l2 must be above 0: without it separable data has no bounded fit');
  const rows = labels.length;
  for (const column of columns) {
    if (column.length !== rows) throw new RangeError(`${rows} labels, but a column of ${column.length}`);
  }
  const weights = checkedWeights(rows, labels, options.weights);
  const all = sumOf(weights);
  const positives = weights.reduce((sum, weight, i) => sum + weight * labels[i]!, 0);
  const shapes = columns.map((column) => shapeOf(column, weights));
  if (positives === 0 || positives === all) {
    const terms = shapes.map(({ mean, scale }) => ({ mean, scale, weight: 0, missing: 0 }));
    return { intercept: Math.log((positives + 0.5) / (all - positives + 0.5)), terms };
  }
  const design = shapes.flatMap((shape, i) => designOf(columns[i]!, shape));
  const solution = newton(design, labels, weights, options.l2, Math.log(positives / (all - positives)));
  return modelFrom(shapes, solution);
}

/** Log-odds per row. */
export function logisticMargins(model: LogisticModel, columns: Columns): Float64Array {
  if (columns.length !== model.terms.length) {
    throw new RangeError(`the model has ${model.terms.length} columns, but ${columns.length} came`);
  }
  const margins = new Float64Array(columns[0]?.length ?? 0).fill(model.intercept);
  model.terms.forEach(({ mean, scale, weight, missing }, at) => {
    const column = columns[at]!;
    if (column.length !== margins.length) throw new RangeError('the columns differ in length');
    for (let i = 0; i < margins.length; i += 1) {
      const value = column[i]!;
      margins[i]! += Number.isFinite(value) ? (weight * (value - mean)) / scale : missing;
    }
  });
  return margins;
}

interface Shape {
  readonly mean: number;
  readonly scale: number;
  /** Whether the present values differ. */
  readonly varies: boolean;
  /** Share of weight without a value; the absence is a term of its own where it is neither 0 nor 1. */
  readonly absent: number;
}

function shapeOf(column: Float32Array, weights: Float64Array): Shape {
  let all = 0;
  let present = 0;
  let sum = 0;
  for (let i = 0; i < column.length; i += 1) {
    all += weights[i]!;
    if (!Number.isFinite(column[i]) || weights[i] === 0) continue;
    present += weights[i]!;
    sum += weights[i]! * column[i]!;
  }
  const mean = present > 0 ? sum / present : 0;
  let squares = 0;
  let largest = 0;
  for (let i = 0; i < column.length; i += 1) {
    if (!Number.isFinite(column[i]) || weights[i] === 0) continue;
    squares += weights[i]! * (column[i]! - mean) ** 2;
    largest = Math.max(largest, Math.abs(column[i]!));
  }
  const scale = present > 0 ? Math.sqrt(squares / present) : 0;
  // Rounding alone makes a constant column vary in its last bits.
  const varies = scale > 1e-9 * largest;
  return { mean, scale: varies ? scale : 1, varies, absent: (all - present) / all };
}

/** The standardised column and its standardised absence, where there is something in them. */
function designOf(column: Float32Array, { mean, scale, varies, absent }: Shape): Float64Array[] {
  const terms: Float64Array[] = [];
  if (varies) {
    terms.push(Float64Array.from(column, (value) => (Number.isFinite(value) ? (value - mean) / scale : 0)));
  }
  if (gaps(absent)) {
    const spread = Math.sqrt(absent * (1 - absent));
    terms.push(Float64Array.from(column, (value) => ((Number.isFinite(value) ? 0 : 1) - absent) / spread));
  }
  return terms;
}

function gaps(absent: number): boolean {
  return absent > 1e-9 && absent < 1 - 1e-9;
}

/** The coefficients, intercept last, that make penalised log loss least. Steps are halved until they help. */
function newton(
  design: readonly Float64Array[],
  labels: ArrayLike<number>,
  weights: Float64Array,
  l2: number,
  start: number,
): Float64Array {
  const size = design.length + 1;
  const terms = [...design, new Float64Array(labels.length).fill(1)];
  let solution = new Float64Array(size);
  solution[size - 1] = start;
  let loss = lossOf(terms, solution, labels, weights, l2);
  for (let round = 0; round < 100; round += 1) {
    const { gradient, curvature } = slopes(terms, solution, labels, weights, l2);
    const step = solve(curvature, gradient);
    const promised = step.reduce((sum, value, j) => sum + value * gradient[j]!, 0);
    if (promised <= 1e-12 * (1 + loss)) break;
    let share = 1;
    let next = solution;
    let better = loss;
    for (; share > 1e-6; share /= 2) {
      next = solution.map((value, j) => value - share * step[j]!);
      better = lossOf(terms, next, labels, weights, l2);
      if (better < loss) break;
    }
    if (!(better < loss)) break;
    solution = next;
    loss = better;
  }
  return solution;
}

function marginsOf(terms: readonly Float64Array[], solution: Float64Array, rows: number): Float64Array {
  const margins = new Float64Array(rows);
  terms.forEach((term, j) => {
    const weight = solution[j]!;
    for (let i = 0; i < rows; i += 1) margins[i]! += weight * term[i]!;
  });
  return margins;
}

function lossOf(
  terms: readonly Float64Array[],
  solution: Float64Array,
  labels: ArrayLike<number>,
  weights: Float64Array,
  l2: number,
): number {
  const margins = marginsOf(terms, solution, weights.length);
  let loss = 0;
  for (let i = 0; i < weights.length; i += 1) {
    const margin = labels[i] === 1 ? margins[i]! : -margins[i]!;
    // log(1 + e^−m) without overflow.
    loss += weights[i]! * (Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin))));
  }
  for (let j = 0; j < terms.length - 1; j += 1) loss += (l2 / 2) * solution[j]! ** 2;
  return loss;
}

function slopes(
  terms: readonly Float64Array[],
  solution: Float64Array,
  labels: ArrayLike<number>,
  weights: Float64Array,
  l2: number,
): { readonly gradient: Float64Array; readonly curvature: readonly Float64Array[] } {
  const rows = weights.length;
  const size = terms.length;
  const margins = marginsOf(terms, solution, rows);
  const errors = new Float64Array(rows);
  const bends = new Float64Array(rows);
  for (let i = 0; i < rows; i += 1) {
    const probability = 1 / (1 + Math.exp(-margins[i]!));
    errors[i] = weights[i]! * (probability - labels[i]!);
    bends[i] = weights[i]! * Math.max(1e-12, probability * (1 - probability));
  }
  const gradient = new Float64Array(size);
  const curvature = terms.map(() => new Float64Array(size));
  const bent = new Float64Array(rows);
  for (let j = 0; j < size; j += 1) {
    const penalty = j < size - 1 ? l2 : 0;
    gradient[j] = dot(terms[j]!, errors) + penalty * solution[j]!;
    for (let i = 0; i < rows; i += 1) bent[i] = terms[j]![i]! * bends[i]!;
    for (let k = 0; k <= j; k += 1) curvature[j]![k] = dot(bent, terms[k]!) + (k === j ? penalty : 0);
  }
  return { gradient, curvature };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!;
  return sum;
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Back from standardised absences to `missing` per column; what present rows share of them goes into the intercept. */
function modelFrom(shapes: readonly Shape[], solution: Float64Array): LogisticModel {
  let at = 0;
  let intercept = solution[solution.length - 1]!;
  const terms = shapes.map(({ mean, scale, varies, absent }): LogisticTerm => {
    const weight = varies ? solution[at++]! : 0;
    if (!gaps(absent)) return { mean, scale, weight, missing: 0 };
    const coefficient = solution[at++]!;
    const spread = Math.sqrt(absent * (1 - absent));
    intercept -= (coefficient * absent) / spread;
    return { mean, scale, weight, missing: coefficient / spread };
  });
  return { intercept, terms };
}
