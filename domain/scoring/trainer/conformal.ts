/**
 * How far from its estimate a value may lie (split conformal): a distance, on the scale on which the model learns, within which the wanted
 * share of values lay for rows that the model had not seen. On a logarithmic scale it is a factor in money.
 */
export interface Ranges {
  /** The share of values that the ranges are meant to cover. */
  readonly coverage: number;
  /** null when too few rows were seen for this share. */
  readonly width: number | null;
  /** Rows it was learnt from. */
  readonly n: number;
  /** Segments with evidence enough for a width of their own. */
  readonly segments: Readonly<Record<string, { readonly width: number; readonly n: number }>>;
}

/** So many rows of its own make a segment's width steadier than it is special: the 90 % point then lies within about two points. */
export const segmentFrom = 500;

export interface RangeOptions {
  /** Default 0.9. */
  readonly coverage?: number;
  /** Per row the part of the market it belongs to; null is none. */
  readonly segments?: readonly (string | null)[];
}

/**
 * Learns widths from estimates that the model gave rows it was not trained on. The width is the ⌈(n + 1) × coverage⌉-th smallest distance,
 * which covers at least that share of further rows of the same kind, whatever the errors look like.
 * @param actual    values, and
 * @param predicted estimates, on the scale on which the model learns
 * @see Lei, G'Sell, Rinaldo, Tibshirani, Wasserman: Distribution-Free Predictive Inference for Regression (2018), section 2.2
 */
export function fitRanges(actual: ArrayLike<number>, predicted: ArrayLike<number>, options: RangeOptions = {}): Ranges {
  const { coverage = 0.9, segments } = options;
  const n = actual.length;
  for (const column of [predicted, segments]) {
    if (column !== undefined && column.length !== n) throw new RangeError(`${n} values, but ${column.length} beside`);
  }
  const distances = Float64Array.from(predicted, (value, i) => Math.abs(value - actual[i]!));
  const bad = distances.findIndex((distance) => !Number.isFinite(distance));
  if (bad !== -1) throw new RangeError(`value or estimate ${bad} is no number`);
  const bySegment = new Map<string, number[]>();
  segments?.forEach((segment, i) => {
    if (segment === null) return;
    const known = bySegment.get(segment);
    if (known) known.push(distances[i]!);
    else bySegment.set(segment, [distances[i]!]);
  });
  const own = [...bySegment]
    .filter(([, found]) => found.length >= segmentFrom)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([segment, found]) => [segment, { width: widthOf(Float64Array.from(found), coverage)!, n: found.length }]);
  return { coverage, width: widthOf(distances, coverage), n, segments: Object.fromEntries(own) as Ranges['segments'] };
}

/** The range around the logarithm of an estimate, in the value's own unit; null when nothing is known of how far errors go. */
export function rangeAround(
  ranges: Ranges,
  logPredicted: number,
  segment: string | null = null,
): { readonly low: number; readonly high: number } | null {
  const own = segment !== null && Object.hasOwn(ranges.segments, segment) ? ranges.segments[segment]!.width : null;
  const width = own ?? ranges.width;
  if (width === null) return null;
  return { low: Math.exp(logPredicted - width), high: Math.exp(logPredicted + width) };
}

/** A float32 number, rounded up. */
function widthOf(distances: Float64Array, coverage: number): number | null {
  const rank = Math.ceil((distances.length + 1) * coverage - 1e-9);
  if (rank > distances.length) return null;
  const width = distances.slice().sort()[rank - 1]!;
  return Math.fround(width) >= width ? Math.fround(width) : Math.fround(width * (1 + 2 ** -23));
}
