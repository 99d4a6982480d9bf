import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import type { UnsubscribeGrant, UnsubscribeLinks } from '../domain/ports/unsubscribe-links.ts';

/**
 * Links whose token holds all that its use needs, sealed: it works for as long as the key of persons does, which is as long as suppressions
 * mean anything, whatever became of the row of the e-mail, the contact or the location. The same grant makes the same token.
 * @param personKey  the key of persons' hashes; links have one derived from it
 * @param publicUrl  where people reach us; undefined: not known (yet)
 */
export function createUnsubscribeLinks(personKey: Buffer, publicUrl: () => string | undefined): UnsubscribeLinks {
  const key = Buffer.from(hkdfSync('sha256', personKey, '', 'leadwright unsubscribe link', 64));
  const [sealKey, nonceKey] = [key.subarray(0, 32), key.subarray(32)];

  function seal(grant: UnsubscribeGrant): string {
    const plain = bytesOf(grant);
    // A nonce made of what it seals: it comes again only with the very same bytes.
    const nonce = createHmac('sha256', nonceKey).update(plain).digest().subarray(0, 12);
    const cipher = createCipheriv('aes-256-gcm', sealKey, nonce);
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
  }

  return {
    urlFor(grant) {
      const base = publicUrl();
      return base === undefined ? null : `${base}/u/${seal(grant)}`;
    },
    read(token) {
      if (!/^[A-Za-z0-9_-]{80,600}$/.test(token)) return undefined;
      const sealed = Buffer.from(token, 'base64url');
      try {
        const decipher = createDecipheriv('aes-256-gcm', sealKey, sealed.subarray(0, 12), { authTagLength: 16 });
        decipher.setAuthTag(sealed.subarray(12, 28));
        return grantOf(Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]));
      } catch {
        // Cut, changed, guessed, or of another installation: nobody is told which.
        return undefined;
      }
    },
  };
}

const VERSION = 1;

/** Version, hash of the person, then the ids, none of which has a line break. */
function bytesOf({ locationId, contactId, personHash, channel, sendId }: UnsubscribeGrant): Buffer {
  const ids = [locationId, contactId, channel, sendId].join('\n');
  return Buffer.concat([Buffer.from([VERSION]), Buffer.from(personHash, 'hex'), Buffer.from(ids, 'utf8')]);
}

function grantOf(plain: Buffer): UnsubscribeGrant | undefined {
  const [locationId, contactId, channel, sendId] = plain.subarray(33).toString('utf8').split('\n');
  if (plain[0] !== VERSION || channel !== 'email') return undefined;
  if (locationId === undefined || contactId === undefined || sendId === undefined) return undefined;
  return { locationId, contactId, channel, sendId, personHash: plain.subarray(1, 33).toString('hex') };
}
