import type { OwnModel } from '../../domain/ports/scores.ts';
import type { Evidence, Trial } from '../../domain/scoring/cold-start.ts';
import { leadSchema } from '../../domain/scoring/lead-model.ts';
import type { LeadModel } from '../../domain/scoring/model-score.ts';
import { schemaBytes, trainedFile } from '../../domain/scoring/onnx/trained-file.ts';
import type { DatasetSchema } from '../../domain/scoring/data/dataset-schema.ts';
import type { Encoding } from '../../domain/scoring/trainer/encoder.ts';
import { treeOf } from '../../domain/scoring/trainer/tree-model.ts';
import { type TrainedModel, trainModel } from '../../domain/scoring/trainer/train-model.ts';
import { sha256 } from '../../integrations/onnx/model-file.ts';
import { examplesOf, madeUpLeads } from './closed-leads.ts';

/** A real model of a made-up team's leads, as its file. */
export function madeUpModel(name: string, seed: number): OwnModel {
  return ownModel(name, madeUpTrained(seed));
}

export function madeUpTrained(seed: number, stage: DatasetSchema['decisionStage'] = 'contact'): TrainedModel {
  const { snapshots, outcomes, last } = madeUpLeads(600, { seed, signal: 1 });
  const now = new Date(Date.parse(last) + 200 * 86_400_000).toISOString();
  const { table } = examplesOf(snapshots, outcomes, { now, stage });
  return trainModel(table, leadSchema(stage), { seed, learner: { trees: 40, leaves: 6 } });
}

export function ownModel(name: string, trained: TrainedModel): OwnModel {
  const schemaHash = sha256(schemaBytes(trained.schema));
  const file = trainedFile(trained, { name, schemaHash, dataHash: sha256(Buffer.from(name)), window: null });
  return { name, file, modelHash: sha256(file) };
}

/** The same model, of one feature as it was called when it had another version. */
export function calledBefore(trained: TrainedModel, feature: string, before: string): TrainedModel {
  return withColumns(trained, (encoding) =>
    encoding.feature === feature ? { ...encoding, feature: before } : encoding,
  );
}

/** The same trees over other columns. */
export function withColumns(trained: TrainedModel, of: (encoding: Encoding) => Encoding): TrainedModel {
  return { ...trained, encoder: { columns: trained.encoder.columns.map(of) } };
}

const better = { low: 0.02, high: 0.08 };
const trial: Trial = {
  ...{ leads: 400, won: 80 },
  logLoss: { model: 0.4, rules: 0.45, baseRate: 0.5 },
  gain: { overRules: better, overBaseRate: better },
};

/** Enough for a model to speak. */
export const enough: Evidence = { leads: 1_600, won: 320, trial };
/** Not enough yet. */
export const tooLittle: Evidence = { leads: 700, won: 40, trial: null };

/** A model of one question: more than five homes viewed are +1, else −1. */
export const stump: LeadModel = {
  name: 'leads-1',
  trees: {
    ...{ objective: 'logistic', base: -1, features: 1 },
    trees: [
      treeOf([
        { feature: 0, threshold: 5, missingLeft: 1, left: 1, right: 2, value: 0, cover: 100 },
        { feature: -1, threshold: 0, left: 0, right: 0, value: -1, cover: 50 },
        { feature: -1, threshold: 0, left: 0, right: 0, value: 1, cover: 50 },
      ]),
    ],
  },
  encoder: { columns: [{ kind: 'number', feature: 'homesViewed@1' }] },
  calibrator: { kind: 'platt', slope: 1, intercept: 0 },
  baseRate: 0.25,
};
