import type { SequenceDocument } from '../../domain/follow-up/sequence.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { TimelineEntry } from '../../domain/leads/lead.ts';
import type { DecisionRecord } from '../../domain/ports/leads.ts';
import type { OutboxDraft } from '../../domain/ports/outbox.ts';
import type { MessageFact } from '../../domain/webhooks/event.ts';
import { automatic, statusesByRank, waitingStatuses } from '../../domain/webhooks/message-status.ts';
import type { Runner } from './pool.ts';
import { clean, instant, isUuid, toJsonb } from './values.ts';

/**
 * A message is known by its key: the vendor reports one again as its delivery goes on, often without its text. A message without an
 * id is known by its event. Reports come in any order: a status moves on by its rank only, one that we do not know by its letters.
 * What the CRM sends by itself may bear the time at which it was planned: it counts since it was last told about before it left.
 */
export async function storeMessage(
  runner: Runner,
  ref: LeadRef,
  message: MessageFact,
  event: { readonly inboxId: string; readonly human: boolean; readonly eventAt: string },
): Promise<void> {
  await runner.query({
    name: 'store-message',
    text: `insert into messages as m (location_id, contact_id, message_key, inbox_id, direction, channel, body, status, origin, human, at, user_id)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
      on conflict (location_id, contact_id, message_key) do update set
        body = case when excluded.body = '' then m.body else excluded.body end,
        status = case
          when m.status is null or coalesce(array_position($13::text[], excluded.status), 0) > coalesce(array_position($13::text[], m.status), 0)
            or (array_position($13::text[], excluded.status) is null and array_position($13::text[], m.status) is null
              and excluded.status > m.status)
          then coalesce(excluded.status, m.status) else m.status end,
        at = case when excluded.origin = any($14::text[]) and (m.status is null or m.status = any($15::text[]))
          then greatest(m.at, excluded.at) else m.at end,
        user_id = coalesce(m.user_id, excluded.user_id),
        origin = coalesce(excluded.origin, m.origin),
        human = m.human or excluded.human`,
    values: [
      ref.locationId,
      ref.contactId,
      message.messageId === undefined ? `inbox:${event.inboxId}` : clean(message.messageId),
      event.inboxId,
      message.direction,
      message.channel,
      clean(message.body),
      message.status === undefined ? null : clean(message.status),
      message.origin === undefined ? null : clean(message.origin),
      event.human,
      instant(timeOf(message, event.eventAt)),
      message.userId === undefined ? null : clean(message.userId),
      [...statusesByRank],
      [...automatic],
      [...waitingStatuses],
    ],
  });
}

function timeOf({ at, origin }: MessageFact, eventAt: string): string {
  if (at === undefined) return eventAt;
  return automatic.includes(origin ?? '') && Date.parse(eventAt) > Date.parse(at) ? eventAt : at;
}

/**
 * What one event shows of consent. A tag grants only where nothing is stored yet or what is stored rests on a tag, and a tag that is
 * gone withdraws only what rests on it: what a person has said by other ways is not the tags' to change.
 */
export async function storeConsents(
  runner: Runner,
  ref: LeadRef,
  consents: DecisionRecord['consents'],
  event: { readonly inboxId: string; readonly now: string },
): Promise<void> {
  await runner.query({
    name: 'store-consents',
    text: CONSENTS,
    values: [ref.locationId, ref.contactId, toJsonb(consents), event.now, event.inboxId],
  });
}

