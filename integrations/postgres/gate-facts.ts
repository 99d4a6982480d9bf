import { countedMs } from '../../domain/consent/facts.ts';
import { offStatuses } from '../../domain/follow-up/facts.ts';
import type { Channel, Iso, LeadRef, LeadState, Purpose } from '../../domain/glossary.ts';
import { STATUS } from './house-switch.ts';
import { OPEN_STATES } from './open-states.ts';
import { ALERTS_TOLD_ELSEWHERE } from './market-alerts-sent.ts';
import type { Client } from './pool.ts';
import { contactKey } from './suppressions.ts';
import { instant } from './values.ts';

/** What our own store knows of a send, in one statement. */
export interface FactRow {
  readonly state: string;
  readonly channel: Channel;
  readonly purpose: Purpose | 'task';
  readonly of_step: boolean;
  readonly suppressed: boolean;
  readonly count: number;
  readonly oldest_at: Iso | null;
  readonly lead_state: LeadState | null;
  /** The state of another contact of the person that a human works; null: there is none. */
  readonly elsewhere: 'paused' | 'taken-over' | null;
  readonly location_status: 'active' | 'paused' | 'parked' | 'uninstalled' | null;
  readonly settings: Readonly<Record<string, unknown>> | null;
  readonly unworked: number;
  readonly wanted: boolean;
  readonly enrolment_paused: boolean;
  /** When what the enrolment is about begins. */
  readonly event_at: Iso | null;
  /** By what another contact of the person has ended this sequence. */
  readonly exit_elsewhere: 'reply' | 'booking' | null;
  /**
   * The same step of the same sequence went to the person within a day, by this contact or another one of theirs. Of a message about homes:
   * another contact of theirs was told all of its news.
   */
  readonly told: boolean;
  readonly calls: boolean;
  /** Name of the location; null: it is not stored. */
  readonly sender: string | null;
  readonly first_text: boolean;
  readonly wrote_at: Iso | null;
  /** This send's last verdicts, newest first: did a read fail? Those of reads that were put off until a time that was told are left out. */
  readonly lately_unread: readonly boolean[];
}

export async function readFacts(
  client: Client,
  { sendId, ref, personHashes, now }: { sendId: string; ref: LeadRef; personHashes: readonly string[]; now: Iso },
): Promise<FactRow | undefined> {
  const { rows } = await client.query<FactRow>({
    name: 'gate-facts',
    text: FACTS,
    values: [
      ref.locationId,
      ref.contactId,
      sendId,
      personHashes,
      new Date(Date.parse(now) - countedMs),
      contactKey(ref.contactId),
      instant(now),
      offStatuses,
    ],
  });
  return rows[0];
}

/** What counts of another contact that bears one of the person's addresses. */
const OTHER = `d.contact_id, d.deleted_at is null as there, d.state, d.last_inbound_at, d.snapshot -> 'dnd' = 'true' as dnd,
    d.snapshot -> 'dndChannels' ->> 'sms' = 'on' as dnd_sms, d.snapshot -> 'dndChannels' ->> 'email' = 'on' as dnd_email
  from leads d where d.location_id = $1 and d.contact_id <> $2`;

/** A send counts from the moment it may have left. */
const MAY_HAVE_LEFT = `('sending', 'sent', 'recorded', 'unknown', 'parked')`;

/** Texts and e-mails that went to one of the person's addresses, by an index for each of the two places of an address. */
const SENT_TO_PERSON = `h.send_id, h.contact_id, h.enrolment_id, h.step_key, h.channel, h.purpose, h.state, h.sending_at from outbox h
    where h.location_id = $1 and h.sending_at is not null and h.channel in ('sms', 'email')`;

/**
 * A message that somebody of the team wrote by hand binds from its receipt, like what the lead itself wrote. Inside a JSON string the
 * quotes of the pattern would be escaped, so nobody can write words that match it.
 * Do-not-disturb of another contact with one of the addresses is the same person's.
 * A send counts from the moment it may have left: `parked` and `unknown` ones too, unless they never reached `sending`.
 * So does what GHL's own workflows, bulk sends and campaigns sent to any contact that bears one of the person's addresses; nobody says what
 * it was for, so it counts as a solicitation. What failed has reached nobody, and our own sends are counted as such.
 * Until it is worked it is not counted, and so it holds the gate of whomever it will count against. So does what another contact of the
 * person has written or has had blocked, which may turn out to be a doubtful opt-out, and what somebody of the team wrote to it: these are
 * the person's. So is a human who works another contact, and what ends a sequence by its exits: a reply, an appointment that is to come.
 * `min` of the two states is the stricter one.
 * Of several additions to one workflow that wait together the last one left goes out: the others would start it again in the same breath.
 */
