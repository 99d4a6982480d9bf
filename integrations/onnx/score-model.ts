import { isAppError } from '../../domain/errors.ts';
import type { Log } from '../../domain/ports/log.ts';
import type { ScoreModel } from '../../domain/ports/score-model.ts';
import { extractFeatures, featureNames, type Features } from '../../domain/scoring/features.ts';
import { fallbackName, logOddsOf, scoreByRules, scoreFrom } from '../../domain/scoring/scorecard.ts';
import type { Score, ScoreFacts } from '../../domain/scoring/score.ts';
import { damaged, readModelFile } from './model-file.ts';
import { startEngine, type Engine, type Loaded } from './engine.ts';
import type { Answer, Outputs } from './thread.ts';
import { lost } from './scoring.ts';

/** Why the rules spoke in the model's place. */
export type FallbackReason = 'model-damaged' | 'process-lost' | 'run-failed' | 'unsound-output';

export interface ScoreModelOptions {
  /** An `.onnx` file with its manifest beside it; `bundledModelFile` is the one that ships. */
  readonly modelFile: string;
  readonly log: Log;
  /** Where it runs; without one, the model starts its own and ends it when it is closed. */
  readonly engine?: Engine;
  /** Told of every score that the rules made in the model's place, for counting. */
  readonly onFallback?: (reason: FallbackReason, scores: number) => void;
}

/**
 * The scorer that runs the model file in the scoring process.
 * A score is never a silent default: it bears the model's name, or `rules-fallback` when the file was damaged, the process died
 * twice, or the model answered something that is not a score.
 */
export async function createScoreModel(options: ScoreModelOptions): Promise<ScoreModel> {
  const own = options.engine === undefined ? startEngine(options.log) : null;
  const engine = options.engine ?? own!;
  const mayFallBack = (error: unknown, code: 'MODEL_DAMAGED' | 'SCORING_LOST'): boolean => {
    if (!isAppError(error) || error.code !== code) return false;
    options.log.error({ err: error, code }, 'the model cannot be used; the rules score in its place');
    return true;
  };
  try {
    const file = await readModelFile(options.modelFile);
    const load = async (): Promise<ScoreModel> => {
      const loaded = await engine.load(file.bytes, featureNames.length);
      if (!loaded.ok) throw loaded.why === 'lost' ? lost(loaded) : damaged(loaded.detail);
      return modelOver(loaded, () => own?.close() ?? loaded.unload(), file.name, options);
    };
    return await load().catch((error: unknown) => {
      if (!mayFallBack(error, 'SCORING_LOST')) throw error;
      return loadedLater(load, async () => own?.close(), options);
    });
  } catch (error) {
    await own?.close();
    if (!mayFallBack(error, 'MODEL_DAMAGED')) throw error;
    return rulesInItsPlace(options, 'model-damaged');
  }
}

/** The file is sound and its process was lost over it: the rules speak until a later request finds one that loads it. */
function loadedLater(
  load: () => Promise<ScoreModel>,
  close: () => Promise<void>,
  options: ScoreModelOptions,
): ScoreModel {
  const rules = rulesInItsPlace(options, 'process-lost');
  let model: ScoreModel | null = null;
  let loading: Promise<void> | null = null;
  const tryAgain = async (): Promise<void> => {
    try {
      model = await load();
    } catch (error) {
      options.log.warn({ err: error }, 'the model could not be loaded again');
    } finally {
      loading = null;
    }
  };
  return {
    get name() {
      return (model ?? rules).name;
    },
    get healthy() {
      return (model ?? rules).healthy;
    },
    async score(facts) {
      if (model === null) await (loading ??= tryAgain());
      return (model ?? rules).score(facts);
    },
    close: () => model?.close() ?? close(),
  };
}

/** The port over a loaded model. */
function modelOver(
  loaded: Loaded,
  close: () => Promise<void>,
  name: string,
  { log, onFallback }: ScoreModelOptions,
): ScoreModel {
  let lastRunWorked = true;

  function fallBack(reason: FallbackReason, facts: readonly ScoreFacts[], detail: string): Score[] {
    log.warn({ reason, scores: facts.length, detail }, 'the rules score in the place of the model');
    onFallback?.(reason, facts.length);
    return facts.map(scoreByRules);
  }

  return {
    name,
    get healthy() {
      return lastRunWorked;
    },
    async score(facts) {
      if (facts.length === 0) return [];
      const features = facts.map(extractFeatures);
      const answer = await loaded.run(matrixOf(features), facts.length);
      lastRunWorked = answer.ok;
      if (!answer.ok) return fallBack(reasonOf(answer), facts, answer.detail);
      const spoken = features.map((row, i) => scoreOfRow(name, row, answer.outputs, i));
      const unsound = facts.filter((_, i) => spoken[i] === null);
      if (unsound.length === 0) return spoken.map((score) => score!);
      lastRunWorked = false;
      const replaced = fallBack('unsound-output', unsound, 'an output is not finite or does not add up')[
        Symbol.iterator
      ]();
      return spoken.map((score) => score ?? (replaced.next().value as Score));
    },
    close,
  };
}

function rulesInItsPlace({ onFallback }: ScoreModelOptions, reason: FallbackReason): ScoreModel {
  return {
    name: fallbackName,
    healthy: false,
    async score(facts) {
      if (facts.length > 0) onFallback?.(reason, facts.length);
      return facts.map(scoreByRules);
    },
    async close() {},
  };
}

function reasonOf(answer: Exclude<Answer, { ok: true }>): FallbackReason {
  return answer.why === 'failed' ? 'run-failed' : 'process-lost';
}

function matrixOf(rows: readonly Features[]): Float32Array {
  const matrix = new Float32Array(rows.length * featureNames.length);
  rows.forEach((row, i) =>
    featureNames.forEach((name, j) => (matrix[i * featureNames.length + j] = row[name] ?? Number.NaN)),
  );
  return matrix;
}

/**
 * One row as a score, or null when it is unsound. The model's own log-odds and value are only compared: their last bits depend
 * on how a batch is cut into vector instructions, those of the contributions do not.
 */
function scoreOfRow(name: string, features: Features, outputs: Outputs, row: number): Score | null {
  const width = featureNames.length;
  const contributions = outputs['contributions']?.subarray(row * width, (row + 1) * width) ?? [];
  const confidence = outputs['confidence']?.[row] ?? Number.NaN;
  const score = scoreFrom(name, features, contributions, confidence);
  const near = (found: number | undefined, wanted: number, tolerance: number): boolean =>
    found !== undefined && Math.abs(found - wanted) <= tolerance;
  const sound =
    near(outputs['logOdds']?.[row], logOddsOf(score), 1e-4) &&
    near(outputs['value']?.[row], score.value, 1e-2) &&
    confidence >= 0 &&
    confidence <= 1;
  return sound ? score : null;
}
