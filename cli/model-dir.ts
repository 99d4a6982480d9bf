import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError, isAppError } from '../domain/errors.ts';
import { type Card, cardSchema } from '../domain/scoring/card/card.ts';
import { cardHtml } from '../domain/scoring/card/html.ts';
import { cardMarkdown } from '../domain/scoring/card/markdown.ts';
import { type DatasetSchema, readDatasetSchema } from '../domain/scoring/data/dataset-schema.ts';
import { readTrainedFile, schemaBytes, type StoredModel } from '../domain/scoring/onnx/trained-file.ts';
import { Failure, usage } from './failure.ts';
import type { Io } from './output.ts';

/** A model as its directory keeps it: `model.onnx`, `card.json` (the same as a page, `card.html`, and as text, `card.md`) and `schema.json`. */
export interface ModelDir {
  readonly schema: DatasetSchema;
  readonly card: Card;
  readonly bytes: Uint8Array;
  readonly model: StoredModel;
}

/** Holds the files of a model that has come, until each stands in the directory itself. */
const COME = '.come';
const PART = '.part-';

/**
 * The model comes whole or not at all, and the one before stays until then: its files are written aside, and one rename makes them the
 * directory's. What is left of the way, each file to its place, whoever reads does not wait for, and whoever writes next does first.
 */
export async function writeModelDir(
  io: Io,
  dir: string,
  { schema, card, bytes }: Omit<ModelDir, 'model'>,
): Promise<void> {
  const folder = resolve(io.cwd, dir);
  await mkdir(folder, { recursive: true });
  await settle(folder);
  const part = await mkdtemp(join(folder, PART));
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'schema.json': `${JSON.stringify(schema, null, 2)}\n`,
    'card.json': `${JSON.stringify(card, null, 2)}\n`,
    'card.html': cardHtml(card),
    'card.md': cardMarkdown(card),
    'model.onnx': bytes,
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(part, name), content, { flush: true });
  await rename(part, join(folder, COME));
  await settle(folder);
}

/** What is written aside and stays there for so long never comes; what is younger somebody may be writing. */
const PART_LEFT_MS = 3_600_000;

/** Puts the files of a model that has come into their places, and clears away what of another one never came. */
async function settle(folder: string): Promise<void> {
  const left = await readdir(folder);
  if (left.includes(COME)) {
    for (const name of await readdir(join(folder, COME))) await rename(join(folder, COME, name), join(folder, name));
  }
  for (const name of left) {
    if (name === COME || (name.startsWith(PART) && (await isOld(join(folder, name))))) {
      await rm(join(folder, name), { recursive: true, force: true });
    }
  }
}

async function isOld(path: string): Promise<boolean> {
  const there = await stat(path).catch(() => undefined);
  return there !== undefined && Date.now() - there.mtimeMs > PART_LEFT_MS;
}

/** Before hours are spent on a model. @throws usage failure where its directory could not be made */
export async function checkModelDir(io: Io, dir: string): Promise<void> {
  const there = await stat(resolve(io.cwd, dir)).catch(() => undefined);
  if (there !== undefined && !there.isDirectory()) {
    throw usage(`--out: expected a directory, got the file ${dir}.`, [
      'Name a directory; it is made if it is not there.',
    ]);
  }
}

/**
 * Reads a model's directory, and refuses one whose files do not belong together.
 * @throws Failure MODEL_DAMAGED; usage failure where a file is missing
 */
export async function readModelDir(io: Io, dir: string): Promise<ModelDir> {
  try {
    // While another model moves in, what is read first may be of the one before. Read once more, it is of one.
    return await readParts(io, dir).catch((error: unknown) => {
      if (!isAppError(error) || error.code !== 'MODEL_DAMAGED') throw error;
      return readParts(io, dir);
    });
  } catch (cause) {
    if (!isAppError(cause)) throw cause;
    // What may be done about a model that ships is another thing than about one that somebody trained.
    const ways = [`Train it anew, or bring back the whole of ${dir} from a copy.`];
    throw new Failure(cause.message, { code: cause.code, ways, cause });
  }
}

async function readParts(io: Io, dir: string): Promise<ModelDir> {
  const folder = resolve(io.cwd, dir);
  const [bytes, cardText, schemaFile] = await Promise.all(
    ['model.onnx', 'card.json', 'schema.json'].map((name) => fileOf(folder, dir, name)),
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

async function fileOf(folder: string, dir: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(join(folder, COME, name)).catch(() => readFile(join(folder, name)));
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
