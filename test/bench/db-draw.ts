import type { Pool } from '../../integrations/postgres/pool.ts';
import { createDice, type Dice } from '../../sandbox/seed/random.ts';

interface LeadDraw {
  readonly locationId: string;
  readonly contactId: string;
  readonly stage: string;
  readonly tier: 'hot' | 'warm' | 'cold';
  readonly lastActivityAt: string;
}

interface SearchDraw {
  readonly locationId: string;
  readonly name: string;
  readonly phone: string | null;
  readonly email: string | null;
  readonly tags: readonly string[];
  readonly fields: Readonly<Record<string, unknown>>;
}

interface ListingDraw {
  readonly locationId: string;
  readonly listingKey: string;
  readonly city: string;
  readonly status: string;
  readonly propertyType: string;
  readonly price: number;
  readonly bedrooms: number | null;
  readonly latitude: number;
  readonly longitude: number;
}

interface RefDraw {
  readonly locationId: string;
  readonly contactId: string;
}

/** Rows of the seeded database that parameters are made of; half of each list is of the largest location. */
export interface Data {
  readonly largest: string;
  readonly dice: Dice;
  readonly leads: readonly LeadDraw[];
  readonly search: readonly SearchDraw[];
  readonly due: readonly { readonly locationId: string; readonly at: string }[];
  readonly messages: readonly (RefDraw & { readonly at: string; readonly body: string })[];
  /** Of these messages, in lower case; words that no search looks for, like "your", left out. */
  readonly words: ReadonlySet<string>;
  readonly unread: readonly RefDraw[];
  readonly listings: readonly ListingDraw[];
  readonly listingEvents: readonly { readonly locationId: string; readonly listingKey: string }[];
  readonly matches: readonly RefDraw[];
  readonly agents: readonly { readonly locationId: string; readonly agentId: string }[];
  readonly analytics: readonly { readonly locationId: string; readonly type: string; readonly at: string }[];
  readonly outbox: readonly (RefDraw & {
    readonly sendId: string;
    readonly at: string;
    readonly hashes: readonly string[];
  })[];
  readonly inbox: readonly (RefDraw & { readonly inboxId: string; readonly at: string })[];
  readonly timeline: readonly RefDraw[];
}

/**
 * Draws parameters. The same database and seed give the same ones.
 * @param each  rows of a list
 * @throws when the database has no leads
 */
export async function drawData(db: Pool, each: number, seed: number): Promise<Data> {
  const { rows: locations } = await db.query<{ id: string }>(
    'select location_id as id from leads group by 1 order by count(*) desc, 1 limit 1',
  );
  const largest = locations[0]?.id;
  if (largest === undefined) throw new Error('expected a seeded database, found no leads');
  const dice = createDice(seed).at('bench', 0);

  /** Rows by the hash of their key: as good as chance, and the same every time. A tenth of them is hashed where there are millions. */
  async function drawn<Row extends object>(
    table: string,
    key: string,
    columns: string,
    where = 'true',
  ): Promise<Row[]> {
    const shuffled = (side: string) => `(select ${columns} from ${table} where location_id ${side} $1 and (${where})
      order by md5(${key} || $2) limit $3)`;
    const { rows } = await db.query<Row>(`${shuffled('=')} union all ${shuffled('<>')}`, [
      largest,
      String(seed),
      each / 2,
    ]);
    return rows.toSorted(() => dice.unit() - 0.5);
  }

  const ref = 'location_id as "locationId", contact_id as "contactId"';
  const messages = await drawn<Data['messages'][number]>('messages', 'message_key', `${ref}, at, body`, `body <> ''`);
  return {
    largest,
    dice,
    leads: await drawn(
      'leads',
      'contact_id',
      `${ref}, stage, tier, last_activity_at as "lastActivityAt"`,
      'tier is not null and deleted_at is null',
    ),
    search: await drawn(
      'lead_search s',
      'contact_id',
      `location_id as "locationId", phone, email, tags, fields,
        (select l.name from leads l where l.location_id = s.location_id and l.contact_id = s.contact_id) as name`,
      `words <> '' and tags <> '{}' and fields <> '{}'`,
    ),
    due: await drawn('leads', 'contact_id', 'location_id as "locationId", next_at as at', 'next_at is not null'),
    messages,
    words: await searchable(
      db,
      messages.flatMap(({ body }) => wordsOf(body)),
    ),
    unread: await drawn('conversations', 'contact_id', ref, 'unread > 0'),
    listings: await drawn(
      'listings',
      'listing_key',
      `location_id as "locationId", listing_key as "listingKey", city, status, property_type as "propertyType",
        price::double precision as price, bedrooms, latitude, longitude`,
      'city is not null and price is not null and latitude is not null',
    ),
    listingEvents: await drawn(
      'listing_events',
      'listing_key || id',
      'location_id as "locationId", listing_key as "listingKey"',
    ),
    matches: await drawn('listing_matches', 'contact_id || listing_key', ref),
    agents: await drawn('coaching_sessions', 'session_id::text', 'location_id as "locationId", agent_id as "agentId"'),
    analytics: await drawn('analytics_events', 'event_id::text', 'location_id as "locationId", type, at'),
    outbox: await drawn(
      'outbox',
      'send_id::text',
      `${ref}, send_id as "sendId", person_hashes as hashes,
        (select max(sending_at) from outbox) + interval '1 minute' as at`,
      // A gate is passed now, not in the past. It writes for a send that waits for it, and for no other.
      `state <> 'claimed'`,
    ),
    inbox: await drawn(
      'inbox',
      'inbox_id::text',
      `${ref}, inbox_id as "inboxId", received_at as at`,
      'contact_id is not null',
    ),
    timeline: await drawn('timeline', 'contact_id || id', ref),
  };
}

export function wordsOf(body: string): string[] {
  return body.toLowerCase().match(/[a-z]{4,}/g) ?? [];
}

async function searchable(db: Pool, words: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ word: string }>(
    `select distinct word from unnest($1::text[]) as word where numnode(to_tsquery('english', word)) > 0 order by 1`,
    [words],
  );
  return new Set(rows.map(({ word }) => word));
}
