import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '../domain/errors.ts';
import { type Card, cardSchema } from '../domain/scoring/card/card.ts';
import { cardHtml } from '../domain/scoring/card/html.ts';
import { cardMarkdown } from '../domain/scoring/card/markdown.ts';
import { type DatasetSchema, readDatasetSchema } from '../domain/scoring/dataset-schema.ts';
import { readTrainedFile, schemaBytes, type StoredModel } from '../domain/scoring/trained-file.ts';
import { usage } from './failure.ts';
import type { Io } from './output.ts';

/** A model as its directory keeps it: `model.onnx`, `card.json` (the same as a page, `card.html`, and as text, `card.md`) and `schema.json`. */
export interface ModelDir {
  readonly schema: DatasetSchema;
  readonly card: Card;
  readonly bytes: Uint8Array;
  readonly model: StoredModel;
}

/** Each file comes whole or not at all; the model last, so that a directory without one was never finished. */
export async function writeModelDir(
  io: Io,
  dir: string,
  { schema, card, bytes }: Omit<ModelDir, 'model'>,
): Promise<void> {
  const folder = resolve(io.cwd, dir);
  await mkdir(folder, { recursive: true });
  const files: [string, string | Uint8Array][] = [
    ['schema.json', `${JSON.stringify(schema, null, 2)}\n`],
    ['card.json', `${JSON.stringify(card, null, 2)}\n`],
    ['card.html', cardHtml(card)],
    ['card.md', cardMarkdown(card)],
    ['model.onnx', bytes],
  ];
  for (const [name, content] of files) {
    await writeFile(join(folder, `${name}.part`), content);
    await rename(join(folder, `${name}.part`), join(folder, name));
  }
}

/**
 * Reads a model's directory, and refuses one whose files do not belong together.
 * @throws AppError MODEL_DAMAGED; usage failure where a file is missing
 */
export async function readModelDir(io: Io, dir: string): Promise<ModelDir> {
  const folder = resolve(io.cwd, dir);
  const [bytes, cardText, schemaFile] = await Promise.all(
    ['model.onnx', 'card.json', 'schema.json'].map((name) => fileOf(join(folder, name), dir, name)),
  );
  const card = cardSchema.safeParse(jsonOf(cardText!, 'card.json'));
  if (!card.success) throw damaged('card.json is not a model card', card.error);
  if (sha256(bytes!) !== card.data.hashes.model) throw damaged('model.onnx is not the file that card.json tells of');
  const schema = readDatasetSchema(jsonOf(schemaFile!, 'schema.json'));
  const model = readTrainedFile(bytes!);
  if (sha256(schemaBytes(schema)) !== model.about.schemaHash) {
    throw damaged('schema.json is not the schema that the model was trained by');
  }
  return { schema, card: card.data, bytes: bytes!, model };
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function fileOf(path: string, dir: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch {
    throw usage(`${dir} is no model: ${name} cannot be read.`, ['Train one: leadwright model train.']);
  }
}

function jsonOf(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch (cause) {
    throw damaged(`${name} is not JSON`, cause);
  }
}

function damaged(detail: string, cause?: unknown): AppError {
  return new AppError('MODEL_DAMAGED', `The model cannot be used: ${detail}.`, { cause });
}
