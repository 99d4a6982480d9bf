import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../domain/errors.ts';
import { featureNames, featureSchema } from '../../domain/scoring/features.ts';
import type { ExpectedTrees } from '../../domain/ports/scoring.ts';
import { readOnnxMetadata } from '../../domain/scoring/onnx/onnx-writer.ts';
import { readTreesMetadata, type StoredTreesMetadata } from '../../domain/scoring/onnx/trees-metadata.ts';

/** The model that ships with the product. */
export const bundledModelFile = fileURLToPath(new URL('./models/scorecard-1.onnx', import.meta.url).href);

/** Stands beside each model file, under the same name with `.json`. */
export interface ModelManifest {
  readonly name: string;
  /** SHA-256 of the model file, in hex. */
  readonly sha256: string;
}

export interface VerifiedModel {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The bytes of a model file, once they are proven to be the ones that were published and to take our features.
 * Throws MODEL_DAMAGED when the file or its manifest is missing, cut short, altered, or made for other features.
 */
export async function readModelFile(file: string): Promise<VerifiedModel> {
  const manifest = manifestFrom(await bytesOf(file.replace(/(?:\.onnx)?$/, '.json'), 'manifest'));
  const bytes = await bytesOf(file, 'model');
  expectBytes(bytes, manifest.sha256);
  const metadata = orDamaged(() => readOnnxMetadata(bytes));
  expectSame('name', metadata['name'], manifest.name);
  expectSame('schema_hash', metadata['schema_hash'], featureSchemaHash);
  expectSame('feature_order', metadata['feature_order'], featureNames.join(','));
  expectSame('baseline', metadata['baseline'], '0');
  return { name: manifest.name, bytes };
}

/**
 * What a file of trees says of itself, once it is proven to be the file that was published and to take our columns.
 * Throws MODEL_DAMAGED when it was cut short or altered, comes from another maker, or was made for other data.
 */
export function verifiedTrees(bytes: Uint8Array, expected: ExpectedTrees): StoredTreesMetadata {
  expectBytes(bytes, expected.sha256);
  const about = orDamaged(() => readTreesMetadata(bytes));
  expectSame('schema_hash', about.schemaHash, expected.schemaHash);
  expectSame('feature_order', about.featureOrder.join(', '), expected.featureOrder.join(', '));
  return about;
}

export const featureSchemaHash = sha256(new TextEncoder().encode(featureSchema));

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The detail names no path: it may reach a caller. */
export function damaged(detail: string, cause?: unknown): AppError {
  return new AppError('MODEL_DAMAGED', `The model cannot be used: ${detail}.`, { cause });
}

async function bytesOf(file: string, what: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw damaged(`its ${what} file could not be read (${code})`, error);
  }
}

function manifestFrom(bytes: Uint8Array): ModelManifest {
  try {
    const { name, sha256: hash } = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Record<string, unknown>>;
    if (typeof name === 'string' && typeof hash === 'string') return { name, sha256: hash };
  } catch (error) {
    throw damaged('its manifest is not JSON', error);
  }
  throw damaged('its manifest lacks name or sha256');
}

function orDamaged<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw damaged('it is not an ONNX file of ours', error);
  }
}

function expectBytes(bytes: Uint8Array, hash: string): void {
  const found = sha256(bytes);
  if (found === hash) return;
  throw damaged(`its ${bytes.length} bytes have SHA-256 ${found.slice(0, 12)}…, expected ${hash.slice(0, 12)}…`);
}

function expectSame(key: string, found: string | undefined, wanted: string): void {
  if (found !== wanted) throw damaged(`its ${key} is ${found?.slice(0, 200) ?? 'absent'}, expected ${wanted}`);
}
