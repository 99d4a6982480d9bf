import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createAtOnce } from '../../activities/at-once.ts';
import { createLeadActivities } from '../../activities/leads.ts';
import { readMessage } from '../../domain/leads/read-message.ts';
import type { Score } from '../../domain/scoring/score.ts';
import { logOddsOf } from '../../domain/scoring/scorecard.ts';
import { readEnvelope } from '../../domain/webhooks/envelope.ts';
import type { Worked } from '../../workflows/activities.ts';
import { enough, madeUpModel } from '../support/own-model.ts';
import { beginLead, closeParts, db, openParts, parts, ref, sends } from '../support/parts.ts';
import { inboxEvent } from '../support/records.ts';
import { openSite, scoreWorld, type ScoreWorld, view } from '../support/score-world.ts';

let world: ScoreWorld;

beforeAll(async () => {
  await openParts();
  world = scoreWorld(db);
  // Its rules are made ready when first used, and on a busy machine that takes longer than a level may.
  readMessage('Hello', { optedOut: false });
}, 60_000);
afterAll(async () => {
  await world.close();
  await closeParts();
});
beforeEach(async () => {
  await beginLead();
  await openSite(db, ref.locationId);
});

/** A text of the lead through all levels. @returns the score that stands after it */
async function says(words: string): Promise<Score> {
  const at = new Date().toISOString();
  const message = { messageType: 'SMS', direction: 'inbound', body: words, messageId: randomUUID(), dateAdded: at };
  const body = { type: 'InboundMessage', ...ref, ...message, timestamp: at };
  const { kind } = readEnvelope('marketplace', body);
  const { inboxId } = await sends.inbox.accept(
    inboxEvent(ref, { type: body.type, kind, occurredAt: at, body: Buffer.from(JSON.stringify(body)) }),
  );
  const deps = parts({ scores: world.scores, scorer: world.scorer, model: world.rules });
  const activities = createLeadActivities(deps, createAtOnce(deps));
  const input = { ...ref, inboxId, kind, at, thenAct: false };
  const { decided }: Worked = await new MockActivityEnvironment().run(activities.work, input);
  expect(decided).toBe(true);
  const lead = await sends.leads.load(ref);
  return lead!.score!;
}

describe('the score of an event', () => {
  it('is the rules’ where the location has no model of its own, and the event’s own words are among its facts', async () => {
    const score = await says('Is it still for sale? My budget is 450k');
    expect(score).toMatchObject({ model: 'scorecard-1', unsure: { ask: expect.any(String) } });
    const [past] = await world.scores.past(ref, 5);
    expect(past?.score.value).toBe(score.value);
    const values = Object.fromEntries(past!.trace.features.map((feature, i) => [feature, past!.trace.values[i]]));
    expect(values).toMatchObject({ 'communication@1': expect.any(Number), 'budget@1': 450_000 });
  });

  it('is the location’s own model’s once it may speak, with reasons that add up, kept so that it can be made again', async () => {
    await world.admit(ref.locationId, madeUpModel('leads-1', 1), enough);
    await says('Hello');
    await view(db, ref, 12);
    const score = await says('I want to move within a month');
    expect(score).toMatchObject({ model: 'leads-1', probability: expect.any(Number) });
    expect(100 / (1 + Math.exp(-logOddsOf(score)))).toBeCloseTo(score.value, 9);
    expect(score.reasons.find(({ feature }) => feature === 'homesViewed')?.value).toBe(12);
    const [past, before] = await world.scores.past(ref, 5);
    const { unsure: _told, ...said } = score;
    expect(await world.scorer.explain(ref.locationId, past!.trace)).toEqual(said);
    expect(before?.trace.values).not.toEqual(past!.trace.values);
  });

  it('is the one that a pass over the location gives for the same facts', async () => {
    await world.admit(ref.locationId, madeUpModel('leads-1', 1), enough);
    await says('Hello');
    const { value } = await says('Is it still for sale?');
    const [past] = await world.scores.past(ref, 1);
    const [again] = await world.scorer.stored(ref.locationId, [ref.contactId], { asOf: past!.trace.asOf });
    expect(again!.score.value).toBe(value);
    expect([...again!.kept.vector].map((one) => (Number.isNaN(one) ? null : one))).toHaveLength(
      past!.trace.values.length,
    );
  });
});
