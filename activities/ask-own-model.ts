import { AppError } from '../domain/errors.ts';
import { type Answered, scoreByMargin } from '../domain/scoring/model-score.ts';
import type { Score } from '../domain/scoring/score.ts';
import { type VectorColumns, vectorColumns } from '../domain/scoring/vector-columns.ts';
import type { OwnVoice } from './own-models.ts';

/** What a location's own model says of some leads, in their order. */
export interface OwnAnswers {
  readonly own: OwnVoice;
  /** Without reasons. */
  readonly scores: readonly Score[];
  /** What explains one of them. */
  answered(row: number): Answered;
}

/**
 * @param vectors values as they are stored with a score, today's set of features
 * @throws AppError SCORING_LOST; MODEL_DAMAGED, also when it looks at what is not stored with a score
 */
export async function ask(own: OwnVoice, vectors: readonly Float32Array[]): Promise<OwnAnswers> {
  const { columns, known } = preparedFor(own);
  const { margin } = await own.scorer.score(columns.matrix(vectors), vectors.length);
  return {
    own,
    scores: vectors.map((vector, row) => scoreByMargin(own.voice.model, margin[row]!, known(vector))),
    answered: (row) => ({ lead: columns.lead(vectors[row]!), margin: margin[row]! }),
  };
}

interface Prepared {
  readonly columns: VectorColumns;
  /** How much of the model's weights is known of a lead. */
  readonly known: (vector: Float32Array) => number;
}

/** Of each model once. */
const prepared = new WeakMap<OwnVoice, Prepared>();

function preparedFor(own: OwnVoice): Prepared {
  const before = prepared.get(own);
  if (before !== undefined) return before;
  const { model, weights } = own.voice;
  const columns = columnsFor(model.encoder);
  const made = { columns, known: columns.known(weights) };
  prepared.set(own, made);
  return made;
}

function columnsFor(encoder: OwnVoice['voice']['model']['encoder']): VectorColumns {
  try {
    return vectorColumns(encoder);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new AppError('MODEL_DAMAGED', `The model cannot be used: ${error.message}.`, { cause: error });
  }
}
