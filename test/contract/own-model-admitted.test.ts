import { afterAll, describe, expect, it } from '@jest/globals';
import { admitModel, createOwnModels } from '../../activities/own-models.ts';
import type { OwnModel } from '../../domain/ports/scores.ts';
import { readTrainedFile } from '../../domain/scoring/onnx/trained-file.ts';
import type { TrainedModel } from '../../domain/scoring/trainer/train-model.ts';
import { sha256 } from '../../integrations/onnx/model-file.ts';
import { createScoring } from '../../integrations/onnx/scoring.ts';
import { recordingLog } from '../support/ghl-crm.ts';
import { enough, madeUpTrained, ownModel, withColumns } from '../support/own-model.ts';
import { watchedEngine } from '../support/scoring-engine.ts';

/** Which files are let in as models of a team's leads, and which of those that were may still speak. */

const { engine } = watchedEngine({}, () => undefined);
const scoring = createScoring(engine);
afterAll(() => engine.close());

const trained = madeUpTrained(1);
const timeline = trained.encoder.columns.find(({ feature }) => feature.startsWith('moveTimeline@'))!.feature;
const capture: TrainedModel = { ...trained, schema: { ...trained.schema, decisionStage: 'capture' } };
const misread = withColumns(trained, (encoding) =>
  encoding.feature === timeline ? { kind: 'number', feature: timeline } : encoding,
);
const otherSchema: TrainedModel = {
  ...trained,
  schema: { ...trained.schema, features: trained.schema.features.slice(1) },
};

async function admit(model: OwnModel): Promise<readonly string[]> {
  const added: string[] = [];
  const scores = { addModel: async (_: string, { modelHash }: OwnModel) => void added.push(modelHash) };
  const rescoring = { tell: () => Promise.resolve() };
  await admitModel({ scores, scoring, rescoring, sha256, now: () => new Date() }, 'loc', {
    ...model,
    evidence: enough,
  });
  return added;
}

describe('a model that is let in', () => {
  it('was made of what is registered today, for the stage that it tells', async () => {
    const own = ownModel('leads-1', trained);
    expect(readTrainedFile(own.file).stage).toBe('contact');
    expect(await admit(own)).toEqual([own.modelHash]);
    const early = ownModel('leads-1', madeUpTrained(1, 'capture'));
    expect(readTrainedFile(early.file).stage).toBe('capture');
    expect(await admit(early)).toEqual([early.modelHash]);
  });

  it.each([
    ['was made for another schema', otherSchema, 'schema_hash'],
    ['looks at what is known only after its stage', capture, `${timeline}: it is known at contact`],
    ['reads words as numbers', misread, `${timeline}: it is a category and is read as a number`],
  ])('is none that %s', async (_, model, why) => {
    const refused = expect.objectContaining({ code: 'MODEL_DAMAGED', message: expect.stringContaining(why) });
    await expect(admit(ownModel('leads-1', model))).rejects.toEqual(refused);
  });
});

describe('a model that was let in before', () => {
  it.each([
    ['looks at what is known only after its stage', capture],
    ['reads words as numbers', misread],
  ])('speaks no more where it %s, and the rules stand in', async (_, model) => {
    const own = ownModel('leads-1', model);
    const log = recordingLog();
    const models = createOwnModels({ scores: { model: async () => own }, scoring, log });
    expect(await models.ready('loc', own.modelHash)).toBeNull();
    expect((await models.voice('loc', own.modelHash))?.model.name).toBe('leads-1');
  });
});
