import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Connection, type Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { WarmingSchedule } from '../../domain/ports/warmth.ts';
import { createWarming } from '../../integrations/temporal/warming.ts';
import { workflowBundle } from '../../workers/bundle.ts';
import type { WarmActivities, WarmLook } from '../../workflows/activities.ts';
import { taskQueues, warmWorkflowId } from '../../workflows/contract.ts';
import { clientOf, quietRuntime } from '../support/lead-worker.ts';
import { until } from '../support/until.ts';
import { sharedServices } from '../support/world.ts';

/** The schedules of keep-warm on a real Temporal, which looks each second; what is found there is told by the test. */

const EVERY_MS = 1_000;
/** Behind the next look of the schedules that the product makes. */
const LATER = 40 * 60_000;

let client: Client;
let warming: WarmingSchedule;
let stop: () => Promise<void>;
let looks: (() => WarmLook)[];
let looked = 0;
let pinged = 0;
let locationId: string;

const activities: WarmActivities = {
  lookWarm: (input) => {
    if (input.locationId === locationId) looked += 1;
    const look = input.locationId === locationId ? looks.shift()?.() : undefined;
    return Promise.resolve(look ?? { kind: 'stop', why: 'spent' });
  },
  pingWarm: (input) => {
    if (input.locationId === locationId) pinged += 1;
    return Promise.resolve('pinged');
  },
  endWarm: ({ locationId: ended }) => warming.end(ended),
};

beforeAll(async () => {
  quietRuntime();
  const { temporalAddress, namespace } = await sharedServices();
  const connection = await Connection.connect({ address: temporalAddress });
  const native = await NativeConnection.connect({ address: temporalAddress });
  client = clientOf(connection, namespace);
  warming = createWarming(client, { everyMs: EVERY_MS, timeoutMs: 20_000 });
  const { codePath } = await workflowBundle(join(tmpdir(), 'leadwright-test-bundles'));
  const common = { connection: native, namespace };
  const workers = await Promise.all([
    Worker.create({ ...common, taskQueue: taskQueues.leads, workflowBundle: { codePath } }),
    Worker.create({ ...common, taskQueue: taskQueues.claude, activities }),
  ]);
  const runs = workers.map((worker) => worker.run());
  stop = async () => {
    for (const worker of workers) worker.shutdown();
    await Promise.all(runs);
    await native.close();
    await connection.close();
  };
});
afterAll(() => stop());
beforeEach(() => {
  locationId = `loc${randomUUID().slice(0, 8)}`;
  looks = [];
  [looked, pinged] = [0, 0];
});

/** So long after it is asked. */
const inMs = (ms: number) => (): WarmLook => ({
  kind: 'ping',
  at: new Date(Date.now() + ms).toISOString(),
  model: 'one',
});
const exists = (): Promise<boolean> =>
  client.schedule
    .getHandle(warmWorkflowId(locationId))
    .describe()
    .then(
      () => true,
      () => false,
    );

describe('keep-warm', () => {
  it('pings when it is time, again and again, until it no longer pays; then its schedule is gone', async () => {
    looks = [inMs(0), inMs(LATER), inMs(0), inMs(LATER)];
    await warming.begin(locationId);
    expect(await exists()).toBe(true);
    await until(async () => !(await exists()));
    expect({ looked, pinged }).toEqual({ looked: 5, pinged: 2 });
  });

  it('pings every model that is due before the next look, and leaves the others to that', async () => {
    looks = [inMs(0), inMs(200), inMs(LATER)];
    await warming.begin(locationId);
    await until(() => Promise.resolve(looks.length === 0));
    expect({ looked, pinged }).toEqual({ looked: 3, pinged: 2 });
    await until(async () => !(await exists()));
  });

  it('starts no second wait beside the first, and says what it waits for', async () => {
    looks = [inMs(20_000), inMs(LATER)];
    await warming.begin(locationId);
    const schedule = client.schedule.getHandle(warmWorkflowId(locationId));
    let waits = '';
    await until(async () => {
      const [running] = (await schedule.describe()).info.runningActions;
      if (looked < 1 || running === undefined) return false;
      const { workflowId } = running.workflow;
      waits = JSON.stringify(
        await client.workflow.getHandle(workflowId).query<unknown>('__temporal_workflow_metadata'),
      );
      return waits.includes('Waits until');
    });
    expect(waits).toMatch(/Waits until \d\d:\d\d UTC, just before the vendor's cache forgets/);
    await until(async () => !(await exists()));
    expect({ looked, pinged }).toEqual({ looked: 3, pinged: 1 });
  });

  it('begins again with the next call, and is begun and ended twice without harm', async () => {
    await warming.begin(locationId);
    await warming.begin(locationId);
    await until(async () => !(await exists()));
    await warming.end(locationId);
    looks = [inMs(0), inMs(LATER)];
    pinged = 0;
    await warming.begin(locationId);
    await until(async () => !(await exists()));
    expect(pinged).toBe(1);
  });
});
