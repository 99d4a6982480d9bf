import type { UnreadConversation } from '../../domain/ports/messages.ts';
import type { Page, PageRequest } from '../../domain/ports/page.ts';
import { type Asked, ask, pageOf } from './ask.ts';
import { decodeCursor } from './cursor.ts';

/** Conversations in which the contact had the last word, the longest silent ones last. Errors: BAD_CURSOR, STORE_AWAY. */
export async function unread(place: Asked, locationId: string, page: PageRequest): Promise<Page<UnreadConversation>> {
  const query = ['conversations-unread', locationId];
  const [at, contact] = decodeCursor(query, page.cursor, ['instant', 'text']) ?? ['infinity', ''];
  const rows = await ask<UnreadConversation>(place, {
    name: 'conversations-unread',
    text: `select contact_id as "contactId", last_message_at as "lastMessageAt", last_outbound_at as "lastOutboundAt", unread
      from conversations
      where location_id = $1 and unread > 0 and (last_message_at, contact_id) < ($2, $3)
      order by last_message_at desc, contact_id desc limit $4`,
    values: [locationId, at, contact, page.limit + 1],
  });
  return pageOf(query, rows, page.limit, (row) => [row.lastMessageAt, row.contactId]);
}
