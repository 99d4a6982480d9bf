import { basename, resolve } from 'node:path';
import { isAppError } from '../domain/errors.ts';
import { trainedCard } from '../domain/scoring/card/trained-card.ts';
import { auditOf } from '../domain/scoring/card/audit.ts';
import { type AdmittedSchema, readDatasetSchema, readWithRefusals } from '../domain/scoring/data/dataset-schema.ts';
import { schemaBytes, trainedFile, trainerVersion, windowOf } from '../domain/scoring/onnx/trained-file.ts';
import {
  type TrainedModel,
  type TrainMemory,
  trainModel,
  type TrainProgress,
} from '../domain/scoring/trainer/train-model.ts';
import type { Card } from '../domain/scoring/card/card.ts';
import { readJsonFile } from './json-file.ts';
import { readData, tellReport } from './model-data.ts';
import { checkModelDir, sha256, writeModelDir } from './model-dir.ts';
import type { Io } from './output.ts';
import { type Checkpoint, openCheckpoint } from './train-checkpoint.ts';

export interface TrainOrder {
  readonly data: string;
  readonly schema: string;
  readonly out: string;
  readonly seed: number;
  /** Leave refused features out, and measure what they would have won, instead of refusing the schema. */
  readonly leaveOut?: true | undefined;
}

/**
 * Trains a model from a file and writes its directory. What was grown stands in a file beside it until then: broken off, the same order goes
 * on from there, and makes the same model.
 * @returns its card
 */
export async function trainToDir(io: Io, order: TrainOrder): Promise<Card> {
  await checkModelDir(io, order.out);
  const { whole, admitted: schema, refused } = await readSchemaFile(io, order);
  const { table, report, negatives, hash } = await readData(io, order.data, whole, order.leaveOut ? 'audit' : 'train');
  tellReport(io, report);
  const name = basename(resolve(io.cwd, order.out));
  const schemaHash = sha256(schemaBytes(schema));
  const key = { data: hash, schema: schemaHash, seed: order.seed, trainer: trainerVersion };
  const path = `${resolve(io.cwd, order.out)}.progress`;
  const checkpoint = openCheckpoint(path, key, () =>
    io.err(`${basename(path)} cannot be written: this training cannot be continued if it is broken off.\n`),
  );
  const trained = trainedFrom(io, checkpoint, (memory) =>
    trainModel(table, schema, { seed: order.seed, progress: progressOn(io), memory }),
  );
  if (io.terminal) io.err('\n');
  const window = windowOf(table, schema);
  const bytes = trainedFile(trained, { name: schema.label, schemaHash, dataHash: hash, window, negatives });
  const card = trainedCard(trained, table, {
    name,
    trainedAt: new Date().toISOString(),
    seed: order.seed,
    window,
    report,
    audit: order.leaveOut && auditOf(table, schema, refused, order.seed),
    hashes: { data: hash, schema: schemaHash, model: sha256(bytes) },
  });
  await writeModelDir(io, order.out, { schema, card, bytes });
  checkpoint.remove();
  return card;
}

function trainedFrom(io: Io, checkpoint: Checkpoint, train: (memory: TrainMemory) => TrainedModel): TrainedModel {
  if (checkpoint.found() === 0) return train(checkpoint.memory);
  io.err(`goes on after ${checkpoint.found()} trees of a training that was broken off\n`);
  try {
    return train(checkpoint.memory);
  } catch (error) {
    if (!isAppError(error)) throw error;
    // What the file holds does not fit after all; if the fault is another one, it is there again.
    io.err('what was kept of it cannot be used: it begins anew\n');
    checkpoint.remove();
    return train(checkpoint.memory);
  }
}

async function readSchemaFile(io: Io, { schema: file, leaveOut }: TrainOrder): Promise<AdmittedSchema> {
  const document = await readJsonFile(io, file, 'DATASET_SCHEMA');
  const read = leaveOut && readWithRefusals(document);
  if (read && read.admitted.features.length > 0) return read;
  const schema = readDatasetSchema(document);
  return { whole: schema, admitted: schema, refused: [] };
}

/** Trees between two lines where nobody looks on. */
const TELL = 100;

/** On a terminal one line that changes with each tree, else a line for each step and for every hundredth tree. */
export function progressOn(io: Io): (progress: TrainProgress) => void {
  return ({ step, of, what, trees }) => {
    const line = `${step} of ${of}: ${what}${trees === 0 ? '' : `, ${trees} trees`}`;
    if (io.terminal) io.err(`\r\u001b[K${line}`);
    else if (trees % TELL === 0) io.err(`${line}\n`);
  };
}
