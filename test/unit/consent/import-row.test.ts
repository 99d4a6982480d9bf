import { describe, expect, it } from '@jest/globals';
import { readImportRow } from '../../../domain/consent/import-row.ts';

const NOW = '2026-03-02T15:00:00.000Z';
const granted = { what: 'granted', phone: '813 555 0142', channels: 'SMS call', text: 'web-2', at: '2026-02-01' };
const read = (change: Readonly<Record<string, string>> = {}) => readImportRow({ ...granted, ...change }, NOW);
const why = (change: Readonly<Record<string, string>>) => {
  const answer = read(change);
  return answer.ok ? null : answer.why;
};

describe('a row of an import', () => {
  it('is read into one spelling, with its evidence', () => {
    expect(read({ email: ' Ann@Example.com ', page: 'https://www.example.com/form', ip: '192.0.2.7' })).toEqual({
      ok: true,
      value: {
        ...{ contactId: null, phone: '+18135550142', email: 'ann@example.com', at: '2026-02-01T00:00:00.000Z' },
        evidence: { page: 'https://www.example.com/form', ip: '192.0.2.7' },
        said: { state: 'granted', channels: ['sms', 'call'], text: 'web-2', seller: null },
      },
    });
    expect(read({ what: 'Transaction', channels: '', text: '' })).toMatchObject({
      value: { said: { fact: 'transaction' } },
    });
    expect(read({ what: 'withdrawn', text: '' })).toMatchObject({
      value: { said: { state: 'withdrawn', text: null } },
    });
    expect(read({ at: '2026-02-01T10:00:00-05:00' })).toMatchObject({ value: { at: '2026-02-01T15:00:00.000Z' } });
  });

  it.each([
    ['an unknown column', { chanels: 'sms' }, /no column of this name/],
    ['nobody', { phone: ' ' }, /contact, phone or email/],
    ['a contact that is no id', { contact: 'a/b' }, /contact: expected an id/],
    ['a number that is none', { phone: '555' }, /phone: expected a number/],
    ['an address that is none', { email: 'ann' }, /email: expected an address/],
    ['no state', { what: '' }, /what: expected granted/],
    ['another state', { what: 'maybe' }, /what: expected granted/],
    ['no channel', { channels: '' }, /channels: expected some/],
    ['another channel', { channels: 'sms fax' }, /channels: expected some/],
    ['no text', { text: '' }, /text: expected the version/],
    ['a text that is no version', { text: 'I agree to all' }, /text: expected a version/],
    ['e-mail without an address', { channels: 'email' }, /email: expected an address, or contact/],
    ['calls without a number', { phone: '', email: 'ann@example.com' }, /phone: expected a number, or contact/],
    ['channels beside a fact', { what: 'bought' }, /expected none beside bought/],
    ['no time', { at: '' }, /at: expected a day/],
    ['a day that is none', { at: '2026-02-30' }, /at: expected a day/],
    ['a time without a zone', { at: '2026-02-01T10:00:00' }, /at: expected a day/],
    ['a time ahead', { at: '2026-03-03' }, /at: expected a time that is over/],
    ['more evidence than anybody reads', { evidence: 'x'.repeat(1_001) }, /at most 1,000/],
  ] as const)('with %s is bad, and the reason repeats nothing of it', (_name, change, reason) => {
    expect(why(change)).toMatch(reason);
    expect(why(change)).not.toMatch(/fax|maybe|I agree|ann@/);
  });

  it('of a contact alone needs no address', () => {
    expect(why({ phone: '', contact: 'c-1' })).toBeNull();
  });
});
