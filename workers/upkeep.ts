import type { Log } from '../domain/ports/log.ts';

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
  const works = [
    recurring(months, 'months of analytics events could not be made; tried again soon', log, { everyMs, soonMs }),
    recurring(keepModelLedger, 'the ledger of model calls could not be kept; tried again soon', log, {
      everyMs,
      soonMs,
    }),
    recurring(sweepModelCalls, 'lost calls of a model could not be looked for; tried again soon', log, {
      everyMs: soonMs,
      soonMs,
    }),
  ];
  return {
    start: () => works.forEach((work) => work.start()),
    stop: async () => {
      await Promise.all(works.map((work) => work.stop()));
    },
  };
}

function recurring(
  work: () => Promise<void>,
  failed: string,
  log: Log,
  { everyMs, soonMs }: { readonly everyMs: number; readonly soonMs: number },
): Upkeep {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  async function once(): Promise<void> {
    let pauseMs = everyMs;
    try {
      await work();
    } catch (error) {
      pauseMs = soonMs;
      log.warn({ err: error }, failed);
    }
    if (!stopped) timer = setTimeout(next, pauseMs);
  }

  function next(): void {
    running = once();
  }

  return {
    start: next,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
