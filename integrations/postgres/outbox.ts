import { AppError } from '../../domain/errors.ts';
import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { TimelineEntry } from '../../domain/leads/lead.ts';
import type { OutboxDraft, OutboxRow, OutboxState, OutboxStore, Settlement } from '../../domain/ports/outbox.ts';
import { cancelOpen } from './decision-parts.ts';
import { pass } from './gate.ts';
import { ALERTS_SETTLED } from './market-alerts-sent.ts';
import { leadLock, takeLocks } from './locks.ts';
import { OPEN_STATES } from './open-states.ts';
import { type Place, stored, transaction } from './pool.ts';
import type { Tenants } from './tenants.ts';
import { clean, instant, isUuid, toJsonb } from './values.ts';

/** The outbox in Postgres; see `OutboxStore` for what each function promises. */
export function createOutboxStore(tenants: Tenants): OutboxStore {
  const at = (ref: LeadRef) => tenants.at(ref.locationId);
  return {
    claim: (ref, draft, now) => stored(() => claim(at(ref), ref, draft, now)),
    pass: (sendId, ref, asked) => stored(() => pass(at(ref), { sendId, ref, ...asked })),
    solicit: (sendId, ref) => stored(() => solicit(at(ref), sendId, ref)),
    settle: (sendId, ref, settlement, now, told) =>
      stored(() => settle(at(ref), sendId, ref, { settlement, now, told })),
    open: (ref) => stored(() => open(at(ref), ref)),
    cancelOpen: (ref, now) => stored(() => cancelAll(at(ref), ref, instant(now))),
    get: (sendId, ref) => stored(() => get(at(ref), sendId, ref)),
    parked: (ref) => stored(() => parked(at(ref), ref)),
  };
}

/** Under the lead's lock, so that it does not meet the news that the contact is there again. */
async function cancelAll(place: Place, ref: LeadRef, now: string): Promise<void> {
  await transaction(place, (client) => Promise.all([takeLocks(client, [leadLock(ref)]), cancelOpen(client, ref, now)]));
}

const COLUMNS = `location_id as "locationId", contact_id as "contactId", send_id as "sendId", once_key as "onceKey", channel, purpose,
  enrolment_id as "enrolmentId", step_key as "stepKey", content, state, reason, vendor_id as "vendorId",
  claimed_at as "claimedAt", sending_at as "sendingAt", check_at as "checkAt", checks`;

async function claim(place: Place, ref: LeadRef, draft: OutboxDraft, now: Iso): Promise<OutboxRow> {
  const query = {
    name: 'outbox-claim',
    text: CLAIM,
    values: [
      ref.locationId,
      ref.contactId,
      clean(draft.onceKey),
      draft.channel,
      draft.purpose,
      draft.enrolmentId,
      draft.stepKey === null ? null : clean(draft.stepKey),
      toJsonb(draft.content),
      instant(now),
    ],
  };
  const first = await place.query<OutboxRow>(query);
  // No row: another claim of this key committed while ours waited for it; a new statement sees it.
  const row = first.rows[0] ?? (await place.query<OutboxRow>(query)).rows[0];
  if (row === undefined) throw new AppError('SEND_STATE', 'the claim met another one that was withdrawn; claim again');
  return row;
}

const CLAIM = `
with fresh as (
  insert into outbox (location_id, contact_id, once_key, channel, purpose, enrolment_id, step_key, content, claimed_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  on conflict (location_id, contact_id, once_key) do nothing
  returning *
), again as (
  update outbox set state = 'claimed', claimed_at = $9, check_at = null, reason = null
  where location_id = $1 and contact_id = $2 and once_key = $3 and state = 'not-sent' and (check_at is null or check_at <= $9)
  returning *
)
select ${COLUMNS} from fresh
union all
select ${COLUMNS} from again
union all
select ${COLUMNS} from outbox
where location_id = $1 and contact_id = $2 and once_key = $3 and not exists (select from fresh) and not exists (select from again)`;

async function solicit(place: Place, sendId: string, ref: LeadRef): Promise<void> {
  await place.query({
    name: 'outbox-solicit',
    text: `update outbox set purpose = 'solicitation'
      where location_id = $1 and contact_id = $2 and send_id = $3 and purpose = 'answer' and state in ('claimed', 'not-sent')`,
    values: [ref.locationId, ref.contactId, sendId],
  });
}

/**
 * From which states each settlement may come. Nothing leads back from a final state, and nothing cancels what may be on its way. What is
 * found in the CRM was sent, also where a person said meanwhile that it was not and is to be tried again.
 */
const FROM: Readonly<Record<Settlement['state'], readonly OutboxState[]>> = {
  sent: ['sending', 'unknown', 'parked', 'not-sent'],
  recorded: ['sending'],
  refused: ['claimed', 'sending', 'not-sent'],
  'not-sent': ['claimed', 'sending', 'not-sent'],
  unknown: ['sending', 'unknown'],
  parked: ['claimed', 'sending', 'not-sent', 'unknown'],
  cancelled: ['claimed', 'not-sent'],
};

/**
 * Moves a row on; the same settlement twice is one. A text or e-mail that went out becomes part of the talk at once, so that the
 * contact's answer is measured even if the vendor never reports our own message back. What was made is an action, and what of it stands
 * for the contact's state is remembered: also a workflow that may have been entered, so that it can be left again.
 * Throws SEND_STATE where the row is in a state that does not allow it.
 */
