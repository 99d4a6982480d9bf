import type { LeadRef } from '../../domain/glossary.ts';
import type { Client } from './pool.ts';

/**
 * Locks that order a send's gate against everything that may close it: whoever changes a lead's state, a suppression or a location
 * holds the same lock until it has committed. So an opt-out that was acknowledged is seen by every gate that opens afterwards.
 * All keys of a transaction are taken by one statement in one order; nobody can wait for somebody who waits for him.
 */
export function leadLock(ref: LeadRef): string {
  return `lead:${ref.locationId}:${ref.contactId}`;
}

export function personLocks(locationId: string, hashes: readonly string[]): string[] {
  return hashes.map((hash) => `person:${locationId}:${hash}`);
}

/** Takes the locks for the rest of the transaction. The statements after it see all that earlier holders committed. */
export async function takeLocks(client: Client, keys: readonly string[]): Promise<void> {
  await client.query({
    name: 'take-locks',
    text: `select count(pg_advisory_xact_lock(k))
      from (select distinct hashtextextended(key, 0) as k from unnest($1::text[]) as key order by 1) as sorted`,
    values: [keys],
  });
}

/** A location's status, and the switch of all, must hold still while one of its gates is open; many gates may be open at once. */
export async function shareLocation(client: Client, locationId: string): Promise<void> {
  await client.query({
    name: 'share-location',
    text: `select pg_advisory_xact_lock_shared(hashtextextended('house', 0)),
      pg_advisory_xact_lock_shared(hashtextextended('location:' || $1, 0))`,
    values: [locationId],
  });
}

/** Whoever switches all locations holds this until it has committed. One lock for all: a location may be installed meanwhile. */
export async function holdHouse(client: Client): Promise<void> {
  await client.query({ name: 'hold-house', text: `select pg_advisory_xact_lock(hashtextextended('house', 0))` });
}
