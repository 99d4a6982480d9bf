import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { OutboxRow } from '../../domain/ports/outbox.ts';
import type { Attribution, LostTime, Recalled, RestoreStore, Unclaimed } from '../../domain/ports/restores.ts';
import { type Place, stored } from './pool.ts';
import type { Tenants } from './tenants.ts';
import { clean, instant, isUuid, toJsonb } from './values.ts';

/** Processes are stopped while a database is restored, so that this is only asked again lest one was not. */
const LOOK_AGAIN_MS = 30_000;

/** The recalled sends are rows of the outbox: so they count towards the cap, and people see them with the others. */
export function createRestoreStore(tenants: Tenants): RestoreStore {
  const lastUntil = createLastUntil(tenants.house);
  const at = (ref: LeadRef) => tenants.at(ref.locationId);
  return {
    lost: async (ref) => ((await lastUntil()) === null ? undefined : stored(() => lost(at(ref), ref))),
    recall: (ref, time, found, personHashes, now) => stored(() => recall(at(ref), ref, time, found, personHashes, now)),
    unheard: (ref, keys) => stored(() => unheard(at(ref), ref, keys)),
    unclaimed: async (row) => {
      const until = await lastUntil();
      return until === null ? undefined : stored(() => unclaimed(at(row), row, until));
    },
    attribute: (row, recalledId, settled, now) => stored(() => attribute(at(row), row, recalledId, settled, now)),
  };
}

/** End of the last lost time; null where no restore was announced. Asked once per process and half minute, whoever asks. */
function createLastUntil(house: Place): () => Promise<Iso | null> {
  let asked: Promise<Iso | null> | undefined;
  let freshUntil = 0;
  return () => {
    if (asked === undefined || Date.now() > freshUntil) {
      freshUntil = Date.now() + LOOK_AGAIN_MS;
      const asking = stored(() => readLastUntil(house));
      asked = asking;
      // An answer that failed is nobody's: the next one asks anew.
      asking.catch(() => {
        if (asked === asking) asked = undefined;
      });
    }
    return asked;
  };
}

async function readLastUntil(house: Place): Promise<Iso | null> {
  const { rows } = await house.query<{ until: Iso | null }>({
    name: 'restores-last',
    text: 'select max(lost_until) as until from restores',
  });
  return rows[0]?.until ?? null;
}

/** Several restores in a row are one lost time from the first beginning to the last end. */
async function lost(place: Place, ref: LeadRef): Promise<LostTime | undefined> {
  const { rows } = await place.query<{ from: Iso | null; until: Iso | null }>({
    name: 'restores-lost',
    text: `select min(r.lost_from) as from, max(r.lost_until) as until
      from leads l join restores r on r.lost_until > coalesce(l.recalled_at, '-infinity')
      where l.location_id = $1 and l.contact_id = $2`,
    values: [ref.locationId, ref.contactId],
  });
  const { from, until } = rows[0] ?? { from: null, until: null };
  return from === null || until === null ? undefined : { from, until };
}

async function recall(
  place: Place,
  ref: LeadRef,
  { until }: LostTime,
  found: readonly Recalled[],
  personHashes: readonly string[],
  now: Iso,
): Promise<void> {
  const sends = found.map(({ vendorId, channel, title, body, at }) => ({
    vendorId,
    channel,
    at: instant(at),
    content: { body, ...(title === undefined ? {} : { title }) },
  }));
  await place.query({
    name: 'restores-recall',
    text: RECALL,
    values: [ref.locationId, ref.contactId, toJsonb(sends), personHashes, instant(now), instant(until)],
  });
}

