import type { CredentialKind, CredentialStanding, Grant } from '../../domain/ports/credentials.ts';
import type { Iso } from '../../domain/glossary.ts';
import type { TokenHolder } from '../../domain/ports/tokens.ts';
import type { Runner } from './pool.ts';
import { fingerprint, type SealedGrant } from './sealing.ts';
import { clean, instant } from './values.ts';

/** Locations and companies keep their tokens in tables of the same columns, behind different walls. */
const tables = {
  location: { table: 'credentials', events: 'credential_events', id: 'location_id' },
  company: { table: 'companies', events: 'company_events', id: 'company_id' },
} as const;

export const STANDING = `kind, version, held, renewable, installed_at as "installedAt", issued_at as "issuedAt", expires_at as "expiresAt", refused_at as "refusedAt"`;

export interface CredentialRow extends Omit<CredentialStanding, 'holder'> {
  readonly dataKey: Buffer | null;
  readonly masterKeyId: string | null;
  readonly access: Buffer | null;
  readonly refresh: Buffer | null;
}

const SEALED = `data_key as "dataKey", master_key_id as "masterKeyId", access, refresh`;

/** `lock`: nobody changes it until the transaction ends. */
export async function readCredential(
  runner: Runner,
  holder: TokenHolder,
  lock: boolean,
): Promise<CredentialRow | undefined> {
  const { table, id } = tables[holder.kind];
  const { rows } = await runner.query<CredentialRow>({
    name: `${table}-read${lock ? '-locked' : ''}`,
    text: `select ${STANDING}, ${SEALED} from ${table} where ${id} = $1${lock ? ' for update' : ''}`,
    values: [clean(holder.id)],
  });
  return rows[0];
}

/** Whatever was there gives way; the count of versions goes on. `anew`: by an install, or from its agency, and not by a renewal of its own. */
export async function writeCredential(
  runner: Runner,
  holder: TokenHolder,
  kind: CredentialKind,
  sealed: SealedGrant,
  lifeMs: number | null,
  now: Iso,
  anew: boolean,
): Promise<number> {
  const { table, id } = tables[holder.kind];
  const { rows } = await runner.query<{ version: number }>({
    name: `${table}-write`,
    text: `insert into ${table} as c (${id}, kind, version, data_key, master_key_id, access, refresh, installed_at, issued_at, expires_at)
      values ($1, $2, 1, $3, $4, $5, $6, $7, $7, $7::timestamptz + $8::double precision * interval '1 millisecond')
      on conflict (${id}) do update set kind = excluded.kind, version = c.version + 1, data_key = excluded.data_key,
        master_key_id = excluded.master_key_id, access = excluded.access, refresh = excluded.refresh, issued_at = excluded.issued_at,
        installed_at = case when $9 then excluded.installed_at else c.installed_at end, expires_at = excluded.expires_at, refused_at = null
      returning version`,
    values: [
      clean(holder.id),
      kind,
      sealed.dataKey,
      sealed.masterKeyId,
      sealed.access,
      sealed.refresh,
      instant(now),
      lifeMs,
      anew,
    ],
  });
  return rows[0]!.version;
}

/** @returns false: this version is not the newest any more, or was refused before */
export async function markRefused(runner: Runner, holder: TokenHolder, version: number, now: Iso): Promise<boolean> {
  const { table, id } = tables[holder.kind];
  const { rowCount } = await runner.query({
    name: `${table}-refused`,
    text: `update ${table} set refused_at = $3 where ${id} = $1 and version = $2 and held and refused_at is null`,
    values: [clean(holder.id), version, instant(now)],
  });
  return rowCount === 1;
}

/** @returns its version; undefined where there was nothing to destroy */
export async function wipeCredential(runner: Runner, holder: TokenHolder): Promise<number | undefined> {
  const { table, id } = tables[holder.kind];
  const { rows } = await runner.query<{ version: number }>({
    name: `${table}-wipe`,
    text: `update ${table} set data_key = null, master_key_id = null, access = null, refresh = null
      where ${id} = $1 and held returning version`,
    values: [clean(holder.id)],
  });
  return rows[0]?.version;
}

export async function writeEvent(
  runner: Runner,
  holder: TokenHolder,
  event: {
    readonly at: Iso;
    readonly kind: 'installed' | 'exchanged' | 'refreshed' | 'refused' | 'revoked' | 'uninstalled';
    readonly version: number;
    readonly grant?: Grant;
    readonly reason?: string;
  },
): Promise<void> {
  const { events, id } = tables[holder.kind];
  await runner.query({
    name: `${events}-write`,
    text: `insert into ${events} (${id}, at, kind, version, fingerprint, reason) values ($1, $2, $3, $4, $5, $6)`,
    values: [
      clean(holder.id),
      instant(event.at),
      event.kind,
      event.version,
      event.grant === undefined ? null : fingerprint(event.grant.access),
      event.reason ?? null,
    ],
  });
}
