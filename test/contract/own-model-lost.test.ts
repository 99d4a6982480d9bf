import type { ChildProcess } from 'node:child_process';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ANSWER_MS, createLeadScorer } from '../../activities/lead-scorer.ts';
import { createOwnModels } from '../../activities/own-models.ts';
import { AppError } from '../../domain/errors.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { OwnModel } from '../../domain/ports/scores.ts';
import type { Scoring, TreeScorer } from '../../domain/ports/scoring.ts';
import { scoreByRules } from '../../domain/scoring/scorecard.ts';
import { readTrainedFile } from '../../domain/scoring/onnx/trained-file.ts';
import { createLeadStore } from '../../integrations/postgres/leads.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { recordingLog } from '../support/ghl-crm.ts';
import { enough, madeUpModel } from '../support/own-model.ts';
import { installLocation, leadRules, newRef } from '../support/records.ts';
import { NOW, scoreWorld, type ScoreWorld, storeLead } from '../support/score-world.ts';
import { standStill } from '../support/stand-still.ts';
import { testSealing } from '../support/tokens.ts';
import { until } from '../support/until.ts';

/** A location with a model of its own, and what befalls the process that it runs in. */

let db: TestDatabase;
let world: ScoreWorld;
let ref: LeadRef;
let children: ChildProcess[];
/** Whether a scoring process dies as it starts. */
let dying: boolean;
const model = madeUpModel('leads-1', 1);

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  children = [];
  dying = false;
  const started = (child: ChildProcess): void => {
    children.push(child);
    if (dying) child.kill('SIGKILL');
  };
  world = scoreWorld(db, started, ANSWER_MS);
  ref = newRef();
  await installLocation(createLocationStore(db.tenants, testSealing()), ref.locationId);
  await storeLead(db, ref);
  await world.scores.addModel(ref.locationId, { ...model, evidence: enough, speaks: true, addedAt: NOW });
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await world.close();
});

const factsOf = () => createLeadStore(db.tenants, leadRules).scoreFacts(ref, NOW);
const one = async () => world.scorer.one(ref, await factsOf(), { createdAt: NOW, answers: {} });
const stored = async () => (await world.scorer.stored(ref.locationId, [ref.contactId], { asOf: NOW }))[0]!;
const rescore = () => world.scorer.rescore(ref.locationId, [ref.contactId], { asOf: NOW });
const standing = async () => (await createLeadStore(db.tenants, leadRules).load(ref))?.score?.model;
/** Every process from now on, and the one there is. */
function endAll(): void {
  dying = true;
  for (const child of children) child.kill('SIGKILL');
}

describe('a process that dies under a location’s own model', () => {
  it.each([
    ['before the model is loaded', false],
    ['with the model loaded', true],
  ])('leaves the word to the rules, flagged, for one lead and for those asked for: %s', async (_, loaded) => {
    if (loaded) expect((await stored()).score.model).toBe('leads-1');
    endAll();
    const byRules = scoreByRules(await factsOf());
    const given = await one();
    expect(given.score).toMatchObject(byRules);
    expect(given.kept).toMatchObject({ model: 'rules-fallback', modelHash: null });
    expect((await stored()).score).toEqual(byRules);
    dying = false;
    // A process that died so often is left alone for a moment.
    await until(async () => (await one()).score.model === 'leads-1');
    expect((await stored()).score.model).toBe('leads-1');
  });

  it('speaks at once in its next life', async () => {
    expect((await stored()).score.model).toBe('leads-1');
    children[0]!.kill('SIGKILL');
    expect([(await stored()).score.model, children.length]).toEqual(['leads-1', 2]);
  });

  it.each([
    ['before the model is loaded', false],
    ['with the model loaded', true],
  ])('fails a pass, which writes nothing and is made again: %s', async (_, loaded) => {
    if (loaded) await stored();
    endAll();
    await expect(rescore()).rejects.toMatchObject({ code: 'SCORING_LOST' });
    expect([await standing(), await world.scores.past(ref, 5)]).toEqual([undefined, []]);
    dying = false;
    expect((await rescore()).changed).toEqual([ref.contactId]);
    expect(await standing()).toBe('leads-1');
  });

  it('holds a lead’s event no longer than the rules can wait when it hangs', async () => {
    await one();
    await standStill(children[0]!);
    expect((await one()).score.model).toBe('rules-fallback');
    // Nobody has found out yet that it hangs.
    expect([children.length, children[0]!.signalCode]).toEqual([1, null]);
  });
});

