import type { DatasetSchema, RefusedFeature } from '../dataset-schema.ts';
import { classifyMetrics } from '../metrics.ts';
import { proxyTest } from '../proxy-test.ts';
import { ascending } from '../ranked.ts';
import { logistic } from '../scorecard.ts';
import { selectionRates } from '../selection-rates.ts';
import type { Table } from '../table.ts';
import { fitEncoder } from '../trainer/encode.ts';
import { groupedFolds } from '../trainer/folds.ts';
import { taskOf, valueOf, type Task } from '../trainer/task.ts';
import { unseenMargins } from '../trainer/unseen.ts';
import { valueMetrics } from '../value-metrics.ts';
import type { Card } from './card.ts';

/** A team works about the best fifth of its leads at once: who is in it is compared between groups. */
const workedShare = 0.2;
const folds = 3;

/**
 * What a model's schema leaves out, measured: how much better figures would look with each refused column, and, of the sensitive ones, how
 * well the admitted features tell them and how often each group is put on top. The table holds the refused columns as well.
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
  const sensitive = refused.filter(({ feature }) => feature.sensitive).map(({ feature }) => feature.name);
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
  const selected = bestOf(margins, workedShare);
  return {
    proxies: sensitive.map((name) => {
      const { levels, ...found } = proxyTest(name, table.columns[name]!, columns, { seed, groups: task.groups });
      return { ...found, levels: [...levels] };
    }),
    selection: sensitive.map((name) => {
      const { groups, ...found } = selectionRates(name, table.columns[name]!, selected);
      return { ...found, groups: [...groups] };
    }),
  };
}

/** `taskOf` has seen to it that there are rows of both classes. */
function figureOf({ objective, labels, transform }: Task, margins: Float64Array): { name: string; value: number } {
  if (objective === 'logistic') {
    return { name: 'AUC', value: classifyMetrics(labels, margins.map(logistic)).auc! };
  }
  const { mdape, rmse } = valueMetrics(
    labels,
    margins.map((margin) => valueOf(margin, transform)),
  );
  return mdape === null ? { name: 'RMSE', value: rmse! } : { name: 'median error', value: mdape };
}

function bestOf(margins: Float64Array, share: number): Uint8Array {
  const selected = new Uint8Array(margins.length);
  const order = ascending(margins);
  for (const row of order.subarray(order.length - Math.round(share * order.length))) selected[row] = 1;
  return selected;
}
