import { daysOf, type Said } from '../domain/scoring/data/score-rows.ts';
import { pickRows } from '../domain/scoring/data/table.ts';
import { encode, featuresOf } from '../domain/scoring/trainer/encoder.ts';
import { calibrated } from '../domain/scoring/trainer/calibrate.ts';
import { rangeOf, valueOf } from '../domain/scoring/trainer/task.ts';
import { treeShap } from '../domain/scoring/trainer/shap.ts';
import { Failure } from './failure.ts';
import { tablesOf } from './model-data.ts';
import type { ModelDir } from './model-dir.ts';
import { type Io, signedBars } from './output.ts';

/** Why a row has its score: base + the contributions is the margin, exactly. */
export interface Reasons extends Said {
  readonly id: string;
  /** `log-odds`, or of a value its logarithm or its own unit. */
  readonly unit: 'log-odds' | 'log' | 'value';
  /** What the model says on average. */
  readonly base: number;
  readonly margin: number;
  /** Strongest first. */
  readonly contributions: readonly { readonly feature: string; readonly contribution: number }[];
}

const CHUNK = 4_096;

/** @throws Failure when no row has the id */
export async function explainRow(io: Io, dir: ModelDir, file: string, id: string | undefined): Promise<Reasons> {
  for await (const { table, ids } of tablesOf(io, file, dir.schema, CHUNK)) {
    const row = id === undefined ? 0 : ids.indexOf(id);
    if (row < 0 || row >= table.rows) continue;
    const cells = encode(dir.model.encoder, pickRows(table, [row])).map((column) => column[0]!);
    return reasonsOf(dir, { id: ids[row]!, cells: Float32Array.from(cells), day: daysOf(table, dir.schema)?.[row] });
  }
  throw new Failure(id === undefined ? 'The file has no row that can be scored.' : 'No row of the file has this id.', {
    code: 'ROW_UNKNOWN',
  });
}

interface Row {
  readonly id: string;
  readonly cells: Float32Array;
  readonly day: number | undefined;
}

function reasonsOf({ model, schema }: ModelDir, { id, cells, day }: Row): Reasons {
  const { base, contributions } = treeShap(model.trees, cells);
  const sums = new Map<string, number>();
  model.encoder.columns.forEach((encoding, column) => {
    const feature = featuresOf(encoding).join(' and ');
    sums.set(feature, (sums.get(feature) ?? 0) + contributions[column]!);
  });
  const margin = base + contributions.reduce((sum, one) => sum + one, 0);
  const range = model.ranges && rangeOf(model.ranges, margin, model.transform, day);
  return {
    id,
    score: model.calibrator === null ? valueOf(margin, model.transform) : calibrated(model.calibrator, margin),
    low: range?.low ?? null,
    high: range?.high ?? null,
    unit: schema.task === 'classify' ? 'log-odds' : model.transform === 'log' ? 'log' : 'value',
    base,
    margin,
    contributions: [...sums]
      .map(([feature, contribution]) => ({ feature, contribution }))
      .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)),
  };
}

export function reasonsText({ id, score, low, high, unit, base, margin, contributions }: Reasons): string {
  const range = low === null || high === null ? '' : ` (90 % range ${figure(low)} to ${figure(high)})`;
  const bars = contributions.map(({ feature, contribution }) => ({ label: feature, value: contribution }));
  return [
    `${id}: ${figure(score)}${range}\n`,
    `${base.toFixed(3)} on average, and of this row, in ${unit}:\n`,
    signedBars(bars),
    `= ${margin.toFixed(3)}, before calibration\n`,
  ].join('');
}

function figure(value: number): string {
  return Math.abs(value) >= 1_000 ? String(Math.round(value)) : value.toFixed(4);
}