async function settle(
  place: Place,
  sendId: string,
  ref: LeadRef,
  {
    settlement,
    now,
    told,
  }: { readonly settlement: Settlement; readonly now: Iso; readonly told: TimelineEntry | undefined },
): Promise<void> {
  if (!isUuid(sendId)) throw new AppError('SEND_STATE', 'no such send');
  const { rows } = await place.query<{ state: OutboxState | null; moved: boolean }>({
    name: 'outbox-settle',
    text: SETTLE,
    values: [
      ref.locationId,
      ref.contactId,
      sendId,
      settlement.state,
      'reason' in settlement ? clean(settlement.reason) : null,
      'vendorId' in settlement ? clean(settlement.vendorId) : null,
      'checkAt' in settlement ? instant(settlement.checkAt) : null,
      instant(now),
      FROM[settlement.state],
      instant(now),
      toJsonb(told),
    ],
  });
  const row = rows[0];
  if (row === undefined || (!row.moved && row.state !== settlement.state)) {
    throw new AppError('SEND_STATE', `a send that is ${row?.state ?? 'absent'} cannot become ${settlement.state}`);
  }
}

const SETTLE = `
with before as materialized (
  select state from outbox where location_id = $1 and contact_id = $2 and send_id = $3 for update
), moved as (
  update outbox set state = $4, reason = $5, vendor_id = coalesce($6, vendor_id), check_at = $7,
    settled_at = case when $4 in ('not-sent', 'unknown') then null else $8::timestamptz end,
    checks = checks + (outbox.state = 'unknown' and $4 = 'unknown' and check_at is distinct from $7)::integer
  from before
  where location_id = $1 and contact_id = $2 and send_id = $3 and outbox.state = any($9::text[])
  returning outbox.*
), told as (
  insert into messages (location_id, contact_id, message_key, direction, channel, body, origin, at)
  select location_id, contact_id, vendor_id, 'outbound', channel, content ->> 'body', 'api', coalesce(sending_at, $8)
  from moved where state = 'sent' and channel in ('sms', 'email') and vendor_id is not null
  on conflict (location_id, contact_id, message_key) do nothing
), done as (
  insert into crm_actions (location_id, contact_id, at, kind, target, after, send_id)
  select location_id, contact_id, $8,
    case channel when 'call-task' then 'task.create' when 'note' then 'note.create' when 'opportunity' then 'opportunity.create'
      when 'ghl-workflow' then 'workflow.add' else 'message.send' end,
    case channel when 'ghl-workflow' then content ->> 'target' else coalesce(vendor_id, channel) end,
    case channel when 'opportunity' then content -> 'stage' end, send_id
  from moved where state = 'sent'
  on conflict do nothing
), noted as (
  insert into timeline (location_id, contact_id, at, kind, summary, refs)
  select $1, $2, entry.at, entry.kind, entry.summary, entry.refs
  from moved, jsonb_to_record($11::jsonb) as entry (at timestamptz, kind text, summary text, refs jsonb)
  where $11::jsonb is not null
), alerts as (${ALERTS_SETTLED}), marked as (
  update leads l set crm_marks = l.crm_marks || case moved.channel
    when 'opportunity' then jsonb_build_object('opportunity', jsonb_build_object('state', 'ours', 'at', $10::text, 'id', moved.vendor_id,
      'value', moved.content ->> 'stage', 'pipelineId', moved.content ->> 'target'))
    else jsonb_build_object('workflow:' || (moved.content ->> 'target'), jsonb_build_object(
      'state', case when moved.enrolment_id is null then 'ours' else 'given' end, 'at', $10::text)) end
  from moved
  where l.location_id = $1 and l.contact_id = $2 and (moved.channel = 'opportunity' and moved.state = 'sent'
    or moved.channel = 'ghl-workflow' and moved.state in ('sent', 'unknown', 'parked'))
)
select before.state, exists (select from moved) as moved from before`;

async function open(place: Place, ref: LeadRef): Promise<OutboxRow[]> {
  const { rows } = await place.query<OutboxRow>({
    name: 'outbox-open',
    text: `select ${COLUMNS} from outbox where location_id = $1 and contact_id = $2 and state in ${OPEN_STATES}
      order by claimed_at, send_id`,
    values: [ref.locationId, ref.contactId],
  });
  return rows;
}

async function get(place: Place, sendId: string, ref: LeadRef): Promise<OutboxRow | undefined> {
  if (!isUuid(sendId)) return undefined;
  const { rows } = await place.query<OutboxRow>({
    name: 'outbox-get',
    text: `select ${COLUMNS} from outbox where location_id = $1 and contact_id = $2 and send_id = $3`,
    values: [ref.locationId, ref.contactId, sendId],
  });
  return rows[0];
}

async function parked(place: Place, ref: LeadRef): Promise<OutboxRow[]> {
  const { rows } = await place.query<OutboxRow>({
    name: 'outbox-parked',
    text: `select ${COLUMNS} from outbox where location_id = $1 and contact_id = $2 and state = 'parked' order by claimed_at, send_id`,
    values: [ref.locationId, ref.contactId],
  });
  return rows;
}
