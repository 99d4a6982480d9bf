import type { Usage } from '../assistant/prices.ts';

/** What the vendor counted on a whole UTC day for one model and one way of billing, all calls of its organization together. */
export interface ReportedUsage {
  /** `2026-11-29` */
  readonly day: string;
  readonly model: string;
  readonly tier: 'standard' | 'batch';
  readonly usage: Usage;
}

export type UsageReport =
  | {
      readonly kind: 'reported';
      readonly rows: readonly ReportedUsage[];
      /** Days on which something was used that no price of ours covers: they cannot be reconciled. */
      readonly unpriced: readonly string[];
    }
  | { readonly kind: 'failed'; readonly code: string };

/** The vendor's own count, for whoever holds the ledger against it. It takes a key that may administer the organization. */
export interface ModelUsageReport {
  /** From the first day to the last one, both counted. Never throws for what the vendor does. */
  between(first: string, last: string, withinMs: number): Promise<UsageReport>;
}
