import { randomUUID } from 'node:crypto';
import { created, newId, ok, own, present, text } from './context.ts';
import type { Context, Operations } from './context.ts';
import { carrierAnswer, statusOfCode } from './carrier.ts';
import { conversationWith } from './conversations.ts';
import { messageEvent } from './events.ts';
import { statusOf } from './message-reading.ts';
import { badRequest, forbidden } from './refusal.ts';
import { appOf } from './settings.ts';
import type { Row, Store } from './store.ts';

/** Number and name of each channel, as GHL codes them. */
const CHANNELS = { SMS: { type: 2, messageType: 'TYPE_SMS' }, Email: { type: 3, messageType: 'TYPE_EMAIL' } } as const;

/** How long a message stays pending after it was queued, in milliseconds. */
const DELIVERY_MS = 250;

/** Sending, and what may happen to a message after that. An answer to a send means queued; delivery shows on a later read. */
export const messageOperations: Operations = {
  'POST /conversations/messages': (context) => {
    const { type, contactId } = context.body;
    if (!text(contactId)) throw badRequest('contactId is required');
    const contact = own(context, 'contacts', String(contactId), 'Contact');
    if (type !== 'SMS' && type !== 'Email')
      throw badRequest(`No ${String(type)} channel is connected to this location.`);
    refuseUnsendable(context, contact, type);
    const conversation = conversationWith(context, contact);
    const message = outbound(context, contact, conversation.id, type);
    context.store.put('messages', message);
    context.store.put('conversations', { ...conversation, lastMessageDate: context.now, dateUpdated: context.now });
    if (message['_outcome'] !== undefined || appOf(context.store).statusEvents)
      context.store.put('due', { id: message.id, kind: 'open', at: message['dateUpdated'] });
    context.emit('OutboundMessage', messageEvent(message, statusOf(message, context.now)));
    return created({
      conversationId: conversation.id,
      messageId: message.id,
      ...(type === 'Email' && { emailMessageId: message['emailMessageId'], threadId: message['threadId'] }),
      msg: 'Message queued successfully.',
      status: 'pending',
    });
  },

  // Only the app that owns the conversation provider of a message may say what became of it.
  'PUT /conversations/messages/{messageId}/status': (context) => {
    const message = own(context, 'messages', context.params['messageId'], 'Message');
    if (message['conversationProviderId'] === undefined)
      throw forbidden('The app does not own the conversation provider of this message.');
    const changed: Row = { ...message, status: context.body['status'], dateUpdated: context.now };
    context.store.put('messages', changed);
    context.emit('OutboundMessage', messageEvent(changed, String(changed['status'])));
    return ok({ conversationId: message['conversationId'], messageId: message.id, status: changed['status'] });
  },

  'DELETE /conversations/messages/{messageId}/schedule': (context) => {
    const message = own(context, 'messages', context.params['messageId'], 'Message');
    if (statusOf(message, context.now) !== 'scheduled') throw badRequest('Message is not scheduled');
    context.store.remove('messages', message.id);
    context.store.remove('due', message.id);
    return ok({ status: 200, message: 'Scheduled message cancelled successfully.' });
  },

  // The documents give this answer no shape.
  'GET /conversations/preferences/unsubscriptions/status': (context) => {
    const contact = own(context, 'contacts', String(context.query['contactId']), 'Contact');
    const addresses = [text(context.query['email']) ?? text(contact['email'])].filter((one) => one !== undefined);
    const data = addresses.map((email) => {
      const row = unsubscription(context.store, contact.id, email);
      return { email, status: row ? 'unsubscribed' : 'subscribed', ...present({ dateUpdated: row?.['dateAdded'] }) };
    });
    return ok({ contactId: contact.id, locationId: context.locationId, data });
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
function refuseUnsendable({ store, body }: Context, contact: Row, type: 'SMS' | 'Email'): void {
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
  const address = type === 'Email' ? (text(body['emailTo']) ?? String(contact['email'])) : undefined;
  if (address !== undefined && unsubscription(store, contact.id, address))
    throw badRequest(`${address} has unsubscribed`);
}

function unsubscription(store: Store, contactId: string, email: string): Row | undefined {
  return store.of('unsubscriptions', contactId).find((row) => row['email'] === email.toLowerCase());
}

function outbound(context: Context, contact: Row, conversationId: string, type: 'SMS' | 'Email'): Row {
  const { message, html, attachments, fromNumber, toNumber, emailFrom, emailTo, subject, threadId } = context.body;
  const scheduled = context.body['scheduledTimestamp'] as number | undefined;
  const email = type === 'Email';
  const from = (email ? emailFrom : fromNumber) ?? sender(context.store, context.locationId, type);
  const to = (email ? emailTo : toNumber) ?? (email ? contact['email'] : contact['phone']);
  const code = email ? undefined : carrierAnswer(context.store, String(to));
  const dueAt = scheduled === undefined ? Date.parse(context.now) : Math.max(scheduled * 1000, Date.parse(context.now));
  return {
    id: newId(),
    ...{ ...CHANNELS[type], direction: 'outbound', ...context.actor, attachments: attachments ?? [] },
    body: email ? (html ?? message ?? '') : (message ?? ''),
    ...{ locationId: context.locationId, contactId: contact.id, conversationId },
    ...{ dateAdded: context.now, dateUpdated: new Date(dueAt + DELIVERY_MS).toISOString() },
    contentType: email ? 'text/html' : 'text/plain',
    ...present({ from, to, conversationProviderId: context.body['conversationProviderId'] }),
    ...(code !== undefined && { _carrierCode: code, _outcome: statusOfCode(code) }),
    ...(email && present({ subject, emailMessageId: newId(), threadId: threadId ?? randomUUID() })),
    ...(scheduled !== undefined && { scheduledAt: new Date(dueAt).toISOString() }),
  };
}

/** The number or address that the location sends from, when it has one. */
function sender(store: Store, locationId: string, type: 'SMS' | 'Email'): unknown {
  return store.get('locations', locationId)?.[type === 'SMS' ? 'phone' : 'email'];
}
