import type { Standing } from './ledger.ts';

/** What one location or one lead may cost within a window, nano-dollars. `soft` ≤ `hard`. */
export interface Limits {
  /** Up to here calls are made as they come. */
  readonly soft: number;
  /** Above this nothing is called any more: templates and people take over. */
  readonly hard: number;
}

/** A budget, and what was spent of it within its window: `standingOf` the entries that were reserved since the window began. */
export interface Budget {
  readonly of: 'location' | 'lead';
  readonly limits: Limits;
  readonly standing: Standing;
}

export type BudgetVerdict =
  | { readonly kind: 'go' }
  /** Little is left of the soft limit of this budget; `left`, nano-dollars, is what remains of it after the call. */
  | { readonly kind: 'go-and-warn'; readonly of: Budget['of']; readonly left: number }
  /** The soft limit is reached: a cheaper model may answer if the hard one allows it, else the draft waits for the next window. */
  | { readonly kind: 'refuse-soft'; readonly of: Budget['of']; readonly instead: 'cheaper-model' | 'draft-later' }
  | { readonly kind: 'refuse-hard'; readonly of: Budget['of'] };

/** From this share of the soft limit on a call comes with a warning. */
const WARN_SHARE = 0.8;

/**
 * May a call be made that costs `most` nano-dollars at most? Asked before it is reserved, with the budgets locked: whatever may have been
 * billed and whatever is under way counts as spent, so that no limit is passed by calls made at once. The strictest budget speaks.
 * @param cheaper  what the same call costs at most on the cheaper model; absent where there is none
 */
export function budgetVerdict(budgets: readonly Budget[], most: number, cheaper?: number): BudgetVerdict {
  const hard = budgets.find((budget) => exposure(budget) + most > budget.limits.hard);
  const soft = budgets.find((budget) => exposure(budget) + most > budget.limits.soft);
  const fits =
    cheaper !== undefined &&
    budgets.every((budget) => exposure(budget) + Math.min(cheaper, most) <= budget.limits.hard);
  // What the hard limit has no room for may still be answered cheaply.
  if (hard !== undefined && !fits) return { kind: 'refuse-hard', of: hard.of };
  if (soft !== undefined) return { kind: 'refuse-soft', of: soft.of, instead: fits ? 'cheaper-model' : 'draft-later' };
  const tight = budgets
    .filter((budget) => exposure(budget) + most > budget.limits.soft * WARN_SHARE)
    .map((budget) => ({ of: budget.of, left: budget.limits.soft - exposure(budget) - most }))
    .sort((a, b) => a.left - b.left)[0];
  return tight === undefined ? { kind: 'go' } : { kind: 'go-and-warn', ...tight };
}

function exposure({ standing: { billed, maybe, reserved } }: Budget): number {
  return billed + maybe + reserved;
}
