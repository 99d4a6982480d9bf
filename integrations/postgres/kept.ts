import type { Cache, Keep } from '../../domain/cache/cache.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import { WHOLE_LOCATION } from '../../domain/ports/cache-tags.ts';
import type { Place } from './pool.ts';

/**
 * In SQL, the state that a value is in. The transaction that last wrote a row (`xmin`) tells the row's states apart, as long as one server
 * counts its transactions: one that begins anew, be it empty, restored or in another's place, may come to the same numbers, so a state is
 * one of the server as it was last started.
 * @param shape   counted up whenever the same rows make another value, so that those of an older program are not taken for it
 * @param states  expressions; null: there is no such row
 */
export const versionOf = (shape: number, ...states: readonly string[]): string =>
  `concat_ws(' ', ${shape}, ${states.join(', ')}, to_hex(extract(epoch from pg_postmaster_start_time())::bigint))`;

/** In SQL, a text told apart by a few letters, none of them a colon. */
export const digestOf = (text: string): string => `left(encode(sha256(convert_to(${text}, 'UTF8')), 'base64'), 16)`;

/** In SQL, whether the location took the app away; of one that did nothing is kept, whoever still looks at it. Parameter 1: location. */
export const LOCATION_GONE = `exists (select from locations p where p.location_id = $1 and p.status = 'uninstalled')`;

/** In SQL, whether that is so, or the contact was deleted. Parameters 1 and 2: location, contact. */
export const GONE = `(${LOCATION_GONE}
  or exists (select from leads g where g.location_id = $1 and g.contact_id = $2 and g.deleted_at is not null))`;

/** How things stand, as the database says in the same statement that gives out the value. */
export interface Standing {
  /** Of two states that differ never the same. */
  readonly version: string;
  readonly gone: boolean;
}

/** A value as it was read before, if it was. */
export interface Recalled<T> {
  /** The state in which it is known; null: it is not. */
  readonly known: string | null;
  /**
   * What it is, once the database has said in which state: as known, or what was read now, which then is kept.
   * @param read  what was read now; looked at only where the version is not the known one
   */
  now(standing: Standing, read: () => T): Promise<T>;
}

/**
 * For values of a contact that the database is asked for each time, but gives out only where they are not as they were read before: exact as
 * any read, and cheaper where they are large. No invalidation is needed, so none can be lost.
 * @param id  tells the contact's values of one kind apart
 */
export async function recall<T>(
  place: Pick<Place, 'query'>,
  cache: Pick<Cache, 'get' | 'set' | 'erase'>,
  { locationId, contactId }: LeadRef,
  { kind, id = contactId }: { readonly kind: string; readonly id?: string },
): Promise<Recalled<T>> {
  const key = { location: locationId, id };
  const keep: Keep = { kind, tags: [contactId, WHOLE_LOCATION] };
  const kept = await cache.get<{ readonly version: string; readonly value: T }>(key, keep);
  return {
    known: kept?.version ?? null,
    async now({ version, gone }, read) {
      if (kept?.version === version) return kept.value;
      const value = read();
      if (gone) return value;
      await cache.set(key, { version, value }, keep);
      // Whoever was erased between the reading and the keeping is erased once more.
      if (await isGone(place, { locationId, contactId })) await cache.erase(locationId, [contactId]);
      return value;
    },
  };
}

async function isGone(place: Pick<Place, 'query'>, { locationId, contactId }: LeadRef): Promise<boolean> {
  const { rows } = await place.query<{ gone: boolean }>({
    name: 'lead-gone',
    text: `select ${GONE} as gone`,
    values: [locationId, contactId],
  });
  return rows[0]!.gone;
}
