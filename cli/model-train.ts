import { basename, resolve } from 'node:path';
import { trainedCard } from '../domain/scoring/card/trained-card.ts';
import { type DatasetSchema, readDatasetSchema } from '../domain/scoring/dataset-schema.ts';
import { schemaBytes, trainedFile, windowOf } from '../domain/scoring/trained-file.ts';
import { trainModel, type TrainProgress } from '../domain/scoring/trainer/train-model.ts';
import type { Card } from '../domain/scoring/card/card.ts';
import { readJsonFile } from './json-file.ts';
import { readData, tellReport } from './model-data.ts';
import { sha256, writeModelDir } from './model-dir.ts';
import type { Io } from './output.ts';

export interface TrainOrder {
  readonly data: string;
  readonly schema: string;
  readonly out: string;
  readonly seed: number;
}

/** Trains a model from a file and writes its directory. @returns its card */
export async function trainToDir(io: Io, order: TrainOrder): Promise<Card> {
  const schema = await readSchemaFile(io, order.schema);
  const { table, report, hash } = await readData(io, order.data, schema, 'train');
  tellReport(io, report);
  const trained = trainModel(table, schema, { seed: order.seed, progress: progressOn(io) });
  const name = basename(resolve(io.cwd, order.out));
  const schemaHash = sha256(schemaBytes(schema));
  const window = windowOf(table, schema);
  const bytes = trainedFile(trained, { name: schema.label, schemaHash, dataHash: hash, window });
  const card = trainedCard(trained, table, {
    name,
    trainedAt: new Date().toISOString(),
    seed: order.seed,
    window,
    report,
    hashes: { data: hash, schema: schemaHash, model: sha256(bytes) },
  });
  await writeModelDir(io, order.out, { schema, card, bytes });
  return card;
}

export async function readSchemaFile(io: Io, file: string): Promise<DatasetSchema> {
  return readDatasetSchema(await readJsonFile(io, file, 'DATASET_SCHEMA'));
}

/** On a terminal one line that changes, else a line per step: training keeps the process busy, so nothing livelier would be drawn. */
function progressOn(io: Io): (progress: TrainProgress) => void {
  return ({ step, of, what }) => {
    const line = `${step} of ${of}: ${what}`;
    if (!io.terminal) io.err(`${line}\n`);
    else io.err(`\r\u001b[K${line}${step === of ? '\n' : ''}`);
  };
}
