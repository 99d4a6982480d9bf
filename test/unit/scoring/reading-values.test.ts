import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readMoney } from '../../../domain/leads/read-money.ts';
import { readTimeline } from '../../../domain/leads/read-timeline.ts';

describe('readMoney', () => {
  it.each([
    ['$450,000', 450_000],
    ['$1.2M', 1_200_000],
    ['450k', 450_000],
    ['450 K', 450_000],
    ['1.2 million', 1_200_000],
    ['half a million', 500_000],
    ['450 thousand', 450_000],
    ['USD 450000', 450_000],
    ['450,000 dollars', 450_000],
    ['$1,250,000.00', 1_250_000],
    ['$450.000', 450_000],
    ['up to $500k!', 500_000],
    ['450000', 450_000],
    ['my budget is 95000 max', 95_000],
    ['3 bed 2 bath, 450k', 450_000],
    ['123 Main St 78704, $350K', 350_000],
  ])('reads %j as %d', (text, wanted) => expect(readMoney(text)).toBe(wanted));

  it.each([
    ['400-450k', 450_000],
    ['$400k to $450k', 450_000],
    ['between 400 and 450k', 450_000],
    ['$400,000 – $450,000', 450_000],
    ['$400k-450', 450_000],
    ['1.2-1.4M', 1_400_000],
    ['between $1 and $1.2 million', 1_200_000],
    ['300000-350000', 350_000],
    ['$450k/500k', 500_000],
  ])('takes the upper end of the range %j', (text, wanted) => expect(readMoney(text)).toBe(wanted));

  it.each([
    '450',
    'Budget 400',
    '78704',
    '(512) 555-0134',
    '+15125550134',
    'in 2026',
    'at 5pm',
    '4 beds',
    '10,000 sq ft lot',
    '$0',
    '',
  ])('reads no price in %j', (text) => expect(readMoney(text)).toBeNull());

  it.each([
    ['20k down, 500k budget', 500_000],
    ['we make $90k a year and want to spend 350k', 350_000],
    ['rent is $2,000, looking at $400k', 400_000],
    ['30m away', null],
  ])('takes no rent, income, deposit or distance for a price: %j', (text, wanted) =>
    expect(readMoney(text)).toBe(wanted),
  );

  it('reads back every price that it could have been told, however it is written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 9_999 }), (thousands) => {
        const price = thousands * 1_000;
        const grouped = price.toLocaleString('en-US');
        for (const text of [
          `$${grouped}`,
          `$${price}`,
          `${thousands}k`,
          `up to ${grouped} dollars`,
          `$${price / 1e6}M`,
        ]) {
          expect([text, readMoney(text)]).toEqual([text, price]);
        }
      }),
    );
  });

  it('answers any text with a positive finite number or null', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[$\d.,km -]{0,40}$/)), (text) => {
        const money = readMoney(text);
        expect(money === null || (money > 0 && money <= 1e9)).toBe(true);
      }),
    );
  });
});

describe('readTimeline', () => {
  it.each([
    [
      'immediate',
      ['immediate', 'ASAP', 'now', 'ready to buy now', 'next month', 'within 30 days', '2 weeks', 'in a few weeks'],
    ],
    ['soon', ['soon', '0-3 months', '3-6 months', 'in a couple of months', 'within the next 90 days', '4-6 weeks']],
    [
      'exploring',
      [
        'exploring',
        'no rush',
        'just looking',
        'next year',
        '6-12 months',
        '6+ months',
        'in about a year',
        'not ready yet',
      ],
    ],
  ] as const)('reads %s', (wanted, texts) => {
    expect(texts.map((text) => [text, readTimeline(text)])).toEqual(texts.map((text) => [text, wanted]));
  });

  it('does not take a denied hurry for a hurry', () => {
    expect(
      ['not urgent', "we're not in a hurry", "it isn't urgent", 'no need to move right away'].map(readTimeline),
    ).toEqual(Array(4).fill('exploring'));
  });

  it('lets the last thing said count', () => {
    expect(readTimeline('We were just looking, but now it is urgent')).toBe('immediate');
    expect(readTimeline('It was urgent last spring, now there is no rush')).toBe('exploring');
  });

  it.each([
    '',
    'I know',
    'Weekend',
    "I can't talk right now",
    'talk soon!',
    '12 month lease',
    'looked for 6 months',
    '3 years ago',
  ])('reads nothing in %j', (text) => expect(readTimeline(text)).toBeNull());
});
