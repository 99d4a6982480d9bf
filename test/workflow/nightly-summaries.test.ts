import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Connection, type Client } from '@temporalio/client';
import { composeWarming } from '../../platform/compose-warming.ts';
import { createNightSchedule } from '../../integrations/temporal/nights.ts';
import { nightWorkflowId, warmWorkflowId } from '../../workflows/contract.ts';
import { whileAway } from '../support/away.ts';
import { clientOf } from '../support/lead-worker.ts';
import { createNightEnv, type NightEnv } from '../support/night-env.ts';
import { until } from '../support/until.ts';
import { sharedServices } from '../support/world.ts';

const MINUTE = 60_000;

let env: NightEnv;
let locationId: string;

beforeAll(async () => {
  env = await createNightEnv();
});
afterAll(() => env.close());
beforeEach(async () => {
  locationId = await env.world.location();
  await fetch(`${env.world.standin.url}/_sandbox/faults`, { method: 'DELETE' });
  await env.nights.says();
  await env.nights.takes(40 * MINUTE);
});

describe('a night of a location', () => {
  it('waits for its batch, says how far it is, and keeps the summaries', async () => {
    await Promise.all([1, 2].map(() => env.nights.talks(locationId)));
    await env.start(locationId);
    await until(async () => (await env.nights.rows(locationId)).length === 2);
    await env.time.skip(10 * MINUTE);
    await until(async () => (await env.said(locationId)).includes('0 of 2 are done'));
    expect(await env.over(locationId)).toBe('kept');
    expect(await env.nights.wanted(locationId)).toEqual({ jobs: 2, told: 2 });
    expect(await env.said(locationId)).not.toContain('garden');
  });

  it('looks for the batch whose making was not answered, and makes no second one', async () => {
    const before = await env.nights.made();
    await env.nights.talks(locationId);
    await env.nights.fault({ dropAfterHandling: true });
    await env.start(locationId);
    expect(await env.over(locationId)).toBe('kept');
    expect((await env.nights.made()) - before).toBe(1);
  });

  it('asks again where the vendor took nothing, and gives up what was never made', async () => {
    await env.nights.talks(locationId);
    await env.nights.fault({ status: 529 });
    await env.start(locationId);
    expect(await env.over(locationId)).toBe('kept');
    expect((await env.nights.rows(locationId)).map(({ state }) => state)).toEqual(['not-billed', 'billed']);
    const lost = await env.world.location();
    await env.nights.talks(lost);
    await env.nights.fault({ reset: true });
    await env.start(lost);
    expect(await env.over(lost)).toBe('given up');
    expect(await env.nights.rows(lost)).toMatchObject([{ state: 'maybe-billed' }]);
  });

  it('keeps what is paid for, although the database was away for half an hour when it came', async () => {
    await env.nights.talks(locationId);
    await env.start(locationId);
    await until(async () => (await env.nights.rows(locationId)).length === 1);
    await whileAway(env.world.db.pool, 'inbox', async () => {
      for (let quarters = 0; quarters < 6; quarters += 1) await env.time.skip(15 * MINUTE);
    });
    expect(await env.nights.wanted(locationId)).toMatchObject({ told: 0 });
    expect(await env.over(locationId)).toBe('kept');
    expect(await env.nights.wanted(locationId)).toEqual({ jobs: 1, told: 1 });
  });

  it('ends its schedule where nobody writes', async () => {
    await env.start(locationId);
    expect(await env.over(locationId)).toBe('quiet');
    expect(env.nights.ended).toContain(locationId);
  });
});

describe('the schedule of nights', () => {
  let connection: Connection;
  let client: Client;
  beforeAll(async () => {
    const { temporalAddress, namespace } = await sharedServices();
    connection = await Connection.connect({ address: temporalAddress });
    client = clientOf(connection, namespace);
  });
  afterAll(() => connection.close());
  const handleOf = (id: string) => client.schedule.getHandle(id);
  const exists = (id: string): Promise<boolean> =>
    handleOf(id)
      .describe()
      .then(
        () => true,
        () => false,
      );

  it('comes each evening by the location’s own clock, and is begun and ended twice without harm', async () => {
    const schedule = createNightSchedule(client, { timeoutMs: 20_000 });
    await schedule.begin(locationId, 'America/Chicago');
    await schedule.begin(locationId, 'America/Chicago');
    const { spec, policies, info } = await handleOf(nightWorkflowId(locationId)).describe();
    expect(spec).toMatchObject({ timezone: 'America/Chicago', jitter: 20 * MINUTE });
    expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 10_000 });
    const [next] = info.nextActionTimes;
    const wall = next!.toLocaleTimeString('en-GB', { timeZone: 'America/Chicago', hour: '2-digit', minute: '2-digit' });
    expect(wall >= '22:30' && wall <= '22:51').toBe(true);
    await schedule.end(locationId);
    await schedule.end(locationId);
    expect(await exists(nightWorkflowId(locationId))).toBe(false);
  });

  it('begins with the first call of a location whose zone is known', async () => {
    const zoneless = await env.world.location();
    await env.world.db.pool.query('update locations set timezone = null where location_id = $1', [zoneless]);
    const answered = { kind: 'answered', text: '', tool: null, stop: 'end', model: 'one', cost: 0 } as const;
    const { tenants } = env.world.db;
    const { call } = composeWarming(() => Promise.resolve(answered), { tenants, temporal: client }, env.nights.deps);
    for (const id of [zoneless, locationId]) await call(env.world.orderOf(id));
    await until(async () => (await exists(nightWorkflowId(locationId))) && (await exists(warmWorkflowId(zoneless))));
    expect(await exists(nightWorkflowId(zoneless))).toBe(false);
    for (const id of [nightWorkflowId(locationId), warmWorkflowId(locationId), warmWorkflowId(zoneless)])
      await handleOf(id)
        .delete()
        .catch(() => undefined);
  });
});
