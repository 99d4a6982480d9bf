import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { CrmTask } from '../../domain/ports/crm.ts';
import { expectObject } from './answers.ts';
import type { GhlClient } from './client.ts';
import { bodyText, sameWords } from './mail-body.ts';
import type { CallInput, OperationId } from './operations.ts';
import {
  conversationItem,
  conversationsAnswer,
  emailAnswer,
  itemsOf,
  messageItem,
  messagesAnswer,
  taskItem,
  tasksAnswer,
  type GhlMessage,
} from './schemas.ts';
import { readAnswer } from './read-answer.ts';

/** Clocks of both sides may differ; a message dated this much before the claim may still be ours. */
const CLOCK_SLACK_MS = 2_000;
const PAGE = 100;
const MAX_PAGES = 10;

type Wanted = { readonly channel: 'sms' | 'email'; readonly body: string; readonly since: Iso };

/**
 * Did a send of unknown outcome land? Looks through the contact's conversations, newest messages first, for an outbound one of our own
 * API with the same words, not before `since`. Whatever its status: a failed one was attempted too, and must not go out twice.
 * @returns the vendor's message id, or undefined when there is none
 */
export async function findMessage(client: GhlClient, ref: LeadRef, wanted: Wanted): Promise<string | undefined> {
  const query = { locationId: ref.locationId, contactId: ref.contactId, limit: 20 };
  const found = await read(client, 'search-conversation', ref, { query });
  const { conversations } = readAnswer('search-conversation', conversationsAnswer, found);
  for (const conversation of itemsOf(conversationItem, conversations)) {
    if ((conversation.contactId ?? ref.contactId) !== ref.contactId) continue;
    const id = await findInConversation(client, ref, conversation.id, wanted);
    if (id !== undefined) return id;
  }
  return undefined;
}

export async function findTask(
  client: GhlClient,
  ref: LeadRef,
  wanted: { title: string; body: string },
): Promise<string | undefined> {
  const tasks = await readTasks(client, ref);
  return tasks.find(({ title, body }) => sameWords(title, wanted.title) && sameWords(body, wanted.body))?.vendorId;
}

export async function readTasks(client: GhlClient, ref: LeadRef): Promise<CrmTask[]> {
  const found = await read(client, 'get-all-tasks', ref, { path: { contactId: ref.contactId } });
  const { tasks } = readAnswer('get-all-tasks', tasksAnswer, found);
  return itemsOf(taskItem, tasks).map(({ id, title, body }) => ({
    vendorId: id,
    title: title ?? '',
    body: bodyText(body ?? ''),
  }));
}

async function findInConversation(
  client: GhlClient,
  ref: LeadRef,
  conversationId: string,
  wanted: Wanted,
): Promise<string | undefined> {
  const since = Date.parse(wanted.since) - CLOCK_SLACK_MS;
  let lastMessageId: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = { limit: PAGE, ...(lastMessageId === undefined ? {} : { lastMessageId }) };
    const answer = await read(client, 'get-messages', ref, { path: { conversationId }, query });
    const { messages, nextPage, lastMessageId: last } = readAnswer('get-messages', messagesAnswer, answer);
    const items = itemsOf(messageItem, messages);
    for (const message of items) {
      if (mayBeOurs(message, wanted.channel, since) && (await saysSame(client, ref, message, wanted.body)))
        return message.id;
    }
    const oldest = items.reduce(
      (least, message) => Math.min(least, Date.parse(message.dateAdded ?? '') || least),
      Infinity,
    );
    // A page that does not move on would be read for ever.
    if (nextPage !== true || oldest < since || typeof last !== 'string' || last === lastMessageId) return undefined;
    lastMessageId = last;
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

/** Lists may leave an e-mail's text out; it is then read by its own id. */
async function saysSame(client: GhlClient, ref: LeadRef, message: GhlMessage, body: string): Promise<boolean> {
  if (typeof message.body === 'string' && message.body !== '') return sameWords(bodyText(message.body), body);
  for (const id of message.meta?.email?.messageIds ?? []) {
    const email = readAnswer(
      'get-email-by-id',
      emailAnswer,
      await read(client, 'get-email-by-id', ref, { path: { id } }),
    );
    if (sameWords(bodyText(email.body ?? ''), body)) return true;
  }
  return false;
}

export async function read(
  client: GhlClient,
  operation: OperationId,
  ref: LeadRef,
  input: CallInput,
): Promise<Record<string, unknown>> {
  return expectObject(operation, await client.call(operation, ref.locationId, input)).json;
}
