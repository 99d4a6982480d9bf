import type { ActivityStore } from '../../domain/ports/activity.ts';
import { type ActivityEvent, type ActivityPerson, BY_ADDRESS } from '../../domain/webhooks/activity.ts';
import { takeLocks } from './locks.ts';
import { type Client, type Place, transaction } from './pool.ts';
import { clean, instant, toJsonb } from './values.ts';

type Post = Parameters<ActivityStore['record']>[1];

/**
 * One post in one transaction. An event's key is unique only together with its instant, which chooses the month, and a repeat may bear
 * another one: posts that tell the same event take turns at a lock and look first. People are looked for under a lock of their hash,
 * which a contact that becomes known takes, too.
 */
export async function recordActivity(
  place: Place,
  locationId: string,
  { events, people, counts }: Post,
  now: string,
): Promise<ReadonlySet<string>> {
  return transaction(place, async (client) => {
    const here = clean(locationId);
    const hashes = people.flatMap((person) => person.hashes);
    const visitors = [...visitorsOf(people), ...visitorsOf(events.map(({ person }) => person))];
    const lock = (keys: readonly string[]) =>
      takeLocks(
        client,
        keys.map((key) => `activity:${here}:${key}`),
      );
    const [, , , , , , fresh] = await Promise.all([
      // In this order, here and in the trigger of leads: nobody waits for somebody who waits for him.
      lock(hashes),
      lock(visitors),
      // Sixteen at most for the events of a location, not one for each.
      lock(events.map(({ eventId }) => `event-${eventId[0] ?? ''}`)),
      knowPeople(client, here, people, now),
      matchLeads(client, here, people),
      hint(client, here, people),
      insertEvents(client, here, events),
      giveEarlier(client, here, people),
      count(client, here, counts, now),
    ]);
    return fresh;
  });
}

async function knowPeople(client: Client, here: string, people: readonly ActivityPerson[], now: string): Promise<void> {
  if (people.length === 0) return;
  await client.query({
    name: 'activity-people',
    text: `with given as (
        select distinct on (visitor) visitor, "contactId" from jsonb_to_recordset($2::jsonb) as g (visitor text, "contactId" text, place int)
        order by visitor, "contactId" is null, place desc
      )
      insert into activity_visitors as v (location_id, visitor, contact_id, seen_at)
      select $1, visitor, "contactId", $3 from given order by visitor
      on conflict (location_id, visitor) do update set contact_id = coalesce(excluded.contact_id, v.contact_id), seen_at = excluded.seen_at`,
    values: [here, toJsonb(people.map((person, place) => ({ ...person, place }))), instant(now)],
  });
}

/** An address that two contacts share says nothing about which of them it was. */
async function matchLeads(client: Client, here: string, people: readonly ActivityPerson[]): Promise<void> {
  const hashes = people.flatMap((person) => person.hashes);
  if (hashes.length === 0) return;
  await client.query({
    name: 'activity-match',
    text: `with found as (
        select contact_id, sms_hash as hash from leads where location_id = $1 and sms_hash = any($2::text[]) and deleted_at is null
        union
        select contact_id, email_hash from leads where location_id = $1 and email_hash = any($2::text[]) and deleted_at is null
      ), meant as (
        select visitor, min(contact_id) as contact_id
        from jsonb_to_recordset($3::jsonb) as given (visitor text, hashes text[]) join found on found.hash = any(given.hashes)
        group by visitor having count(distinct contact_id) = 1
      )
      update activity_visitors v set contact_id = meant.contact_id from meant
      where v.location_id = $1 and v.visitor = meant.visitor and v.contact_id is null`,
    values: [here, hashes, toJsonb(people)],
  });
}

/** As many visitors as may wait for the contact of one address. Whoever reads the page can name it; making the contact locks them all. */
const MOST_HINTS = 50;

/**
 * Whom a visitor said to be that nobody knows yet: under the lock of the address, so that the bound holds. What is known by the address alone
 * has its place always.
 */
async function hint(client: Client, here: string, people: readonly ActivityPerson[]): Promise<void> {
  if (people.every(({ hashes }) => hashes.length === 0)) return;
  await client.query({
    name: 'activity-hint',
    text: `insert into activity_hints (location_id, person_hash, visitor)
      select $1, hash, visitor from (
        select hash, visitor, row_number() over (partition by hash order by visitor <> $4 || hash, visitor) as place
        from (select distinct visitor, hash from jsonb_to_recordset($2::jsonb) as g (visitor text, hashes text[]), unnest(hashes) as hash) as said
          join activity_visitors v using (visitor)
        where v.location_id = $1 and v.contact_id is null
          and not exists (select from activity_hints h where h.location_id = $1 and h.person_hash = hash and h.visitor = said.visitor)
      ) as news
      where visitor = $4 || hash or place + (select count(*) from activity_hints h where h.location_id = $1 and h.person_hash = hash) <= $3
      on conflict do nothing`,
    values: [here, toJsonb(people), MOST_HINTS, BY_ADDRESS],
  });
}

async function insertEvents(
  client: Client,
  here: string,
  events: readonly ActivityEvent[],
): Promise<ReadonlySet<string>> {
  if (events.length === 0) return new Set();
  const given = events.map(({ person, ...event }) => ({ ...event, at: instant(event.at), ...person }));
  const { rows } = await client.query<{ eventId: string }>({
    name: 'activity-insert',
    text: `insert into analytics_events (location_id, event_id, at, type, visitor, contact_id, late, detail)
      select distinct on (g."eventId") $1, g."eventId", g.at, g.kind, g.visitor, coalesce(g."contactId", v.contact_id), g.late, g.detail
      from jsonb_to_recordset($2::jsonb)
          as g ("eventId" uuid, at timestamptz, kind text, visitor text, "contactId" text, late boolean, detail jsonb)
        left join activity_visitors v on v.location_id = $1 and v.visitor = g.visitor
      where not exists (select from analytics_events e where e.location_id = $1 and e.event_id = g."eventId")
      returning event_id as "eventId"`,
    values: [here, toJsonb(given)],
  });
  return new Set(rows.map(({ eventId }) => eventId));
}

/** What a visitor did before it was known who it is: the last 500 of it, as when a contact becomes known. */
async function giveEarlier(client: Client, here: string, people: readonly ActivityPerson[]): Promise<void> {
  if (people.length === 0) return;
  await client.query({
    name: 'activity-earlier',
    text: `update analytics_events e set contact_id = v.contact_id from activity_visitors v
        cross join lateral (
          select event_id, at from analytics_events
          where location_id = $1 and visitor = v.visitor and contact_id is null order by at desc limit 500
        ) as earlier
      where v.location_id = $1 and v.visitor = any($2::text[]) and v.contact_id is not null
        and e.location_id = $1 and e.event_id = earlier.event_id and e.at = earlier.at`,
    values: [here, visitorsOf(people)],
  });
}

async function count(client: Client, here: string, counts: Post['counts'], now: string): Promise<void> {
  const kinds = Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (kinds.length === 0) return;
  await client.query({
    name: 'activity-count',
    text: `insert into activity_counts as c (location_id, day, kind, events)
      select $1, $2, kind, events from unnest($3::text[], $4::bigint[]) as given (kind, events)
      on conflict (location_id, day, kind) do update set events = c.events + excluded.events`,
    values: [here, instant(now).slice(0, 10), kinds.map(([kind]) => kind), kinds.map(([, events]) => events)],
  });
}

function visitorsOf(people: readonly ActivityPerson[]): string[] {
  return people.flatMap(({ visitor }) => visitor ?? []);
}
