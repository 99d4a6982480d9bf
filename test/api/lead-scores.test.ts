import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { enough, madeUpModel } from '../support/own-model.ts';
import { type ApiWorld, LOCATION, startApiWorld } from '../support/api-world.ts';
import { later, NOW } from '../support/score-world.ts';

/** A location with a model of its own, as its scores are shown and asked for. */

let world: ApiWorld;
const model = madeUpModel('leads-1', 1);

beforeAll(async () => {
  world = await startApiWorld();
  await world.scores.addModel(LOCATION, { ...model, evidence: enough, speaks: true, addedAt: NOW });
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.pool.query('delete from leads');
  for (const contactId of ['ann', 'ben']) {
    await world.pool.query(
      `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, qualification) values ($1, $2, $3, $3, $3, $4)`,
      [
        ...[LOCATION, contactId, later(-60)],
        JSON.stringify({
          timeline: { value: contactId === 'ann' ? 'immediate' : 'exploring', at: later(-60), from: 'x' },
        }),
      ],
    );
  }
});

type Shown = {
  readonly value: number;
  readonly baseline?: number;
  readonly model: string;
  readonly probability: number;
  readonly reasons?: readonly { readonly feature: string; readonly contribution: number; readonly words: string }[];
  readonly says: string;
  readonly unsure?: { readonly ask: string | null };
  readonly recommendations: readonly object[];
};

async function asked(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const answer = await world.api(method, path, body);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Record<string, unknown>;
}
const scoresOf = async (leads: readonly object[], reasons = true): Promise<readonly Shown[]> =>
  (await asked('POST', '/api/score', { leads, reasons }))['scores'] as Shown[];
const lead = (contactId: string, id = contactId): object => ({ id, locationId: LOCATION, contactId });

const shown = async (contactId: string): Promise<Shown> =>
  (await asked('GET', `/api/leads/${LOCATION}/${contactId}`))['score'] as Shown;
const scoredNow = async (contactId: string): Promise<Shown> =>
  (await asked('POST', `/api/leads/${LOCATION}/${contactId}/score`, {}))['score'] as Shown;
/** A lead that has just come, and of whom nobody has told anything. */
const nothingKnown = (): Promise<unknown> =>
  world.pool.query(
    `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at) values ($1, 'nil', $2, $2, $2)`,
    [LOCATION, NOW],
  );

describe('POST /api/score', () => {
  it('answers stored leads by the location’s own model and facts by the rules, each saying who spoke, in the order asked', async () => {
    const scores = await scoresOf([
      lead('ben'),
      { id: 'facts', timeline: 'immediate' },
      lead('ann'),
      lead('ben', 'again'),
    ]);
    expect(scores).toMatchObject([
      { id: 'ben', model: 'leads-1' },
      { id: 'facts', model: expect.stringMatching(/^scorecard/) },
      { id: 'ann', model: 'leads-1' },
      { id: 'again', model: 'leads-1' },
    ]);
    expect(scores[3]).toEqual({ ...scores[0], id: 'again' });
    expect(scores[2]!.value).toBeGreaterThan(scores[0]!.value);
    for (const { value, baseline, reasons } of scores) {
      const logOdds = reasons!.reduce((sum, { contribution }) => sum + contribution, baseline!);
      expect(value).toBeCloseTo(100 / (1 + Math.exp(-logOdds)), 1);
    }
    expect((await scoresOf([lead('ann')], false))[0]).not.toHaveProperty('reasons');
  });

  it('answers a thousand leads as it answers each of them', async () => {
    const many = await scoresOf(Array.from({ length: 1_000 }, (_one, i) => lead(i % 2 === 0 ? 'ann' : 'ben', `${i}`)));
    const [alone] = await scoresOf([lead('ben', '999')]);
    expect(many).toHaveLength(1_000);
    expect(many[999]).toEqual(alone);
  });
});

