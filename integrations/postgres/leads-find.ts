import type { Iso } from '../../domain/glossary.ts';
import type { LeadRow } from '../../domain/ports/leads.ts';
import type { Page, PageRequest } from '../../domain/ports/page.ts';
import { type Asked, ask, pageOf } from './ask.ts';
import { decodeCursor } from './cursor.ts';
import { LEAD_ROW_COLUMNS } from './leads-read.ts';
import { clean, instant } from './values.ts';

/** Leads that share a number or an address are few, unless it is nobody's; then these many are shown, the liveliest first. */
const SHARED = 100;

/** Leads with this phone number, in whatever form it is written: (512) 555-0123 is +15125550123. Errors: STORE_AWAY, BAD_VALUE. */
export async function byPhone(place: Asked, locationId: string, phone: string): Promise<readonly LeadRow[]> {
  return sharing(place, 's.phone = normal_phone($2)', [locationId, clean(phone)]);
}

/** Leads with this e-mail address, whatever its case. Errors: STORE_AWAY, BAD_VALUE. */
export async function byEmail(place: Asked, locationId: string, email: string): Promise<readonly LeadRow[]> {
  return sharing(place, 's.email = lower($2)', [locationId, clean(email).trim()]);
}

async function sharing(
  place: Asked,
  what: 's.phone = normal_phone($2)' | 's.email = lower($2)',
  values: unknown[],
): Promise<readonly LeadRow[]> {
  return ask<LeadRow>(place, {
    name: `leads-sharing ${what}`,
    text: `select ${LEAD_ROW_COLUMNS} from lead_search s join leads l on l.location_id = $1 and l.contact_id = s.contact_id
      where s.location_id = $1 and ${what}
      order by l.last_activity_at desc, l.contact_id desc limit ${SHARED}`,
    values,
  });
}

/** Leads whose next touch falls due at `until` or before, the longest due first. Errors: BAD_CURSOR, BAD_VALUE, STORE_AWAY. */
export async function due(
  place: Asked,
  locationId: string,
  wanted: PageRequest & { readonly until: Iso },
): Promise<Page<LeadRow>> {
  const until = instant(wanted.until);
  const query = ['leads-due', locationId, until];
  const [at, contact] = decodeCursor(query, wanted.cursor, ['instant', 'text']) ?? ['-infinity', ''];
  const rows = await ask<LeadRow & { readonly place: Iso }>(place, {
    name: 'leads-due',
    text: `select ${LEAD_ROW_COLUMNS}, l.next_at as place from leads l
      where location_id = $1 and next_at <= $2 and (next_at, contact_id) > ($3, $4)
      order by next_at, contact_id limit $5`,
    values: [locationId, until, at, contact, wanted.limit + 1],
  });
  return withoutPlace(pageOf(query, rows, wanted.limit, (row) => [row.place, row.contactId]));
}

/** Hot leads, newest first. Errors: BAD_CURSOR, STORE_AWAY. */
export async function hot(place: Asked, locationId: string, page: PageRequest): Promise<Page<LeadRow>> {
  const query = ['leads-hot', locationId];
  const [at, contact] = decodeCursor(query, page.cursor, ['instant', 'text']) ?? ['infinity', ''];
  const rows = await ask<LeadRow & { readonly place: Iso }>(place, {
    name: 'leads-hot',
    text: `select ${LEAD_ROW_COLUMNS}, l.created_at as place from leads l
      where location_id = $1 and tier = 'hot' and (created_at, contact_id) < ($2, $3)
      order by created_at desc, contact_id desc limit $4`,
    values: [locationId, at, contact, page.limit + 1],
  });
  return withoutPlace(pageOf(query, rows, page.limit, (row) => [row.place, row.contactId]));
}

function withoutPlace({ items, nextCursor }: Page<LeadRow & { readonly place: Iso }>): Page<LeadRow> {
  return { items: items.map(({ place: _place, ...row }) => row), nextCursor };
}
