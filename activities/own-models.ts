import type { Log } from '../domain/ports/log.ts';
import type { OwnModel, Rescoring, ScoreStore } from '../domain/ports/scores.ts';
import type { Scoring, TreeScorer } from '../domain/ports/scoring.ts';
import { AppError, isAppError } from '../domain/errors.ts';
import { type Evidence, type Speaker, speakerFor } from '../domain/scoring/cold-start.ts';
import { refusedIn } from '../domain/scoring/lead-model.ts';
import type { LeadModel } from '../domain/scoring/model-score.ts';
import { readTrainedFile } from '../domain/scoring/trained-file.ts';
import { type Voice, voiceOf } from '../domain/scoring/voice.ts';

/** A location's own model, ready to speak. */
export interface OwnVoice {
  readonly modelHash: string;
  readonly voice: Voice;
  readonly scorer: TreeScorer;
}

export interface OwnModels {
  /**
   * Null: its file cannot be used, and the rules have to stand in.
   * @throws AppError SCORING_LOST, STORE_AWAY: it may be over the next time
   */
  ready(locationId: string, modelHash: string): Promise<OwnVoice | null>;
}

/** So many models stay loaded; each is some megabytes, and the one that was not asked for the longest time goes first. */
const AT_ONCE = 32;

/** Models by the hash of their file: it is the same for ever, so what is loaded is never out of date. */
export function createOwnModels(deps: {
  readonly scores: Pick<ScoreStore, 'model'>;
  readonly scoring: Pick<Scoring, 'open'>;
  readonly log: Log;
}): OwnModels {
  const loaded = new Map<string, Promise<OwnVoice | null>>();

  async function load(key: string, locationId: string, modelHash: string): Promise<OwnVoice | null> {
    let forEver = false;
    try {
      const stored = await deps.scores.model(locationId, modelHash);
      if (stored === undefined) {
        throw new AppError('MODEL_DAMAGED', 'The model cannot be used: its file is not stored.');
      }
      forEver = true;
      const read = leadModelOf(stored.file, stored.name);
      forEver = false;
      return await serve(deps.scoring, stored, read);
    } catch (error) {
      // Bytes that are no model never will be one; whatever else it was may be over the next time.
      if (!forEver) loaded.delete(key);
      if (!isAppError(error) || error.code !== 'MODEL_DAMAGED') throw error;
      deps.log.warn({ err: error, locationId, modelHash }, 'a location’s own model cannot be used; the rules speak');
      return null;
    }
  }

  return {
    ready(locationId, modelHash) {
      const key = `${locationId} ${modelHash}`;
      const ready = loaded.get(key) ?? load(key, locationId, modelHash);
      loaded.delete(key);
      loaded.set(key, ready);
      const [oldest] = loaded;
      if (loaded.size > AT_ONCE && oldest !== undefined) {
        loaded.delete(oldest[0]);
        oldest[1].then((own) => own?.scorer.close()).catch(() => undefined);
      }
      return ready;
    },
  };
}

async function serve(
  scoring: Pick<Scoring, 'open'>,
  { modelHash, file }: OwnModel,
  { model, about }: ReturnType<typeof leadModelOf>,
): Promise<OwnVoice> {
  const { schemaHash, featureOrder } = about;
  const scorer = await scoring.open(file, { sha256: modelHash, schemaHash, featureOrder });
  return { modelHash, voice: voiceOf(model), scorer };
}

/** A file as a model of leads. @throws AppError MODEL_DAMAGED for what is none, or looks at what it must not */
function leadModelOf(file: Uint8Array, name: string) {
  const { about, trees, encoder, calibrator, baseRate } = readTrainedFile(file);
  if (calibrator === null || baseRate === null) {
    throw new AppError('MODEL_DAMAGED', 'The model cannot be used: it tells values, and no chances.');
  }
  const model: LeadModel = { name, trees, encoder, calibrator, baseRate };
  const refused = refusedIn(model, 'contact');
  if (refused.length > 0) {
    const why = refused.map(({ feature, why: because }) => `${feature}: ${because}`).join('; ');
    throw new AppError('MODEL_DAMAGED', `The model cannot be used: ${why}.`);
  }
  return { model, about };
}

/**
 * Takes in a model of a location's own leads. It speaks from then on, and all leads are scored anew, if what it showed on later leads is
 * enough; else it is kept, and the rules, or the model before it, go on.
 */
export async function admitModel(
  deps: {
    readonly scores: Pick<ScoreStore, 'addModel'>;
    readonly scoring: Pick<Scoring, 'open'>;
    readonly rescoring: Pick<Rescoring, 'tell'>;
    readonly now: () => Date;
  },
  locationId: string,
  model: OwnModel & { readonly evidence: Evidence },
): Promise<Speaker> {
  const { scorer } = await serve(deps.scoring, model, leadModelOf(model.file, model.name));
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