describe('a score that cannot tell', () => {
  it('says so and asks, for facts as for stored leads', async () => {
    const ask = { unsure: { ask: 'How soon would you like to move?' } };
    expect(await scoresOf([{}, { timeline: 'soon' }], false)).toMatchObject([
      ask,
      { unsure: { ask: expect.any(String) } },
    ]);
    const sure = {
      emailsSent: 1,
      emailOpens: 1,
      emailClicks: 1,
      responseHours: [0.5],
      timeline: 'asap',
      source: 'referral',
    };
    expect((await scoresOf([sure]))[0]).not.toHaveProperty('unsure');
  });

  it('is the same whether a lead is looked at, was scored in a pass, or is scored now', async () => {
    await nothingKnown();
    await world.scorer.rescore(LOCATION, ['nil'], { asOf: NOW });
    const [asked] = await scoresOf([lead('nil')]);
    expect(asked!.unsure!.ask).toMatch(/\?$/);
    expect((await scoresOf([lead('nil')], false))[0]).toMatchObject({ confidence: 0.3, unsure: { ask: null } });
    const ofOwn = [await shown('nil'), await scoredNow('nil')];
    for (const { unsure } of ofOwn) expect(unsure).toEqual(asked!.unsure);
    await world.scores.silence(LOCATION);
    try {
      await world.scorer.rescore(LOCATION, ['nil'], { asOf: later(1) });
      const ofRules = [await shown('nil'), await scoredNow('nil'), (await scoresOf([lead('nil')], false))[0]!];
      for (const { unsure, value } of ofRules) {
        expect([value, unsure]).toEqual([50, { ask: 'How soon would you like to move?' }]);
      }
      expect(ofRules[0]!.says).toBe(
        'By the rules, not by your own results: 50 of 100, cold. Your own model did not speak when this was scored. ' +
          'Not enough is known to tell; ask: How soon would you like to move?',
      );
      expect(ofRules[0]!.recommendations).toEqual([
        { does: 'Ask: How soon would you like to move?', withinHours: null, because: null },
        { does: 'Leave it to the follow-up sequences', withinHours: null, because: null },
      ]);
    } finally {
      await world.scores.addModel(LOCATION, { ...model, evidence: enough, speaks: true, addedAt: NOW });
    }
  });
});

describe('a lead', () => {
  it('says who speaks, each reason in words, and what to do', async () => {
    await world.scorer.rescore(LOCATION, ['ann'], { asOf: NOW });
    await world.pool.query(
      `update leads set qualification = qualification || '{"side":{"value":"sell","at":"2026-01-01T00:00:00Z","from":"x"}}' where contact_id = 'ann'`,
    );
    for (const score of [await shown('ann'), await scoredNow('ann')]) {
      expect(score.says).toMatch(
        /^By your team’s own closed leads: of leads like this about \d in \d+ (?:is|are) won\./,
      );
      expect(score.reasons!.find(({ feature }) => feature === 'moveTimeline')!.words).toBe(
        'wants to move within a month',
      );
      expect(score).toMatchObject({ raises: expect.arrayContaining(['wants to move within a month']) });
      expect(score.recommendations.length).toBeGreaterThan(0);
    }
  });

  it('shows the score of a pass with its reasons, which are made when somebody asks', async () => {
    await world.scorer.rescore(LOCATION, ['ann'], { asOf: NOW });
    const { rows } = await world.pool.query(
      `select score_detail -> 'reasons' as reasons from leads where contact_id = 'ann'`,
    );
    expect(rows[0].reasons).toEqual([]);
    const { score } = (await asked('GET', `/api/leads/${LOCATION}/ann`)) as { score: Shown };
    expect(score).toMatchObject({ model: 'leads-1', scoredAt: NOW, probability: expect.any(Number) });
    expect(score.reasons!.length).toBeGreaterThan(3);
    expect(score.reasons!.find(({ feature }) => feature === 'moveTimeline')).toMatchObject({ value: 'immediate' });
  });

  it('shows its score without reasons where they could only be guessed', async () => {
    await world.scorer.rescore(LOCATION, ['ben'], { asOf: NOW });
    await world.pool.query(
      `update feature_sets set features = regexp_replace(features::text, 'moveTimeline@[0-9]', 'moveTimeline@0')::jsonb`,
    );
    const { score } = (await asked('GET', `/api/leads/${LOCATION}/ben`)) as { score: Shown };
    expect(score).toMatchObject({ model: 'leads-1', reasons: [] });
  });
});
