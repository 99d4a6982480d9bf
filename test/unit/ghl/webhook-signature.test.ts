import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  loadKeys,
  signBody,
  vendorPublishedKey,
  verifySignature,
} from '../../../integrations/ghl/webhook-signature.ts';

const ours = pair();
const other = pair();
const body = Buffer.from('{"type":"ContactCreate","id":"AbCdEfGhIjKlMnOpQrSt","firstName":"Zoë"}');
const signature = signBody(ours.privatePem, body);
const keys = loadKeys(ours.publicPem);

describe('the signature of a marketplace webhook', () => {
  it('fits the exact bytes that were signed', () => {
    expect(verifySignature(body, signature, keys)).toBe('ok');
  });

  it('is missing when absent, empty or the literal N/A', () => {
    for (const header of [undefined, '', 'N/A']) expect(verifySignature(body, header, keys)).toBe('missing');
  });

  it('is invalid when another key made it', () => {
    expect(verifySignature(body, signBody(other.privatePem, body), keys)).toBe('invalid');
  });

  it('is invalid when a byte of the body or of the signature differs', () => {
    const tampered = Buffer.from(body);
    tampered[10] = (tampered[10] ?? 0) ^ 1;
    expect(verifySignature(tampered, signature, keys)).toBe('invalid');
    const bytes = Buffer.from(signature, 'base64');
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    expect(verifySignature(body, bytes.toString('base64'), keys)).toBe('invalid');
  });

  it('is invalid when the body was parsed and written again', () => {
    const spaced = Buffer.from('{ "type": "ContactCreate" }');
    const header = signBody(ours.privatePem, spaced);
    expect(verifySignature(spaced, header, keys)).toBe('ok');
    expect(verifySignature(Buffer.from(JSON.stringify(JSON.parse(spaced.toString()))), header, keys)).toBe('invalid');
    expect(verifySignature(Buffer.from(body.toString('utf8'), 'latin1'), signature, keys)).toBe('invalid');
  });

  it('has one spelling: no cut, padded, spaced, url-safe, hex or doubled form passes', () => {
    const raw = Buffer.from(signature, 'base64');
    const forms = [
      signature.slice(0, -1),
      signature.slice(0, 44),
      `${signature}=`,
      ` ${signature}`,
      `${signature}\n`,
      `${signature}, ${signature}`,
      signature.replace(/=+$/, ''),
      raw.toString('hex'),
      Buffer.concat([raw, raw]).toString('base64'),
      raw.subarray(0, 63).toString('base64'),
      `${signature.slice(0, -3)}${signature.at(-3) === 'A' ? 'B' : 'A'}==`,
      'A'.repeat(100_000),
      '💥',
    ];
    for (const form of forms) expect(verifySignature(body, form, keys)).toBe('invalid');
    expect(verifySignature(body, raw.toString('base64url'), keys)).toBe('invalid');
  });

  it('is invalid for a legacy RSA signature, whatever header it came in', () => {
    const rsa = Buffer.alloc(512, 7).toString('base64');
    expect(verifySignature(body, rsa, keys)).toBe('invalid');
  });

  it('fits any of several keys, as during a rotation, and none when there are none', () => {
    const both = loadKeys(`${other.publicPem}\n# the old one follows\n${ours.publicPem}`);
    expect(both).toHaveLength(2);
    expect(verifySignature(body, signature, both)).toBe('ok');
    expect(verifySignature(body, signature, [])).toBe('invalid');
  });

  it('of an empty body is a signature too', () => {
    const empty = Buffer.alloc(0);
    expect(verifySignature(empty, signBody(ours.privatePem, empty), keys)).toBe('ok');
  });
});

describe('a webhook key file', () => {
  it('may hold the key that the vendor publishes', () => {
    expect(loadKeys(vendorPublishedKey)).toHaveLength(1);
    expect(verifySignature(body, signature, loadKeys(vendorPublishedKey))).toBe('invalid');
  });

  it('is refused when it holds no key, a broken one, or one of another kind', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' });
    const broken = ours.publicPem.replace(/MCow/, 'AAAA');
    for (const pem of ['', 'no key', ours.privatePem, String(rsa), broken, `${ours.publicPem}${String(rsa)}`]) {
      expect(() => loadKeys(pem)).toThrow(expect.objectContaining({ code: 'KEY_DAMAGED' }));
    }
  });

  it('never has its content in the error', () => {
    const secret = ours.publicPem.split('\n')[1] ?? '';
    const broken = ours.publicPem.replace(/MCow/, 'AAAA');
    expect(() => loadKeys(broken)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(secret.slice(10)) }),
    );
  });
});

function pair(): { privatePem: string; publicPem: string } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { privatePem, publicPem: createPublicKey(privatePem).export({ type: 'spki', format: 'pem' }).toString() };
}
