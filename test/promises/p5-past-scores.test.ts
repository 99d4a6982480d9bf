import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LeadRef } from '../../domain/glossary.ts';
import type { LeadScorer, OwnModel, PastScore } from '../../domain/ports/scores.ts';
import type { Score } from '../../domain/scoring/score.ts';
import { logOddsOf } from '../../domain/scoring/scorecard.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { calledBefore, enough, madeUpModel, madeUpTrained, ownModel, tooLittle } from '../support/own-model.ts';
import { installLocation, newRef } from '../support/records.ts';
import { later, NOW, openSite, scoreWorld, type ScoreWorld, storeLead, view } from '../support/score-world.ts';
import { testSealing } from '../support/tokens.ts';

/** P5: a score is explained, exactly, by what was stored with it, when another model speaks and other things are known. */

let db: TestDatabase;
let world: ScoreWorld;
let first: OwnModel;
let second: OwnModel;
let ref: LeadRef;

beforeAll(async () => {
  db = await createTestDatabase();
  world = scoreWorld(db);
  [first, second] = [madeUpModel('leads-1', 1), madeUpModel('leads-2', 2)];
});
afterAll(async () => {
  await world.close();
  await db.drop();
});
beforeEach(async () => {
  ref = newRef();
  await installLocation(createLocationStore(db.tenants, testSealing()), ref.locationId);
  await openSite(db, ref.locationId);
  await storeLead(db, ref);
});

const rescore = (asOf: string, more: object = {}): ReturnType<LeadScorer['rescore']> =>
  world.scorer.rescore(ref.locationId, [ref.contactId], { asOf, ...more });
const past = (): Promise<readonly PastScore[]> => world.scores.past(ref, 10);
const explain = ({ trace }: PastScore): Promise<Score> => world.scorer.explain(ref.locationId, trace);
/** What was said then, as far as it is stored. */
const said = ({ value, probability, confidence, tier, model }: Score): object => ({
  ...{ value, confidence, tier, model },
  ...(probability === undefined ? {} : { probability }),
});

