import type { Log } from '../domain/ports/log.ts';
import type { Scoring } from '../domain/ports/scoring.ts';
import { startEngine } from '../integrations/onnx/engine.ts';
import { createScoring } from '../integrations/onnx/scoring.ts';

/** Scoring alone, for commands that need nothing else of the product. Its process starts with the first model. */
export function openScoring(log: Log): Scoring {
  return createScoring(startEngine(log));
}
