import type { Iso } from '../domain/glossary.ts';
import type { OwnModel, ScoreStore } from '../domain/ports/scores.ts';
import type { Card } from '../domain/scoring/card/card.ts';
import { leadsReport, ownCard } from '../domain/scoring/card/own-card.ts';
import { trainedCard } from '../domain/scoring/card/trained-card.ts';
import { type Evidence, type Speaker, speakerFor } from '../domain/scoring/cold-start.ts';
import type { DatasetSchema } from '../domain/scoring/data/dataset-schema.ts';
import type { ExampleCounts } from '../domain/scoring/lead-examples.ts';
import { leadSchema } from '../domain/scoring/lead-model.ts';
import { holdTrial, triedFrom } from '../domain/scoring/lead-trial.ts';
import type { Table } from '../domain/scoring/data/table.ts';
import { schemaBytes, trainedFile, windowOf } from '../domain/scoring/onnx/trained-file.ts';
import { foldCount } from '../domain/scoring/trainer/parts.ts';
import { trainModel, type TrainModelOptions, type TrainProgress } from '../domain/scoring/trainer/train-model.ts';
import { gatherFromStore, type GatherDeps, type Gathered } from './gather-examples.ts';
import { admitModel } from './own-models.ts';

export type TrainDeps = GatherDeps &
  Parameters<typeof admitModel>[0] & {
    readonly scores: Pick<ScoreStore, 'known' | 'addModel'>;
    readonly sha256: (data: string | Uint8Array) => string;
  };

export interface TrainOrder extends Pick<TrainModelOptions, 'seed' | 'learner'> {
  readonly stage: DatasetSchema['decisionStage'];
  /** Trains and tells, and admits nothing. */
  readonly dryRun?: boolean;
  readonly progress?: (progress: TrainProgress) => void;
  /** Told of the model before it is admitted, to put it by. */
  readonly beforeAdmitted?: (model: OwnTrained) => Promise<void>;
}

/** A team's own model, as a directory keeps it. */
export interface OwnTrained extends OwnModel {
  readonly schema: DatasetSchema;
  readonly card: Card;
}

export interface OwnTraining {
  readonly counts: ExampleCounts;
  readonly evidence: Evidence;
  /** What the evidence says of this model. */
  readonly speaker: Speaker;
  /** Null: too few leads to train one. */
  readonly model: OwnTrained | null;
  /** Who scores this location's leads from now on; in a dry run, as before. */
  readonly standing: 'this model' | 'another model' | 'the rules';
}

/** The trial trains a model, and so do all rows; each in so many steps. */
const STEPS = 2 * foldCount + 1;

/**
 * Trains a model of a location's own closed leads, has it tried on those that came last, and lets it speak if it was better there. With too
 * few leads it trains nothing and says what is lacking. The same leads and seed give the same file, so that doing it twice changes nothing.
 * It computes for minutes: not in a process that serves.
 * @throws AppError DATASET_UNUSABLE when all leads ended alike, STORE_AWAY; TEMPORAL_AWAY when the model was admitted and speaks, and the pass
 *         over the scores could not be ordered: the nightly one comes all the same, and so does the next training's
 */
export async function trainOwnModel(deps: TrainDeps, locationId: string, order: TrainOrder): Promise<OwnTraining> {
  const { stage, dryRun = false, progress } = order;
  const now = deps.now().toISOString();
  const read = (leads: number): void =>
    progress?.({ step: 0, of: 2 * STEPS, what: `${leads} leads looked at`, trees: 0 });
  const gathered = await gatherFromStore(deps, locationId, { now, stage, read });
  const { counts, table } = gathered;
  const untried = { leads: counts.leads, won: counts.won, trial: null };
  const lacks = speakerFor(untried);
  if (lacks.speaks === 'rules' && lacks.why === 'too-few-leads') {
    const standing = await standingOf(deps, locationId, now, null);
    return { counts, evidence: untried, speaker: lacks, model: null, standing };
  }
  const trial = holdTrial(table, stage, optionsOf(order, 0, 'trial, '));
  const evidence = { ...untried, trial };
  const model = modelOf(deps, gathered, evidence, now, order);
  await order.beforeAdmitted?.(model);
  const { modelHash, name, file } = model;
  const speaker = dryRun
    ? speakerFor(evidence)
    : // As old as what it learned from: one that ends later may have begun before the one that speaks.
      await admitModel({ ...deps, now: () => new Date(now) }, locationId, { modelHash, name, file, evidence });
  return { counts, evidence, speaker, model, standing: await standingOf(deps, locationId, now, modelHash) };
}

function optionsOf({ seed, learner, progress }: TrainOrder, before: number, what: string): TrainModelOptions {
  return {
    seed,
    ...(learner === undefined ? {} : { learner }),
    progress: (told) => progress?.({ ...told, step: before + told.step, of: 2 * STEPS, what: `${what}${told.what}` }),
  };
}

function modelOf(
  { sha256 }: Pick<TrainDeps, 'sha256'>,
  { table, counts, blind }: Gathered,
  { trial }: Evidence,
  now: Iso,
  order: TrainOrder,
): OwnTrained {
  const schema = leadSchema(order.stage);
  const trained = trainModel(table, schema, optionsOf(order, STEPS, ''));
  const window = windowOf(table, schema);
  const name = `own-${window!.to.slice(0, 10)}`;
  const hashes = { data: tableHash(table, sha256), schema: sha256(schemaBytes(schema)) };
  const file = trainedFile(trained, { name, schemaHash: hashes.schema, dataHash: hashes.data, window });
  const modelHash = sha256(file);
  const plain = trainedCard(trained, table, {
    ...{ name, trainedAt: now, seed: order.seed, window },
    report: leadsReport(counts),
    hashes: { ...hashes, model: modelHash },
  });
  const from = triedFrom(table);
  const triedSince = from === null ? null : new Date(from * 86_400_000).toISOString().slice(0, 10);
  return { modelHash, name, file, schema, card: ownCard(plain, { counts, trial, triedFrom: triedSince, blind }) };
}

/** The same for the same rows, whatever order they were read in. */
function tableHash({ columns }: Table, sha256: TrainDeps['sha256']): string {
  const parts = Object.entries(columns).map(([name, column]) => [
    name,
    sha256(column.kind === 'number' ? bytesOf(column.values) : JSON.stringify(column.values)),
  ]);
  return sha256(JSON.stringify(parts));
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

async function standingOf(
  { scores }: Pick<TrainDeps, 'scores'>,
  locationId: string,
  asOf: Iso,
  trained: string | null,
): Promise<OwnTraining['standing']> {
  const { modelHash } = await scores.known(locationId, [], { asOf });
  if (modelHash === null) return 'the rules';
  return modelHash === trained ? 'this model' : 'another model';
}