describe('a model that makes room for others', () => {
  it('goes no sooner than whoever was given it has asked it', async () => {
    let closed = 0;
    const open: Scoring['open'] = async () => {
      let gone = false;
      return {
        about: readTrainedFile(model.file).about,
        score: async (_matrix, rows) => ({
          margin: new Float64Array(rows).fill(gone ? Number.NaN : 1),
          probability: null,
        }),
        close: async () => {
          [gone, closed] = [true, closed + 1];
        },
      };
    };
    const own = createOwnModels({ scores: { model: async () => model }, scoring: { open }, log: recordingLog() });
    const said = Array.from({ length: 40 }, async (_, i) => {
      const given = await own.ready(`location-${i}`, model.modelHash);
      return (await given!.scorer.score(new Float32Array(), 1)).margin[0];
    });
    expect(await Promise.all(said)).toEqual(Array.from({ length: 40 }, () => 1));
    await until(() => closed === 8);
  });
});

describe('a model that cannot be loaded', () => {
  const opened: TreeScorer = {
    about: readTrainedFile(model.file).about,
    score: async (_matrix, rows) => ({ margin: new Float64Array(rows), probability: null }),
    close: () => Promise.resolve(),
  };

  /** @param answers  what the engine does with the file, one time after another */
  function models(file: OwnModel, ...answers: readonly (Error | TreeScorer)[]) {
    const read: string[] = [];
    const left = [...answers];
    const open: Scoring['open'] = async () => {
      const answer = left.shift()!;
      if (answer instanceof Error) throw answer;
      return answer;
    };
    const scores = { model: async (_: string, hash: string) => (read.push(hash), file) };
    const own = createOwnModels({ scores, scoring: { open }, log: recordingLog() });
    return { ...own, read, ready: () => own.ready(ref.locationId, file.modelHash) };
  }

  it('is tried again where the engine said no', async () => {
    const { ready } = models(model, new AppError('MODEL_DAMAGED', 'out of memory'), opened);
    expect(await ready()).toBeNull();
    expect((await ready())?.scorer).toBe(opened);
  });

  it('is tried again, and says why not, where the store or the process was away', async () => {
    const { ready } = models(model, new AppError('SCORING_LOST', 'it died'), opened);
    await expect(ready()).rejects.toMatchObject({ code: 'SCORING_LOST' });
    expect((await ready())?.scorer).toBe(opened);
  });

  it('is read once where its bytes are no model, and the rules speak in a pass', async () => {
    const { read, ready } = models({ ...model, file: model.file.slice(0, 900) });
    expect([await ready(), await ready(), read]).toEqual([null, null, [model.modelHash]]);
    await db.pool.query('update score_models set file = $2 where location_id = $1', [
      ref.locationId,
      Buffer.from(model.file.slice(0, 900)),
    ]);
    await rescore();
    expect(await standing()).toBe('rules-fallback');
  });

  it('lets others have their turn while it gives the reasons of many', async () => {
    const ids = Array.from({ length: 40 }, (_one, i) => `lead-${i}`);
    for (const contactId of ids) await storeLead(db, { ...ref, contactId });
    let turns = 0;
    let counting = true;
    const count = (): unknown => counting && setImmediate(() => ((turns += 1), count()));
    const scorer: TreeScorer = { ...opened, score: (matrix, rows) => (count(), opened.score(matrix, rows)) };
    const own = models(model, scorer);
    const crm = { fieldIds: () => Promise.resolve({}) };
    const { stored: explained } = createLeadScorer({ scores: world.scores, own, model: world.rules, crm });
    const given = await explained(ref.locationId, ids, { asOf: NOW, reasons: true });
    counting = false;
    expect(given.every((lead) => lead!.score.reasons.length > 0)).toBe(true);
    expect(turns).toBeGreaterThanOrEqual(9);
  });
});
