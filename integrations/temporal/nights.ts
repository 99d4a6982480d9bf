import { ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { NightSchedule } from '../../domain/ports/nights.ts';
import { NIGHT_WORKFLOW, nightWorkflowId, taskQueues } from '../../workflows/contract.ts';
import type { NightInput } from '../../workflows/contract.ts';
import { within } from './connection.ts';

const locationKey = defineSearchAttributeKey('LocationId', 'KEYWORD');

/** When the day's talks are mostly over, with time enough that summaries are there in the morning. */
const AT = { hour: 22, minute: 30 };
/** All locations of a zone do not come at once. */
const JITTER_MS = 20 * 60_000;
/** The server takes no less. A night that was missed is left out: its leads have the next one, or a person who looks. */
const CATCH_UP_MS = 10_000;

/** One schedule for each location; gone where nothing was to be done for long. */
export function createNightSchedule(client: Client, options: { timeoutMs?: number } = {}): NightSchedule {
  const patience = options.timeoutMs ?? 5_000;
  return {
    begin: (locationId, zone) =>
      within(client, patience, async () => {
        const input: NightInput = { locationId };
        try {
          await client.schedule.create({
            scheduleId: nightWorkflowId(locationId),
            spec: { calendars: [AT], timezone: zone, jitter: JITTER_MS },
            policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: CATCH_UP_MS },
            action: {
              type: 'startWorkflow',
              workflowType: NIGHT_WORKFLOW,
              workflowId: nightWorkflowId(locationId),
              taskQueue: taskQueues.leads,
              args: [input],
              typedSearchAttributes: [{ key: locationKey, value: locationId }],
              staticSummary: "Sums up the talks of the day for a location's agents, by batch at half the price",
            },
            state: { note: 'Ends by itself where nobody writes for a week; the next call of a model begins it again.' },
          });
        } catch (error) {
          if (!(error instanceof ScheduleAlreadyRunning)) throw error;
        }
      }),
    end: (locationId) =>
      within(client, patience, async () => {
        try {
          await client.schedule.getHandle(nightWorkflowId(locationId)).delete();
        } catch (error) {
          if (!(error instanceof ScheduleNotFoundError)) throw error;
        }
      }),
  };
}
