import { createHash } from 'node:crypto';
import {
  CALLS_OF_A_VISIT,
  DAY_UNKNOWN_MS,
  LONGEST_LINE_MS,
  ORDINARY_SHARE,
  budgetLeft,
  freshBudget,
  hearOfBudget,
  publishedLimits,
  saneNews,
  takeCall,
  type BudgetVerdict,
  type CallBudgetState,
} from '../../domain/crm/call-budget.ts';
import type { CallBudget } from '../../domain/ports/call-budget.ts';
import type { Log } from '../../domain/ports/log.ts';
import { callBudgetScript } from './call-budget-script.ts';
import { createGuardedRedis } from '../cache/guarded.ts';

/** What a process may use of a burst while it cannot see the calls of the others that there are. */
const LONE_SHARE = 0.25;
const sha = createHash('sha1').update(callBudgetScript).digest('hex');

/**
 * One budget per location in Redis, for all processes. While Redis is away each spends a cautious share, by all that it has heard of
 * the vendor. Where there is none at all, the process takes itself for the only one; what others spend it hears from the vendor.
 * @param now      for tests that move time; absent: Redis's clock for what is shared, this machine's for what is not
 * @param limitMs  how long Redis may take before it counts as away. Longer than a cache waits: a call to the CRM takes as long, and going
 *                 on alone costs three quarters of the budget.
 */
export function createCallBudget({
  redisUrl,
  log,
  now,
  limitMs = 250,
}: {
  redisUrl: string | undefined;
  log: Log;
  now?: () => number;
  limitMs?: number | undefined;
}): CallBudget {
  const redis = redisUrl === undefined ? undefined : createGuardedRedis({ redisUrl, tell: log, limitMs });
  const own = new Map<string, CallBudgetState>();
  const clock = now ?? Date.now;
  const ownOf = (locationId: string) => own.get(locationId) ?? freshBudget(clock());

  /** Undefined while Redis is away. */
  function shared(locationId: string, args: readonly (string | number)[]): Promise<unknown> | undefined {
    const { max, intervalMs, dailyMax } = publishedLimits;
    const keys = [`${locationId}:ghl:budget`, `${locationId}:ghl:recent`];
    const all = [now?.() ?? '', max, intervalMs, dailyMax, ...args];
    return redis?.guarded((connection) =>
      connection.evalsha(sha, keys.length, ...keys, ...all).catch((error: unknown) => {
        // A Redis that was started anew does not know the script yet.
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return connection.eval(callBudgetScript, keys.length, ...keys, ...all);
      }),
    );
  }

  return {
    async take(locationId, urgent) {
      const verdict = verdictOf(
        await shared(locationId, [
          'take',
          urgent ? 1 : ORDINARY_SHARE,
          urgent ? 1 : 0,
          LONGEST_LINE_MS,
          CALLS_OF_A_VISIT,
        ]),
      );
      const at = clock();
      if (verdict === undefined) {
        const alone = takeCall(ownOf(locationId), at, urgent, redis === undefined ? 1 : LONE_SHARE);
        own.set(locationId, alone.state);
        return alone.verdict;
      }
      // Our own part is counted here too: it is what is known when Redis goes away.
      if (verdict.kind === 'granted') own.set(locationId, takeCall(ownOf(locationId), at, true).state);
      return verdict;
    },
    async heard(locationId, heard) {
      own.set(locationId, hearOfBudget(ownOf(locationId), clock(), heard));
      const news = saneNews(heard);
      const { max, intervalMs, remaining, dailyMax, dailyRemaining, dayEndsInMs, refusedForMs } = news;
      const told = [max, intervalMs, remaining, dailyMax, dailyRemaining, dayEndsInMs, refusedForMs];
      await shared(locationId, ['heard', ...told.map((value) => value ?? ''), DAY_UNKNOWN_MS, ORDINARY_SHARE]);
    },
    lowest() {
      const left = [...own.values()].map((state) => budgetLeft(state, clock()));
      const least = (of: readonly number[]) => (of.length === 0 ? Number.NaN : Math.min(...of));
      return { burst: least(left.map(({ burst }) => burst)), daily: least(left.map(({ daily }) => daily)) };
    },
    close: () => redis?.close() ?? Promise.resolve(),
  };
}

function verdictOf(answer: unknown): BudgetVerdict | undefined {
  if (!Array.isArray(answer)) return undefined;
  const [granted, why, first, dailyLeft] = answer as [number, 'burst' | 'blocked' | 'daily', number, number];
  return granted === 1 ? { kind: 'granted', burstLeft: first, dailyLeft } : { kind: 'refused', why, waitMs: first };
}
