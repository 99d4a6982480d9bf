import { type InboxFilter, type InboxRow, type InboxStore, STUCK_AFTER_MS } from '../../domain/ports/inbox.ts';
import { INSTALLS } from '../../domain/webhooks/lifecycle.ts';
import { pageOf } from './ask.ts';
import { decodeCursor } from './cursor.ts';
import { type Filters, filters } from './filters.ts';
import type { Place } from './pool.ts';
import { clean, instant } from './values.ts';

type Page = Awaited<ReturnType<InboxStore['list']>>;

/** Newest first. Throws BAD_CURSOR for a cursor of another query. */
export async function list(place: Place, filter: Parameters<InboxStore['list']>[0]): Promise<Page> {
  const { limit: _limit, cursor: _cursor, ...meant } = filter;
  const query = ['inbox', ...Object.entries(meant).toSorted(([a], [b]) => (a < b ? -1 : 1))];
  const after = decodeCursor(query, filter.cursor, ['instant', 'uuid']);
  const wanted = filters();
  narrow(wanted, meant);
  if (after !== null) wanted.add('(received_at, inbox_id) < (?, ?)', ...after);
  const { rows } = await place.query<Omit<InboxRow, 'body' | 'headers'>>(
    `select ${INBOX_COLUMNS} from inbox ${wanted.where()}
     order by received_at desc, inbox_id desc limit ${wanted.value(filter.limit + 1)}`,
    [...wanted.values],
  );
  return pageOf(query, rows, filter.limit, (row) => [row.receivedAt, row.inboxId]);
}

/** The conditions of a filter. */
export function narrow(wanted: Filters, filter: InboxFilter): void {
  const { locationId, contactId, verdict, type, kind, from, to, stuck, replayable } = filter;
  if (locationId !== undefined) wanted.add('location_id = ?', clean(locationId));
  if (contactId !== undefined) wanted.add('contact_id = ?', clean(contactId));
  if (verdict !== undefined) wanted.add('verdict = ?', clean(verdict));
  if (type !== undefined) wanted.add('type = ?', clean(type));
  if (kind !== undefined) wanted.add('kind = ?', clean(kind));
  if (from !== undefined) wanted.add('received_at >= ?', instant(from));
  if (to !== undefined) wanted.add('received_at < ?', instant(to));
  if (replayable === true) {
    wanted.add(REPLAYABLE);
    wanted.add('type <> all(?::text[])', INSTALLS);
  }
  if (stuck === true) {
    wanted.add(
      `worked_at is null and verdict = 'dispatched' and coalesce(dispatched_since, dispatched_at) < now() - ? * interval '1 millisecond'`,
      STUCK_AFTER_MS,
    );
  }
}

/** What came through a door and has a final verdict. */
export const REPLAYABLE = `source in ('marketplace', 'workflow') and worked_at is not null`;

/** Columns of a row as the port names them, without body and headers. */
export const INBOX_COLUMNS = `inbox_id as "inboxId", source, event_key as "eventKey", type, kind, location_id as "locationId",
  contact_id as "contactId", occurred_at as "occurredAt", received_at as "receivedAt", reopened_at as "reopenedAt", verdict, reason,
  dispatched_at as "dispatchedAt", worked_at as "workedAt"`;
