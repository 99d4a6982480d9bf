import { intervals, type DrawOptions, type Interval } from './intervals.ts';
import { rankRows, weightsInOrder, type Ranked } from './ranked.ts';
import { calibrationError } from './reliability.ts';
import { coverageAt, selectiveTargets } from './selective.ts';

/**
 * How good probabilities are, all as shares of one. A figure that the rows do not define (no rows, one class only) is null.
 * `auc` counts ties half; `averagePrecision` takes tied rows together; `logLoss` is in nats; `ece` uses ten equally wide bins;
 * `liftTopDecile` is the share of positives in the top tenth by that of all; `accuracy` decides yes from even odds up.
 */
export interface ClassifyMetrics {
  readonly n: number;
  readonly auc: number | null;
  readonly averagePrecision: number | null;
  readonly logLoss: number | null;
  readonly brier: number | null;
  readonly ece: number | null;
  readonly liftTopDecile: number | null;
  readonly accuracy: number | null;
  readonly baseRate: number | null;
  readonly selective: readonly SelectiveAccuracy[];
}

/** On the share `coverage` of the rows, the surest, decisions are right with at least this accuracy; on the others it abstains. */
export interface SelectiveAccuracy {
  readonly accuracy: number;
  readonly coverage: number | null;
}

export type ClassifyIntervals = {
  readonly [Name in Exclude<keyof ClassifyMetrics, 'n' | 'selective'>]: Interval | null;
} & { readonly selective: readonly { readonly accuracy: number; readonly coverage: Interval | null }[] };

/** Of labels (0 or 1) and probabilities, row by row; weights count rows as often as they say. */
export function classifyMetrics(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  weights?: ArrayLike<number>,
): ClassifyMetrics {
  const ranked = rankRows(labels, probabilities);
  const inOrder = weightsInOrder(ranked, weights);
  const coverages = coverageAt(ranked, inOrder, selectiveTargets);
  return {
    n: ranked.n,
    ...plainFigures(ranked, inOrder),
    selective: selectiveTargets.map((accuracy, i) => ({ accuracy, coverage: coverages[i]! })),
  };
}

/**
 * 95 % bootstrap intervals of the same figures: rows are sorted once, each draw is a set of weights. `ece` has none: it is a sum of distances, so
 * it is larger in nearly every draw than in the rows, and in the rows than in truth; an interval of the draws would never hold a truth of 0.
 */
export function classifyIntervals(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  options: DrawOptions,
): ClassifyIntervals {
  const ranked = rankRows(labels, probabilities);
  const { coverage98, coverage95, ...plain } = intervals(
    ranked.n,
    (weights) => {
      const inOrder = weightsInOrder(ranked, weights);
      const [at98 = null, at95 = null] = coverageAt(ranked, inOrder, selectiveTargets);
      return { ...plainFigures(ranked, inOrder), coverage98: at98, coverage95: at95 };
    },
    options,
  );
  const [most, more] = selectiveTargets;
  const selective = [
    { accuracy: most, coverage: coverage98 },
    { accuracy: more, coverage: coverage95 },
  ];
  return { ...plain, ece: null, selective };
}

type PlainFigures = Omit<ClassifyMetrics, 'n' | 'selective'>;

function plainFigures(ranked: Ranked, weights: Float64Array): PlainFigures {
  const { logLoss, brier, accuracy, baseRate } = meanFigures(ranked, weights);
  return {
    auc: areaUnderRoc(ranked, weights),
    averagePrecision: averagePrecisionOf(ranked, weights),
    logLoss,
    brier,
    ece: calibrationError(ranked, weights),
    liftTopDecile: liftOf(ranked, weights, 0.1),
    accuracy,
    baseRate,
  };
}

/** A probability of exactly 0 or 1 that proves wrong costs 34.5 nats, not infinitely many. */
const leastProbability = 1e-15;

function meanFigures({ n, probabilities, labels }: Ranked, weights: Float64Array) {
  let all = 0;
  let losses = 0;
  let brier = 0;
  let right = 0;
  let positives = 0;
  for (let i = 0; i < n; i += 1) {
    const weight = weights[i]!;
    if (weight === 0) continue;
    const probability = probabilities[i]!;
    const label = labels[i]!;
    all += weight;
    losses -= weight * Math.log(Math.max(leastProbability, label === 1 ? probability : 1 - probability));
    brier += weight * (probability - label) ** 2;
    if ((probability >= 0.5 ? 1 : 0) === label) right += weight;
    positives += weight * label;
  }
  const mean = (sum: number): number | null => (all > 0 ? sum / all : null);
  return { logLoss: mean(losses), brier: mean(brier), accuracy: mean(right), baseRate: mean(positives) };
}

/** The chance that a positive stands above a negative; a tie counts half. */
function areaUnderRoc({ n, labels, tieEnds }: Ranked, weights: Float64Array): number | null {
  let below = 0;
  let won = 0;
  let positives = 0;
  let tiedPositives = 0;
  let tiedNegatives = 0;
  for (let i = 0; i < n; i += 1) {
    if (labels[i] === 1) tiedPositives += weights[i]!;
    else tiedNegatives += weights[i]!;
    if (tieEnds[i] === 0) continue;
    won += tiedPositives * (below + tiedNegatives / 2);
    below += tiedNegatives;
    positives += tiedPositives;
    tiedPositives = 0;
    tiedNegatives = 0;
  }
  return positives > 0 && below > 0 ? won / (positives * below) : null;
}

/** Σ (recall gained × precision) down the list, a group of ties at a time. */
function averagePrecisionOf({ n, labels, tieEnds }: Ranked, weights: Float64Array): number | null {
  let taken = 0;
  let found = 0;
  let sum = 0;
  let tied = 0;
  let tiedPositives = 0;
  for (let i = n - 1; i >= 0; i -= 1) {
    tied += weights[i]!;
    if (labels[i] === 1) tiedPositives += weights[i]!;
    if (i > 0 && tieEnds[i - 1] === 0) continue;
    taken += tied;
    found += tiedPositives;
    if (tiedPositives > 0) sum += (tiedPositives * found) / taken;
    tied = 0;
    tiedPositives = 0;
  }
  return found > 0 ? sum / found : null;
}

/** Positives among the top share, by those among all; of rows that tie at its edge the part that fits, at their mean. */
function liftOf({ n, labels, tieEnds }: Ranked, weights: Float64Array, share: number): number | null {
  let all = 0;
  let positives = 0;
  for (let i = 0; i < n; i += 1) {
    all += weights[i]!;
    if (labels[i] === 1) positives += weights[i]!;
  }
  if (positives === 0) return null;
  const room = share * all;
  let taken = 0;
  let found = 0;
  let tied = 0;
  let tiedPositives = 0;
  for (let i = n - 1; i >= 0 && taken < room; i -= 1) {
    tied += weights[i]!;
    if (labels[i] === 1) tiedPositives += weights[i]!;
    if (i > 0 && tieEnds[i - 1] === 0) continue;
    const fits = tied > 0 ? Math.min(1, (room - taken) / tied) : 0;
    taken += fits * tied;
    found += fits * tiedPositives;
    tied = 0;
    tiedPositives = 0;
  }
  return found / room / (positives / all);
}
