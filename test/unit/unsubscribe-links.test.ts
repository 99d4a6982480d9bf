import { describe, expect, it } from '@jest/globals';
import { createUnsubscribeLinks } from '../../platform/unsubscribe-links.ts';

const grant = {
  locationId: 'Rk3TqLw8mZp2VbN6sYhD',
  contactId: 'uW7kHs2PqXn4TzLb9cVe',
  personHash: 'ab'.repeat(32),
  channel: 'email',
  sendId: '0b0e7a52-4c6a-4a0e-9d2f-0d8e1b1f2a3c',
} as const;
const links = createUnsubscribeLinks(Buffer.alloc(32, 1), () => 'https://leads.example.com');
const tokenOf = (url: string | null): string => (url ?? '').replace('https://leads.example.com/u/', '');
const token = tokenOf(links.urlFor(grant));

describe('the link of an e-mail', () => {
  it('brings back whom it is for, also to a process that starts later with the same key', () => {
    expect(links.read(token)).toEqual(grant);
    const later = createUnsubscribeLinks(Buffer.alloc(32, 1), () => undefined);
    expect(later.read(token)).toEqual(grant);
  });

  it('shows nothing of it, is the same each time, and another for another e-mail', () => {
    const bytes = Buffer.from(token, 'base64url');
    for (const part of [grant.locationId, grant.contactId, grant.sendId, 'email'])
      expect(bytes.includes(Buffer.from(part))).toBe(false);
    expect(bytes.includes(Buffer.from(grant.personHash, 'hex'))).toBe(false);
    expect(token).toMatch(/^[A-Za-z0-9_-]{80,300}$/);
    expect(tokenOf(links.urlFor(grant))).toBe(token);
    expect(tokenOf(links.urlFor({ ...grant, sendId: '1b0e7a52-4c6a-4a0e-9d2f-0d8e1b1f2a3c' }))).not.toBe(token);
  });

  it('is of no use changed, cut, lengthened, made up, or at another installation', () => {
    for (let at = 0; at < token.length; at += 7) {
      const other = token[at] === 'A' ? 'B' : 'A';
      const changed = token.slice(0, at) + other + token.slice(at + 1);
      // The last character holds bits that no byte needs.
      if (!Buffer.from(changed, 'base64url').equals(Buffer.from(token, 'base64url')))
        expect(links.read(changed)).toBeUndefined();
    }
    for (const wrong of ['', token.slice(0, -4), `${token}AAAA`, 'A'.repeat(160), `${token}?x`, 'x'.repeat(5000)])
      expect(links.read(wrong)).toBeUndefined();
    expect(createUnsubscribeLinks(Buffer.alloc(32, 2), () => undefined).read(token)).toBeUndefined();
  });

  it('is none as long as nobody knows where people reach us', () => {
    expect(createUnsubscribeLinks(Buffer.alloc(32, 1), () => undefined).urlFor(grant)).toBeNull();
  });
});
