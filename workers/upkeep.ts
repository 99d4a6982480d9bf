import type { Log } from '../domain/ports/log.ts';
import { type Repeated, repeated } from './repeated.ts';

const TWICE_A_DAY_MS = 12 * 3_600_000;
const SOON_MS = 5 * 60_000;

export interface Upkeep {
  /** At once, and from then on again and again. */
  start(): void;
  /** What is under way ends first. */
  stop(): Promise<void>;
}

interface Work {
  readonly keepMonths: () => Promise<number>;
  readonly keepModelLedger: () => Promise<void>;
  readonly sweepModelCalls: () => Promise<void>;
  readonly log: Log;
}

/**
 * What the database needs from time to time. Every process that runs the relay does it: twice is harmless, and a month that nobody
 * has made would refuse its events.
 * @param keepMonths       makes the months that are missing, answers how many
 * @param keepModelLedger  holds the days of the ledger of model calls against the vendor's report
 * @param sweepModelCalls  ends those whose worker is gone; their budgets wait for it
 * @param everyMs          pause between two times; after one that failed, and between sweeps, it is `soonMs`
 */
export function createUpkeep(
  { keepMonths, keepModelLedger, sweepModelCalls, log }: Work,
  { everyMs = TWICE_A_DAY_MS, soonMs = SOON_MS }: { readonly everyMs?: number; readonly soonMs?: number } = {},
): Upkeep {
  async function months(): Promise<void> {
    const made = await keepMonths();
    if (made > 0) log.info({ made }, 'months of analytics events were made');
  }
  function recurring(look: () => Promise<void>, failed: string, againMs: number): Repeated {
    return repeated(look, {
      againMs,
      soonMs,
      failed: (err) => log.warn({ err }, `${failed}; tried again soon`),
    });
  }

  let works: readonly Repeated[] = [];
  return {
    start() {
      works = [
        recurring(months, 'months of analytics events could not be made', everyMs),
        recurring(keepModelLedger, 'the ledger of model calls could not be kept', everyMs),
        recurring(sweepModelCalls, 'lost calls of a model could not be looked for', soonMs),
      ];
    },
    async stop() {
      await Promise.all(works.map((work) => work.stop()));
    },
  };
}
