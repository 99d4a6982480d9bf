import { describe, expect, it } from '@jest/globals';
import {
  afterCall,
  afterRetry,
  firstRetries,
  type RetryBudget,
  SHORTEST_TRY_MS,
  waitForRetry,
} from '../../../domain/assistant/retries.ts';

const again = { then: 'again' } as const;

describe('the wait before the next try', () => {
  it('is drawn anew up to a bound that doubles', () => {
    expect(waitForRetry(again, 1, 60_000, 0)).toBe(0);
    expect(waitForRetry(again, 1, 60_000, 0.999_999)).toBe(1_000);
    expect(waitForRetry(again, 2, 60_000, 0.999_999)).toBe(2_000);
  });

  it('is as long as the vendor asks for, and a little longer', () => {
    const later = { then: 'later', retryAfterMs: 3_000 } as const;
    expect(waitForRetry(later, 1, 60_000, 0)).toBe(3_000);
    expect(waitForRetry(later, 1, 60_000, 0.5)).toBe(3_500);
  });

  it('is none where no time is left for a try, or three were made', () => {
    expect(waitForRetry(again, 1, SHORTEST_TRY_MS, 0)).toBe(0);
    expect(waitForRetry(again, 1, SHORTEST_TRY_MS - 1, 0)).toBeNull();
    expect(waitForRetry({ then: 'later', retryAfterMs: 9_000 }, 1, 9_999, 0)).toBeNull();
    expect(waitForRetry(again, 3, 60_000, 0)).toBeNull();
  });

  it.each(['never', 'key', 'spend'] as const)('is none after `%s`', (then) => {
    expect(waitForRetry({ then }, 1, 60_000, 0)).toBeNull();
  });
});

describe('what a process may try again', () => {
  it('is little at first, grows with its calls, and ends with it', () => {
    let budget: RetryBudget | null = firstRetries;
    let made = 0;
    const calls = 1_000;
    for (let call = 0; call < calls; call += 1) {
      budget = afterCall(budget);
      for (let more: RetryBudget | null = afterRetry(budget); more !== null; more = afterRetry(budget)) {
        budget = more;
        made += 1;
      }
    }
    expect(made).toBeGreaterThan(70);
    expect((calls + made) / calls).toBeLessThanOrEqual(1.1);
  });

  it('does not pile up in quiet times', () => {
    let budget = firstRetries;
    for (let call = 0; call < 10_000; call += 1) budget = afterCall(budget);
    expect(budget.left).toBe(10);
  });
});
