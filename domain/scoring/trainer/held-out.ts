import { calibrated, fitCalibrator } from './calibrate.ts';
import { fitRanges } from './conformal.ts';
import { type Part, picked, spread } from './parts.ts';
import { rangeOf, type Task, valueOf } from './task.ts';

/** By row of the training table: what a model trained on the other folds said. */
export interface HeldOut {
  readonly folds: Uint8Array;
  /** 0 or 1, or the value. */
  readonly labels: Float64Array;
  readonly weights: Float32Array | undefined;
  readonly groups: readonly (string | null)[] | undefined;
  /** Probability, or value. */
  readonly said: Float64Array;
  /** Ends of the 90 % range of a value; NaN where nothing is known of it. */
  readonly low: Float64Array | null;
  readonly high: Float64Array | null;
  /** What the baseline said: of trees and logistic regression the one that does not speak, or for values their median. */
  readonly baseline: Float64Array;
}

/** Rows that were judged by models that had not seen them. */
export interface Judged {
  readonly task: Task;
  /** The fold of each row, and */
  readonly folds: Uint8Array;
  /** of each fold its rows, and those that its model learned from. */
  readonly parts: readonly Part[];
  /** What was said of each row. */
  readonly margins: Float64Array;
}

/** Probabilities that belong to margins of rows unseen: each row's calibration is learnt from the other folds. */
export function heldChances({ task, folds, parts, margins }: Judged): Float64Array {
  return spread(parts, margins.length, (part, fold) => {
    const known = othersOf(folds, fold);
    const weights = task.weights && picked(task.weights, known);
    const fitted = fitCalibrator(
      known.map((row) => margins[row]!),
      picked(task.target, known),
      weights,
    );
    return part.heldRows.map((row) => calibrated(fitted, margins[row]!));
  });
}

/** Values and their ranges: each row's width is learnt from the other folds, among which are rows of its own time. */
export function heldValues({ task, folds, parts, margins }: Judged): HeldOut {
  const { labels, weights, groups, transform } = task;
  const rows = margins.length;
  const ranges = parts.map((_, fold) => {
    const known = othersOf(folds, fold);
    return fitRanges(
      picked(task.target, known),
      known.map((row) => margins[row]!),
    );
  });
  const end = (which: 'low' | 'high'): Float64Array =>
    spread(parts, rows, (part, fold) =>
      part.heldRows.map((row) => rangeOf(ranges[fold]!, margins[row]!, transform)?.[which] ?? Number.NaN),
    );
  const baseline = spread(parts, rows, (part) => {
    const middle = part.target.slice().sort()[part.target.length >> 1]!;
    return part.heldRows.map(() => valueOf(middle, transform));
  });
  const said = margins.map((margin) => valueOf(margin, transform));
  return { folds, labels, weights, groups, said, low: end('low'), high: end('high'), baseline };
}

function othersOf(folds: Uint8Array, fold: number): number[] {
  const others: number[] = [];
  folds.forEach((of, row) => {
    if (of !== fold) others.push(row);
  });
  return others;
}
