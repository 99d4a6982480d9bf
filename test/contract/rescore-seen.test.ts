import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLeadScorer } from '../../activities/lead-scorer.ts';
import { createScoreActivities } from '../../activities/rescore.ts';
import { defaultSettings } from '../../domain/leads/settings.ts';
import { SEEN_POINTS } from '../../domain/scoring/moved.ts';
import type { RescoredSome } from '../../workflows/activities.ts';
import { control } from '../support/ghl-standin.ts';
import { db, ref, sends, standIn } from '../support/parts.ts';
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

/** A lead that we act for, whose score the CRM shows: what a pass does when it moves within its tier. */

const FIELD = defaultSettings.customFields.score;

beforeAll(openScoreParts);
afterAll(closeScoreParts);
beforeEach(beginScoredLead);

async function hasField(): Promise<void> {
  const field = { id: randomUUID(), locationId: ref.locationId, name: 'Lead Score', fieldKey: FIELD };
  await control(standIn, 'customFields', { ...field, dataType: 'NUMERICAL', model: 'contact' });
}

async function pass(): Promise<RescoredSome> {
  const deps = scoreDeps();
  const own = { ready: () => Promise.resolve(null), voice: () => Promise.resolve(null) };
  const scorer = createLeadScorer({ scores: world.scores, own, model: world.rules, crm: deps.crm });
  const input = { locationId: ref.locationId, asOf: new Date().toISOString(), after: '', atMost: 500 };
  return createScoreActivities({ ...deps, scorer }).rescoreSome(input);
}

/** A text that was stored without an event of its own. */
async function wrote(body: string): Promise<void> {
  await db.pool.query(
    `insert into messages (location_id, contact_id, message_key, direction, channel, body, at)
     values ($1, $2, $3, 'inbound', 'sms', $4, now())`,
    [ref.locationId, ref.contactId, randomUUID(), body],
  );
}

/** The list's, and that of the plan for the CRM. */
async function scores(): Promise<{ readonly here: number; readonly there: unknown }> {
  const { score } = (await sends.leads.load(ref))!;
  return { here: score!.value, there: (await sends.leads.plan(ref))?.plan?.fields[FIELD] };
}

describe('a score that the CRM shows', () => {
  it('falls behind the list by less than anybody sees, in one pass or bit by bit, and then the lead’s own work brings it there', async () => {
    await hasField();
    await says('Hello');
    const before = await scores();
    expect(before.there).toBe(Math.round(before.here));
    const tier = (await sends.leads.load(ref))?.tier;
    let passes = 0;
    while ((await told()).length === 0) {
      expect(passes).toBeLessThan(20);
      const { here } = await scores();
      expect(Math.abs(Math.round(here) - Number(before.there))).toBeLessThan(SEEN_POINTS);
      await wrote('x'.repeat(200));
      await pass();
      passes += 1;
    }
    expect(passes).toBeGreaterThan(1);
    // Left to its own work, which finds the score as it was.
    expect((await scores()).there).toBe(before.there);
    const [event] = await told();
    await works(event!.inboxId, event!.kind, event!.at);
    const { here, there } = await scores();
    expect(there).toBe(Math.round(here));
    expect(Math.abs(Number(there) - Number(before.there))).toBeGreaterThanOrEqual(SEEN_POINTS);
    expect((await sends.leads.load(ref))?.tier).toBe(tier);
  });

  it('sets nothing off where the CRM has no such field', async () => {
    await says('Hello');
    const { here } = await scores();
    await wrote('What is the price? Is the location quiet? When may we see it? '.repeat(4));
    expect(await pass()).toMatchObject({ changed: 1, told: 0 });
    expect(Math.abs((await scores()).here - here)).toBeGreaterThan(SEEN_POINTS);
  });
});
