import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Connection, type Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { FeedRef } from '../../domain/market/feed.ts';
import type { FollowedFile, FollowedFileRuns } from '../../domain/ports/followed-files.ts';
import type { MarketRuns } from '../../domain/ports/market-runs.ts';
import { createFollowedFileRuns } from '../../integrations/temporal/figures.ts';
import { createMarketRuns } from '../../integrations/temporal/market.ts';
import { workflowBundle } from '../../workers/bundle.ts';
import type { FigureActivities, MarketActivities, PollInput } from '../../workflows/activities.ts';
import { figuresWorkflowId, marketWorkflowId, taskQueues } from '../../workflows/contract.ts';
import { clientOf, quietRuntime } from '../support/lead-worker.ts';
import { until } from '../support/until.ts';
import { sharedServices } from '../support/world.ts';

/** The schedules of feeds on a real Temporal, whose minutes are seconds; what a poll finds is told by the test. */

let client: Client;
let runs: MarketRuns;
let fileRuns: FollowedFileRuns;
let stop: () => Promise<void>;
let feed: FeedRef;
let polled: PollInput[];
const fetched: FollowedFile[] = [];
let release: () => void;
let wait: Promise<void>;

const none = { pages: 0, records: 0, changed: 0, dead: 0, news: 0 };
const activities: MarketActivities & FigureActivities = {
  pollMarket: async (input) => {
    if (input.feed.market !== feed.market) return { outcome: 'gone' };
    polled.push(input);
    await wait;
    return { ...none, outcome: 'done', asked: [], walk: false };
  },
  walkMarket: () => Promise.resolve({ outcome: 'gone' }),
  backfillMarket: async () => {
    await wait;
    return { outcome: 'gone' };
  },
  fanOut: () => Promise.resolve({ changes: 0, alerts: 0, more: false }),
  refreshFigures: (file) => {
    fetched.push(file);
    return Promise.resolve({ outcome: 'same' });
  },
};

beforeAll(async () => {
  quietRuntime();
  const { temporalAddress, namespace } = await sharedServices();
  const connection = await Connection.connect({ address: temporalAddress });
  const native = await NativeConnection.connect({ address: temporalAddress });
  client = clientOf(connection, namespace);
  runs = createMarketRuns(client, { minuteMs: 1_000, timeoutMs: 20_000 });
  fileRuns = createFollowedFileRuns(client, { everyMs: 3_000, timeoutMs: 20_000 });
  const { codePath } = await workflowBundle(join(tmpdir(), 'leadwright-test-bundles'));
  const worker = await Worker.create({
    ...{ connection: native, namespace, taskQueue: taskQueues.market, workflowBundle: { codePath }, activities },
  });
  const running = worker.run();
  stop = async () => {
    worker.shutdown();
    await running;
    await native.close();
    await connection.close();
  };
});
afterAll(() => stop());
beforeEach(() => {
  feed = {
    locationId: `loc-${randomUUID().slice(0, 8)}`,
    provider: 'reso',
    market: `gulf-${randomUUID().slice(0, 8)}`,
  };
  polled = [];
  [wait, release] = [Promise.resolve(), () => undefined];
});
afterEach(async () => {
  release();
  await runs.end(feed);
});

const described = () => client.schedule.getHandle(marketWorkflowId(feed)).describe();

