import type { GatePassage } from '../../domain/ports/outbox.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import { ask, tell } from './ask.ts';
import type { Client } from './pool.ts';
import { toJsonb } from './values.ts';

/*
 * News of homes goes the way of the send that tells it, in the same transactions: what a crash leaves of the one it leaves of the other.
 */

/** Alias `a` is bound to the send `o`. */
const BOUND = `a.location_id = $1 and a.contact_id = $2 and a.enrolment_id = o.enrolment_id and a.step = o.step_key and a.state = 'waiting'`;

/** Under the locks of the gate: does the send still tell just these, by the versions of the listings that its words were made from? */
export async function alertsStand(
  client: Client,
  { sendId, ref, alerts }: { readonly sendId: string; readonly ref: LeadRef } & Pick<GatePassage, 'alerts'>,
): Promise<boolean> {
  if (alerts === undefined) return true;
  const rows = await ask<{ stand: boolean }>(client, {
    name: 'gate-alerts',
    text: `with bound as (
        select a.listing_key, a.change from outbox o join market_alerts a on ${BOUND}
        where o.location_id = $1 and o.contact_id = $2 and o.send_id = $3 for update of a
      ), good as (
        select from jsonb_to_recordset($4::jsonb) as given ("listingKey" text, change text, "asOf" timestamptz)
          join bound on bound.listing_key = given."listingKey" and bound.change = given.change
          join listings l on l.location_id = $1 and l.listing_key = given."listingKey" and l.changed_at = given."asOf" and l.removed_at is null and l.shown
      )
      select (select count(*) from bound) = $5 and (select count(*) from good) = $5 as stand`,
    values: [ref.locationId, ref.contactId, sendId, toJsonb(alerts), alerts.length],
  });
  return rows[0]?.stand ?? false;
}

/** A person does not want the message: what it would have told waits for no other one. */
export async function dropNewsOf(client: Client, ref: LeadRef, enrolmentId: string, now: string): Promise<void> {
  await tell(client, {
    name: 'market-alerts-skipped',
    text: `update market_alerts a set state = 'dropped', why = 'a person did not want its message', settled_at = $4
      from enrolments e
      where e.location_id = $1 and e.contact_id = $2 and e.enrolment_id = $3 and e.document ->> 'track' = 'market'
        and a.location_id = $1 and a.contact_id = $2 and a.state = 'waiting' and (e.event_kind is not null) = (a.kind = 'open-house')
        and (e.event_id is null or e.event_id = a.listing_key || '/' || a.change)
        and not exists (select from outbox o where o.location_id = $1 and o.contact_id = $2 and o.enrolment_id = a.enrolment_id
          and o.step_key = a.step and o.state in ('sending', 'unknown'))`,
    values: [ref.locationId, ref.contactId, enrolmentId, now],
  });
}

/** Part of the statement that settles a send, whose row is `moved` and whose instant is $8. What may have arrived counts as told. */
export const ALERTS_SETTLED = `
  update market_alerts a set settled_at = $8::timestamptz,
    state = case when moved.state in ('refused', 'cancelled') then 'dropped' else 'told' end,
    why = case moved.state when 'refused' then moved.reason when 'cancelled' then moved.reason
      when 'parked' then 'whether its message arrived is not known' end
  from moved
  where a.location_id = $1 and a.contact_id = $2 and a.enrolment_id = moved.enrolment_id and a.step = moved.step_key and a.state = 'waiting'
    and moved.channel in ('sms', 'email') and moved.state in ('sent', 'recorded', 'parked', 'refused', 'cancelled')
`;

/** Part of the gate's facts: was all that this send `o` tells told to another contact of the person, one of `other`? */
export const ALERTS_TOLD_ELSEWHERE = `
  exists (select from market_alerts a where ${BOUND}) and not exists (
    select from market_alerts a where ${BOUND} and not exists (
      select from other join market_alerts b on b.location_id = $1 and b.contact_id = other.contact_id
      where b.listing_key = a.listing_key and b.change = a.change and b.state = 'told'))
`;
