import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { schemaText, type DatasetSchema } from '../data/dataset-schema.ts';
import { numbersOf, type Table } from '../data/table.ts';
import type { Calibrator } from '../trainer/calibrator.ts';
import type { Ranges } from '../trainer/conformal.ts';
import { columnName, type Encoder } from '../trainer/encoder.ts';
import type { Task } from '../trainer/task.ts';
import type { TrainedModel } from '../trainer/train-model.ts';
import { treesFromJson, treeToJson } from '../trainer/tree-json.ts';
import type { TreeModel } from '../trainer/tree-model.ts';
import { readTreesMetadata, type StoredTreesMetadata } from './trees-metadata.ts';
import { treesOnnx } from './trees-onnx.ts';

/** Rises when the same data, schema and seed would give another model; before the dot when files of before can no longer be read. */
export const trainerVersion = 'trainer-1.2';

/** A model as its file gives it back: all that scores, ranges and reasons are made of. */
export interface StoredModel {
  readonly about: StoredTreesMetadata;
  /** At which it decides; files before `trainer-1.2` do not tell it. */
  readonly stage: DatasetSchema['decisionStage'] | null;
  readonly encoder: Encoder;
  readonly trees: TreeModel;
  readonly calibrator: Calibrator | null;
  readonly ranges: Ranges | null;
  readonly transform: Task['transform'];
  /** Share of positives among the rows that it learned from; of a value model null. */
  readonly baseRate: number | null;
  /** Words that counted as no where it learned; null where that is not known, or there are none. */
  readonly negatives: readonly string[] | null;
}

export interface FileFacts {
  readonly name: string;
  /** SHA-256 of `schemaText`, and of the data, in hex. */
  readonly schemaHash: string;
  readonly dataHash: string;
  readonly window: StoredTreesMetadata['window'];
  /** Of a yes or no that came from a file: the words that counted as no. */
  readonly negatives?: readonly string[] | undefined;
}

/** The one file of a model: the graph that onnxruntime runs, and in its metadata the way from raw values to its input. Same model, same bytes. */
export function trainedFile(model: TrainedModel, { negatives, ...facts }: FileFacts): Uint8Array {
  const { trees, calibrator } = model;
  const inside = {
    stage: model.schema.decisionStage,
    columns: model.encoder.columns,
    transform: model.transform,
    calibrator,
    ranges: model.ranges,
    baseRate: baseRateOf(model),
    ...(calibrator === null || negatives === undefined ? {} : { negatives }),
    // The graph has no place for how many rows came by each node, and reasons are made of that.
    trees: { objective: trees.objective, base: trees.base, trees: trees.trees.map(treeToJson) },
  };
  return treesOnnx(trees, calibrator, {
    ...facts,
    featureOrder: featureOrder(model.encoder),
    codeVersion: trainerVersion,
    encoder: inside,
  });
}

export function featureOrder(encoder: Encoder): string[] {
  return encoder.columns.map(columnName);
}

/** What a schema is hashed by: the same for the same meaning. */
export function schemaBytes(schema: DatasetSchema): Uint8Array {
  return new TextEncoder().encode(schemaText(schema));
}

/** First and last instant of the rows; null where they bear no dates. */
export function windowOf(table: Table, { time }: DatasetSchema): StoredTreesMetadata['window'] {
  if (time === undefined) return null;
  const days = numbersOf(table, time).filter((day) => !Number.isNaN(day));
  if (days.length === 0) return null;
  const text = (day: number): string => new Date(day * 86_400_000).toISOString();
  const [from, to] = days.reduce(
    ([low, high], day) => [Math.min(low, day), Math.max(high, day)],
    [Infinity, -Infinity],
  );
  return { from: text(from), to: text(to) };
}

function baseRateOf({ held, calibrator }: TrainedModel): number | null {
  if (calibrator === null) return null;
  let [positives, all] = [0, 0];
  held.labels.forEach((label, row) => {
    const weight = held.weights?.[row] ?? 1;
    all += weight;
    positives += weight * label;
  });
  return positives / all;
}

const text = z.string();
const level = z.tuple([text.nullable(), z.number()]);
const named = { feature: text };
const encodings = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('number'), ...named }),
  z.strictObject({ kind: z.literal('month'), ...named }),
  z.strictObject({ kind: z.literal('is'), ...named, level: text.nullable(), known: z.array(text.nullable()) }),
  z.strictObject({ kind: z.literal('mean'), ...named, levels: z.array(level) }),
  z.strictObject({ kind: z.literal('count'), ...named, levels: z.array(level) }),
  z.strictObject({ kind: z.literal('diagonal'), ...named, other: text, side: z.union([z.literal(1), z.literal(-1)]) }),
]);

const widths = {
  width: z.number().nullable(),
  n: z.int(),
  bands: z.array(z.strictObject({ upTo: z.number().nullable(), width: z.number(), n: z.int() })),
};

const inside = z.strictObject({
  stage: z.enum(['capture', 'contact']).nullable().default(null),
  columns: z.array(encodings).min(1),
  transform: z.enum(['log', 'none']),
  calibrator: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('platt'), slope: z.number(), intercept: z.number() }),
      z.strictObject({ kind: z.literal('isotonic'), thresholds: z.array(z.number()), values: z.array(z.number()) }),
    ])
    .nullable(),
  ranges: z
    .strictObject({
      coverage: z.number(),
      ...widths,
      // Files of `trainer-1` have none.
      later: z
        .strictObject({ after: z.number(), ...widths })
        .nullable()
        .default(null),
    })
    .nullable(),
  baseRate: z.number().nullable(),
  negatives: z.array(text).nullable().default(null),
  trees: z.strictObject({ objective: z.enum(['logistic', 'squared']), base: z.number(), trees: z.array(z.unknown()) }),
});

/** @throws AppError MODEL_DAMAGED when the bytes are no model of ours, not all of one, or of another major version of the trainer */
export function readTrainedFile(bytes: Uint8Array): StoredModel {
  const about = metadataOf(bytes);
  if (majorOf(about.codeVersion) !== majorOf(trainerVersion)) {
    throw damaged(
      `it was made by ${about.codeVersion.slice(0, 40)}, and this version reads files of ${trainerVersion}`,
    );
  }
  const read = inside.safeParse(about.encoder);
  if (!read.success) throw damaged('its encoder is not what this version reads', read.error);
  const { columns, trees, ...rest } = read.data;
  if (columns.map(columnName).join('\n') !== about.featureOrder.join('\n')) {
    throw damaged('its encoder makes other columns than its trees read');
  }
  const { objective, base } = trees;
  return {
    about,
    ...rest,
    encoder: { columns },
    trees: { objective, base, features: columns.length, trees: treesFromJson(trees.trees, columns.length) },
  };
}

/** `trainer-1` of `trainer-1` and `trainer-1.4`: what is within one can be read by all of it. */
function majorOf(version: string): string {
  return version.split('.')[0]!;
}

function metadataOf(bytes: Uint8Array): StoredTreesMetadata {
  try {
    return readTreesMetadata(bytes);
  } catch (cause) {
    throw damaged('it is cut short, or not an ONNX file of ours', cause);
  }
}

function damaged(detail: string, cause?: unknown): AppError {
  return new AppError('MODEL_DAMAGED', `The model cannot be used: ${detail}.`, { cause });
}
