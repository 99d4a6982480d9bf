import { AppError } from '../../domain/errors.ts';
import {
  changedChoices,
  type LocationSettings,
  type SettingsChanges,
  settingsOf,
} from '../../domain/leads/settings.ts';
import type { Page, PageRequest } from '../../domain/ports/page.ts';
import type { LocationAct, SettingsStore, SettingsVersion } from '../../domain/ports/settings.ts';
import { ask, pageOf } from './ask.ts';
import { decodeCursor } from './cursor.ts';
import { type Client, type Place, type Runner, stored, transaction } from './pool.ts';
import type { Tenants } from './tenants.ts';
import { clean, toJsonb } from './values.ts';

/** Settings of locations in Postgres; see `SettingsStore` for what each function promises. */
export function createSettingsStore(tenants: Tenants): SettingsStore {
  return {
    get: (locationId, version) => stored(() => get(tenants.at(locationId), locationId, version)),
    history: (locationId, page) => history(tenants.at(locationId), locationId, page),
    change: (locationId, asked, check) => stored(() => change(tenants.at(locationId), locationId, asked, check)),
  };
}

type Row = SettingsVersion & { readonly settings: Readonly<Record<string, unknown>> };

/** A location that was loaded in bulk has no history yet: what is in force is told from its own row. */
async function get(runner: Runner, locationId: string, version?: number): Promise<SettingsVersion | undefined> {
  const { rows } = await runner.query<Row>({
    name: 'settings-get',
    text: `select asked.version, coalesce(v.settings, l.settings) as settings, coalesce(v.changed_by, 'unknown') as by,
        coalesce(v.at, l.installed_at) as at
      from locations l
        cross join lateral (values (coalesce($2, l.settings_version))) as asked (version)
        left join settings_versions v on v.location_id = l.location_id and v.version = asked.version
      where l.location_id = $1 and (v.version is not null or asked.version = l.settings_version)`,
    values: [clean(locationId), version ?? null],
  });
  const row = rows[0];
  return row === undefined ? undefined : { ...row, settings: settingsOf(row.settings) };
}

async function history(place: Place, locationId: string, page: PageRequest): Promise<Page<LocationAct>> {
  const query = ['location-history', locationId];
  const [at, what, n] = decodeCursor(query, page.cursor, ['instant', 'text', 'number']) ?? ['infinity', '', 0];
  type What = LocationAct['what'] | 'all-paused' | 'all-active';
  type Told = { n: number; at: string; by: string; what: What; changes: SettingsChanges | null };
  const rows = await ask<Told>(place, {
    name: 'location-history',
    text: `select n, at, by, what, changes from (
        select version::bigint as n, at, changed_by as by, 'settings' as what, changes from settings_versions where location_id = $1
        union all
        select act_id, at, by, status, null from location_acts where location_id = $1
        union all
        select s.switch_id, s.at, s.by, case when s.all_paused then 'all-paused' else 'all-active' end, null
        from locations l join house_switches s on s.at >= l.installed_at where l.location_id = $1
      ) as acts
      where (at, what, n) < ($2::timestamptz, $3::text, $4::bigint)
      order by at desc, what desc, n desc limit $5`,
    values: [clean(locationId), at, what, n, page.limit + 1],
  });
  const { items, nextCursor } = pageOf(query, rows, page.limit, (row) => [row.at, row.what, row.n]);
  return { items: items.map(actOf), nextCursor };

  function actOf(row: Told): LocationAct {
    const { what: did, at: when, by, changes } = row;
    if (did === 'settings') return { at: when, by, what: did, version: row.n, changes: changes ?? {} };
    if (did === 'all-paused' || did === 'all-active') {
      return { at: when, by, what: did === 'all-paused' ? 'paused' : 'active', all: true };
    }
    return { at: when, by, what: did };
  }
}

/** Under the lock that gates share: a gate that is open now is waited for, and those that open later read the new version. */
async function change(
  place: Place,
  locationId: string,
  asked: Parameters<SettingsStore['change']>[1],
  check: Parameters<SettingsStore['change']>[2],
): Promise<SettingsVersion> {
  return transaction(place, async (client) => {
    const [, before] = await Promise.all([holdLocation(client, locationId), get(client, locationId)]);
    if (before === undefined)
      throw new AppError('LOCATION_NOT_FOUND', `expected an installed location, got ${locationId}`);
    if (asked.expected !== undefined && asked.expected !== before.version) {
      throw new AppError(
        'SETTINGS_CONFLICT',
        `expected version ${asked.expected} to be in force, found ${before.version}`,
      );
    }
    const after = settingsOf({ ...before.settings, ...asked.changes });
    check(before.settings, after);
    const changed = changedChoices(before.settings, after);
    if (changed.length === 0) return before;
    return write(client, locationId, {
      settings: after,
      changes: Object.fromEntries(changed.map((name) => [name, after[name]])),
      by: asked.by,
    });
  });
}

/** Whoever changes a location holds this until it has committed. */
async function holdLocation(client: Client, locationId: string): Promise<void> {
  await client.query({
    name: 'hold-location',
    text: `select pg_advisory_xact_lock(hashtextextended('location:' || $1, 0))`,
    values: [clean(locationId)],
  });
}

/**
 * What a location that was loaded without a history begins with, which a change would otherwise overwrite. Part of a statement that changes
 * it, whose parts all see what was before.
 */
export const KEEP_UNTOLD = `insert into settings_versions (location_id, version, settings, changes, changed_by, at)
  select location_id, settings_version, settings, settings, 'unknown', installed_at from locations where location_id = $1
  on conflict do nothing`;

async function write(
  client: Client,
  locationId: string,
  { settings, changes, by }: { settings: LocationSettings; changes: SettingsChanges; by: string },
): Promise<SettingsVersion> {
  const { rows } = await client.query<{ version: number; at: string }>({
    name: 'settings-write',
    text: `with kept as (${KEEP_UNTOLD}), next as (
        update locations set settings = $2, settings_version = settings_version + 1, updated_at = now()
        where location_id = $1 returning settings_version
      )
      insert into settings_versions (location_id, version, settings, changes, changed_by)
      select $1, settings_version, $2, $3, $4 from next
      returning version, at`,
    values: [clean(locationId), toJsonb(settings), toJsonb(changes), clean(by)],
  });
  const row = rows[0];
  if (row === undefined) throw new Error('the location was read and is not there');
  return { ...row, settings, by };
}
