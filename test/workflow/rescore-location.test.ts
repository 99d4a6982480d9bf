import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createRescoreEnv, type RescoreEnv, slowHistory } from '../support/rescore-env.ts';
import { inboxEvent, newRef } from '../support/records.ts';
import { until } from '../support/until.ts';
import { RESCORE_WORKFLOW, rescoreWorkflowId, taskQueues } from '../../workflows/contract.ts';

/** A location's passes over its scores, in virtual time. */

const LEADS = 1_100;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

let env: RescoreEnv;

beforeAll(async () => {
  env = await createRescoreEnv();
});
afterAll(() => env.close());
beforeEach(() => env.parts.die(0));

const count = async (text: string, locationId: string): Promise<number> =>
  (await env.db.pool.query<{ n: number }>(`select count(*)::integer as n from ${text}`, [locationId])).rows[0]!.n;
const scored = (locationId: string) => count('score_history where location_id = $1', locationId);
const told = (locationId: string) => count(`inbox where location_id = $1 and type = 'lead.rescore'`, locationId);

async function details(locationId: string): Promise<string> {
  return env
    .handleOf(locationId)
    .query<string>('__temporal_workflow_metadata')
    .then((shown) => JSON.stringify(shown));
}

describe('the scores of a location', () => {
  it('are made anew as soon as something changes, and say how far they are', async () => {
    const locationId = await env.location({ leads: LEADS });
    await env.rescoring.tell(locationId);
    expect(await env.passed(locationId)).toMatchObject({ scored: LEADS, changed: LEADS, of: LEADS, skipped: 0 });
    expect(await env.progress(locationId)).toMatchObject({ pass: null });
    expect(await scored(locationId)).toBe(LEADS);
    const shown = await details(locationId);
    expect(shown).toMatch(/Next pass tonight at \d{4}-\d\d-\d\d 0[78]:\d\d UTC/);
    expect(shown).toContain('**Last pass**: 1,100 of 1,100 leads scored, 1,100 changed');
  });

  it('are made anew by night, and not when a worker starts', async () => {
    const locationId = await env.location({ leads: 20 });
    await env.rescoring.start(locationId);
    await env.rescoring.start(locationId);
    expect(await env.progress(locationId)).toEqual({ pass: null, last: null });
    await env.time.skip(DAY_MS);
    await env.passed(locationId);
    expect(await scored(locationId)).toBe(20);
  });

  it('are complete, and none is given twice, though workers die after every commit', async () => {
    const locationId = await env.location({ leads: LEADS });
    env.parts.die(3);
    await env.rescoring.tell(locationId);
    expect(await env.passed(locationId)).toMatchObject({ scored: LEADS });
    expect(env.parts.deathsLeft()).toBe(0);
    expect(await scored(locationId)).toBe(LEADS);
  });

  it('get past a lead whose history is too long to be read, name it, and try it again the next time', async () => {
    const locationId = await env.location({ leads: 60 });
    await env.db.pool.query(
      `insert into messages (location_id, contact_id, message_key, direction, channel, body, at)
       values ($1, 'lead-31', 'theirs', 'inbound', 'sms', 'Is it still for sale?', now())`,
      [locationId],
    );
    const mend = await slowHistory(env.db, 'lead-31');
    try {
      await env.rescoring.tell(locationId);
      const first = await env.passed(locationId);
      expect(first).toMatchObject({ of: 60, scored: 59, changed: 59, skipped: 1, unread: ['lead-31'] });
      expect(await details(locationId)).toContain('59 changed; 1 could not be read');
      expect(env.parts.measured).toEqual(['unread']);
      expect(env.parts.log.lines.filter((line) => line.includes('"contactId":"lead-31"'))).toHaveLength(1);
      await mend();
      await env.rescoring.tell(locationId);
      expect(await env.passed(locationId, first.asOf)).toMatchObject({
        scored: 60,
        changed: 1,
        skipped: 0,
        unread: [],
      });
    } finally {
      await mend().catch(() => undefined);
    }
  });

  it('are left to the leads a few at a time where those have to decide, so that what comes in live is worked before the rest', async () => {
    const locationId = await env.location({ leads: 250, active: 250 });
    await env.rescoring.tell(locationId);
    await until(async () => (await env.progress(locationId)).pass?.told === 100);
    expect(await details(locationId)).toContain('Waits while 100 leads decide anew on their scores');
    const live = await env.inbox.accept(inboxEvent(newRef(locationId)));
    // At worst the sweep takes it to its lead, behind all that was told before it.
    for (let page = 1; page <= 3; page += 1) await work(50);
    expect(await env.inbox.load(live.inboxId)).toMatchObject({ verdict: 'worked' });
    expect(await told(locationId)).toBe(100);
    for (let turn = 1; turn <= 5; turn += 1) {
      await env.time.skip(MINUTE_MS);
      await work(200);
    }
    expect(await env.passed(locationId)).toMatchObject({ told: 250, scored: 250 });
    expect(await told(locationId)).toBe(250);
  });

  it('are not held up for ever by events that nobody works: who cannot be told is left to the next pass, and the view says so', async () => {
    const locationId = await env.location({ leads: 203, active: 203 });
    await env.rescoring.tell(locationId);
    await until(async () => {
      await env.time.skip(MINUTE_MS);
      return (await env.progress(locationId)).last !== null;
    });
    const first = await env.passed(locationId);
    expect(first).toMatchObject({ of: 203, scored: 203, changed: 0, told: 200, left: 3 });
    expect(await details(locationId)).toContain('3 left to the next pass, for want of room to tell them');
    await work(200);
    await env.rescoring.tell(locationId);
    await until(async () => {
      await env.time.skip(MINUTE_MS);
      await work(200);
      return (await env.progress(locationId)).last?.asOf !== first.asOf;
    });
    expect(await env.passed(locationId, first.asOf)).toMatchObject({ scored: 203, told: 203, left: 0 });
  });

  it('go on from what a version before this one carried over', async () => {
    const locationId = await env.location({ leads: 20 });
    const pass = { asOf: new Date().toISOString(), after: '', of: null, scored: 0, changed: 0, told: 0, skipped: 0 };
    await env.time.env.client.workflow.start(RESCORE_WORKFLOW, {
      ...{ workflowId: rescoreWorkflowId(locationId), taskQueue: taskQueues.leads },
      args: [{ locationId, pass }],
    });
    expect(await env.passed(locationId)).toMatchObject({ scored: 20, left: 0, unread: [] });
  });

  it('end with the install', async () => {
    const locationId = await env.location({ leads: 5 });
    await env.db.pool.query(`update locations set status = 'uninstalled' where location_id = $1`, [locationId]);
    await env.rescoring.tell(locationId);
    await env.handleOf(locationId).result();
    expect(await scored(locationId)).toBe(0);
  });
});

/** The sweep takes so many events to their leads, which work them at once. */
async function work(perLocation: number): Promise<void> {
  await env.inbox.sweep({ olderThanMs: 0, redispatchAfterMs: 60_000, perLocation, limit: 200 }, async ({ inboxId }) => {
    await env.inbox.settle(inboxId, 'worked', null);
    return true;
  });
}
