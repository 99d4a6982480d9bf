import type { Iso } from '../../domain/glossary.ts';
import type { InstallStore } from '../../domain/ports/installs.ts';
import { type Place, stored } from './pool.ts';
import type { Tenants } from './tenants.ts';
import { clean, instant, toJsonb } from './values.ts';

export function createInstallStore(tenants: Tenants): InstallStore {
  return {
    expect: (location, now, told) => stored(() => expect(tenants.at(location.locationId), location, now, told)),
    endedAt: (locationId) => stored(() => endedAt(tenants.at(locationId), locationId)),
    describe: (locationId, found) => stored(() => describe(tenants.at(locationId), locationId, found)),
    setFuture: (companyId, installsFuture) => stored(() => setFuture(tenants.house, companyId, installsFuture)),
    companies: () => stored(() => companies(tenants.house)),
    begin: (stateHash, browserHash, now, expiresAt) =>
      stored(() => begin(tenants.house, stateHash, browserHash, now, expiresAt)),
    end: (stateHash, browserHash, now) => stored(() => end(tenants.house, stateHash, browserHash, now)),
  };
}

/** Takes the lock that gates share, since one that was uninstalled is there again. */
async function expect(
  place: Place,
  location: Parameters<InstallStore['expect']>[0],
  now: Iso,
  told: Iso | undefined,
): ReturnType<InstallStore['expect']> {
  const { rows } = await place.query<{ waits: boolean }>({
    name: 'location-expect',
    text: `with held as materialized (select pg_advisory_xact_lock(hashtextextended('location:' || $1, 0))), expected as (
      insert into locations as l (location_id, company_id, name, settings, workflow_secret_hash, parked_reason, parked_since)
      select $1::text, $2::text, $1::text, $3::jsonb, $4::text, 'awaiting-token', $5::timestamptz from held
      on conflict (location_id) do update set
        company_id = coalesce(excluded.company_id, l.company_id),
        parked_reason = case when l.status = 'uninstalled' then excluded.parked_reason else l.parked_reason end,
        parked_since = case when l.status = 'uninstalled' then excluded.parked_since else l.parked_since end,
        status = case when l.status = 'uninstalled' then 'active' else l.status end, updated_at = now()
      where l.status <> 'uninstalled' or coalesce(l.uninstalled_at <= $6::timestamptz, true)
      returning parked_reason, settings, settings_version
      ), told as (
        insert into settings_versions (location_id, version, settings, changes, changed_by)
        select $1, settings_version, settings, settings, 'crm' from expected where settings_version = 1
        on conflict do nothing
      )
      select parked_reason is not null as waits from expected`,
    values: [
      clean(location.locationId),
      location.companyId === null ? null : clean(location.companyId),
      toJsonb(location.settings),
      location.workflowSecretHash,
      instant(now),
      told === undefined ? null : instant(told),
    ],
  });
  const found = rows[0];
  if (found === undefined) return 'uninstalled since';
  return found.waits ? 'waits' : 'here';
}

async function endedAt(place: Place, locationId: string): Promise<Iso | null> {
  const { rows } = await place.query<{ endedAt: Iso | null }>({
    name: 'location-ended',
    text: 'select uninstalled_at as "endedAt" from locations where location_id = $1',
    values: [clean(locationId)],
  });
  return rows[0]?.endedAt ?? null;
}

async function describe(
  place: Place,
  locationId: string,
  found: Parameters<InstallStore['describe']>[1],
): Promise<void> {
  await place.query({
    name: 'location-describe',
    text: `update locations set name = $2, timezone = coalesce(timezone, $3), company_id = coalesce(company_id, $4), updated_at = now()
      where location_id = $1 and name = location_id`,
    values: [
      clean(locationId),
      found.name.trim() === '' ? clean(locationId) : clean(found.name),
      found.timezone === null ? null : clean(found.timezone),
      found.companyId === null ? null : clean(found.companyId),
    ],
  });
}

async function setFuture(house: Place, companyId: string, installsFuture: boolean): Promise<void> {
  await house.query('update companies set installs_future = $2 where company_id = $1', [
    clean(companyId),
    installsFuture,
  ]);
}

async function companies(house: Place): Promise<{ companyId: string; installsFuture: boolean }[]> {
  const { rows } = await house.query<{ companyId: string; installsFuture: boolean }>(
    `select company_id as "companyId", installs_future as "installsFuture" from companies
      where held and refused_at is null order by company_id`,
  );
  return rows;
}

/** What nobody came back for goes by the way. */
async function begin(house: Place, stateHash: string, browserHash: string, now: Iso, expiresAt: Iso): Promise<void> {
  await house.query({
    name: 'oauth-begin',
    text: `with old as (delete from oauth_states where expires_at < $3::timestamptz - interval '1 day')
      insert into oauth_states (state_hash, browser_hash, expires_at) values ($1, $2, $4)`,
    values: [stateHash, browserHash, instant(now), instant(expiresAt)],
  });
}

/** Used only by who may use it: a stranger's try does not spoil it. */
async function end(house: Place, stateHash: string, browserHash: string, now: Iso): ReturnType<InstallStore['end']> {
  const { rowCount } = await house.query({
    name: 'oauth-end',
    text: `update oauth_states set used_at = $3
      where state_hash = $1 and browser_hash = $2 and used_at is null and expires_at > $3`,
    values: [stateHash, browserHash, instant(now)],
  });
  if (rowCount === 1) return 'ok';
  const { rows } = await house.query<{ same: boolean; used: boolean }>({
    name: 'oauth-why',
    text: 'select browser_hash = $2 as same, used_at is not null as used from oauth_states where state_hash = $1',
    values: [stateHash, browserHash],
  });
  const found = rows[0];
  if (found === undefined) return 'unknown';
  if (!found.same) return 'other-browser';
  return found.used ? 'used' : 'expired';
}
