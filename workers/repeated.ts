import { setTimeout as delay } from 'node:timers/promises';

export interface Repeated {
  /** Waits for the look under way. */
  stop(): Promise<void>;
}

/**
 * Looks now and again and again until it is stopped: after `againMs` where a look came to its end, after `soonMs` where it failed.
 * @param look    is told when to break off
 * @param failed  hears why a look failed
 */
export function repeated(
  look: (signal: AbortSignal) => Promise<void>,
  {
    againMs,
    soonMs,
    failed,
  }: { readonly againMs: number; readonly soonMs: number; readonly failed: (error: unknown) => void },
): Repeated {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = (async () => {
    while (!signal.aborted) {
      const pauseMs = await look(signal).then(
        () => againMs,
        (error: unknown) => {
          failed(error);
          return soonMs;
        },
      );
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
