import { NOTHING_NEW } from '../../domain/leads/admission.ts';
import { automatic, outranks, waitingStatuses } from '../../domain/webhooks/message-status.ts';
import type { OwnWrite } from '../../domain/crm/own-write.ts';
import type { CrmRecord, RecordChange, RecordKind, RecordNews } from '../../domain/crm/records.ts';
import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { CrmRecordStore } from '../../domain/ports/crm-records.ts';
import { prior } from './crm-record-prior.ts';
import { readRecord, recordLock, recordOf, writeRecord } from './crm-record-rows.ts';
import { statementsOf } from './crm-record-tables.ts';
import { storeTimeline } from './decision-parts.ts';
import { keepEmailStat } from './email-events.ts';
import { lastHumanReaction } from './human-reaction.ts';
import { keepLocation } from './location-news.ts';
import { takeLocks } from './locks.ts';
import { type Client, type Place, stored, transaction } from './pool.ts';
import type { Tenants } from './tenants.ts';
import { clean, instant, isUuid, toJsonb } from './values.ts';

/** Records of the CRM in Postgres; see `CrmRecordStore` for what each function promises. */
export function createCrmRecordStore(tenants: Tenants): CrmRecordStore {
  const at = (ref: Pick<LeadRef, 'locationId'>) => tenants.at(ref.locationId);
  return {
    prior: (ref, asked) => stored(() => prior(at(ref), ref, asked)),
    announce: (ref, write, now) => stored(() => announce(at(ref), ref, write, now)),
    expect: (ref, write, writtenAt) => stored(() => expect(at(ref), ref, write, writtenAt)),
    withdraw: (ref, key) => stored(() => withdraw(at(ref), ref, key)),
    keep: (locationId, news, event) => stored(() => keep(at({ locationId }), locationId, news, event)),
    keepStatus: (ref, message, inboxId, now) => stored(() => keepStatus(at(ref), ref, message, inboxId, now)),
    contactOf: (locationId, kind, recordId) => stored(() => contactOf(at({ locationId }), locationId, kind, recordId)),
    get: (locationId, kind, recordId) =>
      stored(async () => (await readRecord(at({ locationId }), locationId, kind, recordId)) ?? undefined),
    ofLead: (ref, kind) => stored(() => ofLead(at(ref), ref, kind)),
    keepEmailStat: (locationId, stat, inboxId, now) =>
      stored(() => keepEmailStat(at({ locationId }), locationId, stat, inboxId, now)),
    keepLocation: (locationId, told, since) => stored(() => keepLocation(at({ locationId }), locationId, told, since)),
    lastHumanReaction: (ref, since) => stored(() => lastHumanReaction(at(ref), ref, since)),
  };
}

async function announce(place: Place, ref: LeadRef, write: OwnWrite, now: Iso): Promise<void> {
  await place.query({
    name: 'own-write-announce',
    text: `insert into crm_expected as e (location_id, contact_id, write_key, kind, record_id, facts, at)
      values ($1, $2, $3, $4, $5, $6, $7)
      on conflict (location_id, contact_id, write_key) do update set
        kind = excluded.kind, record_id = excluded.record_id, facts = excluded.facts, at = excluded.at`,
    values: [
      ref.locationId,
      ref.contactId,
      clean(write.key),
      write.kind,
      write.recordId === null ? null : clean(write.recordId),
      toJsonb(write.facts),
      instant(now),
    ],
  });
}

async function withdraw(place: Pick<Place, 'query'>, ref: LeadRef, key: string): Promise<void> {
  // What nobody has withdrawn within a day never will be: whoever announced it has died since.
  await place.query({
    name: 'own-write-withdraw',
    text: `delete from crm_expected
      where location_id = $1 and contact_id = $2 and (write_key = $3 or at < now() - interval '1 day')`,
    values: [ref.locationId, ref.contactId, clean(key)],
  });
}

/** Older than any news. */
const BEFORE_ALL = '1970-01-01T00:00:00.000Z';

async function expect(
  place: Place,
  ref: LeadRef,
  write: OwnWrite & { readonly kind: RecordKind; readonly recordId: string },
  at: Iso | undefined,
): Promise<void> {
  const { deleted, ...facts } = write.facts;
  const time = { at: instant(at ?? BEFORE_ALL), timed: at !== undefined };
  const news: RecordNews = {
    ...{ kind: write.kind, recordId: write.recordId, contactId: ref.contactId, facts, ...time },
    action: deleted === true ? 'deleted' : 'changed',
  };
  await transaction(place, async (client) => {
    const before = await lockAndRead(client, ref.locationId, news);
    await Promise.all([
      writeRecord(client, ref.locationId, before, news, at ?? new Date().toISOString()),
      withdraw(client, ref, write.key),
    ]);
  });
}

