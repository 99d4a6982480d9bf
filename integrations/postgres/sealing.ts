import { createHash } from 'node:crypto';
import type { Grant } from '../../domain/ports/credentials.ts';
import type { TokenHolder } from '../../domain/ports/tokens.ts';

/** A data key as it lies in the database: wrapped by the master key of this id. */
export interface WrappedKey {
  readonly wrapped: Buffer;
  readonly masterKeyId: string;
}

/** How secrets are kept at rest. `owner` is bound to what is sealed: the bytes of one holder, or of one column, do not pass for another's. */
export interface Sealing {
  newKey(owner: string): WrappedKey;
  seal(key: WrappedKey, owner: string, plain: string): Buffer;
  /** @throws AppError CREDENTIAL_UNREADABLE */
  open(key: WrappedKey, owner: string, sealed: Buffer): string;
}

/** The sealed columns of a credential, in one go. */
export interface SealedGrant {
  readonly dataKey: Buffer;
  readonly masterKeyId: string;
  readonly access: Buffer;
  readonly refresh: Buffer | null;
}

/** @param known  the holder's key; a holder without one gets one */
export function sealGrant(sealing: Sealing, holder: TokenHolder, grant: Grant, known?: WrappedKey): SealedGrant {
  const key = known ?? sealing.newKey(ownerOf(holder));
  return {
    dataKey: key.wrapped,
    masterKeyId: key.masterKeyId,
    access: sealing.seal(key, ownerOf(holder, 'access'), grant.access),
    refresh: grant.refresh === undefined ? null : sealing.seal(key, ownerOf(holder, 'refresh'), grant.refresh),
  };
}

export function ownerOf(holder: TokenHolder, part?: 'access' | 'refresh'): string {
  return [holder.kind, holder.id, ...(part === undefined ? [] : [part])].join(':');
}

/** Enough to recognise a token that somebody has, and not enough to find one. */
export function fingerprint(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 12);
}
