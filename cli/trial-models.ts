import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExpectedTrees } from '../domain/ports/scoring.ts';
import { readDatasetSchema } from '../domain/scoring/data/dataset-schema.ts';
import { matrixOf } from '../domain/scoring/data/score-rows.ts';
import { featureOrder, schemaBytes, trainerVersion, windowOf } from '../domain/scoring/onnx/trained-file.ts';
import { trainTrees } from '../domain/scoring/trainer/boost.ts';
import { fitCalibrator } from '../domain/scoring/trainer/calibrate.ts';
import type { Calibrator } from '../domain/scoring/trainer/calibrator.ts';
import { fitEncoder } from '../domain/scoring/trainer/encode.ts';
import { encode } from '../domain/scoring/trainer/encoder.ts';
import { groupedFolds } from '../domain/scoring/trainer/folds.ts';
import { predictMargins } from '../domain/scoring/trainer/predict.ts';
import { taskOf } from '../domain/scoring/trainer/task.ts';
import { defaultOptions } from '../domain/scoring/trainer/train-options.ts';
import type { TreeModel } from '../domain/scoring/trainer/tree-model.ts';
import { treesOnnx } from '../domain/scoring/onnx/trees-onnx.ts';
import { readData } from './model-data.ts';
import { sha256 } from './model-dir.ts';

/** Sets that come with the project: one of yes and no, one of prices. */
export const bundledSets = ['uci-bank-marketing', 'king-county-sales'] as const;
export type BundledSet = (typeof bundledSets)[number];

/** Trees of a bundled set, what the trainer itself says of every row, and the file that is served. */
export interface TrialModel {
  readonly name: BundledSet;
  readonly trees: TreeModel;
  /** null for prices: the margin is the logarithm of the price. */
  readonly calibrator: Calibrator | null;
  readonly rows: number;
  /** Rows as the model takes them, one after another. */
  readonly matrix: Float32Array;
  readonly margins: Float64Array;
  readonly bytes: Uint8Array;
  readonly expected: ExpectedTrees;
}

const root = fileURLToPath(new URL('..', import.meta.url).href);
const seed = 1;

/**
 * Learns a bundled set by heart: 300 trees of 31 leaves from all its rows, and a calibration from the same. Such a model flatters itself, so
 * nothing is said of its quality; it is for comparing ways to the same answer.
 * @param trees  fewer where it is to be quick
 */
export async function trialModel(name: BundledSet, trees = 300): Promise<TrialModel> {
  const document = readFileSync(join(root, 'test/fixtures/datasets', `${name}.schema.json`), 'utf8');
  const schema = readDatasetSchema(JSON.parse(document));
  const { table, hash } = await readData({ cwd: root }, join('test/data', name, 'train.csv.gz'), schema, 'train');
  const { objective, target, groups } = taskOf(table, schema, 5);
  const folds = groupedFolds(target, { folds: 5, seed, groups });
  const { encoder, columns: learned } = fitEncoder(table, schema, target, { folds });
  const model = trainTrees(learned, target, { ...defaultOptions(objective), trees });
  const columns = encode(encoder, table);
  const margins = predictMargins(model, columns);
  const calibrator = objective === 'logistic' ? fitCalibrator(margins, target) : null;
  const about = { schemaHash: sha256(schemaBytes(schema)), featureOrder: featureOrder(encoder) };
  const window = windowOf(table, schema);
  const bytes = treesOnnx(model, calibrator, { ...about, name, window, dataHash: hash, codeVersion: trainerVersion });
  return {
    name,
    trees: model,
    calibrator,
    rows: table.rows,
    matrix: matrixOf(columns),
    margins,
    bytes,
    expected: { ...about, sha256: sha256(bytes) },
  };
}
