import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { AlertName } from '../../domain/market/alerts.ts';
import type { FeedRef } from '../../domain/market/feed.ts';
import type { FannedOut, MarketAlertStore, NewAlert } from '../../domain/ports/market-alerts.ts';
import type { NewInboxEvent } from '../../domain/ports/inbox.ts';
import { ask, tell } from './ask.ts';
import { type Client, type Place, transaction } from './pool.ts';
import { slices } from './slices.ts';
import { enter } from './tenants.ts';
import { clean, instant, toJsonb } from './values.ts';

type Batch = Parameters<MarketAlertStore['fanOut']>[1];
type EventOf = Parameters<MarketAlertStore['fanOut']>[2];

/** Rows of one statement. */
const AT_A_TIME = 1_000;

/**
 * Changes become alerts, alerts become events. Whoever holds a change's row fans it out; another run waits and finds it done. The rows of
 * the location are written with the tenant's rights, those of the inbox with the house's.
 */
export async function fanOut(
  house: Place,
  feed: FeedRef,
  batch: Batch,
  eventOf: EventOf,
  now: Iso,
): Promise<FannedOut> {
  return transaction(house, async (client) => {
    const { locationId } = feed;
    await enter(client, locationId);
    const mine = await takeChanges(client, feed, batch.changes);
    const given = batch.alerts.filter((alert) => mine.has(nameOf(alert)));
    const fresh: NewName[] = [];
    for (const some of slices(given, AT_A_TIME)) fresh.push(...(await addAlerts(client, feed, some, now)));
    await dropOffMarket(client, locationId, batch.changes, now);
    const events = await addEvents(client, locationId, eventsFor(locationId, fresh, eventOf), now);
    await mark(client, feed, [...mine.values()], now);
    return { alerts: fresh.length, events };
  });
}

interface NewName extends AlertName {
  readonly contactId: string;
  readonly waits: boolean;
}

function nameOf({ listingKey, change }: AlertName): string {
  return JSON.stringify([listingKey, change]);
}

/** Locked in one order, so that two runs wait for each other and never both for each other. */
async function takeChanges(
  client: Client,
  { locationId, market }: FeedRef,
  changes: readonly AlertName[],
): Promise<ReadonlyMap<string, AlertName>> {
  const rows = await ask<AlertName & { readonly id: number }>(client, {
    name: 'market-changes-take',
    text: `select e.listing_key as "listingKey", e.change, e.id from listing_events e
      where e.location_id = $1 and e.market = $2 and e.fanned_at is null and (e.listing_key, e.change) in (
        select "listingKey", change from jsonb_to_recordset($3::jsonb) as given ("listingKey" text, change text))
      order by e.listing_key, e.change for update of e`,
    values: [locationId, market, toJsonb(changes)],
  });
  return new Map(rows.map((row) => [nameOf(row), row]));
}

async function addAlerts(client: Client, feed: FeedRef, alerts: readonly NewAlert[], now: Iso): Promise<NewName[]> {
  return ask<NewName>(client, {
    name: 'market-alerts-add',
    text: `insert into market_alerts (location_id, contact_id, listing_key, change, kind, state, why, score, reasons, price_before,
        price_after, starts_at, market, as_of, decided_at, settled_at)
      select $1, "contactId", "listingKey", change, kind, case when why is null then 'waiting' else 'dropped' end, why, score, reasons,
        "priceBefore", "priceAfter", "startsAt", $2, "asOf", $4, case when why is not null then $4::timestamptz end
      from jsonb_to_recordset($3::jsonb) as given ("contactId" text, "listingKey" text, change text, kind text, why text,
        score double precision, reasons jsonb, "priceBefore" numeric(14, 2), "priceAfter" numeric(14, 2), "startsAt" timestamptz,
        "asOf" timestamptz)
      order by "contactId", "listingKey", change
      on conflict (location_id, contact_id, listing_key, change) do nothing
      returning contact_id as "contactId", listing_key as "listingKey", change, state = 'waiting' as waits`,
    values: [feed.locationId, feed.market, toJsonb(alerts), instant(now)],
  });
}

