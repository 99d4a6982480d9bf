import { LEAST_EVENTS, type SendingTally } from '../../domain/consent/sending-health.ts';
import { countedMs } from '../../domain/consent/facts.ts';
import type { Iso } from '../../domain/glossary.ts';
import type { Client } from './pool.ts';
import { instant, toJsonb } from './values.ts';

export interface TallyOf {
  readonly locationId: string;
  readonly channel: 'sms' | 'email';
  readonly now: Iso;
  /** Is there a ramp whose segments count? Else they are not read. */
  readonly ramp: boolean;
}

/** How the location's sending on this channel did in the last 24 hours, and since a person last lifted a pause of it. Segments count a minute longer. */
export async function sendingTally(client: Client, { locationId, channel, now, ramp }: TallyOf): Promise<SendingTally> {
  const { rows } = await client.query<TallyRow>({
    name: `sending-tally-${channel}`,
    text: `with since as materialized (
        select greatest($2::timestamptz - interval '24 hours', (
          select max(s.lifted_at) from sending_pauses s where s.location_id = $1 and s.channel = '${channel}')) as at
      ), bad as materialized (${channel === 'sms' ? BAD_TEXTS : BAD_MAILS})
      select bad.*, case when greatest(failed, opted_out, complained) >= ${LEAST_EVENTS} then (${channel === 'sms' ? TEXTS : MAILS}) end as sent,
        (select jsonb_build_object('since', p.paused_at, 'why', p.why) from sending_pauses p
          where p.location_id = $1 and p.channel = '${channel}' and p.lifted_at is null) as paused,
        left_lately.*
      from bad cross join lateral (
        select coalesce(sum(h.segments), 0)::integer as segments, min(h.sending_at) as oldest_at from outbox h
        where $3 and h.location_id = $1 and h.channel = 'sms' and h.sending_at > $4
          and h.state in ('sending', 'sent', 'unknown', 'parked')
      ) as left_lately`,
    values: [locationId, instant(now), ramp && channel === 'sms', new Date(Date.parse(now) - countedMs)],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('a count without a row');
  return {
    paused: row.paused === null ? null : { since: instant(row.paused.since), why: row.paused.why },
    ...{ sent: row.sent, failed: row.failed, optedOut: row.opted_out, complained: row.complained },
    ...{ segments: row.segments, oldestAt: row.oldest_at },
  };
}

/** Remembers that the sending on this channel paused by itself; of two gates that find out at the same time one does. */
export async function keepPause(client: Client, of: TallyOf, why: string, tally: SendingTally): Promise<void> {
  await client.query({
    name: 'sending-pause',
    text: `insert into sending_pauses (location_id, channel, why, tally, paused_at) values ($1, $2, $3, $4, $5)
      on conflict (location_id, channel) where lifted_at is null do nothing`,
    values: [of.locationId, of.channel, why, toJsonb(tally), instant(of.now)],
  });
}

interface TallyRow {
  readonly failed: number;
  readonly opted_out: number;
  readonly complained: number;
  readonly sent: number | null;
  readonly paused: { readonly since: string; readonly why: string } | null;
  readonly segments: number;
  readonly oldest_at: Iso | null;
}

/** Whoever of the location sent them: carriers count by number. A person who opted out is one, whatever is stored under. */
const BAD_TEXTS = `
  select (select count(*)::integer from messages m, since where m.location_id = $1 and m.at > since.at
      and m.direction = 'outbound' and m.channel = 'sms' and m.status in ('failed', 'undelivered', 'opt_out')) as failed,
    (select count(distinct coalesce(s.inbox_id::text, s.person_hash))::integer from suppressions s, since
      where s.location_id = $1 and s.at > since.at and s.channel = 'sms' and s.reason = 'opt-out') as opted_out,
    0 as complained`;

const TEXTS = `select count(*)::integer from messages m, since
  where m.location_id = $1 and m.at > since.at and m.direction = 'outbound' and m.channel = 'sms'`;

/** An e-mail is its own id, or its one report where the vendor told none. */
const BAD_MAILS = `
  select count(distinct coalesce(e.message_id, e.event_key)) filter (where e.failure = 'address')::integer as failed,
    count(distinct coalesce(e.message_id, e.event_key)) filter (where e.event = 'unsubscribed')::integer as opted_out,
    count(distinct coalesce(e.message_id, e.event_key)) filter (where e.event in ('complained', 'spam'))::integer as complained
  from email_events e, since where e.location_id = $1 and e.at > since.at`;

const MAILS = `select count(distinct coalesce(e.message_id, e.event_key))::integer from email_events e, since
  where e.location_id = $1 and e.at > since.at and (e.event = 'delivered' or e.failure = 'address')`;
