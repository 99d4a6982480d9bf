import type { ChildProcess } from 'node:child_process';
import type { Log } from '../../domain/ports/log.ts';
import type { TreeScorer } from '../../domain/ports/scoring.ts';
import type { Calibrator } from '../../domain/scoring/trainer/calibrator.ts';
import type { TreeModel } from '../../domain/scoring/trainer/tree-model.ts';
import { treesOnnx } from '../../domain/scoring/onnx/trees-onnx.ts';
import { startEngine, type Engine, type EngineOptions } from '../../integrations/onnx/engine.ts';
import { startProcess } from '../../integrations/onnx/life.ts';
import { sha256 } from '../../integrations/onnx/model-file.ts';
import { createScoring } from '../../integrations/onnx/scoring.ts';
import { randomMetadata } from './random-trees.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * The real engine; the processes it started are remembered, so that a test can end them.
 * @param started  told of each process as it begins, and the how many-th it is
 */
export function watchedEngine(
  options: Omit<EngineOptions, 'start'> = {},
  started: (child: ChildProcess, count: number) => unknown = () => {},
): { engine: Engine; children: ChildProcess[] } {
  const children: ChildProcess[] = [];
  const engine = startEngine(silent, {
    threads: 1,
    ...options,
    start(threads) {
      const child = startProcess(threads);
      started(child, children.push(child));
      return child;
    },
  });
  return { engine, children };
}

/** A model of trees at work in the engine. */
export async function openModel(
  engine: Engine,
  model: TreeModel,
  calibrator: Calibrator | null = null,
): Promise<TreeScorer> {
  const metadata = randomMetadata(model.features);
  const bytes = treesOnnx(model, calibrator, metadata);
  return createScoring(engine).open(bytes, { ...metadata, sha256: sha256(bytes) });
}
