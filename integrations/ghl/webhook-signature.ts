import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { AppError } from '../../domain/errors.ts';

/**
 * Does the header sign these exact bytes? Ed25519 over the raw body, base64 with padding; any of the keys may fit.
 * GHL sends the literal `N/A` where it did not sign: that is no signature. The retired RSA header is not looked at.
 * @param header  value of `X-GHL-Signature`
 */
export function verifySignature(
  rawBody: Buffer,
  header: string | undefined,
  keys: readonly KeyObject[],
): 'ok' | 'missing' | 'invalid' {
  if (header === undefined || header === '' || header === 'N/A') return 'missing';
  const signature = strictBase64(header);
  if (signature === undefined) return 'invalid';
  return keys.some((key) => verify(null, rawBody, key, signature)) ? 'ok' : 'invalid';
}

/** Public keys of a PEM file. Throws KEY_DAMAGED when it holds none, or one that is not Ed25519: a rotation must not fail silently. */
export function loadKeys(pem: string): KeyObject[] {
  const blocks = pem.match(/-----BEGIN PUBLIC KEY-----[\s\S]*?-----END PUBLIC KEY-----/g) ?? [];
  if (blocks.length === 0)
    throw new AppError('KEY_DAMAGED', 'The webhook key file holds no PEM block BEGIN PUBLIC KEY.');
  return blocks.map((block, index) => {
    const key = readKey(block, index);
    if (key.asymmetricKeyType !== 'ed25519') {
      throw new AppError(
        'KEY_DAMAGED',
        `Webhook key ${index + 1} is ${key.asymmetricKeyType ?? 'unknown'}, expected ed25519.`,
      );
    }
    return key;
  });
}

/** Signs as the vendor does; for the command line and the sandbox's own key. */
export function signBody(privateKeyPem: string, rawBody: Uint8Array): string {
  return sign(null, rawBody, createPrivateKey(privateKeyPem)).toString('base64');
}

/**
 * The key with which GHL signs for every app alike: a valid signature says who sent, never for which app or location.
 * @see https://marketplace.gohighlevel.com/docs/webhook/WebhookIntegrationGuide
 */
export const vendorPublishedKey = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAi2HR1srL4o18O8BRa7gVJY7G7bupbN3H9AwJrHCDiOg=
-----END PUBLIC KEY-----
`;

function readKey(block: string, index: number): KeyObject {
  try {
    return createPublicKey(block);
  } catch (cause) {
    throw new AppError('KEY_DAMAGED', `Webhook key ${index + 1} cannot be read as a public key.`, { cause });
  }
}

/** Node's decoder forgives everything; a signature has one spelling of 88 characters for its 64 bytes. */
function strictBase64(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9+/]{86}==$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === 64 && bytes.toString('base64') === text ? bytes : undefined;
}
