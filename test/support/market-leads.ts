import type { ContactSnapshot } from '../../domain/leads/contact.ts';
import type { Qualification } from '../../domain/leads/lead.ts';
import { wishesOf } from '../../domain/market/wishes.ts';
import { placeNames, wishHash } from '../../integrations/postgres/lead-wishes.ts';
import type { MarketWorld } from './market-world.ts';

/** A lead that has said what it looks for, of which no workflow runs. */
export interface LookingLead {
  readonly contactId: string;
  /** Absent: anywhere. */
  readonly city?: string;
  /** The most that it may cost, in dollars. */
  readonly budget: number;
  /** `3 bed, condo`. */
  readonly home?: string;
  /** What the CRM has told of it; absent: nothing yet. */
  readonly snapshot?: ContactSnapshot;
}

/** Writes leads and what they look for, as the product keeps both. */
export async function storeLeads(
  { sql }: Pick<MarketWorld, 'sql'>,
  locationId: string,
  leads: readonly LookingLead[],
): Promise<void> {
  for (let from = 0; from < leads.length; from += 10_000) {
    await sql(STORE, [locationId, JSON.stringify(leads.slice(from, from + 10_000).map(rowOf))]);
  }
  await sql('analyze leads, lead_wishes, lead_wish_places');
}

function rowOf({ contactId, city, budget, home, snapshot }: LookingLead) {
  const said = { at: '2026-01-05T10:00:00.000Z', from: 'a text' };
  const qualification: Qualification = {
    ...(city === undefined ? {} : { location: { ...said, value: city } }),
    budget: { ...said, value: budget },
    ...(home === undefined ? {} : { property: { ...said, value: home } }),
  };
  const wishes = wishesOf(qualification, false)!;
  const { cities, kinds, priceTo, minBedrooms, stated } = wishes;
  return {
    ...{ contactId, qualification, snapshot, cities, kinds, priceTo, minBedrooms, stated },
    ...{ hash: wishHash(wishes), names: placeNames(wishes) },
  };
}

const STORE = `
with given as (select * from jsonb_to_recordset($2::jsonb) as g ("contactId" text, qualification jsonb, snapshot jsonb, cities text[], kinds text[],
    "priceTo" numeric, "minBedrooms" numeric, stated jsonb, hash text, names text[])),
  led as (insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, activated_at, qualification,
      snapshot, snapshot_at)
    select $1, "contactId", now() - interval '9 days', now() - interval '9 days', now() - interval '9 days', now() - interval '9 days', qualification,
      snapshot, case when snapshot is not null then now() - interval '9 days' end
    from given),
  kept as (insert into lead_wishes (location_id, contact_id, cities, property_types, price_to, min_bedrooms, stated, wish_hash, changed_at, matched_at)
    select $1, "contactId", cities, kinds, "priceTo", "minBedrooms", stated, hash, now(), now() from given)
insert into lead_wish_places (location_id, place, most_cents, contact_id)
select $1, place, ("priceTo" * 100)::bigint, "contactId" from given cross join lateral unnest(names) as place`;
