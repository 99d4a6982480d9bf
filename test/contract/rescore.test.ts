import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { createTenants } from '../../integrations/postgres/tenants.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { installLocation, newRef } from '../support/records.ts';
import { rescoreActivities, slowHistory, storeLeads } from '../support/rescore-env.ts';
import { later, NOW, scoreWorld, type ScoreWorld } from '../support/score-world.ts';
import { testSealing } from '../support/tokens.ts';
import type { RescoredSome, RescoreSomeInput } from '../../workflows/activities.ts';

const LEADS = 1_203;
/** So many of them we act for: their scores are left to their own work. */
const ACTIVE = 3;

let db: TestDatabase;
let world: ScoreWorld;
let locationId: string;
let parts: ReturnType<typeof rescoreActivities>;

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
  parts = rescoreActivities(db, world);
  await installLocation(createLocationStore(db.tenants, testSealing()), locationId);
  await storeLeads(db, locationId, { leads: LEADS, active: ACTIVE, at: later(-60) });
});

/** A pass as its workflow makes it; a step that failed is made again. */
async function pass(asOf: string): Promise<{ scored: number; changed: number; told: number; steps: number }> {
  const sums = { scored: 0, changed: 0, told: 0, steps: 0 };
  let after: string | null = '';
  while (after !== null) {
    const done: Done = await step(asOf, after);
    sums.scored += done.scored;
    sums.changed += done.changed;
    sums.told += done.told;
    sums.steps += 1;
    after = done.next;
  }
  return sums;
}

/** As many events as hold up a pass. @param state  their verdict, and when they were first handed to their leads */
async function fillInbox(state: string): Promise<void> {
  await db.pool.query(
    `insert into inbox (source, location_id, event_key, contact_id, body_hash, type, kind, body, headers, received_at, verdict, dispatched_since)
     select 'internal', $1, 'fill-' || n, 'other-' || n, 'x', 'x', 'contact.snapshot', '', '{}', now() - interval '1 hour', ${state}
     from generate_series(1, 200) as n`,
    [locationId],
  );
}

type Done = Extract<RescoredSome, { outcome: 'done' }>;

async function step(asOf: string, after: string, leave = false): Promise<Done> {
  const input: RescoreSomeInput = { locationId, asOf, after, atMost: 500, leave };
  const { rescoreSome } = parts.activities;
  const done = await rescoreSome(input).catch(() => rescoreSome(input));
  if (done.outcome !== 'done') throw new Error(`done was expected, not ${done.outcome}`);
  return done;
}

const count = async (text: string): Promise<number> =>
  (await db.pool.query<{ n: number }>(text, [locationId])).rows[0]!.n;
const scored = () => count('select count(*) as n from score_history where location_id = $1');

