import type { Iso } from '../../domain/glossary.ts';
import type { BatchedAttempt, NightStore, TalkedLead } from '../../domain/ports/nights.ts';
import { stored } from './pool.ts';
import type { Tenants } from './tenants.ts';
import { clean, instant } from './values.ts';

/** What the work of a night knows, in Postgres; see `NightStore` for what each function promises. */
export function createNightStore(tenants: Tenants): NightStore {
  return {
    talked: (locationId, since, limit) =>
      stored(async () => {
        const { rows } = await tenants.at(locationId).query<TalkedLead>({
          name: 'night-talked',
          text: TALKED,
          values: [clean(locationId), instant(since), limit],
        });
        return rows;
      }),
    anyTalk: (locationId, since) =>
      stored(async () => {
        const { rows } = await tenants.at(locationId).query<{ talked: boolean }>({
          name: 'night-any-talk',
          text: `select exists (select from messages where location_id = $1 and at >= $2 and direction = 'inbound') as talked`,
          values: [clean(locationId), instant(since)],
        });
        return rows[0]!.talked;
      }),
    batched: (locationId, since) =>
      stored(async () => {
        const { rows } = await tenants.at(locationId).query<Row>({
          name: 'night-batched',
          text: `select call_key as "callKey", attempt, contact_id as "contactId", model, at, marks, state, billed, up_to as "upTo"
            from model_calls where location_id = $1 and at >= $2 and batch order by at, call_key, attempt`,
          values: [clean(locationId), instant(since)],
        });
        return rows.map(({ state, billed, upTo, at, ...row }) => ({
          ...{ ...row, locationId, at: new Date(at).toISOString() },
          entry: { state, billed, upTo },
        }));
      }),
    want: ({ locationId, contactId }, inboxId, now) =>
      stored(async () => {
        await tenants.at(locationId).query({
          name: 'night-want',
          text: `insert into assist_jobs (location_id, contact_id, job, inbox_id, asked_at, due_at)
            select location_id, contact_id, 'summary', $3, $4, $4 from leads
            where location_id = $1 and contact_id = $2 and deleted_at is null on conflict do nothing`,
          values: [clean(locationId), clean(contactId), inboxId, instant(now)],
        });
      }),
  };
}

type Row = Omit<BatchedAttempt, 'locationId' | 'entry' | 'at'> & BatchedAttempt['entry'] & { readonly at: Iso };

/** A summary knows of all that was said before it was asked for. Those who talked last come first: what is too much is left. */
const TALKED = `
with newest as (
  select distinct on (contact_id) contact_id, inbox_id, at from messages
  where location_id = $1 and at >= $2 and direction = 'inbound' and channel in ('sms', 'email', 'chat') and inbox_id is not null
  order by contact_id, at desc
)
select n.contact_id as "contactId", n.inbox_id as "inboxId"
from newest n join leads l on l.location_id = $1 and l.contact_id = n.contact_id
where l.deleted_at is null and l.state in ('active', 'taken-over') and l.stage not in ('opted-out', 'gone')
  and not exists (
    select from assist_jobs j where j.location_id = $1 and j.contact_id = n.contact_id and j.job = 'summary' and j.asked_at >= n.at)
order by n.at desc, n.contact_id
limit $3`;
