import { randomUUID } from 'node:crypto';
import { created, newId, ok, own, present, text } from './context.ts';
import type { Context, Json, Operations } from './context.ts';
import { conversationWith, conversationRow } from './conversations.ts';
import { messageEvent } from './events.ts';
import { badRequest } from './refusal.ts';
import type { Row, Store } from './store.ts';

/** Number and name of each channel, as GHL codes them. */
const CHANNELS = { SMS: { type: 2, messageType: 'TYPE_SMS' }, Email: { type: 3, messageType: 'TYPE_EMAIL' } } as const;

/** How long a message stays pending after it was queued, in milliseconds. */
const DELIVERY_MS = 250;

/** Sending, and reading one message or a conversation's. An answer to a send means queued; delivery shows on a later read. */
export const messageOperations: Operations = {
  'POST /conversations/messages': (context) => {
    const { type, contactId } = context.body;
    if (!text(contactId)) throw badRequest('contactId is required');
    const contact = own(context, 'contacts', String(contactId), 'Contact');
    if (type !== 'SMS' && type !== 'Email')
      throw badRequest(`No ${String(type)} channel is connected to this location.`);
    refuseUnsendable(contact, type, context.body);
    const conversation = conversationWith(context, contact);
    const message = outbound(context, contact, conversation.id, type);
    context.store.put('messages', message);
    context.store.put('conversations', { ...conversation, lastMessageDate: context.now, dateUpdated: context.now });
    context.emit('OutboundMessage', messageEvent(message, statusOf(message, context.now)));
    return created({
      conversationId: conversation.id,
      messageId: message.id,
      ...(type === 'Email' && { emailMessageId: message['emailMessageId'], threadId: message['threadId'] }),
      msg: 'Message queued successfully.',
      status: 'pending',
    });
  },

  'GET /conversations/messages/{id}': (context) =>
    ok(shownMessage(own(context, 'messages', context.params['id'], 'Message'), context.now)),

  // The documents show a flat list; GHL nests it under `messages`.
  'GET /conversations/{conversationId}/messages': (context) => {
    const conversation = conversationRow(context);
    const { lastMessageId, type } = context.query;
    const limit = (context.query['limit'] as number | undefined) ?? 20;
    const all = context.store.of('messages', conversation.id).reverse();
    const older = lastMessageId === undefined ? all : all.slice(all.findIndex((one) => one.id === lastMessageId) + 1);
    const wanted = older.filter((message) => type === undefined || message['messageType'] === type);
    const page = wanted.slice(0, limit);
    return ok({
      messages: {
        lastMessageId: page.at(-1)?.id ?? '',
        nextPage: wanted.length > page.length,
        messages: page.map((message) => shownMessage(message, context.now)),
      },
    });
  },

  'GET /conversations/messages/export': (context) => {
    const sortBy = context.query['sortBy'] === 'updatedAt' ? 'dateUpdated' : 'dateAdded';
    const limit = (context.query['limit'] as number | undefined) ?? 100;
    const rows = exported(context).sort((one, other) =>
      compare(String(one[sortBy]), String(other[sortBy]), one.id, other.id),
    );
    if (context.query['sortOrder'] !== 'asc') rows.reverse();
    const cursor = text(context.query['cursor']);
    const last = cursor && Buffer.from(cursor, 'base64url').toString();
    const start = last ? rows.findIndex((row) => row.id === last) + 1 : 0;
    const page = rows.slice(start, start + limit);
    const more = start + page.length < rows.length;
    return ok({
      messages: page.map((message) => shownMessage(message, context.now)),
      ...(more && { nextCursor: Buffer.from(page.at(-1)?.id ?? '').toString('base64url') }),
      total: rows.length,
    });
  },
};

/** A message that came in: stored as GHL would, in the contact's conversation. */
export function storeInbound(
  context: Context,
  contact: Row,
  type: 'SMS' | 'Email',
  body: string,
  subject?: string,
): Row {
  const conversation = conversationWith(context, contact);
  const unreadCount = Number(conversation['unreadCount'] ?? 0) + 1;
  const email = type === 'Email';
  const message: Row = {
    id: newId(),
    ...{ ...CHANNELS[type], direction: 'inbound', status: 'delivered', body, attachments: [] },
    ...{ locationId: context.locationId, contactId: contact.id, conversationId: conversation.id },
    ...{ dateAdded: context.now, dateUpdated: context.now, contentType: email ? 'text/html' : 'text/plain' },
    ...present({
      from: email ? contact['email'] : contact['phone'],
      to: sender(context.store, context.locationId, type),
    }),
    ...(email && present({ subject, emailMessageId: newId(), threadId: newId() })),
  };
  context.store.put('messages', message);
  context.store.put('conversations', {
    ...conversation,
    unreadCount,
    lastMessageDate: context.now,
    dateUpdated: context.now,
  });
  return message;
}

