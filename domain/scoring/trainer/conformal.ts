import { ascending } from '../judge/ranked.ts';

/** A distance, on the scale on which the model learns, within which the wanted share of values lay. On a logarithmic scale it is a factor in money. */
interface Widths {
  /** Of all rows; null when too few were seen for this share. */
  readonly width: number | null;
  /** Rows it was learnt from. */
  readonly n: number;
  /** By rising estimate, with a width each: the cheapest homes are often farther off than the middle. Empty where rows are too few. */
  readonly bands: readonly RangeBand[];
}

/** How far from its estimate a value may lie (split conformal), by rows that the model had not seen. */
export interface Ranges extends Widths {
  /** The share of values that the ranges are meant to cover. */
  readonly coverage: number;
  /** How far off it was, once, of what came after all that it had learned; null where the rows bear no time, or too few came after. */
  readonly later: LaterWidths | null;
}

interface LaterWidths extends Widths {
  /** The day of the last row of training, from which on these hold. */
  readonly after: number;
}

export interface RangeBand {
  /** The band holds estimates above the one before and up to this; null: without end. */
  readonly upTo: number | null;
  readonly width: number;
  readonly n: number;
}

/** So many rows make a band's width steadier than it is special: its coverage then is off by 1.3 points, give or take. */
export const bandFrom = 500;
const mostBands = 5;

/** So many later rows tell how far off a model will be of what comes; of fewer, one lucky month would be all that is known. */
export const laterFrom = 100;

/**
 * Learns widths from estimates that the model gave rows it was not trained on. A width is the ⌈(n + 1) × coverage⌉-th smallest distance,
 * which would cover at least that share of further rows of the same kind, were the errors those of the very model that is served. They come
 * from out-of-fold errors; the guarantee is approximate. It is one for rows of the same time: of later ones, see `withLater`.
 * @param actual    values, and
 * @param predicted estimates, on the scale on which the model learns
 * @see Lei, G'Sell, Rinaldo, Tibshirani, Wasserman: Distribution-Free Predictive Inference for Regression (2018), section 2.2
 */
export function fitRanges(actual: ArrayLike<number>, predicted: ArrayLike<number>, coverage = 0.9): Ranges {
  return { coverage, ...widthsOf(actual, predicted, coverage), later: null };
}

/**
 * The same ranges, and beside them widths for rows of a later time, learnt from the errors of a model that was made of the earlier rows
 * alone and asked of the later ones. In folds, rows of one month stand on both sides, so what the market will do is known there; in
 * service it is not. A later row gets the larger of both widths: a time in which values happened to stand still takes nothing away from
 * what the folds tell. What moves more than it did then is still not covered, and no rule made of the past can promise that.
 * @param after the day of the last row that the served model learns from
 * @see Barber, Candès, Ramdas, Tibshirani: Conformal Prediction Beyond Exchangeability (2023), on what drift does to such ranges
 */
export function withLater(
  ranges: Ranges,
  { actual, predicted, after }: { actual: ArrayLike<number>; predicted: ArrayLike<number>; after: number },
): Ranges {
  if (actual.length < laterFrom) return ranges;
  return { ...ranges, later: { after, ...widthsOf(actual, predicted, ranges.coverage) } };
}

/**
 * The range around an estimate, on the same scale; null when nothing is known of how far errors go.
 * @param day of the row, since 1970; absent or NaN: unknown, and whoever asks today asks of a later row than the model has seen
 */
export function rangeAround(
  ranges: Ranges,
  predicted: number,
  day = Number.NaN,
): { readonly low: number; readonly high: number } | null {
  const known = reachOf(ranges, predicted);
  const { later } = ranges;
  const ahead = later !== null && !(day <= later.after) ? reachOf(later, predicted) : null;
  const reach = known !== null && ahead !== null ? Math.max(known, ahead) : known;
  return reach === null ? null : { low: predicted - reach, high: predicted + reach };
}

function reachOf({ width, bands }: Widths, predicted: number): number | null {
  return bands.find(({ upTo }) => upTo === null || predicted <= upTo)?.width ?? width;
}

function widthsOf(actual: ArrayLike<number>, predicted: ArrayLike<number>, coverage: number): Widths {
  const n = actual.length;
  if (predicted.length !== n) throw new RangeError(`${n} values, but ${predicted.length} estimates`);
  const distances = Float64Array.from(predicted, (value, i) => Math.abs(value - actual[i]!));
  const bad = distances.findIndex((distance) => !Number.isFinite(distance));
  if (bad !== -1) throw new RangeError(`value or estimate ${bad} is no number`);
  return { width: widthOf(distances, coverage), n, bands: bandsOf(predicted, distances, coverage) };
}

/** Bands of equally many rows; equal estimates stay together. */
function bandsOf(predicted: ArrayLike<number>, distances: Float64Array, coverage: number): RangeBand[] {
  const n = distances.length;
  const count = Math.min(mostBands, Math.floor(n / bandFrom));
  if (count < 2) return [];
  const order = ascending(predicted);
  const edges = Array.from({ length: count - 1 }, (_, i) => predicted[order[Math.ceil(((i + 1) * n) / count) - 1]!]!);
  const upTos = [...new Set(edges.map(float32Above)), null];
  let lowest = -Infinity;
  return upTos.flatMap((upTo): RangeBand[] => {
    const inside = distances.filter((_, i) => predicted[i]! > lowest && predicted[i]! <= (upTo ?? Infinity));
    const width = widthOf(inside, coverage);
    lowest = upTo ?? Infinity;
    // Many equal estimates may leave next to nothing for a band: what falls there takes the width of the next.
    return width === null || inside.length < bandFrom / 2 ? [] : [{ upTo, width, n: inside.length }];
  });
}

function widthOf(distances: Float64Array, coverage: number): number | null {
  const rank = Math.ceil((distances.length + 1) * coverage - 1e-9);
  if (rank > distances.length) return null;
  return float32Above(distances.slice().sort()[rank - 1]!);
}

/** The nearest float32 number that is not below. */
function float32Above(value: number): number {
  return Math.fround(value) >= value ? Math.fround(value) : Math.fround(value + Math.abs(value) * 2 ** -23);
}
