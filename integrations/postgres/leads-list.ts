import { AppError } from '../../domain/errors.ts';
import type { LeadRow, LeadStore } from '../../domain/ports/leads.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { filters } from './filters.ts';
import type { Tenants } from './tenants.ts';
import { clean } from './values.ts';

type Filter = Parameters<LeadStore['list']>[0];

/** The sorts there are: each an expression that an index holds. Largest first; a lead without a score comes last. */
const SORTS = {
  activity: { key: 'last_activity_at', kind: 'instant' },
  newest: { key: 'created_at', kind: 'instant' },
  score: { key: 'coalesce(score, -1)', kind: 'number' },
} as const;

/**
 * Page of leads, `activity` first unless asked otherwise. `q` finds part of a name, of a phone number or of an e-mail address.
 * Throws BAD_CURSOR for a cursor of another query, BAD_QUERY for a sort that is not offered.
 */
export async function list(tenants: Tenants, filter: Filter): Promise<{ items: LeadRow[]; nextCursor: string | null }> {
  const chosen = filter.sort ?? 'activity';
  if (!Object.hasOwn(SORTS, chosen)) throw new AppError('BAD_QUERY', `sort is one of ${Object.keys(SORTS).join(', ')}`);
  const sort = SORTS[chosen];
  const query = [
    'leads',
    chosen,
    filter.locationId ?? null,
    filter.stage ?? null,
    filter.tier ?? null,
    filter.q ?? null,
  ];
  const after = decodeCursor(query, filter.cursor, [sort.kind, 'text', 'text']);
  const wanted = conditions(filter);
  if (after !== null) wanted.add(`(${sort.key}, contact_id, location_id) < (?, ?, ?)`, ...after);
  const place = filter.locationId === undefined ? tenants.house : tenants.at(filter.locationId);
  const { rows } = await place.query<LeadRow & { readonly place: string | number }>(
    `select location_id as "locationId", contact_id as "contactId", name, stage, tier, score, confidence, state,
        case when next_at is not null then jsonb_build_object('at', next ->> 'at', 'what', next ->> 'what') end as next,
        last_activity_at as "lastActivityAt", ${sort.key} as place
      from leads ${wanted.where()}
      order by ${sort.key} desc, contact_id desc, location_id desc limit ${wanted.value(filter.limit + 1)}`,
    [...wanted.values],
  );
  const page = rows.slice(0, filter.limit);
  const last = page.at(-1);
  const more = rows.length > filter.limit && last !== undefined;
  return {
    items: page.map(({ place: _place, ...row }) => row),
    nextCursor: more ? encodeCursor(query, [last.place, last.contactId, last.locationId]) : null,
  };
}

function conditions(filter: Filter): ReturnType<typeof filters> {
  const wanted = filters();
  if (filter.locationId !== undefined) wanted.add('location_id = ?', clean(filter.locationId));
  if (filter.stage !== undefined) wanted.add('stage = ?', clean(filter.stage));
  if (filter.tier !== undefined) wanted.add('tier = ?', clean(filter.tier));
  const q = filter.q === undefined ? '' : clean(filter.q).trim();
  if (q === '') return wanted;
  const part = `%${escapeLike(q)}%`;
  const digits = q.replace(/\D/g, '');
  // Phone numbers are stored as +15125550123 and typed as (512) 555-0123.
  const isNumber = digits.length >= 3 && /^[\d\s().+-]+$/.test(q);
  if (isNumber) wanted.add('(name ilike ? or email ilike ? or phone like ?)', part, part, `%${digits}%`);
  else wanted.add('(name ilike ? or email ilike ?)', part, part);
  return wanted;
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