/** What waits about a home that is on offer no more goes, unless it is on its way. */
async function dropOffMarket(
  client: Client,
  locationId: string,
  changes: readonly AlertName[],
  now: Iso,
): Promise<void> {
  await tell(client, {
    name: 'market-alerts-off-market',
    text: `update market_alerts a set state = 'dropped', why = 'the listing is not active any more', settled_at = $3
      from listings l
      where a.location_id = $1 and a.listing_key = any ($2::text[]) and a.state = 'waiting' and a.kind not in ('pending', 'closed')
        and l.location_id = $1 and l.listing_key = a.listing_key and (l.status <> 'active' or l.removed_at is not null)
        and not exists (select from outbox o where o.location_id = a.location_id and o.contact_id = a.contact_id
          and o.enrolment_id = a.enrolment_id and o.step_key = a.step and o.state in ('sending', 'unknown'))`,
    values: [locationId, [...new Set(changes.map(({ listingKey }) => listingKey))], instant(now)],
  });
}

function eventsFor(locationId: string, fresh: readonly NewName[], eventOf: EventOf): readonly NewInboxEvent[] {
  const byLead = new Map<string, AlertName[]>();
  for (const { contactId, listingKey, change, waits } of fresh) {
    if (!waits) continue;
    const news = byLead.get(contactId) ?? [];
    news.push({ listingKey, change });
    byLead.set(contactId, news);
  }
  return [...byLead].map(([contactId, news]) => eventOf({ locationId, contactId }, news));
}

/** Back to the house's rights for the inbox, and to the tenant's for the alerts. */
async function addEvents(
  client: Client,
  locationId: string,
  events: readonly NewInboxEvent[],
  now: Iso,
): Promise<FannedOut['events']> {
  if (events.length === 0) return [];
  await client.query({ name: 'leave', text: `select set_config('role', 'leadwright_house', true)` });
  const added: (LeadRef & { readonly inboxId: string; readonly receivedAt: Iso })[] = [];
  for (const some of slices(events, AT_A_TIME)) {
    const rows = await ask<{ contactId: string; inboxId: string; receivedAt: Iso }>(client, {
      name: 'market-events-add',
      text: `insert into inbox (source, location_id, event_key, contact_id, body_hash, type, kind, occurred_at, body, headers)
        select 'internal', $1, "eventKey", "contactId", "bodyHash", type, kind, $3, convert_to(body, 'UTF8'), '{}'
        from jsonb_to_recordset($2::jsonb) as given ("eventKey" text, "contactId" text, "bodyHash" text, type text, kind text, body text)
        on conflict (key_scope, source, event_key) do nothing
        returning contact_id as "contactId", inbox_id as "inboxId", received_at as "receivedAt"`,
      values: [clean(locationId), toJsonb(some.map(textOf)), instant(now)],
    });
    added.push(...rows.map((row) => ({ locationId, ...row })));
  }
  await enter(client, locationId);
  for (const some of slices(added, AT_A_TIME)) {
    await tell(client, {
      name: 'market-alerts-heard-by',
      text: `update market_alerts a set inbox_id = given."inboxId"
        from jsonb_to_recordset($2::jsonb) as given ("contactId" text, "inboxId" uuid)
        where a.location_id = $1 and a.contact_id = given."contactId" and a.state = 'waiting' and a.inbox_id is null and a.decided_at = $3`,
      values: [locationId, toJsonb(some), instant(now)],
    });
  }
  return added;
}

function textOf({ eventKey, contactId, bodyHash, type, kind, body }: NewInboxEvent): Record<string, unknown> {
  return { eventKey, contactId, bodyHash, type, kind, body: new TextDecoder().decode(body) };
}

async function mark(client: Client, feed: FeedRef, changes: readonly AlertName[], now: Iso): Promise<void> {
  await tell(client, {
    name: 'market-changes-mark',
    text: `update listing_events e set fanned_at = $4
      from jsonb_to_recordset($3::jsonb) as given ("listingKey" text, change text)
      where e.location_id = $1 and e.market = $2 and e.listing_key = given."listingKey" and e.change = given.change and e.fanned_at is null`,
    values: [feed.locationId, feed.market, toJsonb(changes), instant(now)],
  });
}
