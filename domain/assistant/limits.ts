import type { Iso } from '../glossary.ts';
import type { LocationSettings } from '../leads/settings.ts';
import type { Limits } from './budgets.ts';

const NANO_PER_DOLLAR = 1e9;
const DAY_MS = 86_400_000;

/** From this share of a hard limit on a cheaper model answers. */
const SOFT_SHARE = 0.8;
const LEAD_WINDOW_DAYS = 30;

export interface BudgetLimits {
  readonly location: Limits;
  readonly lead: Limits;
}

/** What a location may cost in a day, and each of its leads in thirty; null: nothing may be spent. */
export function limitsOf({ budgets, assistant }: Pick<LocationSettings, 'budgets' | 'assistant'>): BudgetLimits | null {
  const location = limits(budgets.modelDollarsPerDay);
  return location.hard <= 0 ? null : { location, lead: limits(assistant.leadDollarsPer30Days) };
}

/**
 * When the windows began: a location's with the day in UTC, as the vendor's invoice has it, so that a budget, a report and an invoice
 * speak of the same day; a lead's thirty days ago.
 */
export function budgetWindows(now: Iso): { readonly location: Iso; readonly lead: Iso } {
  return {
    location: `${now.slice(0, 10)}T00:00:00.000Z`,
    lead: new Date(Date.parse(now) - LEAD_WINDOW_DAYS * DAY_MS).toISOString(),
  };
}

function limits(dollars: number): Limits {
  const hard = Math.floor(dollars * NANO_PER_DOLLAR);
  return { soft: Math.floor(hard * SOFT_SHARE), hard };
}
