import { performance } from 'node:perf_hooks';
import { trainTrees } from '../../domain/scoring/trainer/boost.ts';
import { predictMargins } from '../../domain/scoring/trainer/predict.ts';
import { createRandom } from '../../domain/scoring/trainer/random.ts';
import { treeShap } from '../../domain/scoring/trainer/shap.ts';
import { defaultOptions, type TrainOptions } from '../../domain/scoring/trainer/train-options.ts';
import type { Columns, TreeModel } from '../../domain/scoring/trainer/tree-model.ts';
import { matrixOf } from '../../domain/scoring/data/score-rows.ts';
import type { Served } from './scoring-serving.ts';
import { summarise, type Summary } from './summary.ts';

/** The table of the promise about training. */
const rows = 36_000;
const width = 40;
const trees = 300;

export interface TrainingFigures {
  /** Seconds of one training, each sample a whole one. */
  readonly seconds: Summary;
  /** Seconds of processor time of the same, which other work on the machine does not lengthen as much. */
  readonly processorSeconds: Summary;
  /** Milliseconds of one explanation. */
  readonly shap: Summary;
  readonly explained: number;
  /** Largest difference between base + contributions and the margin. */
  readonly apart: number;
}

/** Training at the size of the promise, the explanations of the model that comes of it, and that model with its table. */
export function measureTraining(
  repeats: number,
  say: (line: string) => void,
): { readonly figures: TrainingFigures; readonly served: Served } {
  const { columns, labels, weights } = madeTable();
  const options: TrainOptions = { ...defaultOptions('logistic'), trees, rowShare: 1, columnShare: 1, weights };
  const seconds: number[] = [];
  const processorSeconds: number[] = [];
  let model: TreeModel | undefined;
  for (let repeat = 1; repeat <= repeats; repeat += 1) {
    say(`training: ${rows} rows of ${width} columns, ${repeat} of ${repeats}`);
    const [began, used] = [performance.now(), process.cpuUsage()];
    model = trainTrees(columns, labels, options);
    const { user, system } = process.cpuUsage(used);
    seconds.push((performance.now() - began) / 1_000);
    processorSeconds.push((user + system) / 1e6);
  }
  const few = model!.trees.reduce((sum, { feature }) => sum + feature.length, 0) / trees;
  if (few < 2 * options.leaves - 1) say(`trees have ${few} nodes on average, and could have ${2 * options.leaves - 1}`);
  return {
    figures: {
      seconds: summarise(seconds),
      processorSeconds: summarise(processorSeconds),
      ...explain(model!, columns),
    },
    served: { trees: model!, matrix: matrixOf(columns) },
  };
}

/** Each of many rows by itself, as a person asks for them. */
function explain(model: TreeModel, columns: Columns): Pick<TrainingFigures, 'shap' | 'explained' | 'apart'> {
  const explained = 1_000;
  const margins = predictMargins(model, columns);
  const times: number[] = [];
  let apart = 0;
  for (let i = -50; i < explained; i += 1) {
    const row = ((i + 50) * 31) % rows;
    const cells = Float32Array.from(columns, (column) => column[row]!);
    const began = performance.now();
    const { base, contributions } = treeShap(model, cells);
    if (i >= 0) times.push(performance.now() - began);
    const difference = Math.abs(contributions.reduce((sum, one) => sum + one, base) - margins[row]!);
    apart = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(apart, difference);
  }
  return { shap: summarise(times), explained, apart };
}

/** Columns that mostly differ from row to row, so that all bins are used; a twentieth of the cells is missing. */
function madeTable() {
  const random = createRandom(11);
  const columns = Array.from({ length: width }, () =>
    Float32Array.from({ length: rows }, () => (random.next() < 0.05 ? Number.NaN : random.next() * 8 - 4)),
  );
  const known = (column: number, row: number): number => {
    const value = columns[column]![row]!;
    return Number.isNaN(value) ? 0 : value;
  };
  const labels = Float32Array.from({ length: rows }, (_, row) => {
    const pull =
      known(0, row) + known(1, row) * known(2, row) * 0.3 - Math.abs(known(3, row)) + Math.sin(known(4, row));
    return random.next() < 1 / (1 + Math.exp(-pull / 2)) ? 1 : 0;
  });
  const weights = Float32Array.from({ length: rows }, () => 0.5 + random.next());
  return { columns, labels, weights };
}
