import { basename, resolve } from 'node:path';
import { trainedCard } from '../domain/scoring/card/trained-card.ts';
import { auditOf } from '../domain/scoring/card/audit.ts';
import { type AdmittedSchema, readDatasetSchema, readWithRefusals } from '../domain/scoring/dataset-schema.ts';
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
  /** Leave refused features out, and measure what they would have won, instead of refusing the schema. */
  readonly leaveOut?: true | undefined;
}

/** Trains a model from a file and writes its directory. @returns its card */
export async function trainToDir(io: Io, order: TrainOrder): Promise<Card> {
  const { whole, admitted: schema, refused } = await readSchemaFile(io, order);
  const { table, report, negatives, hash } = await readData(io, order.data, whole, 'train');
  tellReport(io, report);
  const trained = trainModel(table, schema, { seed: order.seed, progress: progressOn(io) });
  const name = basename(resolve(io.cwd, order.out));
  const schemaHash = sha256(schemaBytes(schema));
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
  return card;
}

async function readSchemaFile(io: Io, { schema: file, leaveOut }: TrainOrder): Promise<AdmittedSchema> {
  const document = await readJsonFile(io, file, 'DATASET_SCHEMA');
  const read = leaveOut && readWithRefusals(document);
  if (read && read.admitted.features.length > 0) return read;
  const schema = readDatasetSchema(document);
  return { whole: schema, admitted: schema, refused: [] };
}

/** On a terminal one line that changes, else a line per step: training keeps the process busy, so nothing livelier would be drawn. */
function progressOn(io: Io): (progress: TrainProgress) => void {
  return ({ step, of, what }) => {
    const line = `${step} of ${of}: ${what}`;
    if (!io.terminal) io.err(`${line}\n`);
    else io.err(`\r\u001b[K${line}${step === of ? '\n' : ''}`);
  };
}
