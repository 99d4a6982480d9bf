import type { Understood } from '../../domain/assistant/understood.ts';
import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { AssistJob, DraftRow, DraftStore, JobOutcome, ReplyOwed, Talked } from '../../domain/ports/drafts.ts';
import type { OutboxDraft } from '../../domain/ports/outbox.ts';
import { ask, pageOf } from './ask.ts';
import { decodeCursor } from './cursor.ts';
import { addDrafts } from './decision-parts.ts';
import { assistWaits } from './drafts-decision.ts';
import { decide, DRAFT, forgive, shown, store } from './drafts-write.ts';
import { filters } from './filters.ts';
import { mayTellHomes } from './listing-told.ts';
import { type Place, stored, transaction } from './pool.ts';
import type { Tenants } from './tenants.ts';
import { clean, instant, isUuid, toJsonb } from './values.ts';

/** What waits for the assistant and what it drafted, in Postgres; see `DraftStore` for what each function promises. */
export function createDraftStore(tenants: Tenants): DraftStore {
  const at = (ref: LeadRef) => tenants.at(ref.locationId);
  return {
    waits: (ref) => stored(() => assistWaits(at(ref), ref)),
    jobs: (ref, limit) => stored(() => jobs(at(ref), ref, limit)),
    owed: (ref) => stored(() => owed(at(ref), ref)),
    settleJob: (ref, job, outcome, tasks, now) => stored(() => settleJob(at(ref), ref, { job, outcome, tasks, now })),
    understood: (ref, inboxIds) => stored(() => understood(at(ref), ref, inboxIds)),
    talked: (ref) => stored(() => talked(at(ref), ref)),
    postponeReply: (ref, inboxId, dueAt) => stored(() => postponeReply(at(ref), ref, inboxId, dueAt)),
    store: (ref, draft, made) => stored(() => store(at(ref), ref, draft, made)),
    forgive: (ref, inboxId, tasks, now) => stored(() => forgive(at(ref), ref, { inboxId, tasks, now })),
    decide: (ref, draftId, word, now) => stored(() => decide(at(ref), ref, draftId, word, now)),
    followSend: (ref, draftId, state, why) => stored(() => followSend(at(ref), ref, { draftId, state, why })),
    mayTellHomes: (ref, draftId) => stored(() => mayTellHomes(at(ref), ref, draftId)),
    get: (ref, draftId, now) => stored(() => get(at(ref), ref, draftId, now)),
    find: (locationId, draftId, now) => stored(() => find(tenants.at(locationId), locationId, draftId, now)),
    list: (locationId, filter, now) => list(tenants.at(locationId), locationId, filter, now),
  };
}

async function jobs(place: Place, ref: LeadRef, limit: number): Promise<AssistJob[]> {
  const { rows } = await place.query<AssistJob>({
    name: 'assist-jobs',
    text: `select job, inbox_id as "inboxId", asked_at as "askedAt", due_at as "dueAt", attempts from assist_jobs
      where location_id = $1 and contact_id = $2 and due_at is not null
      order by due_at, asked_at, job, inbox_id limit $3`,
    values: [ref.locationId, ref.contactId, limit],
  });
  return rows;
}

async function owed(place: Place, ref: LeadRef): Promise<ReplyOwed | undefined> {
  const { rows } = await place.query<ReplyOwed>({
    name: 'reply-owed',
    text: `select channel, inbox_id as "inboxId", first_at as "firstAt", last_at as "lastAt", due_at as "dueAt", attempts
      from replies_due where location_id = $1 and contact_id = $2`,
    values: [ref.locationId, ref.contactId],
  });
  return rows[0];
}

async function settleJob(
  place: Place,
  ref: LeadRef,
  settled: {
    readonly job: Pick<AssistJob, 'job' | 'inboxId'>;
    readonly outcome: JobOutcome;
    readonly tasks: readonly OutboxDraft[];
    readonly now: Iso;
  },
): Promise<void> {
  const { job, outcome, tasks, now } = settled;
  const done = outcome.state === 'done' ? outcome : null;
  const at = instant(now);
  await transaction(place, async (client) => {
    const { rowCount } = await client.query({
      name: 'assist-job-settle',
      text: `update assist_jobs set state = $5, due_at = $6, why = $7, model = $8, cost = $9, result = $10,
          dropped = coalesce($11::jsonb, '[]'), attempts = attempts + 1, settled_at = $12
        where location_id = $1 and contact_id = $2 and job = $3 and inbox_id = $4 and state = 'waiting'`,
      values: [
        ...[ref.locationId, ref.contactId, job.job, job.inboxId, outcome.state],
        outcome.state === 'waiting' ? instant(outcome.dueAt) : null,
        outcome.state === 'absent' ? clean(outcome.why) : null,
        done?.model ?? null,
        outcome.state === 'waiting' ? 0 : outcome.cost,
        toJsonb(done?.result),
        toJsonb(done?.dropped),
        outcome.state === 'waiting' ? null : at,
      ],
    });
    if (rowCount === 1 && tasks.length > 0) await addDrafts(client, ref, tasks, at);
  });
}

