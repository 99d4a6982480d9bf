import type { ModelFailure } from '../ports/model.ts';

/**
 * The one layer that repeats calls of a model; whoever asks through it does not repeat them again. Waits are drawn anew each time (full
 * jitter), so that callers whom one burst refused do not come back together.
 */
const MOST_TRIES = 3;
const BASE_MS = 500;
const LONGEST_MS = 8_000;
/** What has less time left than this is not begun: hardly an answer comes that fast. */
export const SHORTEST_TRY_MS = 1_000;

/**
 * How long to wait before the next try; null: there is none. Spend caps, refused keys and requests that are refused for ever are never
 * tried again.
 * @param tries   so far
 * @param leftMs  until the deadline
 * @param chance  in [0, 1)
 */
export function waitForRetry(
  { then, retryAfterMs = 0 }: Pick<ModelFailure, 'then' | 'retryAfterMs'>,
  tries: number,
  leftMs: number,
  chance: number,
): number | null {
  if ((then !== 'again' && then !== 'later') || tries >= MOST_TRIES) return null;
  const wait = retryAfterMs + chance * Math.min(LONGEST_MS, BASE_MS * 2 ** tries);
  return wait + SHORTEST_TRY_MS > leftMs ? null : Math.ceil(wait);
}

/**
 * What may still be tried again, for all calls of a process together: a vendor that is down must not be asked three times by everybody. Each
 * call earns a part of a retry, so that in the long run attempts are no more than 1.08 of the calls; the little that it begins with lets a
 * quiet process try again at all.
 */
export interface RetryBudget {
  readonly left: number;
}

const EARNED = 0.08;
const MOST_LEFT = 10;
export const firstRetries: RetryBudget = { left: 2 };

export function afterCall({ left }: RetryBudget): RetryBudget {
  return { left: Math.min(MOST_LEFT, left + EARNED) };
}

/** Null: none may be made. */
export function afterRetry({ left }: RetryBudget): RetryBudget | null {
  return left < 1 ? null : { left: left - 1 };
}
