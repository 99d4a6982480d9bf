import { auditLevels, frequentLevels } from '../judge/audit-levels.ts';
import type { DrawOptions, Interval } from '../judge/intervals.ts';
import { classifyIntervals, classifyMetrics } from '../judge/metrics.ts';
import { reliability } from '../judge/reliability.ts';
import { barsOf, judgeBars, selectiveUnseen, type Bar } from '../judge/selective.ts';
import type { RawColumn } from '../data/table.ts';
import type { Groups } from '../trainer/groups.ts';
import { valueIntervals, valueMetrics, type EstimatedValues } from '../judge/value-metrics.ts';
import type { Evaluation, Window } from './card.ts';

/** What an evaluation on the card needs beside labels and answers. */
export interface Judged {
  readonly method: string;
  readonly window: Window;
  readonly seed: number;
  readonly groups?: Groups | undefined;
  /** How much each row counts; absent: all the same. */
  readonly weights?: ArrayLike<number> | undefined;
  /** How sure a row must be to be decided, by target of accuracy, as it was found on other rows than these. */
  readonly bars?: readonly Bar[] | undefined;
  /** The fold of each row, for the spread of figures between folds. */
  readonly folds?: ArrayLike<number> | undefined;
  /** Columns whose levels are judged apart. */
  readonly sliceBy?: Readonly<Record<string, RawColumn>> | undefined;
}

/** At most so many levels of a column are judged apart. */
const mostSlices = 10;
const sliceDraws = 100;

type Figures = Readonly<Record<string, number | null>>;
type Intervals = Readonly<Record<string, Interval | null>>;

/** Of probabilities that a model gave to rows it had not seen. */
export function classifyEvaluation(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  judged: Judged,
): Evaluation {
  const { weights, groups } = judged;
  const figures = (rows: Uint32Array | null): Figures & { readonly n: number } => {
    const own = weights && picked(weights, rows);
    const { selective: _, ...plain } = classifyMetrics(picked(labels, rows), picked(probabilities, rows), own);
    return plain;
  };
  const { n, baseRate } = classifyMetrics(labels, probabilities, weights);
  const { selective: coverages, ...drawn } = classifyIntervals(labels, probabilities, drawOptions(judged));
  return {
    method: judged.method,
    window: judged.window,
    n,
    baseRate,
    figures: figuresOf(figures, drawn, judged),
    selective: selectiveOf(labels, probabilities, judged, coverages),
    reliability: [...reliability(labels, probabilities, { weights, groups })],
    slices: slicesOf(judged, ['baseRate', 'auc', 'logLoss', 'ece'], figures, (rows, options) => {
      const { selective: __, ...plain } = classifyIntervals(picked(labels, rows), picked(probabilities, rows), options);
      return plain;
    }),
  };
}

/**
 * With folds each row is judged by bars found on the others. Else the coverage is that of bars found on these very rows, and beside it stands
 * what given ones do.
 */
function selectiveOf(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  judged: Judged,
  coverages: ReturnType<typeof classifyIntervals>['selective'],
): Evaluation['selective'] {
  const { weights, folds, bars } = judged;
  const own = barsOf(labels, probabilities, weights);
  const options = drawOptions(judged);
  if (folds !== undefined) {
    const unseen = selectiveUnseen(labels, probabilities, folds, options);
    return unseen.map((one, i) => ({ ...one, found: 'other', bar: own[i]! }));
  }
  const here = classifyMetrics(labels, probabilities, weights).selective.map(({ accuracy, coverage }, i) => {
    const interval = coverages[i]?.coverage ?? null;
    return { accuracy, coverage, interval, found: 'these', right: null, rightInterval: null, bar: own[i]! } as const;
  });
  const given = bars === undefined ? [] : judgeBars(labels, probabilities, (_, target) => bars[target]!, options);
  return [...here, ...given.map((one, i) => ({ ...one, found: 'other', bar: bars![i]! }) as const)];
}

/** Of estimates, and their ranges, that a model gave to rows it had not seen. */
export function valueEvaluation(values: EstimatedValues, judged: Judged): Evaluation {
  const of = (rows: Uint32Array | null): EstimatedValues => ({
    actual: picked(values.actual, rows),
    predicted: picked(values.predicted, rows),
    low: values.low && picked(values.low, rows),
    high: values.high && picked(values.high, rows),
  });
  const figures = (rows: Uint32Array | null): Figures & { readonly n: number } => {
    const { actual, predicted, low, high } = of(rows);
    return { ...valueMetrics(actual, predicted, low, high, judged.weights && picked(judged.weights, rows)) };
  };
  return {
    method: judged.method,
    window: judged.window,
    n: values.actual.length,
    baseRate: null,
    figures: figuresOf(figures, valueIntervals(values, drawOptions(judged)), judged),
    selective: [],
    reliability: [],
    slices: slicesOf(judged, ['mdape', 'within10', 'coverage90'], figures, (rows, options) =>
      valueIntervals(of(rows), options),
    ),
  };
}

function drawOptions({ seed, groups, weights }: Judged): DrawOptions {
  return { seed, groups, weights };
}

function picked(values: ArrayLike<number>, rows: Uint32Array | null): ArrayLike<number> {
  return rows === null ? values : Float64Array.from(rows, (row) => values[row]!);
}

function figuresOf(
  figures: (rows: Uint32Array | null) => Figures,
  drawn: Intervals,
  { folds }: Judged,
): Evaluation['figures'] {
  const byFold = folds === undefined ? [] : rowsByFold(folds).map((rows) => figures(rows));
  return Object.entries(figures(null))
    .filter(([name]) => name !== 'n')
    .map(([name, value]) => ({
      name,
      value,
      interval: drawn[name] ?? null,
      spread: deviation(byFold.map((fold) => fold[name] ?? null)),
    }));
}

function rowsByFold(folds: ArrayLike<number>): Uint32Array[] {
  const numbers = Uint32Array.from({ length: folds.length }, (_, row) => row);
  return [...new Set(Array.from(folds))]
    .sort((a, b) => a - b)
    .map((fold) => numbers.filter((row) => folds[row] === fold));
}

/** Sample standard deviation; null where a fold does not define the figure, or there are no two of them. */
function deviation(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length < 2 || known.length < values.length) return null;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (known.length - 1));
}

function slicesOf(
  { sliceBy, seed, groups, weights }: Judged,
  names: readonly string[],
  figures: (rows: Uint32Array) => Figures & { readonly n: number },
  drawn: (rows: Uint32Array, options: DrawOptions) => Intervals,
): Evaluation['slices'] {
  return Object.entries(sliceBy ?? {}).flatMap(([column, raw]) => {
    const levels = auditLevels(raw);
    return frequentLevels(levels, mostSlices).map((level) => {
      const rows = Uint32Array.from(levels.keys()).filter((row) => levels[row] === level);
      const { n, ...values } = figures(rows);
      const own = {
        groups: groups && Array.from(rows, (row) => groups[row] ?? null),
        weights: weights && picked(weights, rows),
      };
      const found = drawn(rows, { seed, draws: sliceDraws, ...own });
      const chosen = names.map((name) => ({ name, value: values[name] ?? null, interval: found[name] ?? null }));
      return { column, level, n, figures: chosen };
    });
  });
}
