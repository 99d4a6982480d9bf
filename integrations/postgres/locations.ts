import { AppError } from '../../domain/errors.ts';
import type { Iso } from '../../domain/glossary.ts';
import { type Location, settingsOf } from '../../domain/leads/settings.ts';
import type { LocationStore } from '../../domain/ports/locations.ts';
import { install } from './credentials.ts';
import { ALL_PAUSED, allPaused, setAllStatus, STATUS } from './house-switch.ts';
import { type Client, type Place, stored, transaction } from './pool.ts';
import type { Sealing } from './sealing.ts';
import { KEEP_UNTOLD } from './settings.ts';
import type { Tenants } from './tenants.ts';
import { clean, instant, toJsonb } from './values.ts';

/** Installed locations in Postgres. A change of status waits for the gates that are open at this moment, and binds all later ones. */
export function createLocationStore(tenants: Tenants, sealing: Sealing): LocationStore {
  return {
    get: (locationId) => stored(() => get(tenants.at(locationId), locationId)),
    add: (location) =>
      stored(() =>
        transaction(tenants.at(clean(location.locationId)), (client) => add(client, sealing, location)).catch(
          secretTaken,
        ),
      ),
    setStatus: (locationId, status, by = CRM, at = new Date().toISOString()) =>
      stored(() => setStatus(tenants.at(locationId), locationId, status, { by, at })),
    setAllStatus: (status, by) => stored(() => setAllStatus(tenants.house, status, by)),
    allPaused: () => stored(() => allPaused(tenants.house)),
    list: () => stored(() => list(tenants.house)),
    byWorkflowSecretHash: (hash) => stored(() => byWorkflowSecretHash(tenants.house, hash)),
  };
}

/** Columns of a location, table alias `p`, as the domain names them; the id is the caller's. */
export const LOCATION_COLUMNS = `p.company_id as "companyId", p.name, p.timezone, ${STATUS} as status,
  array_remove(array[case p.status when 'paused' then 'location' end,
    case when p.status <> 'uninstalled' and ${ALL_PAUSED} then 'all' end], null) as "pausedBy",
  case when p.parked_reason is not null then json_build_object('reason', p.parked_reason,
    'since', to_char(p.parked_since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) end as parked,
  p.settings, p.settings_version as "settingsVersion"`;
const COLUMNS = `p.location_id as "locationId", ${LOCATION_COLUMNS}`;

/** Whoever is not named: the CRM itself told it. */
const CRM = 'crm';

/** The one place where stored settings become whole ones. */
export function complete<Row extends Pick<Location, 'settings'>>(row: Row): Row {
  return { ...row, settings: settingsOf({ ...row.settings }) };
}

async function get(place: Place, locationId: string): Promise<Location | undefined> {
  const { rows } = await place.query<Location>({
    name: 'location-get',
    text: `select ${COLUMNS} from locations p where location_id = $1`,
    values: [clean(locationId)],
  });
  return rows.map(complete)[0];
}

/** A secret opens one location's door: two cannot have the same. */
function secretTaken(error: unknown): never {
  const { constraint } = (error ?? {}) as { readonly constraint?: unknown };
  if (constraint !== 'locations_workflow_secret_hash_key') throw error;
  throw new AppError('BAD_VALUE', 'expected a workflow secret that no other location has', { cause: error });
}

/** Takes the lock that gates share, since settings may change by it. A token that is given un-parks. */
async function add(
  client: Client,
  sealing: Sealing,
  location: Parameters<LocationStore['add']>[0],
): ReturnType<LocationStore['add']> {
  const { token } = location;
  if (token !== undefined) {
    const holder = { kind: 'location', id: location.locationId } as const;
    const grant = { access: token, lifeMs: null };
    await install(client, sealing, holder, { kind: 'private', grant, now: new Date().toISOString(), how: 'installed' });
  }
  const { rows } = await client.query<{ secretKept: boolean }>(
    `with held as materialized (select pg_advisory_xact_lock(hashtextextended('location:' || $1, 0))), before as (${KEEP_UNTOLD}), added as (
     insert into locations as l (location_id, company_id, name, timezone, settings, workflow_secret_hash)
     select $1::text, $2::text, $3::text, $4::text, $5::jsonb || $7::jsonb, $6::text from held
     on conflict (location_id) do update set
       company_id = coalesce(excluded.company_id, l.company_id), name = excluded.name,
       timezone = coalesce(excluded.timezone, l.timezone),
       settings = l.settings || $7::jsonb,
       settings_version = l.settings_version + case when l.settings || $7::jsonb = l.settings then 0 else 1 end,
       workflow_secret_hash = case when $8::boolean then l.workflow_secret_hash else excluded.workflow_secret_hash end,
       status = case when l.status = 'uninstalled' then 'active' else l.status end, updated_at = now()
     returning settings, settings_version, workflow_secret_hash <> $6::text as kept
     ), told as (
       insert into settings_versions (location_id, version, settings, changes, changed_by)
       select $1, settings_version, settings, case when settings_version = 1 then settings else $7::jsonb end, $9 from added
       on conflict do nothing
     )
     select kept as "secretKept" from added`,
    [
      clean(location.locationId),
      location.companyId === null ? null : clean(location.companyId),
      clean(location.name),
      location.timezone === null ? null : clean(location.timezone),
      toJsonb(location.settings),
      location.workflowSecretHash,
      toJsonb(location.changes ?? {}),
      location.keepSecret === true,
      clean(location.by ?? CRM),
    ],
  );
  return { secretKept: rows[0]?.secretKept === true };
}

/**
 * Takes the lock that gates share, and writes down who did it. What is uninstalled comes back by being installed alone, and the newest end
 * is the one that counts.
 */
async function setStatus(
  place: Place,
  locationId: string,
  status: Location['status'],
  { by, at }: { readonly by: string; readonly at: Iso },
): Promise<boolean> {
  const { rowCount } = await place.query(
    `with held as materialized (select pg_advisory_xact_lock(hashtextextended('location:' || $1, 0))), switched as (
       update locations set status = $2, updated_at = now(),
         uninstalled_at = case when $2 = 'uninstalled' then greatest(uninstalled_at, $4) else uninstalled_at end
       from held where location_id = $1 and (status <> 'uninstalled' or $2 = 'uninstalled') returning location_id
     )
     insert into location_acts (location_id, status, by) select location_id, $2, $3 from switched`,
    [clean(locationId), status, clean(by), instant(at)],
  );
  return rowCount === 1;
}

async function list(place: Place): Promise<Location[]> {
  const { rows } = await place.query<Location>(`select ${COLUMNS} from locations p order by location_id`);
  return rows.map(complete);
}

async function byWorkflowSecretHash(place: Place, hash: string): Promise<Location | undefined> {
  const { rows } = await place.query<Location>({
    name: 'location-by-secret',
    text: `select ${COLUMNS} from locations p where workflow_secret_hash = $1`,
    values: [clean(hash)],
  });
  return rows.map(complete)[0];
}
