import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createScoreActivities } from '../../activities/rescore.ts';
import { createInboxStore } from '../../integrations/postgres/inbox.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { installLocation, newRef } from '../support/records.ts';
import { later, NOW, scoreWorld, type ScoreWorld } from '../support/score-world.ts';
import { testSealing } from '../support/tokens.ts';
import type { RescoredSome, RescoreSomeInput, ScoreActivities } from '../../workflows/activities.ts';

const LEADS = 1_203;
/** So many of them we act for: their scores are left to their own work. */
const ACTIVE = 3;

let db: TestDatabase;
let world: ScoreWorld;
let locationId: string;
/** Dies once right after a commit, when a test wishes. */
let dies = false;

beforeAll(async () => {
  db = await createTestDatabase();
  world = scoreWorld(db);
});
afterAll(async () => {
  await world.close();
  await db.drop();
});
beforeEach(async () => {
  ({ locationId } = newRef());
  dies = false;
  await installLocation(createLocationStore(db.tenants, testSealing()), locationId);
  await db.pool.query(
    `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, activated_at, qualification)
     select $1, 'lead-' || n, $2, $2, $2, case when n <= ${ACTIVE} then $2::timestamptz end,
       jsonb_build_object('timeline', jsonb_build_object('value', (array['soon', 'immediate', 'exploring'])[1 + n % 3], 'at', $2::text, 'from', 'x'))
     from generate_series(1, $3) as n`,
    [locationId, later(-60), LEADS],
  );
});

function activities(): ScoreActivities {
  return createScoreActivities({
    ...{ scores: world.scores, scorer: world.scorer, sha256: (text) => text, now: () => new Date() },
    inbox: createInboxStore(db.tenants),
    locations: createLocationStore(db.tenants, testSealing()),
    pauses: {
      at: async () => {
        if (!dies) return;
        dies = false;
        throw new Error('killed after the commit');
      },
    },
  });
}

/** A pass as its workflow makes it; a step that failed is made again. */
async function pass(asOf: string): Promise<{ scored: number; changed: number; steps: number }> {
  const sums = { scored: 0, changed: 0, steps: 0 };
  let after: string | null = '';
  while (after !== null) {
    const input: RescoreSomeInput = { locationId, asOf, after };
    const done: RescoredSome | 'gone' = await activities()
      .rescoreSome(input)
      .catch(() => activities().rescoreSome(input));
    if (done === 'gone') throw new Error('the location is installed');
    sums.scored += done.scored;
    sums.changed += done.changed;
    sums.steps += 1;
    after = done.next;
  }
  return sums;
}

const count = async (text: string): Promise<number> =>
  (await db.pool.query<{ n: number }>(text, [locationId])).rows[0]!.n;
const scored = () => count('select count(*) as n from score_history where location_id = $1');

describe('a pass over a location', () => {
  it('scores every lead once, and of the next one only what changed', async () => {
    expect(await pass(NOW)).toEqual({ scored: LEADS, changed: LEADS - ACTIVE, steps: 3 });
    expect(await scored()).toBe(LEADS - ACTIVE);
    expect(
      await count('select count(*) as n from leads where location_id = $1 and score is null and activated_at is null'),
    ).toBe(0);
    await db.pool.query(`update leads set qualification = '{}' where location_id = $1 and contact_id like 'lead-77_'`, [
      locationId,
    ]);
    expect(await pass(later(5))).toMatchObject({ scored: LEADS, changed: 10 });
    expect(await scored()).toBe(LEADS - ACTIVE + 10);
  });

  it('leaves nobody out and does nothing twice when its worker dies after a commit', async () => {
    dies = true;
    expect(await pass(NOW)).toMatchObject({ scored: LEADS });
    expect(await scored()).toBe(LEADS - ACTIVE);
    expect(await count('select count(distinct contact_id) as n from score_history where location_id = $1')).toBe(
      LEADS - ACTIVE,
    );
  });

  it('has the leads that we act for decided anew, once, where the tier became another', async () => {
    dies = true;
    await pass(NOW);
    const { rows } = await db.pool.query<{ contactId: string }>(
      `select contact_id as "contactId" from inbox where location_id = $1 and type = 'lead.rescore' order by 1`,
      [locationId],
    );
    expect(rows.map(({ contactId }) => contactId)).toEqual(['lead-1', 'lead-2', 'lead-3']);
  });

  it('ends where the location is not installed any more', async () => {
    await db.pool.query(`update locations set status = 'uninstalled' where location_id = $1`, [locationId]);
    expect(await activities().rescoreSome({ locationId, asOf: NOW, after: '' })).toBe('gone');
    expect(await activities().rescoreSome({ locationId: 'nowhere', asOf: NOW, after: '' })).toBe('gone');
  });
});
