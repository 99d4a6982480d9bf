import { created, newId, ok, own, text } from './context.ts';
import type { Context, Operations } from './context.ts';
import { badRequest } from './refusal.ts';
import type { Row, Store } from './store.ts';

/** Conversations: one per contact, made by the first message or by hand. */
export const conversationOperations: Operations = {
  'GET /conversations/search': (context) => {
    const { contactId, id, startAfterDate, sort, lastMessageDirection } = context.query;
    const limit = (context.query['limit'] as number | undefined) ?? 20;
    const sign = sort === 'asc' ? 1 : -1;
    const rows = context.store
      .of('contacts', context.locationId)
      .filter((contact) => contactId === undefined || contact.id === contactId)
      .flatMap((contact) => context.store.of('conversations', contact.id).map((row) => summary(context, contact, row)))
      .filter((row) => id === undefined || row['id'] === id)
      .filter((row) => lastMessageDirection === undefined || row['lastMessageDirection'] === lastMessageDirection)
      .sort((one, other) => sign * (Number(one['lastMessageDate']) - Number(other['lastMessageDate'])));
    const from = startAfterDate === undefined ? undefined : Number(startAfterDate);
    const rest = rows.filter((row) => from === undefined || sign * (Number(row['lastMessageDate']) - from) > 0);
    return ok({ conversations: rest.slice(0, limit), total: rows.length });
  },

  'POST /conversations/': (context) => {
    const contact = own(context, 'contacts', String(context.body['contactId']), 'Contact');
    const known = context.store.of('conversations', contact.id)[0];
    if (known) throw badRequest('Conversation already exists', { conversationId: known.id });
    const { unreadCount: _u, inbox: _i, starred: _s, ...conversation } = conversationWith(context, contact);
    return created({ success: true, conversation });
  },

  'GET /conversations/{conversationId}': (context) => {
    const { id, contactId, locationId, deleted, inbox, unreadCount, starred } = conversationRow(context);
    // Type 1 is the phone conversation that every contact has.
    return ok({ id, contactId, locationId, deleted, inbox, type: 1, unreadCount, starred });
  },
};

/** The conversation that the path names. */
export function conversationRow(context: Context): Row {
  return own(context, 'conversations', context.params['conversationId'], 'Conversation');
}

/** The contact's conversation, made now if this is its first message. */
export function conversationWith(context: Context, contact: Row): Row {
  const known = context.store.of('conversations', contact.id)[0];
  if (known) return known;
  const conversation: Row = {
    id: newId(),
    ...{
      contactId: contact.id,
      locationId: context.locationId,
      deleted: false,
      inbox: true,
      starred: false,
      unreadCount: 0,
    },
    ...{ dateAdded: context.now, dateUpdated: context.now, lastMessageDate: context.now },
  };
  context.store.put('conversations', conversation);
  return conversation;
}

/** The messages of a conversation, oldest first; a merge of contacts brings older ones in later. */
export function messagesIn(store: Store, conversationId: string): Row[] {
  const at = (message: Row): number => Date.parse(String(message['dateAdded']));
  return store.of('messages', conversationId).sort((one, other) => at(one) - at(other));
}

/** A hit of the search. Dates are epoch milliseconds here; texts the documents require are empty where there are none. */
function summary(context: Context, contact: Row, conversation: Row): Record<string, unknown> {
  const last = messagesIn(context.store, conversation.id).at(-1);
  const name = text(contact['name']) ?? '';
  return {
    ...{ id: conversation.id, contactId: contact.id, locationId: context.locationId, type: 'TYPE_PHONE' },
    unreadCount: conversation['unreadCount'],
    lastMessageBody: last?.['body'] ?? '',
    lastMessageType: last?.['messageType'] ?? 'TYPE_SMS',
    ...(last && { lastMessageDirection: last['direction'] }),
    lastMessageDate: Date.parse(String(conversation['lastMessageDate'])),
    dateAdded: Date.parse(String(conversation['dateAdded'])),
    dateUpdated: Date.parse(String(conversation['dateUpdated'])),
    ...{ fullName: name, contactName: name, email: contact['email'] ?? '', phone: contact['phone'] ?? '' },
    tags: contact['tags'],
  };
}
