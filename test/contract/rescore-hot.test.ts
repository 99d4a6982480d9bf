import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createScoreActivities } from '../../activities/rescore.ts';
import { db, ref, sends } from '../support/parts.ts';
import {
  beginScoredLead,
  closeScoreParts,
  openScoreParts,
  says,
  scoreDeps,
  told,
  works,
  world,
} from '../support/score-parts.ts';
import { later } from '../support/score-world.ts';

beforeAll(openScoreParts);
afterAll(closeScoreParts);
beforeEach(beginScoredLead);

/** What makes a lead hot, stored without an event of its own: it answered within minutes, in full, and wants to move now. */
async function answersAtOnce(): Promise<void> {
  const full = 'What is the price? Is the location quiet? When may we see it?';
  await db.pool.query(
    `insert into messages (location_id, contact_id, message_key, direction, channel, body, at) values
     ($1, $2, 'ours', 'outbound', 'sms', 'Hello', $3), ($1, $2, 'theirs', 'inbound', 'sms', $5, $4)`,
    [ref.locationId, ref.contactId, later(-40), later(-35), full],
  );
  await db.pool.query('update leads set qualification = $3 where location_id = $1 and contact_id = $2', [
    ...[ref.locationId, ref.contactId],
    JSON.stringify({ timeline: { value: 'immediate', at: later(-35), from: 'a text' } }),
  ]);
}

async function tasks(): Promise<readonly string[]> {
  const { rows } = await db.pool.query<{ key: string }>(
    `select once_key as key from outbox where location_id = $1 and contact_id = $2 and once_key like 'hot:%'`,
    [ref.locationId, ref.contactId],
  );
  return rows.map(({ key }) => key);
}

describe('a lead that turns hot in a pass', () => {
  it('sets off what a hot lead sets off, however long the pass takes, and its own work keeps the score', async () => {
    await says('Hello');
    expect((await sends.leads.load(ref))?.tier).not.toBe('hot');
    await answersAtOnce();
    const before = (await sends.leads.load(ref))!;

    // It began twenty minutes ago, and comes to this lead only now.
    const input = { locationId: ref.locationId, asOf: later(-20), after: '', atMost: 500 };
    expect(await createScoreActivities(scoreDeps()).rescoreSome(input)).toMatchObject({
      ...{ next: null, scored: 1, changed: 0, told: 1 },
    });
    expect((await sends.leads.load(ref))?.tier).toBe(before.tier);
    const events = await told();
    expect(events).toHaveLength(1);
    expect(await tasks()).toEqual([]);

    await works(events[0]!.inboxId, events[0]!.kind, events[0]!.at);
    expect((await sends.leads.load(ref))?.tier).toBe('hot');
    expect(await tasks()).toEqual([`hot:${events[0]!.inboxId}`]);
    const [past] = await world.scores.past(ref, 5);
    expect(past?.score.tier).toBe('hot');
    expect(await createScoreActivities(scoreDeps()).rescoreSome(input)).toMatchObject({ changed: 0 });
    expect(await told()).toHaveLength(1);
  });
});
