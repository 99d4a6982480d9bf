import { WithStartWorkflowOperation, type Client } from '@temporalio/client';
import { defineSearchAttributeKey, type Workflow } from '@temporalio/common';
import type { LeadRef } from '../../domain/glossary.ts';
import type { LeadMailbox } from '../../domain/ports/inbox.ts';
import type { LeadActs } from '../../domain/ports/lead-acts.ts';
import { within } from './connection.ts';
import { EVENT_SIGNAL, LEAD_WORKFLOW, leadWorkflowId, taskQueues } from '../../workflows/contract.ts';
import type { ActInput, ActResult, DraftInput, DraftWord, LeadInput } from '../../workflows/contract.ts';

const locationKey = defineSearchAttributeKey('LocationId', 'KEYWORD');
const contactKey = defineSearchAttributeKey('ContactId', 'KEYWORD');

/** Delivers events by signal-with-start: one call, whether the lead's workflow runs or not. */
export function createLeadMailbox(client: Client, options: { timeoutMs?: number } = {}): LeadMailbox {
  return {
    deliver: (ref, event) =>
      within(client, options.timeoutMs ?? 5_000, async () => {
        await client.workflow.signalWithStart(LEAD_WORKFLOW, {
          ...start(ref),
          signal: EVENT_SIGNAL,
          signalArgs: [{ inboxId: event.inboxId, kind: event.kind, at: event.at }],
        });
      }),
  };
}

/** Acts of people by update-with-start, answered as soon as the workflow has taken them. */
export function createLeadActs(client: Client, options: { timeoutMs?: number } = {}): LeadActs {
  function update<Result>(name: string, ref: LeadRef, input: ActInput | DraftInput): Promise<Result> {
    return within(client, options.timeoutMs ?? 2_000, () => {
      const { workflowId, taskQueue, args, typedSearchAttributes, staticSummary, priority } = start(ref);
      return client.workflow.executeUpdateWithStart<Workflow, Result, [ActInput | DraftInput]>(name, {
        args: [input],
        startWorkflowOperation: new WithStartWorkflowOperation(LEAD_WORKFLOW, {
          workflowId,
          taskQueue,
          args,
          typedSearchAttributes,
          staticSummary,
          priority,
          workflowIdConflictPolicy: 'USE_EXISTING',
        }),
      });
    });
  }
  return {
    act: async (ref, action, input) => {
      const { state } = await update<ActResult>(action, ref, input);
      return { state };
    },
    draft: async (ref, verdict, input) => {
      const name: DraftWord = verdict === 'approve' ? 'approveDraft' : 'rejectDraft';
      await update(name, ref, input);
    },
  };
}

function start(ref: LeadRef) {
  const input: LeadInput = { locationId: ref.locationId, contactId: ref.contactId };
  return {
    workflowId: leadWorkflowId(ref.locationId, ref.contactId),
    taskQueue: taskQueues.leads,
    args: [input] as [LeadInput],
    typedSearchAttributes: [
      { key: locationKey, value: ref.locationId },
      { key: contactKey, value: ref.contactId },
    ],
    staticSummary: 'One lead: its mailbox, its levels, its follow-up',
    // Its activities inherit it: where many leads are due at once, each location has its share of the workers. The server takes 64 bytes.
    priority: { fairnessKey: ref.locationId.slice(0, 64) },
  };
}
