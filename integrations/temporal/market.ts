import {
  type Client,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  WorkflowExecutionAlreadyStartedError,
} from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { FeedRef } from '../../domain/market/feed.ts';
import type { MarketRuns } from '../../domain/ports/market-runs.ts';
import {
  BACKFILL_WORKFLOW,
  MARKET_WORKFLOW,
  PUSHED_SIGNAL,
  backfillWorkflowId,
  marketWorkflowId,
  taskQueues,
} from '../../workflows/contract.ts';
import type { BackfillInput, MarketInput } from '../../workflows/contract.ts';
import { within } from './connection.ts';

const locationKey = defineSearchAttributeKey('LocationId', 'KEYWORD');

const MINUTE_MS = 60_000;
const JITTER_MS = 5_000;
/** The server takes no less. What was missed meanwhile is brought by the next poll: cursors know no gaps. */
const CATCH_UP_MS = 10_000;

/** One schedule for each feed, and one run beside it that pushed events wake. */
export function createMarketRuns(client: Client, options: { timeoutMs?: number; minuteMs?: number } = {}): MarketRuns {
  const patience = options.timeoutMs ?? 5_000;
  const minute = options.minuteMs ?? MINUTE_MS;

  function scheduleOf(feed: FeedRef, everyMinutes: number) {
    const input: MarketInput = { feed };
    const every = everyMinutes * minute;
    return {
      spec: { intervals: [{ every, offset: spread(feed) % every }], jitter: Math.min(JITTER_MS, every / 10) },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: CATCH_UP_MS },
      action: {
        type: 'startWorkflow' as const,
        workflowType: MARKET_WORKFLOW,
        workflowId: marketWorkflowId(feed),
        taskQueue: taskQueues.market,
        args: [input],
        typedSearchAttributes: [{ key: locationKey, value: feed.locationId }],
        staticSummary: `Asks ${feed.provider} for what is new in the market ${feed.market}`,
      },
      state: { note: 'Made and ended with the feed in the settings of its location.' },
    };
  }

  return {
    begin: (feed, everyMinutes) =>
      within(client, patience, async () => {
        const scheduleId = marketWorkflowId(feed);
        const wanted = scheduleOf(feed, everyMinutes);
        try {
          const made = await client.schedule.create({ scheduleId, ...wanted });
          // `triggerImmediately` would let the first run and the next one go side by side.
          await made.trigger(ScheduleOverlapPolicy.SKIP);
        } catch (error) {
          if (!(error instanceof ScheduleAlreadyRunning)) throw error;
          // A person may have paused it, for a reason.
          await client.schedule.getHandle(scheduleId).update(({ state }) => ({ ...wanted, state }));
        }
      }),
    end: (feed) =>
      within(client, patience, async () => {
        try {
          await client.schedule.getHandle(marketWorkflowId(feed)).delete();
        } catch (error) {
          if (!(error instanceof ScheduleNotFoundError)) throw error;
        }
      }),
    wake: (feed) =>
      within(client, patience, async () => {
        const input: MarketInput = { feed, pushed: true };
        await client.workflow.signalWithStart(MARKET_WORKFLOW, {
          workflowId: marketWorkflowId(feed),
          taskQueue: taskQueues.market,
          args: [input] as [MarketInput],
          typedSearchAttributes: [{ key: locationKey, value: feed.locationId }],
          staticSummary: `Works what ${feed.provider} pushed for the market ${feed.market}`,
          // Somebody waits for it: before what is merely due.
          priority: { priorityKey: 2 },
          signal: PUSHED_SIGNAL,
          signalArgs: [],
        });
      }),
    backfill: (feed, month) =>
      within(client, patience, async () => {
        const input: BackfillInput = { feed, month };
        try {
          await client.workflow.start(BACKFILL_WORKFLOW, {
            workflowId: backfillWorkflowId(feed, month),
            taskQueue: taskQueues.market,
            args: [input] as [BackfillInput],
            typedSearchAttributes: [{ key: locationKey, value: feed.locationId }],
            staticSummary: `Reads the changes of ${month} in the market ${feed.market} anew`,
            priority: { priorityKey: 5 },
          });
          return true;
        } catch (error) {
          if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
          throw error;
        }
      }),
  };
}

/** Each feed at its own time within the interval: FNV-1a of its name. */
function spread(feed: FeedRef): number {
  let hash = 0x811c9dc5;
  for (const char of marketWorkflowId(feed)) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}
