import { AppError } from '../../domain/errors.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { SendFinding, UnsettledSend, UnsettledSends } from '../../domain/ports/inbox-tools.ts';
import type { OutboxState } from '../../domain/ports/outbox.ts';
import { ask, pageOf } from './ask.ts';
import { decodeCursor } from './cursor.ts';
import { filters } from './filters.ts';
import { leadLock, takeLocks } from './locks.ts';
import { type Client, type Place, stored, transaction } from './pool.ts';
import type { Tenants } from './tenants.ts';
import { clean, instant, isUuid, toJsonb } from './values.ts';

/** Sends that a person decides about; see `UnsettledSends` for what each function promises. */
export function createUnsettledSends({ at, house }: Pick<Tenants, 'at' | 'house'>): UnsettledSends {
  return {
    list: (filter) => list(filter.locationId === undefined ? house : at(filter.locationId), filter),
    resolve: (ref, sendId, finding, by, now) =>
      stored(() => resolve(at(ref.locationId), ref, { sendId, finding, by: clean(by), now: instant(now) })),
  };
}

async function list(place: Place, filter: Parameters<UnsettledSends['list']>[0]): ReturnType<UnsettledSends['list']> {
  const { locationId, state, limit, cursor } = filter;
  const query = ['unsettled', locationId ?? null, state ?? null];
  const after = decodeCursor(query, cursor, ['instant', 'uuid']);
  const wanted = filters();
  wanted.add('state = any(?)', state === undefined ? ['parked', 'unknown'] : [clean(state)]);
  if (locationId !== undefined) wanted.add('location_id = ?', clean(locationId));
  if (after !== null) wanted.add('(claimed_at, send_id) > (?, ?)', ...after);
  const rows = await ask<UnsettledSend>(place, {
    text: `select location_id as "locationId", contact_id as "contactId", send_id as "sendId", channel, step_key as "stepKey", state, reason,
        claimed_at as "claimedAt", sending_at as "sendingAt", check_at as "checkAt"
      from outbox ${wanted.where()} order by claimed_at, send_id limit ${wanted.value(limit + 1)}`,
    values: [...wanted.values],
  });
  return pageOf(query, rows, limit, (row) => [row.claimedAt, row.sendId]);
}

interface Asked {
  readonly sendId: string;
  readonly finding: SendFinding;
  readonly by: string;
  readonly now: string;
}

interface Before {
  readonly state: OutboxState;
  readonly claimedAt: string;
  readonly enrolmentId: string | null;
  readonly stepKey: string | null;
  readonly told: string | null;
  readonly vendorId: string | null;
}

async function resolve(place: Place, ref: LeadRef, asked: Asked): Promise<OutboxState | undefined> {
  if (!isUuid(asked.sendId)) return undefined;
  return transaction(place, async (client) => {
    const [, before] = await Promise.all([takeLocks(client, [leadLock(ref)]), readBefore(client, ref, asked.sendId)]);
    if (before === undefined) return undefined;
    const { action, state } = meaning(asked.finding);
    const { finding } = asked;
    const sameMessage = finding.what !== 'sent' || before.vendorId === finding.vendorId;
    if (before.told === action && sameMessage && before.state !== 'parked' && before.state !== 'unknown')
      return before.state;
    if (before.state !== 'parked' && before.state !== 'unknown') {
      throw new AppError('SEND_STATE', `expected a send that is parked or unknown, this one is ${before.state}`);
    }
    await Promise.all([
      settle(client, ref, asked, state),
      setStep(client, ref, before, asked),
      tell(client, ref, before, asked, action),
    ]);
    return state;
  });
}

/** A send is claimed anew for each try: an act of a person belongs to the try that it found. */
async function readBefore(client: Client, ref: LeadRef, sendId: string): Promise<Before | undefined> {
  const { rows } = await client.query<Before>({
    name: 'resolve-before',
    text: `select state, claimed_at as "claimedAt", enrolment_id as "enrolmentId", step_key as "stepKey", vendor_id as "vendorId",
        (select action from acts a where a.location_id = $1 and a.contact_id = $2
          and a.act_id = 'send:' || o.send_id || ':' || extract(epoch from o.claimed_at)) as told
      from outbox o where location_id = $1 and contact_id = $2 and send_id = $3 for update`,
    values: [clean(ref.locationId), clean(ref.contactId), sendId],
  });
  return rows[0];
}

