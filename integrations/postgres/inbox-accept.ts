import { AppError } from '../../domain/errors.ts';
import type { Acceptance, NewInboxEvent } from '../../domain/ports/inbox.ts';
import { leadLock, personLocks, takeLocks } from './locks.ts';
import { type Client, type Place, type Runner, stored, transaction } from './pool.ts';
import { enter } from './tenants.ts';
import { contactKey, release, storedHashes, suppress } from './suppressions.ts';
import { clean, instant, toJsonb } from './values.ts';

/**
 * Makes an event durable: one statement, one commit, one answer. Of any number of simultaneous deliveries of a key one is accepted.
 * A clear opt-out, and what a person did with the link in an e-mail, is written in the same transaction, under the locks that gates take:
 * no gate that opens after the acknowledgement can miss it. Throws CANNOT_STORE when the database does not answer in time.
 */
export async function accept(place: Place, event: NewInboxEvent): Promise<Acceptance> {
  return stored(
    () =>
      event.optOut === undefined && event.link === undefined
        ? insert(place, event)
        : transaction(place, (client) => insertOptOut(client, event)),
    'CANNOT_STORE',
  );
}

/** Part of whatever transaction the event belongs to; it must have the house's rights, and no wish of a person comes with it. */
export async function insert(runner: Runner, event: NewInboxEvent): Promise<Acceptance> {
  const { rows } = await runner.query<Found>({ name: 'accept', text: ACCEPT, values: keyed(event) });
  // No row: another delivery of this key committed while ours waited for it; a new statement sees it.
  const found = rows[0] ?? (await find(runner, event));
  if (found.fresh) return { kind: 'accepted', inboxId: found.inbox_id, receivedAt: found.received_at };
  return { kind: found.body_hash === event.bodyHash ? 'duplicate' : 'conflict', inboxId: found.inbox_id };
}

interface Found {
  readonly inbox_id: string;
  readonly received_at: string;
  readonly body_hash: string;
  readonly fresh: boolean;
}

const SAME_KEY = `key_scope = case when $1 = 'marketplace' then '' else coalesce($2::text, '') end and source = $1 and event_key = $3`;

const ACCEPT = `
with fresh as (
  insert into inbox (source, location_id, event_key, contact_id, body_hash, type, kind, occurred_at, body, headers)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  on conflict (key_scope, source, event_key) do nothing
  returning inbox_id, received_at, body_hash
)
select inbox_id, received_at, body_hash, true as fresh from fresh
union all
select inbox_id, received_at, body_hash, false from inbox where ${SAME_KEY} and not exists (select from fresh)`;

function keyed(event: NewInboxEvent): unknown[] {
  return [
    event.source,
    event.locationId === null ? null : clean(event.locationId),
    clean(event.eventKey),
    event.contactId === null ? null : clean(event.contactId),
    event.bodyHash,
    clean(event.type),
    event.kind,
    event.occurredAt === null ? null : instant(event.occurredAt),
    Buffer.from(event.body),
    toJsonb(event.headers),
  ];
}

async function find(runner: Runner, event: NewInboxEvent): Promise<Found> {
  const { rows } = await runner.query<Found>({
    name: 'accept-again',
    text: `select inbox_id, received_at, body_hash, false as fresh from inbox where ${SAME_KEY}`,
    values: keyed(event).slice(0, 3),
  });
  if (rows[0] === undefined) throw new AppError('CANNOT_STORE', 'a delivery of the same key is being withdrawn');
  return rows[0];
}

async function insertOptOut(client: Client, event: NewInboxEvent): Promise<Acceptance> {
  const acceptance = await insert(client, event);
  const { locationId, contactId, optOut, link } = event;
  const said = optOut ?? link;
  if (acceptance.kind !== 'accepted' || locationId === null || said === undefined) return acceptance;
  // A gate that takes its locks before this has opened before the opt-out: as few round trips as can be until they are ours.
  const [, known] = await Promise.all([
    enter(client, locationId),
    contactId === null || optOut === undefined ? [] : storedHashes(client, { locationId, contactId }),
  ]);
  const hashes = [...new Set([...said.personHashes, ...known, ...(contactId === null ? [] : [contactKey(contactId)])])];
  const lead = contactId === null ? [] : [leadLock({ locationId, contactId })];
  await takeLocks(client, [...lead, ...personLocks(locationId, hashes)]);
  const at = event.occurredAt === null ? acceptance.receivedAt : instant(event.occurredAt);
  const change = { locationId, hashes, inboxId: acceptance.inboxId, at };
  if (optOut !== undefined) await suppress(client, { ...change, channels: optOut.channels });
  if (link !== undefined) {
    const write = link.bars ? suppress : release;
    const reason = link.of === 'us' ? 'link' : 'unsubscribe';
    await write(client, { ...change, channels: [link.channel], reason });
  }
  return acceptance;
}
