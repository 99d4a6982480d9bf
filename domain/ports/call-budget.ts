import type { HeardOfBudget, BudgetVerdict } from '../crm/call-budget.ts';

/**
 * How much a location may still ask of its CRM. The vendor counts per location, so all processes spend from one budget; where that
 * cannot be reached, each goes on with a cautious share of its own. Never throws.
 */
export interface CallBudget {
  /** Asked before each call. `urgent`: opt-outs, do-not-disturb and answers to people, for which a share is kept. */
  take(locationId: string, urgent: boolean): Promise<BudgetVerdict>;
  /** What the vendor's answer said of its own count. */
  heard(locationId: string, news: HeardOfBudget): Promise<void>;
  /** The least that any location has left, as this process last saw it; NaN before the first call. */
  lowest(): { readonly burst: number; readonly daily: number };
  close(): Promise<void>;
}
