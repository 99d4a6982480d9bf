import { UNREAD } from '../../domain/market/changes.ts';
import { interestKinds } from '../../domain/market/alerts.ts';
import type { Dropped } from '../../domain/market/alerts.ts';
import { droppedWords } from '../../domain/market/alerts.ts';
import type { FeedRef } from '../../domain/market/feed.ts';
import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { MarketListing } from '../../domain/market/listing.ts';
import type {
  MarketAlertStore,
  StoredAlert,
  Telling,
  ToldAlert,
  UntoldChange,
} from '../../domain/ports/market-alerts.ts';
import { type Asked, ask, tell } from './ask.ts';
import { storeTimeline } from './decision-parts.ts';
import { fitting } from './listing-matcher.ts';
import { fanOut } from './market-fan-out.ts';
import { MARKET_COLUMNS } from './market-listings.ts';
import { type Place, stored, transaction } from './pool.ts';
import type { Tenants } from './tenants.ts';
import { clean, instant, toJsonb } from './values.ts';

/** News of homes in Postgres; see `MarketAlertStore` for what each function promises. */
export function createMarketAlertStore({ at, house }: Pick<Tenants, 'at' | 'house'>): MarketAlertStore {
  const of = (ref: LeadRef) => at(ref.locationId);
  return {
    untold: (feed, limit) => untold(at(feed.locationId), feed, limit),
    concerned: (locationId, listings, since) => concerned(at(locationId), locationId, listings, since),
    fanOut: (feed, batch, eventOf, now) => stored(() => fanOut(house, feed, batch, eventOf, now)),
    dropOld: (locationId, before, now) => dropOld(at(locationId), locationId, before, now),
    waiting: (ref) => waiting(of(ref), ref),
    bind: (ref, by, told) => bind(of(ref), ref, by, told),
    drop: (ref, dropped, now) => stored(() => drop(of(ref), ref, dropped, now)),
    sentSince: (ref, since) => sentSince(of(ref), ref, since),
  };
}

/** Does the feed still have an open house of the listing that begins at that time? */
const takesPlace = (listingKey: string, startsAt: string): string => `exists (select from market_records r
    where r.location_id = $1 and r.listing_key = ${listingKey} and r.resource = 'OpenHouse' and r.starts_at = ${startsAt}
      and r.removed_at is null and coalesce(r.status, 'active') = 'active')`;

/** A listing whose newest version cannot be read. */
const unreadListing = (
  listingKey: string,
): string => `exists (select from listings u where u.location_id = $1 and u.listing_key = ${listingKey}
    and u.market is not null and u.removed_at is null and u.content_hash is null and u.shown is null)`;

/** Or its open house that begins at that time. */
const unread = (
  listingKey: string,
  startsAt: string,
): string => `(${unreadListing(listingKey)} or exists (select from market_records u
    where u.location_id = $1 and u.listing_key = ${listingKey} and u.resource = 'OpenHouse' and u.starts_at = ${startsAt}
      and u.removed_at is null and u.status = '${UNREAD}'))`;

/** Fields of Property that open drift of the market freezes. */
const frozen = (
  market: string,
): string => `array(select d.field from market_drift d where d.location_id = $1 and d.market = ${market}
    and d.resource = 'Property' and d.frozen and d.acknowledged_at is null)`;

type Row<Of> = Of & Pick<UntoldChange, 'takesPlace' | 'frozen'>;

async function untold(place: Asked, { locationId, market }: FeedRef, limit: number): Promise<readonly UntoldChange[]> {
  type Change = UntoldChange['change'];
  const changes = await ask<Row<Change>>(place, {
    name: 'market-changes-untold',
    text: `select e.listing_key as "listingKey", e.at, e.kind, e.price_before as "priceBefore", e.price_after as "priceAfter", e.change,
        e.market, e.starts_at as "startsAt", ${takesPlace('e.listing_key', 'e.starts_at')} as "takesPlace",
        ${frozen('$2')} as frozen
      from listing_events e where e.location_id = $1 and e.change is not null and e.fanned_at is null and e.market = $2
        and not ${unread('e.listing_key', 'e.starts_at')}
      order by e.at, e.id limit $3`,
    values: [locationId, market, limit],
  });
  const listings = await listingsOf(
    place,
    locationId,
    changes.map(({ listingKey }) => listingKey),
  );
  return changes.map(({ takesPlace: held, frozen: fields, ...change }) => ({
    change,
    listing: listings.get(change.listingKey) ?? null,
    frozen: fields,
    takesPlace: held,
  }));
}

