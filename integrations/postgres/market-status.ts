import type { DeadLetterShown, DriftShown, FeedStanding, MarketStatus } from '../../domain/ports/market-status.ts';
import type { Page } from '../../domain/ports/page.ts';
import { type Asked, ask, pageOf, tell } from './ask.ts';
import { decodeCursor } from './cursor.ts';
import { filters } from './filters.ts';
import { alerts, listing } from './market-shown.ts';
import type { Place } from './pool.ts';
import type { Tenants } from './tenants.ts';
import { clean, instant } from './values.ts';

/** What people see of the market; see `MarketStatus` for what each function promises. */
export function createMarketStatus({ at }: Pick<Tenants, 'at'>): MarketStatus {
  return {
    feeds: (locationId, now) => feeds(at(locationId), clean(locationId), instant(now)),
    deadLetters: (filter) => deadLetters(at(filter.locationId), filter),
    drift: (filter) => drift(at(filter.locationId), filter),
    acknowledge: (feed, driftId, by, now) =>
      acknowledge(at(feed.locationId), [clean(feed.locationId), clean(feed.market)], { driftId, by, now }),
    listing: (locationId, listingKey) => listing(at(locationId), locationId, listingKey),
    alerts: (filter) => alerts(at(filter.locationId), filter),
    reconcile: (feed) => reconcile(at(feed.locationId), [clean(feed.locationId), clean(feed.market)]),
    believeGone: (feed, gone) => believeGone(at(feed.locationId), [clean(feed.locationId), clean(feed.market)], gone),
  };
}

const of = 'location_id = f.location_id and market = f.market';

async function feeds(place: Asked, locationId: string, now: string): Promise<readonly FeedStanding[]> {
  return ask<FeedStanding>(place, {
    name: 'market-standing',
    text: `select f.market, f.provider, f.mode, f.phase, f.cursor, f.polled_at as "polledAt", f.page_at as "pageAt", f.newest_at as "newestAt",
        f.quota, f.held_until as "heldUntil", f.failing, f.failing_since as "failingSince", f.reconciled_at as "reconciledAt", f.reconciled,
        case when not f.key_scan ? 'haltedAt' then f.key_scan ->> 'startedAt' end as "walkingSince",
        case when f.key_scan ? 'haltedAt' and f.key_scan -> 'believed' -> (f.key_scan ->> 'resource') is null then jsonb_build_object('resource', f.key_scan -> 'resource')
          || (f.key_scan -> 'found' -> (f.key_scan ->> 'resource')) end as halted,
        (select jsonb_build_object('records', coalesce(sum(records), 0), 'since', to_char(min(at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
          from market_pages where ${of} and at > $2::timestamptz - interval '10 minutes') as recent,
        (select jsonb_build_object('active', count(*) filter (where status = 'active'), 'all', count(*))
          from listings where ${of} and removed_at is null) as listings,
        (select coalesce(jsonb_object_agg(reason, n), '{}') from (select reason, count(*) as n from market_dead_letters
          where ${of} and resolved_at is null group by reason) as open) as "deadLetters",
        (select jsonb_build_object('open', count(*), 'frozen', coalesce(jsonb_agg(distinct resource || '.' || field) filter (where frozen), '[]'))
          from market_drift where ${of} and acknowledged_at is null) as drift,
        (select count(*) from market_push where ${of} and worked_at is null) as "pushWaiting"
      from market_feeds f where f.location_id = $1 order by f.market`,
    values: [locationId, now],
  });
}

async function deadLetters(
  place: Asked,
  { locationId, market, reason, all, limit, cursor }: Parameters<MarketStatus['deadLetters']>[0],
): Promise<Page<DeadLetterShown>> {
  const query = ['dead-letters', locationId, market ?? null, reason ?? null, all === true];
  const after = decodeCursor(query, cursor, ['instant', 'text', 'text', 'text', 'text', 'text']);
  const wanted = filters();
  wanted.add('location_id = ?', clean(locationId));
  if (market !== undefined) wanted.add('market = ?', clean(market));
  if (reason !== undefined) wanted.add('reason = ?', clean(reason));
  if (all !== true) wanted.add('resolved_at is null');
  if (after !== null) {
    const [at, ...rest] = after;
    wanted.add(
      '(last_at < ? or (last_at = ? and (market, resource, record_key, reason, field) > (?, ?, ?, ?, ?)))',
      ...[at, at, ...rest],
    );
  }
  const rows = await ask<DeadLetterShown>(place, {
    text: `select market, resource, record_key as "recordKey", reason, nullif(field, '') as field, detail, raw, first_at as "firstAt",
        last_at as "lastAt", times, resolved_at as "resolvedAt"
      from market_dead_letters ${wanted.where()}
      order by last_at desc, market, resource, record_key, reason, market_dead_letters.field limit ${wanted.value(limit + 1)}`,
    values: [...wanted.values],
  });
  return pageOf(query, rows, limit, (row) => [
    ...[row.lastAt, row.market, row.resource, row.recordKey, row.reason, row.field ?? ''],
  ]);
}

