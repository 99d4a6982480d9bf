import type { Client } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { Rescoring } from '../../domain/ports/scores.ts';
import { RESCORE_SIGNAL, RESCORE_WORKFLOW, rescoreWorkflowId, taskQueues } from '../../workflows/contract.ts';
import type { RescoreInput } from '../../workflows/contract.ts';
import { within } from './connection.ts';

const locationKey = defineSearchAttributeKey('LocationId', 'KEYWORD');

/** One workflow per location, whether it runs already or not. */
export function createRescoring(client: Client, options: { timeoutMs?: number } = {}): Rescoring {
  const began = (locationId: string) => {
    const input: RescoreInput = { locationId };
    return {
      workflowId: rescoreWorkflowId(locationId),
      taskQueue: taskQueues.leads,
      args: [input] as [RescoreInput],
      typedSearchAttributes: [{ key: locationKey, value: locationId }],
      staticSummary: 'Scores the leads of one location anew, every night and when the model or the settings change',
      // Behind what comes in live. The server takes 64 bytes of a key.
      priority: { priorityKey: 4, fairnessKey: locationId.slice(0, 64) },
      workflowIdConflictPolicy: 'USE_EXISTING' as const,
    };
  };
  const patience = options.timeoutMs ?? 5_000;
  return {
    start: (locationId) =>
      within(client, patience, async () => {
        await client.workflow.start(RESCORE_WORKFLOW, began(locationId));
      }),
    tell: (locationId) =>
      within(client, patience, async () => {
        await client.workflow.signalWithStart(RESCORE_WORKFLOW, {
          ...began(locationId),
          signal: RESCORE_SIGNAL,
          signalArgs: [],
        });
      }),
  };
}