async function keep(
  place: Place,
  locationId: string,
  news: RecordNews,
  event: Parameters<CrmRecordStore['keep']>[2],
): Promise<RecordChange> {
  return transaction(place, async (client) => {
    const before = await lockAndRead(client, locationId, news);
    const change = await writeRecord(client, locationId, before, news);
    const ignored = change.what === 'none' ? NOTHING_NEW : (event?.echo ?? null);
    if (event !== undefined) await settleHere(client, locationId, event.inboxId, ignored);
    return change;
  });
}

/** Both statements go out together; the second one reads what was committed until the lock was ours. */
async function lockAndRead(client: Client, locationId: string, news: RecordNews): Promise<CrmRecord | null> {
  const [, before] = await Promise.all([
    takeLocks(client, [recordLock(locationId, news)]),
    readRecord(client, locationId, news.kind, news.recordId),
  ]);
  return before;
}

/** @param ignored  why the event is ignored; null: it was worked */
async function settleHere(client: Client, locationId: string, inboxId: string, ignored: string | null): Promise<void> {
  if (!isUuid(inboxId)) return;
  await client.query({
    name: 'record-settle',
    text: `update inbox set verdict = case when $3::text is null then 'worked' else 'ignored' end, reason = $3, worked_at = now(),
        leased_until = null
      where inbox_id = $2 and location_id = $1 and worked_at is null`,
    values: [locationId, inboxId, ignored],
  });
}

async function keepStatus(
  place: Place,
  ref: LeadRef,
  message: Parameters<CrmRecordStore['keepStatus']>[1],
  inboxId: string,
  now: Iso,
): Promise<boolean> {
  return transaction(place, async (client) => {
    const { rows } = await client.query<{ status: string | null }>({
      name: 'message-status',
      text: `select status from messages where location_id = $1 and contact_id = $2 and message_key = $3 for update`,
      values: [ref.locationId, ref.contactId, clean(message.id)],
    });
    const moved = rows[0] !== undefined && outranks(message.status, rows[0].status);
    await Promise.all([
      client.query({
        name: 'message-status-move',
        text: `update messages set status = case when $6::boolean then $4 else status end, user_id = coalesce(user_id, $5),
            at = case when origin = any($8::text[]) and (status is null or status = any($9::text[])) then greatest(at, $7) else at end
          where location_id = $1 and contact_id = $2 and message_key = $3`,
        values: [
          ref.locationId,
          ref.contactId,
          clean(message.id),
          clean(message.status),
          message.userId === null ? null : clean(message.userId),
          moved,
          instant(message.at),
          [...automatic],
          [...waitingStatuses],
        ],
      }),
      moved
        ? storeTimeline(client, ref, [{ at: instant(now), kind: 'event', summary: message.told, refs: { inboxId } }])
        : undefined,
      settleHere(client, ref.locationId, inboxId, moved ? null : NOTHING_NEW),
    ]);
    return moved;
  });
}

const MADE_BY: Readonly<Partial<Record<RecordKind, string>>> = {
  task: 'call-task',
  note: 'note',
  opportunity: 'opportunity',
};

async function contactOf(
  place: Place,
  locationId: string,
  kind: RecordKind,
  recordId: string,
): Promise<string | undefined> {
  const record = await readRecord(place, locationId, kind, recordId);
  const channel = MADE_BY[kind];
  if (record !== null && record.contactId !== null) return record.contactId;
  if (channel === undefined) return undefined;
  const { rows } = await place.query<{ contactId: string }>({
    name: 'record-made-for',
    text: `select contact_id as "contactId" from outbox where location_id = $1 and vendor_id = $2 and channel = $3 limit 1`,
    values: [locationId, clean(recordId), channel],
  });
  return rows[0]?.contactId;
}

async function ofLead(place: Place, ref: LeadRef, kind: RecordKind): Promise<readonly CrmRecord[]> {
  const { rows } = await place.query<Parameters<typeof recordOf>[1]>({
    name: `records-of-${kind}`,
    text: statementsOf(kind).ofContact,
    values: [ref.locationId, ref.contactId],
  });
  return rows.map((row) => recordOf(kind, row));
}
