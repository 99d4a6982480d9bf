import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createScoreActivities } from '../../activities/rescore.ts';
import { createInboxStore } from '../../integrations/postgres/inbox.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { createRescoring } from '../../integrations/temporal/rescoring.ts';
import { PROGRESS_QUERY, rescoreWorkflowId, type RescoreView } from '../../workflows/contract.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { leadWorkers } from '../support/lead-worker.ts';
import { installLocation, newRef } from '../support/records.ts';
import { scoreWorld, type ScoreWorld } from '../support/score-world.ts';
import { testSealing } from '../support/tokens.ts';
import { until } from '../support/until.ts';
import { startVirtualTime, type VirtualTime } from '../support/virtual-time.ts';

/** A location's pass over its scores, in virtual time, on a database of its own. */

const LEADS = 1_100;
const DAY_MS = 86_400_000;

let db: TestDatabase;
let world: ScoreWorld;
let time: VirtualTime;
let workers: { stop(): Promise<void> };
let locationId: string;
/** How often a step dies right after its commit. */
let deaths = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  world = scoreWorld(db);
  time = await startVirtualTime(() => Promise.resolve());
  workers = await leadWorkers({
    connection: time.env.nativeConnection,
    namespace: time.env.namespace ?? 'default',
    leads: createScoreActivities({
      ...{ scores: world.scores, scorer: world.scorer, sha256: (text) => text, now: () => new Date() },
      inbox: createInboxStore(db.tenants),
      locations: createLocationStore(db.tenants, testSealing()),
      pauses: {
        at: async () => {
          if (deaths <= 0) return;
          deaths -= 1;
          throw new Error('killed after the commit');
        },
      },
    }),
    // A queue needs an activity; nothing of scores is done on this one.
    ghl: { touch: () => Promise.reject(new Error('not expected here')) },
  });
}, 120_000);
afterAll(async () => {
  await workers.stop();
  await time.close();
  await world.close();
  await db.drop();
});
beforeEach(async () => {
  ({ locationId } = newRef());
  deaths = 0;
  await installLocation(createLocationStore(db.tenants, testSealing()), locationId);
  await db.pool.query(
    `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at)
     select $1, 'lead-' || n, now(), now(), now() from generate_series(1, $2) as n`,
    [locationId, LEADS],
  );
});

const rescoring = () => createRescoring(time.env.client, { timeoutMs: 20_000 });
const handle = () => time.env.client.workflow.getHandle(rescoreWorkflowId(locationId));
const progress = () => handle().query<RescoreView>(PROGRESS_QUERY);
const scored = async (): Promise<number> => {
  const { rows } = await db.pool.query<{ n: number }>(
    'select count(*)::integer as n from score_history where location_id = $1',
    [locationId],
  );
  return rows[0]!.n;
};

describe('the scores of a location', () => {
  it('are made anew as soon as something changes, and say how far they are', async () => {
    await rescoring().tell(locationId);
    await until(async () => (await progress()).last !== null);
    expect(await progress()).toMatchObject({ pass: null, last: { scored: LEADS, changed: LEADS } });
    expect(await scored()).toBe(LEADS);
  });

  it('are made anew by night, and not when a worker starts', async () => {
    await rescoring().start(locationId);
    await rescoring().start(locationId);
    expect(await progress()).toEqual({ pass: null, last: null });
    await time.skip(DAY_MS);
    await until(async () => (await progress()).last !== null);
    expect(await scored()).toBe(LEADS);
  });

  it('are complete, and none is given twice, though workers die after every commit', async () => {
    deaths = 3;
    await rescoring().tell(locationId);
    await until(async () => (await progress()).last !== null);
    expect(deaths).toBe(0);
    expect((await progress()).last).toMatchObject({ scored: LEADS });
    expect(await scored()).toBe(LEADS);
  });

  it('end with the install', async () => {
    await db.pool.query(`update locations set status = 'uninstalled' where location_id = $1`, [locationId]);
    await rescoring().tell(locationId);
    await handle().result();
    expect(await scored()).toBe(0);
  });
});