function meaning(finding: SendFinding): { readonly action: string; readonly state: OutboxState } {
  if (finding.what === 'sent') return { action: 'send.sent', state: 'sent' };
  return finding.again ? { action: 'send.again', state: 'not-sent' } : { action: 'send.given-up', state: 'cancelled' };
}

/** One that went out becomes part of the talk, as if the vendor had answered at once. */
async function settle(
  client: Client,
  ref: LeadRef,
  { sendId, finding, now }: Asked,
  state: OutboxState,
): Promise<void> {
  await client.query({
    name: 'resolve-settle',
    text: `with moved as (
        update outbox set state = $4, vendor_id = coalesce($5, vendor_id), reason = 'settled by a person', check_at = null, checks = 0,
          settled_at = case when $4 = 'not-sent' then null else $6::timestamptz end
        where location_id = $1 and contact_id = $2 and send_id = $3 returning *
      )
      insert into messages (location_id, contact_id, message_key, direction, channel, body, origin, at)
      select location_id, contact_id, vendor_id, 'outbound', channel, content ->> 'body', 'api', coalesce(sending_at, $6)
      from moved where state = 'sent' and channel in ('sms', 'email') and vendor_id is not null
      on conflict (location_id, contact_id, message_key) do nothing`,
    values: [
      clean(ref.locationId),
      clean(ref.contactId),
      sendId,
      state,
      finding.what === 'sent' ? clean(finding.vendorId) : null,
      now,
    ],
  });
}

/** The step is done with what a person found; to be tried again it must not be done. */
async function setStep(client: Client, ref: LeadRef, before: Before, { finding, now }: Asked): Promise<void> {
  const { enrolmentId, stepKey } = before;
  if (enrolmentId === null || stepKey === null) return;
  const again = finding.what === 'not-sent' && finding.again;
  const outcome = finding.what === 'sent' ? 'sent' : 'skipped';
  await client.query({
    name: again ? 'resolve-undo-step' : 'resolve-step',
    text: again
      ? `update enrolments set done = done - $4::text, not_before = null
          where location_id = $1 and contact_id = $2 and enrolment_id = $3 and status = 'active'`
      : `update enrolments set done = done || jsonb_build_object($4::text, $5::jsonb), not_before = null
          where location_id = $1 and contact_id = $2 and enrolment_id = $3`,
    values: [
      clean(ref.locationId),
      clean(ref.contactId),
      enrolmentId,
      stepKey,
      ...(again ? [] : [toJsonb({ outcome, at: now })]),
    ],
  });
}

const SAID: Readonly<Record<string, string>> = {
  'send.sent': 'A person found that it went out',
  'send.again': 'A person is sure that it did not go out; it is tried again',
  'send.given-up': 'A person found that it did not go out; it is given up',
};

async function tell(
  client: Client,
  ref: LeadRef,
  before: Before,
  { sendId, by, now }: Asked,
  action: string,
): Promise<void> {
  await client.query({
    name: 'resolve-tell',
    text: `with told as (
        insert into acts (location_id, contact_id, act_id, action, operator, at)
        values ($1, $2, 'send:' || $3::text || ':' || extract(epoch from $4::timestamptz(3)), $5, $6, $7)
        on conflict do nothing
      )
      insert into timeline (location_id, contact_id, at, kind, summary, refs)
      select $1, $2, $7::timestamptz, 'action', $8, jsonb_build_object('sendId', $3::text)`,
    values: [
      clean(ref.locationId),
      clean(ref.contactId),
      sendId,
      before.claimedAt,
      action,
      by,
      now,
      `${before.stepKey === null ? 'A send' : `Step ${before.stepKey}`}: ${SAID[action] ?? action}.`,
    ],
  });
}
