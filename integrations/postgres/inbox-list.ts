import type { InboxRow, InboxStore } from '../../domain/ports/inbox.ts';
import { pageOf } from './ask.ts';
import { decodeCursor } from './cursor.ts';
import { filters } from './filters.ts';
import type { Place } from './pool.ts';
import { clean } from './values.ts';

type Page = Awaited<ReturnType<InboxStore['list']>>;

/** Newest first. Throws BAD_CURSOR for a cursor of another query. */
export async function list(place: Place, filter: Parameters<InboxStore['list']>[0]): Promise<Page> {
  const query = ['inbox', filter.locationId ?? null, filter.verdict ?? null, filter.type ?? null];
  const after = decodeCursor(query, filter.cursor, ['instant', 'uuid']);
  const wanted = filters();
  if (filter.locationId !== undefined) wanted.add('location_id = ?', clean(filter.locationId));
  if (filter.verdict !== undefined) wanted.add('verdict = ?', clean(filter.verdict));
  if (filter.type !== undefined) wanted.add('type = ?', clean(filter.type));
  if (after !== null) wanted.add('(received_at, inbox_id) < (?, ?)', ...after);
  const { rows } = await place.query<Omit<InboxRow, 'body' | 'headers'>>(
    `select ${INBOX_COLUMNS} from inbox ${wanted.where()}
     order by received_at desc, inbox_id desc limit ${wanted.value(filter.limit + 1)}`,
    [...wanted.values],
  );
  return pageOf(query, rows, filter.limit, (row) => [row.receivedAt, row.inboxId]);
}

/** Columns of a row as the port names them, without body and headers. */
export const INBOX_COLUMNS = `inbox_id as "inboxId", source, event_key as "eventKey", type, kind, location_id as "locationId",
  contact_id as "contactId", occurred_at as "occurredAt", received_at as "receivedAt", reopened_at as "reopenedAt", verdict, reason,
  dispatched_at as "dispatchedAt", worked_at as "workedAt"`;