/** The permanent refusals, in the words that users of the API report. */
function refuseUnsendable(contact: Row, type: 'SMS' | 'Email', body: Json): void {
  const channel = (contact['dndSettings'] as Record<string, { status?: string }> | undefined)?.[type]?.status;
  if (channel === 'active' || channel === 'permanent')
    throw badRequest(`Cannot send message as DND is active for ${type}.`);
  if (contact['dnd'] === true) throw badRequest('Cannot send message as DND is active');
  const attached = Array.isArray(body['attachments']) && body['attachments'].length > 0;
  const words =
    text(body['message'])?.trim() || (type === 'Email' && text(body['html'])?.trim()) || text(body['templateId']);
  if (!words && !attached) throw badRequest('There is no message or attachments for this message. Skip sending.');
  if (type === 'SMS' && !text(body['toNumber']) && !text(contact['phone'])) throw badRequest('Missing phone number');
  if (type === 'Email' && !text(body['emailTo']) && !text(contact['email'])) throw badRequest('Missing email address');
}

function outbound(context: Context, contact: Row, conversationId: string, type: 'SMS' | 'Email'): Row {
  const { message, html, attachments, fromNumber, toNumber, emailFrom, emailTo, subject, threadId } = context.body;
  const scheduled = context.body['scheduledTimestamp'] as number | undefined;
  const email = type === 'Email';
  const from = (email ? emailFrom : fromNumber) ?? sender(context.store, context.locationId, type);
  const dueAt = scheduled === undefined ? Date.parse(context.now) : Math.max(scheduled * 1000, Date.parse(context.now));
  return {
    id: newId(),
    ...{ ...CHANNELS[type], direction: 'outbound', source: 'api', attachments: attachments ?? [] },
    body: email ? (html ?? message ?? '') : (message ?? ''),
    ...{ locationId: context.locationId, contactId: contact.id, conversationId },
    ...{ dateAdded: context.now, dateUpdated: new Date(dueAt + DELIVERY_MS).toISOString() },
    contentType: email ? 'text/html' : 'text/plain',
    ...present({ from, to: (email ? emailTo : toNumber) ?? (email ? contact['email'] : contact['phone']) }),
    ...(email && present({ subject, emailMessageId: newId(), threadId: threadId ?? randomUUID() })),
    ...(scheduled !== undefined && { scheduledAt: new Date(dueAt).toISOString() }),
  };
}

/** The number or address that the location sends from, when it has one. */
function sender(store: Store, locationId: string, type: 'SMS' | 'Email'): unknown {
  return store.get('locations', locationId)?.[type === 'SMS' ? 'phone' : 'email'];
}

/** Derived from the clock instead of stored, so that a restart delivers what was pending. */
function statusOf(message: Row, now: string): string {
  const stored = text(message['status']);
  if (stored !== undefined) return stored;
  if (now >= String(message['dateUpdated'])) return 'delivered';
  return message['scheduledAt'] !== undefined && now < String(message['scheduledAt']) ? 'scheduled' : 'pending';
}

function shownMessage(message: Row, now: string): Record<string, unknown> {
  const { scheduledAt: _s, emailMessageId, threadId: _t, subject, ...rest } = message;
  const meta =
    emailMessageId === undefined ? {} : { meta: { email: { messageIds: [emailMessageId], ...present({ subject }) } } };
  return { ...rest, ...meta, status: statusOf(message, now) };
}

function exported(context: Context): Row[] {
  const { conversationId, contactId, channel, startDate, endDate } = context.query;
  const conversations = context.store
    .of('contacts', context.locationId)
    .filter((contact) => contactId === undefined || contact.id === contactId)
    .flatMap((contact) => context.store.of('conversations', contact.id))
    .filter((one) => conversationId === undefined || one.id === conversationId);
  return conversations
    .flatMap((conversation) => context.store.of('messages', conversation.id))
    .filter((one) => channel === undefined || one['messageType'] === `TYPE_${String(channel).toUpperCase()}`)
    .filter((one) => startDate === undefined || Date.parse(String(one['dateAdded'])) >= Date.parse(String(startDate)))
    .filter((one) => endDate === undefined || Date.parse(String(one['dateAdded'])) <= Date.parse(String(endDate)));
}

function compare(one: string, other: string, oneId: string, otherId: string): number {
  if (one !== other) return one < other ? -1 : 1;
  return oneId < otherId ? -1 : 1;
}
