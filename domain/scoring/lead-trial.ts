import { isAppError } from '../errors.ts';
import { type Trial, trialOf } from './cold-start.ts';
import type { DatasetSchema } from './data/dataset-schema.ts';
import { leadColumns, leadSchema, matureAfterDays } from './lead-model.ts';
import { numbersOf, pickRows, type Table, wordsOf } from './data/table.ts';
import { calibrated } from './trainer/calibrate.ts';
import { encode } from './trainer/encoder.ts';
import { forwardSplit } from './trainer/folds.ts';
import { predictMargins } from './trainer/predict.ts';
import { trainModel, type TrainModelOptions } from './trainer/train-model.ts';

/** The last quarter of the leads, by time, is what the others are tried on. */
const tried = 0.25;

/**
 * A model of a team's own leads, tried as it would have had to serve: on the last quarter of them, having learned only from leads whose
 * outcome was known before that quarter began. Leads in between came too late to be learned from and too early to be tried.
 * @returns null where there was too little before that day to learn from
 */
export function holdTrial(
  table: Table,
  stage: DatasetSchema['decisionStage'],
  options: TrainModelOptions,
): Trial | null {
  const days = numbersOf(table, leadColumns.time);
  const people = wordsOf(table, leadColumns.group);
  const from = triedFrom(table);
  if (from === null || people === undefined) return null;
  const { train, test } = forwardSplit(days, from, people);
  const known = train.filter((row) => days[row]! + matureAfterDays <= from);
  const [before, after] = [pickRows(table, known), pickRows(table, test)];
  const probabilities = saidOf(before, after, stage, options);
  if (probabilities === null) return null;
  const of = (rows: Table, name: string): Float64Array => numbersOf(rows, name);
  return trialOf(
    {
      before: { labels: of(before, leadColumns.label), rules: of(before, leadColumns.rules) },
      after: {
        labels: of(after, leadColumns.label),
        rules: of(after, leadColumns.rules),
        model: probabilities,
        groups: wordsOf(after, leadColumns.group)!,
      },
    },
    options.seed,
  );
}

/** The day from which on leads are tried, since 1970; null: there is none. */
export function triedFrom(table: Table): number | null {
  const days = numbersOf(table, leadColumns.time);
  return days.toSorted()[Math.floor((1 - tried) * days.length)] ?? null;
}

/** What a model that learned from the rows before says of those after; null where they teach nothing, as when nobody was won. */
function saidOf(
  before: Table,
  after: Table,
  stage: DatasetSchema['decisionStage'],
  options: TrainModelOptions,
): Float64Array | null {
  try {
    const { trees, encoder, calibrator } = trainModel(before, leadSchema(stage), options);
    if (calibrator === null) return null;
    return predictMargins(trees, encode(encoder, after)).map((margin) => calibrated(calibrator, margin));
  } catch (error) {
    if (isAppError(error) && error.code === 'DATASET_UNUSABLE') return null;
    throw error;
  }
}
