import { describe, expect, it } from '@jest/globals';
import { fieldStep, isSpellingOf } from '../../../domain/crm/diff-fields.ts';
import type { Mark } from '../../../domain/crm/marks.ts';
import type { FieldValue } from '../../../domain/leads/contact.ts';

describe('what we wrote', () => {
  it.each<[FieldValue, string | number]>([
    ['$450,000.00', 450_000],
    ['82', 82],
    ['buyer', 'Buyer'],
    [['Buyer'], 'Buyer'],
    [['Seller', 'buyer'], 'Buyer, Seller'],
    [['Boise, ID'], 'Boise, ID'],
    [true, 'true'],
    ['Да', 'да'],
    ['-$5.00', -5],
    ['$ -5', '-5'],
    ['follow up', 'follow-up'],
    ['2026-05-04T00:00:00.000Z', '2026-05-04'],
    [String(Date.parse('2026-05-04')), '2026-05-04'],
  ])('is recognised in %j for %j', (shown, written) => {
    expect(isSpellingOf(shown, written)).toBe(true);
  });

  it.each<[FieldValue, string | number]>([
    ['нет', 'да'],
    ['-5', 5],
    ['-$5.00', '5'],
    ['5', -5],
    ['\u22125', '5'],
    ['👎', '👍'],
    ['0', '—'],
    ['—', 0],
    [['Buyer', 'Seller'], 'Buyer'],
    [['Buyer'], 'Buyer, Seller'],
    [[], 'Buyer'],
    [false, 'true'],
    [{ file: 'x' }, 'x'],
  ])('is not taken to be %j for %j', (shown, written) => {
    expect(isSpellingOf(shown, written)).toBe(false);
  });
});

describe('a field of choices that is ours', () => {
  const mark: Mark = { state: 'ours', at: '2026-05-04T12:00:00.000Z', value: 'Buyer', planVersion: 1 };

  it('stays, changes with the plan and is cleared with it, like any other', () => {
    expect(fieldStep('Buyer', ['Buyer'], mark, false)).toEqual({ kind: 'leave' });
    expect(fieldStep('Seller', ['Buyer'], mark, false)).toMatchObject({ kind: 'set', value: 'Seller' });
    expect(fieldStep(undefined, ['Buyer'], mark, false)).toMatchObject({ kind: 'set', value: '' });
  });

  it('is let go once a colleague has chosen more', () => {
    expect(fieldStep('Buyer', ['Buyer', 'Cash'], mark, false)).toEqual({ kind: 'leave', mark: 'let-go' });
    expect(fieldStep('Seller', ['Cash'], mark, false)).toEqual({ kind: 'leave', mark: 'foreign' });
  });

  it('whose write was begun and has not happened is still ours to write', () => {
    const begun: Mark = { ...mark, state: 'setting', value: 'Seller', before: '["Buyer"]' };
    expect(fieldStep('Seller', ['Buyer'], begun, false)).toMatchObject({ kind: 'set', value: 'Seller' });
  });
});
