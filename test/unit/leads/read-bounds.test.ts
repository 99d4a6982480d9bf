import { describe, expect, it } from '@jest/globals';
import { advance } from '../../../domain/leads/qualify.ts';
import type { Question } from '../../../domain/leads/lead.ts';
import { readMessage } from '../../../domain/leads/read-message.ts';

const boundsOf = (text: string, lastQuestion?: Question) =>
  readMessage(text, { optedOut: false, ...(lastQuestion === undefined ? {} : { lastQuestion }) }).bounds;

describe('how what a buyer says binds', () => {
  it.each<[string, unknown, Question | null]>([
    ['looking for a house between $400k and $450k in Austin', { priceFrom: 400_000 }, null],
    ['400-450', { priceFrom: 400_000 }, 'budget'],
    ['Our budget is $450,000, 3 bedrooms', undefined, null],
    ['looking to spend at least $400k on a condo', { priceFrom: 400_000 }, null],
    ['a house, minimum 400k, up to 500k', { priceFrom: 400_000, priceTo: 500_000 }, null],
    ['we are buying for 400k and up', { priceFrom: 400_000 }, null],
    ['looking for a house, nothing over 400k', undefined, null],
    ['busco casa de 300 mil a 350 mil', { priceFrom: 300_000 }, null],
  ])('of price: %s', (text, bounds, asked) => {
    expect(boundsOf(text, asked ?? undefined)).toEqual(bounds);
  });

  it.each<[string, unknown]>([
    ['looking for 3 beds, 2,000+ sq ft', { minSqft: 2000 }],
    ['want a house with at least 1800 sqft', { minSqft: 1800 }],
    ['1500-2000 square feet, 3 bed house', { minSqft: 1500 }],
    ['looking for a 3 bed on a 10,000 sq ft lot', undefined],
    ['we have 1,200 sq ft now and want 3 bedrooms', undefined],
    ['a condo under 900 sqft', undefined],
    ['looking for a house, 12 sq ft pantry', undefined],
  ])('of size: %s', (text, bounds) => {
    expect(boundsOf(text)).toEqual(bounds);
  });

  it.each<[string, unknown]>([
    ['looking for a house near Austin', { near: true }],
    ['looking for a house in Austin', undefined],
    ['buscamos casa cerca de Dallas', { near: true }],
  ])('of place: %s', (text, bounds) => {
    expect(boundsOf(text)).toEqual(bounds);
  });

  it('is not read of a home that is for sale', () => {
    expect(boundsOf('I want to sell my house, 2,000 sq ft, at least 400k')).toBeUndefined();
  });
});

it('keeps with the answers what bounds them, each with what said so and when', () => {
  const at = (inboxId: string, occurredAt: string) => ({ inboxId, occurredAt });
  const first = advance(
    {},
    readMessage('400k to 450k in Austin', { optedOut: false }),
    at('a', '2026-03-02T10:00:00.000Z'),
  );
  expect(first.priceFrom).toEqual({ value: 400_000, at: '2026-03-02T10:00:00.000Z', from: 'a' });
  const later = advance(
    first,
    readMessage('my budget is $500k', { optedOut: false }),
    at('b', '2026-03-03T10:00:00.000Z'),
  );
  expect([later.budget?.value, later.budget?.from, later.priceFrom?.from]).toEqual([500_000, 'b', 'a']);
});