/** Alias `d`. */
const DRIFT = `d.market, d.drift_id as "driftId", d.at, d.resource, d.field, d.kind, d.before, d.after, d.frozen,
  d.acknowledged_at as "acknowledgedAt", d.acknowledged_by as "acknowledgedBy"`;

async function drift(
  place: Asked,
  { locationId, market, all, limit, cursor }: Parameters<MarketStatus['drift']>[0],
): Promise<Page<DriftShown>> {
  const query = ['drift', locationId, market ?? null, all === true];
  const after = decodeCursor(query, cursor, ['instant', 'number']);
  const wanted = filters();
  wanted.add('location_id = ?', clean(locationId));
  if (market !== undefined) wanted.add('market = ?', clean(market));
  if (all !== true) wanted.add('acknowledged_at is null');
  if (after !== null) wanted.add('(at, drift_id) < (?, ?)', ...after);
  const rows = await ask<DriftShown>(place, {
    text: `select ${DRIFT} from market_drift d ${wanted.where()} order by d.at desc, d.drift_id desc limit ${wanted.value(limit + 1)}`,
    values: [...wanted.values],
  });
  return pageOf(query, rows, limit, (row) => [row.at, row.driftId]);
}

type Feed = readonly [locationId: string, market: string];

async function acknowledge(
  place: Place,
  feed: Feed,
  { driftId, by, now }: { readonly driftId: number; readonly by: string; readonly now: string },
): ReturnType<MarketStatus['acknowledge']> {
  const rows = await ask<DriftShown>(place, {
    name: 'market-drift-acknowledge',
    text: `update market_drift d set acknowledged_at = coalesce(d.acknowledged_at, $4), acknowledged_by = coalesce(d.acknowledged_by, $5)
      from market_drift seen
      where seen.location_id = $1 and seen.market = $2 and seen.drift_id = $3
        and d.location_id = $1 and d.market = $2 and d.resource = seen.resource and d.field = seen.field and d.drift_id <= $3
        and (d.acknowledged_at is null or d.drift_id = $3)
      returning ${DRIFT}`,
    values: [...feed, driftId, instant(now), clean(by)],
  });
  const found = rows.find((row) => row.driftId === driftId);
  if (found === undefined) return undefined;
  // Also when it is done again: nobody knows whether the first time came to its end.
  const unfrozen = found.resource === 'Property' && rows.some(({ frozen }) => frozen);
  return { drift: found, toReadAgain: unfrozen ? await forget(place, feed) : 0 };
}

/** Listings at once, so that none waits long for another. */
const AT_ONCE = 10_000;

/** The same content is no change, and would keep the values from before the freeze. */
async function forget(place: Asked, feed: Feed): Promise<number> {
  let all = 0;
  for (;;) {
    const some = await tell(place, {
      name: 'market-listings-forget',
      text: `update listings set content_hash = null where location_id = $1 and listing_key = any(array(select listing_key from listings
        where location_id = $1 and market = $2 and content_hash is not null and removed_at is null limit ${AT_ONCE}))`,
      values: [...feed],
    });
    all += some;
    if (some < AT_ONCE) return all;
  }
}

async function reconcile(place: Asked, feed: Feed): ReturnType<MarketStatus['reconcile']> {
  const rows = await ask<{ begun: boolean }>(place, {
    name: 'market-reconcile',
    text: `with asked as (update market_feeds set reconciled_at = null where location_id = $1 and market = $2 and key_scan is null returning 1)
      select exists (select from asked) as begun from market_feeds where location_id = $1 and market = $2`,
    values: [...feed],
  });
  return rows[0]?.begun;
}

/** What was said of another resource before stays, until a walk has come to its end. */
async function believeGone(
  place: Asked,
  feed: Feed,
  { resource, records }: Parameters<MarketStatus['believeGone']>[1],
): ReturnType<MarketStatus['believeGone']> {
  const rows = await ask<{ done: boolean }>(place, {
    name: 'market-believe-gone',
    text: `with believed as (update market_feeds
        set key_scan = key_scan || jsonb_build_object('believed', coalesce(key_scan -> 'believed', '{}') || jsonb_build_object($3::text, $4::integer))
        where location_id = $1 and market = $2 and key_scan ? 'haltedAt' and key_scan ->> 'resource' = $3
          and (key_scan -> 'found' -> $3 ->> 'ghosts')::integer <= $4 returning 1)
      select exists (select from believed) as done from market_feeds where location_id = $1 and market = $2`,
    values: [...feed, resource, records],
  });
  return rows[0]?.done;
}
