import type { z } from 'zod';
import { AppError } from '../../domain/errors.ts';
import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { CrmMessage } from '../../domain/ports/crm.ts';
import type { MessageChannel } from '../../domain/webhooks/event.ts';
import type { GhlClient } from './client.ts';
import { bodyText } from './mail-body.ts';
import { read } from './read-back.ts';
import { readAnswer } from './read-answer.ts';
import {
  conversationItem,
  conversationsAnswer,
  emailAnswer,
  itemsOf,
  messageItem,
  messagesAnswer,
  type GhlMessage,
} from './schemas.ts';

const PAGE = 100;
/** Five thousand messages with one contact are no talk between people. */
const MAX_PAGES = 50;
const MAX_CONVERSATIONS = 100;

/**
 * Everything in the contact's conversations from `since` on, oldest first.
 * @throws AppError CRM_* when not all of it can be read: a message without a usable time counts as of then, one without an id is a fault
 */
export async function messagesSince(client: GhlClient, ref: LeadRef, since: Iso): Promise<CrmMessage[]> {
  const query = { locationId: ref.locationId, contactId: ref.contactId, limit: MAX_CONVERSATIONS };
  const found = await read(client, 'search-conversation', ref, { query });
  const { conversations } = readAnswer('search-conversation', conversationsAnswer, found);
  if (conversations.length >= MAX_CONVERSATIONS) throw incomplete('the contact has too many conversations');
  const messages: CrmMessage[] = [];
  for (const { id, contactId } of whole(conversationItem, conversations, 'a conversation')) {
    if ((contactId ?? ref.contactId) !== ref.contactId) continue;
    for (const message of await inConversation(client, ref, id, Date.parse(since))) {
      messages.push(await messageOf(client, ref, message, since));
    }
  }
  return messages.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

async function inConversation(
  client: GhlClient,
  ref: LeadRef,
  conversationId: string,
  since: number,
): Promise<GhlMessage[]> {
  const kept: GhlMessage[] = [];
  let lastMessageId: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = { limit: PAGE, ...(lastMessageId === undefined ? {} : { lastMessageId }) };
    const answer = await read(client, 'get-messages', ref, { path: { conversationId }, query });
    const { messages, nextPage, lastMessageId: last } = readAnswer('get-messages', messagesAnswer, answer);
    const items = whole(messageItem, messages, 'a message');
    const times = items.map(({ dateAdded }) => Date.parse(dateAdded ?? ''));
    kept.push(...items.filter((_, i) => !(times[i]! < since)));
    // Newest first: a page that reaches back beyond `since` is the last that matters.
    if (nextPage !== true || times.some((time) => time < since)) return kept;
    // A page that does not move on would be read for ever.
    if (typeof last !== 'string' || last === '' || last === lastMessageId) throw incomplete('the pages do not move on');
    lastMessageId = last;
  }
  throw incomplete('the talk is too long');
}

async function messageOf(client: GhlClient, ref: LeadRef, message: GhlMessage, since: Iso): Promise<CrmMessage> {
  const time = Date.parse(message.dateAdded ?? '');
  return {
    vendorId: message.id,
    direction: message.direction === 'inbound' ? 'inbound' : 'outbound',
    channel: channelOf(message.messageType ?? ''),
    body: await textOf(client, ref, message),
    at: Number.isNaN(time) ? since : new Date(time).toISOString(),
    origin: message.source ?? null,
    userId: message.userId ?? null,
  };
}

/** Lists may leave an e-mail's text out; it is then read by its own id. */
async function textOf(client: GhlClient, ref: LeadRef, message: GhlMessage): Promise<string> {
  if (typeof message.body === 'string' && message.body !== '') return bodyText(message.body);
  const texts: string[] = [];
  for (const id of message.meta?.email?.messageIds ?? []) {
    const answer = await read(client, 'get-email-by-id', ref, { path: { id } });
    texts.push(bodyText(readAnswer('get-email-by-id', emailAnswer, answer).body ?? ''));
  }
  return texts.join('\n\n');
}

function channelOf(messageType: string): MessageChannel {
  const name = messageType.toUpperCase();
  if (name.includes('INTERNAL')) return 'internal-comment';
  if (name.includes('VOICEMAIL')) return 'voicemail';
  if (name.includes('CALL')) return 'call';
  if (name.includes('EMAIL')) return 'email';
  if (name.includes('SMS')) return 'sms';
  return /CHAT|FACEBOOK|INSTAGRAM|WHATSAPP|TIKTOK|_(FB|IG|GMB|RCS)\b/.test(name) ? 'chat' : 'other';
}

/** All items, or an error: what has no id cannot be told from what we know. */
function whole<T extends z.ZodType>(item: T, list: readonly unknown[], what: string): z.infer<T>[] {
  const items = itemsOf(item, list);
  if (items.length < list.length) throw incomplete(`${what} cannot be read`);
  return items;
}

function incomplete(why: string): AppError {
  return new AppError('CRM_UNAVAILABLE', `not all of the talk can be read back: ${why}`);
}
