import type { TestDatabase } from './database.ts';
import { createRandom } from '../../domain/scoring/trainer/random.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The instant as of which a made-up team trains, and the days before and after it. */
export const TRAINED_AT = '2026-06-01T00:00:00.000Z';
export function daysFrom(days: number): string {
  return new Date(Date.parse(TRAINED_AT) + days * DAY_MS).toISOString();
}

export interface TeamLead {
  readonly contactId: string;
  readonly createdAt: string;
  readonly smsHash: string | null;
  readonly timeline: string;
  readonly budget: number | null;
  readonly texts: number;
  readonly status: string;
  readonly closedAt: string;
}

/**
 * Stores a made-up team whose leads came in evenly, the last of them `lastDaysAgo`, each with what was said within its first hours. Who wrote
 * more texts of their own and has a larger budget is won more often; `signal` 0: nobody is. After its first two days
 * a deal is closed as soon at any age, so that how long it has been open tells nothing. Every twentieth contact has the number of the
 * one before. Numbers of a test, and no measurement of anything.
 */
export async function storeClosedTeam(
  db: TestDatabase,
  locationId: string,
  made: { readonly leads: number; readonly seed: number; readonly signal: number; readonly lastDaysAgo?: number },
): Promise<readonly TeamLead[]> {
  const leads = madeUp(made);
  const rows = JSON.stringify(leads);
  await db.pool.query(
    `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, sms_hash, snapshot, qualification)
     select $1, "contactId", "createdAt", "createdAt", "createdAt", "smsHash", '{"firstName": "Ann", "city": "Here", "source": "paid"}',
       jsonb_strip_nulls(jsonb_build_object('timeline', jsonb_build_object('value', timeline, 'at', "createdAt", 'from', 'x'),
         'budget', case when budget is not null then jsonb_build_object('value', budget, 'at', "createdAt", 'from', 'x') end))
     from jsonb_to_recordset($2::jsonb) as l ("contactId" text, "createdAt" timestamptz, "smsHash" text, timeline text, budget numeric)`,
    [locationId, rows],
  );
  await db.pool.query(
    `insert into messages (location_id, contact_id, message_key, direction, channel, body, at)
     select $1, "contactId", 'text-' || n, 'inbound', 'sms', 'Hello', "createdAt" + make_interval(hours => n)
     from jsonb_to_recordset($2::jsonb) as l ("contactId" text, "createdAt" timestamptz, texts integer), generate_series(1, texts) as n`,
    [locationId, rows],
  );
  await db.pool.query(
    `insert into opportunities (location_id, contact_id, opportunity_id, status, facts_at, known_at)
     select $1, "contactId", 'deal of ' || "contactId", status, jsonb_build_object('status', '~' || "closedAt"), $3
     from jsonb_to_recordset($2::jsonb) as l ("contactId" text, status text, "closedAt" text)`,
    [locationId, rows, TRAINED_AT],
  );
  return leads;
}

function madeUp({ leads, seed, signal, lastDaysAgo = 241 }: Parameters<typeof storeClosedTeam>[2]): TeamLead[] {
  const random = createRandom(seed);
  const last = Date.parse(TRAINED_AT) - lastDaysAgo * DAY_MS;
  return Array.from({ length: leads }, (_, i) => {
    const createdAt = last - (leads - 1 - i) * 8 * HOUR_MS;
    const texts = random.below(6);
    const budget = random.next() < 0.4 ? null : 200_000 + 50_000 * random.below(10);
    const rich = budget === null ? 0 : (budget - 425_000) / 150_000;
    const won = random.next() < 1 / (1 + Math.exp(1 - signal * (texts - 2.5 + rich)));
    const days = 2 - 60 * Math.log(1 - random.next());
    const closedAt = new Date(createdAt + days * DAY_MS).toISOString();
    return {
      contactId: `lead-${String(i).padStart(5, '0')}`,
      createdAt: new Date(createdAt).toISOString(),
      smsHash: i % 20 < 2 ? `number-${Math.floor(i / 20)}` : null,
      timeline: ['ASAP', '3-6 months', 'just looking'][random.below(3)]!,
      ...{ budget, texts },
      status: closedAt > TRAINED_AT ? 'open' : won ? 'won' : ['lost', 'abandoned'][random.below(2)]!,
      closedAt,
    };
  });
}
