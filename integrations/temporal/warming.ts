import { ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { WarmingSchedule } from '../../domain/ports/warmth.ts';
import { KEEP_WARM_WORKFLOW, WARM_LOOK_EVERY_MS, taskQueues, warmWorkflowId } from '../../workflows/contract.ts';
import type { WarmInput } from '../../workflows/contract.ts';
import { within } from './connection.ts';

const locationKey = defineSearchAttributeKey('LocationId', 'KEYWORD');

const JITTER_MS = 60_000;
/** What was missed while Temporal was away is cold, or looked at by the next look. */
const CATCH_UP_MS = 10_000;

/** One schedule for each location; it is there while pings pay, and gone when they do not. */
export function createWarming(client: Client, options: { timeoutMs?: number; everyMs?: number } = {}): WarmingSchedule {
  const patience = options.timeoutMs ?? 5_000;
  const every = options.everyMs ?? WARM_LOOK_EVERY_MS;
  return {
    begin: (locationId) =>
      within(client, patience, async () => {
        const input: WarmInput = { locationId };
        try {
          await client.schedule.create({
            scheduleId: warmWorkflowId(locationId),
            // Each location at its own time, and the first look half an hour after the first call.
            spec: { intervals: [{ every, offset: Date.now() % every }], jitter: Math.min(JITTER_MS, every / 10) },
            policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: CATCH_UP_MS },
            action: {
              type: 'startWorkflow',
              workflowType: KEEP_WARM_WORKFLOW,
              workflowId: warmWorkflowId(locationId),
              taskQueue: taskQueues.leads,
              args: [input],
              typedSearchAttributes: [{ key: locationKey, value: locationId }],
              staticSummary:
                "Keeps what a location's calls of a language model share in the vendor's cache while that pays",
            },
            state: { note: 'Ends by itself where pings no longer pay; the next call of a model begins it again.' },
          });
        } catch (error) {
          if (!(error instanceof ScheduleAlreadyRunning)) throw error;
        }
      }),
    end: (locationId) =>
      within(client, patience, async () => {
        try {
          await client.schedule.getHandle(warmWorkflowId(locationId)).delete();
        } catch (error) {
          if (!(error instanceof ScheduleNotFoundError)) throw error;
        }
      }),
  };
}
