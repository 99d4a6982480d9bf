import { expect, it } from '@jest/globals';
import { budgetWindows, limitsOf } from '../../../domain/assistant/limits.ts';
import { defaultSettings } from '../../../domain/leads/settings.ts';

const of = (modelDollarsPerDay: number, leadDollarsPer30Days = 2) =>
  limitsOf({ budgets: { modelDollarsPerDay }, assistant: { ...defaultSettings.assistant, leadDollarsPer30Days } });

it('a location and its leads have what their settings say, in nano-dollars, and a cheaper model from four fifths on', () => {
  expect(of(5)).toEqual({
    location: { soft: 4_000_000_000, hard: 5_000_000_000 },
    lead: { soft: 1_600_000_000, hard: 2_000_000_000 },
  });
});

it('a budget of nothing is none, and a lead that may cost nothing stops no location', () => {
  expect(of(0)).toBeNull();
  expect(limitsOf(defaultSettings)).toBeNull();
  expect(of(1, 0)).toMatchObject({ location: { hard: 1_000_000_000 }, lead: { hard: 0 } });
});

it('a day is one of the invoice, and a lead is looked back at for thirty', () => {
  expect(budgetWindows('2026-11-02T23:30:00.000Z')).toEqual({
    location: '2026-11-02T00:00:00.000Z',
    lead: '2026-10-03T23:30:00.000Z',
  });
});
