import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { withFailures } from '../../activities/failures.ts';
import { createFigureActivities } from '../../activities/followed-files.ts';
import { withHeartbeat } from '../../activities/heartbeat.ts';
import type { FeedRef } from '../../domain/market/feed.ts';
import type { FigureAddress } from '../../domain/market/followed-files.ts';
import type { FollowedFile } from '../../domain/ports/followed-files.ts';
import { createFigureFiles } from '../../integrations/market-files/open.ts';
import { createFollowedFileStore } from '../../integrations/postgres/followed-files.ts';
import { createMarketFigureStore } from '../../integrations/postgres/market-figures.ts';
import { createMarketRuns } from '../../integrations/temporal/market.ts';
import { workflowBundle } from '../../workers/bundle.ts';
import type { MarketActivities } from '../../workflows/activities.ts';
import {
  backfillWorkflowId,
  FIGURES_WORKFLOW,
  type FiguresInput,
  figuresWorkflowId,
  MARKET_WORKFLOW,
  type MarketInput,
  type MarketTally,
  type MarketView,
  marketWorkflowId,
  PROGRESS_QUERY,
  taskQueues,
} from '../../workflows/contract.ts';
import { clientOf } from './lead-worker.ts';
import { startFigureServer } from './figure-server.ts';
import { createMarketEnv } from './market-env.ts';
import { until } from './until.ts';
import { startVirtualTime } from './virtual-time.ts';

export type MarketLife = Awaited<ReturnType<typeof createMarketLife>>;

/** Replication by its workflows in virtual time. What changes mean to leads is no matter here: they are ticked off. */
export async function createMarketLife() {
  const market = await createMarketEnv();
  const time = await startVirtualTime((aheadMs) => {
    market.ahead.ms = aheadMs;
    return Promise.resolve();
  });
  // Not the environment's own client: while that waits for a result, years may pass.
  const client = clientOf(time.env.connection, time.env.namespace ?? 'default');
  const fanOut: MarketActivities['fanOut'] = async ({ locationId, market: name }) => {
    const rows = await market.query(
      `update listing_events set fanned_at = now() where (location_id, id) in (
        select location_id, id from listing_events where location_id = $1 and market = $2 and fanned_at is null limit 5) returning 1`,
      [locationId, name],
    );
    return { changes: rows.length, alerts: rows.length, more: rows.length === 5 };
  };
  const server = await startFigureServer();
  const addresses: FigureAddress[] = [];
  const unfollowed: FollowedFile[] = [];
  const figures = createFigureActivities({
    ...{ addresses, figureFiles: createFigureFiles(), now: market.deps.now },
    ...{ log: market.log, sha256: market.deps.sha256 },
    withFigures: (work) => work(createMarketFigureStore(market.db.tenants.house)),
    followed: createFollowedFileStore(market.db.tenants.house),
    fileRuns: { begin: () => Promise.resolve(), end: (file) => Promise.resolve(void unfollowed.push(file)) },
  });
  const { codePath } = await workflowBundle(join(tmpdir(), 'leadwright-test-bundles'));
  const worker = await Worker.create({
    connection: time.env.nativeConnection,
    namespace: time.env.namespace ?? 'default',
    taskQueue: taskQueues.market,
    workflowBundle: { codePath },
    activities: withHeartbeat(withFailures(market.log, { ...market.activities, ...figures, fanOut })),
    interceptors: {
      activity: [
        () => ({
          inbound: {
            execute: async (input, next) => {
              await time.look();
              return next(input);
            },
          },
        }),
      ],
    },
  });
  const running = worker.run();
  const runs = createMarketRuns(client, { timeoutMs: 60_000 });
  const handle = (id: string) => client.workflow.getHandle(id);

  return {
    ...{ market, time, client, runs, handle },
    files: { server, addresses, unfollowed },
    /** What the schedule of a file starts. */
    fetch: (file: FiguresInput) =>
      client.workflow.start(FIGURES_WORKFLOW, {
        workflowId: figuresWorkflowId(file),
        taskQueue: taskQueues.market,
        args: [file],
      }),
    /** What the schedule starts, by an id like its own. */
    start: (feed: FeedRef, at = 'now') => {
      const input: MarketInput = { feed };
      return client.workflow.start<(given: MarketInput) => Promise<MarketTally>>(MARKET_WORKFLOW, {
        workflowId: `${marketWorkflowId(feed)}-${at}`,
        taskQueue: taskQueues.market,
        args: [input],
      });
    },
    pushed: (feed: FeedRef) => handle(marketWorkflowId(feed)),
    backfill: (feed: FeedRef, month: string) => handle(backfillWorkflowId(feed, month)),
    progress: (id: string) => handle(id).query<MarketView>(PROGRESS_QUERY),
    async heldBy(id: string): Promise<MarketView> {
      await until(async () => (await handle(id).query<MarketView>(PROGRESS_QUERY)).heldUntil !== null);
      return handle(id).query<MarketView>(PROGRESS_QUERY);
    },
    over: (id: string) => until(async () => (await handle(id).describe()).status.name === 'COMPLETED'),
    async close(): Promise<void> {
      worker.shutdown();
      await running;
      await time.close();
      await Promise.all([market.close(), server.close()]);
    },
  };
}
