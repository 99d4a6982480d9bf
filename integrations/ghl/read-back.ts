import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { GhlClient } from './client.ts';
import { conversationsOf, emailText, idOf, messagePages } from './conversations.ts';
import { bodyText, sameWords } from './mail-body.ts';
import { conversationItem, itemsOf, messageItem, type GhlMessage } from './schemas.ts';

/** Clocks of both sides may differ; a message dated this much before the claim may still be ours. */
const CLOCK_SLACK_MS = 2_000;
const MAX_CONVERSATIONS = 20;
const MAX_PAGES = 10;

type Wanted = { readonly channel: 'sms' | 'email'; readonly body: string; readonly since: Iso };

/**
 * Did a send of unknown outcome land? Looks through the contact's conversations, newest messages first, for an outbound one of our own
 * API with the same words, not before `since`. Whatever its status: a failed one was attempted too, and must not go out twice.
 * @returns the vendor's message id, or undefined when there is none
 */
export async function findMessage(client: GhlClient, ref: LeadRef, wanted: Wanted): Promise<string | undefined> {
  const conversations = await conversationsOf(client, ref, MAX_CONVERSATIONS);
  for (const conversation of itemsOf(conversationItem, conversations)) {
    if ((conversation.contactId ?? ref.contactId) !== ref.contactId) continue;
    const id = await findInConversation(client, ref, conversation.id, wanted);
    if (id !== undefined) return id;
  }
  return undefined;
}

async function findInConversation(
  client: GhlClient,
  ref: LeadRef,
  conversationId: string,
  wanted: Wanted,
): Promise<string | undefined> {
  const since = Date.parse(wanted.since) - CLOCK_SLACK_MS;
  for await (const page of messagePages(client, ref, conversationId, { whenStuck: 'end', most: MAX_PAGES })) {
    const items = itemsOf(messageItem, page);
    for (const message of items) {
      const id = mayBeOurs(message, wanted.channel, since)
        ? await saying(client, ref, message, wanted.body)
        : undefined;
      if (id !== undefined) return id;
    }
    if (items.some(({ dateAdded }) => Date.parse(dateAdded ?? '') < since)) return undefined;
  }
  return undefined;
}

/** `source` is missing in some answers; where it is there, it must be our own door. */
function mayBeOurs(message: GhlMessage, channel: 'sms' | 'email', since: number): boolean {
  const type = message.messageType ?? '';
  const fits = channel === 'sms' ? /SMS/i.test(type) : /EMAIL/i.test(type);
  const at = Date.parse(message.dateAdded ?? '');
  return fits && message.direction === 'outbound' && (message.source ?? 'api') === 'api' && at >= since;
}

/** The id of what says the same: of several mails behind one message the one that does. */
async function saying(client: GhlClient, ref: LeadRef, message: GhlMessage, body: string): Promise<string | undefined> {
  if (typeof message.body === 'string' && message.body !== '')
    return sameWords(bodyText(message.body), body) ? idOf(message) : undefined;
  for (const id of message.meta?.email?.messageIds ?? []) {
    if (sameWords(await emailText(client, ref, id), body)) return id;
  }
  return undefined;
}
