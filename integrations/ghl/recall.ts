import type { z } from 'zod';
import { AppError } from '../../domain/errors.ts';
import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { CrmMessage } from '../../domain/ports/crm.ts';
import type { MessageChannel } from '../../domain/webhooks/event.ts';
import type { GhlClient } from './client.ts';
import { conversationsOf, emailText, idOf, messagePages } from './conversations.ts';
import { bodyText } from './mail-body.ts';
import { conversationItem, itemsOf, messageItem, type GhlMessage } from './schemas.ts';

/** Five thousand messages with one contact are no talk between people. */
const MAX_PAGES = 50;
const MAX_CONVERSATIONS = 100;

/**
 * Everything in the contact's conversations from `since` on, oldest first.
 * @throws AppError CRM_* when not all of it can be read: a message without a usable time counts as of then, one without an id is a fault
 */
export async function messagesSince(client: GhlClient, ref: LeadRef, since: Iso): Promise<CrmMessage[]> {
  const conversations = await conversationsOf(client, ref, MAX_CONVERSATIONS);
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
  for await (const page of messagePages(client, ref, conversationId, { whenStuck: 'fail', most: MAX_PAGES })) {
    const items = whole(messageItem, page, 'a message');
    const times = items.map(({ dateAdded }) => Date.parse(dateAdded ?? ''));
    kept.push(...items.filter((_, i) => !(times[i]! < since)));
    // Newest first: a page that reaches back beyond `since` is the last that matters.
    if (times.some((time) => time < since)) break;
  }
  return kept;
}

async function messageOf(client: GhlClient, ref: LeadRef, message: GhlMessage, since: Iso): Promise<CrmMessage> {
  const time = Date.parse(message.dateAdded ?? '');
  return {
    vendorId: idOf(message),
    direction: message.direction === 'inbound' ? 'inbound' : 'outbound',
    channel: channelOf(message.messageType ?? ''),
    body: await textOf(client, ref, message),
    at: Number.isNaN(time) ? since : new Date(time).toISOString(),
    origin: message.source ?? null,
    userId: message.userId ?? null,
  };
}

async function textOf(client: GhlClient, ref: LeadRef, message: GhlMessage): Promise<string> {
  if (typeof message.body === 'string' && message.body !== '') return bodyText(message.body);
  const texts: string[] = [];
  for (const id of message.meta?.email?.messageIds ?? []) texts.push(await emailText(client, ref, id));
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
