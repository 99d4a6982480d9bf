import type { Log } from '../domain/ports/log.ts';

const TWICE_A_DAY_MS = 12 * 3_600_000;
const SOON_MS = 5 * 60_000;

export interface Upkeep {
  /** At once, and from then on again and again. */
  start(): void;
  /** What is under way ends first. */
  stop(): Promise<void>;
}

/**
 * What the database needs from time to time. Every process that runs the relay does it: twice is harmless, and a month that nobody
 * has made would refuse its events.
 * @param keepMonths  makes the months that are missing, answers how many
 * @param everyMs     pause between two times; after one that failed it is `soonMs`
 */
export function createUpkeep(
  { keepMonths, log }: { readonly keepMonths: () => Promise<number>; readonly log: Log },
  { everyMs = TWICE_A_DAY_MS, soonMs = SOON_MS }: { readonly everyMs?: number; readonly soonMs?: number } = {},
): Upkeep {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  async function once(): Promise<void> {
    let pauseMs = everyMs;
    try {
      const made = await keepMonths();
      if (made > 0) log.info({ made }, 'months of analytics events were made');
    } catch (error) {
      pauseMs = soonMs;
      log.warn({ err: error }, 'months of analytics events could not be made; tried again soon');
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