/** Those that the feed has. */
async function listingsOf(
  place: Asked,
  locationId: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, MarketListing>> {
  if (keys.length === 0) return new Map();
  const rows = await ask<MarketListing>(place, {
    name: 'market-listings-told',
    text: `select ${MARKET_COLUMNS} from listings l
      where l.location_id = $1 and l.listing_key = any ($2::text[]) and l.market is not null and l.removed_at is null`,
    values: [locationId, [...new Set(keys)]],
  });
  return new Map(rows.map((row) => [row.listingKey, row]));
}

/** The site may know a home by its key or by the number that people use. */
async function concerned(
  place: Asked,
  locationId: string,
  listings: readonly Pick<MarketListing, 'listingKey' | 'listingId'>[],
  since: Iso,
): ReturnType<MarketAlertStore['concerned']> {
  if (listings.length === 0) return [];
  const given = listings.flatMap(({ listingKey, listingId }) =>
    [...new Set([listingKey, listingId ?? listingKey])].map((name) => ({ listingKey, name })),
  );
  return ask<{ contactId: string; listingKey: string }>(place, {
    name: 'market-concerned',
    text: `with given as (select * from jsonb_to_recordset($2::jsonb) as given ("listingKey" text, name text))
      select a.contact_id as "contactId", a.listing_key as "listingKey" from market_alerts a
      where a.location_id = $1 and a.listing_key = any (array(select distinct "listingKey" from given)) and a.state = 'told'
        and a.decided_at > $3
      union
      select seen.contact_id, given."listingKey"
      from find_interested(array(select name from given), $4::text[], $3) as seen join given on given.name = seen.listing
      order by 2, 1`,
    values: [locationId, toJsonb(given), instant(since), [...interestKinds]],
  });
}

/** Alerts that a send may be telling just now wait for its outcome. */
export const NOT_ON_ITS_WAY = `not exists (select from outbox o where o.location_id = a.location_id and o.contact_id = a.contact_id
    and o.enrolment_id = a.enrolment_id and o.step_key = a.step and o.state in ('sending', 'unknown'))`;

async function dropOld(place: Asked, locationId: string, decidedBefore: Iso, now: Iso): Promise<number> {
  return tell(place, {
    name: 'market-alerts-drop-old',
    text: `update market_alerts a set state = 'dropped', settled_at = $3,
        why = case when a.starts_at <= $3 then 'the open house has begun' else 'it waited for three days and is news no more' end
      where a.location_id = $1 and a.state = 'waiting' and (a.kind <> 'open-house' and a.decided_at < $2 or a.starts_at <= $3)
        and ${NOT_ON_ITS_WAY}`,
    values: [locationId, instant(decidedBefore), instant(now)],
  });
}

async function waiting(place: Asked, ref: LeadRef): Promise<readonly StoredAlert[]> {
  const rows = await ask<Omit<StoredAlert, 'listing' | 'fits'>>(place, {
    name: 'market-alerts-waiting',
    text: `select a.listing_key as "listingKey", a.change, a.kind, a.starts_at as "startsAt", a.decided_at as "decidedAt", a.market, a.score,
        a.price_before as "priceBefore", a.price_after as "priceAfter", ${takesPlace('a.listing_key', 'a.starts_at')} as "takesPlace",
        ${unread('a.listing_key', 'a.starts_at')} as unread, ${frozen('a.market')} as frozen
      from market_alerts a where a.location_id = $1 and a.contact_id = $2 and a.state = 'waiting'
        and ${NOT_ON_ITS_WAY}
      order by a.decided_at, a.listing_key, a.change limit 200`,
    values: [ref.locationId, ref.contactId],
  });
  const keysOf = (some: typeof rows) => some.map(({ listingKey }) => listingKey);
  const [listings, fit] = await Promise.all([
    listingsOf(place, ref.locationId, keysOf(rows)),
    fitting(place, ref, keysOf(rows.filter(({ score }) => score !== null))),
  ]);
  return rows.map((row) => ({
    ...row,
    listing: listings.get(row.listingKey) ?? null,
    fits: fit.has(row.listingKey),
  }));
}

async function bind(place: Asked, ref: LeadRef, by: Telling, told: readonly ToldAlert[]): Promise<void> {
  await tell(place, {
    name: 'market-alerts-bind',
    text: `with given as (
        select * from jsonb_to_recordset($5::jsonb) as given ("listingKey" text, change text, price numeric(14, 2), "asOf" timestamptz)
      ), freed as (
        update market_alerts a set enrolment_id = null, step = null, price_told = null
        where a.location_id = $1 and a.contact_id = $2 and a.state = 'waiting' and a.enrolment_id = $3 and a.step = $4
          and not exists (select from given where given."listingKey" = a.listing_key and given.change = a.change)
      )
      update market_alerts a set enrolment_id = $3, step = $4, price_told = given.price, as_of = given."asOf"
      from given
      where a.location_id = $1 and a.contact_id = $2 and a.listing_key = given."listingKey" and a.change = given.change
        and a.state = 'waiting' and ${NOT_ON_ITS_WAY}`,
    values: [ref.locationId, ref.contactId, by.enrolmentId, by.step, toJsonb(told)],
  });
}

async function drop(place: Place, ref: LeadRef, dropped: readonly Dropped[], now: Iso): Promise<void> {
  if (dropped.length === 0) return;
  await transaction(place, async (client) => {
    const gone = await dropAlerts(client, ref, dropped, now);
    const entries = droppedWords(gone).map((summary) => ({
      at: instant(now),
      kind: 'decision' as const,
      summary,
      refs: {},
    }));
    if (entries.length > 0) await storeTimeline(client, ref, entries);
  });
}

/** For a transaction; answers those that were still waiting. */
export async function dropAlerts(
  client: Asked,
  ref: LeadRef,
  dropped: readonly Dropped[],
  now: Iso,
): Promise<readonly Dropped[]> {
  return ask<Dropped>(client, {
    name: 'market-alerts-drop',
    text: `update market_alerts a set state = 'dropped', why = given.why, settled_at = $4
      from jsonb_to_recordset($3::jsonb) as given ("listingKey" text, change text, why text)
      where a.location_id = $1 and a.contact_id = $2 and a.listing_key = given."listingKey" and a.change = given.change
        and a.state = 'waiting' and ${NOT_ON_ITS_WAY}
      returning a.listing_key as "listingKey", a.change, a.why`,
    values: [
      ref.locationId,
      ref.contactId,
      toJsonb(dropped.map((one) => ({ ...one, why: clean(one.why) }))),
      instant(now),
    ],
  });
}

async function sentSince(place: Asked, ref: LeadRef, since: Iso): ReturnType<MarketAlertStore['sentSince']> {
  const rows = await ask<{ count: number; oldestAt: Iso | null; newestAt: Iso | null }>(place, {
    name: 'market-sent-since',
    text: `select count(*)::integer as count, min(o.sending_at) as "oldestAt", max(o.sending_at) as "newestAt"
      from outbox o join enrolments e on e.location_id = $1 and e.contact_id = $2 and e.enrolment_id = o.enrolment_id
      where o.location_id = $1 and o.contact_id = $2 and o.channel in ('sms', 'email') and o.sending_at > $3
        and e.document ->> 'track' = 'market' and o.state in ('sending', 'sent', 'recorded', 'unknown', 'parked')`,
    values: [ref.locationId, ref.contactId, instant(since)],
  });
  return rows[0] ?? { count: 0, oldestAt: null, newestAt: null };
}
