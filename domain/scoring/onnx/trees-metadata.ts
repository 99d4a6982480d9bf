import { z } from 'zod';
import { readOnnxMetadata } from './onnx-writer.ts';

/** What a file of trees says of itself: what it was made of, and what it takes. */
export interface TreesMetadata {
  readonly name: string;
  /** SHA-256 of the schema of the data, in hex. */
  readonly schemaHash: string;
  /** The names of the matrix's columns, in order. */
  readonly featureOrder: readonly string[];
  /** First and last instant of the rows it learned from; null where they bear no time. */
  readonly window: { readonly from: string; readonly to: string } | null;
  /** SHA-256 of the data it learned from, in hex. */
  readonly dataHash: string;
  readonly codeVersion: string;
  /** How raw values become the matrix: plain JSON. */
  readonly encoder?: unknown;
}

export interface StoredTreesMetadata extends TreesMetadata {
  readonly objective: 'logistic' | 'squared';
}

/** The entries as they stand in the file. Lists are JSON: a level's name may hold a comma. */
export function metadataEntries(metadata: TreesMetadata): Record<string, string> {
  return {
    name: metadata.name,
    schema_hash: metadata.schemaHash,
    feature_order: JSON.stringify(metadata.featureOrder),
    training_window: JSON.stringify(metadata.window),
    data_hash: metadata.dataHash,
    code_version: metadata.codeVersion,
    ...(metadata.encoder === undefined ? {} : { encoder: JSON.stringify(metadata.encoder) }),
  };
}

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'not JSON' });
    return z.NEVER;
  }
});

const entries = z
  .object({
    name: z.string(),
    schema_hash: z.string(),
    feature_order: json.pipe(z.array(z.string()).min(1)),
    training_window: json.pipe(z.object({ from: z.string(), to: z.string() }).nullable()),
    data_hash: z.string(),
    code_version: z.string(),
    objective: z.enum(['logistic', 'squared']),
    encoder: json.optional(),
  })
  .transform((read): StoredTreesMetadata => ({
    name: read.name,
    schemaHash: read.schema_hash,
    featureOrder: read.feature_order,
    window: read.training_window,
    dataHash: read.data_hash,
    codeVersion: read.code_version,
    objective: read.objective,
    ...(read.encoder === undefined ? {} : { encoder: read.encoder }),
  }));

/**
 * What a file of trees says of itself. Throws RangeError for bytes that are cut short, no ONNX file, or one of another maker.
 */
export function readTreesMetadata(bytes: Uint8Array): StoredTreesMetadata {
  const read = entries.safeParse(readOnnxMetadata(bytes));
  if (read.success) return read.data;
  const lacking = [...new Set(read.error.issues.map((issue) => issue.path.join('.')))];
  throw new RangeError(`no model of trees: its metadata lack, or spoil, ${lacking.join(', ')}`);
}