async function understood(
  place: Place,
  ref: LeadRef,
  inboxIds: readonly string[],
): Promise<Record<string, Understood>> {
  const { rows } = await place.query<{ inboxId: string; result: Understood }>({
    name: 'assist-understood',
    text: `select inbox_id as "inboxId", result from assist_jobs
      where location_id = $1 and contact_id = $2 and job = 'read' and state = 'done' and inbox_id = any($3::uuid[])`,
    values: [ref.locationId, ref.contactId, inboxIds.filter(isUuid)],
  });
  return Object.fromEntries(rows.map(({ inboxId, result }) => [inboxId, result]));
}

async function talked(place: Place, ref: LeadRef): Promise<Talked> {
  const { rows } = await place.query<Talked>({
    name: 'assist-talked',
    text: `select
        (select count(*)::integer from messages where location_id = $1 and contact_id = $2
          and channel in ('sms', 'email', 'chat')) as messages,
        exists (select from reply_drafts where location_id = $1 and contact_id = $2 and state in ('approved', 'sent')
          and edited is null) as replied,
        exists (select from messages where location_id = $1 and contact_id = $2 and direction = 'outbound' and channel = 'sms') as texted,
        (select case when edited is null then question end from reply_drafts where location_id = $1 and contact_id = $2 and state = 'sent'
          order by created_at desc, draft_id desc limit 1) as asked,
        (select coalesce(json_agg(at), '[]') from (select m.at from outbox o join messages m
          on m.location_id = $1 and m.contact_id = $2 and m.message_key = o.vendor_id
          where o.location_id = $1 and o.contact_id = $2 and o.state = 'sent' and o.channel in ('sms', 'email')
          order by m.at desc limit 20) as sent) as own`,
    values: [ref.locationId, ref.contactId],
  });
  const row = rows[0] ?? { messages: 0, replied: false, texted: false, asked: null, own: [] };
  return { ...row, own: row.own.map(instant) };
}

async function postponeReply(place: Place, ref: LeadRef, inboxId: string, dueAt: Iso): Promise<void> {
  await place.query({
    name: 'reply-postpone',
    text: `update replies_due set due_at = $4, attempts = attempts + 1
      where location_id = $1 and contact_id = $2 and inbox_id = $3`,
    values: [ref.locationId, ref.contactId, inboxId, instant(dueAt)],
  });
}

async function followSend(
  place: Place,
  ref: LeadRef,
  {
    draftId,
    state,
    why,
  }: { readonly draftId: string; readonly state: 'sent' | 'blocked'; readonly why: string | null },
): Promise<void> {
  if (!isUuid(draftId)) return;
  await place.query({
    name: 'draft-follow-send',
    text: `update reply_drafts set state = $4, why = $5 where location_id = $1 and contact_id = $2 and draft_id = $3
      and (state in ('approved', 'edited') or ($4 = 'sent' and state in ('superseded', 'blocked')))`,
    values: [ref.locationId, ref.contactId, draftId, state, why === null ? null : clean(why)],
  });
}

async function get(place: Place, ref: LeadRef, draftId: string, now: Iso): Promise<DraftRow | undefined> {
  if (!isUuid(draftId)) return undefined;
  const { rows } = await place.query<DraftRow>({
    name: 'draft-get',
    text: `select ${DRAFT} from reply_drafts where location_id = $1 and contact_id = $2 and draft_id = $3`,
    values: [clean(ref.locationId), clean(ref.contactId), draftId],
  });
  return rows[0] === undefined ? undefined : shown(rows[0], now);
}

async function find(place: Place, locationId: string, draftId: string, now: Iso): Promise<DraftRow | undefined> {
  if (!isUuid(draftId)) return undefined;
  const { rows } = await place.query<DraftRow>({
    name: 'draft-find',
    text: `select ${DRAFT} from reply_drafts where location_id = $1 and draft_id = $2`,
    values: [clean(locationId), draftId],
  });
  return rows[0] === undefined ? undefined : shown(rows[0], now);
}

async function list(
  place: Place,
  locationId: string,
  { state, limit, cursor }: Parameters<DraftStore['list']>[1],
  now: Iso,
): ReturnType<DraftStore['list']> {
  const query = ['drafts', locationId, state ?? null];
  const after = decodeCursor(query, cursor, ['instant', 'uuid']);
  const wanted = filters();
  wanted.add('location_id = ?', clean(locationId));
  const open = `state = 'proposed' and expires_at`;
  if (state === 'proposed') wanted.add(`${open} > ?`, instant(now));
  else if (state === 'expired') wanted.add(`(state = 'expired' or ${open} <= ?)`, instant(now));
  else if (state !== undefined) wanted.add('state = ?', clean(state));
  if (after !== null) wanted.add('(created_at, draft_id) < (?, ?)', ...after);
  const rows = await ask<DraftRow>(place, {
    text: `select ${DRAFT} from reply_drafts ${wanted.where()} order by created_at desc, draft_id desc limit ${wanted.value(limit + 1)}`,
    values: [...wanted.values],
  });
  const page = pageOf(query, rows, limit, (row) => [row.createdAt, row.draftId]);
  return { ...page, items: page.items.map((row) => shown(row, now)) };
}
