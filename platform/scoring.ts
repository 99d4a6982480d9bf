import { AppError, isAppError } from '../domain/errors.ts';
import type { Log } from '../domain/ports/log.ts';
import type { ScoreModel } from '../domain/ports/score-model.ts';
import type { Scoring } from '../domain/ports/scoring.ts';
import { startEngine } from '../integrations/onnx/engine.ts';
import { type Environment, startProcess } from '../integrations/onnx/life.ts';
import { bundledModelFile, readModelFile } from '../integrations/onnx/model-file.ts';
import { createScoring } from '../integrations/onnx/scoring.ts';

/**
 * Scoring alone, for commands that need nothing else of the product. Its process starts with the first model.
 * @param environment  of the scoring process, which takes over what it needs; absent: this process's own
 */
export function openScoring(log: Log, environment?: Environment): Scoring {
  return createScoring(startEngine(log, { start: (threads) => startProcess(threads, environment) }));
}

/** What is wrong with the model that ships with the product, or null when it is the file that its manifest tells of. */
export async function bundledModelProblem(): Promise<string | null> {
  try {
    await readModelFile(bundledModelFile);
    return null;
  } catch (error) {
    if (isAppError(error)) return error.message;
    throw error;
  }
}

/** Of a process that has nothing to do with leads. */
export const noScoreModel: ScoreModel = {
  name: 'none',
  healthy: true,
  score: () => Promise.reject(new AppError('SCORING_LOST', 'expected a process that scores; this one has no model')),
  close: () => Promise.resolve(),
};
