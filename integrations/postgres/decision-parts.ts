import type { LeadRef } from '../../domain/glossary.ts';
import type { Decision } from '../../domain/leads/decision.ts';
import type { TimelineEntry } from '../../domain/leads/lead.ts';
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
        update enrolments e set status = 'ended', ended_reason = given.reason, ended_at = $4, not_before = null, send_now = null
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

/** Of a contact that is gone nothing is begun any more; what may be on its way, or may have been made, is left to be settled. */
export async function cancelOpen(runner: Runner, ref: LeadRef, now: string): Promise<void> {
  await runner.query({
    name: 'cancel-open',
    text: `update outbox set state = 'cancelled', reason = 'the contact is deleted', settled_at = $3, check_at = null
      where location_id = $1 and contact_id = $2 and state in ('claimed', 'not-sent')
        and exists (select from leads where location_id = $1 and contact_id = $2 and deleted_at is not null)`,
    values: [ref.locationId, ref.contactId, now],
  });
}

/** The document is kept with the enrolment: a later version does not change a run that has begun. */
export async function begin(
  runner: Runner,
  ref: LeadRef,
  beginnings: Decision['enrol'],
  inboxId: string,
  now: string,
): Promise<void> {
  await runner.query({
    name: 'begin-enrolments',
    text: `insert into enrolments (location_id, contact_id, sequence_key, sequence_version, document, enrolled_at, inbox_id, because,
        event_kind, event_id, event_at, not_before)
      select $1, $2, document ->> 'key', (document ->> 'version')::integer, document, $4, $5, because,
        event ->> 'kind', event ->> 'id', (event ->> 'at')::timestamptz, "notBefore"
      from jsonb_to_recordset($3::jsonb) as one (document jsonb, event jsonb, because jsonb, "notBefore" timestamptz)
      on conflict do nothing`,
    values: [ref.locationId, ref.contactId, toJsonb(beginnings), now, inboxId],
  });
}

/** What an enrolment is about has another time. */
export async function move(runner: Runner, ref: LeadRef, moves: Decision['move']): Promise<void> {
  await runner.query({
    name: 'move-enrolments',
    text: `update enrolments e set event_at = given.at, not_before = null
      from jsonb_to_recordset($3::jsonb) as given ("enrolmentId" uuid, at timestamptz)
      where e.location_id = $1 and e.contact_id = $2 and e.enrolment_id = given."enrolmentId" and e.status = 'active'`,
    values: [ref.locationId, ref.contactId, toJsonb(moves)],
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
