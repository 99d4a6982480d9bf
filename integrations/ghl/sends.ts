import type { LeadRef } from '../../domain/glossary.ts';
import type { Crm, SendOutcome } from '../../domain/ports/crm.ts';
import { outcomeOf } from './answers.ts';
import { takeAway } from './ask.ts';
import type { GhlClient } from './client.ts';
import { htmlOf } from './mail-body.ts';

/**
 * The document marks `status` and `subType` as required; that is a fault of the document, and real calls leave them out. An e-mail is
 * known by its own id, which is the one that its webhooks bear.
 */
export async function send(client: GhlClient, ref: LeadRef, message: Parameters<Crm['send']>[1]): Promise<SendOutcome> {
  const { channel, body: words, subject = '', from, urgent = false } = message;
  const sender = from === undefined ? {} : { fromNumber: from };
  const body =
    channel === 'sms'
      ? ({ type: 'SMS', contactId: ref.contactId, message: words, ...sender } as const)
      : ({ type: 'Email', contactId: ref.contactId, subject, html: htmlOf(words), message: words } as const);
  const reply = await client.call('send-a-new-message', ref.locationId, { body }, { urgent });
  const [own, other] = channel === 'email' ? ['emailMessageId', 'messageId'] : ['messageId', 'emailMessageId'];
  return outcomeOf(reply, (json) => idIn(json, own) ?? idIn(json, other));
}

/** The answer names nothing new: the workflow's own id stands for what was begun. */
export async function addToWorkflow(client: GhlClient, ref: LeadRef, workflowId: string): Promise<SendOutcome> {
  const input = { path: { contactId: ref.contactId, workflowId }, body: {} };
  const reply = await client.call('add-contact-to-workflow', ref.locationId, input);
  return outcomeOf(reply, (json) => (json['succeded'] === false ? undefined : workflowId));
}

export async function removeFromWorkflow(client: GhlClient, ref: LeadRef, workflowId: string): Promise<void> {
  const input = { path: { contactId: ref.contactId, workflowId }, body: {} };
  await takeAway(client, 'delete-contact-from-workflow', ref.locationId, input);
}

/** An id in an answer, directly or in the thing that was made. */
export function idIn(json: Record<string, unknown>, ...path: readonly string[]): string | undefined {
  let place: unknown = json;
  for (const key of path) {
    place = typeof place === 'object' && place !== null ? (place as Record<string, unknown>)[key] : undefined;
  }
  return typeof place === 'string' && place !== '' ? place : undefined;
}
