import { emailSuppressions } from '../../domain/crm/email-stat.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { Runner } from './pool.ts';

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
  readonly inboxId: string;
  /** When the person said so, by the vendor's clock: what was said last holds, whatever arrives last. */
  readonly at: string;
}

export async function suppress(runner: Runner, change: SuppressionChange): Promise<void> {
  await runner.query({
    name: 'suppress',
    text: `insert into suppressions (location_id, person_hash, channel, reason, inbox_id, at)
      select $1, hash, channel, 'opt-out', $4, $5
      from unnest($2::text[]) as hash cross join unnest($3::text[]) as channel
      on conflict (location_id, person_hash, channel) do update set
        at = greatest(suppressions.at, excluded.at),
        inbox_id = case when excluded.at >= suppressions.at then excluded.inbox_id else suppressions.inbox_id end,
        lifted_at = case when suppressions.lifted_at <= excluded.at then null else suppressions.lifted_at end`,
    values: [change.locationId, change.hashes, change.channels, change.inboxId, change.at],
  });
}

/** What was not an opt-out of the person's own is not lifted by an opt-in: a complaint, an address that does not exist. */
export async function release(runner: Runner, change: SuppressionChange): Promise<void> {
  await runner.query({
    name: 'release',
    text: `update suppressions set lifted_at = $4
      where location_id = $1 and person_hash = any($2::text[]) and channel = any($3::text[]) and lifted_at is null and at < $4
        and reason <> all($5::text[])`,
    values: [change.locationId, change.hashes, change.channels, change.at, [...emailSuppressions]],
  });
}
