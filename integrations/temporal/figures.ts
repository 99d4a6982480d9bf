import { type Client, ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import type { FollowedFile, FollowedFileRuns } from '../../domain/ports/followed-files.ts';
import { FIGURES_WORKFLOW, figuresWorkflowId, taskQueues } from '../../workflows/contract.ts';
import type { FiguresInput } from '../../workflows/contract.ts';
import { within } from './connection.ts';

const DAY_MS = 86_400_000;
const JITTER_MS = 3_600_000;

/** One schedule for each file, from the hour at which it was first followed. */
export function createFollowedFileRuns(
  client: Client,
  options: { timeoutMs?: number; everyMs?: number } = {},
): FollowedFileRuns {
  const patience = options.timeoutMs ?? 5_000;
  const every = options.everyMs ?? DAY_MS;
  return {
    begin: (file) =>
      within(client, patience, async () => {
        try {
          const made = await client.schedule.create(scheduleOf(file, every));
          await made.trigger(ScheduleOverlapPolicy.SKIP);
        } catch (error) {
          // It stays as it is: a person may have paused it, for a reason.
          if (!(error instanceof ScheduleAlreadyRunning)) throw error;
          const made = client.schedule.getHandle(figuresWorkflowId(file));
          const { info, state } = await made.describe();
          // Whoever made it had no time to.
          if (info.numActionsTaken === 0 && !state.paused) await made.trigger(ScheduleOverlapPolicy.SKIP);
        }
      }),
    end: (file) =>
      within(client, patience, async () => {
        try {
          await client.schedule.getHandle(figuresWorkflowId(file)).delete();
        } catch (error) {
          if (!(error instanceof ScheduleNotFoundError)) throw error;
        }
      }),
  };
}

function scheduleOf({ source, file }: FollowedFile, every: number) {
  const input: FiguresInput = { source, file };
  return {
    scheduleId: figuresWorkflowId(input),
    spec: { intervals: [{ every, offset: Date.now() % every }], jitter: Math.min(JITTER_MS, every / 10) },
    // Of days that were missed while Temporal was away the last one is enough: a file holds all that those before it held.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: every },
    action: {
      type: 'startWorkflow' as const,
      workflowType: FIGURES_WORKFLOW,
      workflowId: figuresWorkflowId(input),
      taskQueue: taskQueues.market,
      args: [input],
      staticSummary: `Fetches public figures of ${source}, if there are new ones`,
      priority: { priorityKey: 5 },
    },
    state: { note: 'Made by MARKET_FIGURES, and ended with its name there.' },
  };
}
