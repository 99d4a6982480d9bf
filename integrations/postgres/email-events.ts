import { emailSuppressions } from '../../domain/crm/email-stat.ts';
import type { Iso } from '../../domain/glossary.ts';
import type { CrmRecordStore } from '../../domain/ports/crm-records.ts';
import { personLocks, takeLocks } from './locks.ts';
import { type Client, type Place, transaction } from './pool.ts';
import { clean, instant, isUuid, toJsonb } from './values.ts';

type Stat = Parameters<CrmRecordStore['keepEmailStat']>[1];

/**
 * Under the person's lock, which every gate takes: once this is committed no e-mail to that address goes out. Whose address it is does
 * not matter to the suppression; leads that bear it hear of it on their timelines.
 */
export async function keepEmailStat(
  place: Place,
  locationId: string,
  stat: Stat,
  inboxId: string,
  now: Iso,
): ReturnType<CrmRecordStore['keepEmailStat']> {
  return transaction(place, async (client) => {
    const [, stored] = await Promise.all([
      stat.suppress === null ? undefined : takeLocks(client, personLocks(locationId, [stat.recipientHash])),
      store(client, locationId, stat, inboxId),
    ]);
    if (stat.suppress === null || stored === 'twin') return { fresh: stored !== 'twin', contactIds: [] };
    if (stored === 'new') {
      await suppress(client, locationId, stat, inboxId);
      await tell(client, locationId, stat, inboxId, now);
    }
    return { fresh: true, contactIds: await bearers(client, locationId, stat.recipientHash) };
  });
}

/** `again`: this very event has stored it before, and whoever worked it may have died over the rest. */
async function store(
  client: Client,
  locationId: string,
  stat: Stat,
  inboxId: string,
): Promise<'new' | 'again' | 'twin'> {
  const { rows } = await client.query<{ stored: 'new' | 'again' | 'twin' }>({
    name: 'email-event',
    text: `with fresh as (
        insert into email_events (location_id, event_key, recipient_hash, event, message_id, code, at, inbox_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (location_id, event_key) do nothing returning event_key
      )
      select case
        when exists (select from fresh) then 'new'
        when exists (select from email_events where location_id = $1 and event_key = $2 and inbox_id = $8) then 'again'
        else 'twin' end as stored`,
    values: [
      locationId,
      // Two recipients of one mail are two reports.
      `${clean(stat.key)} ${stat.recipientHash}`,
      stat.recipientHash,
      clean(stat.event),
      stat.messageId === null ? null : clean(stat.messageId),
      stat.code,
      instant(stat.at),
      isUuid(inboxId) ? inboxId : null,
    ],
  });
  return rows[0]?.stored ?? 'twin';
}

async function bearers(client: Client, locationId: string, recipientHash: string): Promise<string[]> {
  const { rows } = await client.query<{ contactId: string }>({
    name: 'email-stat-bearers',
    text: `select contact_id as "contactId" from leads where location_id = $1 and email_hash = $2 and deleted_at is null order by 1`,
    values: [locationId, recipientHash],
  });
  return rows.map(({ contactId }) => contactId);
}

/** The strongest reason stands, in whatever order they come. One that the person cannot lift replaces one that was lifted. */
async function suppress(client: Client, locationId: string, stat: Stat, inboxId: string): Promise<void> {
  await client.query({
    name: 'email-suppress',
    text: `insert into suppressions as s (location_id, person_hash, channel, reason, inbox_id, at)
      values ($1, $2, 'email', $3, $4, $5)
      on conflict (location_id, person_hash, channel) do update set
        reason = case when coalesce(array_position($6::text[], s.reason), 0) < array_position($6::text[], excluded.reason)
          then excluded.reason else s.reason end,
        inbox_id = case when excluded.at >= s.at then excluded.inbox_id else s.inbox_id end,
        at = greatest(s.at, excluded.at),
        lifted_at = null`,
    values: [
      locationId,
      stat.recipientHash,
      stat.suppress,
      isUuid(inboxId) ? inboxId : null,
      instant(stat.at),
      [...emailSuppressions],
    ],
  });
}

const SAID: Readonly<Record<NonNullable<Stat['suppress']>, string>> = {
  bounce: 'An e-mail could not be delivered for good; no more e-mails go to this address.',
  unsubscribe: 'The lead unsubscribed from e-mails; no more of them are sent.',
  complaint: 'The lead reported an e-mail as unwanted; no more of them are sent.',
};

async function tell(client: Client, locationId: string, stat: Stat, inboxId: string, now: Iso): Promise<void> {
  await client.query({
    name: 'email-stat-tell',
    text: `insert into timeline (location_id, contact_id, at, kind, summary, refs)
      select l.location_id, l.contact_id, $3, 'event', $4, $5::jsonb from leads l
      where l.location_id = $1 and l.email_hash = $2 and l.deleted_at is null`,
    values: [
      locationId,
      stat.recipientHash,
      instant(now),
      stat.suppress === null ? '' : SAID[stat.suppress],
      toJsonb({ inboxId, type: 'LCEmailStats' }),
    ],
  });
}
