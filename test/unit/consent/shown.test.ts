import { describe, expect, it } from '@jest/globals';
import { boughtShown, consentsShown } from '../../../domain/consent/shown.ts';

const settings = {
  consentTags: { 'Texts-OK': ['sms'], Paper: ['sms', 'email'] },
  consentSources: [
    { form: 'Valuation form', text: 'web-2', channels: ['sms'] },
    { field: 'contact.sms_ok', equals: 'Yes', text: 'web-2', channels: ['sms'] },
    { tag: 'open house', text: 'sheet-1', channels: ['email'] },
  ],
} as const;
const ids = { 'contact.sms_ok': 'f1' };
const bases = (contact: Parameters<typeof consentsShown>[0]) =>
  consentsShown(contact, settings, ids).map(({ state, basis, channel }) => `${state} ${basis} ${channel}`);

describe('consent as the CRM shows it', () => {
  it('is granted by each tag that the contact bears, whatever its spelling, and gone for each that it does not', () => {
    expect(bases({ tags: [' texts-ok', 'vip'] })).toEqual([
      'granted tag:Texts-OK sms',
      'gone tag:Paper sms',
      'gone tag:Paper email',
      'gone tag:open house email',
    ]);
  });

  it('says nothing of what is not known: no contact, no tags, no source, no fields, no ids of fields', () => {
    expect(bases(null)).toEqual([]);
    expect(bases({})).toEqual([]);
    expect(consentsShown({ customFields: { f1: 'Yes' } }, settings, undefined)).toEqual([]);
  });

  it('is granted by a form, since the contact came by it, and never gone with another source', () => {
    const found = consentsShown({ source: ' valuation  FORM', dateAdded: '2026-01-02T00:00:00.000Z' }, settings, ids);
    expect(found).toEqual([
      {
        ...{ channel: 'sms', state: 'granted', source: 'form', basis: 'form:Valuation form', textVersion: 'web-2' },
        givenAt: '2026-01-02T00:00:00.000Z',
      },
    ]);
    expect(bases({ source: 'referral' })).toEqual([]);
  });

  it.each([
    ['Yes', 'granted'],
    [' yes ', 'granted'],
    [['No', 'Yes'], 'granted'],
    ['Yes please', 'gone'],
    ['', 'gone'],
    [null, 'gone'],
    [{ yes: 'Yes' }, 'gone'],
  ])('is granted by a field that holds just the words: %j is %s', (value, state) => {
    expect(bases({ customFields: { f1: value } })).toEqual([`${state} field:contact.sms_ok=Yes sms`]);
  });

  it('is gone where the location has no such field', () => {
    expect(consentsShown({ customFields: { f1: 'Yes' } }, settings, {})).toMatchObject([{ state: 'gone' }]);
  });
});

describe('a bought list', () => {
  const boughtLeads = { tags: ['Bought'], sources: ['Lead Mill'] };
  it('is told by a tag or the source, however they are written', () => {
    const bought = (contact: Parameters<typeof boughtShown>[0]) => boughtShown(contact, { boughtLeads });
    expect([bought({ tags: ['BOUGHT'] }), bought({ source: 'lead  mill' })]).toEqual([true, true]);
    expect([bought(null), bought({}), bought({ tags: ['vip'], source: null })]).toEqual([false, false, false]);
  });
});