const FACTS = `
with mine as materialized (
  select ${SENT_TO_PERSON} and h.person_hashes[1] = any($4::text[])
  union select ${SENT_TO_PERSON} and h.person_hashes[2] = any($4::text[])
), other as materialized (
  select ${OTHER} and d.sms_hash = any($4::text[]) union select ${OTHER} and d.email_hash = any($4::text[])
)
select o.state, o.channel, o.purpose, o.enrolment_id is not null as of_step, coalesce((o.content -> 'call')::boolean, false) as calls,
  p.name as sender, not exists (select from mine where mine.channel = 'sms' and mine.state = 'sent' and mine.send_id <> $3) as first_text,
  (select max(m.at) from messages m
    where m.location_id = $1 and m.contact_id = $2 and m.direction = 'inbound' and m.channel = o.channel) as wrote_at,
  exists (
    select from suppressions s
    where s.location_id = $1 and s.person_hash = any($4::text[] || $6::text) and (s.channel = o.channel or o.channel = 'ghl-workflow')
      and s.lifted_at is null
  ) or exists (
    select from other where there and (dnd or dnd_sms and o.channel <> 'email' or dnd_email and o.channel <> 'sms')
  ) as suppressed,
  sent.count + others.count as count, least(sent.oldest_at, others.oldest_at) as oldest_at,
  l.state as lead_state, (select min(other.state) from other where there and other.state in ('paused', 'taken-over')) as elsewhere,
  case when ${STATUS} = 'active' and p.parked_reason is not null then 'parked' else ${STATUS} end as location_status, p.settings,
  (select count(*)::integer from inbox i
    where i.location_id = $1 and i.contact_id = $2 and i.worked_at is null
      and (i.kind in ('message.inbound', 'contact.dnd', 'contact.deleted')
        or (o.enrolment_id is not null and i.kind in ('appointment', 'opportunity'))
        or (i.kind = 'message.outbound' and convert_from(i.body, 'UTF8') ~ '"source"\\s*:\\s*"(app|workflow|bulk_actions|campaign)"')))
    + (select count(*)::integer from other join inbox i on i.location_id = $1 and i.contact_id = other.contact_id
      where o.purpose = 'solicitation' and o.channel in ('sms', 'email', 'ghl-workflow') and i.worked_at is null
        and (i.kind in ('message.inbound', 'contact.dnd') or (i.kind = 'message.outbound'
          and convert_from(i.body, 'UTF8') ~ '"source"\\s*:\\s*"(app|workflow|bulk_actions|campaign)"'))) as unworked,
  e.paused_at is not null as enrolment_paused, e.event_at,
  (o.enrolment_id is null or coalesce(e.status = 'active' and (o.step_key is null or not e.done ? o.step_key), false))
    and case o.channel
      when 'ghl-workflow' then (o.enrolment_id is not null or coalesce(l.plan -> 'workflows' ? (o.content ->> 'target'), false)) and not exists (
        select from outbox x
        where x.location_id = $1 and x.contact_id = $2 and x.send_id <> $3 and x.channel = 'ghl-workflow'
          and x.content ->> 'target' = o.content ->> 'target'
          and x.state in ${OPEN_STATES})
      when 'opportunity' then coalesce(l.plan -> 'opportunity' ->> 'pipelineId' = o.content ->> 'target', false)
      else true end as wanted,
  case when e.document ->> 'track' = 'market' then ${ALERTS_TOLD_ELSEWHERE} else exists (
    select from mine h
      join enrolments twin on twin.location_id = $1 and twin.contact_id = h.contact_id and twin.enrolment_id = h.enrolment_id
    where h.send_id <> $3 and h.channel = o.channel and h.step_key = o.step_key and twin.sequence_key = e.sequence_key
      and twin.event_id is not distinct from e.event_id and h.sending_at > $5::timestamptz
      and h.state in ${MAY_HAVE_LEFT}) end as told,
  case
    when e.document -> 'exits' ? 'reply' and exists (select from other where other.last_inbound_at >= e.enrolled_at) then 'reply'
    when e.document -> 'exits' ? 'booking' and exists (
      select from other join appointments a on a.location_id = $1 and a.contact_id = other.contact_id
      where a.deleted_at is null and a.starts_at > $7::timestamptz and lower(coalesce(a.status, '')) <> all($8::text[])) then 'booking'
  end as exit_elsewhere,
  array(select v.verdict ? 'unread' from gate_verdicts v
    where v.location_id = $1 and v.contact_id = $2 and v.send_id = $3 and not v.verdict ? 'readableAt'
    order by v.id desc limit 2) as lately_unread
from outbox o
  left join leads l on l.location_id = o.location_id and l.contact_id = o.contact_id
  left join locations p on p.location_id = o.location_id
  left join enrolments e on e.location_id = o.location_id and e.contact_id = o.contact_id and e.enrolment_id = o.enrolment_id
  cross join lateral (
    select count(*)::integer as count, min(h.sending_at) as oldest_at from mine h
    where h.sending_at > $5::timestamptz and h.purpose = o.purpose
      and h.state in ${MAY_HAVE_LEFT}
  ) as sent
  cross join lateral (
    select count(*)::integer as count, min(m.at) as oldest_at
    from (
      select $2::text as contact_id union all select other.contact_id from other
    ) as person
      join messages m on m.location_id = $1 and m.contact_id = person.contact_id
    where o.purpose = 'solicitation' and o.channel in ('sms', 'email') and m.at > $5::timestamptz
      and m.direction = 'outbound' and m.channel in ('sms', 'email') and m.origin in ('workflow', 'bulk_actions', 'campaign')
      and coalesce(m.status, '') not in ('failed', 'undelivered', 'opt_out')
      and not exists (
        select from outbox x where x.location_id = $1 and x.contact_id = m.contact_id and x.vendor_id = m.message_key)
  ) as others
where o.location_id = $1 and o.contact_id = $2 and o.send_id = $3
for update of o`;
