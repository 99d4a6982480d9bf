import { z } from 'zod';
import { stages } from '../data/dataset-schema.ts';

/**
 * The model card, `card.json` beside a model: what it was made of, how good it is on rows that it has not seen, for whom, and where it
 * must not be trusted. Shares are shares of one; null is unknown or undefined, never a guess.
 */
export const cardSchema = z.strictObject({
  format: z.literal(1),
  name: z.string().min(1),
  task: z.enum(['classify', 'value']),
  /** What the model predicts. */
  label: z.strictObject({ column: z.string(), positive: z.string().nullable() }),
  /** A model knows only what is known at this stage. */
  decisionStage: z.enum(stages),
  /** `trees`: boosted trees; `logistic`: the fallback. */
  learner: z.enum(['trees', 'logistic']),
  trainedAt: z.iso.datetime().nullable(),
  seed: z.int(),
  /** Dates of the rows it learnt from; null: the data has no dates. */
  window: z.strictObject({ from: z.iso.date(), to: z.iso.date() }).nullable(),
  rows: z.strictObject({
    read: count(),
    dropped: z.array(z.strictObject({ reason: z.string(), n: count() })),
    used: count(),
    /** Of a classification. */
    positives: count().nullable(),
    /** Independent groups (people, properties), where rows belong together. */
    groups: count().nullable(),
  }),
  features: z.array(
    z.strictObject({
      name: z.string(),
      type: z.enum(['number', 'category', 'date']),
      knownAt: z.enum(stages),
    }),
  ),
  /** Columns that the model was not allowed, and what they would have "won". */
  refused: z.array(
    z.strictObject({
      name: z.string(),
      why: z.string(),
      won: z.strictObject({ figure: z.string(), without: z.number(), with: z.number() }).nullable(),
    }),
  ),
  evaluations: z.array(evaluationSchema()),
  fairness: z.strictObject({ proxies: z.array(proxySchema()), selection: z.array(selectionSchema()) }),
  limits: z.array(z.string()),
  /** SHA-256 in hex; of the code, its version. */
  hashes: z.strictObject({ data: hash(), schema: hash(), code: z.string().min(1), model: hash() }),
});

export type Card = z.infer<typeof cardSchema>;
export type Evaluation = Card['evaluations'][number];
export type Window = Card['window'];

function count() {
  return z.int().min(0);
}

function hash() {
  return z.string().regex(/^[0-9a-f]{64}$/);
}

function interval() {
  return z.strictObject({ low: z.number(), high: z.number() });
}

/** One judgement on rows that the judged model had not seen. */
function evaluationSchema() {
  return z.strictObject({
    /** How the rows were kept apart, such as "5 folds, groups never parted". */
    method: z.string().min(1),
    window: z.strictObject({ from: z.iso.date(), to: z.iso.date() }).nullable(),
    n: count(),
    baseRate: z.number().nullable(),
    figures: z.array(
      z.strictObject({
        name: z.string(),
        value: z.number().nullable(),
        interval: interval().nullable(),
        /** Standard deviation between folds. */
        spread: z.number().nullable(),
      }),
    ),
    selective: z.array(selectiveSchema()),
    reliability: z.array(
      z.strictObject({
        from: z.number(),
        to: z.number(),
        n: count(),
        predicted: z.number(),
        observed: z.number(),
        interval: interval(),
      }),
    ),
    slices: z.array(
      z.strictObject({
        column: z.string(),
        level: z.string(),
        n: count(),
        figures: z.array(
          z.strictObject({ name: z.string(), value: z.number().nullable(), interval: interval().nullable() }),
        ),
      }),
    ),
  });
}

/** Which part of the leads is decided, where they are to be decided with so much accuracy. */
function selectiveSchema() {
  return z.strictObject({
    accuracy: z.number(),
    coverage: z.number().nullable(),
    interval: interval().nullable(),
    /** Where it was found how sure a row must be: on `these` rows, which flatters their coverage, or on `other` ones. */
    found: z.enum(['these', 'other']).default('these'),
    /** Of `other` ones: the share of the decided rows that were decided rightly. */
    right: z.number().nullable().default(null),
    rightInterval: interval().nullable().default(null),
    /** How sure a row must be, as found on all of these rows: for rows to come. null: none is sure enough. */
    bar: z.number().nullable().default(null),
  });
}

function proxySchema() {
  return z.strictObject({
    column: z.string(),
    levels: z.array(
      z.strictObject({ level: z.string(), n: count(), auc: z.number(), interval: interval().nullable() }),
    ),
    auc: z.number().nullable(),
    verdict: z.enum(['clear', 'alarm', 'unknown']),
  });
}

function selectionSchema() {
  return z.strictObject({
    column: z.string(),
    selected: z.number(),
    groups: z.array(
      z.strictObject({
        level: z.string(),
        n: count(),
        rate: z.number(),
        interval: interval(),
        ratio: z.number().nullable(),
        ratioInterval: interval().nullable(),
      }),
    ),
    verdict: z.enum(['clear', 'alarm', 'unknown']),
  });
}
