import { auditLevels, fewestRows, frequentLevels } from './audit-levels.ts';
import { classifyIntervals, classifyMetrics } from './metrics.ts';
import type { Interval } from './intervals.ts';
import type { RawColumn } from '../data/table.ts';
import { trainTrees } from '../trainer/boost.ts';
import { groupedFolds } from '../trainer/folds.ts';
import type { Groups } from '../trainer/groups.ts';
import { predictMargins } from '../trainer/predict.ts';
import { defaultOptions } from '../trainer/train-options.ts';
import type { Columns } from '../trainer/tree-model.ts';

/** Above this the features of a model say too much about what they must not say. */
export const proxyAlarm = 0.65;

/** How well the features that a model may use tell a column that it must not use. */
export interface ProxyTest {
  readonly column: string;
  /** One level against all others, the best told first. */
  readonly levels: readonly ProxyLevel[];
  /** Of the level that is told best; null when no level has rows enough. */
  readonly auc: number | null;
  readonly verdict: 'clear' | 'alarm' | 'unknown';
}

export interface ProxyLevel {
  readonly level: string;
  /** Rows that belong to the level. */
  readonly n: number;
  readonly auc: number;
  readonly interval: Interval | null;
}

export interface ProxyOptions {
  readonly seed: number;
  readonly groups?: Groups | undefined;
  /** How much each row counts; absent: all the same. */
  readonly weights?: ArrayLike<number> | undefined;
}

/** At most so many levels are tried, the largest. */
const mostLevels = 8;
const folds = 3;
/** Small trees: whether anything is told is asked, not the last digit. */
const learner = { trees: 40, leaves: 15, learningRate: 0.1 } as const;

/**
 * Removing a column is not enough: others may stand for it. Each level of the barred column is predicted from the model's own columns by
 * trees that have not seen the row, and the best AUC counts. Rows in which the barred column is unknown are left out.
 */
export function proxyTest(column: string, barred: RawColumn, columns: Columns, options: ProxyOptions): ProxyTest {
  const all = auditLevels(barred);
  for (const one of columns) if (one.length !== all.length) throw new RangeError('columns differ in length');
  const rows = Uint32Array.from(all.keys()).filter((row) => all[row] !== null);
  const known = columns.map((one) => Float32Array.from(rows, (row) => one[row]!));
  const { groups, weights } = options;
  const own = {
    seed: options.seed,
    groups: groups && Array.from(rows, (row) => groups[row] ?? null),
    weights: weights && Float32Array.from(rows, (row) => weights[row]!),
  };
  const levels = frequentLevels(all, mostLevels).flatMap((level): ProxyLevel[] => {
    const labels = Float32Array.from(rows, (row) => (all[row] === level ? 1 : 0));
    const n = labels.reduce((sum, label) => sum + label, 0);
    if (rows.length - n < fewestRows) return [];
    const margins = unseenMargins(known, labels, own);
    const chances = margins.map((margin) => 1 / (1 + Math.exp(-margin)));
    const auc = classifyMetrics(labels, chances, own.weights).auc!;
    const { auc: interval } = classifyIntervals(labels, chances, own);
    return [{ level, n, auc, interval }];
  });
  const told = levels.sort((a, b) => b.auc - a.auc);
  const auc = told[0]?.auc ?? null;
  return { column, levels: told, auc, verdict: auc === null ? 'unknown' : auc > proxyAlarm ? 'alarm' : 'clear' };
}

/** Each row's margin by a model that was fitted on the other folds. */
function unseenMargins(columns: Columns, labels: Float32Array, { seed, groups, weights }: ProxyOptions): Float64Array {
  const foldOf = groupedFolds(labels, { folds, seed, groups });
  const margins = new Float64Array(labels.length);
  for (let fold = 0; fold < folds; fold += 1) {
    const rows = Uint32Array.from(foldOf.keys());
    const train = rows.filter((row) => foldOf[row] !== fold);
    const test = rows.filter((row) => foldOf[row] === fold);
    const pick = (from: Uint32Array): Columns =>
      columns.map((column) => Float32Array.from(from, (row) => column[row]!));
    const model = trainTrees(
      pick(train),
      Float32Array.from(train, (row) => labels[row]!),
      {
        ...defaultOptions('logistic'),
        ...learner,
        seed,
        ...(weights && { weights: Float32Array.from(train, (row) => weights[row]!) }),
      },
    );
    predictMargins(model, pick(test)).forEach((margin, i) => {
      margins[test[i]!] = margin;
    });
  }
  return margins;
}
