import type { FeedRef, FeedResource } from '../../domain/market/feed.ts';
import { toReadAgain } from '../../domain/market/poison.ts';
import type { MarketStore, ReconciledCounts } from '../../domain/ports/market-store.ts';
import { type Asked, ask, tell } from './ask.ts';
import { type Place, transaction } from './pool.ts';
import { clean, instant, toJsonb } from './values.ts';

type Walking<Name extends 'keepStep' | 'compared' | 'differing'> = (
  place: Asked,
  ...asked: Parameters<MarketStore[Name]>
) => ReturnType<MarketStore[Name]>;

/** The page and the step, or neither. */
export const keepStep: Walking<'keepStep'> = async (place, feed, { before, keys, to }) => {
  const rows = await ask<{ moved: boolean }>(place, {
    name: 'market-keys-keep',
    text: `with step as (
        update market_feeds set key_scan = $4 where location_id = $1 and market = $2 and key_scan is not distinct from $3::jsonb returning 1
      ), kept as (
        insert into market_keys (location_id, market, scan_id, resource, record_key)
        select $1, $2, $5, $6, key from step, unnest($7::text[]) as key on conflict do nothing
      )
      select exists (select from step) as moved`,
    values: [
      ...[feed.locationId, feed.market, toJsonb(before), toJsonb(to)],
      ...[before?.scanId ?? to.scanId, before?.resource ?? to.resource, keys.map(clean)],
    ],
  });
  return rows[0]!.moved;
};

/** Keys of the feed's own rows of a resource that are not gone. $1 location, $2 market, $3 scan, $4 resource. */
const localOf = (resource: FeedResource): string =>
  resource === 'Property'
    ? `select listing_key as key from listings where location_id = $1 and market = $2 and removed_at is null`
    : `select record_key as key from market_records where location_id = $1 and market = $2 and resource = $4 and removed_at is null`;

const TO_READ_AGAIN = toReadAgain.map((reason) => `'${reason}'`).join(', ');

const parts = (resource: FeedResource): string => `
with feed as (select record_key as key from market_keys where location_id = $1 and market = $2 and scan_id = $3 and resource = $4),
local as (${localOf(resource)}),
dead as (
  select distinct record_key as key from market_dead_letters
  where location_id = $1 and market = $2 and resource = $4 and resolved_at is null and reason in (${TO_READ_AGAIN})
),
differing as (select f.key as feed, l.key as local from feed f full join local l using (key) where f.key is null or l.key is null)`;

export const compared: Walking<'compared'> = async (place, { locationId, market }, scanId, resource) => {
  const rows = await ask<{ [Name in keyof ReconciledCounts]: number }>(place, {
    name: `market-keys-compared-${resource}`,
    text: `${parts(resource)}
      select (select count(*) from feed)::integer as feed, (select count(*) from local)::integer as local,
        count(*) filter (where d.local is null and not exists (select from dead where dead.key = d.feed))::integer as missing,
        count(*) filter (where d.feed is null)::integer as ghosts
      from differing d`,
    values: [locationId, market, scanId, resource],
  });
  return rows[0]!;
};

export const differing: Walking<'differing'> = async (
  place,
  { locationId, market },
  scanId,
  resource,
  { after, limit },
) => {
  const rows = await ask<{ key: string }>(place, {
    name: `market-keys-differing-${resource}`,
    text: `${parts(resource)}
      select key from (select coalesce(feed, local) as key from differing union select key from dead) as found
      where key > $5 order by key limit $6`,
    values: [locationId, market, scanId, resource, after, limit],
  });
  return rows.map(({ key }) => key);
};

/** What rates and lags are told from, and whose pushes the journal has told by now. */
const KEPT_DAYS = 7;

export async function endWalk(
  place: Place,
  { locationId, market }: FeedRef,
  { walk: { scanId, found }, at }: Parameters<MarketStore['endWalk']>[1],
): Promise<void> {
  await transaction(place, async (client) => {
    await tell(client, {
      name: 'market-keys-end',
      text: `update market_feeds set key_scan = null, reconciled_at = $3, reconciled = $4
        where location_id = $1 and market = $2 and key_scan ->> 'scanId' = $5`,
      values: [locationId, market, instant(at), toJsonb(found), scanId],
    });
    await tell(client, {
      name: 'market-keys-forget',
      text: 'delete from market_keys where location_id = $1 and market = $2',
      values: [locationId, market],
    });
    for (const [table, column] of [
      ['market_pages', 'at'],
      ['market_push', 'worked_at'],
    ] as const) {
      await tell(client, {
        name: `${table}-forget`,
        text: `delete from ${table} where location_id = $1 and market = $2 and ${column} < $3::timestamptz - make_interval(days => $4)`,
        values: [locationId, market, instant(at), KEPT_DAYS],
      });
    }
  });
}
