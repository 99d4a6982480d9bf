import { describe, expect, it } from '@jest/globals';
import { footerLacks, withFooter } from '../../../domain/consent/email-footer.ts';

const facts = {
  sender: 'Bayline Realty',
  postalAddress: '400 Bay Street\nTampa, FL 33602',
  unsubscribeUrl: `https://leads.example.com/u/${'t'.repeat(160)}`,
};
const whole = withFooter('Hello Dana.\n', facts);

describe('the end of an e-mail that solicits', () => {
  it('names who wrote, their postal address and the link', () => {
    expect(whole).toBe(
      `Hello Dana.

--
Bayline Realty
400 Bay Street
Tampa, FL 33602

To get no more e-mails like this one from Bayline Realty, open:
${facts.unsubscribeUrl}`,
    );
    expect(footerLacks(whole, facts)).toEqual([]);
  });

  it.each([
    ['sender', 'the name of the location'],
    ['postalAddress', 'its postal address'],
    ['unsubscribeUrl', 'a link to unsubscribe'],
  ] as const)('lacks its %s where that is not known', (fact, what) => {
    for (const value of [null, '', '  \n'] as const) {
      const known = { ...facts, [fact]: value };
      expect(footerLacks(withFooter('Hello Dana.', known), known)).toEqual([what]);
    }
  });

  it('is looked for in the words, not in what was meant to be in them', () => {
    expect(footerLacks('Hello Dana.', facts)).toHaveLength(3);
    expect(footerLacks(whole.replace('33602', '33603'), facts)).toEqual(['its postal address']);
    expect(footerLacks(whole.replace('/u/', '/x/'), facts)).toEqual(['a link to unsubscribe']);
    expect(footerLacks(whole.replace(/t{100}/, ''), facts)).toEqual(['a link to unsubscribe']);
    expect(withFooter('Hello.', { sender: null, postalAddress: null, unsubscribeUrl: null })).toBe('Hello.');
  });

  it('may be wrapped and spaced as mail systems like', () => {
    const wrapped = whole.replace('400 Bay Street\nTampa, FL', '400 Bay Street Tampa,\n  FL');
    expect(footerLacks(wrapped, facts)).toEqual([]);
  });
});
