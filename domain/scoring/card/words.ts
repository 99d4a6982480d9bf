import type { Interval } from '../intervals.ts';
import type { Stage } from '../dataset-schema.ts';
import type { Window } from './card.ts';

/** What a figure of accuracy must never be told without. */
export interface AccuracyClaim {
  readonly accuracy: number;
  /** Share of the leads that are decided at all; null is unknown. */
  readonly coverage: number | null;
  readonly interval: Interval | null;
  readonly baseRate: number | null;
  readonly n: number;
  readonly window: Window;
  readonly stage: Stage;
}

/**
 * The only sentence in which an accuracy is told. Alone the figure means nothing: where 2 % buy, "nobody buys" is right 98 times in a
 * hundred.
 */
export function accuracyClaim({ accuracy, coverage, interval, ...frame }: AccuracyClaim): string {
  const share = `${percent(coverage)}${interval === null ? '' : ` (${percent(interval.low)} to ${percent(interval.high)})`}`;
  return `${percent(accuracy, 0)} accuracy at coverage ${share}: ${frameOf(frame)}`;
}

/** Base rate, n, window and stage of a figure, in one line. */
export function frameOf({
  baseRate,
  n,
  window,
  stage,
}: Omit<AccuracyClaim, 'accuracy' | 'coverage' | 'interval'>): string {
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
