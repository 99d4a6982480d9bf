import { AppError } from '../../domain/errors.ts';
import type { Drift } from '../../domain/market/drift.ts';
import type { FeedRef } from '../../domain/market/feed.ts';
import type { FeedState, MarketStore } from '../../domain/ports/market-store.ts';
import { type Asked, ask, tell } from './ask.ts';
import { type Place, transaction } from './pool.ts';
import { clean, instant, toJsonb } from './values.ts';

type Row = FeedState & { readonly provider: FeedRef['provider'] };

/** Errors: MARKET_TAKEN, STORE_AWAY. */
export async function open(place: Asked, feed: FeedRef): Promise<FeedState> {
  const before = await read(place, feed);
  if (before?.provider === feed.provider) return before;
  await make(place, feed);
  const made = await read(place, feed);
  if (made === undefined) throw new Error('the feed was made and is not there');
  return made;
}

async function read(place: Asked, { locationId, market }: FeedRef): Promise<Row | undefined> {
  const rows = await ask<Omit<Row, 'frozen'> & { readonly frozen: Row['frozen'] | null }>(place, {
    name: 'market-feed-read',
    text: `select provider, mode, phase, cursor, cursor_version as version, held_until as "heldUntil", failing, metadata,
        metadata_at as "metadataAt", reconciled_at as "reconciledAt", key_scan as walk,
        (select jsonb_agg(jsonb_build_object('resource', d.resource, 'field', d.field, 'frozen', true) order by d.drift_id) from market_drift d
          where d.location_id = $1 and d.market = $2 and d.frozen and d.acknowledged_at is null) as frozen
      from market_feeds where location_id = $1 and market = $2`,
    values: [locationId, market],
  });
  return rows[0] === undefined ? undefined : { ...rows[0], frozen: rows[0].frozen ?? [] };
}

/** The name is free for the feed. Of one with another provider under it nothing is changed. Errors: MARKET_TAKEN, STORE_AWAY. */
export async function claim(place: Place, feed: FeedRef): Promise<void> {
  const before = await read(place, feed);
  if (before?.provider === feed.provider) return;
  if (before === undefined) return make(place, feed);
  await transaction(place, async (client) => {
    await client.query('savepoint tried');
    await make(client, feed);
    await client.query('rollback to savepoint tried');
  });
}

/**
 * A feed whose row was lost is live where its pages say that it was, and since when: listings alone may be those of a first walk that was
 * broken off. Of another provider under the same name nothing can be gone on with but its listings, whose keys would be others.
 */
const MAKE = `
insert into market_feeds as f (location_id, market, provider, phase, live_since)
select $1, $2, $3, case when min(at) is null then 'initial' else 'live' end, min(at)
from market_pages where location_id = $1 and market = $2 and why in ('increment', 'event', 'repair')
on conflict (location_id, market) do update set provider = excluded.provider, phase = 'initial', live_since = null, mode = null, cursor = default,
  cursor_version = f.cursor_version + 1, polled_at = null, quota = null, held_until = null, failing = null, failing_since = null,
  metadata = null, metadata_at = null, reconciled_at = null, reconciled = null, key_scan = null
where f.provider <> excluded.provider`;

async function make(place: Asked, { locationId, market, provider }: FeedRef): Promise<void> {
  try {
    await tell(place, { name: 'market-feed-make', text: MAKE, values: [locationId, market, provider] });
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === '23505')) throw cause;
    throw new AppError(
      'MARKET_TAKEN',
      `expected a market that no other location has of ${provider}, got ${market}; nothing of it was changed`,
    );
  }
}

/** Changes some columns of the feed's row; names and values are the code's own. */
async function set(place: Asked, feed: FeedRef, name: string, what: string, values: unknown[]): Promise<void> {
  await tell(place, {
    name: `market-feed-${name}`,
    text: `update market_feeds set ${what} where location_id = $1 and market = $2`,
    values: [feed.locationId, feed.market, ...values],
  });
}

export function known(place: Asked, locationId: string): Promise<readonly FeedRef[]> {
  return ask<FeedRef & { [column: string]: string }>(place, {
    name: 'market-feeds-known',
    text: 'select location_id as "locationId", provider, market from market_feeds where location_id = $1 order by market',
    values: [clean(locationId)],
  });
}

export async function release(place: Asked, feed: FeedRef): Promise<void> {
  await tell(place, {
    name: 'market-feed-release',
    text: 'delete from market_feeds where location_id = $1 and market = $2 and provider = $3',
    values: [feed.locationId, feed.market, feed.provider],
  });
}

export const setMode = (place: Asked, feed: FeedRef, mode: string): Promise<void> =>
  set(place, feed, 'mode', 'mode = $3', [mode]);

/** It answered: it is well, unless its walk is halted. */
export const WELL = `failing = case when key_scan ? 'haltedAt' then 'FEED_BROKEN' end,
  failing_since = case when key_scan ? 'haltedAt' then coalesce(failing_since, (key_scan ->> 'haltedAt')::timestamptz) end`;

export const settle: Settling<'settle'> = (place, feed, { at, live }) =>
  set(
    place,
    feed,
    'settle',
    `polled_at = $3, ${WELL}, held_until = null, live_since = coalesce(live_since, case when $4 then $3::timestamptz end),
      phase = case when $4 then 'live' else phase end`,
    [instant(at), live],
  );

export const hold: Settling<'hold'> = (place, feed, { at, until, code }) =>
  set(place, feed, 'hold-until', `held_until = $3, failing = $4, failing_since = coalesce(failing_since, $5)`, [
    instant(until),
    code,
    instant(at),
  ]);

export const fail: Settling<'fail'> = (place, feed, { at, code }) =>
  set(place, feed, 'fail', `failing = $3, failing_since = coalesce(failing_since, $4)`, [code, instant(at)]);

type Settling<Name extends 'settle' | 'hold' | 'fail'> = (
  place: Asked,
  ...told: Parameters<MarketStore[Name]>
) => Promise<void>;

/** The look and what it found, together: a finding is told once, for the next look compares with this one. */
export async function keepMetadata(
  place: Place,
  feed: FeedRef,
  { at, metadata, drift }: Parameters<MarketStore['keepMetadata']>[1],
): Promise<void> {
  await transaction(place, async (client) => {
    await set(client, feed, 'metadata', 'metadata = $3, metadata_at = $4', [toJsonb(metadata), instant(at)]);
    if (drift.length > 0) await addDrift(client, feed, at, drift);
  });
}

async function addDrift(place: Asked, feed: FeedRef, at: string, drift: readonly Drift[]): Promise<void> {
  await tell(place, {
    name: 'market-drift-add',
    text: `insert into market_drift (location_id, market, at, resource, field, kind, before, after, frozen)
      select $1, $2, $3, resource, field, kind, before, after, frozen
      from jsonb_to_recordset($4::jsonb) as found (resource text, field text, kind text, before text, after text, frozen boolean)`,
    values: [feed.locationId, feed.market, instant(at), toJsonb(drift)],
  });
}
