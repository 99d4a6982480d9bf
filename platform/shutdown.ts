import type { Log } from '../domain/ports/log.ts';

/** In this order: take nothing new, finish what is under way, let go of connections and children. */
const phases = ['intake', 'drain', 'close'] as const;
export type ShutdownPhase = (typeof phases)[number];

export interface Shutdown {
  /** Registers a step; steps of one phase run side by side. */
  on(phase: ShutdownPhase, name: string, step: () => Promise<void> | void): void;
  /** Runs all steps once; a second call waits for the first. Resolves to false when a step failed or the time ran out. */
  stop(reason: string): Promise<boolean>;
  /** SIGINT and SIGTERM stop and exit: 0 when all steps went well, else 1. A second signal, a second later or more, exits at once. */
  listen(): void;
}

/**
 * Under `npm start` a Ctrl-C arrives twice: from the terminal, and from npm, which hands on what it got itself. Whoever took that for
 * a second wish would exit at once and leave the servers running.
 */
const ONE_SIGNAL_MS = 1_000;

/**
 * @param limitMs  for all phases together; what is not through by then is given up, loudly
 */
export function createShutdown({
  log,
  limitMs = 28_000,
  exit = (code: number) => process.exit(code),
}: {
  log: Log;
  limitMs?: number;
  exit?: (code: number) => void;
}): Shutdown {
  const steps: { phase: ShutdownPhase; name: string; step: () => Promise<void> | void }[] = [];
  let stopped: Promise<boolean> | undefined;

  async function run(name: string, step: () => Promise<void> | void): Promise<boolean> {
    try {
      await step();
      return true;
    } catch (error) {
      log.error({ err: error, step: name }, 'a shutdown step failed');
      return false;
    }
  }

  async function inOrder(): Promise<boolean> {
    let well = true;
    for (const phase of phases) {
      const results = await Promise.all(
        steps.filter((step) => step.phase === phase).map(({ name, step }) => run(name, step)),
      );
      well = well && results.every(Boolean);
    }
    return well;
  }

  function stop(reason: string): Promise<boolean> {
    stopped ??= (async () => {
      log.info({ reason }, 'stopping');
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<boolean>((resolve) => {
        timer = setTimeout(() => {
          log.error({ limitMs }, 'not everything stopped in time');
          resolve(false);
        }, limitMs);
      });
      const well = await Promise.race([inOrder(), late]);
      clearTimeout(timer);
      return well;
    })();
    return stopped;
  }

  function listen(): void {
    let firstAt: number | undefined;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        const now = performance.now();
        firstAt ??= now;
        if (now - firstAt >= ONE_SIGNAL_MS) return exit(1);
        // Who stops already, because the start failed, also ends the process and says why.
        if (stopped === undefined) void stop(signal).then((well) => exit(well ? 0 : 1));
      });
    }
  }

  return { on: (phase, name, step) => void steps.push({ phase, name, step }), stop, listen };
}
