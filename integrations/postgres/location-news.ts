import type { Iso } from '../../domain/glossary.ts';
import type { Place } from './pool.ts';
import { clean, instant } from './values.ts';

/**
 * What the CRM tells of a location itself. Name and zone go by the newest news each; of two of the same time the greater counts, so that
 * every order of arrival ends alike. A zone is the office's and never taken for a contact's.
 */
export async function keepLocation(
  place: Place,
  locationId: string,
  told: { readonly name?: string; readonly timezone?: string },
  at: Iso,
): Promise<boolean> {
  const { rows } = await place.query<{ changed: boolean }>({
    name: 'location-news',
    text: LOCATION,
    values: [
      locationId,
      told.name === undefined ? null : clean(told.name),
      told.timezone === undefined ? null : clean(told.timezone),
      instant(at),
    ],
  });
  return rows[0]?.changed === true;
}

const LOCATION = `
with held as materialized (
  select location_id, name, timezone, facts_at,
    $2::text is not null and ($4::timestamptz, $2::text) > (coalesce((facts_at ->> 'name')::timestamptz, '-infinity'), name) as name_wins,
    $3::text is not null
      and ($4::timestamptz, $3::text) > (coalesce((facts_at ->> 'timezone')::timestamptz, '-infinity'), coalesce(timezone, '')) as zone_wins
  from locations where location_id = $1 for update
), kept as (
  update locations l set
    name = case when h.name_wins then $2 else l.name end,
    timezone = case when h.zone_wins then $3 else l.timezone end,
    facts_at = l.facts_at
      || case when h.name_wins then jsonb_build_object('name', $4::text) else '{}' end
      || case when h.zone_wins then jsonb_build_object('timezone', $4::text) else '{}' end,
    updated_at = case when h.name_wins and $2 <> h.name or h.zone_wins and $3 is distinct from h.timezone then now() else l.updated_at end
  from held h where l.location_id = h.location_id and (h.name_wins or h.zone_wins)
  returning h.name_wins and $2 <> h.name or h.zone_wins and $3 is distinct from h.timezone as changed
)
select changed from kept`;