describe('a past score', () => {
  it('is explained as it was when another model has taken over and more is known of the lead', async () => {
    await world.admit(ref.locationId, first, enough);
    await rescore(NOW);
    const [then] = await past();
    const before = await explain(then!);

    await world.admit(ref.locationId, second, enough);
    expect(world.told.filter((told) => told === ref.locationId)).toHaveLength(2);
    await view(db, ref, 15);
    await rescore(later(60));

    const [now, still] = await past();
    expect([now!.trace.model, still!.trace.model]).toEqual(['leads-2', 'leads-1']);
    expect(now!.trace.modelHash).toBe(second.modelHash);
    expect(still).toEqual(then);
    const after = await explain(still!);
    expect(after).toEqual(before);
    expect(said(after)).toEqual({ ...still!.score, model: 'leads-1' });
    expect(100 / (1 + Math.exp(-logOddsOf(after)))).toBeCloseTo(still!.score.value, 9);
    expect(after.reasons.find(({ feature }) => feature === 'homesViewed')?.value).toBe(3);
    expect((await explain(now!)).reasons.find(({ feature }) => feature === 'homesViewed')?.value).toBe(18);
  });

  it('is worked out once, however often and whichever way it is asked for', async () => {
    await world.admit(ref.locationId, first, enough);
    await view(db, ref, 7);
    await rescore(NOW);
    const [then] = await past();
    const before = world.worked();
    const told = await explain(then!);
    expect(world.worked()).toBe(before + 1);
    expect(await explain(then!)).toEqual(told);
    const asked = { asOf: then!.trace.asOf, reasons: true };
    const [now] = await world.scorer.stored(ref.locationId, [ref.contactId], asked);
    expect(now!.score).toEqual(told);
    expect(world.worked()).toBe(before + 1);
    await view(db, ref, 15);
    await world.scorer.stored(ref.locationId, [ref.contactId], { ...asked, asOf: later(60) });
    expect(world.worked()).toBe(before + 2);
  });

  it('is explained by the rules where they spoke', async () => {
    await rescore(NOW);
    await world.admit(ref.locationId, first, enough);
    await rescore(later(60));
    const [now, then] = await past();
    expect(now!.trace.model).toBe('leads-1');
    const score = await explain(then!);
    expect(said(score)).toEqual({ ...then!.score, model: 'scorecard-1' });
    expect(100 / (1 + Math.exp(-logOddsOf(score)))).toBeCloseTo(then!.score.value, 9);
    expect(score.reasons.find(({ feature }) => feature === 'timeline')).toMatchObject({ value: Math.fround(0.7) });
  });

  it('is explained where a feature of its model has risen a version since, and that model speaks no more', async () => {
    const trained = madeUpTrained(1);
    await world.admit(ref.locationId, ownModel('leads-1', trained), enough);
    await rescore(NOW);
    const [today] = await past();
    const expected = await explain(today!);
    expect(expected.reasons.map(({ feature }) => feature)).toContain('homesViewed');

    // As all of it would stand there if what is `homesViewed@1` today had been `homesViewed@0` then.
    const old = ownModel('leads-1', calledBefore(trained, 'homesViewed@1', 'homesViewed@0'));
    const addedAt = new Date().toISOString();
    await world.scores.addModel(ref.locationId, { ...old, evidence: enough, speaks: true, addedAt });
    const [at, changed] = [[ref.locationId], [ref.locationId, old.modelHash]];
    await db.pool.query('update score_history set model_hash = $2 where location_id = $1', changed);
    await db.pool.query(
      `update feature_sets set features = replace(features::text, 'homesViewed@1', 'homesViewed@0')::jsonb where location_id = $1`,
      at,
    );
    const [then] = await past();
    expect(then!.trace.features).toContain('homesViewed@0');
    expect(await explain(then!)).toEqual(expected);

    await rescore(later(60));
    expect((await past())[0]!.trace).toMatchObject({ model: 'rules-fallback', modelHash: null });
    expect(await explain(then!)).toEqual(expected);
  });

  it('is refused, and not guessed, where a feature has changed its meaning since', async () => {
    await world.admit(ref.locationId, first, enough);
    await rescore(NOW);
    await db.pool.query(
      `update feature_sets set features = replace(features::text, 'homesViewed@1', 'homesViewed@7')::jsonb where location_id = $1`,
      [ref.locationId],
    );
    const [then] = await past();
    await expect(explain(then!)).rejects.toThrow('the stored facts lack homesViewed@1');
  });

  it('stays: the product may add scores and models, and change or take away none', async () => {
    await world.admit(ref.locationId, first, enough);
    await rescore(NOW);
    const place = db.tenants.at(ref.locationId);
    for (const statement of [
      'update score_history set value = 1',
      'delete from score_history',
      `update score_models set file = ''`,
      'delete from score_models',
      'delete from feature_sets',
    ]) {
      await expect(place.query(statement)).rejects.toThrow('permission denied');
    }
  });
});

describe('who speaks', () => {
  it('is the rules while too little speaks for the model, and they say so', async () => {
    expect(await world.admit(ref.locationId, first, tooLittle)).toMatchObject({
      speaks: 'rules',
      why: 'too-few-leads',
    });
    expect(world.told).not.toContain(ref.locationId);
    await rescore(NOW);
    expect((await past())[0]?.trace).toMatchObject({ model: 'scorecard-1', modelHash: null });
  });

  it('is the rules, flagged, where the stored file is damaged', async () => {
    await world.admit(ref.locationId, first, enough);
    await db.pool.query(`update score_models set file = substring(file for 1000) where location_id = $1`, [
      ref.locationId,
    ]);
    await rescore(NOW);
    expect((await past())[0]?.trace).toMatchObject({ model: 'rules-fallback', modelHash: null });
  });
});
