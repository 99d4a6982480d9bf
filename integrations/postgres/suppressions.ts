import type { Suppression, SuppressionReason } from '../../domain/consent/suppression.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { SuppressionStore } from '../../domain/ports/suppressions.ts';
import { type Place, type Runner, stored } from './pool.ts';
import type { Tenants } from './tenants.ts';
import { clean } from './values.ts';

/** Suppressions in Postgres; see `SuppressionStore` for what each function promises. */
export function createSuppressionStore(tenants: Tenants): SuppressionStore {
  return {
    ofLead: (ref) => stored(() => ofLead(tenants.at(ref.locationId), ref)),
    holding: (locationId, personHash, channel) =>
      stored(() => holding(tenants.at(locationId), locationId, personHash, channel)),
    bearers: (locationId, personHash) => stored(() => bearers(tenants.at(locationId), locationId, personHash)),
  };
}

/** Stands in for a person whose address we do not know yet: an opt-out must hold from its first moment. */
export function contactKey(contactId: string): string {
  return `contact:${contactId}`;
}

/** Hashes of the addresses that the lead was last known by. */
export async function storedHashes(runner: Runner, ref: LeadRef): Promise<string[]> {
  const { rows } = await runner.query<{ sms_hash: string | null; email_hash: string | null }>({
    name: 'stored-hashes',
    text: 'select sms_hash, email_hash from leads where location_id = $1 and contact_id = $2',
    values: [ref.locationId, ref.contactId],
  });
  return [rows[0]?.sms_hash, rows[0]?.email_hash].filter((hash) => hash !== undefined && hash !== null);
}

export interface SuppressionChange {
  readonly locationId: string;
  readonly hashes: readonly string[];
  readonly channels: readonly ('sms' | 'email')[];
  /** Absent: the person's own word in a message. */
  readonly reason?: SuppressionReason;
  /** Null: of an event that is not known any more. */
  readonly inboxId: string | null;
  /** When it was said, by the vendor's clock: what was said last holds, whatever arrives last. */
  readonly at: string;
}

/** The reason where nobody names one. */
const OWN_WORD: SuppressionReason = 'opt-out';

/** Under the locks of the persons, which the caller holds. Other reasons stay as they are. */
export async function suppress(runner: Runner, change: SuppressionChange): Promise<void> {
  const { locationId, hashes, channels, reason = OWN_WORD, inboxId, at } = change;
  await runner.query({
    name: 'suppress',
    text: `insert into suppressions as s (location_id, person_hash, channel, reason, inbox_id, at)
      select $1, hash, channel, $6, $4, $5
      from unnest($2::text[]) as hash cross join unnest($3::text[]) as channel
      on conflict (location_id, person_hash, channel, reason) do update set
        at = greatest(s.at, excluded.at),
        inbox_id = case when excluded.at >= s.at then excluded.inbox_id else s.inbox_id end,
        lifted_at = case when s.lifted_at <= excluded.at then null else s.lifted_at end`,
    values: [locationId, hashes, channels, inboxId, at, reason],
  });
}

/** Lifts this one reason; a bounce is not lifted by a START, nor a complaint by anything. */
export async function release(runner: Runner, change: SuppressionChange): Promise<void> {
  await runner.query({
    name: 'release',
    text: `update suppressions set lifted_at = $4
      where location_id = $1 and person_hash = any($2::text[]) and channel = any($3::text[]) and reason = $5
        and lifted_at is null and at < $4`,
    values: [change.locationId, change.hashes, change.channels, change.at, change.reason ?? OWN_WORD],
  });
}

/** What a lead's suppressions are stored under, as a relation `k (key, of)`; parameters 1 and 2: location, contact. */
const KEYS = `(select 'contact:' || $2::text as key, 'contact' as of
    union all select l.sms_hash, 'phone' from leads l where l.location_id = $1 and l.contact_id = $2
    union all select l.email_hash, 'email' from leads l where l.location_id = $1 and l.contact_id = $2) as k`;

async function ofLead(place: Place, { locationId, contactId }: LeadRef): Promise<Suppression[]> {
  const { rows } = await place.query<Suppression>({
    name: 'suppressions-of-lead',
    text: `select s.channel, s.reason, s.at as since, s.lifted_at as "liftedAt", k.of, s.inbox_id as "inboxId"
      from ${KEYS} join suppressions s on s.location_id = $1 and s.person_hash = k.key
      order by s.at desc, s.channel, s.reason, k.of`,
    values: [clean(locationId), clean(contactId)],
  });
  return rows;
}

async function holding(
  place: Place,
  locationId: string,
  personHash: string,
  channel: 'sms' | 'email',
): Promise<SuppressionReason[]> {
  const { rows } = await place.query<{ reason: SuppressionReason }>({
    name: 'suppressions-holding',
    text: `select reason from suppressions
      where location_id = $1 and person_hash = $2 and channel = $3 and lifted_at is null order by reason`,
    values: [clean(locationId), clean(personHash), channel],
  });
  return rows.map(({ reason }) => reason);
}

/** Contacts of the location that bear this number or address. */
export async function bearers(runner: Runner, locationId: string, personHash: string): Promise<string[]> {
  const { rows } = await runner.query<{ contactId: string }>({
    name: 'suppression-bearers',
    text: `select contact_id as "contactId" from leads where location_id = $1 and sms_hash = $2 and deleted_at is null
      union select contact_id from leads where location_id = $1 and email_hash = $2 and deleted_at is null order by 1`,
    values: [clean(locationId), clean(personHash)],
  });
  return rows.map(({ contactId }) => contactId);
}
