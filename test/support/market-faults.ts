import type { FollowedFeed } from './market-feed.ts';
import type { MarketWorld } from './market-world.ts';
import type { Random } from './random.ts';

/** How one answer of the feed goes wrong. */
const ways = [
  { status: 429, headers: { 'retry-after': '1' } },
  { status: 503, headers: { 'retry-after': '1' } },
  { status: 500 },
  { spoil: 'html' },
  { spoil: 'no-odata' },
  { spoil: 'duplicate-rows' },
  { spoil: 'reverse-rows' },
  { spoil: 'delete-served-row' },
  { spoil: 'expire-token' },
  { spoil: 'revoke-token' },
  { spoil: 'page-loop' },
  { cutAfterBytes: 200 },
  { dropAfterHandling: true },
] as const;

/** Some of the next answers about records go wrong, each in its way. */
export async function trouble(world: MarketWorld, random: Random, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const path = random.pick(['/Property*', '/Media*', '/Member*', '/EntityEvent*']);
    await world.order('faults', { match: { method: 'GET', path }, after: random.below(3), ...random.pick(ways) });
  }
}

/** The feed is well again, and nothing of it is held back. */
export async function calm(world: MarketWorld): Promise<void> {
  await world.order('faults', undefined, 'DELETE');
  await world.order('events', { withhold: false });
}

/** Changes of listings that were made one by one, so that what came of each can be counted. */
export interface MadeChange {
  readonly key: string;
  /** As it is stored. */
  readonly price: string;
}

/** Lets prices fall, each by a name of its own. */
export async function dropPrices(world: MarketWorld, keys: readonly string[], price: number): Promise<MadeChange[]> {
  for (const ListingKey of keys) await world.order('listings', { ListingKey, ListPrice: price }, 'PATCH');
  return keys.map((key) => ({ key, price: `${price}.00` }));
}

/** What a change came to: rows of history, alerts of one lead, and events by which it hears. One of each is right. */
export interface Effects {
  readonly key: string;
  readonly events: number;
  readonly alerts: number;
  readonly inbox: number;
}

export async function effectsOf(
  { sql }: Pick<MarketWorld, 'sql'>,
  { ref }: FollowedFeed,
  changes: readonly MadeChange[],
): Promise<Effects[]> {
  return sql<Effects>(
    `select made.key,
       (select count(*) from listing_events e where e.location_id = $1 and e.listing_key = made.key and e.kind = 'price-change'
          and e.price_after = made.price)::int as events,
       (select count(*) from market_alerts a where a.location_id = $1 and a.listing_key = made.key and a.kind = 'price-drop'
          and a.price_after = made.price)::int as alerts,
       (select count(*) from inbox i where i.location_id = $1 and i.type = 'market.alert'
          and exists (select from jsonb_array_elements(convert_from(i.body, 'UTF8')::jsonb -> 'news') as news
            where news ->> 0 = made.key and news ->> 1 like '%:' || made.price))::int as inbox
     from jsonb_to_recordset($2::jsonb) as made (key text, price numeric)`,
    [ref.locationId, JSON.stringify(changes)],
  );
}

/** Active homes that may be shown, with a price far above what they will fall to. */
export async function activeKeys(world: MarketWorld, locationId: string, count: number): Promise<string[]> {
  const rows = await world.sql<{ key: string }>(
    `select listing_key as key from listings where location_id = $1 and status = 'active' and shown and office_name is not null
       and removed_at is null and price > 150000 and property_type = 'residential' order by listing_key limit $2`,
    [locationId, count],
  );
  if (rows.length < count) throw new Error(`expected ${count} listings on offer, got ${rows.length}`);
  return rows.map(({ key }) => key);
}
