import { createScoreActivities } from '../../activities/rescore.ts';
import { createInboxStore } from '../../integrations/postgres/inbox.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { createRescoring } from '../../integrations/temporal/rescoring.ts';
import { PROGRESS_QUERY, rescoreWorkflowId, type RescorePass, type RescoreView } from '../../workflows/contract.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { recordingLog } from './ghl-crm.ts';
import { leadWorkers } from './lead-worker.ts';
import { installLocation, newRef } from './records.ts';
import { scoreWorld, type ScoreWorld } from './score-world.ts';
import { testSealing } from './tokens.ts';
import { until } from './until.ts';
import { startVirtualTime } from './virtual-time.ts';

/** The activities of a pass over a real database: what they logged and measured, and deaths to order. */
export function rescoreActivities(db: TestDatabase, world: ScoreWorld) {
  const log = recordingLog();
  const measured: string[] = [];
  let deaths = 0;
  const activities = createScoreActivities({
    ...{ scores: world.scores, scorer: world.scorer, log, sha256: (text) => text, now: () => new Date() },
    measure: ({ kind }) => void measured.push(kind),
    inbox: createInboxStore(db.tenants),
    locations: createLocationStore(db.tenants, testSealing()),
    pauses: {
      at: async () => {
        if (deaths <= 0) return;
        deaths -= 1;
        throw new Error('killed after the commit');
      },
    },
  });
  return {
    ...{ activities, log, measured },
    /** So many steps die right after their commit. */
    die(times: number): void {
      deaths = times;
    },
    deathsLeft: () => deaths,
  };
}

/** So many leads, `lead-1` and on; the first of them are acted for. */
export async function storeLeads(
  db: TestDatabase,
  locationId: string,
  { leads, active = 0, at = new Date().toISOString() }: { leads: number; active?: number; at?: string },
): Promise<void> {
  await db.pool.query(
    `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, activated_at, qualification)
     select $1, 'lead-' || n, $2, $2, $2, case when n <= $4 then $2::timestamptz end,
       jsonb_build_object('timeline', jsonb_build_object('value', (array['soon', 'immediate', 'exploring'])[1 + n % 3], 'at', $2::text, 'from', 'x'))
     from generate_series(1, $3) as n`,
    [locationId, at, leads, active],
  );
}

/**
 * Reading the messages of one contact takes longer than a statement may, until what is answered is called.
 * @param seconds  how long each of its messages takes; absent: the statement is given up at once, as the server does when its time is over
 */
export async function slowHistory(db: TestDatabase, contactId: string, seconds?: number): Promise<() => Promise<void>> {
  const does =
    seconds === undefined ? `raise exception 'over' using errcode = '57014'` : `perform pg_sleep(${seconds})`;
  await db.pool.query(`create function slow() returns boolean language plpgsql volatile cost 10000 as
    $slow$ begin ${does}; return true; end $slow$`);
  await db.pool.query(
    `create policy slow on messages as restrictive for select using (contact_id <> '${contactId}' or slow())`,
  );
  return async () => {
    await db.pool.query('drop policy slow on messages');
    await db.pool.query('drop function slow()');
  };
}

export type RescoreEnv = Awaited<ReturnType<typeof createRescoreEnv>>;

/** Passes over locations in virtual time, on a database of their own. */
export async function createRescoreEnv() {
  const db = await createTestDatabase();
  const world = scoreWorld(db);
  const time = await startVirtualTime(() => Promise.resolve());
  const parts = rescoreActivities(db, world);
  const workers = await leadWorkers({
    connection: time.env.nativeConnection,
    namespace: time.env.namespace ?? 'default',
    leads: parts.activities,
    // A queue needs an activity; nothing of scores is done on this one.
    ghl: { touch: () => Promise.reject(new Error('not expected here')) },
  });
  const handleOf = (locationId: string) => time.env.client.workflow.getHandle(rescoreWorkflowId(locationId));
  const progress = (locationId: string) => handleOf(locationId).query<RescoreView>(PROGRESS_QUERY);

  return {
    ...{ db, world, time, parts, handleOf, progress },
    inbox: createInboxStore(db.tenants),
    rescoring: createRescoring(time.env.client, { timeoutMs: 60_000 }),
    /** A location that no other test knows, with leads. */
    async location(leads: Parameters<typeof storeLeads>[2]): Promise<string> {
      const { locationId } = newRef();
      await installLocation(createLocationStore(db.tenants, testSealing()), locationId);
      await storeLeads(db, locationId, leads);
      return locationId;
    },
    /** The last pass, once one is over that began after this instant. */
    async passed(locationId: string, after = ''): Promise<RescorePass> {
      const over = async () => (await progress(locationId)).last;
      await until(async () => ((await over())?.asOf ?? '') > after);
      return (await over())!;
    },
    async close(): Promise<void> {
      await workers.stop();
      await time.close();
      await world.close();
      await db.drop();
    },
  };
}
