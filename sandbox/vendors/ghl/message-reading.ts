import { ok, own, present, text } from './context.ts';
import type { Context, Operations } from './context.ts';
import { conversationRow, messagesIn } from './conversations.ts';
import type { Row } from './store.ts';

/** Reading one message, a conversation's, or a whole location's. */
export const messageReadOperations: Operations = {
  'GET /conversations/messages/{id}': (context) =>
    ok(shownMessage(own(context, 'messages', context.params['id'], 'Message'), context.now)),

  // The documents show a flat list; GHL nests it under `messages`.
  'GET /conversations/{conversationId}/messages': (context) => {
    const conversation = conversationRow(context);
    const { lastMessageId, type } = context.query;
    const limit = (context.query['limit'] as number | undefined) ?? 20;
    const all = messagesIn(context.store, conversation.id).reverse();
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

/** Derived from the clock instead of stored, so that a restart delivers what was pending. */
export function statusOf(message: Row, now: string): string {
  const stored = text(message['status']);
  if (stored !== undefined) return stored;
  if (now >= String(message['dateUpdated'])) return text(message['_outcome']) ?? 'delivered';
  return message['scheduledAt'] !== undefined && now < String(message['scheduledAt']) ? 'scheduled' : 'pending';
}

/** Without what GHL keeps to itself: the carrier's answer is nowhere in its API. */
function shownMessage(message: Row, now: string): Record<string, unknown> {
  const { scheduledAt: _s, _outcome, _carrierCode, emailMessageId, threadId: _t, subject, ...rest } = message;
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
  return oneId === otherId ? 0 : oneId < otherId ? -1 : 1;
}