describe('a pass over a location', () => {
  it('scores every lead once, and of the next one only what changed', async () => {
    expect(await pass(NOW)).toEqual({ scored: LEADS, changed: LEADS - ACTIVE, told: ACTIVE, steps: 3 });
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

  it('is of the instant at which a step reads, not of when it began: nothing later is stored under an earlier one', async () => {
    await step(later(-120), '');
    expect(await scored()).toBe(500 - ACTIVE);
    for (const table of ['score_history', 'lead_vectors']) {
      const { rows } = await db.pool.query<{ first: string }>(
        `select min(as_of) as first from ${table} where location_id = $1`,
        [locationId],
      );
      expect(Date.parse(rows[0]!.first)).toBeGreaterThanOrEqual(Date.parse(NOW));
    }
  });

  it('leaves nobody out and does nothing twice when its worker dies after a commit', async () => {
    parts.die(1);
    expect(await pass(NOW)).toMatchObject({ scored: LEADS });
    expect(await scored()).toBe(LEADS - ACTIVE);
    expect(await count('select count(distinct contact_id) as n from score_history where location_id = $1')).toBe(
      LEADS - ACTIVE,
    );
  });

  it('has the leads that we act for decided anew, once, where the tier became another', async () => {
    parts.die(1);
    await pass(NOW);
    const { rows } = await db.pool.query<{ contactId: string }>(
      `select contact_id as "contactId" from inbox where location_id = $1 and type = 'lead.rescore' order by 1`,
      [locationId],
    );
    expect(rows.map(({ contactId }) => contactId)).toEqual(['lead-1', 'lead-2', 'lead-3']);
  });

  it('ends where the location is not installed any more', async () => {
    await db.pool.query(`update locations set status = 'uninstalled' where location_id = $1`, [locationId]);
    const { rescoreSome } = parts.activities;
    const input = { asOf: NOW, after: '', atMost: 500 };
    expect(await rescoreSome({ ...input, locationId })).toEqual({ outcome: 'gone' });
    expect(await rescoreSome({ ...input, locationId: 'nowhere' })).toEqual({ outcome: 'gone' });
  });

  it('reads anew what is older than half a day, and nothing that is younger', async () => {
    const readAt = async (): Promise<readonly string[]> => {
      const { rows } = await db.pool.query<{ at: string }>(
        'select distinct as_of as at from lead_vectors where location_id = $1 order by 1',
        [locationId],
      );
      return rows.map(({ at }) => at);
    };
    await pass(NOW);
    const first = await readAt();
    await pass(later(11 * 60));
    expect(await readAt()).toEqual(first);
    // A little less than a day after the last night.
    await pass(later(24 * 60 - 1));
    expect(await readAt()).toEqual([later(24 * 60 - 1)]);
  });

  it('finds too many leads to be read in the time of one statement, and names the one that alone takes longer', async () => {
    const contactId = 'lead-1001';
    await db.pool.query(
      `insert into messages (location_id, contact_id, message_key, direction, channel, body, at)
       values ($1, $2, 'theirs', 'inbound', 'sms', 'Is it still for sale?', $3)`,
      [locationId, contactId, later(-60)],
    );
    const mend = await slowHistory(db, contactId, 40);
    const tenants = createTenants(db.appUrl, {
      max: 4,
      applicationName: 'test',
      connectMs: 20_000,
      statementMs: 8_000,
      silenceMs: 30_000,
    });
    const impatient = scoreWorld({ ...db, tenants });
    try {
      parts = rescoreActivities(db, impatient);
      const { rescoreSome } = parts.activities;
      const input = { locationId, asOf: NOW, after: 'lead-1000' };
      expect(await rescoreSome({ ...input, atMost: 3 })).toEqual({ outcome: 'slow', leads: 3 });
      expect(parts.measured).toEqual([]);
      expect(await rescoreSome({ ...input, atMost: 1 })).toMatchObject({
        ...{ outcome: 'done', scored: 0, next: contactId, unread: contactId },
      });
      expect(parts.measured).toEqual(['unread']);
      expect(await rescoreSome({ ...input, after: contactId, atMost: 2 })).toMatchObject({ scored: 2, unread: null });
    } finally {
      await impatient.close();
      await tenants.close();
      await mend();
    }
  });

  it('tells no more leads than the location’s inbox has room for, and none twice', async () => {
    await db.pool.query('update leads set activated_at = created_at where location_id = $1', [locationId]);
    const first = await step(NOW, '');
    expect(first).toMatchObject({ told: 100, scored: 100, full: false });
    const second = await step(NOW, first.next!);
    expect(second).toMatchObject({ told: 100, scored: 100, full: false });
    expect(await step(NOW, second.next!)).toMatchObject({ told: 0, scored: 0, full: true, next: second.next });
    await db.pool.query(
      `update inbox set worked_at = now(), verdict = 'worked' where inbox_id in
         (select inbox_id from inbox where location_id = $1 limit 30)`,
      [locationId],
    );
    const third = await step(NOW, second.next!);
    expect(third).toMatchObject({ told: 30, scored: 30, full: true });
    expect(await count(`select count(*) as n from inbox where location_id = $1 and type = 'lead.rescore'`)).toBe(230);
  });

  it('is held up by no events that are stuck with their leads', async () => {
    await fillInbox(`'dispatched', now() - interval '11 minutes'`);
    expect(await step(NOW, '')).toMatchObject({ told: ACTIVE, scored: 500, full: false });
  });

  it('leaves to the next pass whom there is no room to tell, where it is not to wait, and stores the others', async () => {
    await fillInbox(`'received', null`);
    expect(await step(NOW, '')).toMatchObject({ full: true, next: '', changed: 0, told: 0, left: 0 });
    const past = await step(NOW, '', true);
    expect(past).toMatchObject({ full: false, scored: 500, changed: 500 - ACTIVE, told: 0, left: ACTIVE });
    expect(past.next).not.toBe('');
    await db.pool.query(`update inbox set worked_at = now(), verdict = 'worked' where location_id = $1`, [locationId]);
    expect(await step(later(5), '')).toMatchObject({ changed: 0, told: ACTIVE, left: 0, next: past.next });
  });

  it('goes on with telling where there is room for more than are told at once', async () => {
    await db.pool.query('update leads set activated_at = created_at where location_id = $1', [locationId]);
    expect(await step(NOW, '', true)).toMatchObject({ told: 100, scored: 100, left: 0, full: false });
  });
});