/** A message is also part of the talk, like one whose sending we remember. */
const RECALL = `
with found as (
  select * from jsonb_to_recordset($3::jsonb) as found ("vendorId" text, channel text, at timestamptz, content jsonb)
), fresh as (
  insert into outbox (location_id, contact_id, once_key, channel, purpose, content, state, reason, vendor_id, person_hashes,
    claimed_at, sending_at, settled_at)
  select $1, $2, 'recalled:' || "vendorId", channel, case channel when 'call-task' then 'task' else 'solicitation' end, content, 'sent',
    'read back from the CRM after a restore', "vendorId", case channel when 'call-task' then '{}' else $4::text[] end, at, at, $5
  from found
  where not exists (
    select from outbox o where o.location_id = $1 and o.contact_id = $2 and o.vendor_id = found."vendorId")
  on conflict (location_id, contact_id, once_key) do nothing
  returning channel, vendor_id, content, sending_at
), told as (
  insert into messages (location_id, contact_id, message_key, direction, channel, body, origin, at)
  select $1, $2, vendor_id, 'outbound', channel, content ->> 'body', 'api', sending_at from fresh where channel <> 'call-task'
  on conflict (location_id, contact_id, message_key) do nothing
)
update leads set recalled_at = $6 where location_id = $1 and contact_id = $2`;

async function unheard(place: Place, ref: LeadRef, keys: readonly string[]): Promise<string[]> {
  const { rows } = await place.query<{ key: string }>({
    name: 'restores-unheard',
    text: `select key from unnest($3::text[]) as key
      where not exists (select from messages m where m.location_id = $1 and m.contact_id = $2 and m.message_key = key)`,
    values: [ref.locationId, ref.contactId, keys.map(clean)],
  });
  return rows.map(({ key }) => key);
}

/** What another row bears the vendor's id of, by its own settlement or a read-back, stands for that row. */
async function unclaimed(place: Place, row: OutboxRow, until: Iso): Promise<Unclaimed | undefined> {
  const { rows } = await place.query<UnclaimedRow>({
    name: 'restores-unclaimed',
    text: `select send_id as "sendId", vendor_id as "vendorId", channel, content, sending_at as at,
        (select i.received_at from inbox i where i.location_id = $1 and i.inbox_id = $5::uuid) as "eventAt"
      from outbox o
      where location_id = $1 and contact_id = $2 and channel = $3 and state = 'sent' and once_key like 'recalled:%' and send_id <> $4
        and not exists (
          select from outbox other
          where other.location_id = $1 and other.contact_id = $2 and other.vendor_id = o.vendor_id and other.send_id <> o.send_id)
      order by sending_at, send_id`,
    values: [row.locationId, row.contactId, row.channel, row.sendId, eventOf(row)],
  });
  const [first] = rows;
  if (first === undefined) return undefined;
  const sends = rows.map(({ eventAt: _eventAt, content, ...send }) => ({ ...send, ...content }));
  return { sends, until, eventAt: first.eventAt };
}

type UnclaimedRow = Omit<Unclaimed['sends'][number], 'body' | 'title'> & {
  readonly content: { readonly body: string; readonly title?: string };
  readonly eventAt: Iso | null;
};

/** Tasks of a decision name the event they follow from: `hot:<inboxId>`. */
function eventOf({ onceKey }: OutboxRow): string | null {
  const id = onceKey.split(':')[1] ?? '';
  return !onceKey.startsWith('enrolment:') && isUuid(id) ? id : null;
}

async function attribute(
  place: Place,
  row: OutboxRow,
  recalledId: string,
  settled: Attribution,
  now: Iso,
): Promise<boolean> {
  if (!isUuid(recalledId)) return false;
  const { rowCount } = await place.query({
    name: 'restores-attribute',
    text: `with recalled as (
        update outbox set state = 'cancelled', reason = 'stands for send ' || $3::text
        where location_id = $1 and contact_id = $2 and send_id = $4 and state = 'sent' and once_key like 'recalled:%'
          and exists (select from outbox where location_id = $1 and contact_id = $2 and send_id = $3::uuid and state = 'claimed')
        returning vendor_id, sending_at, person_hashes
      )
      update outbox o set state = $5, reason = $6, vendor_id = recalled.vendor_id, sending_at = recalled.sending_at,
        person_hashes = recalled.person_hashes, settled_at = $7, check_at = null
      from recalled
      where o.location_id = $1 and o.contact_id = $2 and o.send_id = $3::uuid and o.state = 'claimed'`,
    values: [
      row.locationId,
      row.contactId,
      row.sendId,
      recalledId,
      settled.state,
      'reason' in settled ? clean(settled.reason) : null,
      instant(now),
    ],
  });
  return rowCount === 1;
}
