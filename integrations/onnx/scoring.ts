import { AppError } from '../../domain/errors.ts';
import type { Scored, Scoring } from '../../domain/ports/scoring.ts';
import type { StoredTreesMetadata } from '../../domain/scoring/onnx/trees-metadata.ts';
import type { Engine } from './engine.ts';
import type { Answer, Outputs } from './thread.ts';
import { damaged, verifiedTrees } from './model-file.ts';

/** The port over an engine. */
export function createScoring(engine: Engine): Scoring {
  return {
    async open(bytes, expected) {
      const about = verifiedTrees(bytes, expected);
      const loaded = await engine.load(bytes, about.featureOrder.length);
      if (!loaded.ok) throw loaded.why === 'lost' ? lost(loaded) : damaged(loaded.detail);
      return {
        about,
        async score(matrix, rows) {
          if (rows === 0 && matrix.length === 0) return scoredOf(about, {}, 0);
          const answer = await loaded.run(matrix, rows);
          if (!answer.ok) throw lost(answer);
          return scoredOf(about, answer.outputs, rows);
        },
        close: loaded.unload,
      };
    },
    close: engine.close,
  };
}

export function lost({ detail }: Exclude<Answer, { ok: true }>): AppError {
  return new AppError('SCORING_LOST', `The scoring process gave no answer: ${detail}.`);
}

/** Throws MODEL_DAMAGED when an output lacks rows or is not finite: what is no score is not passed on. */
function scoredOf({ objective }: StoredTreesMetadata, outputs: Outputs, rows: number): Scored {
  const margin = outputs['margin'] ?? new Float64Array(0);
  const probability = objective === 'logistic' ? (outputs['probability'] ?? new Float32Array(0)) : null;
  const sound = (values: Float32Array | Float64Array): boolean =>
    values.length === rows && values.every((value) => Number.isFinite(value));
  if (!(margin instanceof Float64Array) || !sound(margin)) throw damaged('a margin is not a number');
  if (probability === null) return { margin, probability };
  if (!(probability instanceof Float32Array) || !sound(probability)) throw damaged('a probability is not a number');
  return { margin, probability };
}
