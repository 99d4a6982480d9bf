import type { Iso } from '../../domain/glossary.ts';
import type { ParkedReason, TokenHolder } from '../../domain/ports/tokens.ts';
import type { Client, Runner } from './pool.ts';
import { clean, instant } from './values.ts';

/*
 * Parking a location takes the lock that its gates share: one that opens afterwards finds it parked. A company has no leads that could
 * wait; that its token was refused stands with the token.
 */

export async function park(client: Client, holder: TokenHolder, reason: ParkedReason, now: Iso): Promise<void> {
  if (holder.kind !== 'location') return;
  await client.query({
    name: 'location-park',
    text: `with held as materialized (select pg_advisory_xact_lock(hashtextextended('location:' || $1, 0)))
      update locations set parked_since = case when parked_reason = $2 then parked_since else $3::timestamptz end, parked_reason = $2,
        updated_at = now()
      from held where location_id = $1 and status <> 'uninstalled'`,
    values: [clean(holder.id), reason, instant(now)],
  });
}

/**
 * With a new credential a location goes on. One that was uninstalled comes back only by an install (`anew`), never by a token that was on
 * its way when it went.
 * @returns whether it was parked or gone until now
 */
export async function unpark(client: Client, holder: TokenHolder, anew: boolean): Promise<boolean> {
  if (holder.kind !== 'location') return false;
  const { rowCount } = await client.query({
    name: 'location-unpark',
    text: `with held as materialized (select pg_advisory_xact_lock(hashtextextended('location:' || $1, 0)))
      update locations set parked_reason = null, parked_since = null, updated_at = now(),
        status = case when status = 'uninstalled' then 'active' else status end
      from held where location_id = $1 and (parked_reason is not null or status = 'uninstalled') and (status <> 'uninstalled' or $2)`,
    values: [clean(holder.id), anew],
  });
  return rowCount === 1;
}

/** The vendor has suspended the location. @returns false: it was parked already, for whatever reason, or is uninstalled */
export async function parkSuspended(runner: Runner, holder: TokenHolder, now: Iso): Promise<boolean> {
  if (holder.kind !== 'location') return false;
  const { rowCount } = await runner.query({
    name: 'location-suspend',
    text: `with held as materialized (select pg_advisory_xact_lock(hashtextextended('location:' || $1, 0)))
      update locations set parked_reason = 'location-inactive', parked_since = $2, updated_at = now()
      from held where location_id = $1 and status <> 'uninstalled' and parked_reason is null`,
    values: [clean(holder.id), instant(now)],
  });
  return rowCount === 1;
}

/** @returns false: it was not parked as suspended */
export async function resume(runner: Runner, holder: TokenHolder): Promise<boolean> {
  if (holder.kind !== 'location') return false;
  const { rowCount } = await runner.query({
    name: 'location-resume',
    text: `with held as materialized (select pg_advisory_xact_lock(hashtextextended('location:' || $1, 0)))
      update locations set parked_reason = null, parked_since = null, updated_at = now()
      from held where location_id = $1 and parked_reason = 'location-inactive'`,
    values: [clean(holder.id)],
  });
  return rowCount === 1;
}
