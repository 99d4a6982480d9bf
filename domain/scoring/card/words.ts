import type { Interval } from '../judge/intervals.ts';
import type { Stage } from '../data/dataset-schema.ts';
import type { Window } from './card.ts';

/** What a figure of accuracy must never be told without. */
export interface AccuracyClaim {
  readonly accuracy: number;
  /** Share of the leads that are decided at all; null is unknown. */
  readonly coverage: number | null;
  readonly interval: Interval | null;
  readonly found: 'these' | 'other';
  /** Where the bar was found on other rows: the share of the decided ones that were decided rightly. */
  readonly right: number | null;
  readonly rightInterval: Interval | null;
  readonly baseRate: number | null;
  readonly n: number;
  readonly window: Window;
  readonly stage: Stage;
}

/**
 * The only sentence in which an accuracy is told. Alone the figure means nothing: where 2 % buy, "nobody buys" is right 98 times in a
 * hundred.
 */
export function accuracyClaim(claim: AccuracyClaim): string {
  const { accuracy, coverage, interval, found, right, rightInterval, ...frame } = claim;
  const share = withInterval(coverage, interval);
  const aim = percent(accuracy, 0);
  if (found === 'these') return `${aim} accuracy at coverage ${share}, found on these very rows: ${frameOf(frame)}`;
  const reached = right === null ? 'no row was sure enough' : `${withInterval(right, rightInterval)} of it right`;
  return `${aim} accuracy aimed at by a bar found on other rows: coverage ${share}, ${reached}: ${frameOf(frame)}`;
}

function withInterval(share: number | null, interval: Interval | null): string {
  return `${percent(share)}${interval === null ? '' : ` (${percent(interval.low)} to ${percent(interval.high)})`}`;
}

/** Base rate, n, window and stage of a figure, in one line. */
export function frameOf({
  baseRate,
  n,
  window,
  stage,
}: Pick<AccuracyClaim, 'baseRate' | 'n' | 'window' | 'stage'>): string {
  return `base rate ${percent(baseRate)}, n ${whole(n)}, window ${windowText(window)}, stage ${stage}`;
}

export function windowText(window: Window): string {
  return window === null ? 'undated' : `${window.from} to ${window.to}`;
}

export function percent(share: number | null, digits = 1): string {
  return share === null ? 'unknown' : `${(100 * share).toFixed(digits)} %`;
}

/** With commas between thousands. */
export function whole(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Three digits behind the point, or whole where the figure is large. */
export function plain(value: number | null): string {
  if (value === null) return 'undefined';
  return Math.abs(value) >= 1000 ? whole(Math.round(value)) : value.toFixed(3);
}

export function range(interval: Interval | null, text: (value: number) => string = plain): string {
  return interval === null ? 'unknown' : `${text(interval.low)} to ${text(interval.high)}`;
}
