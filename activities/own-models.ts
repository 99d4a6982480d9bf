import { setImmediate as turn } from 'node:timers/promises';
import type { Log } from '../domain/ports/log.ts';
import type { OwnModel, Rescoring, ScoreStore } from '../domain/ports/scores.ts';
import type { Scoring, TreeScorer } from '../domain/ports/scoring.ts';
import { AppError, isAppError } from '../domain/errors.ts';
import { type Evidence, type Speaker, speakerFor } from '../domain/scoring/cold-start.ts';
import { leadSchema, refusedIn } from '../domain/scoring/lead-model.ts';
import type { LeadModel } from '../domain/scoring/model-score.ts';
import { featureOrder, readTrainedFile, schemaBytes, type StoredModel } from '../domain/scoring/onnx/trained-file.ts';
import { type Voice, voiceOf } from '../domain/scoring/voice.ts';

/** A location's own model, ready to speak. */
export interface OwnVoice {
  readonly modelHash: string;
  readonly voice: Voice;
  readonly scorer: TreeScorer;
}

export interface OwnModels {
  /**
   * The one that speaks. Null: its file cannot be used, or looks at what it must not by now, and the rules have to stand in.
   * @throws AppError SCORING_LOST, STORE_AWAY: it may be over the next time
   */
  ready(locationId: string, modelHash: string): Promise<OwnVoice | null>;
  /**
   * One that spoke once, to explain what it said: whatever became of its features since, and without the scoring process. Null: its file
   * cannot be used.
   * @throws AppError STORE_AWAY
   */
  voice(locationId: string, modelHash: string): Promise<Voice | null>;
}

/** So many models stay loaded; each is some megabytes, and the one that was not asked for the longest time goes first. */
const AT_ONCE = 32;

interface Deps {
  readonly scores: Pick<ScoreStore, 'model'>;
  readonly scoring: Pick<Scoring, 'open'>;
  readonly log: Log;
}

/** Models by the hash of their file: it is the same for ever, so what is loaded is never out of date. */
export function createOwnModels({ scores, scoring, log }: Deps): OwnModels {
  const files = recent(async (locationId, modelHash) => {
    const stored = await scores.model(locationId, modelHash);
    if (stored === undefined) throw damaged('its file is not stored');
    // Bytes that are no model never will be one; whatever else it was may be over the next time.
    return orNull(locationId, modelHash, async () => readFile(stored));
  });
  const sessions = recent(
    async (locationId, modelHash) => {
      const read = await files(locationId, modelHash);
      const may = read && (await orNull(locationId, modelHash, async () => admissible(read)));
      return may && serve(scoring, may);
    },
    (own) => own?.scorer.close(),
  );

  async function orNull<T>(locationId: string, modelHash: string, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      if (!isAppError(error) || error.code !== 'MODEL_DAMAGED') throw error;
      log.warn({ err: error, locationId, modelHash }, 'a location’s own model cannot be used');
      return null;
    }
  }

  return {
    ready: (locationId, modelHash) => orNull(locationId, modelHash, () => sessions(locationId, modelHash)),
    voice: async (locationId, modelHash) => {
      const read = await orNull(locationId, modelHash, () => files(locationId, modelHash));
      return read?.voice ?? null;
    },
  };
}

/**
 * Makes one for each model, and keeps those that were asked for last. What failed is made again.
 * @param done  told of each that goes
 */
function recent<T>(
  make: (locationId: string, modelHash: string) => Promise<T>,
  done: (one: T) => unknown = () => undefined,
): (locationId: string, modelHash: string) => Promise<T> {
  const kept = new Map<string, Promise<T>>();
  return (locationId, modelHash) => {
    const key = `${locationId} ${modelHash}`;
    const before = kept.get(key);
    const one = before ?? make(locationId, modelHash);
    kept.delete(key);
    kept.set(key, one);
    if (before === undefined) one.catch(() => kept.get(key) === one && kept.delete(key));
    const [oldest] = kept;
    if (kept.size > AT_ONCE && oldest !== undefined) {
      kept.delete(oldest[0]);
      // Whoever was given it this moment has still to ask it; what is asked by then is answered first.
      oldest[1].then((gone) => turn().then(() => done(gone))).catch(() => undefined);
    }
    return one;
  };
}

/** A file as a model of leads. */
interface ReadFile {
  readonly stored: OwnModel;
  readonly about: StoredModel['about'];
  /** Files of before do not tell it: they are asked as of contact, when most may be known. */
  readonly stage: NonNullable<StoredModel['stage']>;
  readonly voice: Voice;
}

/** @throws AppError MODEL_DAMAGED for what is no model of leads */
function readFile(stored: OwnModel): ReadFile {
  const { about, stage, trees, encoder, calibrator, baseRate } = readTrainedFile(stored.file);
  if (calibrator === null || baseRate === null) throw damaged('it tells values, and no chances');
  const model: LeadModel = { name: stored.name, trees, encoder, calibrator, baseRate };
  return { stored, about, stage: stage ?? 'contact', voice: voiceOf(model) };
}

/** @throws AppError MODEL_DAMAGED for one that looks at what it must not, or reads it as what it is not */
function admissible(read: ReadFile): ReadFile {
  const refused = refusedIn(read.voice.model, read.stage);
  if (refused.length > 0) throw damaged(refused.map(({ feature, why }) => `${feature}: ${why}`).join('; '));
  return read;
}

/** @param schemaHash  the expected one; that of the file where its bytes are known to be those that were admitted */
async function serve(
  scoring: Pick<Scoring, 'open'>,
  { stored, about, voice }: ReadFile,
  schemaHash = about.schemaHash,
): Promise<OwnVoice> {
  const { file, modelHash } = stored;
  const scorer = await scoring.open(file, {
    ...{ sha256: modelHash, schemaHash },
    featureOrder: featureOrder(voice.model.encoder),
  });
  return { modelHash, voice, scorer };
}

function damaged(detail: string): AppError {
  return new AppError('MODEL_DAMAGED', `The model cannot be used: ${detail}.`);
}

/**
 * Takes in a model of a location's own leads. It speaks from then on, and all leads are scored anew, if what it showed on later leads is
 * enough; else it is kept, and the rules, or the model before it, go on.
 * @throws AppError MODEL_DAMAGED for one that was not made of today's features, or is no model of leads
 */
export async function admitModel(
  deps: {
    readonly scores: Pick<ScoreStore, 'addModel'>;
    readonly scoring: Pick<Scoring, 'open'>;
    readonly rescoring: Pick<Rescoring, 'tell'>;
    readonly now: () => Date;
    readonly sha256: (data: Uint8Array) => string;
  },
  locationId: string,
  model: OwnModel & { readonly evidence: Evidence },
): Promise<Speaker> {
  const read = admissible(readFile(model));
  const { scorer } = await serve(deps.scoring, read, deps.sha256(schemaBytes(leadSchema(read.stage))));
  await scorer.close();
  const speaker = speakerFor(model.evidence);
  await deps.scores.addModel(locationId, {
    ...model,
    speaks: speaker.speaks === 'model',
    addedAt: deps.now().toISOString(),
  });
  if (speaker.speaks === 'model') await deps.rescoring.tell(locationId);
  return speaker;
}
