import { FAILURES_IN_A_ROW } from '../../domain/crm/email-stat.ts';
import type { Iso } from '../../domain/glossary.ts';
import type { CrmRecordStore } from '../../domain/ports/crm-records.ts';
import { personLocks, takeLocks } from './locks.ts';
import { type Client, type Place, transaction } from './pool.ts';
import { bearers, suppress } from './suppressions.ts';
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
  // A failure that passes may be the last of too many.
  const mayBar = stat.suppress !== null || stat.failure === 'temporary';
  return transaction(place, async (client) => {
    const [, stored] = await Promise.all([
      mayBar ? takeLocks(client, personLocks(locationId, [stat.recipientHash])) : undefined,
      store(client, locationId, stat, inboxId),
    ]);
    if (!mayBar || stored === 'twin') return { fresh: stored !== 'twin', contactIds: [] };
    const reason = stat.suppress ?? ((await failedTooOften(client, locationId, stat)) ? 'bounce' : null);
    if (reason === null) return { fresh: true, contactIds: [] };
    if (stored === 'new') {
      await suppress(client, {
        ...{ locationId, hashes: [stat.recipientHash], channels: ['email'], reason },
        ...{ inboxId: isUuid(inboxId) ? inboxId : null, at: instant(stat.at) },
      });
      await tell(client, locationId, stat.recipientHash, reason, inboxId, now);
    }
    return { fresh: true, contactIds: await bearers(client, locationId, stat.recipientHash) };
  });
}

/** Several e-mails to this address, none of which arrived: reports of one e-mail are tries of the vendor's and count once. */
async function failedTooOften(client: Client, locationId: string, { recipientHash }: Stat): Promise<boolean> {
  const { rows } = await client.query<{ mails: number }>({
    name: 'email-failures-in-a-row',
    text: `select count(distinct coalesce(message_id, event_key))::integer as mails from email_events
      where location_id = $1 and recipient_hash = $2 and failure = 'temporary'
        and at > coalesce((select max(a.at) from email_events a where a.location_id = $1 and a.recipient_hash = $2
          and a.event in ('delivered', 'opened', 'clicked')), '-infinity')`,
    values: [locationId, recipientHash],
  });
  return (rows[0]?.mails ?? 0) >= FAILURES_IN_A_ROW;
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
        insert into email_events (location_id, event_key, recipient_hash, event, message_id, code, at, inbox_id, failure)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
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
      stat.failure,
    ],
  });
  return rows[0]?.stored ?? 'twin';
}

const SAID = {
  bounce: 'The address does not take e-mails; no more of them go to it.',
  unsubscribe: 'The lead unsubscribed from e-mails; no more of them are sent.',
  complaint: 'The lead reported an e-mail as unwanted; no more of them are sent.',
} as const;

async function tell(
  client: Client,
  locationId: string,
  recipientHash: string,
  reason: keyof typeof SAID,
  inboxId: string,
  now: Iso,
): Promise<void> {
  await client.query({
    name: 'email-stat-tell',
    text: `insert into timeline (location_id, contact_id, at, kind, summary, refs)
      select l.location_id, l.contact_id, $3, 'event', $4, $5::jsonb from leads l
      where l.location_id = $1 and l.email_hash = $2 and l.deleted_at is null`,
    values: [locationId, recipientHash, instant(now), SAID[reason], toJsonb({ inboxId, type: 'LCEmailStats' })],
  });
}
