import type {
  CredentialKind,
  CredentialStanding,
  CredentialStore,
  Grant,
  Renewal,
  Renewed,
  RefusedReason,
} from '../../domain/ports/credentials.ts';
import type { Iso } from '../../domain/glossary.ts';
import type { NewInboxEvent } from '../../domain/ports/inbox.ts';
import type { AccessToken, TokenHolder } from '../../domain/ports/tokens.ts';
import {
  type CredentialRow,
  STANDING,
  markRefused,
  readCredential,
  wipeCredential,
  writeCredential,
  writeEvent,
} from './credential-rows.ts';
import { insert } from './inbox-accept.ts';
import { park, parkSuspended, resume, unpark } from './parking.ts';
import { type Client, type Place, stored, transaction } from './pool.ts';
import { ownerOf, sealGrant, type Sealing, type WrappedKey } from './sealing.ts';
import { enter, leave, type Tenants } from './tenants.ts';

/**
 * Tokens in Postgres. A credential's row comes before its location's lock, everywhere: whoever holds the one may wait for the other, and
 * nobody the other way round.
 */
export function createCredentialStore(tenants: Tenants, sealing: Sealing): CredentialStore {
  const at = (holder: TokenHolder): Place => (holder.kind === 'location' ? tenants.at(holder.id) : tenants.house);
  return {
    newest: (holder) =>
      stored(async () => openNewest(sealing, holder, await readCredential(at(holder), holder, false))),
    standing: (holder) => stored(async () => standingOf(holder, await readCredential(at(holder), holder, false))),
    install: (holder, kind, grant, now, how = 'installed') =>
      stored(() => transaction(at(holder), (client) => install(client, sealing, holder, { kind, grant, now, how }))),
    renew: (holder, version, ask, now) =>
      stored(() => transaction(at(holder), (client) => renew(client, sealing, holder, { version, ask, now }))),
    refuse: (holder, version, reason, now) =>
      stored(() => transaction(at(holder), (client) => refuse(client, holder, { version, reason, now }))),
    suspend: (holder, version, now) => stored(() => suspend(at(holder), holder, version, now)),
    resume: (holder, told) =>
      stored(() => (told === undefined ? resume(at(holder), holder) : resumeAndTell(tenants.house, holder, told))),
    destroy: (holder, now) => stored(() => transaction(at(holder), (client) => destroy(client, holder, now))),
    list: () => stored(() => list(tenants.house)),
  };
}

/** Part of the transaction that installs a location by hand, too. */
export async function install(
  client: Client,
  sealing: Sealing,
  holder: TokenHolder,
  given: {
    readonly kind: CredentialKind;
    readonly grant: Grant;
    readonly now: Iso;
    readonly how: 'installed' | 'exchanged';
  },
): Promise<{ version: number }> {
  const { kind, grant, now, how } = given;
  const sealed = sealGrant(sealing, holder, grant);
  const version = await writeCredential(client, holder, kind, sealed, grant.lifeMs, now, true);
  await writeEvent(client, holder, { at: now, kind: how, version, grant });
  await unpark(client, holder, how === 'installed');
  return { version };
}

interface RenewalOf {
  readonly version: number;
  readonly ask: (refresh: string | undefined) => Promise<Renewal>;
  readonly now: () => Iso;
}

async function renew(
  client: Client,
  sealing: Sealing,
  holder: TokenHolder,
  { version, ask, now }: RenewalOf,
): Promise<Renewed> {
  // The vendor is asked while the row is locked, and may take its time.
  const [, row] = await Promise.all([
    client.query(`set local idle_in_transaction_session_timeout = '60s'`),
    readCredential(client, holder, true),
  ]);
  const key = keyOf(row);
  if (row === undefined || key === undefined || row.version !== version) return { kind: 'overtaken' };
  const refresh = row.refresh === null ? undefined : sealing.open(key, ownerOf(holder, 'refresh'), row.refresh);
  const outcome = await ask(refresh);
  const at = now();
  if (outcome.kind === 'refused') {
    await refuse(client, holder, { version, reason: outcome.reason, now: at });
    return outcome;
  }
  const { grant, how } = outcome;
  const sealed = sealGrant(sealing, holder, grant, key);
  const next = await writeCredential(client, holder, row.kind, sealed, grant.lifeMs, at, how === 'exchanged');
  await writeEvent(client, holder, { at, kind: how, version: next, grant });
  return { kind: 'renewed', version: next, unparked: await unpark(client, holder, false) };
}

/** Parked also where this version was refused before: who died between the two finds it so. */
async function refuse(
  client: Client,
  holder: TokenHolder,
  { version, reason, now }: { readonly version: number; readonly reason: RefusedReason; readonly now: Iso },
): Promise<boolean> {
  const row = await readCredential(client, holder, true);
  if (row === undefined || !row.held || row.version !== version) return false;
  if (await markRefused(client, holder, version, now)) {
    const kind = row.renewable && reason === 'token-refused' ? 'revoked' : 'refused';
    await writeEvent(client, holder, { at: now, kind, version, reason });
  }
  await park(client, holder, reason, now);
  return true;
}

/** Without a lock on the credential: a renewal may hold it for as long as the vendor takes. */
async function suspend(place: Place, holder: TokenHolder, version: number, now: Iso): Promise<boolean> {
  const row = await readCredential(place, holder, false);
  if (row === undefined || !row.held || row.version !== version || row.refusedAt !== null) return false;
  return parkSuspended(place, holder, now);
}

/** The row of the location is written with the tenant's rights, that of the inbox with the house's. */
async function resumeAndTell(house: Place, holder: TokenHolder, told: NewInboxEvent): Promise<boolean> {
  return transaction(house, async (client) => {
    await enter(client, holder.id);
    if (!(await resume(client, holder))) return false;
    await leave(client);
    await insert(client, told);
    return true;
  });
}

async function destroy(client: Client, holder: TokenHolder, now: Iso): Promise<void> {
  const version = await wipeCredential(client, holder);
  if (version !== undefined) await writeEvent(client, holder, { at: now, kind: 'uninstalled', version });
}

function openNewest(sealing: Sealing, holder: TokenHolder, row: CredentialRow | undefined): AccessToken | undefined {
  const key = keyOf(row);
  if (row?.access == null || key === undefined || row.refusedAt !== null) return undefined;
  return { token: sealing.open(key, ownerOf(holder, 'access'), row.access), version: row.version };
}

function keyOf(row: CredentialRow | undefined): WrappedKey | undefined {
  if (row?.dataKey == null || row.masterKeyId === null) return undefined;
  return { wrapped: row.dataKey, masterKeyId: row.masterKeyId };
}

function standingOf(holder: TokenHolder, row: CredentialRow | undefined): CredentialStanding | undefined {
  if (row === undefined) return undefined;
  const { kind, version, held, renewable, installedAt, issuedAt, expiresAt, refusedAt } = row;
  return { holder, kind, version, held, renewable, installedAt, issuedAt, expiresAt, refusedAt };
}

type ListRow = Omit<CredentialStanding, 'holder'> & { readonly whose: TokenHolder['kind']; readonly id: string };

async function list(house: Place): Promise<CredentialStanding[]> {
  const { rows } = await house.query<ListRow>(
    `select 'location' as whose, location_id as id, ${STANDING} from credentials
      union all select 'company', company_id, ${STANDING} from companies order by 1, 2`,
  );
  return rows.map(({ whose, id, ...rest }) => ({ holder: { kind: whose, id }, ...rest }));
}