describe('the schedule of a feed', () => {
  it('asks at once, and then again and again; it says what for', async () => {
    await runs.begin(feed, 1);
    await until(() => polled.length >= 3);
    expect(polled[0]).toMatchObject({ feed, pushed: false });
    const { spec, policies, state } = await described();
    expect(spec.intervals).toMatchObject([{ every: 1_000 }]);
    expect(spec.jitter).toBeGreaterThan(0);
    expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 10_000 });
    expect(state.note).toBe('Made and ended with the feed in the settings of its location.');
  });

  it('starts no second run beside one that is not over', async () => {
    wait = new Promise((resolve) => (release = resolve));
    await runs.begin(feed, 1);
    await until(async () => (await described()).info.numActionsSkippedOverlap >= 2);
    expect(polled).toHaveLength(1);
    release();
    await until(() => polled.length >= 2);
  });

  it('follows another interval, and stays as a person has paused it', async () => {
    await runs.begin(feed, 60);
    await client.schedule.getHandle(marketWorkflowId(feed)).pause('looked at');
    await runs.begin(feed, 5);
    const { spec, state } = await described();
    expect(spec.intervals).toMatchObject([{ every: 5_000 }]);
    expect(state).toMatchObject({ paused: true, note: 'looked at' });
  });

  it('is gone with its feed, and is begun and ended twice without harm', async () => {
    await runs.begin(feed, 60);
    await runs.begin(feed, 60);
    await runs.end(feed);
    await runs.end(feed);
    await expect(described()).rejects.toThrow();
  });
});

describe('a push', () => {
  it('wakes a run of its own, whether there is a schedule or not', async () => {
    await runs.wake(feed);
    await until(() => polled.length === 1);
    expect(polled[0]).toMatchObject({ feed, pushed: true });
  });

  it('that comes while its run works is worked by the same run, and none is lost', async () => {
    wait = new Promise((resolve) => (release = resolve));
    await runs.wake(feed);
    await until(() => polled.length === 1);
    await Promise.all([runs.wake(feed), runs.wake(feed)]);
    release();
    await until(() => polled.length === 2);
    const handle = client.workflow.getHandle(marketWorkflowId(feed));
    await until(async () => (await handle.describe()).status.name === 'COMPLETED');
    expect(polled).toHaveLength(2);
  });
});

describe('a backfill', () => {
  it('of a month runs once at a time', async () => {
    wait = new Promise((resolve) => (release = resolve));
    expect(await runs.backfill(feed, '2026-03')).toBe(true);
    expect(await runs.backfill(feed, '2026-03')).toBe(false);
    expect(await runs.backfill(feed, '2026-04')).toBe(true);
    release();
    await until(async () => runs.backfill(feed, '2026-03'));
  });
});

describe('the schedule of a public file', () => {
  it('fetches it at once and then each day, stays as a person has paused it, and is begun and ended twice without harm', async () => {
    const file: FollowedFile = { source: 'zhvi', file: `https://files.example.com/${randomUUID()}/metro.csv` };
    const times = (): number => fetched.filter((one) => one.file === file.file).length;
    await fileRuns.begin(file);
    await until(() => times() >= 1);
    const schedule = client.schedule.getHandle(figuresWorkflowId(file));
    const { spec, policies } = await schedule.describe();
    expect(spec.intervals).toMatchObject([{ every: 3_000 }]);
    expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 10_000 });
    await until(() => times() >= 3);
    await schedule.pause('looked at');
    await fileRuns.begin(file);
    expect((await schedule.describe()).state).toMatchObject({ paused: true, note: 'looked at' });
    await fileRuns.end(file);
    await fileRuns.end(file);
    await expect(schedule.describe()).rejects.toThrow();
  });

  it('is set off by the next one who looks, where whoever made it had no time to', async () => {
    const file: FollowedFile = { source: 'fhfa', file: `https://files.example.com/${randomUUID()}/metro.csv` };
    const scheduleId = figuresWorkflowId(file);
    await client.schedule.create({
      ...{ scheduleId, spec: { intervals: [{ every: '30 days' }] } },
      action: {
        ...{
          type: 'startWorkflow',
          workflowType: 'marketFigures',
          taskQueue: taskQueues.market,
          workflowId: scheduleId,
        },
        args: [file],
      },
    });
    await fileRuns.begin(file);
    await until(() => fetched.some((one) => one.file === file.file));
    const { numActionsTaken } = (await client.schedule.getHandle(scheduleId).describe()).info;
    await fileRuns.begin(file);
    expect((await client.schedule.getHandle(scheduleId).describe()).info.numActionsTaken).toBe(numActionsTaken);
    expect(numActionsTaken).toBe(1);
    await fileRuns.end(file);
  });
});
