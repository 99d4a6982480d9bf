import type { LeadRef } from '../../domain/glossary.ts';
import type { AssistWaits } from '../../domain/ports/drafts.ts';
import type { DecisionRecord } from '../../domain/ports/leads.ts';
import type { Client, Runner } from './pool.ts';

/**
 * What a decision wants of the assistant, in its transaction; whoever is deleted leaves no words behind.
 * @returns what waits for it then
 */
export async function writeAssist(client: Client, record: DecisionRecord, now: string): Promise<AssistWaits> {
  const { ref, decision, inboxId } = record;
  if (decision.deletedAt !== null) {
    await forget(client, ref);
    return { jobAt: null, replyAt: null };
  }
  const { read = false, summary = false, reply = 'keep' } = decision.assist ?? {};
  const asked = [...(read ? ['read'] : []), ...(summary ? ['summary'] : [])];
  // Statements of one client run in the order in which they are sent: the last one reads what the others wrote.
  const done = await Promise.all([
    asked.length === 0 ? undefined : addJobs(client, ref, asked, inboxId, now),
    reply === 'keep' ? undefined : supersede(client, ref, now, reply === 'cancel' ? null : inboxId),
    reply === 'cancel' ? client.query({ ...NO_REPLY, values: [ref.locationId, ref.contactId] }) : undefined,
    typeof reply === 'string' ? undefined : owe(client, ref, reply, inboxId),
    assistWaits(client, ref),
  ]);
  return done[4];
}

export async function addJobs(
  client: Client,
  ref: LeadRef,
  jobs: readonly string[],
  inboxId: string,
  now: string,
): Promise<void> {
  await client.query({
    name: 'assist-jobs-add',
    text: `insert into assist_jobs (location_id, contact_id, job, inbox_id, asked_at, due_at)
      select $1, $2, job, $4, $5, $5 from unnest($3::text[]) as job on conflict do nothing`,
    values: [ref.locationId, ref.contactId, jobs, inboxId, now],
  });
}

const NO_REPLY = {
  name: 'reply-not-due',
  text: 'delete from replies_due where location_id = $1 and contact_id = $2',
};

type Owed = { readonly channel: string; readonly firstAt: string; readonly lastAt: string; readonly dueAt: string };

/**
 * The newest message is answered; one that comes late, behind a newer one, is answered with it. One that has its draft, and is worked anew,
 * owes nothing again.
 */
async function owe(client: Client, ref: LeadRef, reply: Owed, inboxId: string): Promise<void> {
  await client.query({
    name: 'reply-owe',
    text: `insert into replies_due as r (location_id, contact_id, channel, inbox_id, first_at, last_at, due_at)
      select $1, $2, $3, $4::uuid, $5::timestamptz, $6::timestamptz, $7::timestamptz where not ${HAS_DRAFT}
      on conflict (location_id, contact_id) do update set
        channel = case when excluded.last_at > r.last_at then excluded.channel else r.channel end,
        inbox_id = case when excluded.last_at > r.last_at then excluded.inbox_id else r.inbox_id end,
        first_at = least(r.first_at, excluded.first_at), last_at = greatest(r.last_at, excluded.last_at),
        due_at = excluded.due_at, attempts = 0`,
    values: [ref.locationId, ref.contactId, reply.channel, inboxId, reply.firstAt, reply.lastAt, reply.dueAt],
  });
}

/** Was this message drafted for before? Parameters 1, 2 and 4: location, contact, the message. */
const HAS_DRAFT =
  'exists (select from reply_drafts a where a.location_id = $1 and a.contact_id = $2 and a.answers = $4::uuid)';

/**
 * Something came between: what was drafted is not sent, unless it may have left already.
 * @param message  that came between; null: nothing is to be answered any more
 */
async function supersede(client: Client, ref: LeadRef, now: string, message: string | null): Promise<void> {
  await client.query({
    name: 'drafts-supersede',
    text: `with over as (
        update reply_drafts set state = 'superseded', why = 'something came between', decided_at = $3
        where location_id = $1 and contact_id = $2 and state in ('proposed', 'approved', 'edited') and not ${HAS_DRAFT}
        returning draft_id
      )
      update outbox o set state = 'cancelled', reason = 'something came between', settled_at = $3, check_at = null
      from over
      where o.location_id = $1 and o.contact_id = $2 and o.state in ('claimed', 'not-sent')
        and o.once_key in ('reply:' || over.draft_id, 'approve:' || over.draft_id)`,
    values: [ref.locationId, ref.contactId, now, message],
  });
}

async function forget(client: Client, ref: LeadRef): Promise<void> {
  const delete_ = (table: string) =>
    client.query({
      name: `forget-${table}`,
      text: `delete from ${table} where location_id = $1 and contact_id = $2`,
      values: [ref.locationId, ref.contactId],
    });
  await Promise.all(['assist_jobs', 'replies_due', 'reply_drafts'].map(delete_));
}

/** What waits for the assistant, of one lead. */
export async function assistWaits(runner: Runner, ref: LeadRef): Promise<AssistWaits> {
  const { rows } = await runner.query<AssistWaits>({
    name: 'assist-waits',
    text: `select
        (select min(due_at) from assist_jobs where location_id = $1 and contact_id = $2 and due_at is not null) as "jobAt",
        (select due_at from replies_due where location_id = $1 and contact_id = $2) as "replyAt"`,
    values: [ref.locationId, ref.contactId],
  });
  return rows[0] ?? { jobAt: null, replyAt: null };
}

/** What a decision has to know of it, as columns of the statement of level 3; $1 and $2 are the lead. */
export const ASSIST_COLUMNS = `
  (select json_build_array(first_at, last_at) from replies_due where location_id = $1 and contact_id = $2) as owed,
  exists (select from reply_drafts where location_id = $1 and contact_id = $2 and state in ('proposed', 'approved', 'edited'))
    as "draftOpen"`;
