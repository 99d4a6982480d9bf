import type { DatasetSchema, RefusedFeature } from '../data/dataset-schema.ts';
import { classifyMetrics } from '../judge/metrics.ts';
import { proxyTest } from '../judge/proxy-test.ts';
import { weightsOf } from '../judge/intervals.ts';
import { ascending } from '../judge/ranked.ts';
import { logistic } from '../scorecard.ts';
import { selectionRates } from '../judge/selection-rates.ts';
import type { Table } from '../data/table.ts';
import { fitEncoder } from '../trainer/encode.ts';
import { groupedFolds } from '../trainer/folds.ts';
import { taskOf, valueOf, type Task } from '../trainer/task.ts';
import { unseenMargins } from '../trainer/unseen.ts';
import { valueMetrics } from '../judge/value-metrics.ts';
import type { Card } from './card.ts';

/** A team works about the best fifth of its leads at once: who is in it is compared between groups. */
const workedShare = 0.2;
const folds = 3;

/**
 * What a model's schema leaves out, measured: how much better figures would look with each refused column, and, of the sensitive ones and
 * those of `audit`, how well the admitted features tell them and how often each group is put on top. The table holds all these columns.
 * @throws AppError DATASET_UNUSABLE when the rows are too few to compare anything
 */
export function auditOf(
  table: Table,
  schema: DatasetSchema,
  refused: readonly RefusedFeature[],
  seed: number,
): Pick<Card, 'refused' | 'fairness'> {
  const task = taskOf(table, schema, folds);
  const honest = unseenMargins(table, schema, task, seed);
  const without = figureOf(task, honest);
  const leaks = refused.map(({ feature, why }) => {
    const more = { ...schema, features: [...schema.features, feature] };
    const won = figureOf(task, unseenMargins(table, more, task, seed));
    return { name: feature.name, why, won: { figure: without.name, without: without.value, with: won.value } };
  });
  const barred = [...refused.map(({ feature }) => feature).filter((one) => one.sensitive), ...(schema.audit ?? [])];
  const sensitive = barred.map(({ name }) => name);
  return { refused: leaks, fairness: fairnessOf(table, schema, task, honest, sensitive, seed) };
}

function fairnessOf(
  table: Table,
  schema: DatasetSchema,
  task: Task,
  margins: Float64Array,
  sensitive: readonly string[],
  seed: number,
): Card['fairness'] {
  if (sensitive.length === 0) return { proxies: [], selection: [] };
  const foldOf = groupedFolds(task.target, { folds, seed, groups: task.groups });
  const { columns } = fitEncoder(table, schema, task.target, { folds: foldOf });
  const options = { seed, groups: task.groups, weights: task.weights };
  const selected = bestOf(margins, workedShare, weightsOf(task.weights, margins.length));
  return {
    proxies: sensitive.map((name) => {
      const { levels, ...found } = proxyTest(name, table.columns[name]!, columns, options);
      return { ...found, levels: [...levels] };
    }),
    selection: sensitive.map((name) => {
      const { groups, ...found } = selectionRates(name, table.columns[name]!, selected, options);
      return { ...found, groups: [...groups] };
    }),
  };
}

/** `taskOf` has seen to it that there are rows of both classes. */
function figureOf(
  { objective, labels, transform, weights }: Task,
  margins: Float64Array,
): { name: string; value: number } {
  if (objective === 'logistic') {
    return { name: 'AUC', value: classifyMetrics(labels, margins.map(logistic), weights).auc! };
  }
  const { mdape, rmse } = valueMetrics(
    labels,
    margins.map((margin) => valueOf(margin, transform)),
    undefined,
    undefined,
    weights,
  );
  return mdape === null ? { name: 'RMSE', value: rmse! } : { name: 'median error', value: mdape };
}

/** 1 for the rows that stand highest, until the next one would carry their weight more than half of itself beyond the share. */
function bestOf(margins: Float64Array, share: number, weights: Float64Array): Uint8Array {
  const selected = new Uint8Array(margins.length);
  const room = share * weights.reduce((sum, weight) => sum + weight, 0);
  let taken = 0;
  for (const row of ascending(margins).reverse()) {
    if (taken + weights[row]! / 2 > room) break;
    taken += weights[row]!;
    selected[row] = 1;
  }
  return selected;
}
