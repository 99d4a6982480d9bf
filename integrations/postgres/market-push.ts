import type { FeedRef } from '../../domain/market/feed.ts';
import type { MarketStore, PushedEvent } from '../../domain/ports/market-store.ts';
import { type Asked, ask } from './ask.ts';
import { clean, instant, toJsonb } from './values.ts';

/** Stores what was pushed and finds whose feed it is, in one statement: it is answered only once it is committed. */
export const acceptPush: Pushing<'acceptPush'> = async (place, { locationId, market }, events, at) => {
  const rows = await ask<{ provider: FeedRef['provider']; fresh: number }>(place, {
    name: 'market-push-accept',
    text: ACCEPT,
    values: [clean(locationId), clean(market), instant(at), toJsonb(events)],
  });
  const row = rows[0];
  return row === undefined ? null : { feed: { locationId, provider: row.provider, market }, fresh: row.fresh };
};

const ACCEPT = `
with feed as (select provider from market_feeds where location_id = $1 and market = $2),
stored as (
  insert into market_push (location_id, market, received_at, sequence, resource, record_key)
  select distinct $1, $2, $3::timestamptz, sequence, resource, key
  from feed, jsonb_to_recordset($4::jsonb) as pushed (sequence numeric, resource text, key text)
  order by sequence
  on conflict do nothing
  returning 1
)
select provider, (select count(*) from stored)::integer as fresh from feed`;

export const waitingPush: Pushing<'waitingPush'> = (place, { locationId, market }, limit) =>
  ask<PushedEvent>(place, {
    name: 'market-push-waiting',
    text: `select push_id as "pushId", sequence, resource, record_key as key from market_push
      where location_id = $1 and market = $2 and worked_at is null order by sequence, push_id limit $3`,
    values: [locationId, market, limit],
  });

type Pushing<Name extends 'acceptPush' | 'waitingPush'> = (
  place: Asked,
  ...asked: Parameters<MarketStore[Name]>
) => ReturnType<MarketStore[Name]>;
