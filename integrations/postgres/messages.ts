import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { FoundMessage, MessageRow } from '../../domain/ports/messages.ts';
import type { Page, PageRequest } from '../../domain/ports/page.ts';
import { type Asked, ask, pageOf } from './ask.ts';
import { decodeCursor } from './cursor.ts';
import { clean, instant } from './values.ts';

const COLUMNS = `contact_id as "contactId", message_key as "messageKey", direction, channel, body, status, origin, human, at`;

/** A contact's messages, newest first. Errors: BAD_CURSOR, STORE_AWAY. */
export async function history(place: Asked, ref: LeadRef, page: PageRequest): Promise<Page<MessageRow>> {
  const query = ['messages', ref.locationId, ref.contactId];
  const [at, key] = decodeCursor(query, page.cursor, ['instant', 'text']) ?? ['infinity', ''];
  const rows = await ask<MessageRow>(place, {
    name: 'messages-history',
    text: `select ${COLUMNS} from messages
      where location_id = $1 and contact_id = $2 and (at, message_key) < ($3, $4)
      order by at desc, message_key desc limit $5`,
    values: [ref.locationId, ref.contactId, at, key, page.limit + 1],
  });
  return pageOf(query, rows, page.limit, (row) => [row.at, row.messageKey]);
}

/**
 * Messages with these words, newest first. `query` is read as search engines read it: all words, "a phrase", or, -without; words are
 * English and found in all their forms. One without any word that counts finds nothing.
 * Errors: BAD_CURSOR, STORE_AWAY.
 */
export async function search(
  place: Asked,
  locationId: string,
  wanted: PageRequest & { readonly query: string },
): Promise<Page<FoundMessage>> {
  const query = ['messages-search', locationId, wanted.query];
  const [at, contact, key] = decodeCursor(query, wanted.cursor, ['instant', 'text', 'text']) ?? ['infinity', '', ''];
  const rows = await ask<FoundMessage>(place, {
    name: 'messages-search',
    // The function looks where the session stands; a session that stands elsewhere finds nothing.
    text: `select contact_id as "contactId", message_key as "messageKey", direction, channel, body, at
      from find_messages($2, $3, $4, $5, $6) as found
      where current_setting('leadwright.location', true) = $1
      order by found.at desc, contact_id desc, message_key desc`,
    values: [locationId, clean(wanted.query), at, contact, key, wanted.limit + 1],
  });
  return pageOf(query, rows, wanted.limit, (row) => [row.at, row.contactId, row.messageKey]);
}

/** All messages of a location from `from` on and before `to`, newest first. Errors: BAD_CURSOR, BAD_VALUE for no instant, STORE_AWAY. */
export async function between(
  place: Asked,
  locationId: string,
  range: PageRequest & { readonly from: Iso; readonly to: Iso },
): Promise<Page<MessageRow>> {
  const [from, to] = [instant(range.from), instant(range.to)];
  const query = ['messages-between', locationId, from, to];
  const [at, contact, key] = decodeCursor(query, range.cursor, ['instant', 'text', 'text']) ?? [to, '', ''];
  const rows = await ask<MessageRow>(place, {
    name: 'messages-between',
    text: `select ${COLUMNS} from messages
      where location_id = $1 and at >= $2 and at < $3 and (at, contact_id, message_key) < ($4, $5, $6)
      order by at desc, contact_id desc, message_key desc limit $7`,
    values: [locationId, from, to, at, contact, key, range.limit + 1],
  });
  return pageOf(query, rows, range.limit, (row) => [row.at, row.contactId, row.messageKey]);
}
