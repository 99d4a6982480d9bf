import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Score } from '../../domain/scoring/score.ts';
import { logOddsOf } from '../../domain/scoring/scorecard.ts';
import { enough, madeUpModel } from '../support/own-model.ts';
import { db, ref, sends } from '../support/parts.ts';
import { beginScoredLead, closeScoreParts, openScoreParts, says, world } from '../support/score-parts.ts';
import { view } from '../support/score-world.ts';

beforeAll(openScoreParts);
afterAll(closeScoreParts);
beforeEach(beginScoredLead);

/** @returns the score that stands after a text of the lead */
async function scoreAfter(words: string): Promise<Score> {
  expect((await says(words)).decided).toBe(true);
  const lead = await sends.leads.load(ref);
  return lead!.score!;
}

describe('the score of an event', () => {
  it('is the rules’ where the location has no model of its own, and the event’s own words are among its facts', async () => {
    const score = await scoreAfter('Is it still for sale? My budget is 450k');
    expect(score).toMatchObject({ model: 'scorecard-1', unsure: { ask: expect.any(String) } });
    const [past] = await world.scores.past(ref, 5);
    expect(past?.score.value).toBe(score.value);
    const values = Object.fromEntries(past!.trace.features.map((feature, i) => [feature, past!.trace.values[i]]));
    expect(values).toMatchObject({ 'communication@2': expect.any(Number), 'budget@2': 450_000 });
  });

  it('is the location’s own model’s once it may speak, with reasons that add up, kept so that it can be made again', async () => {
    await world.admit(ref.locationId, madeUpModel('leads-1', 1), enough);
    await scoreAfter('Hello');
    await view(db, ref, 12);
    const score = await scoreAfter('I want to move within a month');
    expect(score).toMatchObject({ model: 'leads-1', probability: expect.any(Number) });
    expect(100 / (1 + Math.exp(-logOddsOf(score)))).toBeCloseTo(score.value, 9);
    expect(score.reasons.find(({ feature }) => feature === 'homesViewed')?.value).toBe(12);
    const [past, before] = await world.scores.past(ref, 5);
    expect(await world.scorer.explain(ref.locationId, past!.trace)).toEqual(score);
    expect(before?.trace.values).not.toEqual(past!.trace.values);
  });

  it('is the one that a pass over the location gives for the same facts, by the rules as well', async () => {
    await scoreAfter('Hello');
    await view(db, ref, 12);
    const byRules = await scoreAfter('My budget is 450k');
    const [told] = await world.scores.past(ref, 1);
    const at = { asOf: told!.trace.asOf };
    const [same] = await world.scorer.stored(ref.locationId, [ref.contactId], at);
    expect(same!.score.reasons).toEqual(byRules.reasons);
    expect(same!.score).toMatchObject({ value: byRules.value, confidence: byRules.confidence });
    const fit = byRules.reasons.find(({ feature }) => feature === 'budgetMatch');
    expect(fit?.value).toBe(Math.fround(400 / 450));

    await world.admit(ref.locationId, madeUpModel('leads-1', 1), enough);
    await scoreAfter('Hello');
    const { value } = await scoreAfter('Is it still for sale?');
    const [past] = await world.scores.past(ref, 1);
    const [again] = await world.scorer.stored(ref.locationId, [ref.contactId], { asOf: past!.trace.asOf });
    expect(again!.score.value).toBe(value);
    expect([...again!.kept.vector].map((one) => (Number.isNaN(one) ? null : one))).toHaveLength(
      past!.trace.values.length,
    );
  });
});