const CONSENTS = `
with given as (
  select * from jsonb_to_recordset($3::jsonb) as given (channel text, state text, basis text)
), withdrawn as (
  update consents c set state = 'withdrawn', since = $4 from given
  where given.state = 'gone' and c.location_id = $1 and c.contact_id = $2 and c.channel = given.channel
    and c.state = 'granted' and lower(c.basis) = lower(given.basis)
  returning c.channel, c.basis
), told as (
  insert into timeline (location_id, contact_id, at, kind, summary, refs)
  select $1, $2, $4, 'decision',
    format('Consent for %s is withdrawn: the tag %s, which recorded it, is gone.',
      case channel when 'sms' then 'SMS' else 'e-mail' end, substr(basis, 5)),
    jsonb_build_object('inboxId', $5::text, 'channel', channel, 'basis', basis)
  from withdrawn
)
insert into consents as c (location_id, contact_id, channel, state, basis, since)
select $1, $2, channel, state, basis, $4 from given where state <> 'gone'
on conflict (location_id, contact_id, channel) do update set
  basis = excluded.basis, state = excluded.state,
  since = case when c.state = excluded.state then c.since else excluded.since end
where (c.state, c.basis) is distinct from (excluded.state, excluded.basis)
  and (excluded.basis not like 'tag:%' or c.basis like 'tag:%')`;

/** Ends enrolments and cancels what they had claimed; a send that may be on its way is left to be settled. */
export async function end(
  runner: Runner,
  ref: LeadRef,
  ended: readonly { readonly enrolmentId: string; readonly reason: string }[],
  now: string,
): Promise<void> {
  await runner.query({
    name: 'end-enrolments',
    text: `with ended as (
        update enrolments e set status = 'ended', ended_reason = given.reason, ended_at = $4, not_before = null
        from jsonb_to_recordset($3::jsonb) as given (enrolment_id uuid, reason text)
        where e.location_id = $1 and e.contact_id = $2 and e.enrolment_id = given.enrolment_id and e.status = 'active'
        returning e.enrolment_id, e.ended_reason
      )
      update outbox o set state = 'cancelled', reason = 'enrolment ended: ' || ended.ended_reason, settled_at = $4, check_at = null
      from ended
      where o.location_id = $1 and o.contact_id = $2 and o.enrolment_id = ended.enrolment_id and o.state in ('claimed', 'not-sent')`,
    values: [
      ref.locationId,
      ref.contactId,
      toJsonb(
        ended
          .filter((one) => isUuid(one.enrolmentId))
          .map((one) => ({ enrolment_id: one.enrolmentId, reason: one.reason })),
      ),
      now,
    ],
  });
}

/** The document is kept with the enrolment: a later version does not change a run that has begun. */
export async function begin(
  runner: Runner,
  ref: LeadRef,
  documents: readonly SequenceDocument[],
  inboxId: string,
  now: string,
): Promise<void> {
  await runner.query({
    name: 'begin-enrolments',
    text: `insert into enrolments (location_id, contact_id, sequence_key, sequence_version, document, enrolled_at, inbox_id)
      select $1, $2, document ->> 'key', (document ->> 'version')::integer, document, $4, $5
      from jsonb_array_elements($3::jsonb) as document
      on conflict do nothing`,
    values: [ref.locationId, ref.contactId, toJsonb(documents), now, inboxId],
  });
}

export async function addDrafts(
  runner: Runner,
  ref: LeadRef,
  drafts: readonly OutboxDraft[],
  now: string,
): Promise<void> {
  await runner.query({
    name: 'add-drafts',
    text: `insert into outbox (location_id, contact_id, once_key, channel, purpose, enrolment_id, step_key, content, claimed_at)
      select $1, $2, "onceKey", channel, purpose, "enrolmentId", "stepKey", content, $4
      from jsonb_to_recordset($3::jsonb)
        as draft ("onceKey" text, channel text, purpose text, "enrolmentId" uuid, "stepKey" text, content jsonb)
      on conflict (location_id, contact_id, once_key) do nothing`,
    values: [ref.locationId, ref.contactId, toJsonb(drafts), now],
  });
}

export async function storeTimeline(runner: Runner, ref: LeadRef, entries: readonly TimelineEntry[]): Promise<void> {
  await runner.query({
    name: 'store-timeline',
    text: `insert into timeline (location_id, contact_id, at, kind, summary, refs)
      select $1, $2, at, kind, summary, coalesce(refs, '{}')
      from rows from (jsonb_to_recordset($3::jsonb) as (at timestamptz, kind text, summary text, refs jsonb)) with ordinality
        as entry (at, kind, summary, refs, place)
      order by place`,
    values: [ref.locationId, ref.contactId, toJsonb(entries)],
  });
}
