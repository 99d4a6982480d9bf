import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { personAddress } from '../domain/consent/person-address.ts';
import { AppError } from '../domain/errors.ts';
import type { Sealing, WrappedKey } from '../integrations/postgres/sealing.ts';

/** Keyed hash of a phone number or e-mail address, however it is spelled: the person, without the address. */
export function personHash(key: Buffer, address: string): string {
  return createHmac('sha256', key).update(personAddress(address)).digest('hex');
}

/**
 * A random key for each holder of secrets, wrapped by the master key; secrets lie under their holder's key. Whose they are is bound to
 * both, so that bytes moved to another row do not open.
 */
export function createSealing(masterKey: Buffer): Sealing {
  const masterKeyId = createHmac('sha256', masterKey).update('key id').digest('hex').slice(0, 16);

  function unwrap(key: WrappedKey, owner: string): Buffer {
    if (key.masterKeyId !== masterKeyId) throw unreadable('another master key than keys/master.key wrapped it');
    return opened(masterKey, holderOf(owner), key.wrapped);
  }

  return {
    newKey: (owner) => ({ wrapped: seal(masterKey, holderOf(owner), randomBytes(32)), masterKeyId }),
    seal: (key, owner, plain) => seal(unwrap(key, owner), owner, Buffer.from(plain, 'utf8')),
    open: (key, owner, sealed) => opened(unwrap(key, owner), owner, sealed).toString('utf8'),
  };
}

/** `location:ID:access` → `location:ID`: ids have no colon. */
function holderOf(owner: string): string {
  return owner.split(':').slice(0, 2).join(':');
}

/** AES-256-GCM: 12-byte nonce, 16-byte tag, ciphertext. */
function seal(key: Buffer, owner: string, plain: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(owner, 'utf8'));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

function opened(key: Buffer, owner: string, sealed: Buffer): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAAD(Buffer.from(owner, 'utf8'));
    decipher.setAuthTag(sealed.subarray(12, 28));
    return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
  } catch {
    throw unreadable('its bytes are not what was sealed');
  }
}

function unreadable(why: string): AppError {
  return new AppError('CREDENTIAL_UNREADABLE', `a stored secret cannot be opened: ${why}`);
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
